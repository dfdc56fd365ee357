"""Reads days as ledgers hold them: as serials, written out, as the end of a month or quarter, amid a few words."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, timedelta

from db.exchange.book import Cell
from db.exchange.readings import EMPTY, DayOfYear, Reading
from db.rules.typed_dates import day_of, days_in, read_written

_FIRST_DAY, _FIRST_DAY_1904 = date(1899, 12, 30), date(1904, 1, 1)
_SERIALS = range(17_899, 73_416)  # the days from 1949 to 2100, as Excel counts them
_SERIALS_1904 = range(16_437, 71_954)
_SPAN = re.compile(
    r"(?:((?:19|20)[0-9]{2})年?)?(?:第?([一二三四1-4])季度|([0-9]{1,2})月份?|(上半年)|(下半年|全年|年?底|年?末|年内))"
    r"(?:底|末|内|前|之前|以前)*"
)

_MOST_DAYS, _MOST_WORDS = 2, 20  # that may stand in a cell of a day
_UNSURE = re.compile(r"计划|预计|拟|未|不|尚|待|延|改|原|约|左右|或|前|底|[0-9]{3}")
_BETWEEN = re.compile(r"[-~至到,;、/()自从起止期间:.。]*")


def day_of_serial(number: float, is_1904: bool) -> date | None:
    """The day that Excel keeps as this number; None when it cannot be one."""
    serials, first = (_SERIALS_1904, _FIRST_DAY_1904) if is_1904 else (_SERIALS, _FIRST_DAY)
    return first + timedelta(int(number)) if int(number) in serials else None


def known_day(found: date) -> Reading:
    """A cell that is a day."""
    if found < date(1900, 1, 1):  # Excel shows an empty date as 1900-01-00
        return EMPTY
    try:
        return Reading(day_of(found.year, found.month, found.day), found.isoformat())
    except ValueError as error:
        return Reading(None, found.isoformat(), str(error))


def written_day(cell: Cell, text: str) -> Reading:
    """A day as a clerk has written it; one typed as 3.10 without a year comes as the number 3.1, which is told."""
    try:
        year, month, day = read_written(text)
        if year is not None:
            return Reading(day_of(year, month, day), text)
    except ValueError as error:
        return Reading(None, text, str(error))
    doubt = isinstance(cell, float) and day < 4 and len(text.partition(".")[2]) == 1
    note = f"表格里是数字{text}，也可能是{month}月{day}0日，请核对" if doubt else ""
    return Reading(DayOfYear(month, day), text, note=note)


def end_of_span(text: str) -> str:
    """The last day of a month, quarter or half-year by which something is to be done, as 2022年9月底; else empty."""
    found = _SPAN.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if found is None:
        return ""
    year, quarter, month, half, _whole = found.groups()
    if quarter:
        month = str(3 * ("一二三四".find(quarter) + 1 or int(quarter)))
    return f"{f'{year}年' if year else ''}{month or ('6' if half else '12')}月底"


def figures(cell: Cell, text: str) -> float | None:
    """The number that a cell is, or that stands in it as five figures."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell) if math.isfinite(cell) and cell < 1e9 else None
    return float(text) if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text) else None


def days_amid(text: str) -> tuple[tuple[date | DayOfYear, ...], bool]:
    """The one or two days that stand amid a few words, and whether nothing else stands there.

    None where the words say that the days are not those on which a thing was done (预计, 前), or too much is said.
    """
    found, rest = days_in(text)
    if not 1 <= len(found) <= _MOST_DAYS or len(rest) > _MOST_WORDS or _UNSURE.search(rest):
        return (), False
    days: list[date | DayOfYear] = []
    for year, month, day in found:
        try:
            before = days[-1] if days else None
            if year is None and isinstance(before, date):
                year = before.year + ((month, day) < (before.month, before.day))  # noqa: PLW2901
            days.append(day_of(year, month, day) if year else DayOfYear(month, day))
        except ValueError:
            return (), False
    return tuple(days), _BETWEEN.fullmatch(rest) is not None


def told_amid(found: Reading) -> Reading:
    """A cell read as a day; where it is none, but one stands amid a few words, that, with the words left over."""
    days, _is_whole = days_amid(found.text) if found.problem else ((), False)
    if len(days) != 1:
        return found
    return Reading(days[0], found.text, left=found.text)
