"""Whether the records are what the journal says: every entry from the first to the last, laid over one another.

The journal's chain shows what was changed in the journal; this shows what was changed, or has rotted, in the records.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from db.record import Line, Record
from db.store.store import Store

Values = dict[str, Any]

_DERIVED = frozenset({"sort_due"})  # brought up to date by a new program without an entry (schema.py)


def unlike(store: Store, register: type[Record]) -> Iterator[int]:
    """The ids of the records that differ from the journal in a field or a line, or that it does not know.

    Raises:
        sqlite3.DatabaseError: when the file is so damaged that it cannot be read.
    """
    journaled = _Ordered(told(store, register))
    lines = {kind.key(): _Ordered(_lines(store, kind)) for kind in register.LINES}
    shape = store.shapes[register]
    columns = ",".join(f'"{column}"' for column in shape.columns)
    for number, *row in store.connection.execute(f'SELECT id,{columns} FROM "{shape.table}" ORDER BY id'):
        held: Values = dict(zip(shape.names, row, strict=True))
        held.update((key, kept.at(number) or []) for key, kept in lines.items())
        wanted = journaled.at(number)
        if wanted is None or any(value != wanted[name] for name, value in held.items() if name not in _DERIVED):
            yield number


class _Ordered:
    """Pairs (id, what belongs to it) in the order of their ids, asked for in that order."""

    def __init__(self, pairs: Iterator[tuple[int, Any]]) -> None:
        self._pairs, self._next = pairs, next(pairs, None)

    def at(self, number: int) -> Any:
        """What belongs to this id; None when there is nothing."""
        while self._next is not None and self._next[0] < number:
            self._next = next(self._pairs, None)
        return self._next[1] if self._next is not None and self._next[0] == number else None


def told(store: Store, register: type[Record]) -> Iterator[tuple[int, Values]]:
    """Each record's id and what the journal makes of its fields and lines, by their names."""
    nothing: Values = {**store.shapes[register].defaults, **{kind.key(): [] for kind in register.LINES}}
    rows = store.connection.execute(
        "SELECT record, after FROM journal WHERE register = ? ORDER BY record, id", (register.key(),)
    )
    for record, entries in groupby(rows, itemgetter(0)):
        held = dict(nothing)
        for _record, after in entries:
            try:
                held.update(json.loads(after))
            except ValueError:  # the chain is broken there, which is told by itself
                held.clear()
                break
        yield record, {**dict.fromkeys(nothing), **held}


def _lines(store: Store, kind: type[Line]) -> Iterator[tuple[int, list[Values]]]:
    shape = store.shapes[kind]
    owner = shape.names.index("owner")
    columns = ",".join(f'"{column}"' for column in shape.columns)
    rows = store.connection.execute(
        f'SELECT id,{columns} FROM "{shape.table}" ORDER BY "{shape.columns[owner]}", position, id'
    )
    for record, held in groupby(rows, itemgetter(owner + 1)):
        yield (
            record,
            [
                {"id": number, **{name: value for name, value in zip(shape.names, row, strict=True) if name != "owner"}}
                for number, *row in held
            ],
        )
