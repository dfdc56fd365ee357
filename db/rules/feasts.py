"""The statutory feasts by date, for years whose yearly notice of holidays is not at hand.

Source: 全国年节及纪念日放假办法 §2 as amended on 2024-11-10 (13 days). The days of 调休 around them are fixed by a
notice each autumn and cannot be foretold.
"""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType

_FIXED = MappingProxyType(
    {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}
)

# First day of the lunar year, 清明, 端午 and 中秋 as (month, day). In 2033 the leap month stands after the eleventh.
_MOVING = MappingProxyType(
    {
        2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
        2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
        2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
        2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
        2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
        2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
        2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
        2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
        2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
    }
)
_MOVING_NAMES = ("清明节", "端午节", "中秋节")


def _by_date() -> MappingProxyType[date, str]:
    """Every moving feast of the table; 春节 is the eve and the first three days of the lunar year."""
    found: dict[date, str] = {}
    for year, (new_year, *others) in _MOVING.items():
        for (month, day), name in zip(others, _MOVING_NAMES, strict=True):
            found[date(year, month, day)] = name
        for offset in range(-1, 3):
            found[date(year, *new_year) + timedelta(offset)] = "春节"
    return MappingProxyType(found)


_BY_DATE = _by_date()


def feast(day: date) -> str:
    """The name of the statutory feast on a day; empty for any other day. Feasts of the moon are known for 2027-2035."""
    return _FIXED.get((day.month, day.day)) or _BY_DATE.get(day, "")
