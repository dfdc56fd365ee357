"""The words of a light: days while they matter, the day itself when it is far."""

from __future__ import annotations

from datetime import date

import pytest

from db.rules.deadlines import Deadlines
from db.rules.lights import FAR, Clock, Light, light
from db.rules.workdays import Workdays

TODAY = date(2022, 12, 30)
DAYS = Workdays()


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (FAR, Light("ok", f"剩 {FAR} 日")),
        (FAR + 1, Light("ok", DAYS.after(TODAY, FAR + 1).isoformat())),
        (2, Light("soon", "剩 2 日")),
        (0, Light("due", "今日到期")),
    ],
)
def test_what_is_due_far_ahead_shows_its_day(days: int, expected: Light) -> None:
    clock = Clock(DAYS.after(TODAY, days), is_open=True, missing=0, voided=False, stage="")
    assert light(clock, TODAY, Deadlines(DAYS, ())) == expected
