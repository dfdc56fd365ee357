"""Generic list, form and actions of every register."""
