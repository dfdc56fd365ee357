"""A day that the register takes only with another one, which an old ledger does not have, goes into the remarks."""

from __future__ import annotations

from pathlib import Path

from db.store.store import Store
from tests.db.old_files import held, kinds, planned

MATTER = ["督办事项", "任务来源", "责任单位"]


def test_a_finished_matter_without_its_handing_over_is_taken(store: Store, tmp_path: Path) -> None:
    rows = [
        [*MATTER, "办结时间", "销号时间", "完成时限"],
        ["农田建设", "领导批示", "县农业农村局", "2022.3.1", "", "2022.3.5"],
        ["水库除险", "领导批示", "县水利局", "2022.3.1", "2022.4.1", "2022.3.5"],
        ["公路改建", "领导批示", "县交通运输局", "", "2022.4.1", ""],
    ]
    plan = planned(store, tmp_path, "supervision_matter", rows)
    assert kinds(plan) == ["new"] * 3
    records = [held(store, plan, at) for at in range(3)]
    assert [one["stage"] for one in records] == ["reported", "closed", "closed"]
    assert [one["remarks"] for one in records] == [
        "报结日期：2022-03-01", "报结日期：2022-03-01；销号日期：2022-04-01", "销号日期：2022-04-01",
    ]  # fmt: skip
    assert [one["due_on"] for one in records] == ["2022-03-05", "2022-03-05", None]
    assert "没有交办日期，报结日期“2022-03-01”写在备注里，记为报结待审" in plan.row(0).reason


def test_the_stage_that_the_row_names_stays(store: Store, tmp_path: Path) -> None:
    rows = [[*MATTER, "办结时间", "办理状态"], ["农田建设", "领导批示", "县农业农村局", "2022.3.1", "已办结"]]
    plan = planned(store, tmp_path, "supervision_matter", rows)
    assert (held(store, plan)["stage"], held(store, plan)["remarks"]) == ("closed", "报结日期：2022-03-01")


def test_a_matter_that_has_both_days_keeps_them(store: Store, tmp_path: Path) -> None:
    head = [*MATTER, "立项日期", "交办", "办结时间"]
    rows = [head, ["农田建设", "领导批示", "县农业农村局", "2022.2.1", "2022.2.3", "2022.3.1"]]
    plan = planned(store, tmp_path, "supervision_matter", rows)
    assert (held(store, plan)["finished_on"], held(store, plan)["remarks"]) == ("2022-03-01", "")


def test_a_problem_that_was_closed_without_its_reviewer_is_taken(store: Store, tmp_path: Path) -> None:
    head = ["存在问题", "发现日期", "问题来源", "责任单位", "完成时间", "销号时间"]
    rows = [head, ["执法不规范", "2022.2.1", "审计", "县司法局", "2022.3.1", "2022.4.1"]]
    plan = planned(store, tmp_path, "rectification_plan", rows)
    assert kinds(plan) == ["new"]
    one = held(store, plan)
    assert (one["stage"], one["self_finished_on"], one["remarks"]) == ("closed", "2022-03-01", "销号日期：2022-04-01")


def test_a_day_in_the_wrong_order_is_refused_still(store: Store, tmp_path: Path) -> None:
    head = [*MATTER, "立项日期", "交办", "办结时间"]
    rows = [head, ["农田建设", "领导批示", "县农业农村局", "2022.2.1", "2022.2.3", "2022.1.1"]]
    assert kinds(planned(store, tmp_path, "supervision_matter", rows))[0].startswith("refused")


def test_a_finished_matter_was_handed_over_on_the_day_on_which_it_was_set_up(store: Store, tmp_path: Path) -> None:
    for label in ("立项日期", "交办日期", "下达时间"):
        rows = [[*MATTER, label, "办结时间"], ["农田建设", "领导批示", "县农业农村局", "2022.2.1", "2022.3.1"]]
        plan = planned(store, tmp_path, "supervision_matter", rows)
        one = held(store, plan)
        assert (one["set_up_on"], one["handed_on"], one["finished_on"]) == ("2022-02-01", "2022-02-01", "2022-03-01")
        assert (one["stage"], one["remarks"]) == ("reported", "")
        assert any("按立项日期填上" in note or "按交办日期填上" in note for note in plan.notes)
    rows = [[*MATTER, "立项日期", "办结时间"], ["农田建设", "领导批示", "县农业农村局", "2022.2.1", ""]]
    assert held(store, planned(store, tmp_path, "supervision_matter", rows))["handed_on"] is None
