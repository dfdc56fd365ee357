"""What became of a filed report: which figure would be another today, by which records, who changed what and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from db.record import Record
from db.store import journal
from db.store.history import changes
from db.store.store import Store
from db.summaries.annual.facts import Facts
from db.summaries.annual.filing import figures, filed_report, frozen_rows, last_entry
from db.summaries.annual.report import Fact, Row

How = Literal["entered", "left", "changed"]
HOW = {"entered": "现在计入", "left": "不再计入", "changed": "内容改过"}


@dataclass(frozen=True)
class Step:
    """One entry of the journal about a record: who, when, what was done, and each field from what to what."""

    at: str
    by: str
    title: str
    changes: tuple[tuple[str, str, str], ...]

    def __str__(self) -> str:
        told = "；".join(f"{label}“{old}”改为“{new}”" if old else f"{label}“{new}”" for label, old, new in self.changes)
        return f"{self.at[:16].replace('T', ' ')} {self.by} {self.title}{f'：{told}' if told else ''}"


@dataclass(frozen=True)
class Moved:
    """A record by which a figure moved, and all that was done to it since."""

    row: Row
    number: str
    subject: str
    how: How
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Drift:
    """A figure that would be told otherwise today, or by other records: as filed, as it is now, and why."""

    key: str
    label: str
    unit: str
    filed: str
    now: str
    moved: tuple[Moved, ...]

    @property
    def is_shifted(self) -> bool:
        """Whether the number itself is another."""
        return self.filed != self.now


def drift(store: Store, year: int, now: datetime) -> tuple[Drift, ...]:
    """Every figure of the report of a year that has drifted since it was last filed; empty when none has, or none was
    filed.

    Raises:
        Refused: when the frozen rows do not match their hash.
    """
    found = filed_report(year)
    if found is None:
        return ()
    row, report = found
    facts = Facts(store, year, max(now.date(), report.end))
    known: dict[str, dict[int, int]] = {}
    kept = {one.figure: frozen_rows(one) for one in figures(row)}
    told = {fact.key: fact for fact in report.facts}
    keys = [key for key in told if _is_known(facts, key)]
    return tuple(
        Drift(fact.key, fact.label, fact.unit, told[fact.key].shown, fact.shown, moved)
        for fact in facts.read(keys)
        if (moved := tuple(_moved(store, facts, fact, kept[fact.key], told[fact.key].shown, known)))
        or fact.shown != told[fact.key].shown
    )


def _is_known(facts: Facts, key: str) -> bool:
    """Whether the program still has a figure that was filed with an earlier version."""
    return key in facts.passages or facts.names().key(key) is not None


def _moved(
    store: Store,
    facts: Facts,
    fact: Fact,
    filed: list[tuple[str, int, int, int]],
    shown: str,
    known: dict[str, dict[int, int]],
) -> Iterator[Moved]:
    """The records by which a figure differs; when none came or went but the number did, those that were changed."""
    before = {(register, record): (entry, counted) for register, record, entry, counted in filed}
    uncounted = set(facts.uncounted(fact.key)) if fact.key not in facts.passages else set[Row]()
    for row in fact.rows:
        if row not in before or (row not in uncounted) > bool(before[row][1]):
            yield _told(store, row, "entered", before.get(row, (0, 0))[0])
    there = set(fact.rows)
    for row, (entry, counted) in before.items():
        if row not in there or (bool(counted) and row in uncounted):
            yield _told(store, row, "left", entry)
        elif fact.shown != shown and last_entry(store, row, known) > entry and bool(counted) == (row not in uncounted):
            yield _told(store, row, "changed", entry)


def _told(store: Store, row: Row, how: How, since: int) -> Moved:
    register = store.catalogue[row[0]]
    steps = [entry for entry in journal.of_record(store.connection, *row) if entry.id > since]
    number, subject = store.connection.execute(
        f'SELECT number, "{register.SUBJECT}" FROM "{register.key()}" WHERE id = ?', (row[1],)
    ).fetchone() or ("", "")
    told = tuple(Step(entry.at, entry.by, entry.title, _changes(register, entry)) for entry in steps)
    return Moved(row, number or "", subject or "", how, told)


def _changes(register: type[Record], entry: journal.Entry) -> tuple[tuple[str, str, str], ...]:
    """What an entry changed; of one that made the record, nothing is told but that it did."""
    return () if entry.created else tuple((one.label, one.old, one.new) for one in changes(register, entry))
