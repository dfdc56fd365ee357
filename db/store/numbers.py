"""The numbers of a series: how many are kept for classified papers, which are registered elsewhere."""

from __future__ import annotations

import sqlite3

from db.record import Record
from db.rules import secrecy


def reserved(connection: sqlite3.Connection, register: type[Record], year: int) -> dict[str, int]:
    """How many numbers of each series and year are placeholders; series without one are left out."""
    name = register.security_field()
    if not name:
        return {}
    sql = (
        f'SELECT series, count(*) FROM "{register.key()}" WHERE year = ? AND "{name}" = ? AND voided_on IS NULL '
        "AND deleted_at IS NULL GROUP BY series ORDER BY series"
    )
    return dict(connection.execute(sql, (year, secrecy.RESERVED)).fetchall())
