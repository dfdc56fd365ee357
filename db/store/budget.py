"""Reading that may be given up: what takes too many steps of SQLite's machine, or too long, is work for a job."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

AT_ONCE = 150_000  # steps of the virtual machine: some 20 ms when what they read is in memory
_SURE = 50_000  # steps that are given in any case, so that what is small is always read at once
_SECONDS = 0.03

Result = TypeVar("Result")


class TooLong(Exception):
    """A statement took more steps than it was given."""


def within(connection: sqlite3.Connection, read: Callable[[], Result], steps: int = AT_ONCE) -> Result:
    """What `read` gives, if it needs fewer than `steps` steps.

    Raises:
        TooLong: when it needs more, or a slow disk makes it wait; nothing was changed.
    """
    each, end, taken = min(steps, _SURE), monotonic() + _SECONDS, 0

    def stop() -> bool:
        nonlocal taken
        taken += each
        return taken >= steps or monotonic() > end

    connection.set_progress_handler(stop, each)
    try:
        return read()
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise TooLong from error
        raise
    finally:
        connection.set_progress_handler(None, 0)
