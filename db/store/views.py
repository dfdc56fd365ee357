"""Saves a list's filter under a name, and reads it back as it would be chosen today.

A view is one row of the ledger: journaled, undone and shared like the office's other tables.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from db.directory.views import SavedView
from db.errors import Problem, Refused
from db.record import Record
from db.rules.stretches import is_name
from db.store.conditions import LIGHT, LIGHTS, Condition
from db.store.search import Filter

if TYPE_CHECKING:
    from db.store.change import Change
    from db.store.store import Store

LONGEST = 20  # characters of a name: the side bar has no room for more
THIS_YEAR = "this"  # the year of the day on which the view is opened
_TESTS = ("is", "holds", "span", "when", "blank", "mine")


@dataclass(frozen=True)
class View:
    """A view as it is today; `columns` empty: the register's own; `is_shared`: it stands under every register."""

    id: int
    name: str
    wanted: Filter
    columns: tuple[str, ...]
    is_shared: bool

    @property
    def is_of_overdue(self) -> bool:
        """Whether it lists what is overdue and nothing else."""
        late = Condition(LIGHT, "is", ("late",))
        return self.wanted.light == "late" or late in self.wanted.conditions


def views_of(register: type[Record], today: date) -> list[View]:
    """The views under a register in the office's order, those of every register first."""
    rows = SavedView.select().where(SavedView.register.in_(("", register.key())))
    found: list[View] = []
    for row in rows.order_by(SavedView.register != "", SavedView.position, SavedView.id):
        wanted, columns = read(row.wanted, register, today)
        found.append(View(row.id, row.name, wanted, columns, not row.register))
    return found


def write(wanted: Filter, columns: Sequence[str], today: date) -> str:
    """A filter as JSON. This year is kept as this year; the rows of one figure and of the bin are no view."""
    conditions = [[one.name, one.test, list(one.values), one.negated] for one in wanted.conditions]
    if wanted.created_on is not None:
        conditions.append(["created_at", "when", ["今天"], False])
    kept: dict[str, Any] = {
        "text": wanted.text,
        "year": THIS_YEAR if wanted.year == today.year else wanted.year,
        "month": list(wanted.month) if wanted.month else None,
        "light": wanted.light,
        "conditions": conditions,
        "order": wanted.order,
        "ascending": not wanted.descending,
        "group": wanted.group,
        "columns": list(columns),
    }
    return json.dumps({name: value for name, value in kept.items() if value}, ensure_ascii=False)


def read(text: str, register: type[Record], today: date) -> tuple[Filter, tuple[str, ...]]:
    """The filter and the columns that were saved; what this register or this program does not know falls out."""
    try:
        kept: Any = json.loads(text)
        year = today.year if kept.get("year") == THIS_YEAR else kept.get("year")
        month = kept.get("month")
        wanted = Filter(
            text=str(kept.get("text", "")),
            year=int(year) if year else None,
            month=(int(month[0]), int(month[1])) if month else None,
            light=kept.get("light", "") if kept.get("light", "") in LIGHTS else "",
            conditions=tuple(filter(None, (_condition(register, one) for one in kept.get("conditions", ())))),
            order=_known(register, kept.get("order", "")),
            descending=not kept.get("ascending"),
            group=_known(register, kept.get("group", "")),
        )
        return wanted, tuple(map(str, kept.get("columns", ())))
    except (ValueError, TypeError, AttributeError, IndexError):
        return Filter(), ()


def _known(register: type[Record], name: str) -> str:
    return name if name in register._meta.fields else ""


def _condition(register: type[Record], kept: Any) -> Condition | None:
    name, test, values, negated = kept
    if (name != LIGHT and not _known(register, name)) or test not in _TESTS:
        return None
    is_bad_light = name == LIGHT and not set(values) <= set(LIGHTS)
    is_bad_span = test == "span" and len(values) != 2
    is_bad_stretch = test == "when" and not (values and is_name(values[0]))
    if is_bad_light or is_bad_span or is_bad_stretch:
        return None
    return Condition(name, test, tuple(map(str, values)), bool(negated))


def save_view(store: Store, register: type[Record], name: str, wanted: Filter, columns: Sequence[str]) -> Change:
    """Save a filter as a view of a register, at the end of its views.

    Raises:
        Refused: when the name will not do, or the filter is the rows of one figure.
    """
    if wanted.ids is not None or wanted.deleted:
        raise Refused([Problem("name", "这是某一个数字或回收站的记录，不是条件，不能存为视图")])
    name = " ".join(name.split())
    _refuse_name(register.key(), name, 0)
    last = max((row.position for row in SavedView.select()), default=0)
    text = write(wanted, columns, store.rules.today)
    with store.change(f"存视图“{name}”") as change:
        change.put(SavedView(register=register.key(), name=name, wanted=text, position=last + 1))
    return change


def rename_view(store: Store, view: int, name: str) -> Change:
    """Give a view another name.

    Raises:
        Refused: when the name will not do, or the view is gone.
    """
    row, name = _row(view), " ".join(name.split())
    _refuse_name(row.register, name, view)
    with store.change(f"视图“{row.name}”改名") as change:
        row.name = name
        change.put(row)
    return change


def rewrite_view(store: Store, view: int, wanted: Filter, columns: Sequence[str]) -> Change:
    """Let a view hold the filter that the list has now."""
    row = _row(view)
    with store.change(f"改视图“{row.name}”的条件") as change:
        row.wanted = write(replace(wanted, ids=None, deleted=False), columns, store.rules.today)
        change.put(row)
    return change


def delete_view(store: Store, view: int) -> Change:
    """Take a view away; undo brings it back."""
    row = _row(view)
    with store.change(f"删除视图“{row.name}”") as change:
        change.remove(row)
    return change


def move_view(store: Store, view: int, by: int) -> Change | None:
    """Put a view one place up (-1) or down (1) among those of its register; None where there is no place."""
    row = _row(view)
    query = SavedView.select().where(SavedView.register == row.register)
    rows = list(query.order_by(SavedView.position, SavedView.id))
    at = next(at for at, other in enumerate(rows) if other.id == view)
    if not 0 <= at + by < len(rows):
        return None
    rows.insert(at + by, rows.pop(at))
    with store.change(f"移动视图“{row.name}”") as change:
        for position, other in enumerate(rows, 1):
            other.position = position
            change.put(other)
    return change


def _row(view: int) -> SavedView:
    row = SavedView.get_or_none(SavedView.id == view)
    if row is None:
        raise Refused("这个视图已不在了")
    return row


def _refuse_name(register: str, name: str, view: int) -> None:
    if not name:
        raise Refused([Problem("name", "给视图起个名，如“本月没办完的”")])
    if len(name) > LONGEST:
        raise Refused([Problem("name", f"名称最多 {LONGEST} 个字，现在 {len(name)} 个")])
    same = SavedView.select().where(SavedView.register.in_(("", register)), SavedView.name == name)
    if any(row.id != view for row in same):
        raise Refused([Problem("name", f"已经有“{name}”，请换个名")])
