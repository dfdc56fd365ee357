"""What the search index is told of records: their texts, and where they lie."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from db.directory.settings import Setting
from db.record import Record
from db.store import index
from db.store.texts import texts_of

if TYPE_CHECKING:
    from db.store.store import Store

MARK = "search_format"  # the setting that holds the format of the index


def put(
    store: Store, connection: sqlite3.Connection, record: Record, listed_before: str | None, changed: Iterable[str]
) -> None:
    """Tell the search index what was written.

    `listed_before` is the record's listing date so far, None for a new one; `changed` are the names of the columns and
    kinds of lines that were written. A deleted record goes over to the bin, and comes back from there; one that was
    emptied out of it is found no more.
    """
    changed = set(changed)
    if listed_before is not None and store.shapes[type(record)].searched.isdisjoint(changed):
        return
    number = store.register_numbers[record.key()]
    before = date.fromisoformat(listed_before) if listed_before else None
    is_live = record.deleted_at is None
    if is_live or "deleted_at" in changed:
        index.put(connection, number, record.id, before, record.listed_on, is_live)
    if not is_live or (listed_before is not None and "deleted_at" in changed):
        is_binned = not (is_live or record.emptied_at)
        index.put(connection, number + index.BIN, record.id, before, record.listed_on, is_binned)


def merge(store: Store, connection: sqlite3.Connection) -> None:
    """Bring the search index up to date with the records that wait; inside a transaction."""
    registers = {store.register_numbers[one.key()]: one for one in store.catalogue}
    index.merge(connection, lambda number, records: texts_of(connection, registers[number], records))


def put_again(store: Store, connection: sqlite3.Connection, register: str, record_id: int) -> None:
    """Tell the index of a record beside which something with a name of its own (an attachment) came or went."""
    record = store.load(store.catalogue[register], record_id)
    put(store, connection, record, str(record.listed_on), ("listed_on",))


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether the index was made by this program's way of making it; else see `reindexing`."""
    known = connection.execute(f'SELECT value FROM "{Setting.key()}" WHERE name = ?', (MARK,)).fetchone()
    return known is not None and known[0] == index.FORMAT
