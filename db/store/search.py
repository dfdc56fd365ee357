"""Lists of records: a filter, the SQL that it becomes, and the rows page by page, newest first.

Words are AND; every piece of 1, 2, 3 or more characters of any text is found through the index of `db.store.index`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from db.record import Record
from db.rules.workdays import Workdays
from db.store import index

RECENT = 3_000  # rows of a register whose names are ranked for completion


@dataclass(frozen=True)
class Filter:
    """What a list shows of one register.

    `year` is that of the listing date; in the order of numbers, that of the number. `terms`: field -> values of which
    one must match. `light`: late, due, soon, todo, open, done or void. `ids` limits the list to certain records (the
    rows behind a figure). `month` = (year, month) of the listing date. `numbers` = (first, last) sequence number, last
    0: no end; NO_NUMBER: those without one. `deleted` lists the recycle bin instead.
    `order` is a field name; empty = newest first.
    """

    text: str = ""
    year: int | None = None
    terms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    light: str = ""
    created_on: date | None = None
    month: tuple[int, int] | None = None
    numbers: tuple[int, int] | None = None
    ids: tuple[int, ...] | None = None
    deleted: bool = False
    order: str = ""
    descending: bool = True


@dataclass(frozen=True)
class _Clause:
    """A condition in SQL with its values."""

    sql: str
    values: tuple[Any, ...] = field(default=())


NO_NUMBER = (0, 0)


def _between(first: int, last: int) -> _Clause:
    """The records with these sequence numbers, so written that the index of numbers finds them."""
    if (first, last) == NO_NUMBER:
        return _Clause("sequence IS NULL")
    return _Clause("sequence BETWEEN ? AND ?", (first, last)) if last else _Clause("sequence >= ?", (first,))


class Listing:
    """The rows of one register under a filter; reads only.

    `near` is the number of working days from which a deadline counts as close.
    """

    def __init__(
        self, connection: sqlite3.Connection, register: type[Record], number: int, wanted: Filter, today: date,
        days: Workdays, near: int = 3,
    ) -> None:  # fmt: skip
        self._connection, self.register, self._number = connection, register, number
        self.filter, self._today, self._days, self._near = wanted, today, days, near
        self._words = [index.fold(word) for word in wanted.text.split()]
        self._keys = {field.name: field.column_name for field in register._meta.sorted_fields}

    def _clauses(self) -> Iterator[_Clause]:
        wanted = self.filter
        yield _Clause("deleted_at IS NOT NULL" if wanted.deleted else "deleted_at IS NULL")
        if wanted.year is not None and wanted.order == "number":
            yield _Clause("year = ?", (wanted.year,))
        elif wanted.year is not None:
            yield _Clause(
                "listed_on >= ? AND listed_on < ?", (f"{wanted.year:04}-01-01", f"{wanted.year + 1:04}-01-01")
            )
        for name, values in wanted.terms:
            marks = ",".join("?" * len(values))
            yield _Clause(f'"{self._keys[name]}" IN ({marks})', tuple(values))
        if wanted.light:
            yield self._light(wanted.light)
        if wanted.created_on is not None:
            # The newest rows were created last: going back from the end needs no index over created_at.
            since = f'SELECT id FROM "{self.register.key()}" WHERE created_at < ? ORDER BY id DESC LIMIT 1'
            yield _Clause(f"id > ifnull(({since}), 0)", (wanted.created_on.isoformat(),))
        if wanted.month is not None:
            year, month = wanted.month
            after = f"{year + month // 12:04}-{month % 12 + 1:02}-01"
            yield _Clause("listed_on >= ? AND listed_on < ?", (f"{year:04}-{month:02}-01", after))
        if wanted.numbers is not None:
            yield _between(*wanted.numbers)
        if wanted.ids is not None:
            yield _Clause(f"id IN ({','.join(str(int(number)) for number in wanted.ids)})")

    def _light(self, light: str) -> _Clause:
        today = self._today.isoformat()
        near = self._days.after(self._today, self._near).isoformat()
        return {
            "late": _Clause("sort_due >= '0' AND sort_due < ?", (f"0{today}",)),
            "due": _Clause("sort_due = ?", (f"0{today}",)),
            "soon": _Clause("sort_due > ? AND sort_due <= ?", (f"0{today}", f"0{near}")),
            "todo": _Clause("missing > 0 AND voided_on IS NULL"),
            "open": _Clause("sort_due < '2'"),
            "done": _Clause("sort_due >= '2' AND sort_due < '3'"),
            "void": _Clause("sort_due = '3'"),
        }[light]

    def _where(self) -> tuple[str, tuple[Any, ...]]:
        clauses = list(self._clauses())
        return " AND ".join(clause.sql for clause in clauses), tuple(
            value for clause in clauses for value in clause.values
        )

    def _order(self) -> str:
        way = "DESC" if self.filter.descending else "ASC"
        column = self._keys.get(self.filter.order, "listed_on")
        if self.filter.order == "number":
            return f"series {way}, year {way}, sequence {way}, id {way}"
        if self.filter.order == "due_on":
            way = "ASC" if self.filter.descending else "DESC"
            return f"sort_due {way}, id {way}"
        return f'"{column}" {way}, id {way}'

    def _matches(self) -> tuple[str, tuple[Any, ...]]:
        return _matching(self._words, self._number)

    def _finding(self) -> list[_Clause]:
        """The statements that find the records whose text holds every word, by key: the merged ones, then the rest."""
        matches, values = self._matches()
        if not index.pending(self._connection):
            return [_Clause(matches, values)]
        merged = " AND f.rowid NOT IN (SELECT merged FROM search_pending WHERE merged IS NOT NULL)"
        held = " AND instr(p.text, ?) > 0" * len(self._words)
        waiting = f"SELECT p.key AS key FROM search_pending p WHERE p.record >> {index.REGISTER_BITS} = ?{held}"
        return [_Clause(matches + merged, values), _Clause(waiting, (self._number, *self._words))]

    def ids(self, start: int = 0, size: int = -1) -> list[int]:
        """The ids of the records from `start`, at most `size` (-1: all), in the filter's order."""
        where, values = self._where()
        if not self._words:
            sql = f'SELECT id FROM "{self.register.key()}" WHERE {where} ORDER BY {self._order()} LIMIT ? OFFSET ?'
        else:
            sql, values = self._found(start, size)
        return [row[0] for row in self._connection.execute(sql, (*values, size, start))]

    def _found(self, start: int, size: int) -> tuple[str, tuple[Any, ...]]:
        """The statement that reads the ids of what the words find, up to LIMIT ? OFFSET ?, and its first values."""
        finding = self._finding()
        if self.filter.order or not self.filter.descending:
            every = " UNION ALL ".join(clause.sql for clause in finding)
            listed = self._listed(_Clause(every, tuple(value for clause in finding for value in clause.values)))
            return f"SELECT t.id {listed.sql} ORDER BY {self._order()} LIMIT ? OFFSET ?", listed.values
        # Newest first the index gives by itself, so each part is read only as far as it is needed.
        end, parts = -1 if size < 0 else start + size, [self._listed(clause) for clause in finding]
        if len(parts) == 1:
            return f"SELECT t.id {parts[0].sql} ORDER BY k.key DESC LIMIT ? OFFSET ?", parts[0].values
        first = [f"SELECT * FROM (SELECT k.key, t.id {part.sql} ORDER BY k.key DESC LIMIT {end})" for part in parts]
        both = " UNION ALL ".join(first)
        return f"SELECT id FROM ({both}) ORDER BY key DESC LIMIT ? OFFSET ?", tuple(
            value for part in parts for value in part.values
        )

    def _listed(self, found: _Clause) -> _Clause:
        """What follows SELECT for those of the found keys that the rest of the filter lets through."""
        where, values = self._where()
        by_id = f'CROSS JOIN "{self.register.key()}" t ON t.id = (k.key & {(1 << index.REGISTER_BITS) - 1})'
        return _Clause(f"FROM ({found.sql}) k {by_id} WHERE {where}", (*found.values, *values))

    def count(self) -> int:
        """The exact number of records under the filter."""
        run = self._connection.execute
        if not self._words:
            where, values = self._where()
            return run(f'SELECT count(*) FROM "{self.register.key()}" WHERE {where}', values).fetchone()[0]
        parts = self._finding()
        if self.filter == Filter(text=self.filter.text):
            parts = [_Clause(f"FROM ({part.sql})", part.values) for part in parts]
        else:
            parts = [self._listed(part) for part in parts]
        counts = " + ".join(f"(SELECT count(*) {part.sql})" for part in parts)
        return run(f"SELECT {counts}", tuple(value for part in parts for value in part.values)).fetchone()[0]

    def rows(self, names: Sequence[str], start: int, size: int) -> list[tuple[Any, ...]]:
        """Plain values of fields for a page of records: (id, *names), in the filter's order."""
        return self.values(names, self.ids(start, size))

    def values(self, names: Sequence[str], ids: Sequence[int]) -> list[tuple[Any, ...]]:
        """Plain values of fields for certain records: (id, *names), in the order of `ids`."""
        columns = ",".join(f'"{self._keys[name]}"' for name in names)
        found: dict[int, tuple[Any, ...]] = {}
        for at in range(0, len(ids), 500):
            part = ids[at : at + 500]
            sql = f'SELECT id,{columns} FROM "{self.register.key()}" WHERE id IN ({",".join(map(str, part))})'
            found.update((row[0], row) for row in self._connection.execute(sql))
        return [found[number] for number in ids if number in found]


