"""Periods, the value of a figure over one, and how values are rounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal


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
    """A figure over a period: `value` (None when the base is zero), `base` of a ratio, mean or share.

    `parts` are the values of a split with their counts, or with their shares in per cent.
    """

    value: int | Decimal | None
    base: int | Decimal | None = None
    parts: tuple[tuple[str, int | Decimal], ...] = ()


def rounded(value: Decimal, places: int = 1) -> Decimal:
    """Half-up rounding, as printed figures are rounded (12.25 -> 12.3)."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def shares(counts: Mapping[str, int | Decimal], places: int = 1) -> dict[str, Decimal]:
    """The shares of counts in per cent, rounded by the largest remainder so that they add up to exactly 100.

    All are rounded down; what is then missing goes, one unit of the last place each, to those that lost most (of
    equals, to the larger count, then to the one told first). Empty when the counts add up to nothing.
    """
    whole = sum(counts.values())
    if not whole:
        return {}
    unit = Decimal(1).scaleb(-places)
    exact = {name: Decimal(count) * 100 / whole for name, count in counts.items()}
    down = {name: share // unit * unit for name, share in exact.items()}
    missing = int((100 - sum(down.values())) / unit)
    by_loss = sorted(exact, key=lambda name: (down[name] - exact[name], -counts[name]))
    return {name: share + unit * (name in by_loss[:missing]) for name, share in down.items()}
