"""Search in the big ledger: the first 200 hits as a list shows them, against the same bare SQL and against LIKE."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import ledger
from measuring import Result, interleaved, median, p99, taken

from db.record import Record
from db.store import index
from db.store.search import Filter, Listing
from db.store.store import Store
from desktop.registers.listing import RegisterRows

SHOWN = 200
LENGTHS = range(1, 9)
TERMS = 40  # for each length
COMMON, RARE, SINGLE = "通知", "案和信", "蜂蜜"  # of 1,000,000 records some 400,000, some 150 and one or so
SEED = 5


class _Search:
    """One register of a store, asked as the list asks it and as bare SQL would."""

    def __init__(self, store: Store, register: type[Record]) -> None:
        self._store, self._register = store, register
        self._number = store.register_numbers[register.key()]

    def listing(self, text: str) -> Listing:
        """The list of a search."""
        store = self._store
        return Listing(store.connection, self._register, self._number, Filter(text=text), store.rules.today,
                       store.rules.days)  # fmt: skip

    def shown(self, text: str) -> int:
        """The texts of the first rows, as painted."""
        rules = self._store.rules
        rows = RegisterRows(self.listing(text), rules, self._register.COLUMNS)
        return len(rows.page(0, SHOWN))

    def statement(self, text: str) -> tuple[str, tuple[Any, ...]]:
        """The same as one prepared statement, without light and words."""
        found = self.listing(text).matching.finding()[0]
        columns = ",".join(f't."{name}"' for name in self._register.COLUMNS)
        state = "t.due_on,t.is_open,t.missing,t.voided_on,t.stage"
        by_id = f"t.id = (k.key & {(1 << index.REGISTER_BITS) - 1})"
        sql = (
            f'SELECT t.id,{state},{columns} FROM ({found.sql}) k CROSS JOIN "{self._register.key()}" t ON {by_id} '
            f"WHERE t.deleted_at IS NULL ORDER BY k.key DESC LIMIT {SHOWN}"
        )
        return sql, found.values

    def like(self, text: str) -> int:
        """What LIKE over the text of every record takes."""
        sql = f"SELECT key FROM search_text WHERE text LIKE ? ORDER BY key DESC LIMIT {SHOWN}"
        return len(self._store.connection.execute(sql, (f"%{text}%",)).fetchall())


def _terms(connection: sqlite3.Connection, register: type[Record], rng: Random, length: int) -> list[str]:
    last = connection.execute(f'SELECT max(id) FROM "{register.key()}"').fetchone()[0]
    found: list[str] = []
    while len(found) < TERMS:
        row = connection.execute(
            f'SELECT "{register.SUBJECT}" FROM "{register.key()}" WHERE id = ?', (rng.randint(1, last),)
        ).fetchone()
        if row and len(row[0]) >= length:
            start = rng.randrange(len(row[0]) - length + 1)
            found.append(row[0][start : start + length])
    return found


def measure(folder: Path, rows: int) -> Iterator[Result]:
    """The lines about search in a ledger of `rows` records."""
    with ledger.opened(folder) as store:
        register = store.catalogue["incoming"]
        search, run, rng = _Search(store, register), store.connection.execute, Random(SEED)
        every_ours: list[float] = []
        every_bare: list[float] = []
        for length in LENGTHS:
            ours, bare = [], []
            for term in _terms(store.connection, register, rng, length):
                sql, values = search.statement(term)
                pair = interleaved(2, [
                    partial(taken, partial(search.shown, term)),
                    partial(taken, lambda sql=sql, values=values: run(sql, values).fetchall()),
                ])  # fmt: skip
                ours.append(min(pair[0]))
                bare.append(min(pair[1]))
            every_ours += ours
            every_bare += bare
            yield Result(f"search, first {SHOWN} as shown, {length} characters, median", median(ours), median(bare))
        note = "floor: the same hits by one prepared statement, without lights and words"
        yield Result(f"search, first {SHOWN} as shown, p99 of 1–8 characters, {rows:,} rows", p99(every_ours),
                     p99(every_bare), at_most=10, note=note)  # fmt: skip
        yield Result("search, p99 against the same raw SQL", p99(every_ours), p99(every_bare), at_most_ratio=1.2)
        yield from _extremes(search, rows)


def _extremes(search: _Search, rows: int) -> Iterator[Result]:
    """A term that many records hold, one that few hold, LIKE, and the exact count."""
    many, few, single, like = interleaved(7, [
        partial(taken, partial(search.shown, COMMON)),
        partial(taken, partial(search.shown, RARE)),
        partial(taken, partial(search.shown, SINGLE)),
        partial(taken, partial(search.like, RARE)),
    ])  # fmt: skip
    hits, rare = search.listing(COMMON).count(), search.listing(RARE).count()
    yield Result(
        f"search, {hits:,} hits : {rare:,} hits",
        median(many),
        median(few),
        at_most_ratio=3,
        note="both fill most of a page; a term with one hit shows one row and takes less, see below",
    )
    yield Result(f"search, {hits:,} hits : {search.listing(SINGLE).count():,} hits", median(many), median(single))
    yield Result(f"search, {rare:,} hits, against LIKE, {rows:,} rows", median(few), median(like), at_most_ratio=0.01)
    counts = [taken(search.listing(COMMON).count) for _turn in range(5)]
    yield Result(f"search, exact count of {hits:,} hits (on the worker)", median(counts))
