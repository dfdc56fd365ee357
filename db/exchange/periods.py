"""Headings that tell of when their cells speak: 一季度进展, 8月底 under 完成情况; each is a report of that day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from db.exchange.book import Cell
from db.exchange.days import end_of_span, written_day
from db.exchange.readings import DayOfYear, Reading
from db.exchange.targets import Target, Targets
from db.lines import Progress

if TYPE_CHECKING:
    from db.exchange.layout import Column

_YEAR = r"(?:(?:19|20)[0-9]{2}[年./-])?"
_MONTHS = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:[12][0-9]|3[01]|0?[1-9])(?![0-9])"
_WORDS = rf"""(?:截[至止]到?|至|到)?
    (?P<period>{_YEAR}(?:{_MONTHS}月{_DAY}[日号]?|{_MONTHS}月份?[底末]?|第?[一二三四1-4]季度[底末]?|[上下]半年|全年|年[底末])
    |(?:19|20)[0-9]{{2}}[./-]{_MONTHS}[./-]{_DAY}|{_MONTHS}\.{_DAY})"""
_BEFORE = re.compile(rf"{_WORDS}\W*(?P<rest>.*)", re.VERBOSE)
_BEHIND = re.compile(rf"(?P<rest>.*?\D)\W*{_WORDS}\W*", re.VERBOSE)
_OF_PROGRESS = re.compile(r"进[展度]|情况|成效")
_NUMERALS: Sequence[str] = "一 二 三 四 五 六 七 八 九 十 十一 十二".split()
_MONTH = re.compile(r"(十[一二]?|[一二三四五六七八九])(?=月)")


def parted(label: str) -> tuple[str, str]:
    """The period that a heading names and what else it says; an empty period for none."""
    text = "".join(unicodedata.normalize("NFKC", label).split())
    found = _BEFORE.fullmatch(text) or _BEHIND.fullmatch(text)
    return (found["period"], found["rest"]) if found else ("", text)


def is_period(text: str) -> bool:
    """Whether a heading names a period, or a day, and nothing else."""
    return len(text) <= len("截至2022年12月31日") and parted(text)[0] != "" and not parted(text)[1]


def tells_progress(label: str) -> bool:
    """Whether a heading is that of the progress made until a day: 8月底完成情况."""
    period, rest = parted(label)
    return bool(period and _OF_PROGRESS.search(rest))


def progress_key(known: Targets) -> str:
    """The key of the reports of a register; "" for none."""
    targets = known.by_key.values()
    return next((one.key for one in targets if one.line and issubclass(one.line, Progress) and one.field == "text"), "")


def dated_targets(known: Targets, columns: Sequence[Column], year: int | None) -> list[Target | None]:
    """The target of each column, those of reports with the day that the heading names; `year`: of days without one."""
    return [_dated(known.by_key.get(column.key), column.label, year) for column in columns]


def _dated(target: Target | None, label: str, year: int | None) -> Target | None:
    """A target of reports under a heading that names a period: each is of its last day."""
    if target is None or target.line is None or not issubclass(target.line, Progress) or target.field != "text":
        return target
    day = _last_day(parted(label)[0], year)
    return replace(target, label=label, fixed=(*target.fixed, ("on", day))) if day else target


def told(read: Callable[[Cell], Reading], target: Target) -> Callable[[Cell], Reading]:
    """What reads the reports of a period, with the note which day they are of."""
    day = dict(target.fixed).get("on")
    if not isinstance(day, date):
        return read

    def read_told(cell: Cell) -> Reading:
        found = read(cell)
        return found._replace(note=f"记作{day}的进展") if found.value else found

    return read_told


def _last_day(period: str, year: int | None) -> date | DayOfYear | None:
    text = _MONTH.sub(lambda found: str(_NUMERALS.index(found[1]) + 1), period)
    end = (end_of_span(text) if not re.search(rf"月{_DAY}[日号]?$", text) else "") or text
    found = written_day(end, end).value if period else None
    if not isinstance(found, DayOfYear) or year is None:
        return found
    return date(year, found.month, found.day) if (found.month, found.day) != (2, 29) else None
