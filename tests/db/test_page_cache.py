"""How many pages of the ledger a connection keeps in memory."""

from __future__ import annotations

import sqlite3

import pytest

from db.store.bulk import cached
from db.store.store import Store


def _kept(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA cache_size").fetchone()[0]


def test_many_new_rows_get_more_pages_and_give_them_back_even_when_they_fail(store: Store) -> None:
    connection = store.connection
    usual = _kept(connection)
    assert usual < 0  # in KiB, not in pages of whatever size
    with cached(connection):
        assert _kept(connection) < usual
    assert _kept(connection) == usual
    with pytest.raises(ZeroDivisionError), cached(connection):
        raise ZeroDivisionError
    assert _kept(connection) == usual
