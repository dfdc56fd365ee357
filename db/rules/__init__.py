"""Pure rules: working days, deadlines, numbers, typed dates."""
