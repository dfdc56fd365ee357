"""The store and the rules of the ledger: Qt-free, ReportLab-free, usable from a script."""
