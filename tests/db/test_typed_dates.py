"""Dates in the short forms that clerks type."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.rules.typed_dates import FIRST_YEAR, LAST_YEAR, days_in, mend_time, read_date, read_written, weekday
from db.rules.workdays import Workdays

DAYS = Workdays.from_csv(Path(__file__).parents[2] / "resources" / "holidays" / "days.csv")
TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    "typed",
    [
        "0305", "305", "3.5", "3-5", "3/5", "03.05", "3月5日", "3月5号", "3月5", "三月五日", "03－05",
        "３．５", "3。5", " 3 . 5 ",
        "2026.3.5", "20260305", "2026-03-05", "2026/3/5", "2026年3月5日", "２０２６年３月５日", "26.3.5",
        "二〇二六年三月五日", "二零二六年三月五日", "二○二六年三月五日",
    ],
)  # fmt: skip
def test_each_way_of_typing_the_fifth_of_march_is_read(typed: str) -> None:
    assert read_date(typed, TODAY, DAYS) == date(2026, 3, 5)


@pytest.mark.parametrize("typed", ["元月3日", "2026年元月3日", "元月三号", "2026 年元月 3 日"])
def test_the_first_month_is_read_by_its_name_too(typed: str) -> None:
    assert read_date(typed, TODAY, DAYS) == date(2026, 1, 3)
    assert read_written(typed)[1:] == (1, 3)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("今天", TODAY), ("t", TODAY), ("T", TODAY), ("昨天", date(2026, 11, 22)), ("y", date(2026, 11, 22)),
        ("前天", date(2026, 11, 21)), ("明天", date(2026, 11, 24)), ("后天", date(2026, 11, 25)),
        ("月初", date(2026, 11, 1)), ("m", date(2026, 11, 1)), ("月底", date(2026, 11, 30)),
        ("周五", date(2026, 11, 27)), ("星期日", date(2026, 11, 29)), ("上周五", date(2026, 11, 20)),
        ("下周一", date(2026, 11, 30)), ("本周天", date(2026, 11, 29)), ("5", date(2026, 11, 5)),
        ("25日", date(2026, 11, 25)),
    ],
)  # fmt: skip
def test_a_day_is_told_from_today(typed: str, day: date) -> None:
    assert read_date(typed, TODAY, DAYS) == day


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("+10", date(2026, 12, 3)), ("-3", date(2026, 11, 20)), ("+3天", date(2026, 11, 26)),
        ("＋10", date(2026, 12, 3)),
        ("+10w", date(2026, 12, 7)), ("+10W", date(2026, 12, 7)), ("+10工作日", date(2026, 12, 7)),
        ("+10个工作日", date(2026, 12, 7)), ("-1w", date(2026, 11, 20)), ("—1工作日", date(2026, 11, 20)),
        ("+2月", date(2027, 1, 23)), ("+2个月", date(2027, 1, 23)), ("-9月", date(2026, 2, 23)),
        ("+2周", date(2026, 12, 7)),
        ("+0", TODAY),
    ],
)  # fmt: skip
def test_a_distance_from_today_is_counted(typed: str, day: date) -> None:
    assert read_date(typed, TODAY, DAYS) == day


def test_a_distance_in_months_ends_with_a_shorter_month() -> None:
    assert read_date("+1月", date(2026, 1, 31), DAYS) == date(2026, 2, 28)


@pytest.mark.parametrize("typed", ["", " ", "\u3000", "\n\t"])
def test_nothing_typed_is_no_date(typed: str) -> None:
    assert read_date(typed, TODAY, DAYS) is None


@pytest.mark.parametrize(
    ("typed", "day"), [("十月十日", (10, 10)), ("二月二十八日", (2, 28)), ("十二月三十一日", (12, 31))]
)
def test_chinese_tens_are_read(typed: str, day: tuple[int, int]) -> None:
    assert read_date(typed, date(2026, 12, 1), DAYS) == date(2026, *day)


@pytest.mark.parametrize(
    ("typed", "today", "day"),
    [
        ("1228", date(2027, 1, 4), date(2026, 12, 28)),
        ("0305", date(2027, 1, 4), date(2027, 3, 5)),
        ("0306", date(2027, 1, 4), date(2026, 3, 6)),
        ("0105", date(2026, 12, 30), date(2026, 1, 5)),
    ],
)
def test_a_day_without_a_year_is_of_last_year_if_it_lies_far_ahead(typed: str, today: date, day: date) -> None:
    assert read_date(typed, today, DAYS) == day


def test_a_planned_day_without_a_year_is_of_this_year() -> None:
    assert read_date("1231", date(2026, 3, 1), DAYS, ahead=366) == date(2026, 12, 31)


def test_the_29th_of_february_without_a_year_is_of_last_year_if_only_that_has_one() -> None:
    assert read_date("0229", date(2025, 1, 10), DAYS) == date(2024, 2, 29)
    assert read_date("0229", date(2024, 3, 1), DAYS) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0230", "没有 2 月 30 日"),
        ("4.31", "没有 4 月 31 日"),
        ("1305", "没有 13 月 5 日"),
        ("3.0", "没有 3 月 0 日"),
        ("2.29", "2026 年没有 2 月 29 日"),
        ("2022.2.30", "2022 年没有 2 月 30 日"),
        ("20220431", "2022 年没有 4 月 31 日"),
        ("31", "2026 年没有 11 月 31 日"),
        ("1066.3.5", "年份 1066 不对，应在 1949 到 2100 之间"),
        ("2101.1.1", "年份 2101 不对"),
        ("+9999月", "年份 2860 不对"),
        ("-9999月", "年份 1193 不对"),
        ("下个月", "看不懂“下个月”，可写 0305、3.5、2022.3.5"),
        ("2022", "没有 20 月 22 日"),
        ("2022年3月", "看不懂“2022年3月”"),
        ("3.5.", "看不懂"),
        ("+", "看不懂"),
        ("12345678901234567890123", "看不懂“12345678901234567890…”"),
    ],
)
def test_what_cannot_be_a_date_is_refused_with_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read_date(typed, TODAY, DAYS)


def test_years_at_both_ends_are_read() -> None:
    assert read_date("1949.10.1", TODAY, DAYS) == date(1949, 10, 1)
    assert read_date("2100-12-31", TODAY, DAYS) == date(2100, 12, 31)


@given(st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)))
def test_a_full_date_is_read_whatever_its_form(day: date) -> None:
    for form in ("%Y-%m-%d", "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日"):
        assert read_date(day.strftime(form), TODAY, DAYS) == day


@given(st.dates(date(2005, 1, 1), date(2040, 12, 31)), st.dates(date(2004, 1, 1), date(2004, 12, 31)))
@settings(deadline=None)
def test_a_day_without_a_year_is_never_far_ahead_nor_older_than_two_years(today: date, typed: date) -> None:
    try:
        found = read_date(f"{typed:%m%d}", today, DAYS)
    except ValueError:
        assert (typed.month, typed.day) == (2, 29)
        return
    assert found is not None
    assert -731 <= (found - today).days <= 60
    assert (found.month, found.day) == (typed.month, typed.day)


@given(st.text() | st.text(st.sampled_from("0123456789+-./年月日号周星期初底上下本工作wmdty十二三〇①፩²"), max_size=12))
@settings(deadline=None, max_examples=400)
def test_any_text_is_a_day_or_is_refused_in_chinese(text: str) -> None:
    try:
        found = read_date(text, TODAY, DAYS)
    except ValueError as refusal:
        assert re.match(r"看不懂“|没有 |年份 |\d+ 年没有 ", str(refusal))  # noqa: PT017  either outcome is right
    else:
        assert found is None or FIRST_YEAR <= found.year <= LAST_YEAR


def test_weekdays_have_their_names() -> None:
    names = [weekday(date(2026, 11, day)) for day in range(23, 30)]
    assert names == ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]


@pytest.mark.parametrize(
    "text", ["2022.3.1 5:20", "2022-3-1  15:20", "3.1 5时", "2022年3月1日 5:20", "2022/3/1\n5:20:00"]
)
def test_an_hour_behind_a_day_is_no_part_of_it(text: str) -> None:
    assert read_written(text)[1:] == (3, 1)
    assert [found[1:] for found in days_in(f"已开庭（{text}）")[0]] in ([(3, 1)], [])


@pytest.mark.parametrize(
    ("typed", "mended"),
    [("0905", "09:05"), ("905", "9:05"), ("9点", "9:00"), ("9时整", "9:00"), ("9:00", "9:00"), ("２３５９", "23:59")],
)
def test_a_time_of_day_is_written_with_a_colon(typed: str, mended: str) -> None:
    assert mend_time(typed) == mended
    assert mend_time(mended) == mended


@pytest.mark.parametrize("typed", ["2460", "24:00", "1660", "16", "上午", "上午9点", "16:4", "1:30:00", ""])
def test_what_is_no_time_of_day_stays_as_it_was_typed(typed: str) -> None:
    assert mend_time(typed) == typed
