"""Whatever stands in a sheet, the import tells of it in sentences: cells, headings and whole plans never raise."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from db.directory.units import unit_names
from db.errors import Refused
from db.exchange.book import Book, Cell, Sheet, Unreadable
from db.exchange.cells import Reader, word_synonyms
from db.exchange.heading import find_heading
from db.exchange.planning import Plan
from db.exchange.targets import targets
from db.registers.incoming import Incoming
from db.store.store import Store

OFTEN = "年月日0123456789.-/:：〔〕[]（）第号上下午今明昨十二廿元旦+工作日〃 \n\t"
KEPT = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
texts = st.text(max_size=40) | st.text(st.sampled_from(OFTEN), max_size=14)
cells: st.SearchStrategy[Cell] = st.one_of(
    st.none(), texts, st.booleans(), st.integers(), st.floats(), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(), st.builds(Unreadable, texts, st.just("公式没有算出结果")),
)  # fmt: skip
labels = st.sampled_from(
    ["收文日期", "收文时间", "来文单位", "文号", "标题", "月", "日", "承办单位", "批示", "序号", "份数"]
)
grids = st.lists(st.lists(cells | labels, max_size=8), max_size=12)
places = st.integers(0, 12)
merges = st.lists(st.tuples(places, places, places, places), max_size=4).map(tuple)


@KEPT
@example(cell=1e27)
@example(cell="9" * 5_000)
@given(cell=cells)
def test_any_cell_is_read_or_its_problem_told_in_every_kind_of_field(store: Store, cell: Cell) -> None:
    for register in store.catalogue:
        for is_1904 in (False, True):
            reader = Reader(store.rules, unit_names(), frozenset(), is_1904, False, word_synonyms())
            for target in targets(register).by_key.values():
                reading = reader.column(target.model_field(register), register, target.part)(cell)
                assert isinstance(reading.problem, str)


@KEPT
@given(grid=grids, merged=merges)
def test_a_heading_is_found_or_not_in_any_grid(store: Store, grid: list[list[Cell]], merged: Any) -> None:
    for register in store.catalogue:
        find_heading(Sheet("表", grid, merged), targets(register))


@KEPT
@given(grid=grids)
def test_any_sheet_under_a_heading_is_planned_or_refused(store: Store, grid: list[list[Cell]]) -> None:
    heading: list[Cell] = ["收文日期", "来文单位", "文号", "标题", "承办单位", "批示", "办理时限", "份数"]
    try:
        plan = Plan(store, Incoming, Book("收文.xlsx", (Sheet("表", [heading, *grid]),)))
    except Refused:
        return
    for at in range(len(plan)):
        assert plan.kind(at) != "refused" or plan.row(at).reason


@pytest.mark.parametrize(
    ("held", "field"),
    [
        ("2022.1.4", "received_on"),
        (date(2022, 1, 4), "received_on"),
        (datetime(2022, 1, 4, 16, 40), "received_on"),
        (44565.0, "received_on"),
        ("1月4日", "received_on"),
        ("16:40", "received_time"),
        (time(16, 40), "received_time"),
        (0.6944, "received_time"),
        (timedelta(hours=16), "received_time"),
    ],
    ids=str,
)
def test_a_column_of_times_that_holds_days_is_the_day(store: Store, held: Cell, field: str) -> None:
    rows: list[list[Cell]] = [["收文时间", "来文单位", "标题"], [held, "县财政局", "关于预算的报告"]]
    plan = Plan(store, Incoming, Book("2022年收文.xlsx", (Sheet("表", rows),)))
    assert plan.layouts[0].columns[0].key == field


def test_beside_a_column_of_days_it_is_the_time(store: Store) -> None:
    rows: list[list[Cell]] = [
        ["收文日期", "收文时间", "来文单位", "标题"],
        ["2022.1.4", "2022.1.5", "县财政局", "关于预算的报告"],
    ]
    plan = Plan(store, Incoming, Book("收文.xlsx", (Sheet("表", rows),)))
    assert [column.key for column in plan.layouts[0].columns][:2] == ["received_on", "received_time"]
