"""What a deed makes of one value of a record: names added to those that stand there, or nothing left of it."""

from __future__ import annotations

import peewee as pw

from db.record import PersonsField, Record, TermsField, UnitsField

_BETWEEN = "、"


def takes_several(register: type[Record], name: str) -> bool:
    """Whether something can be added to what stands there: fields that hold several names or words."""
    return isinstance(register._meta.fields[name], UnitsField | PersonsField | TermsField)


def has_value(record: Record, name: str) -> bool:
    """Whether anything that could be lost stands there; a box that is not ticked holds nothing."""
    return record.filled(name) and getattr(record, name) is not False


def clear(record: Record, name: str) -> None:
    """Take away what stands in a field."""
    field = type(record)._meta.fields[name]
    setattr(record, name, False if isinstance(field, pw.BooleanField) else None if field.null else "")


def lacking(record: Record, name: str, words: str) -> list[str]:
    """What of some names, divided by 、, does not stand there yet."""
    held = _divided(getattr(record, name))
    return [one for one in dict.fromkeys(_divided(words)) if one not in held]


def add(record: Record, name: str, words: str) -> None:
    """Put the names that do not stand there yet behind those that do."""
    setattr(record, name, _BETWEEN.join([*_divided(getattr(record, name)), *lacking(record, name, words)]))


def _divided(words: str | None) -> list[str]:
    return [one for one in (words or "").split(_BETWEEN) if one]
