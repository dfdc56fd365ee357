"""Columns under a heading that names a month, a quarter or a day are reports of progress of that day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.store.store import Store
from tests.db.old_files import held, kinds, lines, planned

ISSUES = ["序号", "存在问题", "整改措施", "责任单位", "发现日期", "问题来源"]
ISSUE = [1, "执法不规范", "加强培训", "县司法局", "2022.7.1", "审计"]
DOWN = ("A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3", "F2:F3")


def said(reports: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Day and words of each report."""
    return [(str(one["on"]), one["text"]) for one in reports]


@pytest.mark.parametrize("merges", [(*DOWN, "G2:I2"), DOWN, ()])
@pytest.mark.parametrize(
    "heads",
    [
        ["8月底", "9月底", "10月15日"], ["8月", "9月", "10.15"], ["截至8月31日", "截至9月30日", "截至10月15日"],
        ["八月份", "九月份", "十月15日"], ["2022年8月", "2022年9月", "2022.10.15"],
        [date(2022, 8, 31), date(2022, 9, 30), date(2022, 10, 15)],
    ],
)  # fmt: skip
def test_days_under_one_heading_are_reports(
    store: Store, tmp_path: Path, merges: tuple[str, ...], heads: list[Any]
) -> None:
    rows = [
        ["2022年整改台账"],
        [*ISSUES, "整改进展", None, None, "备注"],
        [*[None] * 6, *[str(one) if isinstance(one, date) else one for one in heads]],
        [*ISSUE, "已启动", "完成60%", "完成", "重点"],
        [2, "超期答复", "建立台账", "县司法局", "2022.7.1", "审计", "", 0.5, "9月20日：完成", ""],
    ]
    plan = planned(store, tmp_path, "rectification_plan", rows, merges)
    assert kinds(plan) == ["new", "new"]
    assert said(lines(plan, "progress")) == [
        ("2022-08-31", "已启动"), ("2022-09-30", "完成60%"), ("2022-10-15", "完成"),
    ]  # fmt: skip
    assert said(lines(plan, "progress", 1)) == [("2022-09-30", "50%"), ("2022-09-20", "完成")]
    assert held(store, plan)["remarks"] == "重点"
    assert "记作2022-08-31的进展" in plan.row(0).cells[6].note


def test_months_under_what_is_else_one_field_are_reports_too(store: Store, tmp_path: Path) -> None:
    rows = [
        ["2022年重点工作督查台账"],
        ["序号", "督办事项", "任务来源", "责任单位", None, "立项日期", "完成情况", None, "进度"],
        [None, None, None, "牵头", "配合", None, "8月底", "9月底", None],
        [1, "推进农田建设", "领导批示", "县农业农村局", "县水利局", "2022.3.1", "开工", "完成60%", 0.6],
    ]
    merges = ("A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:H2", "I2:I3")
    plan = planned(store, tmp_path, "supervision_matter", rows, merges)
    assert kinds(plan) == ["new"]
    assert said(lines(plan, "matter_progress")) == [("2022-08-31", "开工"), ("2022-09-30", "完成60%")]
    assert (held(store, plan)["lead_unit"], held(store, plan)["co_units"]) == ("县农业农村局", "县水利局")


def test_quarters_in_the_headings_are_reports_of_their_last_days(store: Store, tmp_path: Path) -> None:
    head = [
        "督办事项",
        "任务来源",
        "责任单位",
        "立项日期",
        "一季度进展",
        "二季度进展情况",
        "7月进展",
        "全年目标",
        "备注",
    ]
    row = ["推进公路建设", "政府工作报告", "县交通运输局", "2022.3.5", "完成立项", "开工", "完成50%", "通车", "重点"]
    for title in ([["2022年督查台账"]], []):
        plan = planned(store, tmp_path, "supervision_matter", [*title, head, row])
        assert kinds(plan) == ["new"]
        assert said(lines(plan, "matter_progress")) == [
            ("2022-03-31", "完成立项"), ("2022-06-30", "开工"), ("2022-07-31", "完成50%"),
        ]  # fmt: skip
        assert (held(store, plan)["remarks"], held(store, plan)["target"]) == ("重点", "通车")


def test_reports_whose_year_nothing_tells_keep_their_heading(store: Store, tmp_path: Path) -> None:
    head = ["督办事项", "任务来源", "责任单位", "一季度进展", "8月底完成情况"]
    row = ["推进公路建设", "政府工作报告", "县交通运输局", "完成立项", "开工"]
    plan = planned(store, tmp_path, "supervision_matter", [head, row])
    assert kinds(plan) == ["new"]
    assert held(store, plan)["remarks"] == "进展：一季度进展：完成立项；进展：8月底完成情况：开工"


def test_a_row_of_days_below_the_heading_is_a_record_where_no_label_spans_it(store: Store, tmp_path: Path) -> None:
    head = ["督办事项", "任务来源", "责任单位", "立项日期", "完成时限"]
    rows = [head, ["", "", "", "3月5日", "8月底"], ["农田", "领导批示", "县水利局", "2022.3.1", "9月底"]]
    plan = planned(store, tmp_path, "supervision_matter", rows)
    assert [row.number for row in plan.rows()] == [2, 3]
