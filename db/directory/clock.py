"""The log of what the clerk said of the computer's clock: what looks later than today was entered by a wrong one."""

from __future__ import annotations

import peewee as pw

from db.record import Table


class ClockWord(Table):
    """One line of the log: the day is right, and what the journal's first `entries` entries say later is not.

    `late` of them stood later than the moment `at` (local ISO), the latest at `latest`. Lines are only ever added.
    """

    TITLE = "时钟"

    entries = pw.IntegerField()
    late = pw.IntegerField()
    latest = pw.TextField()
    by = pw.TextField()
    at = pw.TextField()

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        table_name = "clock_word"


def excused() -> int:
    """Up to which entry of the journal the clerk said that the clock was wrong; 0 when he never did."""
    return ClockWord.select(pw.fn.max(ClockWord.entries)).scalar() or 0