def _matching(words: Sequence[str], register: int | None) -> tuple[str, tuple[Any, ...]]:
    """The part of a statement that finds the records whose text holds every (folded) word, in one register or all."""
    loose = [word for word in words if not index.is_exact(word)]
    verify = "".join(" AND instr(s.text, ?) > 0" for _word in loose)
    sql = (
        "SELECT f.rowid AS key FROM search f CROSS JOIN search_text s ON s.key = f.rowid "
        if loose
        else "SELECT f.rowid AS key FROM search f "
    )
    return sql + f"WHERE f.search MATCH ?{verify}", (index.query_of(words, register), *loose)


def anywhere(connection: sqlite3.Connection, text: str, size: int) -> list[tuple[int, int]]:
    """The newest records of all registers whose text holds every word: (number of the register in the index, id)."""
    words = [index.fold(word) for word in text.split()]
    if not words:
        return []
    sql, values = _matching(words, None)
    rows = connection.execute(f"{sql} ORDER BY f.rowid DESC LIMIT ?", (*values, size))
    return [(index.register_of(key), index.record_of(key)) for (key,) in rows]


def live_count(connection: sqlite3.Connection, register: type[Record], year: int | None) -> int:
    """The number of records listed in a year (None: all), voided ones included, deleted ones not."""
    table = register.key()
    if year is None:
        # Rows by pages of an index, less the few deleted: to look at deleted_at of each takes a thousand times as long.
        deleted = f'SELECT count(*) FROM "{table}" WHERE deleted_at IS NOT NULL'
        return connection.execute(f'SELECT (SELECT count(*) FROM "{table}") - ({deleted})').fetchone()[0]
    sql = f'SELECT count(*) FROM "{table}" WHERE deleted_at IS NULL AND listed_on >= ? AND listed_on < ?'
    return connection.execute(sql, (f"{year:04}-01-01", f"{year + 1:04}-01-01")).fetchone()[0]


