"""Writes the plan of an import: one change, one batch of the journal, one undo takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from db.collection import uncollected
from db.errors import Cancelled, Refused
from db.exchange.memory import remember
from db.exchange.outcome import Counts
from db.exchange.planning import Plan, Progress
from db.exchange.rows import Row
from db.store import links
from db.store.bulk import BATCH, Inserter, NewRecord, cached
from db.store.change import Change
from db.store.store import Store


@dataclass(frozen=True)
class Applied:
    """What an import did: its change (to be undone by `store.undo(change.id)`), and the counts of its plan."""

    change: Change
    counts: Counts


def apply(store: Store, plan: Plan, progress: Progress | None = None) -> Applied:
    """Write the new and changed rows of a plan; the refused and skipped are passed over.

    Should the ledger have been written to since the plan was made, every row is evaluated again first.

    Raises:
        Refused: when there is nothing to write.
        Cancelled: when `progress` gave False; nothing of the import is kept then.
        StoreTrouble: when the machine cannot write (a full disk); nothing of the import is kept then.
    """
    if not plan.counts.written:
        raise Refused("没有可导入的行：没有新增，也没有改动；台账没有动")
    title = f"导入{plan.register.TITLE}：{plan.book.name}"
    with uncollected(), cached(store.connection), store.change(title, may="import") as change:
        if not plan.is_current():
            plan.refresh(progress)
        counts = plan.counts
        done = 0
        for written in _change_rows(change, plan):
            done += written
            _tell(progress, done, counts.written)
        for written in _write_new(change, plan):
            done += written
            _tell(progress, done, counts.written)
        remember(change, plan.register, plan.layouts)
    return Applied(change, counts)


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress and not progress(done, total):
        raise Cancelled


def _change_rows(change: Change, plan: Plan) -> Iterator[int]:
    for row in plan.rows():
        if row.kind == "changed" and row.record is not None:
            record = change.store.load(plan.register, row.record)
            for name, value in (row.changes or {}).items():
                setattr(record, name, value)
            record.rows |= row.lines or {}
            change.save(record)
            yield 1


def _write_new(change: Change, plan: Plan) -> Iterator[int]:
    register = plan.register
    at = {name: place for place, name in enumerate(change.store.shapes[register].names)}
    new = [row for row in plan.rows() if row.kind == "new"]
    brought = [
        (row.values[at["series"]], row.values[at["year"]], row.values[at["sequence"]])
        for row in new
        if row.values[at["sequence"]] is not None and not row.awaits_number
    ]
    inserter = Inserter(change, register, brought)
    for start in range(0, len(new), BATCH):
        batch = new[start : start + BATCH]
        ids = inserter.write([NewRecord(row.values, row.lines or {}, row.awaits_number) for row in batch])
        if register.COPY_FIELD:
            _link_copies(change, plan, [(row, record) for row, record in zip(batch, ids, strict=True)
                                        if row.values[at[register.COPY_FIELD]]])  # fmt: skip
        yield len(batch)


def _link_copies(change: Change, plan: Plan, rows: list[tuple[Row, int]]) -> None:
    for _row, record in rows:
        links.follow_copy(change, change.store.load(plan.register, record), "")
