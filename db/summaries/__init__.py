"""Queries turned into frozen values that printing, preview and export consume."""
