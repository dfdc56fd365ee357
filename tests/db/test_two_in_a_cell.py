"""A column whose heading names a field and a day, or a person and the post, fills both."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.store.store import Store
from tests.db.old_files import held, kinds, lines, planned

PAPER = ["收文日期", "来文单位", "来文字号", "标题"]


def papers(store: Store, folder: Path, head: str, *cells: Any) -> list[dict[str, Any]]:
    """What rows of papers hold whose last column says this, in a ledger of 2022."""
    rows = [
        ["2022.3.1", "县财政局", f"蓝财〔2022〕{at}号", f"关于第{at}项的报告", one] for at, one in enumerate(cells, 1)
    ]
    plan = planned(store, folder, "incoming", [["2022年收文登记簿"], [*PAPER, head], *rows])
    assert kinds(plan) == ["new"] * len(cells)
    return [held(store, plan, at) for at in range(len(cells))]


@pytest.mark.parametrize(
    "head",
    ["签发人及签发时间", "签发人/日期", "签发人、签发日期", "签发人（日期）", "签发领导及时间", "签发人\n签发日期"],
)
def test_who_signed_and_when_are_parted(store: Store, tmp_path: Path, head: str) -> None:
    cells = [
        "王建国 2022.3.5",
        "王建国/3月5日",
        "2022年3月5日王建国",
        "王建国（2022-03-05）",
        "王建国",
        "2022.3.5",
        "王建国\n3.5",
    ]
    rows = [[f"蓝政办发〔2022〕{at}号", "关于放假的通知", one] for at, one in enumerate(cells, 1)]
    plan = planned(store, tmp_path, "outgoing", [["2022年发文"], ["发文字号", "标题", head], *rows])
    assert kinds(plan) == ["new"] * len(cells)
    found = [(held(store, plan, at)["signer"], held(store, plan, at)["signed_on"]) for at in range(len(cells))]
    day = "2022-03-05"
    assert found == [*[("王建国", day)] * 4, ("王建国", None), ("", day), ("王建国", day)]
    assert all(held(store, plan, at)["remarks"] == "" for at in range(len(cells)))
    assert "签发日期记作“2022.3.5”" in plan.row(0).cells[2].note


@pytest.mark.parametrize("head", ["办理结果及时间", "办理结果/办结时间", "办结日期及办理结果", "办理结果时间"])
def test_a_result_and_its_day_are_parted(store: Store, tmp_path: Path, head: str) -> None:
    cells = ["已办结，2022.4.1", "2022年4月1日批复", "批复（4月1日）", date(2022, 4, 1), 44652, "批复", "/"]
    found = [(one["result"], one["finished_on"]) for one in papers(store, tmp_path, head, *cells)]
    day = "2022-04-01"
    assert found == [
        ("直接办理", day), ("批复", day), ("批复", day), ("", day), ("", day), ("批复", None), ("", None),
    ]  # fmt: skip


def test_what_cannot_be_parted_is_kept_whole(store: Store, tmp_path: Path) -> None:
    cells = ["3月5日报送、4月1日批复", "按县长意见退回重报 2022.4.1", "于4月1日批复县财政局"]
    found = papers(store, tmp_path, "办理结果及时间", *cells)
    assert [one["remarks"] for one in found] == [f"办理结果和办结日期：{one}" for one in cells]
    assert [one["finished_on"] for one in found] == [None, "2022-04-01", "2022-04-01"]
    (one,) = papers(store, tmp_path, "办理情况及时间", "已于4月1日函复县财政局")
    assert (one["result_text"], one["finished_on"], one["remarks"]) == ("已于4月1日函复县财政局", "2022-04-01", "")
    (one,) = papers(store, tmp_path, "办理情况及时间", "完成率99.5")
    assert (one["result_text"], one["finished_on"]) == ("完成率99.5", None)


def test_a_day_that_has_a_column_of_its_own_leaves_the_other_in_the_remarks(store: Store, tmp_path: Path) -> None:
    row = ["2022.3.1", "县财政局", "蓝财〔2022〕1号", "关于预算的报告", "批复，2022.4.1", "2022.4.2"]
    plan = planned(store, tmp_path, "incoming", [[*PAPER, "办理结果及时间", "办结日期"], row])
    one = held(store, plan)
    assert (one["finished_on"], one["remarks"]) == ("2022-04-02", "办理结果及时间：批复，2022.4.1")


def test_instructions_with_their_days_stay_together(store: Store, tmp_path: Path) -> None:
    cells = [
        "王建国：同意。2022.3.6", "王建国：同意。3.6\n李强：请财政局办。3.7", "同意。王建国 3.6",
        "王建国 请财政局办 3.6", "/", "同意。马上办",
    ]  # fmt: skip
    rows = [["2022.3.1", "县财政局", f"蓝财〔2022〕{at}号", f"关于第{at}项的报告", one] for at, one in enumerate(cells)]
    plan = planned(store, tmp_path, "incoming", [["2022年"], [*PAPER, "领导批示及时间"], *rows])
    assert kinds(plan) == ["new"] * len(cells)
    found = [
        [(one["leader"], one["text"], str(one["on"])) for one in lines(plan, "instruction", at)]
        for at in range(len(cells))
    ]
    assert found == [
        [("王建国", "同意。", "2022-03-06")],
        [("王建国", "同意。", "2022-03-06"), ("李强", "请财政局办。", "2022-03-07")],
        [("王建国", "同意。", "2022-03-06")],
        [("王建国", "请财政局办", "2022-03-06")],
        [],
        [],
    ]
    assert held(store, plan, 5)["remarks"] == "领导批示：同意。马上办"


def test_an_empty_cell_of_two_fields_of_lines_gives_none(store: Store, tmp_path: Path) -> None:
    head = ["类型", "收到日期", "案由", "案号", "开庭时间及地点", "出庭负责人及职务", "承办单位及代理律师"]
    rows = [
        ["行政诉讼一审", "2022.3.5", "张三诉县政府", "（2022）湘11行初4号", "/", "—", "县住建局 刘律师"],
        ["行政诉讼一审", "2022.3.5", "李四诉县政府", "（2022）湘11行初5号", "2022.5.6 9:00 第二法庭", "/", "/"],
        ["行政诉讼二审", "2022.3.5", "王五诉县政府", "（2022）湘11行终6号", "书面审理", "/", ""],
    ]
    plan = planned(store, tmp_path, "legal_case", [head, *rows])
    assert kinds(plan) == ["new"] * 3
    assert [lines(plan, "hearing", at) for at in range(3)] == [
        [], [{"on": date(2022, 5, 6), "place": "第二法庭"}], [],
    ]  # fmt: skip
    assert [held(store, plan, at)["remarks"] for at in range(3)] == [
        "承办单位及代理律师：县住建局 刘律师", "", "开庭：书面审理",
    ]  # fmt: skip


def test_what_was_done_until_a_month_takes_no_result_from_its_day(store: Store, tmp_path: Path) -> None:
    head = [
        "工作任务",
        "任务来源",
        "牵头单位",
        "立项日期",
        "交办",
        "8月工作进展情况",
        "9月工作进展情况",
        "办结情况及时间",
    ]
    row = ["搬迁医院", "领导批示", "县卫健局", "2022.3.1", "2022.3.2", "装修", "搬迁", "已办结，2022.9.28"]
    plan = planned(store, tmp_path, "supervision_matter", [["2022年督查台账"], head, row])
    assert (held(store, plan)["result_text"], held(store, plan)["finished_on"]) == ("已办结", "2022-09-28")


def test_a_reply_and_its_day_are_one_line(store: Store, tmp_path: Path) -> None:
    head = ["编号", "案由", "交办日期", "主办单位"]
    row = [1, "关于修路的建议", "2022.3.5", "县交通运输局"]
    for label, cell, field, value in (
        ("办理结果及时间", "A类，2022.6.5", "reply_class", "A"),
        ("答复文号及日期", "蓝交函〔2022〕5号 2022年6月5日", "number", "蓝交函〔2022〕5号"),
    ):
        plan = planned(store, tmp_path, "proposal", [["十八届二次建议台账"], [*head, label], [*row, cell]])
        assert kinds(plan) == ["new"]
        assert [(one[field], str(one["on"])) for one in lines(plan, "reply")] == [(value, "2022-06-05")]


@pytest.mark.parametrize(
    ("cell", "leader", "role", "remarks"),
    [
        ("李强（副县长）", "李强", "副职", "李强（副县长）"), ("副局长李强", "李强", "副职", "副局长李强"),
        ("李强 副职", "李强", "副职", ""), ("李强，县政府副县长", "李强", "副职", "李强，县政府副县长"),
        ("李强", "李强", None, ""), ("未出庭", None, "未出庭", ""), ("李强、王建国", None, None, "李强、王建国"),
    ],
)  # fmt: skip
def test_who_was_in_court_and_the_post_are_parted(
    store: Store, tmp_path: Path, cell: str, leader: str | None, role: str | None, remarks: str
) -> None:
    head = ["类型", "收到日期", "案由", "案号", "开庭时间", "出庭负责人及职务", "裁判结果及时间"]
    row = ["行政诉讼一审", "2022.3.5", "张三诉县政府", "（2022）湘11行初4号", "2022.5.6", cell, "驳回 2022.6.6"]
    plan = planned(store, tmp_path, "legal_case", [head, row])
    assert kinds(plan) == ["new"]
    (one,) = lines(plan, "hearing")
    assert (one.get("leader"), one.get("role"), str(one["on"])) == (leader, role, "2022-05-06")
    assert remarks in held(store, plan)["remarks"]
    assert bool(held(store, plan)["remarks"]) == bool(remarks)
    assert (held(store, plan)["outcome"], held(store, plan)["decided_on"]) == ("驳回", "2022-06-06")


def test_place_and_time_of_an_event_are_parted_in_either_order(store: Store, tmp_path: Path) -> None:
    for head, cell in (("时间、地点", "2022.3.5 县文化广场"), ("活动地点及时间", "县文化广场，3月5日")):
        plan = planned(store, tmp_path, "publicity_event", [
            ["2022年普法"], ["活动名称", head, "宣传形式", "受众", "人数"], ["宪法宣传周", cell, "宣讲", "群众", 100],
        ])  # fmt: skip
        assert kinds(plan) == ["new"]
        assert (held(store, plan)["held_on"], held(store, plan)["place"]) == ("2022-03-05", "县文化广场")
        assert plan.missing_columns == ()
