"""How the tables of a damaged ledger are laid out, what their rows may hold, and where stray rows belong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee as pw

from db.record import Table
from db.store import journal
from db.store.damaged_pages import Row
from db.store.shapes import plain

_DECLARING = (
    sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE,
    sqlite3.SQLITE_READ, sqlite3.SQLITE_REINDEX,
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """How a table of the damaged file is laid out: its columns, which one is the rowid, what those added later hold."""

    root: int
    columns: tuple[str, ...]
    rowid: int
    defaults: tuple[Any, ...]

    def named(self, row: Row) -> dict[str, Any]:
        """A row by the names of its columns."""
        number, values = row
        whole = [*values, *self.defaults[len(values) :]][: len(self.columns)]
        if 0 <= self.rowid < len(whole):
            whole[self.rowid] = number
        return dict(zip(self.columns, whole, strict=True))


def layouts_of(
    roots: dict[str, tuple[int, str]], new: dict[str, tuple[int, str]], models: Sequence[type[Table]]
) -> dict[str, Layout]:
    """The layout of every table that the program knows, by the statement that made it.

    A statement that was damaged, or names columns that nobody knows, gives way to that of a `new` ledger.
    """
    found: dict[str, Layout] = {}
    for key in [*(model.key() for model in models), journal.TABLE]:
        root, statement = roots.get(key, (0, ""))
        made, usual = _laid_out(key, root, statement), _laid_out(key, root, new.get(key, (0, ""))[1])
        if made and usual and len(made.columns) == len(usual.columns) and set(made.columns) != set(usual.columns):
            made = usual
        layout = made or usual
        if layout:
            found[key] = layout
    return found


def _laid_out(key: str, root: int, statement: str) -> Layout | None:
    with closing(sqlite3.connect(":memory:")) as scratch:
        scratch.set_authorizer(_only_makes_a_table)
        try:
            scratch.execute(statement)
            scratch.set_authorizer(None)
            told = scratch.execute(f'PRAGMA table_info("{key}")').fetchall()
        except (sqlite3.Error, sqlite3.Warning, ValueError):
            return None
    defaults = tuple(_literal(one[4]) for one in told)
    rowid = next((at for at, one in enumerate(told) if one[5] and one[2].upper() == "INTEGER"), -1)
    return Layout(root, tuple(one[1] for one in told), rowid, defaults) if told else None


def _only_makes_a_table(action: int, *_names: str | None) -> int:
    """The statement comes out of a file that anybody may have written: it may declare, and nothing else."""
    return sqlite3.SQLITE_OK if action in _DECLARING else sqlite3.SQLITE_DENY


def _literal(default: str | None) -> Any:
    """The default of a column that was added later: a number or a text; None for all else."""
    if default and default.lstrip("-").isdecimal():
        return int(default)
    return default[1:-1].replace("''", "'") if default and default.startswith("'") else None


def known(connection: sqlite3.Connection) -> dict[str, tuple[int, str]]:
    """The tables of a new ledger: how they are laid out where the damaged file tells nothing; not where they begin."""
    tables = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    return {name: (0, statement) for name, statement in tables}


class Whole:
    """Makes the values of a row such as its table may hold: a day that is none, or a text for a number, is left out."""

    def __init__(self, model: type[Table]) -> None:
        self._fields = [
            (field.column_name, field, None if field.null else plain(field.default))
            for field in model._meta.sorted_fields
            if isinstance(field, pw.DateField | pw.IntegerField | pw.TextField)
        ]

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row, mended in place."""
        for column, field, default in self._fields:
            value = row.get(column)
            if value is not None and not _may_be(field, value):
                row[column] = default
        return row


def _may_be(field: Any, value: Any) -> bool:
    if isinstance(field, pw.DateField):
        try:
            return bool(date.fromisoformat(value))
        except (ValueError, TypeError):
            return False
    return isinstance(value, int if isinstance(field, pw.IntegerField) else str)


def unchanged(row: dict[str, Any]) -> dict[str, Any]:
    """The row as it is: of a table of which nothing is known."""
    return row


def placed(layouts: dict[str, Layout], strays: Iterator[Row]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows that no table led to, with the table that they can only belong to: entries of the journal, and records."""
    for row in strays:
        fitting = [key for key, layout in layouts.items() if _fits(key, layout, row[1])]
        if len(fitting) == 1:
            yield fitting[0], layouts[fitting[0]].named(row)


def _fits(key: str, layout: Layout, values: tuple[Any, ...]) -> bool:
    """Whether a row can be one of this table: as many columns, and the identity or hash where it must be."""
    if len(values) != len(layout.columns):
        return False
    named = dict(zip(layout.columns, values, strict=True))
    mark, length = ("hash", 64) if key == journal.TABLE else ("uuid", 32)
    return isinstance(named.get(mark), str) and len(named[mark]) == length
