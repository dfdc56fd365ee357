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
