"""Brings the search index up to date, and tells whether it is one that this program made."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from db.directory.settings import Setting
from db.store import index, journal, waiting

if TYPE_CHECKING:
    from db.store.store import Store

MARK = "search_format"  # the setting that holds the format of the index


def merge(store: Store, connection: sqlite3.Connection) -> None:
    """Bring the search index up to date with all that the journal tells; inside a transaction."""
    if index.pending(connection):
        index.merge(connection, waiting.of_all(connection, store.numbered()))
        index.set_merged(connection, journal.head(connection)[0])


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether the index was made by this program's way of making it, of no more than the journal tells.

    Else see `reindexing`.
    """
    known = connection.execute(f'SELECT value FROM "{Setting.key()}" WHERE name = ?', (MARK,)).fetchone()
    if known is None or known[0] != index.FORMAT:
        return False
    row = connection.execute("SELECT entry FROM search_merged").fetchone()
    return row is not None and isinstance(row[0], int) and 0 <= row[0] <= journal.head(connection)[0]
