"""The calendar: make-up days, holidays, the office's own days, and years without a notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.rules.feasts import feast
from db.rules.workdays import Day, Workdays

HOLIDAYS = Path(__file__).parents[2] / "resources" / "holidays" / "days.csv"
BUNDLED = Workdays.from_csv(HOLIDAYS)

any_day = st.dates(date(2000, 1, 1), date(2040, 12, 31))
any_count = st.integers(0, 900)


def days_of(year: int) -> Iterator[date]:
    """Every day of a year."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(1)


@pytest.mark.parametrize(
    ("year", "worked"),
    [(2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)],
)
def test_each_bundled_year_has_its_published_number_of_working_days(year: int, worked: int) -> None:
    assert sum(map(BUNDLED.is_workday, days_of(year))) == worked


def test_a_saturday_worked_in_lieu_of_a_holiday_is_counted() -> None:
    saturday = date(2026, 10, 10)
    assert BUNDLED.is_workday(saturday)
    assert BUNDLED.mark(saturday) == "班"
    assert BUNDLED.between(date(2026, 10, 9), saturday) == 1
    assert BUNDLED.after(date(2026, 10, 9), 1) == saturday


def test_nine_working_days_over_national_day_are_not_nine_calendar_days() -> None:
    assert BUNDLED.after(date(2022, 9, 28), 9) == date(2022, 10, 14)
    assert BUNDLED.between(date(2022, 9, 28), date(2022, 10, 7)) == 2


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 9, 24), 10, date(2026, 10, 15)),
        (date(2026, 2, 13), 5, date(2026, 2, 27)),
        (date(2025, 9, 26), 7, date(2025, 10, 13)),
    ],
)
def test_working_days_after_a_day_pass_the_holidays(start: date, count: int, end: date) -> None:
    assert BUNDLED.after(start, count) == end
    assert BUNDLED.between(start, end) == count


def test_no_working_days_after_a_day_is_that_day_even_at_rest() -> None:
    sunday = date(2026, 11, 22)
    assert BUNDLED.after(sunday, 0) == sunday == BUNDLED.before(sunday, 0)


@pytest.mark.parametrize("count", ["after", "before"])
def test_a_negative_count_is_refused_in_chinese(count: str) -> None:
    with pytest.raises(ValueError, match="不能是负数"):
        getattr(BUNDLED, count)(date(2026, 1, 5), -1)


def test_the_next_workday_is_the_day_itself_when_it_is_worked() -> None:
    assert BUNDLED.next_workday(date(2026, 10, 10)) == date(2026, 10, 10)
    assert BUNDLED.next_workday(date(2026, 10, 1)) == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("day", "mark", "name"),
    [
        (date(2026, 11, 23), "", ""),
        (date(2026, 11, 22), "休", ""),
        (date(2026, 10, 1), "休", "国庆节"),
        (date(2026, 10, 10), "班", "国庆节"),
        (date(2027, 10, 1), "暂按", "国庆节"),
    ],
)
def test_each_day_is_marked_and_named(day: date, mark: str, name: str) -> None:
    assert (BUNDLED.mark(day), BUNDLED.name(day)) == (mark, name)


def test_the_office_wins_over_the_bundled_days_and_these_over_the_weekend_rule() -> None:
    monday, saturday = date(2026, 11, 23), date(2026, 10, 10)
    own = [Day(monday, False, "瑶族盘王节", "县政府通知"), Day(saturday, False, "照常休息", "县政府通知")]
    days = Workdays.from_csv(HOLIDAYS, own)
    assert not days.is_workday(monday)
    assert not days.is_workday(saturday)
    assert days.name(monday) == "瑶族盘王节"
    assert days.after(date(2026, 11, 20), 1) == date(2026, 11, 24)


def test_a_year_without_a_notice_is_provisional_and_rests_on_weekends_and_feasts() -> None:
    assert BUNDLED.is_provisional(date(2027, 3, 1))
    assert not BUNDLED.is_provisional(date(2026, 12, 31))
    for rest in ((1, 1), (2, 5), (2, 8), (4, 5), (5, 1), (6, 9), (9, 15), (10, 1)):
        assert not BUNDLED.is_workday(date(2027, *rest)), rest
    assert BUNDLED.is_workday(date(2027, 10, 8))


def test_one_local_day_off_counts_but_leaves_its_year_provisional() -> None:
    days = Workdays.from_csv(HOLIDAYS, [Day(date(2027, 3, 1), False, "雪灾停班", "县政府通知")])
    assert not days.is_workday(date(2027, 3, 1))
    assert days.mark(date(2027, 3, 1)) == "休"
    assert days.is_provisional(date(2027, 3, 2))
    assert not days.is_workday(date(2027, 10, 1))


