"""Half-typed forms, kept so that a crash or a power cut costs nothing."""

from __future__ import annotations

import json

import peewee as pw

from db.record import Record, Table
from db.rules import secrecy


class Draft(Table):
    """What stood in a form when it was last left alone; `record` is NULL for a record that was never saved.

    `typed` is a JSON object: field or line key -> value as typed.
    """

    register = pw.TextField()
    record = pw.IntegerField(null=True)
    typed = pw.TextField()
    kept_at = pw.TextField()
    kept_by = pw.TextField(default="")


def is_secret(register: type[Record], typed: str) -> bool:
    """Whether a half-typed form (a JSON object) is that of a classified paper, of which nothing may be kept."""
    values = json.loads(typed)
    level = values.get(register.security_field()) or ""
    marked = secrecy.is_marked(json.dumps(values, ensure_ascii=False))
    return marked or level == secrecy.RESERVED or secrecy.is_classified(level)
