"""The office's settings; they travel with the file, so they are rows of the store."""

from __future__ import annotations

import peewee as pw

from db.record import Table
from db.resources import rows_of


class Setting(Table):
    """One value that the office has set; what it has not set has the bundled default."""

    name = pw.TextField(unique=True)
    value = pw.TextField(default="")


def put(name: str, value: str) -> None:
    """Set one value, within a transaction of the caller's."""
    Setting.insert(name=name, value=value).on_conflict(
        conflict_target=[Setting.name], update={Setting.value: value}
    ).execute()


def settings() -> dict[str, str]:
    """Every setting: the bundled default, or what the office has set."""
    values = {row["name"]: row["value"] for row in rows_of("settings/defaults.csv")}
    values.update({row.name: row.value for row in Setting.all_rows()})
    return values
