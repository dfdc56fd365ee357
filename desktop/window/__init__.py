"""The main window and its side bar."""
