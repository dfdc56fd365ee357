"""Summaries and register books drawn on paper: `summary.render_summary`, `book.render_book`.

Measures are points from the top left corner of the page, y downwards, unless said otherwise.
"""
