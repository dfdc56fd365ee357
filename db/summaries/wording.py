"""How numbers and dates are written on paper (print.md 4): half-up, U+2212 for minus, "—" for an empty base."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from db.figures import Period, Value, rounded

DASH, LEVEL = "—", "持平"
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{6})\d{8}(\d{3}[\dXx])(?![0-9A-Za-z])")
_IDENTITY_DIGITS = 18
_DIGITS = ("", *"一二三四五六七八九")


def masked(text: str) -> str:
    """A text with the birthday in every 18-digit identity number hidden: 431127********1234 (个人信息保护法 第51条)."""
    return _IDENTITY.sub(r"\1********\2", text) if len(text) >= _IDENTITY_DIGITS else text


def number(value: Value, nil: str = "") -> str:
    """A figure's value without its unit: a whole number, or one decimal for rates and means; `nil` for zero."""
    if value.value is None:
        return DASH
    if nil and not value.value:
        return nil
    return str(value.value) if isinstance(value.value, int) else str(rounded(value.value))


def change(now: Value, before: Value, unit: str) -> str:
    """同比 or 环比: per cent of the base with its sign; points for rates; "—" for an empty base; 持平 for no change."""
    if now.value is None or before.value is None:
        return DASH
    if unit == "%":
        points = rounded(Decimal(now.value)) - rounded(Decimal(before.value))
        return f"{points:+}点".replace("-", "−") if points else LEVEL
    if not before.value:
        return DASH
    share = rounded(Decimal(now.value - before.value) * 100 / Decimal(before.value))
    return f"{share:+}%".replace("-", "−") if share else LEVEL


def numeral(number: int) -> str:
    """A number from 1 to 99 as a heading counts: 一, 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    return (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + _DIGITS[ones]


def long_date(day: date) -> str:
    """A date in running text: 2022年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_words(at: datetime) -> str:
    """A moment in running text: 2022年12月31日16时05分."""
    return f"{long_date(at.date())}{at.hour}时{at.minute:02}分"


def period_words(period: Period) -> str:
    """A period in words: 2022年12月, 2022年, or from day to day."""
    if period == Period.month(period.start.year, period.start.month):
        return f"{period.start.year}年{period.start.month}月"
    if period == Period.year(period.start.year):
        return f"{period.start.year}年"
    return f"{long_date(period.start)}至{long_date(period.end - timedelta(1))}"


def cutoff_words(period: Period, now: datetime) -> str:
    """Up to when a period was counted: its last day at 24 o'clock, or now while it still runs."""
    if now.date() >= period.end:
        return f"{long_date(period.end - timedelta(1))}24时"
    return moment_words(now)


def in_ranges(numbers: Iterable[int]) -> str:
    """Whole numbers in their order, three or more that follow one another as a range: 1—10, 1、2、5—7."""
    runs: list[list[int]] = []
    for one in sorted(set(numbers)):
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return "、".join(f"{run[0]}—{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs)


def text_of(value: Any) -> str:
    """Any field's value as a table shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
