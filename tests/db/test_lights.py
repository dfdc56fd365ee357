"""The words of a light: days while they matter, the day itself when it is far."""

from __future__ import annotations

from datetime import date

import pytest

from db.rules.deadlines import Deadlines
from db.rules.lights import Clock, Light, light
from db.rules.rulebook import Rulebook
from db.rules.workdays import Workdays
from db.store.store import Store

TODAY = date(2022, 12, 30)
DAYS = Workdays()
FAR = 60


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
    assert light(clock, TODAY, Deadlines(DAYS, ()), near=3, far=FAR) == expected


def test_how_far_is_told_in_days_is_the_office_s_setting(store: Store) -> None:
    clock = Clock(store.rules.days.after(store.rules.today, 6), is_open=True, missing=0, voided=False, stage="")
    assert store.rules.light(clock).words == "剩 6 日"
    store.set_office({"far_days": "5"}, store.rules.words("organ_code"))
    assert clock.due_on is not None
    assert store.rules.light(clock).words == clock.due_on.isoformat()
    store.set_office({"far_days": "九"}, store.rules.words("organ_code"))
    assert store.rules.light(clock).words == "剩 6 日", "no number: as if nothing were set"


def test_without_settings_sixty_days_are_told() -> None:
    rules = Rulebook(TODAY, Deadlines(DAYS, ()))
    assert (rules.near, rules.far) == (3, FAR)
