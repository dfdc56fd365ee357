"""The journal: who changed what, when, from what to what; a hash chain, so that edits behind its back show.

Each row's hash covers the row and the hash of the row before it. It serves undo, history and audit. A record's row
names its last entry, and each entry the one before it about the same record: this chain is a record's history. An
index over the journal would cost every save a page of the log.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS journal (
    id INTEGER PRIMARY KEY,
    change INTEGER NOT NULL,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    title TEXT NOT NULL,
    register TEXT NOT NULL,
    record INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    undoes INTEGER,
    previous INTEGER,
    hash TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS journal_undoes ON journal (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX IF NOT EXISTS journal_accounts ON journal (id) WHERE register = 'account_deed';
"""
TABLE = "journal"
COLUMNS = "id, change, at, by, title, register, record, before, after, undoes, previous"
START = "0" * 64
STEP = 8_192  # rows between two ticks of a walk over the whole journal
_JOINED = "char(31)||" + "||char(31)||".join(
    f"ifnull({name}, 'None')" if name in ("undoes", "previous") else name for name in COLUMNS.split(", ")
)

_INSERT = f"INSERT INTO journal ({COLUMNS}, hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"

Snapshot = dict[str, Any]
Head = tuple[int, str]  # the number of entries and the hash of the last one

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Entry:
    """One record's part of one change; `before` and `after` hold only the columns and lines that differ."""

    id: int
    change: int
    at: str
    by: str
    title: str
    register: str
    record: int
    before: Snapshot
    after: Snapshot
    undoes: int | None
    previous: int | None

    @property
    def created(self) -> bool:
        """Whether this entry made the record."""
        return not self.before and "uuid" in self.after


def dumps(snapshot: Snapshot) -> str:
    """The canonical JSON of a snapshot: UTF-8, no blanks, keys in their order."""
    return _encode(snapshot) if snapshot else "{}"


def chain(previous: str, row: tuple[Any, ...]) -> str:
    """The hash of a journal row after `previous`: SHA-256 over the hash before and the row's columns."""
    return hashlib.sha256("\x1f".join((previous, *map(str, row))).encode()).hexdigest()


def append(connection: sqlite3.Connection, row: tuple[Any, ...], last: Head) -> Head:
    """Add one row (change, at, by, title, register, record, before, after, undoes, previous) after `last`, the
    journal's head as the same transaction knows it; give back the head that it is now.

    A change of 0 starts a new change, whose number is the id of its first row.
    """
    number = last[0] + 1
    whole = (number, row[0] or number, *row[1:])
    now = chain(last[1], whole)
    connection.execute(_INSERT, (*whole, now))
    return number, now


def append_all(
    connection: sqlite3.Connection, head_of: tuple[int, str, str, str, str],
    entries: Sequence[tuple[int, str, str, int | None]], undoes: int | None, after: Head,
) -> Head:  # fmt: skip
    """Add rows about many records of one register: (change, at, by, title, register) and for each (id, JSON of what
    was, JSON of what is now, the entry before about it); `after` and what is given back as in `append`.

    A change of 0 starts a new one. The rows of the records already name their entries, which follow one another.
    """
    number, last = after
    change, at, by, title, register = head_of
    change = change or number + 1
    rows: list[tuple[Any, ...]] = []
    for record, was, now, previous in entries:
        number += 1
        whole = (number, change, at, by, title, register, record, was, now, undoes, previous)
        last = chain(last, whole)
        rows.append((*whole, last))
    connection.executemany(_INSERT, rows)
    return number, last


def _entry(row: tuple[Any, ...]) -> Entry:
    number, change, at, by, title, register, record, before, after, *chained = row
    return Entry(number, change, at, by, title, register, record, json.loads(before), json.loads(after), *chained)


def add(connection: sqlite3.Connection, row: tuple[Any, ...], register: str, record: int, last: Head) -> Head:
    """Add one row (without `previous`) to the chain of a record, whose row must stand; else as `append`."""
    now = append(connection, (*row, last_of(connection, register, record)), last)
    connection.execute(f'UPDATE "{register}" SET entry = ? WHERE id = ?', (now[0], record))
    return now


def last_of(connection: sqlite3.Connection, register: str, record: int) -> int | None:
    """The number of the last entry about a record, as its row names it; None when there is none."""
    row = connection.execute(f'SELECT entry FROM "{register}" WHERE id = ?', (record,)).fetchone()
    return row[0] if row else None


def of_record(connection: sqlite3.Connection, register: str, record: int) -> list[Entry]:
    """The entries about one record, oldest first."""
    found: list[Entry] = []
    wanted = last_of(connection, register, record)
    while row := connection.execute(f"SELECT {COLUMNS} FROM journal WHERE id = ?", (wanted,)).fetchone():
        found.append(one := _entry(row))
        wanted = one.previous if one.previous is not None and one.previous < one.id else None
    return found[::-1]


def entry(connection: sqlite3.Connection, number: int) -> Entry | None:
    """One entry by its number; None when there is none."""
    row = connection.execute(f"SELECT {COLUMNS} FROM journal WHERE id = ?", (number,)).fetchone()
    return _entry(row) if row else None


def of_change(connection: sqlite3.Connection, change: int) -> list[Entry]:
    """The entries of one change, oldest first; there is one writer, so they follow one another from its number on."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM journal WHERE id >= ? ORDER BY id", (change,))
    return [_entry(row) for row in takewhile(lambda row: row[1] == change, rows)]


def first_of(connection: sqlite3.Connection, change: int) -> Entry | None:
    """The first entry of a change; None when there is no such change."""
    row = connection.execute(f"SELECT {COLUMNS} FROM journal WHERE id = ? AND change = id", (change,)).fetchone()
    return _entry(row) if row else None


def is_longer(connection: sqlite3.Connection, change: int, than: int) -> bool:
    """Whether a change has more than so many entries."""
    row = connection.execute("SELECT change FROM journal WHERE id = ?", (change + than,)).fetchone()
    return row is not None and row[0] == change


def head(connection: sqlite3.Connection) -> Head:
    """The number of entries and the hash of the last one; asks for nothing that a stranger's journal may lack."""
    return connection.execute("SELECT id, hash FROM journal ORDER BY id DESC LIMIT 1").fetchone() or (0, START)


def end(connection: sqlite3.Connection) -> tuple[int, str, str]:
    """The number of entries, the hash of the last one and its moment; no moment when there is none."""
    row = connection.execute("SELECT id, hash, at FROM journal ORDER BY id DESC LIMIT 1").fetchone()
    return row or (0, START, "")


def short(head_hash: str) -> str:
    """A hash as it is printed: its first 32 hexadecimal digits in 8 groups of 4."""
    return " ".join(head_hash[at : at + 4] for at in range(0, 32, 4))


def broken(connection: sqlite3.Connection, tick: Callable[[int], None] = lambda _row: None) -> Iterator[int]:
    """The ids of the rows whose hash does not follow from the row before; empty when the chain holds.

    `tick` is told the row every STEP rows. SQLite joins the columns as `chain` does, which halves the time.
    """
    previous, expected, sha256 = START.encode(), 1, hashlib.sha256
    rows = connection.execute(f"SELECT id, CAST({_JOINED} AS BLOB), CAST(hash AS BLOB) FROM journal ORDER BY id")
    for number, joined, stored in rows:
        if number != expected or joined is None or sha256(previous + joined).hexdigest().encode() != stored:
            yield number
        if not number % STEP:
            tick(number)
        previous, expected = stored or b"", number + 1
