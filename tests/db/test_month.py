"""The monthly summary: its periods, wording, lists as they stood at the cutoff, and the rows behind its numbers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from db.figures import Figures, Period, Value
from db.record import Count, Record
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.registers.rectification_plan import Measure, Progress
from db.registers.study_session import Attendance, StudyItem
from db.store.store import Store
from db.summaries.document import Cell, Chart, Note, Source, Summary, Table
from db.summaries.month import Month, Spans
from db.summaries.wording import change, cutoff_words, in_ranges, number, numeral, period_words, text_of
from tests.db.office import Clock, case, event, incoming, norm, outgoing, plan, saved, study

PRINTED = datetime(2023, 1, 10, 9, 5)


@pytest.fixture(autouse=True)
def in_january(clock: Clock) -> None:
    """The clerk prints December on 10 January."""
    clock.at = PRINTED


def summary(store: Store, now: datetime = PRINTED, month: int = 12, year: int = 2022) -> Summary:
    """The summary of a month."""
    return Month(store, year, month, now).summary()


def part(made: Summary, heading: str) -> Any:
    """The first block of the part whose heading begins so."""
    return next(part.blocks[0] for part in made.parts if heading in part.heading)


def texts(table: Table) -> list[list[str]]:
    """The words of a table's rows, but for headings across all columns."""
    return [[cell.text for cell in row] for row in table.rows if len(row) > 1]


def headings(table: Table) -> list[str]:
    """The headings across all columns of a table."""
    return [row[0].text for row in table.rows if len(row) == 1]


def sent(day: date, **values: Any) -> Outgoing:
    """A document of one day."""
    return outgoing(**({"doc_on": day, "signed_on": day, "printed_on": day, "title": f"关于{day}的通知"} | values))


def received(day: date, **values: Any) -> Incoming:
    """A paper of one day."""
    return incoming(**({"received_on": day, "from_doc_on": None, "from_doc_no": ""} | values))


def a_year(store: Store) -> None:
    """A little of everything around December 2022."""
    for month, count in ((12, 3), (11, 4), (1, 2)):
        for at in range(count):
            saved(store, sent(date(2022, month, 5 + at)))
            saved(store, received(date(2022, month, 5 + at), source_level="市", kind="通知"))
    for at in range(2):
        saved(store, sent(date(2021, 12, 5 + at)))
    saved(store, received(date(2021, 12, 31)))
    saved(store, received(date(2022, 12, 1)))
    saved(store, received(date(2022, 12, 31), kind="报告"))
    saved(store, study(held_on=date(2022, 12, 9)))
    saved(store, plan())


def test_a_month_is_compared_over_five_periods() -> None:
    december, january = Spans.of(2022, 12), Spans.of(2022, 1)
    assert [str(period) for period in december.all()] == ["2022-12", "2022-11", "2021-12", "2022", "2021"]
    assert [str(period) for period in january.all()] == ["2022-01", "2021-12", "2021-01", "2022-01", "2021-01"]
    april = Spans.of(2022, 4)
    assert (april.year, april.year_before) == (
        Period(date(2022, 1, 1), date(2022, 5, 1)),
        Period(date(2021, 1, 1), date(2021, 5, 1)),
    )


def test_each_figure_stands_in_a_row_with_its_comparisons(store: Store) -> None:
    a_year(store)
    rows = {row[0].strip("　"): row[1:] for row in texts(part(summary(store), "主要指标"))}
    assert rows["印发文件"] == ["件", "3", "4", "−25.0%", "2", "+50.0%", "9", "2", "+350.0%"]
    assert rows["处理上级来文来电"] == ["件", "3", "4", "−25.0%", "0", "—", "9", "0", "—"]
    assert rows["接收请示（报告）"] == ["件", "2", "0", "—", "1", "+100.0%", "2", "1", "+100.0%"]
    assert rows["其中：请示"] == ["件", "1", "0", "—", "1", "持平", "1", "1", "持平"]
    assert rows["主动公开率"] == ["%", "0.0", "0.0", "持平", "0.0", "持平", "0.0", "0.0", "持平"]
    assert rows["学习出勤率"] == ["%", "100.0", "—", "—", "—", "—", "100.0", "—", "—"]


