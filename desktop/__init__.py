"""The window over the ledger."""
