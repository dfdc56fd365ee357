"""Makes days.csv: every day whose work or rest differs from the weekend rule, of the years that chinesecalendar knows.

usage: python resources/holidays/make.py [OUT]    (OUT defaults to days.csv beside it)

Columns: day (ISO), kind (work: a weekend day worked in lieu; rest: a weekday off), name of the holiday, source.
Years covered are the years that occur: each has holidays on weekdays, and a year that is absent has no bundled notice.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

HEAD = ("day", "kind", "name", "source")
SOURCE = "国务院办公厅节假日安排通知"
SATURDAY = 5
NAMES = {
    "清明": "清明节",
    "端午": "端午节",
    "中秋": "中秋节",
    "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日": "抗战胜利纪念日",
}


def known_days() -> Iterator[date]:
    """Every day from the first to the last year that the package has holidays for."""
    years = {day.year for day in chinese_calendar.holidays}
    day = date(min(years), 1, 1)
    while day.year <= max(years):
        yield day
        day += timedelta(1)


def holiday_name(day: date) -> str:
    """The Chinese name of the holiday that a day off belongs to, or for which a weekend day is worked."""
    holiday = chinese_calendar.holidays.get(day) or chinese_calendar.workdays[day]
    name = chinese_calendar.Holiday(holiday).chinese
    return NAMES.get(name, name)


def rows() -> Iterator[tuple[str, str, str, str]]:
    """The lines of the table, by day."""
    for day in known_days():
        is_workday = chinese_calendar.is_workday(day)
        if is_workday != (day.weekday() < SATURDAY):
            yield day.isoformat(), "work" if is_workday else "rest", holiday_name(day), SOURCE


def main(target: Path) -> None:
    """Write the table."""
    with target.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows(rows())


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("days.csv"))