def test_every_number_opens_exactly_the_rows_that_it_counts(store: Store, clock: Clock) -> None:
    a_year(store)
    store.void(Outgoing, 1, "重复")
    made, figures = summary(store), Figures(store.connection, store.catalogue, store.rules.days)
    cells: list[Cell] = [cell for row in part(made, "主要指标").rows for cell in row]
    sources = [(cell.source, cell.text) for cell in cells if isinstance(cell.source, Source)]
    chart = part(made, "逐月")
    for series in (*chart.stacked, chart.beside):
        sources += list(zip(series.sources, map(str, series.values), strict=True))
    counted = 0
    for source, text in sources:
        assert isinstance(source, Source)
        figure, period = figures[source.figure], Period(source.start, source.end)
        if type(figure) is Count and figure.of is None:
            assert len(figures.rows(source.figure, period)) == int(text), source
            counted += int(text)
        assert number(figures.value(source.figure, period)) == text
    assert counted > 50
    for row in (row for row in part(made, "主要指标").rows if len(row) > 1):
        assert all(cell.source for cell in row[2:])


def test_the_chart_shows_the_months_up_to_the_one_printed(store: Store) -> None:
    a_year(store)
    chart = part(summary(store, month=11), "逐月")
    assert isinstance(chart, Chart)
    assert chart.categories == tuple(f"{month}月" for month in range(1, 13))
    assert chart.beside is not None
    assert chart.beside.values == (2, *[0] * 9, 4, 0)
    assert [series.label for series in chart.stacked] == ["接收请示（报告）", "处理上级来文来电"]
    assert chart.stacked[1].values == (2, *[0] * 9, 4, 0)


OVERDUE = (
    # received, due, finished, how late at the end of December, how late on 15 December
    (date(2022, 12, 1), date(2022, 12, 14), None, "17天\n12个工作日", "1天\n1个工作日"),
    (date(2022, 12, 1), date(2022, 12, 15), date(2023, 1, 5), "16天\n11个工作日", ""),
    (date(2022, 12, 20), date(2022, 12, 30), None, "1天\n0个工作日", ""),
    (date(2022, 12, 21), date(2022, 12, 31), None, "当日到期", ""),
    (date(2022, 12, 2), date(2022, 12, 12), date(2022, 12, 31), "", "3天\n3个工作日"),
    (date(2022, 12, 2), date(2022, 12, 12), date(2022, 12, 14), "", ""),
    (date(2022, 12, 22), date(2023, 1, 5), None, "", ""),
    (date(2023, 1, 3), date(2023, 1, 4), None, "", ""),
)


def file_overdue(store: Store) -> None:
    """File papers that were late, in time, or not there yet, a void one and a lasting matter."""
    for received_on, due_on, finished_on, *_late in OVERDUE:
        result = {"result": "批复", "finished_on": finished_on} if finished_on else {}
        saved(store, received(received_on, due_on=due_on, title=f"请示{due_on}", **result))
    store.void(Incoming, saved(store, received(date(2022, 12, 1), due_on=date(2022, 12, 5))).id, "重复")
    saved(store, plan(Measure(text="一"), found_on=date(2022, 1, 5), rect_kind="长期坚持", review_cycle="每年"))


@pytest.mark.parametrize(
    ("now", "column"), [(PRINTED, 3), (datetime(2022, 12, 15, 18, 0), 4), (datetime(2023, 1, 1), 3)]
)
def test_what_was_overdue_at_the_cutoff_is_listed(store: Store, clock: Clock, now: datetime, column: int) -> None:
    file_overdue(store)
    clock.at = now
    made = summary(store, now)
    wanted = sorted((str(row[1]), row[column]) for row in OVERDUE if row[column])
    rows = texts(part(made, "逾期清单"))
    assert [(row[5], row[6]) for row in rows] == wanted
    assert [row[0] for row in rows] == [str(at + 1) for at in range(len(rows))]
    assert rows[0][1] == "收文"
    assert any(f"逾期清单（{len(wanted)}件）" in part.heading for part in made.parts)


