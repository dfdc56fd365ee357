"""The log of locked months: a page that was signed stays comparable, since what is changed later is named on it."""

from __future__ import annotations

from collections.abc import Iterable

import peewee as pw

from db.record import Table


class MonthLock(Table):
    """One line of the log: a month was locked, or unlocked again. Lines are only ever added; the newest counts.

    `month` is 2022-12; `entries` and `checksum` are the journal's at that moment.
    """

    month = pw.TextField(index=True)
    is_locked = pw.BooleanField()
    reason = pw.TextField(default="")
    by = pw.TextField(default="")
    at = pw.TextField(default="")
    entries = pw.IntegerField(default=0)
    checksum = pw.TextField(default="")

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        table_name = "month_lock"


def log_of(month: str) -> list[MonthLock]:
    """The log of one month (2022-12), oldest line first."""
    lines: Iterable[MonthLock] = MonthLock.select().where(MonthLock.month == month).order_by(MonthLock.id)
    return list(lines)


def locked_months() -> frozenset[str]:
    """The months that are locked now."""
    state = {line.month: line.is_locked for line in MonthLock.all_rows()}
    return frozenset(month for month, is_locked in state.items() if is_locked)
