"""Steps that bring an older file up to date, one numbered module each."""
