"""The office's own days and deadline rules, laid over the bundled ones."""

from __future__ import annotations

from collections.abc import Iterable

import peewee as pw

from db.record import Table
from db.resources import RESOURCES
from db.rules.deadlines import Deadlines, Rule, Unit
from db.rules.workdays import Day, Workdays


class WorkdayOverride(Table):
    """One day that the office has entered: a make-up day, a holiday of the year's notice, a local day off."""

    on = pw.DateField(unique=True)
    is_workday = pw.BooleanField()
    name = pw.TextField(default="")
    source = pw.TextField(default="")


class DeadlineRule(Table):
    """One time limit of the law or the office; a changed rule gets a higher version (domain rules 0.1).

    `extension` is the most that it may be extended by, in `extension_unit`, with the consent of `approver`.
    """

    name = pw.TextField()
    register = pw.TextField()
    label = pw.TextField()
    quantity = pw.IntegerField()
    unit = pw.TextField()
    rolls = pw.BooleanField(default=False)
    basis = pw.TextField(default="")
    valid_from = pw.DateField(null=True)
    valid_to = pw.DateField(null=True)
    version = pw.IntegerField(default=1)
    extension = pw.IntegerField(default=0)
    extension_unit = pw.TextField(default="")
    approver = pw.TextField(default="")

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        indexes = ((("name", "version"), True),)


def workdays_of(rows: Iterable[WorkdayOverride]) -> Workdays:
    """The calendar: the office's days over the bundled ones over the weekend rule."""
    own = (Day(row.on, row.is_workday, row.name, row.source) for row in rows)
    return Workdays.from_csv(RESOURCES / "holidays" / "days.csv", own=own)


def rule_of(row: DeadlineRule) -> Rule:
    """A rule as it stands in the office's table."""
    return Rule(
        row.name, row.register, row.label, row.quantity, Unit(row.unit), row.rolls, row.basis, row.valid_from,
        row.valid_to, row.version, row.extension, Unit(row.extension_unit or row.unit), row.approver,
    )  # fmt: skip


def deadlines_of(rules: Iterable[DeadlineRule], days: Iterable[WorkdayOverride]) -> Deadlines:
    """The deadline rules over the calendar."""
    return Deadlines(workdays_of(days), map(rule_of, rules))


def deadlines() -> Deadlines:
    """The deadline rules in force over the calendar, as the office's tables have them."""
    return deadlines_of(DeadlineRule.all_rows(), WorkdayOverride.all_rows())
