"""Lists of records: a filter, the SQL that it becomes, and the rows page by page, newest first.

What the search box takes is told in `db.store.query`; every piece of 1, 2, 3 or more characters of any text is found
through the index of `db.store.index`.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from typing import Any

from db.record import Line, Record
from db.rules.workdays import Workdays
from db.store import conditions, index, waiting
from db.store.clauses import Clause
from db.store.conditions import Condition
from db.store.matching import Matching, matching, overlaid
from db.store.sorting import Sorting
from db.store.spellings import spellings

RECENT = 3_000  # rows of a register whose names are ranked for completion


@dataclass(frozen=True)
class Filter:
    """What a list shows of one register.

    `year` is that of the listing date or, where the register says so, of its field YEAR; in the order of numbers, that
    of the number. All `conditions` must hold. `light`: late, due, soon, todo, open, done or void. `ids` limits the list
    to certain records (the rows behind a figure). `month` = (year, month) of the listing date. `numbers` = (first,
    last) sequence number, last 0: no end; NO_NUMBER: those without one. `deleted` lists the recycle bin instead.
    `order` is a field name; empty = newest first. `group`: the field whose equal values stand together.
    """

    text: str = ""
    year: int | None = None
    conditions: tuple[Condition, ...] = ()
    light: str = ""
    created_on: date | None = None
    month: tuple[int, int] | None = None
    numbers: tuple[int, int] | None = None
    ids: tuple[int, ...] | None = None
    deleted: bool = False
    order: str = ""
    descending: bool = True
    group: str = ""


NO_NUMBER = (0, 0)


def _between(first: int, last: int) -> Clause:
    """The records with these sequence numbers, so written that the index of numbers finds them."""
    if (first, last) == NO_NUMBER:
        return Clause("sequence IS NULL")
    return Clause("sequence BETWEEN ? AND ?", (first, last)) if last else Clause("sequence >= ?", (first,))


class Listing:
    """The rows of one register under a filter; reads only.

    `near` is the number of working days from which a deadline counts as close; `user` is the clerk who reads.
    """

    def __init__(
        self, connection: sqlite3.Connection, register: type[Record], number: int, wanted: Filter, today: date,
        days: Workdays, near: int = 3, user: str = "",
    ) -> None:  # fmt: skip
        self.connection, self.register, self._number = connection, register, number
        self.filter, self.now = wanted, conditions.Now(today, days, near, user)
        self.sorting = Sorting(connection, register)
        place = number + index.BIN * wanted.deleted
        self.matching = Matching(connection, register, place, wanted.text, partial(conditions.light, now=self.now))
        self._keys = {field.name: field.column_name for field in register._meta.sorted_fields}

    def under(self, wanted: Filter) -> Listing:
        """The records of the same register under another filter."""
        now = self.now
        return Listing(self.connection, self.register, self._number, wanted, now.today, now.days, now.near, now.user)

    def _clauses(self) -> Iterator[Clause]:
        wanted = self.filter
        yield Clause(index.BINNED if wanted.deleted else "deleted_at IS NULL")
        by_year = self._year_column()
        if wanted.year is not None and by_year:
            yield Clause(f"{by_year} = ?", (wanted.year,))
        elif wanted.year is not None:
            yield Clause("listed_on >= ? AND listed_on < ?", (f"{wanted.year:04}-01-01", f"{wanted.year + 1:04}-01-01"))
        yield from self.matching.clauses
        for condition in wanted.conditions:
            yield conditions.clause(self.register, condition, self.now)
        if wanted.light:
            yield conditions.light(wanted.light, self.now)
        if wanted.created_on is not None:
            # The newest rows were created last: going back from the end needs no index over created_at.
            since = f'SELECT id FROM "{self.register.key()}" WHERE created_at < ? ORDER BY id DESC LIMIT 1'
            yield Clause(f"id > ifnull(({since}), 0)", (wanted.created_on.isoformat(),))
        if wanted.month is not None:
            year, month = wanted.month
            after = f"{year + month // 12:04}-{month % 12 + 1:02}-01"
            yield Clause("listed_on >= ? AND listed_on < ?", (f"{year:04}-{month:02}-01", after))
        if wanted.numbers is not None:
            yield _between(*wanted.numbers)
        if wanted.ids is not None:
            yield Clause(f"id IN ({','.join(str(int(number)) for number in wanted.ids)})")

    def _where(self) -> tuple[str, tuple[Any, ...]]:
        clauses = list(self._clauses())
        return " AND ".join(clause.sql for clause in clauses), tuple(
            value for clause in clauses for value in clause.values
        )

    def _finding(self) -> list[Clause]:
        """The statements that find the records whose text holds every word, by key: newest first, then the rest."""
        wanted, since, before = self.filter, None, None
        if wanted.month is not None:
            year, month = wanted.month
            since, before = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
        elif wanted.year is not None and not self._year_column():
            since, before = date(wanted.year, 1, 1), date(wanted.year + 1, 1, 1)
        return self.matching.finding(since, before)

    def _year_column(self) -> str:
        """The column with the year that is meant by the filter's; empty: that of the listing date."""
        return "year" if self.filter.order == "number" and not self.filter.group else self.register.YEAR

    def ids(self, start: int = 0, size: int = -1) -> list[int]:
        """The ids of the records from `start`, at most `size` (-1: all), in the filter's order."""
        return [row[0] for row in self.reading(start, size)]

    def reading(self, start: int = 0, size: int = -1) -> sqlite3.Cursor:
        """What `ids` reads, row by row: (id,)."""
        wanted = self.filter
        if self._is_found_in_order():
            sql, values = self._found(start, size)
        else:
            order = self.sorting.order(wanted.order, wanted.descending, wanted.group)
            source = self.source(order.joins, order.values)
            sql, values = f"SELECT t.id {source.sql} ORDER BY {order.sql} LIMIT ? OFFSET ?", source.values
        return self.connection.execute(sql, (*values, size, start))

    def _is_found_in_order(self) -> bool:
        """Whether the search index gives the records in the order that is wanted."""
        wanted = self.filter
        return bool(self.matching.words) and not wanted.order and not wanted.group and wanted.descending

    def source(self, joins: str = "", values: tuple[Any, ...] = ()) -> Clause:
        """FROM … WHERE … for all records under the filter; the register's table is t, `joins` stand beside it."""
        if self.matching.words:
            finding = self._finding()
            every = " UNION ALL ".join(clause.sql for clause in finding)
            found = Clause(every, tuple(value for clause in finding for value in clause.values))
            return self._listed(found, joins, values)
        where, wanted = self._where()
        return Clause(f'FROM "{self.register.key()}" t {joins} WHERE {where}', (*values, *wanted))

    def _found(self, start: int, size: int, names: Sequence[str] = ()) -> tuple[str, tuple[Any, ...]]:
        """The statement that reads (id, *names) of what the words find, newest first, and its first values.

        The index gives them in this order by itself, so each part is read only as far as it is needed.
        """
        columns = ",".join(("t.id", *(f't."{self._keys[name]}"' for name in names)))
        end, parts = -1 if size < 0 else start + size, [self._listed(clause) for clause in self._finding()]
        if len(parts) == 1:
            return f"SELECT {columns} {parts[0].sql} ORDER BY k.key DESC LIMIT ? OFFSET ?", parts[0].values
        first = [
            f"SELECT * FROM (SELECT {columns}, k.key {part.sql} ORDER BY k.key DESC LIMIT {end})" for part in parts
        ]
        both = " UNION ALL ".join(first)
        return f"SELECT * FROM ({both}) ORDER BY key DESC LIMIT ? OFFSET ?", tuple(
            value for part in parts for value in part.values
        )

    def _listed(self, found: Clause, joins: str = "", values: tuple[Any, ...] = ()) -> Clause:
        """What follows SELECT for those of the found keys that the rest of the filter lets through."""
        where, wanted = self._where()
        by_id = f'CROSS JOIN "{self.register.key()}" t ON t.id = (k.key & {(1 << index.REGISTER_BITS) - 1})'
        return Clause(f"FROM ({found.sql}) k {by_id} {joins} WHERE {where}", (*found.values, *values, *wanted))

    def count(self) -> int:
        """The exact number of records under the filter."""
        run = self.connection.execute
        if not self.matching.words:
            where, values = self._where()
            return run(f'SELECT count(*) FROM "{self.register.key()}" t WHERE {where}', values).fetchone()[0]
        parts = self._finding()
        if self.filter == Filter(text=self.filter.text) and not self.matching.clauses:
            parts = [Clause(f"FROM ({part.sql})", part.values) for part in parts]
        else:
            parts = [self._listed(part) for part in parts]
        counts = " + ".join(f"(SELECT count(*) {part.sql})" for part in parts)
        return run(f"SELECT {counts}", tuple(value for part in parts for value in part.values)).fetchone()[0]

    def rows(self, names: Sequence[str], start: int, size: int) -> list[tuple[Any, ...]]:
        """Plain values of fields for a page of records: (id, *names), in the filter's order."""
        if not self._is_found_in_order():
            return self.values(names, self.ids(start, size))
        sql, values = self._found(start, size, names)
        return [row[: len(names) + 1] for row in self.connection.execute(sql, (*values, size, start))]

    def values(self, names: Sequence[str], ids: Sequence[int]) -> list[tuple[Any, ...]]:
        """Plain values of fields for certain records: (id, *names), in the order of `ids`."""
        columns = ",".join(f'"{self._keys[name]}"' for name in names)
        found: dict[int, tuple[Any, ...]] = {}
        for at in range(0, len(ids), 500):
            part = ids[at : at + 500]
            sql = f'SELECT id,{columns} FROM "{self.register.key()}" WHERE id IN ({",".join(map(str, part))})'
            found.update((row[0], row) for row in self.connection.execute(sql))
        return [found[number] for number in ids if number in found]


