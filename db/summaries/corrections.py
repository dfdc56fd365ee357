"""What happened to a month's records after it was closed: entered late (补录), voided or changed since (更正).

A period is counted by business date over what is valid when it is printed: a record entered late counts, one voided
since does not (domain.md 14 and 15A). A page printed again may so differ from the one that was signed; these sentences
say by which records. A month is closed by its end, or by the moment of its lock.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.catalogue import Catalogue
from db.directory.locks import MonthLock
from db.fields import DateField
from db.figures import Period
from db.record import Record
from db.store import journal
from db.summaries.wording import moment_words

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
NAMED = 10  # records that a sentence names; the others are only counted


@dataclass(frozen=True)
class _Changed:
    """A record of the period that was entered, voided or changed after it was closed, and what is told of it."""

    title: str
    number: str
    remark: str = ""

    def __str__(self) -> str:
        name = f"{self.title}{self.number or '（未编号）'}"
        return f"{name}（{self.remark}）" if self.remark else name


def corrections(
    connection: sqlite3.Connection, catalogue: Catalogue, period: Period, now: datetime, lock: MonthLock | None = None
) -> Iterator[str]:
    """The sentences for a period that has ended by `now`; none while it runs, or when nothing changed since.

    With `lock`, the line by which the month is locked, it is told what came after that moment instead.
    """
    if now.date() < period.end:
        return
    after, since = ("锁定", str(lock.at)) if lock else ("截止", period.end.isoformat())
    late = [one for register in catalogue for one in _late(connection, register, period, since)]
    voided = [one for register in catalogue for one in _voided(connection, register, period, since)]
    if late:
        yield f"补录：本表含{after}后登记的{len(late)}件：{_named(late)}。"
    if voided:
        yield f"更正：另有{len(voided)}件在{after}后作废，本表不再计入：{_named(voided)}。"
    if lock:
        yield from _after_lock(connection, catalogue, period, lock)


def lock_words(log: Sequence[MonthLock]) -> Iterator[str]:
    """The log of a month's locks in one sentence, for its page; none when it was never locked."""
    if log:
        yield f"锁定记录：{'；'.join(map(_line_words, log))}。"


def _line_words(line: MonthLock) -> str:
    at = datetime.fromisoformat(str(line.at))
    kept = f"，其时台账日志共{line.entries}条，校验码{line.checksum}" if line.is_locked else ""
    return f"{moment_words(at)}{line.by}{'锁定' if line.is_locked else '解锁'}（{line.reason}{kept}）"


def _after_lock(connection: sqlite3.Connection, catalogue: Catalogue, period: Period, lock: MonthLock) -> Iterator[str]:
    revised = [one for register in catalogue for one in _revised(connection, register, period, str(lock.at))]
    gone = [one for register in catalogue for one in _gone(connection, register, period, lock)]
    if revised:
        yield f"更正：锁定后改动{len(revised)}件：{_named(revised)}。"
    if gone:
        yield f"更正：另有{len(gone)}件在锁定后移出本月，本表不再计入：{_named(gone)}。"


def _rows(
    connection: sqlite3.Connection, register: type[Record], period: Period, since: str, columns: str, condition: str
) -> Iterable[tuple[Any, ...]]:
    sql = (
        f'SELECT {columns} FROM "{register.key()}" WHERE listed_on >= :start AND listed_on < :end AND {condition} '
        "ORDER BY listed_on, id"
    )
    values = {"start": period.start.isoformat(), "end": period.end.isoformat(), "since": since, "day": since[:10]}
    return connection.execute(sql, values).fetchall()


def _late(connection: sqlite3.Connection, register: type[Record], period: Period, since: str) -> Iterator[_Changed]:
    condition = "deleted_at IS NULL AND voided_on IS NULL AND created_at >= :since"
    return (_Changed(register.TITLE, *row) for row in _rows(connection, register, period, since, "number", condition))