def test_what_falls_due_next_month_is_listed_as_it_stood_at_the_cutoff(store: Store) -> None:
    for due, finished in (
        (date(2022, 12, 31), None), (date(2023, 1, 3), None), (date(2023, 1, 9), date(2023, 1, 6)),
        (date(2023, 1, 10), date(2022, 12, 30)), (date(2023, 1, 31), None), (date(2023, 2, 1), None),
    ):  # fmt: skip
        result = {"result": "批复", "finished_on": finished} if finished else {}
        saved(store, received(date(2022, 12, 28), due_on=due, **result))
    saved(store, received(date(2023, 1, 3), due_on=date(2023, 1, 20)))
    saved(store, plan(Measure(text="一", due_on=date(2023, 1, 20))))
    rows = texts(part(summary(store), "下月到期"))
    assert [(row[1], row[5], row[6]) for row in rows] == [
        ("收文", "2023-01-03", "1个工作日"), ("收文", "2023-01-09", "5个工作日"), ("整改", "2023-01-20", "14个工作日"),
        ("收文", "2023-01-31", "18个工作日"),
    ]  # fmt: skip


def test_what_was_published_after_the_cutoff_was_overdue_at_it(store: Store) -> None:
    public = sent(date(2022, 11, 25), publicity="主动公开", published_on=date(2023, 1, 6))
    saved(store, public)
    saved(store, sent(date(2022, 11, 24), publicity="主动公开", published_on=date(2022, 12, 20)))
    rows = texts(part(summary(store), "逾期清单"))
    assert [(row[1], row[2], row[5]) for row in rows] == [("发文", public.number, "2022-12-23")]


def notes(made: Summary) -> list[str]:
    """The sentences under the table of figures, but for the first, which is always there."""
    return [block.text for block in made.parts[0].blocks if isinstance(block, Note)][1:]


def test_a_month_printed_again_names_what_was_entered_or_voided_since(store: Store, clock: Clock) -> None:
    clock.at = datetime(2022, 12, 20, 10, 0)
    kept, voided, before = (saved(store, sent(date(2022, 12, day), title=f"关于第{day}号的通知")) for day in (5, 6, 7))
    store.void(Outgoing, before.id, "十二月里作废")
    clock.at = datetime(2022, 12, 31, 18, 0)
    assert notes(summary(store, clock.at)) == []
    clock.at = datetime(2023, 1, 1, 9, 0)
    assert notes(summary(store, clock.at)) == []
    clock.at = datetime(2023, 1, 9, 9, 0)
    late = saved(store, received(date(2022, 12, 30)))
    gone = saved(store, received(date(2022, 12, 29), from_unit="楠市镇人民政府"))
    store.void(Incoming, gone.id, "一月登记又作废的，谁也没见过")
    store.void(Outgoing, voided.id, "重复")
    saved(store, received(date(2023, 1, 9), from_unit="毛俊镇人民政府"))
    made = summary(store)
    assert notes(made) == [
        f"补录：本表含截止后登记的1件：收文{late.number}。",
        f"更正：另有1件在截止后作废，本表不再计入：发文{voided.number}（2023-01-09，重复）。",
    ]
    rows = {row[0].strip("　"): row[2] for row in texts(part(made, "主要指标"))}
    assert (rows["印发文件"], rows["接收请示（报告）"]) == ("1", "1")
    assert kept.number
    assert notes(summary(store, month=11)) == []


def test_of_many_late_entries_ten_are_named(store: Store) -> None:
    numbers = [saved(store, received(date(2022, 12, 30), title=f"第{at}件的请示")).number for at in range(12)]
    named = "、".join(f"收文{number}" for number in numbers[:10])
    assert notes(summary(store)) == [f"补录：本表含截止后登记的12件：{named}等12件。"]


