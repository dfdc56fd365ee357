"""The window and the command line over `db`."""

__version__ = "0.1.0"
