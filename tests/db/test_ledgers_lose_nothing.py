"""Messy ledgers of offices: no sheet is passed over unsaid, no count misread, no ledger refused without need."""

from __future__ import annotations

from typing import Any

import pytest

from db.exchange.book import Book, Cell, Sheet
from db.exchange.planning import Plan
from db.store.store import Store

Rows = list[list[Cell]]
WHOLE: Rows = [
    ["收文时间", "来文单位", "文号", "标题", "承办单位", "备注"],
    ["3.1", "县财政局", "蓝财〔2022〕1号", "关于预算的报告", "县财政局", None],
]


def planned(store: Store, register: str, *sheets: Rows, names: tuple[str, ...] = ()) -> Plan:
    """The plan of the sheets of a file of 2022."""
    said = names or tuple(f"表{at}" for at in range(1, len(sheets) + 1))
    book = Book("2022年.xlsx", tuple(Sheet(name, rows) for name, rows in zip(said, sheets, strict=True)))
    return Plan(store, store.catalogue[register], book)


def values(store: Store, plan: Plan) -> list[dict[str, Any]]:
    """What the new rows would write."""
    assert [row.kind for row in plan.rows()] == ["new"] * len(plan), [plan.row(at).reason for at in range(len(plan))]
    names = store.shapes[plan.register].names
    return [dict(zip(names, row.values, strict=True)) for row in plan.rows()]


def test_a_sheet_that_leaves_some_columns_out_is_read_too(store: Store) -> None:
    april: Rows = [
        ["序号", "收文时间", "来文单位", "文号", "标题"],
        [1, "4.1", "县教育局", "蓝教〔2022〕2号", "关于招生的请示"],
    ]
    plan = planned(store, "incoming", WHOLE, april)
    assert [one["from_unit"] for one in values(store, plan)] == ["县财政局", "县教育局"]
    assert not any("工作表" in note for note in plan.notes)


def test_a_sheet_that_is_not_read_is_told(store: Store) -> None:
    sent: Rows = [["发文字号", "标题", "签发人", "印数"], ["蓝政办发〔2022〕1号", "关于值班的通知", "李喆", 20]]
    plan = planned(store, "incoming", WHOLE, sent, [["说明"]], names=("收文", "发文", "封面"))
    assert len(plan) == 1
    assert any("没有导入的工作表：“发文”（2 行）、“封面”（1 行）" in note for note in plan.notes)


def test_groups_are_no_people_and_the_number_of_those_present_stays(store: Store) -> None:
    rows: Rows = [
        ["学习日期", "学习内容", "参加人员", "参加人数", "类别", "形式"],
        ["1.13", "《宪法》", "县政府领导班子成员、县直单位主要负责人", "35人", "会前学法（常务会）", "集体学习研讨"],
        ["2.17", "《民法典》", "李喆、王堃等12人", "12", "会前学法（常务会）", "集体学习研讨"],
        ["3.15", "《行政复议法》", None, "约40人", "会前学法（常务会）", "集体学习研讨"],
    ]
    first, second, third = values(store, planned(store, "study_session", rows))
    assert (first["present"], first["expected"], first["stage"]) == (35, None, "held")
    assert "县政府领导班子成员、县直单位主要负责人" in first["remarks"]
    assert "实到：12人" in second["remarks"]
    assert (third["present"], third["stage"]) == (40, "held")


@pytest.mark.parametrize(
    ("heads", "cells", "day"),
    [(["签发时间", "印发日期"], ["2022/1/5", "1月6日"], "2022-01-05"), (["印发日期"], ["2022.1.6"], "2022-01-06")],
)
def test_an_outgoing_paper_without_its_day_is_of_the_day_of_signing(
    store: Store, heads: list[Cell], cells: list[Cell], day: str
) -> None:
    rows: Rows = [["发文字号", "标题", "签发人", *heads], ["蓝政办发〔2022〕1号", "关于值班的通知", "李喆", *cells]]
    plan = planned(store, "outgoing", rows)
    assert [one["doc_on"] for one in values(store, plan)] == [day]
    assert any("成文日期没有写的 1 行" in note and "2022-01" not in note for note in plan.notes)


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("县政府第15次常务会议", "常务会议"), ("2022年政府工作报告", "政府工作报告"), ("王副县长批示", "领导批示"),
        ("县长办公会", "专题会"),
    ],
)  # fmt: skip
def test_the_source_of_a_matter_is_told_from_its_basis(store: Store, said: str, source: str) -> None:
    rows: Rows = [["督办事项", "交办依据", "交办时间"], ["污水管网改造", said, "7.5"]]
    assert [one["source"] for one in values(store, planned(store, "supervision_matter", rows))] == [source]


def test_a_letter_of_a_citizen_comes_in_by_what_it_says(store: Store) -> None:
    rows: Rows = [["收文时间", "来文单位", "标题"], ["3.1", "群众来信", "关于反映道路问题的来信"]]
    (one,) = values(store, planned(store, "incoming", rows))
    assert (one["source_level"], one["kind"]) == ("群众来信", "其他")


@pytest.mark.parametrize(("said", "word"), [("驳回原告诉讼请求", "驳回"), ("准许原告撤诉", "和解撤诉")])
def test_a_judgment_is_known_by_the_words_of_the_court(store: Store, said: str, word: str) -> None:
    rows: Rows = [["案由", "案件类型", "收到时间", "结果", "结案时间"], ["土地确权", "行政诉讼", "4.7", said, "6.20"]]
    assert [one["outcome"] for one in values(store, planned(store, "legal_case", rows))] == [word]
