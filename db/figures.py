"""Computes the figures that the registers declare; every value can name the rows behind it.

Periods are half-open [start, end). All figures leave out voided and deleted records. Rates and means are Decimal,
rounded half up when they are shown; a base of zero gives None, which prints as "—".
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import peewee as pw

from db.catalogue import Catalogue, counts_of
from db.record import Count, Mean, Rate, Record, Sum
from db.rules.workdays import Workdays

Figure = Count | Rate | Mean


@dataclass(frozen=True, order=True)
class Period:
    """The days from `start` up to but not including `end`."""

    start: date
    end: date

    @classmethod
    def year(cls, year: int) -> Period:
        """A calendar year."""
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """A calendar month."""
        return cls(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))

    @classmethod
    def parse(cls, text: str) -> Period:
        """`2022` or `2022-12`; ValueError otherwise."""
        year, _dash, month = text.partition("-")
        if not (year.isdigit() and len(year) == 4 and (not _dash or (month.isdigit() and 1 <= int(month) <= 12))):
            raise ValueError(f"看不懂期间“{text}”，写法如2022或2022-12")
        return cls.month(int(year), int(month)) if month else cls.year(int(year))

    def __str__(self) -> str:
        if self.end == date(self.start.year + 1, 1, 1) and self.start.month == 1 and self.start.day == 1:
            return str(self.start.year)
        if self == Period.month(self.start.year, self.start.month):
            return f"{self.start:%Y-%m}"
        return f"{self.start}/{self.end - timedelta(1)}"


@dataclass(frozen=True)
class Value:
    """A figure over a period: `value` (None when the base is zero), `base` of a ratio, `parts` of a split count."""

    value: int | Decimal | None
    base: int | None = None
    parts: tuple[tuple[str, int], ...] = ()


def rounded(value: Decimal, places: int = 1) -> Decimal:
    """Half-up rounding, as printed figures are rounded (12.25 -> 12.3)."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


