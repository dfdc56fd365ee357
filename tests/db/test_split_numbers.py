"""A document number in two or three columns is one number; a column without a heading is not lost unsaid."""

from __future__ import annotations

from typing import Any

import pytest

from db.exchange.applying import apply
from db.exchange.book import Book, Cell, Merge, Sheet
from db.exchange.planning import Plan
from db.store.store import Store

Rows = list[list[Cell]]
IN = ["收文日期", "来文单位"]
REST = ["1.6", "县财政局"]
ABOUT = "关于预算的报告"


def planned(store: Store, register: str, rows: Rows, merges: tuple[Merge, ...] = ()) -> Plan:
    """The plan of a sheet of 2022."""
    return Plan(store, store.catalogue[register], Book("2022年台账.xlsx", (Sheet("表", rows, merges),)))


def held(store: Store, plan: Plan, field: str) -> list[Any]:
    """What the rows of a plan would write into a field."""
    place = store.shapes[plan.register].names.index(field)
    return [row.values[place] for row in plan.rows()]


@pytest.mark.parametrize(
    ("rows", "merges"),
    [
        ([["发文字号", None, None, "标题", "发文日期"], ["机关代字", "年份", "序号", None, None],
          ["蓝政办发", 2022, 5, "关于值班的通知", "1.6"], ["蓝政办函", "〔2022〕", "6号", "关于放假的函", "1.7"]],
         ((0, 0, 0, 2), (0, 3, 1, 3), (0, 4, 1, 4))),
        ([["发文字", "发文号", "标题", "发文日期"],
          ["蓝政办发", 5, "关于值班的通知", "1.6"], ["蓝政办函", "第6号", "关于放假的函", "1.7"]], ()),
        ([["文号", None, "标题", "发文日期"],
          ["蓝政办发〔2022〕", 5, "关于值班的通知", "1.6"], ["蓝政办函[2022]", "006", "关于放假的函", "1.7"]],
         ((0, 0, 0, 1),)),
        ([["文号", None, None, "标题", "发文日期"],
          ["蓝政办发", "[2022]", "5号", "关于值班的通知", "1.6"],
          ["蓝政办函", "2022年", "6", "关于放假的函", "1.7"]], ()),
        ([["年度", "文头", "号", "标题", "发文日期"],
          [2022, "蓝政办发", 5, "关于值班的通知", "1.6"], [2022, "蓝政办函", 6, "关于放假的函", "1.7"]], ()),
    ],
    ids=["two rows", "without a year", "under one heading", "under one heading and none", "year first"],
)  # fmt: skip
def test_the_own_number_is_put_together(store: Store, rows: Rows, merges: tuple[Merge, ...]) -> None:
    plan = planned(store, "outgoing", rows, merges)
    assert [row.kind for row in plan.rows()] == ["new", "new"]
    assert held(store, plan, "number") == ["蓝政办发〔2022〕5号", "蓝政办函〔2022〕6号"]


@pytest.mark.parametrize(
    ("labels", "cells"),
    [
        (["来文字", "来文号"], ["蓝财", 5]),
        (["来文机关代字", "年份", "来文号"], ["蓝财", 2022, "5号"]),
        (["字", "年", "号"], ["蓝财", 2022, 5]),
        (["来文字号", None], ["蓝财〔2022〕", "第5号"]),
        (["来文字号", "序号"], ["蓝财", "〔2022〕5号"]),
    ],
    ids=str,
)
def test_the_number_of_another_office_is_put_together(store: Store, labels: list[Cell], cells: list[Cell]) -> None:
    plan = planned(store, "incoming", [[*IN, *labels, "标题"], [*REST, *cells, ABOUT]])
    assert held(store, plan, "from_doc_no") == ["蓝财〔2022〕5号"]
    assert held(store, plan, "title") == [ABOUT]
    assert not any("没有导入的列" in note for note in plan.notes)


def test_a_part_that_is_missing_or_a_whole_number_does_not_spoil_the_others(store: Store) -> None:
    rows: Rows = [
        [*IN, "来文字", "来文号", "标题"],
        [*REST, "蓝财", 5, ABOUT], [*REST, "蓝水", 7, "关于水库的报告"], [*REST, "蓝教", 8, "关于开学的报告"],
        [*REST, None, "蓝财〔2021〕9号", "关于决算的报告"], [*REST, None, "无", "关于债务的报告"],
        [*REST, "蓝林", None, "关于造林的报告"],
    ]  # fmt: skip
    assert held(store, planned(store, "incoming", rows), "from_doc_no")[3:] == ["蓝财〔2021〕9号", "无", "蓝林"]


def test_a_series_without_a_number_yet_stays_the_series(store: Store) -> None:
    rows: Rows = [
        ["文头", "号", "标题", "发文日期"],
        ["蓝政办发", 5, "关于值班的通知", "1.6"], ["蓝政办函", None, "关于放假的函", "1.7"],
    ]  # fmt: skip
    plan = planned(store, "outgoing", rows)
    assert held(store, plan, "number") == ["蓝政办发〔2022〕5号", ""]
    assert held(store, plan, "series") == ["蓝政办发", "蓝政办函"]


def test_numbers_that_are_something_else_are_not_joined(store: Store) -> None:
    rows: Rows = [["文号", "份数", "标题", "发文日期"], ["蓝政办发", 5, "关于值班的通知", "1.6"]]
    plan = planned(store, "outgoing", rows)
    assert [column.key for column in plan.columns][:2] == ["number", "copies"]
    rows = [["来文单位", "序号", "来文字号", "收文日期", "标题"], ["县财政局", 1, "蓝财〔2022〕5号", "1.6", ABOUT]]
    plan = planned(store, "incoming", rows)
    assert held(store, plan, "from_doc_no") == ["蓝财〔2022〕5号"]
    assert held(store, plan, "from_unit") == ["县财政局"]


def test_what_stands_under_no_heading_is_told(store: Store) -> None:
    rows: Rows = [
        [*IN, "文号", "标题"],
        [*REST, "蓝财〔2022〕5号", ABOUT, "急件，已电话催"],
        [None, None, None, None, None, "李喆记"],
    ]
    plan = planned(store, "incoming", rows)
    assert any("E列（没有列名）（1 行）" in note for note in plan.notes)
    assert [row.kind for row in plan.rows()] == ["new"]
    assert [(row.number, row.why) for row in plan.left_out] == [(3, "只写在没有列名的格子里")]


def test_a_ledger_with_running_numbers_that_comes_again_is_the_same(store: Store) -> None:
    rows: Rows = [
        ["编号", *IN, "文号", "标题"],
        [1, *REST, "蓝财〔2022〕1号", "关于预算的请示"], ["002", *REST, "无", "关于决算的请示"],
    ]  # fmt: skip
    apply(store, planned(store, "incoming", rows))
    assert [row.kind for row in planned(store, "incoming", rows).rows()] == ["same", "same"]
    rows[1][-1] = "关于债务的请示"
    assert [row.kind for row in planned(store, "incoming", rows).rows()] == ["doubted", "same"]
