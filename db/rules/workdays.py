"""The working-day calendar with make-up days (调休): the office's own days over the bundled ones over the weekend rule.

Sources: 全国年节及纪念日放假办法 (2024-11-10) and the yearly notice of the State Council's general office.
"""

from __future__ import annotations

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Self

from db.rules.feasts import feast

_ONE = timedelta(1)
_SATURDAY = 5
_NOTICE_MONTH = 11
# Weekdays off that every yearly notice has: around 春节 and after 国庆节, as (month, day) from, to.
_IN_EVERY_NOTICE = (((1, 20), (2, 28)), ((10, 1), (10, 8)))


@dataclass(frozen=True)
class Day:
    """One day that differs from the weekend rule, or is named: whether it is worked, its name, where that is said."""

    on: date
    is_workday: bool
    name: str = ""
    source: str = ""


@cache
def _days_in(path: Path) -> tuple[Day, ...]:
    """The days of a file with the columns `day,kind,name,source` (kind is work or rest), which is read once.

    Raises:
        OSError: when the file cannot be read.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = (row for row in lines if not row.startswith("#"))
        return tuple(
            Day(date.fromisoformat(row["day"]), row["kind"] == "work", row["name"], row["source"])
            for row in csv.DictReader(rows)
        )


class Workdays:
    """A calendar of working days.

    A year is provisional (暂按) until its arrangement is known: bundled, or entered by the office. A single day that
    the office enters (a storm, a local feast) counts, but does not make its year known. In a year that is not
    bundled, weekends and the statutory feasts are rest days.
    """

    def __init__(self, bundled: Iterable[Day] = (), own: Iterable[Day] = (), covered: Container[int] = ()) -> None:
        """Lay the office's `own` days over the `bundled` ones; `covered` names further years that are known."""
        self._days = {day.on: day for day in bundled}
        self._bundled = {on.year for on in self._days}
        entered = {day.on: day for day in own}
        self._entered = {on.year for on in entered if _holds_a_notice(entered, on.year)}
        self._covered = covered
        self._days.update(entered)
        self._years: dict[int, list[int]] = {}

    @classmethod
    def from_csv(cls, path: Path, own: Iterable[Day] = ()) -> Self:
        """Lay the office's own days over those of a file.

        Raises:
            OSError: when the file cannot be read.
        """
        return cls(_days_in(path), own)

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked."""
        known = self._days.get(day)
        if known is not None:
            return known.is_workday
        if day.weekday() >= _SATURDAY:
            return False
        return day.year in self._bundled or not feast(day)

    def is_provisional(self, day: date) -> bool:
        """Whether the holidays of the day's year have not been entered, so that the answer is only 暂按."""
        return not (day.year in self._bundled or day.year in self._entered or day.year in self._covered)

    def missing_year(self, today: date) -> int | None:
        """The year whose arrangement of holidays is to be entered: this one, or from 1 November the next; else None.

        The State Council's notice comes out between late October and mid-November.
        """
        if self.is_provisional(today):
            return today.year
        following = date(today.year + 1, 1, 1)
        return following.year if today.month >= _NOTICE_MONTH and self.is_provisional(following) else None

    def name(self, day: date) -> str:
        """The name of the holiday or make-up day; empty for an ordinary day."""
        known = self._days.get(day)
        if known is not None:
            return known.name
        return "" if day.year in self._bundled else feast(day)

    def _worked(self, year: int) -> list[int]:
        """The ordinals of the working days of a year."""
        if year not in self._years:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            self._years[year] = [
                number for number in range(first, last + 1) if self.is_workday(date.fromordinal(number))
            ]
        return self._years[year]

    def after(self, day: date, count: int) -> date:
        """The day `count` working days after `day`, which is itself not counted; `day` itself for 0.

        Raises:
            ValueError: for a negative count.
        """
        if count < 0:
            raise ValueError("工作日数不能是负数")
        if count == 0:
            return day
        year, left = day.year, count
        at = bisect_right(self._worked(year), day.toordinal())
        while left > len(self._worked(year)) - at:
            left -= len(self._worked(year)) - at
            year, at = year + 1, 0
        return date.fromordinal(self._worked(year)[at + left - 1])

    def before(self, day: date, count: int) -> date:
        """The day `count` working days before `day`; `day` itself for 0.

        Raises:
            ValueError: for a negative count.
        """
        if count < 0:
            raise ValueError("工作日数不能是负数")
        if count == 0:
            return day
        year, left = day.year, count
        at = bisect_left(self._worked(year), day.toordinal())
        while left > at:
            left -= at
            year -= 1
            at = len(self._worked(year))
        return date.fromordinal(self._worked(year)[at - left])

    def between(self, start: date, end: date) -> int:
        """The working days in (start, end]; negative when `end` lies before `start`."""
        if end < start:
            return -self.between(end, start)
        if start.year == end.year:
            worked = self._worked(start.year)
            return bisect_right(worked, end.toordinal()) - bisect_right(worked, start.toordinal())
        worked = self._worked(start.year)
        rest_of_first = len(worked) - bisect_right(worked, start.toordinal())
        whole = sum(len(self._worked(year)) for year in range(start.year + 1, end.year))
        return rest_of_first + whole + bisect_right(self._worked(end.year), end.toordinal())

    def next_workday(self, day: date) -> date:
        """The day itself when it is worked, else the first working day after it."""
        while not self.is_workday(day):
            day += _ONE
        return day

    def mark(self, day: date) -> str:
        """休 for a rest day, 班 for a worked weekend, 暂按 in a year without holidays entered; else empty."""
        if day not in self._days and self.is_provisional(day):
            return "暂按"
        if not self.is_workday(day):
            return "休"
        return "班" if day.weekday() >= _SATURDAY else ""


def _holds_a_notice(entered: Container[date], year: int) -> bool:
    """Whether the days entered for a year are those of the yearly notice, not a local day off or two."""
    for first, last in _IN_EVERY_NOTICE:
        span = range(date(year, *first).toordinal(), date(year, *last).toordinal() + 1)
        if not any(date.fromordinal(number) in entered for number in span):
            return False
    return True
