"""The years of a register: which hold records, and how many each; read from an index."""

from __future__ import annotations

import sqlite3

from db.record import Record


def live_count(connection: sqlite3.Connection, register: type[Record], year: int | None) -> int:
    """The number of records listed in a year (None: all), voided ones included, deleted ones not."""
    table = register.key()
    if year is None:
        # Rows by pages of an index, less the few deleted: to look at deleted_at of each takes a thousand times as long.
        deleted = f'SELECT count(*) FROM "{table}" WHERE deleted_at IS NOT NULL'
        return connection.execute(f'SELECT (SELECT count(*) FROM "{table}") - ({deleted})').fetchone()[0]
    if register.YEAR:
        sql = f'SELECT count(*) FROM "{table}" WHERE deleted_at IS NULL AND "{register.YEAR}" = ?'
        return connection.execute(sql, (year,)).fetchone()[0]
    sql = f'SELECT count(*) FROM "{table}" WHERE deleted_at IS NULL AND listed_on >= ? AND listed_on < ?'
    return connection.execute(sql, (f"{year:04}-01-01", f"{year + 1:04}-01-01")).fetchone()[0]


def years(connection: sqlite3.Connection, register: type[Record]) -> list[int]:
    """The years that hold records, newest first; found by jumping along the index, not by reading it through."""
    table = register.key()
    last, before = "substr(max(listed_on), 1, 4)", "listed_on < y.year || '-01-01'"
    if register.YEAR:
        last, before = f'max("{register.YEAR}")', f'"{register.YEAR}" < y.year'
    sql = f"""WITH RECURSIVE y(year) AS (
        SELECT {last} FROM "{table}" WHERE deleted_at IS NULL
        UNION ALL
        SELECT (SELECT {last} FROM "{table}"
            WHERE deleted_at IS NULL AND {before})
        FROM y WHERE y.year IS NOT NULL)
        SELECT year FROM y WHERE year IS NOT NULL"""
    return [int(row[0]) for row in connection.execute(sql)]
