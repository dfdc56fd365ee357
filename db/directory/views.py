"""Views that the office has saved: a list's conditions, order and columns under a name, shared by all clerks."""

from __future__ import annotations

import peewee as pw

from db.record import Table


class SavedView(Table):
    """One view. `register` is the key of its register, empty: of every register; `wanted` is JSON (db.store.views)."""

    register = pw.TextField(default="", index=True)
    name = pw.TextField(verbose_name="名称")
    wanted = pw.TextField(default="{}")
    position = pw.IntegerField(default=0)

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        table_name = "saved_view"
