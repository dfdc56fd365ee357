"""The numbers of a series: those kept for classified papers, which are registered elsewhere, and those never given."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from db.directory.numbers import NumberReason
from db.errors import Refused
from db.record import Record
from db.rules import secrecy
from db.rules.numbering import MissingNumbers

if TYPE_CHECKING:
    from db.store.change import Change
    from db.store.store import Store

LONGEST_REASON = 100  # characters of the reason for a gap, which stands in a cell of a printed table


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


def explain(store: Store, gap: MissingNumbers, reason: str) -> Change:
    """Keep why the numbers of a gap were never given; an empty reason takes the one that was there away.

    Raises:
        Refused: when the reason is too long, there is none to take away, or a number of the gap has been given since.
    """
    reason = " ".join(reason.split())
    if len(reason) > LONGEST_REASON:
        raise Refused(f"缺号原因太长：{len(reason)}字，最多{LONGEST_REASON}字；没有保存，请删短")
    table = store.catalogue[gap.register].key()
    used = store.connection.execute(
        f'SELECT number FROM "{table}" WHERE series = ? AND year = ? AND sequence BETWEEN ? AND ? '
        "AND deleted_at IS NULL LIMIT 1",
        (gap.series, gap.year, gap.first, gap.last),
    ).fetchone()
    if used:
        raise Refused(f"{used[0]}已经用了，不再是缺号；没有保存，请重新打开编号核查表")
    place = {name: getattr(gap, name) for name in ("register", "series", "year", "first", "last")}
    row = NumberReason.get_or_none(**place)
    if not reason and row is None:
        raise Refused("请写明缺号原因，没有保存")
    with store.change(f"缺号说明：{gap.text}") as change:
        if row is not None and not reason:
            change.remove(row)
            return change
        row = row or NumberReason(**place)
        row.reason, row.by, row.at = reason, store.user, store.moment()
        change.put(row)
    return change
