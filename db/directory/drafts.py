"""Half-typed forms, kept so that a crash or a power cut costs nothing."""

from __future__ import annotations

import peewee as pw

from db.record import Table


class Draft(Table):
    """What stood in a form when it was last left alone; `record` is NULL for a record that was never saved.

    `typed` is a JSON object: field or line key -> value as typed.
    """

    register = pw.TextField()
    record = pw.IntegerField(null=True)
    typed = pw.TextField()
    kept_at = pw.TextField()
    kept_by = pw.TextField(default="")
