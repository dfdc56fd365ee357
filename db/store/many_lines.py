"""What a deed makes of one kind of lines of a record: lines put behind those that stand there, or none left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from db.checks import fold
from db.record import Line, Record
from db.store.shapes import plain

Row = Mapping[str, Any]
"""One line as the clerk wrote it: field name to value; a field that is not named, or None, gets its default."""


def kind_of(register: type[Record], key: str) -> type[Line]:
    """The kind of lines with this key. Raises StopIteration when the register has none of that name."""
    return next(kind for kind in register.LINES if kind.key() == key)


def made(kind: type[Line], row: Row) -> Line:
    """A new line of what was written, folded as a save folds it."""
    line = kind(**{name: value for name, value in row.items() if value is not None})
    fold(line)
    return line


def unfilled(kind: type[Line], row: Row) -> list[str]:
    """The labels of what the kind demands and the line does not hold."""
    line = made(kind, row)
    return [kind._meta.fields[name].verbose_name for name in kind.MUSTS if getattr(line, name) in (None, "")]


def lacking(record: Record, key: str, rows: Sequence[Row]) -> list[Line]:
    """What of some lines does not stand there yet, as new lines.

    One stands there already when a line of the record holds everything that was written, whatever else it holds.
    """
    kind, held = kind_of(type(record), key), record.rows.get(key, [])
    return [line for line in (made(kind, row) for row in rows) if not any(_holds(one, line) for one in held)]


def _holds(line: Line, wanted: Line) -> bool:
    return all(
        plain(getattr(line, name)) == plain(value)
        for name in wanted.COLUMNS
        if (value := getattr(wanted, name)) not in (None, "")
    )


def add(record: Record, key: str, rows: Sequence[Row]) -> None:
    """Put the lines that do not stand there yet behind those that do."""
    record.rows[key] = [*record.rows.get(key, []), *lacking(record, key, rows)]


def clear(record: Record, key: str) -> None:
    """Take all lines of the kind away."""
    record.rows[key] = []
