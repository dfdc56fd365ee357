"""The directory of people: leaders and staff, their units and posts."""

from __future__ import annotations

import peewee as pw

from db.record import Table


class Person(Table):
    """One person who signs, instructs, drafts, handles or attends."""

    name = pw.TextField(index=True)
    unit = pw.TextField(default="")
    post = pw.TextField(default="")
    active_from = pw.DateField(null=True)
    active_to = pw.DateField(null=True)
