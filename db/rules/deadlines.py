"""Time limits: from a day and a rule to a deadline (民法典 §§201–203, 民诉法 §85; domain rules 0.1).

The first day is not counted. Months end on the corresponding day, else on the last day of the month. Only rules that
say so roll a deadline on a rest day forward to the next working day.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from db.errors import Problem, Refused
from db.rules.workdays import Workdays

LONGEST = 3650  # days, the largest quantity of a rule: a slip of the keys must not leave the calendar
_LONGEST_MONTHS = 120


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
        ValueError: with a Chinese sentence, when the quantity or the extension is negative or beyond ten years.
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
        for word, quantity, unit in (("期限", self.quantity, self.unit), ("延期", self.extension, self.extension_unit)):
            longest = _LONGEST_MONTHS if unit is Unit.MONTH else LONGEST
            if not 0 <= quantity <= longest:
                raise ValueError(f"{word}应在 0 到 {longest} 之间，不能是 {quantity}")

    def holds_on(self, day: date) -> bool:
        """Whether the rule was in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def succeed(versions: Iterable[Rule], wanted: Rule) -> tuple[Rule, Rule]:
    """The version that a changed rule replaces, closed on the day before, and the new version.

    `wanted` carries what the office wants from its `valid_from` on; its number of version is given here. A version is
    never rewritten, so what was computed by it keeps its ground.

    Raises:
        Refused: at `valid_from` or `valid_to`, when there is no first day, the validity ends before it begins, or it
            overlaps that of another version.
    """
    known = sorted(versions, key=lambda rule: rule.version)
    last, start, end = known[-1], wanted.valid_from, wanted.valid_to
    if start is None:
        raise Refused([Problem("valid_from", "请填写从哪一天起施行")])
    if last.valid_from and start <= last.valid_from:
        text = f"第{last.version}版自{last.valid_from}起施行，新一版要晚于这一天；刚改错的请先撤销"
        raise Refused([Problem("valid_from", text)])
    if end and end < start:
        raise Refused([Problem("valid_to", f"施行到{end}，早于起始的{start}")])
    for rule in known[:-1]:
        if rule.valid_to is None or rule.valid_to >= start:
            raise Refused([Problem("valid_from", f"与第{rule.version}版的施行期重叠（到{rule.valid_to or '今后'}）")])
    closed = last if last.valid_to and last.valid_to < start else replace(last, valid_to=start - timedelta(1))
    return closed, replace(wanted, key=last.key, register=last.register, version=last.version + 1)


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
        self._dues: dict[tuple[str, date | None], Due | None] = {}  # the same few days are asked for again and again
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
        if (key, start) not in self._dues:
            self._dues[key, start] = self._worked_out(key, start)
        return self._dues[key, start]

    def _worked_out(self, key: str, start: date | None) -> Due | None:
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

    def before(self, key: str, end: date | None) -> date | None:
        """The day that lies the time of the rule `key` before `end`, to warn ahead; None without an end or a rule.

        Working days are counted back over the calendar; the last day is not counted.
        """
        rule = self.rule(key, end)
        if rule is None or end is None:
            return None
        if rule.unit is Unit.WORKING_DAY:
            return self.days.before(end, rule.quantity)
        return add_months(end, -rule.quantity) if rule.unit is Unit.MONTH else end - timedelta(rule.quantity)

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
