"""The office's own wording of its forms, laid over the bundled one."""

from __future__ import annotations

import peewee as pw

from db.record import Table
from db.resources import RESOURCES

BUNDLED = RESOURCES / "forms"


class FormText(Table):
    """One form as the office has edited it: the whole template (db/rules/templates.py); without a row as bundled."""

    key_name = pw.TextField(unique=True)
    text = pw.TextField()

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        table_name = "form_text"


def bundled() -> dict[str, str]:
    """The bundled templates by key, in the order of their keys."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(BUNDLED.glob("*.txt"))}


def own() -> dict[str, FormText]:
    """The forms that the office has edited, by key."""
    return {row.key_name: row for row in FormText.select()}
