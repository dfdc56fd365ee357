"""Stretches of days named as seen from today (本周, 上月, 最近30日, 未来7个工作日): kept by name, reckoned anew."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from db.rules.workdays import Workdays

Stretch = tuple[date, date]

_ONE = timedelta(1)
_COUNTED = re.compile(r"(最近|未来)(\d{1,4})(日|个工作日)")
OFFERED_COUNTS = (
    "最近7日", "最近30日", "最近90日", "未来7日", "未来30日", "未来3个工作日", "未来7个工作日", "未来15个工作日",
)  # fmt: skip


def _week(today: date, by: int) -> Stretch:
    """The week from Monday to Sunday."""
    monday = today - timedelta(today.weekday()) + timedelta(7 * by)
    return monday, monday + timedelta(6)


def _months(today: date, by: int, count: int = 1, since: int | None = None) -> Stretch:
    """`count` months from the month `by` months off this one (or off month `since` of this year)."""
    first = today.year * 12 + (today.month if since is None else since) - 1 + by
    last = first + count - 1
    year, month = divmod(last, 12)
    return (
        date(first // 12, first % 12 + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1]),
    )  # fmt: skip


def _quarter(today: date, by: int) -> Stretch:
    return _months(today, 3 * by, 3, (today.month - 1) // 3 * 3 + 1)


def _a_year_before(day: date) -> date:
    """The same day a year before; 28 February for the 29th."""
    return day.replace(year=day.year - 1, day=min(day.day, monthrange(day.year - 1, day.month)[1]))


_NAMED: dict[str, Callable[[date], Stretch]] = {
    "今天": lambda today: (today, today),
    "昨天": lambda today: (today - _ONE, today - _ONE),
    "明天": lambda today: (today + _ONE, today + _ONE),
    "本周": lambda today: _week(today, 0),
    "上周": lambda today: _week(today, -1),
    "下周": lambda today: _week(today, 1),
    "本月": lambda today: _months(today, 0),
    "上月": lambda today: _months(today, -1),
    "下月": lambda today: _months(today, 1),
    "本季度": lambda today: _quarter(today, 0),
    "上季度": lambda today: _quarter(today, -1),
    "下季度": lambda today: _quarter(today, 1),
    "上半年": lambda today: _months(today, 0, 6, 1),
    "下半年": lambda today: _months(today, 0, 6, 7),
    "本年": lambda today: _months(today, 0, 12, 1),
    "上年": lambda today: _months(today, -12, 12, 1),
    "下年": lambda today: _months(today, 12, 12, 1),
    "本年至今": lambda today: (date(today.year, 1, 1), today),
    "上年同期": lambda today: (date(today.year - 1, 1, 1), _a_year_before(today)),
    "今天以前": lambda today: (date.min, today - _ONE),
    "今天以后": lambda today: (today + _ONE, date.max),
}
NAMES = (*_NAMED, *OFFERED_COUNTS)


def stretch(name: str, today: date, days: Workdays) -> Stretch:
    """The first and the last day of a stretch by its name, both of them in it.

    最近n日 ends and 未来n日 begins with today; 个工作日 counts working days after (before) today, as a time limit does.

    Raises:
        ValueError: for a name that means nothing.
    """
    if name in _NAMED:
        return _NAMED[name](today)
    counted = _COUNTED.fullmatch(name)
    if counted is None or int(counted[2]) == 0:
        raise ValueError(f"没有“{name}”这样的时间段")
    count, back = int(counted[2]), counted[1] == "最近"
    if counted[3] == "日":
        return (today - timedelta(count - 1), today) if back else (today, today + timedelta(count - 1))
    return (days.before(today, count), today) if back else (today, days.after(today, count))


def is_name(name: str) -> bool:
    """Whether a name means a stretch."""
    counted = _COUNTED.fullmatch(name)
    return name in _NAMED or bool(counted and int(counted[2]))
