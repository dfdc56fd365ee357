"""Gives days their year: that of the sheet, or the one nearest to the record's own date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from db.errors import Problem
from db.exchange.cells import Reader
from db.exchange.readings import DayOfYear
from db.exchange.split_numbers import put_together
from db.exchange.targets import NUMBER_PARTS
from db.record import DateField, Record
from db.rules.typed_dates import day_of


class Dating:
    """The days of one sheet. `year` and `month` are what its title or name says, None where it says nothing."""

    def __init__(self, register: type[Record], year: int | None, month: int | None) -> None:
        self._register, self.year, self._month = register, year, month

    def assemble(
        self, parts: dict[str, dict[str, Any]], values: dict[str, Any], problems: list[Problem], reader: Reader
    ) -> None:
        """Put days and document numbers together whose parts stand in columns of their own; give days their years."""
        numbers = {name: parts.pop(name) for name in [*parts] if not parts[name].keys().isdisjoint(NUMBER_PARTS)}
        for name, found in parts.items():
            self._put_parts(name, found, values, problems)
        if open_days := [name for name, value in values.items() if type(value) is DayOfYear]:
            problems += self.set_years(values, open_days)
        for name, found in numbers.items():
            day = values.get(self._register.BUSINESS_DATE)
            text, is_whole = put_together(found, self.year or (day.year if isinstance(day, date) else None))
            field = name if is_whole or name != "number" else "series"
            reading = reader.column(self._register._meta.fields[field], self._register)(text)
            if reading.problem:
                problems.append(Problem(name, reading.problem))
            elif reading.value:
                values[field] = reading.value

    def _put_parts(self, name: str, found: dict[str, int], values: dict[str, Any], problems: list[Problem]) -> None:
        """Put a day together from its year, month and day in columns of their own."""
        month, day, year = found.get("月") or self._month, found.get("日"), found.get("年")
        if not (month and day):
            problems.append(Problem(name, f"{self._register.label(name)}没有写全月和日"))
            return
        if year is None:
            values[name] = DayOfYear(month, day)
            return
        try:
            values[name] = day_of(2000 + year if year < 100 else year, month, day)
        except ValueError as error:
            problems.append(Problem(name, str(error)))

    def set_years(self, values: dict[str, Any], names: list[str]) -> Iterator[Problem]:
        """Give days without a year theirs: the business date that of the sheet, the others the one nearest to it."""
        main = self._register.BUSINESS_DATE
        for name in sorted(names, key=lambda one: one != main):
            found: DayOfYear = values.pop(name)
            anchor = (values.get(main) or self._another(values)) if name != main else None
            day = self.dated(found, anchor, self._register._meta.fields[name])
            if isinstance(day, str):
                yield Problem(name, day)
            else:
                values[name] = f"{day} {found.time}" if found.time else day

    def _another(self, values: dict[str, Any]) -> date | None:
        """A whole day that a row without business date holds, where the sheet tells no year."""
        return None if self.year else next((one for one in values.values() if type(one) is date), None)

    def dated(self, found: DayOfYear, anchor: date | None, one: Any) -> date | str:
        """The day with its year, of the field `one` if it fills one; or what is wrong."""
        year, month = self.year, found.month or self._month
        if not month:
            return f"“{found.day}日”没有写月份"
        found = found._replace(month=month)
        if anchor is None:
            if year is None:
                return f"“{found.month}月{found.day}日”没有写年份，请选年度"
            try:
                return day_of(year, found.month, found.day)
            except ValueError as error:
                return str(error)
        days: list[date] = []
        for at in (anchor.year - 1, anchor.year, anchor.year + 1):
            try:
                days.append(date(at, found.month, found.day))
            except ValueError:
                continue
        if isinstance(one, DateField) and one.planned:
            days = [day for day in days if day >= anchor] or days
        if not days:
            return f"没有 {found.month} 月 {found.day} 日"
        return min(days, key=lambda day: abs((day - anchor).days))
