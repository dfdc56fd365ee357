"""Ledgers out of the program and into it: sheets of .xlsx and .csv files that office programs open."""
