"""Tables that all registers share."""
