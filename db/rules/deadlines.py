"""Time limits: from a day and a rule to a deadline (民法典 §§201–203, 民诉法 §85; domain rules 0.1).

The first day is not counted. Months end on the corresponding day, else on the last day of the month. Only rules that
say so roll a deadline on a rest day forward to the next working day.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from db.rules.workdays import Workdays

LONGEST = 3650  # the largest quantity of a rule, whatever its unit: a slip of the keys must not leave the calendar


class Unit(StrEnum):
    """What a time limit is counted in."""

    CALENDAR_DAY = "日"
    WORKING_DAY = "工作日"
    MONTH = "月"


@dataclass(frozen=True)
class Rule:
    """One time limit in one version; `valid_from` and `valid_to` bound the days that it counts from.

    `extension`: the most that it may be extended by, in `extension_unit`, with the consent of `approver`; 0 when the
    law or the office knows no extension.

    Raises:
        ValueError: with a Chinese sentence, when the quantity or the extension is negative or beyond `LONGEST`.
    """

    key: str
    register: str
    label: str
    quantity: int
    unit: Unit
    rolls: bool = False
    basis: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    version: int = 1
    extension: int = 0
    extension_unit: Unit = Unit.CALENDAR_DAY
    approver: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.quantity <= LONGEST:
            raise ValueError(f"期限应在 0 到 {LONGEST} 之间，不能是 {self.quantity}")
        if not 0 <= self.extension <= LONGEST:
            raise ValueError(f"延期应在 0 到 {LONGEST} 之间，不能是 {self.extension}")

    def holds_on(self, day: date) -> bool:
        """Whether the rule was in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Due:
    """A computed deadline, the rule and version behind it, and the day before it was rolled forward.

    `provisional`: the holidays of a year that it touches are not entered.
    """

    on: date
    rule: str
    version: int
    provisional: bool
    nominal: date


def add_months(day: date, count: int) -> date:
    """The corresponding day `count` months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class Deadlines:
    """The rules in force over a calendar."""

    def __init__(self, days: Workdays, rules: Iterable[Rule]) -> None:
        self.days = days
        self._rules: dict[str, list[Rule]] = {}
        for rule in sorted(rules, key=lambda rule: -rule.version):
            self._rules.setdefault(rule.key, []).append(rule)

    def rule(self, key: str, start: date | None) -> Rule | None:
        """The newest version of a rule that was in force on `start`; None when there is none."""
        if start is None:
            return None
        return next((rule for rule in self._rules.get(key, ()) if rule.holds_on(start)), None)

    def due(self, key: str, start: date | None) -> Due | None:
        """The deadline that the rule `key` sets from `start`; None without a start or a rule in force."""
        rule = self.rule(key, start)
        if rule is None or start is None:
            return None
        if rule.unit is Unit.WORKING_DAY:
            nominal = self.days.after(start, rule.quantity)
        elif rule.unit is Unit.MONTH:
            nominal = add_months(start, rule.quantity)
        else:
            nominal = start + timedelta(rule.quantity)
        on = self.days.next_workday(nominal) if rule.rolls else nominal
        return Due(on, key, rule.version, self._is_provisional(rule, start, nominal, on), nominal)

    def _is_provisional(self, rule: Rule, start: date, nominal: date, on: date) -> bool:
        """Whether the deadline leans on the holidays of a year that are not entered."""
        if rule.unit is Unit.WORKING_DAY:
            first = start.year
        elif rule.rolls:
            first = nominal.year
        else:
            return False
        return any(self.days.is_provisional(date(year, 1, 1)) for year in range(first, on.year + 1))

    def state(self, due: date, today: date, near: int = 3) -> tuple[str, int]:
        """How a deadline stands: ("late", n), ("due", 0), ("soon", n) up to `near`, else ("ok", n).

        `n` counts working days since or until the deadline, and is 1 when only rest days lie between.
        """
        if due == today:
            return "due", 0
        if due < today:
            return "late", max(self.days.between(due, today), 1)
        left = max(self.days.between(today, due), 1)
        return ("soon" if left <= near else "ok"), left