def test_a_provisional_deadline_says_so(store: Store, clock: Clock) -> None:
    clock.at = datetime(2026, 12, 31, 9, 0)
    saved(store, received(date(2026, 12, 30)))
    rows = texts(part(summary(store, clock.at, year=2026), "下月到期"))
    assert [row[5] for row in rows] == ["2027-01-14（暂按）"]


def test_the_sessions_of_the_month_are_listed_with_items_and_attendance(store: Store) -> None:
    absent = Attendance(person="龙䶮", status="请假（病假）")
    there = Attendance(person="王堃", status="出席")
    items = (StudyItem(title="《宪法》"), StudyItem(title="《民法典》"))
    saved(store, study(*items, there, absent, held_on=date(2022, 12, 30)))
    saved(store, study(held_on=date(2022, 12, 1)))
    saved(store, study(held_on=date(2022, 11, 30)))
    table = part(summary(store), "学习情况")
    assert [column.head for column in table.columns] == ["编号", "日期", "类别", "学习内容", "应到", "实到", "出勤率"]
    assert texts(table) == [
        ["第2次", "2022-12-01", "党组理论学习中心组", "《中华人民共和国宪法》", "5", "5", "100.0%"],
        ["第1次", "2022-12-30", "党组理论学习中心组", "《宪法》；《民法典》", "2", "1", "50.0%"],
    ]


def closed(day: date, **values: Any) -> Record:
    """A plan that was closed on a day."""
    lines = (
        Measure(text="一", due_on=date(2023, 1, 31)),
        Progress(on=date(2022, 12, 21), text="已订立计划", percent=30),
    )
    finished = {"self_finished_on": day, "reviewer": "王堃", "reviewed_on": day, "closed_on": day, "evidence": "记录"}
    return plan(*lines, Progress(on=day, text="已整改到位", percent=100), **(finished | values))


def test_the_plans_of_the_month_are_listed_as_they_stood_at_its_end(store: Store) -> None:
    saved(store, closed(date(2023, 1, 5), title="一月销号"))
    saved(store, closed(date(2022, 12, 30), title="本月销号"))
    saved(store, closed(date(2022, 11, 30), found_on=date(2022, 11, 1), title="上月销号"))
    saved(store, plan(found_on=date(2023, 1, 4), title="一月发现"))
    saved(store, plan(rect_kind="长期坚持", review_cycle="每年", title="长期坚持的"))
    rows = texts(part(summary(store), "整改情况"))
    assert [(row[1], row[3], row[4], row[5]) for row in rows] == [
        ("一月销号", "2023-01-31", "整改中", "已订立计划"),
        ("本月销号", "2023-01-31", "销号", "已整改到位"),
        ("长期坚持的", "长期坚持", "长期坚持", ""),
    ]
    store.undo()


def test_an_empty_month_says_so(store: Store) -> None:
    made = summary(store)
    assert [part.heading for part in made.parts] == [
        "一、主要指标", "二、全年收文、发文逐月情况", "三、逾期清单（0件）", "四、下月到期事项（0件）",
    ]  # fmt: skip
    for heading in ("主要指标", "逾期清单", "下月到期"):
        table = part(made, heading)
        assert (table.rows, table.empty) == ((), "无")


def test_figures_stand_under_the_heading_of_their_group_and_groups_without_any_are_left_out(store: Store) -> None:
    a_year(store)
    assert headings(part(summary(store), "主要指标")) == ["公文办理", "学习和普法", "整改"]
    saved(store, event(held_on=date(2021, 12, 4)))
    saved(store, case(received_on=date(2022, 3, 1)))
    assert headings(part(summary(store), "主要指标")) == ["公文办理", "学习和普法", "复议应诉", "整改"]


def test_documents_about_to_expire_and_cases_with_a_deadline_are_listed_ahead(store: Store) -> None:
    for valid_until in (date(2023, 5, 31), date(2023, 1, 15), date(2023, 9, 1)):
        saved(store, norm(stated_until=valid_until, title=f"办法{valid_until}"))
    for received_on in (date(2022, 12, 28), date(2022, 10, 8)):
        saved(store, case(received_on=received_on, title=f"案{received_on}"))
    made = summary(store)
    assert [row[1] for row in texts(part(made, "六个月内到期的规范性文件（2件）"))] == [
        "办法2023-01-15",
        "办法2023-05-31",
    ]
    assert [row[1] for row in texts(part(made, "三十日内有期限的案件（1件）"))] == ["案2022-12-28"]


