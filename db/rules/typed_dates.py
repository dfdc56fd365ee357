"""Dates as clerks type them: 0305, 3.5, 2022.3.5, 二〇二二年三月五日, 今天, t, +10, +10工作日."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date, timedelta

from db.rules.deadlines import add_months
from db.rules.workdays import Workdays

FIRST_YEAR, LAST_YEAR = 1949, 2100
AHEAD_DAYS = 60  # a day without a year that lies further ahead than this was meant last year

_WORDS = {
    "今天": 0, "今日": 0, "t": 0, "昨天": -1, "昨日": -1, "y": -1, "前天": -2, "大前天": -3,
    "明天": 1, "明日": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
# What an input method leaves in place of full stop, hyphen and plus after NFKC.
_SIGNS = str.maketrans("。·、—–−", "...---")
_CHINESE = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_TEN = re.compile(r"([二三])?十([一二三四五六七八九])?")
_FULL = re.compile(r"([0-9]{4}|[0-9]{2})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})[日号]?")
_SHORT = re.compile(r"([0-9]{1,2})[-./月]([0-9]{1,2})[日号]?")
_EIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_FOUR = re.compile(r"([0-9]{1,2})([0-9]{2})")
_DAY = re.compile(r"([0-9]{1,2})[日号]?")
_SHIFT = re.compile(r"([+-])([0-9]{1,4})(w|个?工作日|[天日d]|个?(?:周|星期)|个?月|m)?")
_WEEKDAY = re.compile(r"(上|本|这|下)?(?:周|星期)([一二三四五六日天])")
_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_WEEKDAYS = "一二三四五六日"
# What stands behind a day in a ledger: the hour, the weekday in brackets, 前 and 止 of a time limit.
_BEHIND = re.compile(
    r"(?:t|上午|下午|晚上?)?(?:[0-9]{1,2}[:时点][0-9]{0,2}(?:[:分][0-9.]*秒?)?)?z?$|\(?(?:周|星期)[0-9日天]\)?$|[前止起.]+$"
)
_HOUR = re.compile(r"(?<=[0-9])\s+(?=[0-9]{1,2}\s*[:时点])")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])(?:[:.时点]([0-5][0-9])分?|[时点]整?|([0-5][0-9]))")
_MONTH_END = re.compile(r"(?:([0-9]{4})[-./年])?([0-9]{1,2})月(?:份)?底")
_MONTH_ONLY = re.compile(r"[0-9]{4}[-./年][0-9]{1,2}月?(?:份|[上中下]旬)?|[0-9]{1,2}月(?:份|[上中下]旬)?|[0-9]{4}年?")
# Days amid words: one with its year or with 月, and before or after a dash also 3.5.
_IN_TEXT = re.compile(
    r"(?<![0-9])(?P<year>[0-9]{4})(?P<sign>[-./年])(?P<m1>[0-9]{1,2})(?:(?P=sign)|月)(?P<d1>[0-9]{1,2})[日号]?(?![0-9])"
    r"|(?<![0-9])(?P<m2>[0-9]{1,2})月(?P<d2>[0-9]{1,2})[日号]?(?![0-9])"
    r"|(?:(?<=[0-9日号][-~至到])|(?<![0-9./])(?=[0-9]{1,2}[./][0-9]{1,2}[-~至到][0-9]))"
    r"(?P<m3>[0-9]{1,2})[./](?P<d3>[0-9]{1,2})(?![0-9])"
)
_RANGE = re.compile(r"(.*[0-9日号])[-~至到,;/](.*[0-9日号])")


def weekday(day: date) -> str:
    """周一 … 周日."""
    return f"周{_WEEKDAYS[day.weekday()]}"


def mend_time(text: str) -> str:
    """16:40, whether it was typed as 1640, 16.40, 16：40 or 16时40分; what is no time of day stays as it is."""
    found = _TIME.fullmatch(unicodedata.normalize("NFKC", text))
    return f"{found[1]}:{found[2] or found[3] or '00'}" if found else text


def read_date(text: str, today: date, days: Workdays, ahead: int = AHEAD_DAYS) -> date | None:
    """The day that was typed; None for an empty text.

    A day without a year is of the year of `today`, or of the year before when it would lie more than `ahead`
    calendar days after `today`; a field of planned days passes 366, so that such a day is always of this year.
    A day without a month is of the present month, a weekday of the present week (Monday to Sunday).

    Raises:
        ValueError: with a Chinese sentence, when it is no date, or none between 1949 and 2100.
    """
    typed = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower().translate(_SIGNS)
    if not typed:
        return None
    found = _by_word(typed, today, days) or _by_figures(_arabic(typed), today, ahead)
    if found is None:
        raise ValueError(f"看不懂“{_short(text)}”，可写 0305、3.5、2022.3.5、今天、+10工作日")
    _check_year(found.year)
    return found


def read_written(text: str) -> tuple[int | None, int, int]:
    """Year (None where none is written), month and day as a ledger has them; the hour and the weekday do not count.

    Unlike `read_date` it takes nothing that is told from today, and no day without its month. 12月底 is the month's
    last day; without a year, of February the 28th.

    Raises:
        ValueError: with a Chinese sentence, when it is no day, only a month, or two days.
    """
    typed = _without_blanks(text).lower().strip("'\"").translate(_SIGNS)
    figures = _arabic(typed.replace(",", "."))
    while shorter := _BEHIND.sub("", figures, count=1):
        if shorter == figures:
            break
        figures = shorter
    if full := _FULL.fullmatch(figures) or _EIGHT.fullmatch(figures):
        year = int(full[1])
        day = _day(year if len(full[1]) == len("2022") else 2000 + year, int(full[2]), int(full[3]))
        return day.year, day.month, day.day
    if end := _MONTH_END.fullmatch(figures):
        year, month = int(end[1] or 0), int(end[2])
        if not 1 <= month <= len(_DAYS_OF_MONTH):
            raise ValueError(f"没有 {month} 月")
        return year or None, month, calendar.monthrange(year or 2023, month)[1]
    is_year = len(figures) == 4 and figures.isdigit() and FIRST_YEAR <= int(figures) <= LAST_YEAR
    short = None if is_year else _SHORT.fullmatch(figures) or _FOUR.fullmatch(figures)
    if short:
        month, day_of_month = int(short[1]), int(short[2])
        if not 1 <= month <= len(_DAYS_OF_MONTH) or not 1 <= day_of_month <= _DAYS_OF_MONTH[month - 1]:
            raise ValueError(f"没有 {month} 月 {day_of_month} 日")
        return None, month, day_of_month
    if _MONTH_ONLY.fullmatch(figures):
        raise ValueError(f"“{_short(text)}”没有写到哪一日")
    if _RANGE.fullmatch(figures):
        raise ValueError(f"“{_short(text)}”像是两个日期，这里只能写一个")
    raise ValueError(f"看不懂日期“{_short(text)}”，写法如 2022-03-05、2022.3.5、3月5日")


def _without_blanks(text: str) -> str:
    """A text without its blanks; that between a day and an hour (2022.3.1 5:20) becomes a t, as computers write it."""
    return re.sub(r"\s+", "", _HOUR.sub("t", unicodedata.normalize("NFKC", text)))


def days_in(text: str) -> tuple[list[tuple[int | None, int, int]], str]:
    """The days (year, None where none is written, month and day) that stand in a text, and what is left of it."""
    figures = _arabic(_without_blanks(text).translate(_SIGNS))
    found: list[tuple[int | None, int, int]] = []
    for match in _IN_TEXT.finditer(figures):
        month, day = match["m1"] or match["m2"] or match["m3"], match["d1"] or match["d2"] or match["d3"]
        found.append((int(match["year"]) if match["year"] else None, int(month), int(day)))
    return found, _IN_TEXT.sub("", figures)


def day_of(year: int, month: int, day: int) -> date:
    """That day. Raises ValueError, in Chinese, when the year has none or lies outside 1949 to 2100."""
    return _day(year, month, day)


def _by_word(typed: str, today: date, days: Workdays) -> date | None:
    """A day told from `today`: 昨天, 月底, 周五, +10工作日; None if it is no such word."""
    if typed in _WORDS:
        return today + timedelta(_WORDS[typed])
    if typed in ("月初", "m"):
        return today.replace(day=1)
    if typed == "月底":
        return today.replace(day=calendar.monthrange(today.year, today.month)[1])
    if of_week := _WEEKDAY.fullmatch(typed):
        weeks = {"上": -1, "下": 1}.get(of_week[1], 0)
        wanted = _WEEKDAYS.index(of_week[2].replace("天", "日"))
        return today + timedelta(7 * weeks + wanted - today.weekday())
    shift = _SHIFT.fullmatch(typed)
    return _shifted(shift, today, days) if shift else None


def _shifted(shift: re.Match[str], today: date, days: Workdays) -> date:
    count, unit = int(shift[2]), shift[3] or "天"
    if unit == "w" or unit.endswith("工作日"):
        return days.after(today, count) if shift[1] == "+" else days.before(today, count)
    signed = count if shift[1] == "+" else -count
    if unit.endswith(("月", "m")):
        return add_months(today, signed)
    return today + timedelta(signed * (7 if unit.endswith(("周", "星期")) else 1))


def _by_figures(typed: str, today: date, ahead: int) -> date | None:
    """A day written in figures, with or without year and month; None if it is not."""
    if full := _FULL.fullmatch(typed) or _EIGHT.fullmatch(typed):
        year = int(full[1])
        return _day(year if len(full[1]) == len("2022") else 2000 + year, int(full[2]), int(full[3]))
    if short := _SHORT.fullmatch(typed):
        return _nearest(int(short[1]), int(short[2]), today, ahead)
    if lone := _DAY.fullmatch(typed):
        return _day(today.year, today.month, int(lone[1]))
    if four := _FOUR.fullmatch(typed):
        return _nearest(int(four[1]), int(four[2]), today, ahead)
    return None


def _nearest(month: int, day: int, today: date, ahead: int) -> date:
    """The day in this year unless it lies too far ahead or does not exist there (29 February), else last year."""
    if not 1 <= month <= len(_DAYS_OF_MONTH) or not 1 <= day <= _DAYS_OF_MONTH[month - 1]:
        raise ValueError(f"没有 {month} 月 {day} 日")
    for year in (today.year, today.year - 1):
        exists = day <= calendar.monthrange(year, month)[1]
        if exists and date(year, month, day) - today <= timedelta(ahead):
            return date(year, month, day)
    raise ValueError(f"{today.year} 年没有 {month} 月 {day} 日")


def _day(year: int, month: int, day: int) -> date:
    _check_year(year)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{year} 年没有 {month} 月 {day} 日") from None


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"年份 {year} 不对，应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间")


def _arabic(text: str) -> str:
    """Chinese numerals up to 39, and years digit by digit, in Arabic digits; 元月 is January."""
    text = text.replace("元月", "一月")
    return _TEN.sub(lambda found: (found[1] or "一") + (found[2] or "〇"), text).translate(_CHINESE)


def _short(text: str, longest: int = 20) -> str:
    """What was typed, cut to be quoted in one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest]}…"
