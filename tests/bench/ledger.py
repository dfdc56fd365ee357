"""Builds the ledgers that are measured, once, by raw SQL through the program's own tables and search index.

Rows are written behind the store's back, without a journal entry each: the journal of these ledgers is empty, all else
(tables, indexes, search text, search index) is as the store would have left it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import sys
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import rows

from db.directory.settings import Setting
from db.record import Record
from db.store import index
from db.store.places import LOCK
from db.store.shapes import Shape
from db.store.store import Store

CLERK = "赵晓燕"
SENT_SHARE = 20  # one paper sent for so many received
SAMPLE = 50  # rows of each register that tell whether a ledger kept from an earlier run still fits
BATCH = 20_000
FORMAT = 2  # raise it when the way of building changes what is built


def now() -> datetime:
    """The clock of the measured stores: local time."""
    return datetime.now()


def registers(count: int) -> dict[str, Iterator[rows.Values]]:
    """The rows of each register, for `count` papers received."""
    return {"incoming": rows.incoming(count), "outgoing": rows.outgoing(count // SENT_SHARE)}


class _Filler:
    """Writes rows of one register with their search text and tokens."""

    def __init__(self, store: Store, register: type[Record]) -> None:
        self._store, self._record, self._shape = store, register(), Shape(register)
        self._number = store.register_numbers[register.key()]
        self._marker = index.register_token(self._number)

    def rows(self, found: Iterable[rows.Values]) -> Iterator[tuple[tuple[Any, ...], int, str]]:
        """For each row, whose ids count from 1: its columns, its key in the search index, its search text."""
        for record, values in enumerate(found, 1):
            whole = {**self._shape.defaults, **values}
            self._record.__data__ = whole
            key = index.key_of(date.fromisoformat(whole["listed_on"]), self._number, record)
            yield tuple(whole[name] for name in self._shape.names), key, self._store.shapes.text(self._record)

    def tokens(self, text: str) -> str:
        """What the full-text table is given for a search text."""
        return f"{self._marker} {' '.join(index.grams(text))}"

    def fill(self, found: Iterable[rows.Values]) -> None:
        """Write the rows; the register's indexes are made afterwards, which is quicker and leaves them as tidy."""
        connection = self._store.connection
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
            (self._shape.table,),
        ).fetchall()
        for name, _statement in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        made = self.rows(found)
        while batch := list(islice(made, BATCH)):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(self._shape.insert, [columns for columns, _key, _text in batch])
            connection.executemany("INSERT INTO search_text VALUES (?, ?)", [row[1:] for row in batch])
            connection.executemany(
                "INSERT INTO search (rowid, grams) VALUES (?, ?)",
                [(key, self.tokens(text)) for _columns, key, text in batch],
            )
            connection.execute("COMMIT")
        for _name, statement in indexes:
            connection.execute(statement)


@contextmanager
def opened(folder: Path) -> Generator[Store]:
    """The store over a ledger, closed in order at the end."""
    store = Store.open(folder, CLERK, now)
    try:
        yield store
    finally:
        store.close()


def _build(folder: Path, count: int) -> None:
    with opened(folder) as store:
        store.set_office({"office": "蓝山县人民政府办公室"}, store.rules.words("organ_code"))
        assert Setting.select().exists()
        store.connection.execute("PRAGMA synchronous = OFF")
        for key, found in registers(count).items():
            _Filler(store, store.catalogue[key]).fill(found)


def _fingerprint(folder: Path, count: int) -> str:
    """A short hash of what a ledger of `count` rows would hold: the schema and a sample of rows with their tokens."""
    with opened(folder) as store:
        schema = store.connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
        parts: list[Any] = [FORMAT, count, sqlite3.sqlite_version, schema]
        for key, found in registers(count).items():
            filler = _Filler(store, store.catalogue[key])
            sample = list(filler.rows(islice(found, SAMPLE)))
            parts += [sample, [sorted(filler.tokens(text).split()) for _columns, _key, text in sample]]
    shutil.rmtree(folder)
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:12]


def ledger(bench: Path, count: int) -> Path:
    """The folder of the ledger with `count` papers received; built under `bench` when it is not there or outdated."""
    trial = bench / "trial"
    shutil.rmtree(trial, ignore_errors=True)
    folder = bench / f"ledger-{count}-{_fingerprint(trial, count)}"
    if not folder.exists():
        for old in bench.glob(f"ledger-{count}-*"):
            shutil.rmtree(old)
        start = time.perf_counter()
        sys.stderr.write(f"building a ledger of {count:,} rows (kept under {bench}) …\n")
        part = bench / "part"
        shutil.rmtree(part, ignore_errors=True)
        _build(part, count)
        part.rename(folder)
        sys.stderr.write(f"built in {time.perf_counter() - start:.0f} s\n")
    release(folder)
    return folder


def release(folder: Path) -> None:
    """Mark a ledger as closed in order after a measured process was ended while it held it."""
    (folder / LOCK).write_text("", encoding="utf-8")
