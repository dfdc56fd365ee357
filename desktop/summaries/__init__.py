"""Pages that show and print summaries."""
