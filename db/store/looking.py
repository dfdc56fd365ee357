"""Looks into a backup before it is taken: what it holds, and what it and today's ledger lack of one another."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db.catalogue import Catalogue
from db.errors import Refused
from db.record import Record
from db.store import backup
from db.store.backup import CHECKED, Progress, unwatched
from db.store.connecting import attach
from db.store.keys import is_plain
from db.store.restore import Counts, counts, counts_of_backup

_STOPPED = "已停止查看备份；台账和备份都没有动"
SHOWN = 200  # records of each kind that are named; all are counted


@dataclass(frozen=True)
class Named:
    """A record as a list names it."""

    register: str
    id: int
    title: str
    words: str
    updated_at: str


@dataclass(frozen=True)
class Compared:
    """One register in a backup against today: records on each side, those that only one has, those that differ."""

    title: str
    there: int
    today: int
    only_there: int
    only_today: int
    differing: int


@dataclass(frozen=True)
class Look:
    """A backup that was checked whole: its numbers and today's (None: no ledger), and what differs, newest first."""

    path: Path
    there: Counts
    today: Counts | None
    registers: tuple[Compared, ...]
    newest: tuple[Named, ...]
    only_there: tuple[Named, ...]
    only_today: tuple[Named, ...]
    differing: tuple[Named, ...]

    @property
    def is_less(self) -> bool:
        """Whether it holds fewer records or fewer changes than today's ledger."""
        today = self.today
        return today is not None and (self.there.total < today.total or self.there.entries < today.entries)


@dataclass(frozen=True)
class Listed:
    """A backup in a list: its file, when it was made, its size in bytes, before what it was made ("": as ever)."""

    path: Path
    at: datetime
    size: int
    before: str = ""


def listed(places: list[Path]) -> list[Listed]:
    """The backups of several folders, newest first; a folder that is not there has none."""
    found = [
        Listed(path, made, path.stat().st_size, backup.BEFORE_WORDS.get(pattern, ""))
        for place in places
        for pattern in (backup.NAME, *backup.BEFORE_WORDS)
        if place.is_dir()
        for path in backup.backups_in(place, pattern)
        if (made := backup.written_at(path, pattern))
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def look_into(path: Path, ledger: Path, catalogue: Catalogue, progress: Progress = unwatched) -> Look:
    """Check a backup and compare it with the ledger; may run on a worker, changes nothing.

    Raises:
        Refused: when it was cancelled.
        StoreTrouble: when the backup is missing, damaged, no ledger or of a newer version.
    """
    there = counts_of_backup(path, catalogue, progress)
    if not ledger.exists() or not ledger.stat().st_size:
        with backup.reading(path) as connection:
            newest = _newest(connection, "main", catalogue)
        return Look(path, there, None, _alone(there), newest, newest, (), ())
    with _both(ledger, path, progress) as connection:
        today = counts(connection, catalogue)
        found: list[Compared] = []
        lists: tuple[list[Named], ...] = ([], [], [])
        for register in catalogue:
            if not progress(0, 0):
                raise Refused(_STOPPED)
            compared, named = _compared(connection, register)
            found.append(compared)
            for every, more in zip(lists, named, strict=True):
                every.extend(more)
        only_there, only_today, differing = map(_latest, lists)
        newest = _newest(connection, "there", catalogue)
        return Look(path, there, today, tuple(found), newest, only_there, only_today, differing)


def _alone(there: Counts) -> tuple[Compared, ...]:
    return tuple(Compared(title, count, 0, count, 0, 0) for title, count in there.records.items())


@contextmanager
def _both(ledger: Path, path: Path, progress: Progress) -> Generator[sqlite3.Connection]:
    """A connection to the ledger as it is now, with the backup beside it as `there`."""
    with backup.snapshot(ledger, ciphers=not is_plain(path)) as connection:
        attach(connection, path, "there", backup.finished(path))
        connection.set_progress_handler(lambda: int(not progress(0, 0)), CHECKED)
        try:
            yield connection
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise Refused(_STOPPED) from None
            raise
        finally:
            connection.set_progress_handler(None, 0)


def _has(connection: sqlite3.Connection, place: str, register: type[Record]) -> bool:
    sql = f"SELECT 1 FROM {place}.sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(sql, (register.key(),)).fetchone() is not None


def _compared(connection: sqlite3.Connection, register: type[Record]) -> tuple[Compared, list[list[Named]]]:
    """A register's numbers, and the records only there, only today, differing. Records are met by id and identity."""
    is_there, is_today = _has(connection, "there", register), _has(connection, "main", register)
    total = [
        connection.execute(f'SELECT count(*) FROM {place}."{register.key()}" WHERE deleted_at IS NULL').fetchone()[0]
        if has
        else 0
        for place, has in (("there", is_there), ("main", is_today))
    ]
    if not (is_there and is_today):
        return Compared(register.TITLE, total[0], total[1], total[0], total[1], 0), [[], [], []]
    key = register.key()
    lacking = (
        'FROM {one}."{key}" a WHERE a.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM {other}."{key}" b '
        "WHERE b.id = a.id AND b.uuid = a.uuid AND b.deleted_at IS NULL)"
    )
    differing = (
        f'FROM there."{key}" a JOIN main."{key}" b ON b.id = a.id AND b.uuid = a.uuid '
        "WHERE a.updated_at <> b.updated_at AND a.deleted_at IS NULL AND b.deleted_at IS NULL"
    )
    sources = (lacking.format(one="there", other="main", key=key), lacking.format(one="main", other="there", key=key),
               differing)  # fmt: skip
    numbers = [connection.execute(f"SELECT count(*) {source}").fetchone()[0] for source in sources]
    named = [_named(connection, register, source) for source in sources]
    return Compared(register.TITLE, *total, *numbers), named


def _named(connection: sqlite3.Connection, register: type[Record], source: str) -> list[Named]:
    column = register._meta.fields[register.SUBJECT].column_name
    sql = f'SELECT a.id, a.number, a."{column}", a.updated_at {source} ORDER BY a.updated_at DESC, a.id DESC LIMIT ?'
    return [
        Named(register.key(), number, register.TITLE, f"{called or '（未编号）'}《{str(title).strip('《》')}》", at)
        for number, called, title, at in connection.execute(sql, (SHOWN,))
    ]


def _newest(connection: sqlite3.Connection, place: str, catalogue: Catalogue) -> tuple[Named, ...]:
    return _latest(
        [
            one
            for register in catalogue
            if _has(connection, place, register)
            for one in _named(connection, register, f'FROM {place}."{register.key()}" a WHERE a.deleted_at IS NULL')
        ]
    )


def _latest(named: list[Named]) -> tuple[Named, ...]:
    return tuple(sorted(named, key=lambda one: one.updated_at, reverse=True)[:SHOWN])
