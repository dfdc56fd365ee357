"""Recomputes open records after a deadline rule or the calendar has changed: shown first, then written in one change.

What a record holds is derived twice, by the rules in force and by the amended ones; only what differs is written, so
that nothing moves for another reason. Closed, voided and deleted records never change, nor does a date set by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from db.directory.calendar import DeadlineRule, WorkdayOverride, deadlines_of
from db.record import DateField, Record, Table
from db.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from db.store.change import Change
    from db.store.store import Store

Progress = Callable[[int, int], bool]  # (done, of): False asks to stop

_STEP = 64  # records between two tellings of progress
_KEPT_OUT = {"updated_at", "updated_by"}


@dataclass(frozen=True)
class Amendment:
    """Rows of the office's tables that are to be written together: `rows` new or changed, `gone` taken away."""

    title: str
    rows: tuple[Table, ...] = ()
    gone: tuple[Table, ...] = ()

    @property
    def _days(self) -> list[date]:
        return [row.on for row in (*self.rows, *self.gone) if isinstance(row, WorkdayOverride)]

    @property
    def since(self) -> date | None:
        """The first day that a changed calendar can move a deadline to; None when only rules change."""
        return date(min(self._days).year, 1, 1) if self._days else None

    @property
    def registers(self) -> frozenset[str]:
        """The registers whose rules change."""
        return frozenset(row.register for row in self.rows if isinstance(row, DeadlineRule))


@dataclass(frozen=True)
class Moved:
    """One open record that an amendment moves: what it is called, its deadline before and after.

    `is_provisional`: whether the deadline is 暂按 afterwards. `columns` and `lines` are what is written.
    """

    register: str
    record: int
    number: str
    title: str
    before: date | None
    after: date | None
    is_provisional: bool = False
    columns: dict[str, Any] = field(default_factory=dict[str, Any], compare=False)
    lines: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]], compare=False)


class Stopped(Exception):
    """The clerk has broken off; nothing was written."""


def amended_rules(store: Store, amendment: Amendment) -> Rulebook:
    """The rules as they would be after the amendment."""
    rules, days = (_overlaid(model, amendment) for model in (DeadlineRule, WorkdayOverride))
    return replace(store.rules, deadlines=deadlines_of(rules, days))


def _overlaid(model: type[Table], amendment: Amendment) -> list[Any]:
    """The rows of a table as they would be after the amendment."""
    mine = [row for row in amendment.rows if isinstance(row, model)]
    touched = {row.id for row in (*mine, *amendment.gone) if isinstance(row, model)}
    return [*(row for row in model.select() if row.id not in touched), *mine]


def moves(store: Store, amendment: Amendment, progress: Progress = lambda _done, _total: True) -> list[Moved]:
    """The open records that an amendment would move, by register and new deadline. Nothing is written.

    Raises:
        Stopped: when `progress` says so.
    """
    before, after = store.rules, amended_rules(store, amendment)
    ids = [(register, row) for register in store.catalogue for row in _candidates(store, register, amendment)]
    found: list[Moved] = []
    for at, (register, row) in enumerate(ids):
        if at % _STEP == 0 and not progress(at, len(ids)):
            raise Stopped
        moved = _moved(store, register, row, before, after)
        if moved:
            found.append(moved)
    progress(len(ids), len(ids))
    order = {key: at for at, key in enumerate(store.catalogue.keys())}
    return sorted(found, key=lambda one: (order[one.register], one.after or date.max, one.record))


def amend(store: Store, amendment: Amendment, progress: Progress = lambda _done, _total: True) -> Change:
    """Write the amendment and recompute the open records, in one change that one undo takes back.

    Raises:
        Stopped: when `progress` says so; nothing is then written.
        StoreTrouble: when the machine cannot write.
    """
    with store.change(amendment.title, may="edit_rules") as change:
        moved = moves(store, amendment, progress)
        for row in amendment.gone:
            change.remove(row)
        for row in amendment.rows:
            change.put(row)
        for one in moved:
            record = store.load(store.catalogue[one.register], one.record)
            change.write_columns(record, one.columns, one.lines)
    return change


def _candidates(store: Store, register: type[Record], amendment: Amendment) -> Iterator[int]:
    """The open records that may move: all of a register whose rule changes, else those due since the changed days.

    `sort_due` of an open record is "0" and its deadline, or "1" without one; the rest sort behind.
    """
    if register.key() in amendment.registers:
        first = "0"
    elif amendment.since is None:
        return
    else:
        first = f"0{amendment.since.isoformat()}"
    last = "2" if register.key() in amendment.registers or _has_planned_lines(register) else "1"
    rows = store.connection.execute(
        f'SELECT id FROM "{register.key()}" WHERE sort_due >= ? AND sort_due < ? AND deleted_at IS NULL '
        "ORDER BY sort_due, id",
        (first, last),
    ).fetchall()
    yield from (row[0] for row in rows)


def _has_planned_lines(register: type[Record]) -> bool:
    """Whether lines under the register's records hold deadlines of their own."""
    fields = (field for kind in register.LINES for field in kind._meta.sorted_fields)
    return any(isinstance(field, DateField) and field.planned for field in fields)


def _moved(store: Store, register: type[Record], row: int, before: Rulebook, after: Rulebook) -> Moved | None:
    """What becomes of one record; None when it stays as it is."""
    stored = store.load(register, row)
    if not stored.is_open:
        return None
    old_values, old_lines = _derived(store, store.load(register, row), before)
    new_values, new_lines = _derived(store, store.load(register, row), after)
    columns = {name: value for name, value in new_values.items() if value != old_values[name]}
    lines = {name: rows for name, rows in new_lines.items() if rows != old_lines[name]}
    if not columns and not lines:
        return None
    on = new_values["due_on"] if "due_on" in columns else stored.due_on
    return Moved(
        register.key(), row, stored.number, str(getattr(stored, register.SUBJECT)), stored.due_on,
        date.fromisoformat(on) if isinstance(on, str) else on, bool(new_values["is_provisional"]), columns, lines,
    )  # fmt: skip


def _derived(store: Store, record: Record, rules: Rulebook) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """The plain values of a record and of its lines once everything has followed by these rules."""
    record.follow(rules)
    record.rank()
    values = store.shapes[type(record)].values(record)
    lines = {
        kind.key(): [_line_values(store, line, at) for at, line in enumerate(record.lines(kind))]
        for kind in record.LINES
    }
    return {name: value for name, value in values.items() if name not in _KEPT_OUT}, lines


def _line_values(store: Store, line: Any, position: int) -> dict[str, Any]:
    values = store.shapes[type(line)].values(line)
    values.pop("owner")
    return {"id": line.id, **values, "position": position}
