"""What the columns of files were taken for, so that the next file of the same shape is read the same way."""

from __future__ import annotations

import peewee as pw

from db.record import Table


class ColumnMatch(Table):
    """The columns of one shape of file for a register; `columns` is a JSON object: folded heading -> key of target."""

    register = pw.TextField()
    shape = pw.TextField()
    columns = pw.TextField()

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        table_name = "column_match"
        indexes = ((("register", "shape"), True),)