def test_what_is_late_says_how_far_it_is(store: Store) -> None:
    saved(store, plan(Measure(text="一", due_on=date(2022, 12, 20)), Progress(on=date(2022, 12, 8), text="等待批复"),
                      Progress(on=date(2023, 1, 5), text="已批复"), title="制度不全"))  # fmt: skip
    (row,) = texts(part(summary(store), "逾期清单"))
    assert row[3] == "制度不全\n进展：等待批复"


def test_the_head_and_foot_name_office_period_cutoff_and_checksum(store: Store) -> None:
    store.set_office({"office": "蓝山县人民政府办公室"}, ["蓝政办发"])
    saved(store, plan())
    made = summary(store)
    assert made.office == "蓝山县人民政府办公室"
    assert made.under == "2022年12月（统计期间：2022年12月1日至31日，截至2022年12月31日24时）"
    assert made.signatures == ("制表", "审核", "签发")
    assert made.printed_on == "2023年1月10日"
    assert store.head()[1] in made.checksum
    assert "2023-01-10 09:05" in made.checksum
    running = summary(store, datetime(2022, 12, 15, 18, 30))
    assert "截至2022年12月15日18时30分" in running.under
    note = made.parts[0].blocks[1]
    assert isinstance(note, Note)
    assert "不含作废" in note.text


@pytest.mark.parametrize(
    ("now", "before", "unit", "words"),
    [
        (32, 28, "件", "+14.3%"), (28, 32, "件", "−12.5%"), (5, 5, "件", "持平"), (5, 0, "件", "—"), (0, 0, "件", "—"),
        (0, 5, "件", "−100.0%"), (10_000, 10_001, "件", "持平"), (1005, 1000, "件", "+0.5%"), (1, 3, "次", "−66.7%"),
        (Decimal("97.25"), Decimal("95.05"), "%", "+2.2点"), (Decimal("95.0"), Decimal("97.3"), "%", "−2.3点"),
        (Decimal("97.24"), Decimal("97.21"), "%", "持平"), (None, Decimal(90), "%", "—"), (Decimal(90), None, "%", "—"),
        (Decimal("2.5"), Decimal("2.0"), "个工作日", "+25.0%"), (Decimal("2.5"), Decimal(0), "个工作日", "—"),
    ],
)  # fmt: skip
def test_a_comparison_is_worded_as_on_paper(now: Any, before: Any, unit: str, words: str) -> None:
    assert change(Value(now), Value(before), unit) == words


def test_headings_are_counted_in_words() -> None:
    assert [numeral(number) for number in (1, 9, 10, 11, 19, 20, 21, 99)] == [
        "一", "九", "十", "十一", "十九", "二十", "二十一", "九十九",
    ]  # fmt: skip


def test_numbers_and_values_are_worded_as_on_paper() -> None:
    assert [number(Value(value)) for value in (283, 0, Decimal("97.25"), Decimal("12.449"), None)] == [
        "283", "0", "97.3", "12.4", "—",
    ]  # fmt: skip
    assert [text_of(value) for value in (None, True, False, 2.0, 0.5, date(2022, 12, 1), "甲")] == [
        "", "是", "否", "2", "0.5", "2022-12-01", "甲",
    ]  # fmt: skip
    assert period_words(Period(date(2022, 1, 1), date(2022, 12, 1))) == "2022年1月1日至2022年11月30日"
    assert cutoff_words(Period.month(2022, 12), datetime(2022, 12, 31, 23, 59)) == "2022年12月31日23时59分"


def test_numbers_that_follow_one_another_are_written_as_a_range() -> None:
    assert in_ranges([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) == "1—10"
    assert in_ranges([12, 1, 2, 5, 6, 7]) == "1、2、5—7、12"
    assert in_ranges([]) == ""
