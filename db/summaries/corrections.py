"""What happened to a period's records after its end: entered late (补录), or voided since (更正).

A period is counted by business date over what is valid when it is printed: a record entered late counts, one voided
since does not (domain.md 14 and 15A). A page printed again may so differ from the one that was signed; these sentences
say by which records.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from db.catalogue import Catalogue
from db.figures import Period

NAMED = 10  # records that a sentence names; the others are only counted


@dataclass(frozen=True)
class _Changed:
    """A record of the period that was entered, or with `voided_on` voided, after its end."""

    title: str
    number: str
    voided_on: str | None
    reason: str

    def __str__(self) -> str:
        name = f"{self.title}{self.number or '（未编号）'}"
        return f"{name}（{self.voided_on}，{self.reason}）" if self.voided_on else name


def corrections(connection: sqlite3.Connection, catalogue: Catalogue, period: Period, now: datetime) -> Iterator[str]:
    """The sentences for a period that has ended by `now`; none while it runs, or when nothing changed since."""
    if now.date() < period.end:
        return
    changed = [one for register in catalogue for one in _changed(connection, register.key(), register.TITLE, period)]
    late = [one for one in changed if not one.voided_on]
    voided = [one for one in changed if one.voided_on]
    if late:
        yield f"补录：本表含截止后登记的{len(late)}件：{_named(late)}。"
    if voided:
        yield f"更正：另有{len(voided)}件在截止后作废，本表不再计入：{_named(voided)}。"


def _changed(connection: sqlite3.Connection, table: str, title: str, period: Period) -> Iterator[_Changed]:
    rows = connection.execute(
        f'SELECT number, voided_on, void_reason FROM "{table}" WHERE deleted_at IS NULL AND listed_on >= :start '
        "AND listed_on < :end AND ((voided_on IS NULL AND created_at >= :end) OR (voided_on >= :end AND "
        "created_at < :end)) ORDER BY listed_on, id",
        {"start": period.start.isoformat(), "end": period.end.isoformat()},
    )
    return (_Changed(title, *row) for row in rows)


def _named(changed: list[_Changed]) -> str:
    more = f"等{len(changed)}件" if len(changed) > NAMED else ""
    return "、".join(str(one) for one in changed[:NAMED]) + more