def test_a_year_is_no_longer_provisional_once_the_office_has_entered_its_notice() -> None:
    notice = [
        Day(date(2027, 2, 9), False, "春节", "国办通知"),
        Day(date(2027, 2, 20), True, "春节", "国办通知"),
        Day(date(2027, 10, 4), False, "国庆节", "国办通知"),
    ]
    days = Workdays.from_csv(HOLIDAYS, notice)
    assert not days.is_provisional(date(2027, 6, 1))
    assert days.mark(date(2027, 2, 20)) == "班"
    assert not days.is_workday(date(2027, 10, 1)), "a feast that falls on a weekday need not be entered"
    assert days.is_provisional(date(2028, 6, 1))


def test_a_year_that_is_named_as_known_is_not_provisional() -> None:
    assert not Workdays(covered=range(2027, 2029)).is_provisional(date(2028, 1, 3))


def test_may_second_is_no_feast_in_the_bundled_years_before_it_became_one() -> None:
    assert feast(date(2027, 5, 2)) == "劳动节"
    assert BUNDLED.is_workday(date(2013, 5, 2))


def test_the_bundled_moving_feasts_lie_in_their_seasons() -> None:
    seasons = {"春节": ((1, 20), (2, 24)), "清明节": ((4, 4), (4, 6)), "端午节": ((5, 27), (6, 25))}
    for year in range(2027, 2036):
        named = {name: [day for day in days_of(year) if feast(day) == name] for name in (*seasons, "中秋节")}
        assert {name: len(found) for name, found in named.items() if name != "中秋节"} == {
            "春节": 4, "清明节": 1, "端午节": 1,
        }  # fmt: skip
        for name, (first, last) in seasons.items():
            assert all(date(year, *first) <= day <= date(year, *last) for day in named[name])
    assert feast(date(2031, 10, 1)) == "国庆节", "中秋 falls on it in 2031"


def test_lunar_new_year_mid_autumn_and_dragon_boat_keep_their_lunar_distance() -> None:
    for year in range(2027, 2036):
        new_year = next(day for day in days_of(year) if feast(day) == "春节") + timedelta(1)
        dragon = next(day for day in days_of(year) if feast(day) == "端午节")
        months_between = (dragon - timedelta(4) - new_year).days / 29.53
        assert abs(months_between - round(months_between)) < 0.05, year


@given(any_day)
@settings(deadline=None)
def test_no_day_of_any_year_raises(day: date) -> None:
    BUNDLED.mark(day)
    BUNDLED.name(day)
    assert BUNDLED.is_workday(BUNDLED.next_workday(day))


@given(any_day, st.integers(1, 900))
@settings(deadline=None)
def test_before_undoes_after_from_a_working_day(day: date, count: int) -> None:
    start = BUNDLED.next_workday(day)
    assert BUNDLED.before(BUNDLED.after(start, count), count) == start


@given(any_day, st.integers(1, 900))
@settings(deadline=None)
def test_after_lands_on_a_working_day_at_the_distance_asked_for(day: date, count: int) -> None:
    end = BUNDLED.after(day, count)
    assert BUNDLED.is_workday(end)
    assert BUNDLED.between(day, end) == count


@given(any_day, any_day, any_day)
@settings(deadline=None)
def test_between_adds_up(first: date, second: date, third: date) -> None:
    assert BUNDLED.between(first, second) + BUNDLED.between(second, third) == BUNDLED.between(first, third)


@given(any_day, st.integers(0, 800))
@settings(deadline=None)
def test_between_is_the_count_of_days_one_by_one(start: date, length: int) -> None:
    one_by_one = sum(BUNDLED.is_workday(start + timedelta(n)) for n in range(1, length + 1))
    assert BUNDLED.between(start, start + timedelta(length)) == one_by_one


@given(any_day, any_count, any_count)
@settings(deadline=None)
def test_more_working_days_never_end_earlier(day: date, one: int, other: int) -> None:
    assert (BUNDLED.after(day, one) <= BUNDLED.after(day, other)) or one > other
    assert (BUNDLED.before(day, one) >= BUNDLED.before(day, other)) or one > other


def test_notes_in_the_file_of_days_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("# 说明\nday,kind,name,source\n2030-03-04,rest,盘王节,县\n2030-03-09,work,,县\n", encoding="utf-8")
    days = Workdays.from_csv(path)
    assert [days.mark(date(2030, 3, day)) for day in (4, 5, 9, 10)] == ["休", "", "班", "休"]


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 1), 2027),
        (date(2025, 12, 1), None),
    ],
)
def test_from_november_on_next_years_arrangement_is_missing(today: date, missing: int | None) -> None:
    assert BUNDLED.missing_year(today) == missing


def test_a_year_whose_notice_is_entered_is_not_missing() -> None:
    own = [Day(date(2027, 2, 5), False, "春节"), Day(date(2027, 10, 1), False, "国庆节")]
    assert Workdays.from_csv(HOLIDAYS, own).missing_year(date(2026, 11, 25)) is None