def years(connection: sqlite3.Connection, register: type[Record]) -> list[int]:
    """The years that hold records, newest first; found by jumping along the index, not by reading it through."""
    table = register.key()
    sql = f"""WITH RECURSIVE y(year) AS (
        SELECT substr(max(listed_on), 1, 4) FROM "{table}" WHERE deleted_at IS NULL
        UNION ALL
        SELECT (SELECT substr(max(listed_on), 1, 4) FROM "{table}"
            WHERE deleted_at IS NULL AND listed_on < y.year || '-01-01')
        FROM y WHERE y.year IS NOT NULL)
        SELECT year FROM y WHERE year IS NOT NULL"""
    return [int(row[0]) for row in connection.execute(sql)]


def names_in_use(
    connection: sqlite3.Connection, register: type[Record], names: Sequence[str]
) -> Iterator[tuple[str, int]]:
    """Names in some fields of the newest records with how often each occurs there."""
    keys = {field.name: field.column_name for field in register._meta.sorted_fields}
    for name in names:
        sql = (
            f'SELECT "{keys[name]}", count(*) FROM (SELECT "{keys[name]}" FROM "{register.key()}" '
            f"ORDER BY id DESC LIMIT {RECENT}) WHERE \"{keys[name]}\" <> '' GROUP BY 1"
        )
        yield from connection.execute(sql)