def anywhere(
    connection: sqlite3.Connection, text: str, size: int, registers: Iterable[tuple[int, type[Record]]]
) -> list[tuple[int, int]]:
    """The newest records of all registers whose text holds every word: (number of the register in the index, id).

    `registers`: all of them, each with its number.
    """
    words = [spellings(connection, index.fold(word)) for word in text.split()]
    if not words:
        return []
    pending, others = overlaid(waiting.of_all(connection, registers), words)
    keys = [key for key in pending if not index.register_of(key) & index.BIN]
    found = matching(words, None)
    live = f"(f.rowid >> {index.REGISTER_BITS} & {index.BIN}) = 0"
    sql = f"{found.sql} AND {live} AND {others.sql} ORDER BY f.rowid DESC LIMIT ?"
    keys += [key for (key,) in connection.execute(sql, (*found.values, *others.values, size))]
    return [(index.register_of(key), index.record_of(key)) for key in sorted(keys, reverse=True)[:size]]


def names_in_use(
    connection: sqlite3.Connection, table: type[Record | Line], names: Sequence[str]
) -> Iterator[tuple[str, int]]:
    """Names in some fields of the newest records, or of their newest lines, with how often each occurs there."""
    if not names:
        return
    columns = ",".join(f'"{table._meta.fields[name].column_name}"' for name in names)
    rows = connection.execute(f'SELECT {columns} FROM "{table.key()}" ORDER BY id DESC LIMIT {RECENT}')
    yield from Counter(filter(None, chain.from_iterable(rows))).items()
