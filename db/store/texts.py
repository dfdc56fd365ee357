"""The texts by which records are found, made of their rows by the batch."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from db.record import Record
from db.store.initials import bundled
from db.store.shapes import Shapes

READ = 500  # records whose lines are read in one statement; SQLite before 3.32 takes 999 values


def texts(
    connection: sqlite3.Connection, shapes: Shapes, register: type[Record], rows: Sequence[Sequence[Any]]
) -> Iterator[tuple[int, str]]:
    """(id, folded text) of at most READ records by their rows: the id, then the values in the order of the shape."""
    ids = [row[0] for row in rows]
    lines = _lines(connection, shapes, register, ids)
    names = names_beside(connection, register.key(), ids)
    for record, *values in rows:
        yield record, shapes.joined_rows(register, values, lines.get(record, ()), names.get(record, ()))


def texts_of(connection: sqlite3.Connection, register: type[Record], records: Sequence[int]) -> dict[int, str]:
    """The folded texts of records by their ids, as they stand now; those that are gone are left out."""
    shapes, found = _shapes_of(register), dict[int, str]()
    shape = shapes[register]
    columns = ",".join(f'"{column}"' for column in shape.columns)
    for at in range(0, len(records), READ):
        ids = records[at : at + READ]
        marks = ",".join("?" * len(ids))
        rows = connection.execute(f'SELECT id,{columns} FROM "{shape.table}" WHERE id IN ({marks})', ids).fetchall()
        found.update(texts(connection, shapes, register, rows))
    return found


def names_beside(connection: sqlite3.Connection, register: str, records: Sequence[int]) -> dict[int, list[str]]:
    """The names of the attachments of many records of one register, by record; those without any are left out."""
    found: dict[int, list[str]] = {}
    marks = ",".join("?" * len(records))
    sql = f"SELECT record, name FROM attachment WHERE register = ? AND record IN ({marks}) ORDER BY id"
    for record, name in connection.execute(sql, (register, *records)):
        found.setdefault(record, []).append(name)
    return found


@cache
def _shapes_of(register: type[Record]) -> Shapes:
    return Shapes((register,), bundled())


def _lines(
    connection: sqlite3.Connection, shapes: Shapes, register: type[Record], ids: Sequence[int]
) -> dict[int, list[tuple[type[Any], dict[str, Any]]]]:
    """The lines under some records, by kind and position, as their plain values."""
    found: dict[int, list[tuple[type[Any], dict[str, Any]]]] = {}
    marks = ",".join("?" * len(ids))
    for kind in register.LINES:
        shape = shapes[kind]
        columns = ",".join(f'"{column}"' for column in shape.columns)
        for owner, *values in connection.execute(
            f'SELECT owner_id,{columns} FROM "{shape.table}" WHERE owner_id IN ({marks}) '
            "ORDER BY owner_id, position, id",
            ids,
        ):
            found.setdefault(owner, []).append((kind, dict(zip(shape.names, values, strict=True))))
    return found
