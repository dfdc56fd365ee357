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


@pytest.mark.parametrize("heading", ["密级/缓急", "密级及紧急程度", "密级\n缓急"])
def test_secrecy_and_urgency_in_one_column_are_told_apart_and_a_secret_is_kept_out(store: Store, heading: str) -> None:
    rows: Rows = [["收文时间", "来文单位", "标题", heading]]
    said = ("平件", "加急", "内部/特急", "无、急", "普通", None, "秘密", "机密 特急")
    rows += [["3.1", "县财政局", f"关于第{at}项的请示", one] for at, one in enumerate(said)]
    plan = planned(store, "incoming", rows)
    assert [row.kind for row in plan.rows()] == ["new"] * 6 + ["refused"] * 2
    assert all("涉密" in plan.row(at).reason for at in (6, 7))
    names = store.shapes[plan.register].names
    found = [dict(zip(names, row.values, strict=True)) for row in plan.rows()[:6]]
    assert [(one["security"], one["urgency"]) for one in found] == [
        ("无", "平件"), ("无", "加急"), ("内部", "特急"), ("无", "加急"), ("无", "平件"), ("无", "平件"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("register", "rows", "field", "kept"),
    [
        (
            "publicity_event",
            [["活动时间", "活动名称", "受众"], ["3.8", "维权宣传", "外来务工者"]],
            "audience",
            "受众：外来务工者",
        ),
        (
            "incoming",
            [["收文时间", "来文单位", "标题", "来文种类"], ["3.8", "县财政局", "财政专报第3期", "专报"]],
            "kind",
            "来文种类：专报",
        ),
    ],
)
def test_a_kind_that_the_vocabulary_does_not_know_is_another_one_and_its_word_stays(
    store: Store, register: str, rows: Rows, field: str, kept: str
) -> None:
    (one,) = values(store, planned(store, register, rows))
    assert (one[field], one["remarks"]) == ("其他", kept)


def test_a_kind_that_the_title_tells_is_taken_from_there(store: Store) -> None:
    rows: Rows = [["收文时间", "来文单位", "标题", "来文种类"], ["3.8", "县财政局", "关于预算的报告", "专报"]]
    (one,) = values(store, planned(store, "incoming", rows))
    assert (one["kind"], one["remarks"]) == ("报告", "来文种类：专报")


def test_an_event_of_some_days_is_of_the_first(store: Store) -> None:
    rows: Rows = [["活动时间", "活动名称", "受众"], ["6.26-6.28", "禁毒宣传", "学生"]]
    (one,) = values(store, planned(store, "publicity_event", rows))
    assert (one["held_on"], one["remarks"]) == ("2022-06-26", "活动日期：6.26-6.28")


def test_a_month_without_a_day_goes_into_the_remarks_but_for_the_day_by_which_a_record_counts(store: Store) -> None:
    rows: Rows = [["收文时间", "来文单位", "标题", "办结日期"], ["3.8", "县财政局", "关于预算的请示", "2022年8月"]]
    (one,) = values(store, planned(store, "incoming", rows))
    assert (one["finished_on"], one["remarks"]) == (None, "办结日期：2022年8月")
    rows = [["学习时间", "学习内容"], ["2022年6月", "《民法典》"]]
    assert planned(store, "study_session", rows).counts.refused == 1


def test_the_heading_over_a_group_of_rows_is_no_record(store: Store) -> None:
    rows: Rows = [
        ["序号", "反馈问题", "整改措施", "责任单位", "整改时限", "发现日期"],
        ["一", "行政执法方面"],
        [1, "持证率不高", "组织考试", "县司法局", "6月底", "3.1"],
        ["（二）", "行政决策方面"],
        [2, "公众参与不够", "完善制度", "县政府办", "12.31", "3.1"],
    ]
    plan = planned(store, "rectification_plan", rows)
    assert [one["title"] for one in values(store, plan)] == ["持证率不高", "公众参与不够"]
    assert [one.why for one in plan.left_out] == ["小标题", "小标题"]


def test_an_outgoing_paper_with_a_number_was_issued(store: Store) -> None:
    rows: Rows = [
        ["发文日期", "发文字号", "标题", "拟稿单位（人）"],
        ["1.5", "蓝政发〔2022〕1号", "关于值班的通知", "县发改局（王堃）"],
    ]
    plan = planned(store, "outgoing", rows)
    (one,) = values(store, plan)
    assert (one["stage"], one["draft_unit"], one["drafter"]) == ("issued", "县发改局", "王堃")
    assert any("阶段没有写的 1 行" in note for note in plan.notes)


def test_a_matter_that_was_handed_on_was_set_up_that_day(store: Store) -> None:
    rows: Rows = [
        ["督办事项", "立项依据", "交办日期"],
        ["内涝治理", "领导批示", "2022-2-1"],
    ]
    (one,) = values(store, planned(store, "supervision_matter", rows))
    assert (one["set_up_on"], one["handed_on"]) == ("2022-02-01", "2022-02-01")


def test_a_day_without_a_year_takes_it_from_any_other_day_of_its_row(store: Store) -> None:
    rows: Rows = [["督办事项", "任务来源", "交办日期", "办理时限"], ["内涝治理", "领导批示", "2022-2-1", "4月底前"]]
    book = Book("台账.xlsx", (Sheet("表", rows),))
    (one,) = values(store, Plan(store, store.catalogue["supervision_matter"], book))
    assert one["due_on"] == "2022-04-30"


@pytest.mark.parametrize(
    ("said", "stage", "remarks"),
    [
        ("已完成", "closed", ""),
        ("已办结", "closed", ""),
        ("正在办理", "set_up", "阶段：正在办理"),
        ("在办", "set_up", "阶段：在办"),
    ],
)
def test_a_state_in_the_words_of_the_office_is_understood(store: Store, said: str, stage: str, remarks: str) -> None:
    rows: Rows = [["督办事项", "任务来源", "立项日期", "办理状态"], ["内涝治理", "领导批示", "2.1", said]]
    (one,) = values(store, planned(store, "supervision_matter", rows))
    assert (one["stage"], one["remarks"]) == (stage, remarks)