def _voided(connection: sqlite3.Connection, register: type[Record], period: Period, since: str) -> Iterator[_Changed]:
    condition = "deleted_at IS NULL AND voided_on >= :day AND updated_at >= :since AND created_at < :since"
    columns = "number, voided_on || '，' || void_reason"
    return (_Changed(register.TITLE, *row) for row in _rows(connection, register, period, since, columns, condition))


def _revised(connection: sqlite3.Connection, register: type[Record], period: Period, since: str) -> Iterator[_Changed]:
    condition = "deleted_at IS NULL AND voided_on IS NULL AND created_at < :since AND updated_at >= :since"
    for number, record in _rows(connection, register, period, since, "number, id", condition):
        entries = (entry for entry in journal.of_record(connection, register.key(), record) if entry.at >= since)
        labels = _overwritten(register, entries, period.end)
        if labels:
            yield _Changed(register.TITLE, number, "、".join(labels))


def _overwritten(register: type[Record], entries: Iterable[journal.Entry], end: date) -> list[str]:
    """The labels of what was written over, or dated back into the month; what went on after it is no correction."""
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for entry in entries:
        for name, value in entry.after.items():
            first.setdefault(name, entry.before.get(name))
            last[name] = value
    typed = [name for section in register.FORM for name in section.fields if name not in register.DERIVED]
    return [register.label(name) for name in dict.fromkeys(("number", *typed))
            if name in last and _is_correction(register, name, first[name], last[name], end)]  # fmt: skip


def _is_correction(register: type[Record], name: str, before: Any, after: Any, end: date) -> bool:
    field = register._meta.fields.get(name)
    if field is None:  # lines: those that are gone or changed, and new ones that are not dated after the month
        return _are_corrected(before or [], after or [], end.isoformat())
    if before in (None, "", 0):
        return isinstance(field, DateField) and not field.planned and bool(after) and str(after) < end.isoformat()
    return before != after


def _are_corrected(old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]], end: str) -> bool:
    """Whether lines are gone or written over, or new facts among them are not dated after the month."""
    kept = {row["id"]: row for row in new}
    for row in old:
        now = kept.pop(row["id"], {})
        filled = {name: value for name, value in now.items() if row.get(name) in (None, "", 0)}
        if any(now.get(name) != value for name, value in row.items() if name != "position" and name not in filled):
            return True
        if any(day < end for day in _days(filled)):
            return True
    return any(max(_days(row), default="") < end for row in kept.values())


def _days(row: dict[str, Any]) -> list[str]:
    """The dates in a line."""
    return [value for value in row.values() if isinstance(value, str) and _DAY.fullmatch(value)]


def _gone(
    connection: sqlite3.Connection, register: type[Record], period: Period, lock: MonthLock
) -> Iterator[_Changed]:
    """Records that were deleted since, or whose business date was moved into another month."""
    deleted = "deleted_at >= :since AND created_at < :since"
    for (number,) in _rows(connection, register, period, str(lock.at), "number", deleted):
        yield _Changed(register.TITLE, number, "删除")
    moved = connection.execute(
        f'SELECT r.number, r.listed_on FROM "{register.key()}" r WHERE r.deleted_at IS NULL '
        "AND NOT (r.listed_on >= :start AND r.listed_on < :end) AND r.created_at < :since AND r.id IN "
        "(SELECT record FROM journal WHERE id > :entries AND register = :register AND before LIKE :day) ORDER BY r.id",
        {"start": period.start.isoformat(), "end": period.end.isoformat(), "since": str(lock.at),
         "entries": lock.entries, "register": register.key(), "day": f'%"listed_on":"{period.start:%Y-%m}-%'},
    )  # fmt: skip
    for number, on in moved:
        yield _Changed(register.TITLE, number, f"{register.label(register.BUSINESS_DATE)}改为{on}")


def _named(changed: list[_Changed]) -> str:
    more = f"等{len(changed)}件" if len(changed) > NAMED else ""
    return "、".join(str(one) for one in changed[:NAMED]) + more
