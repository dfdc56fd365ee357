"""Between editors and records: what stands in an editor as the field or the lines of a record keep it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from db.record import Line, LineField, MomentField, Record


def stored(register: type[Record], name: str, value: Any) -> Any:
    """An editor's value as the field keeps it: no NULL in text, a moment as text."""
    field = register._meta.fields[name]
    if isinstance(field, MomentField) and value is not None:
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None and isinstance(field, LineField | MomentField) else value


def lines_of(kind: type[Line], rows: Any, before: Sequence[Line]) -> list[Line]:
    """The rows of a small table as lines: those known by their id keep what the table does not show."""
    known = {line.id: line for line in before if line.id}
    lines = []
    for row in rows or ():
        old = known.get(row.get("id"))
        line = kind(**old.__data__) if old else kind()
        for name in kind.COLUMNS:
            value = row.get(name)
            empty = "" if not kind._meta.fields[name].null else None
            setattr(line, name, empty if value is None else value)
        lines.append(line)
    return lines
