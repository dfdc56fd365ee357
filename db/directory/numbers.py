"""Why numbers of a series were never given: what the office has written beside the gaps of 编号核查表."""

from __future__ import annotations

import peewee as pw

from db.record import Table


class NumberReason(Table):
    """Why the numbers from `first` to `last` of a series and year are missing; of several reasons the newest counts."""

    register = pw.TextField()
    series = pw.TextField(default="")
    year = pw.IntegerField()
    first = pw.IntegerField()
    last = pw.IntegerField()
    reason = pw.TextField()
    by = pw.TextField(default="")
    at = pw.TextField(default="")

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        indexes = ((("register", "year"), False),)
