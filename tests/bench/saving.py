"""Saving one record, with journal and search index, against bare commits on the same connection under WAL and FULL.

The floor is the bare commit of yardsticks/f_dur.py, an indexed column and a text of one row, in the same run, on the
same connection and file system; beside it stands a commit of a single page. What a save leaves waiting for the search
index is merged as in the window: in a pause, outside what is timed here and told in a line of its own.
The figures are taken once more as on a disk on which a commit takes SLOW ms longer, since the bench's own disk is often
a quick one: the same sleep is added to save and floor.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

import rows
from ledger import opened
from measuring import Result, interleaved, median, p99, taken

from db.record import Record
from db.store import index
from db.store.places import LEDGER
from db.store.store import Store

REGISTER = "incoming"
SLOW = 4.0  # ms of a commit on a middling disk (reference/performance.md F)
SEED = 11
_FRAME_HEAD, _WAL_HEAD = 24, 32  # bytes, as SQLite's file format lays a write-ahead log out
_TYPED = ("source_level", "from_unit", "medium", "kind", "title", "copies", "lead_unit", "handler")


class Saver:
    """Saves new and edited records, and makes bare commits, over one store with `count` rows."""

    def __init__(self, store: Store, count: int) -> None:
        self._store, self._random, self._count = store, Random(SEED), count
        self._register = store.catalogue[REGISTER]
        self._sources = list(rows.incoming(1_000))
        self._turn = self._unmerged = 0

    def _blank(self) -> Record:
        """What a clerk has typed into quick entry: the fields of a paper that came today."""
        self._turn += 1
        values = self._sources[self._turn % len(self._sources)]
        today = self._store.rules.today
        record = self._register(**{name: values[name] for name in _TYPED}, received_on=today)
        record.__data__["from_doc_on"] = today - timedelta(2)
        record.__data__["title"] += f"（{self._turn}）"
        record.__data__["from_doc_no"] = f"永政发〔{today.year}〕{1_000 + self._turn}号"
        return record

    def save_new(self) -> float:
        """Save a new record; milliseconds of `Store.save`."""
        record = self._blank()
        spent = taken(lambda: self._store.save(record))
        self.pause()
        return spent

    def pause(self, every: int = 32) -> float:
        """Merge what waits for the index, in every so many calls; milliseconds for each record that waited."""
        self._unmerged += 1
        if self._unmerged < every:
            return 0.0
        connection = self._store.connection
        waiting, self._unmerged = max(index.pending(connection), 1), 0
        (mode,) = connection.execute("PRAGMA synchronous").fetchone()
        spent = taken(self._store.merge_index) / waiting
        connection.execute(f"PRAGMA synchronous = {mode}")  # the store goes back to FULL by itself
        return spent

    def save_edit(self) -> float:
        """Save a record with another title; milliseconds of `Store.save`."""
        record = self._store.load(self._register, self._random.randrange(1, self._count + 1))
        record.__data__["title"] = self._blank().__data__["title"]
        spent = taken(lambda: self._store.save(record))
        self.pause()
        return spent

    def merge(self) -> float:
        """Save 16 records and merge them; milliseconds of the merging for each record."""
        for _time in range(16):
            self._store.save(self._blank())
        return self.pause(every=1)

    def floor(self) -> float:
        """A bare commit as yardsticks/f_dur.py makes it: an indexed column and a text of one row; milliseconds."""
        self._turn += 1
        record = self._random.randrange(1, self._count + 1)
        flipped = "sort_due = CASE sort_due WHEN '1' THEN '3' ELSE '1' END"
        return taken(lambda: self._write(f"{flipped}, remarks = ?", [record]))

    def commit(self, pages: int = 1) -> float:
        """Change one column of `pages` rows that lie on pages of their own, and commit; milliseconds."""
        step = max(self._count // 64, 1)
        first = self._random.randrange(1, self._count + 1)
        wanted = [(first + at * step) % self._count + 1 for at in range(pages)]
        self._turn += 1
        return taken(lambda: self._write("remarks = ?", wanted))

    def _write(self, columns: str, wanted: list[int]) -> None:
        run = self._store.connection.execute
        run("BEGIN IMMEDIATE")
        for record in wanted:
            run(f'UPDATE "{self._register.key()}" SET {columns} WHERE id = ?', (f"备注{self._turn}", record))
        run("COMMIT")


def pages_written(connection: sqlite3.Connection, log: Path, action: Any, times: int = 15) -> float:
    """How many pages an action adds to the write-ahead log, the median of some times."""
    page = connection.execute("PRAGMA page_size").fetchone()[0]
    found: list[float] = []
    for _time in range(times):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        action()
        found.append((log.stat().st_size - _WAL_HEAD) / (page + _FRAME_HEAD))
    return median(found)


def copied(folder: Path, target: Path) -> Path:
    """A copy of a ledger to write to, with nothing of it left to be written back by the system."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder, target)
    os.sync()
    return target


def measure(folder: Path, count: int, rounds: int) -> Iterator[Result]:
    """Save of a new and of an edited record in the ledger at `folder`, which is written to."""
    with opened(folder) as store:
        saver = Saver(store, count)
        log = folder / f"{LEDGER}-wal"
        saves = (saver.save_new, saver.save_edit, saver.floor)
        pages, edited, bare = (round(pages_written(store.connection, log, action)) for action in saves)
        new, edit, floor, page, like_new = interleaved(
            rounds, [*saves, saver.commit, lambda: saver.commit(pages)], warm_up=10
        )
        (merges,) = interleaved(max(rounds // 20, 3), [saver.merge])
        store.connection.execute("PRAGMA synchronous = OFF")
        work, work_edit, bare_work = interleaved(rounds, saves, warm_up=10)
        slow, slow_edit, slow_floor = interleaved(rounds, [slowly(action) for action in saves], warm_up=3)
        store.connection.execute("PRAGMA synchronous = FULL")
        integrity = store.connection.execute("PRAGMA quick_check(1)").fetchone()[0] if count <= 10_000 else "ok"
        assert integrity == "ok"
    note = f"writes {pages} pages, an edit {edited}, the floor {bare}; the journal holds only the records saved here"
    unsynced = "what is left when the disk costs nothing: the slower the disk, the nearer to 1 are the ratios above"
    merged = "done in the clerk's pause, not waited for on the disk; a search finds what waits all the same"
    yield Result("save of a new record, bare commit", median(new), median(floor), at_most_ratio=2.5, note=note)
    yield Result("save of an edited record, bare commit", median(edit), median(floor), at_most_ratio=2.5)
    yield Result("save of a new record, bare commit of 1 page", median(new), median(page))
    yield Result("save of an edited record, bare commit of 1 page", median(edit), median(page))
    yield Result(f"save of a new record, bare commit of {pages} pages", median(new), median(like_new))
    yield Result("save of a new record, p99", p99(new), p99(floor))
    yield Result("save of an edited record, p99", p99(edit), p99(floor))
    for what, ours in (("a new", slow), ("an edited", slow_edit)):
        yield Result(f"save of {what} record, commits {SLOW:g} ms longer", median(ours), median(slow_floor))
    yield Result("save of a new record, synchronous=OFF", median(work), median(bare_work), note=unsynced)
    yield Result("save of an edited record, synchronous=OFF", median(work_edit), median(bare_work))
    yield Result("merging of one saved record into the index", median(merges), note=merged)


def slowly(action: Callable[[], float]) -> Callable[[], float]:
    """The action as on a disk on which a commit takes longer."""

    def acted() -> float:
        return action() + taken(lambda: sleep(SLOW / 1e3))

    return acted
