"""Headings of two rows: a day in two columns, ticks under the parts of a label; what the title and the number tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.store.store import Store
from tests.db.old_files import held, kinds, lines, planned


def test_month_and_day_under_one_label_are_one_day(store: Store, tmp_path: Path) -> None:
    rows = [
        ["收文登记表（2020年3月）"],
        ["收文", None, "来文单位", "来文字号", "文件名称", "办理情况及归档号"],
        ["月", "日", None, None, None, None],
        [3, 1, "县财政局", "蓝财〔2020〕3号", "关于预算的报告", "已拨付"],
        ["〃", 2, "县财政局", "蓝财〔2020〕4号", "关于决算的报告", ""],
        [4, 1, "县财政局", "蓝财〔2020〕5号", "关于税收的报告", ""],
        [4, 2, "李大爷", "", "关于解决低保的来信", ""],
    ]
    plan = planned(store, tmp_path, "incoming", rows, ("A2:B2", "C2:C3", "D2:D3", "E2:E3", "F2:F3"))
    assert kinds(plan) == ["new"] * 4
    records = [held(store, plan, at) for at in range(4)]
    assert [one["received_on"] for one in records] == ["2020-03-01", "2020-03-02", "2020-04-01", "2020-04-02"]
    assert (records[0]["archive_no"], records[0]["remarks"]) == ("", "办理情况及归档号：已拨付")
    assert (records[3]["source_level"], records[3]["kind"]) == ("群众来信", "其他")


def test_ticks_under_the_parts_of_a_label_keep_the_part(store: Store, tmp_path: Path) -> None:
    rows = [
        ["2021年《政府工作报告》重点任务分解落实表"],
        ["目标任务", "牵头单位", "责任单位", "时间节点", "完成情况（打√）", None, None],
        [None, None, None, None, "已完成", "正在推进", "未启动"],
        ["工业增长8%", "县工信局", "各园区", "2021年底", "√", "", ""],
        ["新建农田", "县农业农村局", "县水利局", "2021年底", "", "√", ""],
        ["建设水厂", "县住建局", "", "2021年底", "", "", "√"],
    ]
    plan = planned(store, tmp_path, "supervision_matter", rows, ("A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:G2"))
    assert kinds(plan) == ["new"] * 3
    records = [held(store, plan, at) for at in range(3)]
    assert {one["source"] for one in records} == {"政府工作报告"}
    assert records[1]["co_units"] == "县水利局"
    assert [one["stage"] for one in records] == ["closed", "proposed", "proposed"]
    assert [one["remarks"] for one in records] == ["", "完成情况（打√）正在推进：√", "完成情况（打√）未启动：√"]
    assert {one["result_text"] for one in records} == {""}


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("(2022)湘11行初3号", "行政诉讼一审"), ("（2022）湘行终99号", "行政诉讼二审"),
        ("(2022)湘1124民初8号", "民事诉讼"),
        ("永政复决字〔2022〕3号", "复议（作被申请人）"),
    ],
)  # fmt: skip
def test_the_number_of_a_case_tells_its_kind(store: Store, tmp_path: Path, number: str, kind: str) -> None:
    rows = [["原告", "案由", "案号", "立案时间"], ["黄某", "房屋征收", number, "2022.1.5"]]
    plan = planned(store, tmp_path, "legal_case", rows)
    assert (kinds(plan), held(store, plan).get("kind")) == (["new"], kind)
    assert "按案号填上" in plan.notes[0]


def test_a_decision_whose_review_has_no_day_is_taken(store: Store, tmp_path: Path) -> None:
    rows = [
        ["决策事项名称", "承办单位", "提出日期", "合法性审查", "集体讨论"],
        ["制定规划", "县发改局", "2021.1.5", "√", "2021.3.15"],
    ]
    plan = planned(store, tmp_path, "major_decision", rows)
    assert kinds(plan) == ["new"]
    one = held(store, plan)
    assert (one["decided_on"], one["stage"]) == (None, "decided")
    assert one["remarks"] == "审查意见日：√；讨论日期：2021-03-15"
    assert lines(plan, "decision_expert") == []


def test_what_spans_the_labels_is_kept_with_what_has_no_field(store: Store, tmp_path: Path) -> None:
    rows = [
        ["2022年度行政应诉案件台账"],
        ["原告", "案由", "一审", None, None, None, "二审", None, "备注"],
        [None, None, "案号", "立案时间", "开庭时间", "裁判结果及时间", "案号", "裁判结果及时间", None],
        ["黄某", "房屋征收", "(2022)湘11行初3号", "2022.1.5", "2022.3.2", "驳回（22.4.1）", "(2022)湘行终99号",
         "维持 2022.8.30", ""],
    ]  # fmt: skip
    plan = planned(store, tmp_path, "legal_case", rows, ("A2:A3", "B2:B3", "C2:F2", "G2:H2", "I2:I3"))
    assert kinds(plan) == ["new"]
    one = held(store, plan)
    assert (one["organ_case_no"], one["outcome"], one["decided_on"]) == ("(2022)湘11行初3号", "驳回", "2022-04-01")
    assert one["remarks"] == "二审裁判结果及时间：维持 2022.8.30"
    assert any("二审案号（1 行）" in note for note in plan.notes)


def test_a_day_in_parts_under_any_label_is_the_day(store: Store, tmp_path: Path) -> None:
    rows = [
        ["收文登记簿"],
        ["2021年", None, "来文单位", "来文字号", "文件名称"],
        ["月", "日", None, None, None],
        [3, 1, "县财政局", "蓝财〔2021〕3号", "关于预算的报告"],
    ]
    plan = planned(store, tmp_path, "incoming", rows, ("A2:B2", "C2:C3", "D2:D3", "E2:E3"))
    assert (kinds(plan), held(store, plan)["received_on"]) == (["new"], "2021-03-01")


def test_a_source_and_its_note_in_one_column_are_the_note(store: Store, tmp_path: Path) -> None:
    rows = [["工作任务", "任务来源及依据", "牵头单位"], ["搬迁医院", "县政府常务会议纪要〔2022〕5期", "县卫健局"]]
    plan = planned(store, tmp_path, "supervision_matter", rows)
    assert kinds(plan) == ["new"]
    one = held(store, plan)
    assert (one["source"], one["source_note"]) == ("常务会议", "县政府常务会议纪要〔2022〕5期")
