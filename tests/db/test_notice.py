"""The pasted notice of holidays: every wording of the real ones, and what contradicts itself is said at its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from db.rules.notice import Notice, read_notice
from db.rules.workdays import Workdays
from tests.db.notices import NOTICE_2023, NOTICE_2024, NOTICE_2025, NOTICE_2026, NOTICE_2027
from tests.db.test_workdays import days_of

BUNDLED = Workdays.from_csv(Path(__file__).parents[2] / "resources" / "holidays" / "days.csv")


def doubts(notice: Notice) -> list[str]:
    """Everything that is wrong with a notice, in its order."""
    return [doubt.text for clause in notice.clauses for doubt in clause.doubts] + [
        doubt.text for doubt in notice.doubts
    ]


@pytest.mark.parametrize(
    ("text", "year"), [(NOTICE_2023, 2023), (NOTICE_2024, 2024), (NOTICE_2025, 2025), (NOTICE_2026, 2026)]
)
def test_a_real_notice_gives_the_days_that_are_bundled(text: str, year: int) -> None:
    notice = read_notice(text)
    assert (notice.year, doubts(notice)) == (year, [])
    read = Workdays(own=notice.days(), covered={year})
    off = {day.on for day in notice.days() if not day.is_workday}
    for day in days_of(year):
        stands = read.is_workday(day) if day in off or read.mark(day) == "班" else day.weekday() < 5
        assert stands == BUNDLED.is_workday(day), day


def test_the_days_say_which_feast_and_which_notice_they_come_from() -> None:
    days = {day.on: day for day in read_notice(NOTICE_2026).days()}
    assert len(days) == 33 + 6
    assert days[date(2026, 10, 10)].is_workday
    assert days[date(2026, 10, 10)].name == "国庆节"
    assert days[date(2026, 2, 21)].source == "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）"


def test_a_year_filled_by_a_notice_is_no_longer_provisional() -> None:
    notice = read_notice(NOTICE_2027)
    assert doubts(notice) == []
    days = Workdays(own=notice.days())
    assert not days.is_provisional(date(2027, 7, 1))
    assert days.mark(date(2027, 2, 14)) == "班"
    assert days.mark(date(2027, 2, 12)) == "休"


@pytest.mark.parametrize(
    "mangle",
    [
        lambda text: text.replace("\n", ""),
        lambda text: text.replace("（", "(").replace("）", ")").replace("：", ":"),
        lambda text: text.replace("周", "星期").replace("星期日", "星期天"),
        lambda text: text.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}),
        lambda text: text.replace("日（", " 日 （").replace("\n", "\r\n\r\n"),
        lambda text: "各科室：转发如下。\n" + text + "\n联系人：李喆，电话2212345。",
    ],
)
def test_how_it_was_copied_does_not_matter(mangle: object) -> None:
    assert callable(mangle)
    notice = read_notice(mangle(NOTICE_2026))
    assert doubts(notice) == []
    assert [day.on for day in notice.days()] == [day.on for day in read_notice(NOTICE_2026).days()]


def test_a_text_that_does_not_say_its_year_asks_for_it() -> None:
    text = NOTICE_2026[NOTICE_2026.index("　　一、") :].partition("国务院办公厅")[0]
    asked = read_notice(text)
    assert asked.year is None
    assert asked.days() == []
    assert "请选年份" in asked.doubts[0].text
    assert [day.on for day in read_notice(text, 2026).days()] == [day.on for day in read_notice(NOTICE_2026).days()]


def test_new_year_may_begin_in_the_december_before() -> None:
    notice = read_notice("元旦：12月31日（周六）至1月2日（周一）放假调休，共3天。", 2023)
    assert notice.clauses[0].rest == (date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2))


def test_a_holiday_joined_to_the_weekend_holds_its_rest_days() -> None:
    friday, monday = (read_notice(f"清明节：{day}放假，与周末连休。", 2019).clauses[0] for day in ("4月5日", "4月8日"))
    assert friday.rest == (date(2019, 4, 5), date(2019, 4, 6), date(2019, 4, 7))
    assert monday.rest == (date(2019, 4, 6), date(2019, 4, 7), date(2019, 4, 8))


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("1月1日（周五）", "1月1日（周四）", 3, "1月1日写的是周四，2027年这一天是周五"),
        ("放假调休，共8天", "放假调休，共7天", 4, "写的是7天，2月5日至2月12日却是8天"),
        ("2月20日（周六）上班", "2月10日上班", 4, "2月10日又放假又上班"),
        ("2月20日（周六）上班", "2月24日（周三）上班", 4, "2月24日是周三，本来就上班，不用补"),
        ("5月8日（周六）上班", "10月2日（周六）上班", 6, "10月2日上班，却在国庆节的假期里"),
        ("4月3日（周六）至5日", "4月3日（周六）至31日", 5, "没有4月31日这一天"),
        ("端午节：6月9日（周三）", "端午节：6月10日", 7, "6月9日是端午节，不在放假的日子里"),
        ("中秋节：9月15日（周三）放假1天", "中秋节：10月7日放假1天", 8, "9月15日是中秋节，不在放假的日子里"),
        ("6月9日（周三）放假1天，不调休", "6月9日放假1天，不调休。6月12日上班", 7, "写明不调休，却又有上班的日子"),
        ("5月8日（周六）上班。", "", 6, "占3个工作日、补班0天，净放3天；法定是2天"),
        ("元旦：1月1日（周五）至3日（周日）放假，共3天", "元旦：照常安排", 3, "看不出哪几天放假"),
        ("1月1日（周五）至3日（周日）放假", "1月1日至8月3日放假", 3, "从1月1日到8月3日不像一个假期，请核对日期"),
    ],
)  # fmt: skip
def test_a_contradiction_is_said_at_its_line(right: str, wrong: str, line: int, said: str) -> None:
    assert right in NOTICE_2027
    notice = read_notice(NOTICE_2027.replace(right, wrong, 1))
    at = {clause.line: [doubt.text for doubt in clause.doubts] for clause in notice.clauses}
    assert said in at[line]


def test_the_example_of_three_days_with_a_monday_called_sunday_is_doubted() -> None:
    text = "一、元旦：1月1日（周五）至3日（周日）放假调休，共3天。1月4日（周日）上班。"
    (clause,) = read_notice(text, 2027).clauses
    assert [doubt.text for doubt in clause.doubts] == [
        "1月4日写的是周日，2027年这一天是周一", "1月4日是周一，本来就上班，不用补",
    ]  # fmt: skip


def test_a_missing_feast_is_said_of_the_whole() -> None:
    line = next(line for line in NOTICE_2027.splitlines() if "端午" in line)
    assert [doubt.text for doubt in read_notice(NOTICE_2027.replace(line, "")).doubts] == ["没有写端午节"]


def test_a_feast_twice_and_a_day_in_two_holidays_are_said_at_the_second() -> None:
    text = NOTICE_2027 + "　　八、国庆节：10月7日（周四）至8日（周五）放假，共2天。\n"
    last = read_notice(text).clauses[-1]
    assert {"10月7日也在国庆节的假期里", "国庆节前面已经写过"} <= {doubt.text for doubt in last.doubts}


@pytest.mark.parametrize("text", ["", "\n\n", "今天下午开会。", "一、各单位要高度重视：9月1日前报送。", "：：：1月日"])
def test_a_text_that_is_no_notice_gives_no_day(text: str) -> None:
    notice = read_notice(text, 2027)
    assert notice.clauses == ()
    assert notice.days() == []
