"""Updates by USB stick: the signed file, what it needs here, the way back. No Qt: window and commands use it."""
