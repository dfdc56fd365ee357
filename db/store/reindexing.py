"""Indexes a whole ledger anew: rows and lines read by the batch, texts put in by rising row id, in one transaction.

Going from record to record, as a save does, takes three times as long.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterator
from itertools import islice

from db.catalogue import Catalogue
from db.collection import uncollected
from db.directory import settings
from db.record import Record
from db.store import index, indexing, journal
from db.store.backup import Progress
from db.store.initials import bundled
from db.store.shapes import Shapes
from db.store.texts import READ, texts

WRITTEN = 2_000  # texts put in at once
_Text = tuple[int, int, str]  # row id in the index, number of the register (or of its bin), folded text


def index_anew(
    connection: sqlite3.Connection, catalogue: Catalogue, numbers: dict[str, int], progress: Progress
) -> None:
    """Empty the search index and fill it from all records; `progress` counts records and stops it by False.

    Raises:
        sqlite3.OperationalError: SQLITE_INTERRUPT when it was stopped by the connection's progress handler.
    """
    shapes = Shapes(catalogue.registers, bundled())
    total = sum(connection.execute(f'SELECT count(*) FROM "{one.key()}"').fetchone()[0] for one in catalogue)
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in ("DELETE FROM search_text", "DROP TABLE IF EXISTS search_pending",
                          "INSERT INTO search (search) VALUES ('delete-all')"):  # fmt: skip
            connection.execute(statement)
        sources = [
            _texts(connection, shapes, register, numbers[register.key()] + bin_, condition)
            for register in catalogue
            for bin_, condition in ((0, "deleted_at IS NULL"), (index.BIN, index.BINNED))
        ]
        with uncollected():
            _fill(connection, heapq.merge(*sources), total, progress)
        index.set_merged(connection, journal.head(connection)[0])
        settings.put(indexing.MARK, index.FORMAT)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back when it is interrupted or the disk is full
            connection.execute("ROLLBACK")
        raise


def _fill(connection: sqlite3.Connection, texts: Iterator[_Text], total: int, progress: Progress) -> None:
    done = 0
    while batch := list(islice(texts, WRITTEN)):
        index.add_sorted(connection, batch)
        done += len(batch)
        progress(done, total)


def _texts(
    connection: sqlite3.Connection, shapes: Shapes, register: type[Record], number: int, condition: str
) -> Iterator[_Text]:
    """The texts of a register's records by rising row id, read over the index of its list by day."""
    shape = shapes[register]
    columns = ",".join(f'"{column}"' for column in shape.columns)
    rows = connection.execute(f'SELECT id,{columns} FROM "{shape.table}" WHERE {condition} ORDER BY listed_on, id')
    listed_at = shape.names.index("listed_on")
    while batch := rows.fetchmany(READ):
        listed = {row[0]: row[1 + listed_at] for row in batch}
        for record, text in texts(connection, shapes, register, batch):
            yield index.key_of(index.day_of(listed[record]), number, record), number, text
