"""Conditions of a list: each is about one field, and what may be asked follows from the kind of field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import peewee as pw

from db.fields import MomentField, PersonsField, TermsField, UnitsField
from db.record import Record
from db.rules.stretches import stretch
from db.rules.workdays import Workdays
from db.store.clauses import Clause

LIGHT = "light"  # stands for a field where the condition is about the light of a record
LIGHTS = ("late", "due", "soon", "open", "todo", "done", "void")

Test = Literal["is", "holds", "span", "when", "blank", "mine"]


@dataclass(frozen=True)
class Condition:
    """What one field must say, as one chip of a list; the conditions of a list hold together.

    `test`: "is": one of `values`, "" being nothing (of several words joined by 、 one word; of a day its beginning:
    2022, 2022-12 or 2022-12-05); "holds": one of `values` stands in the text, Latin letters large or small; "span":
    from values[0] to values[1], both included, "" for no end; "when": a day in the stretch values[0] (本月,
    未来7个工作日), seen from the day on which the list is read; "blank": nothing stands there; "mine": the clerk who
    reads. `negated` turns it round.
    """

    name: str
    test: Test
    values: tuple[str, ...] = ()
    negated: bool = False


@dataclass(frozen=True)
class Now:
    """What conditions are reckoned from: the day, the calendar, from when on a deadline is close, and who reads."""

    today: date
    days: Workdays
    near: int = 3
    user: str = ""


def is_one_of(name: str, *values: str) -> Condition:
    """The condition that a field holds one of some values."""
    return Condition(name, "is", values)


def is_day(kind: Any) -> bool:
    """Whether a field holds days, or moments whose beginning is a day."""
    return isinstance(kind, pw.DateField | MomentField) or kind.name in ("created_at", "updated_at")


def is_joined(kind: Any) -> bool:
    """Whether a field holds several words joined by 、."""
    return isinstance(kind, UnitsField | PersonsField | TermsField)


def clause(register: type[Record], condition: Condition, now: Now) -> Clause:
    """A condition in SQL over the columns of the register's table.

    Raises:
        KeyError: when the register has no such field.
        ValueError: for a stretch of days that means nothing.
    """
    if condition.name == LIGHT:
        found = _any([light(one, now) for one in condition.values])
    else:
        found = _positive(register._meta.fields[condition.name], condition, now)
    return Clause(f"ifnull({found.sql}, 0) = 0", found.values) if condition.negated else found


def _positive(kind: Any, condition: Condition, now: Now) -> Clause:
    column, values = f'"{kind.column_name}"', condition.values
    if condition.test == "blank":
        return Clause(f"({column} IS NULL OR {column} = '')")
    if condition.test == "mine":
        return _is(kind, column, (now.user,))
    if condition.test == "holds":
        return _any([Clause(f"instr(lower({column}), ?) > 0", (_lower(value),)) for value in values])
    if condition.test in ("when", "span"):
        ends = _ends(condition, now)
        return _days(column, *ends) if is_day(kind) else _numbers(column, *ends)
    return _is(kind, column, values)


def _ends(condition: Condition, now: Now) -> tuple[str, ...]:
    """The first and the last value of a stretch or a span; "" for no end."""
    if condition.test == "span":
        return condition.values
    first, last = stretch(condition.values[0], now.today, now.days)
    return first.isoformat(), last.isoformat()


def _is(kind: Any, column: str, wanted: tuple[str, ...]) -> Clause:
    """One of some values; "" is a field in which nothing stands."""
    values = tuple(value for value in wanted if value)
    if len(values) < len(wanted):
        blank = Clause(f"({column} IS NULL OR {column} = '')")
        return _any([blank, _is(kind, column, values)]) if values else blank
    if is_day(kind):
        return _any([Clause(f"substr({column}, 1, {len(value)}) = ?", (value,)) for value in values])
    if is_joined(kind):
        return _any([Clause(f"instr('、' || {column} || '、', ?) > 0", (f"、{value}、",)) for value in values])
    return Clause(f"{column} IN ({','.join('?' * len(values))})", values)


def _lower(text: str) -> str:
    """As SQLite's lower() does: Latin letters without marks only."""
    return "".join(char.lower() if char.isascii() else char for char in text)


def _any(clauses: list[Clause]) -> Clause:
    if not clauses:
        return Clause("0")
    return Clause(
        f"({' OR '.join(one.sql for one in clauses)})", tuple(value for one in clauses for value in one.values)
    )


def _days(column: str, first: str, last: str) -> Clause:
    """The days and moments from `first` to the end of `last`; an empty text is no day."""
    parts = [Clause(f"{column} >= ?", (first or date.min.isoformat(),))]
    if last and last < date.max.isoformat():
        parts.append(Clause(f"{column} < ?", ((date.fromisoformat(last) + timedelta(1)).isoformat(),)))
    return _all(parts)


def _numbers(column: str, first: str, last: str) -> Clause:
    """Numbers as the column's own kind: SQLite reads the digits that are bound."""
    parts = [Clause(f"{column} {sign} ?", (end,)) for sign, end in ((">=", first), ("<=", last)) if end]
    return _all(parts or [Clause(f"{column} IS NOT NULL")])


def _all(clauses: Iterable[Clause]) -> Clause:
    found = list(clauses)
    return Clause(f"({' AND '.join(one.sql for one in found)})", tuple(value for one in found for value in one.values))


def light(kind: str, now: Now) -> Clause:
    """The records that show a light, so written that the index of urgency finds them."""
    today = now.today.isoformat()
    near = now.days.after(now.today, now.near).isoformat()
    return {
        "late": Clause("(sort_due >= '0' AND sort_due < ?)", (f"0{today}",)),
        "due": Clause("sort_due = ?", (f"0{today}",)),
        "soon": Clause("(sort_due > ? AND sort_due <= ?)", (f"0{today}", f"0{near}")),
        "todo": Clause("(missing > 0 AND voided_on IS NULL)"),
        "open": Clause("sort_due < '2'"),
        "done": Clause("(sort_due >= '2' AND sort_due < '3')"),
        "void": Clause("sort_due = '3'"),
    }[kind]
