"""Rows of shared tables that hang on records (links, attachments): written, journaled and taken back with a change.

In the journal such a row stands under `table:id`, with its columns and the words that the history shows; each record
that it touches has an entry of its own, so that both ends of a link tell of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from db.directory.attachments import Attachment
from db.directory.links import Link
from db.errors import Refused
from db.record import Table
from db.store import journal
from db.store.obstacles import require_not_emptied
from db.store.shapes import shape_of

if TYPE_CHECKING:
    from db.store.change import Change

ANNEXES: tuple[type[Table], ...] = (Link, Attachment)
WORDS = "words"

Row = dict[str, Any]
Key = tuple[str, int]  # register and id of a record


def model_of(name: str) -> type[Table] | None:
    """The shared table that a name in a journal entry stands for; None when it is a field or a kind of lines."""
    table, colon, _number = name.partition(":")
    return next((model for model in ANNEXES if colon and model.key() == table), None)


def is_annex(entry: journal.Entry) -> bool:
    """Whether an entry of the journal is about rows of a shared table; such an entry holds nothing else."""
    return bool(entry.after) and all(model_of(name) for name in entry.after)


def read(connection: sqlite3.Connection, model: type[Table], annex: int) -> Row | None:
    """One row by its id, as plain values; None when it is gone."""
    shape = shape_of(model)
    row = connection.execute(shape.select, (annex,)).fetchone()
    return dict(zip(shape.names, row, strict=True)) if row else None


def put(change: Change, model: type[Table], annex: int | None, row: Row | None, ends: Mapping[Key, str]) -> int:
    """Write one row (None: remove it) and tell it in the history of the records that it touches; give back its id.

    `ends`: the words for each record.
    """
    before = read(change.connection, model, annex) if annex is not None else None
    number = _write(change.connection, model, annex, row)
    for (register, record), words in ends.items():
        old, new = ({**part, WORDS: words} if part else None for part in (before, row))
        name = f"{model.key()}:{number}"
        change.log(register, record, {name: old}, {name: new})
    return number


def _write(connection: sqlite3.Connection, model: type[Table], annex: int | None, row: Row | None) -> int:
    shape = shape_of(model)
    if row is None:
        connection.execute(f'DELETE FROM "{shape.table}" WHERE id = ?', (annex,))
        return annex or 0
    values = [row[name] for name in shape.names]
    marks = ",".join("?" * (len(values) + 1))
    columns = ",".join(f'"{column}"' for column in ("id", *shape.columns))
    statement = f'INSERT OR REPLACE INTO "{shape.table}" ({columns}) VALUES ({marks})'
    return int(connection.execute(statement, (annex, *values)).lastrowid or 0)


def invert(change: Change, entry: journal.Entry, done: set[str]) -> None:
    """Take one entry back; `done` are the rows that an entry of the other end has taken back already.

    Raises:
        Refused: when the row was changed since.
    """
    for name, after in entry.after.items():
        model = model_of(name)
        if model is None or name in done:
            continue
        annex = int(name.partition(":")[2])
        wanted, now = columns_of(entry.before[name]), read(change.connection, model, annex)
        if now != columns_of(after):
            raise Refused(f"{model.TITLE}之后又改过，不能撤销；请在记录的{model.TITLE}页里直接改")
        for register, record in _ends(wanted):
            require_not_emptied(change.store.load(change.store.catalogue[register], record))
        _write(change.connection, model, annex, wanted)
        done.add(name)
    change.log(entry.register, entry.record, entry.after, entry.before)


def _ends(row: Row | None) -> list[Key]:
    """The records that a row hangs on; none for a row that is to go."""
    ends = (("register", "record"), ("other_register", "other_record"))
    return [(row[register], row[record]) for register, record in ends if register in row] if row else []


def columns_of(value: Row | None) -> Row | None:
    """The columns of a row as the journal keeps it, without the words."""
    return {name: part for name, part in value.items() if name != WORDS} if value else None