class Figures:
    """The figures of a catalogue over one connection."""

    def __init__(self, connection: sqlite3.Connection, catalogue: Catalogue, days: Workdays) -> None:
        self._connection, self._days = connection, days
        self._known: dict[str, tuple[type[Record], Figure]] = {}
        for register, figure in catalogue.figures():
            for one in _with_parts(figure):
                self._known.setdefault(one.key, (register, one))

    def __getitem__(self, key: str) -> Figure:
        """The figure with a key; KeyError when no register declares it."""
        return self._known[key][1]

    def register_of(self, key: str) -> type[Record]:
        """The register that declares a figure."""
        return self._known[key][0]

    def value(self, key: str, period: Period) -> Value:
        """One figure over one period."""
        return self.values([key], [period])[key, period]

    def values(self, keys: Iterable[str], periods: Sequence[Period]) -> dict[tuple[str, Period], Value]:
        """Many figures over many periods; counts over the same date of the same register share one pass."""
        wanted = [self._known[key] for key in dict.fromkeys(keys)]
        counts: dict[tuple[Any, ...], list[Count]] = {}
        for register, figure in wanted:
            for count in counts_of(figure):
                if not (count.until or count.of or count.by):
                    counts.setdefault((register, count.on or register.BUSINESS_DATE), []).append(count)
        passed: dict[tuple[str, Period], int] = {}
        for (register, on), together in counts.items():
            passed.update(self._pass(register, on, together, periods))
        return {
            (figure.key, period): self._assemble(register, figure, period, passed)
            for register, figure in wanted
            for period in periods
        }

    def _pass(
        self, register: type[Record], on: str, together: list[Count], periods: Sequence[Period]
    ) -> dict[tuple[str, Period], int]:
        """All counts over one date of one register, for every period, in one scan of the days that they span.

        Several periods overlap (month in year), so the scan groups by month when every period consists of months.
        """
        unique = list({count.key: count for count in together}.values())
        day = register._meta.fields[on]
        span = Period(min(period.start for period in periods), max(period.end for period in periods))
        month = pw.fn.substr(day, 1, 7)
        sums = [
            pw.fn.SUM(pw.Case(None, [(self._condition(register, count), _amount(register, count))], 0))
            for count in unique
        ]
        by_month = all(period.start.day == 1 and period.end.day == 1 for period in periods)
        slot = month if by_month else pw.fn.substr(day, 1, 10)
        query = register.select(slot, *sums).where(_live(register), *_within(register, day, span)).group_by(slot)
        sql, values = query.sql()
        rows = self._connection.execute(sql, [_plain(value) for value in values]).fetchall()
        found: dict[tuple[str, Period], int] = {}
        for period in periods:
            first, last = (edge.isoformat()[: 7 if by_month else 10] for edge in (period.start, period.end))
            inside = [row for row in rows if first <= row[0] < last]
            for at, count in enumerate(unique, 1):
                found[count.key, period] = sum(row[at] or 0 for row in inside)
        return found

    def _assemble(
        self, register: type[Record], figure: Figure, period: Period, passed: dict[tuple[str, Period], int]
    ) -> Value:
        if isinstance(figure, Rate):
            part, base = (self._number(register, count, period, passed) for count in (figure.part, figure.base))
            return Value(Decimal(part) * 100 / base if base else None, base)
        if isinstance(figure, Mean):
            return self._mean(register, figure, period)
        if figure.by:
            return self._split(register, figure, period)
        return Value(self._number(register, figure, period, passed))

    def _number(
        self, register: type[Record], count: Count, period: Period, passed: dict[tuple[str, Period], int]
    ) -> int:
        if (count.key, period) in passed:
            return passed[count.key, period]
        if count.of is not None:
            of = count.of
            # Titles count as the same with and without their marks.
            what: Any = (
                pw.fn.COUNT(pw.fn.TRIM(getattr(of, count.distinct), "《》 ").distinct())
                if count.distinct
                else pw.fn.COUNT(of.id)
            )
            query = of.select(what).join(register, on=(of.owner == register.id))
        else:
            query = register.select(pw.fn.COUNT(register.id))
        return self._one(query.where(*self._conditions(register, count, period))) or 0

    def _one(self, query: Any) -> Any:
        sql, values = query.sql()
        return self._connection.execute(sql, [_plain(value) for value in values]).fetchone()[0]

    def _split(self, register: type[Record], count: Count, period: Period) -> Value:
        by = register._meta.fields[count.by]
        query = (
            register.select(by, pw.fn.COUNT(register.id))
            .where(*self._conditions(register, count, period))
            .group_by(by)
            .order_by(pw.SQL("2 DESC"), by)
        )
        sql, values = query.sql()
        rows = self._connection.execute(sql, [_plain(value) for value in values]).fetchall()
        return Value(sum(row[1] for row in rows), parts=tuple((row[0] or "（空）", row[1]) for row in rows))

    def _mean(self, register: type[Record], figure: Mean, period: Period) -> Value:
        start, end = register._meta.fields[figure.start], register._meta.fields[figure.end]
        query = register.select(start, end).where(
            *self._conditions(register, figure.of, period), start.is_null(False), end.is_null(False)
        )
        sql, values = query.sql()
        rows = self._connection.execute(sql, [_plain(value) for value in values]).fetchall()
        spans = [self._days.between(date.fromisoformat(first), date.fromisoformat(last)) for first, last in rows]
        return Value(Decimal(sum(spans)) / len(spans) if spans else None, len(spans))

    def _condition(self, register: type[Record], count: Count) -> Any:
        """What a record must meet beside its date; true when there is nothing."""
        clauses = [count.where] if count.where is not None else []
        if count.stages:
            clauses.append(register._meta.fields["stage"].in_(count.stages))
        whole = clauses[0] if clauses else pw.SQL("1")
        for clause in clauses[1:]:
            whole = whole & clause
        return whole

    def _conditions(self, register: type[Record], count: Count, period: Period) -> list[Any]:
        day = register._meta.fields[count.on or register.BUSINESS_DATE]
        clauses = [_live(register), self._condition(register, count)]
        if not count.until:
            return [*clauses, *_within(register, day, period)]
        clauses.append(day < period.end)
        end = register._meta.fields[count.until]
        return [*clauses, end.is_null() | (end >= period.end)]

    def rows(self, key: str, period: Period) -> list[int]:
        """The ids of the records behind a figure (for a rate: its base), newest first."""
        register, figure = self._known[key]
        count = figure.base if isinstance(figure, Rate) else figure.of if isinstance(figure, Mean) else figure
        if count.of is not None:
            query = count.of.select(register.id.distinct()).join(register, on=(count.of.owner == register.id))
        else:
            query = register.select(register.id)
        newest_first = register._meta.fields["listed_on"].desc(), register.id.desc()
        query = query.where(*self._conditions(register, count, period)).order_by(*newest_first)
        sql, values = query.sql()
        return [row[0] for row in self._connection.execute(sql, [_plain(value) for value in values])]


def _with_parts(figure: Figure) -> tuple[Figure, ...]:
    return (figure, *counts_of(figure)) if not isinstance(figure, Count) else (figure,)


def _within(register: type[Record], day: Any, period: Period) -> list[Any]:
    """The day lies in the period; the listing date, which equals a business date, brings its index in."""
    clauses = [day >= period.start, day < period.end]
    if day.name == register.BUSINESS_DATE:
        clauses += [register.listed_on >= period.start, register.listed_on < period.end]
    return clauses


def _live(register: type[Record]) -> Any:
    return register.voided_on.is_null() & register.deleted_at.is_null()


def _amount(register: type[Record], count: Count) -> Any:
    return register._meta.fields[count.field] if isinstance(count, Sum) else 1


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
