"""How time is told for the wait after wrong passwords: by the clock, and by how long the computer has run."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSysInfo

from db.store.tries import Watches


def watches(now: Callable[[], datetime]) -> Watches:
    """The clock `now` with the uptime and, where the system tells it (Linux), which run of the computer it is."""
    return Watches(now, time.monotonic, bytes(QSysInfo.bootUniqueId().data()).decode("ascii", errors="replace"))
