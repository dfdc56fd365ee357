"""The few dialogs of the program."""
