"""The store: opening, the only writer, journal, search, backup, upgrades."""
