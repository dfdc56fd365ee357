"""Columns of a procedure's steps (公众参与, 专家论证) hold days, ticks or words: days are kept, the rest is carried."""

from __future__ import annotations

from typing import Any

import pytest

from db.exchange.book import Book, Cell, Sheet
from db.exchange.planning import Plan
from db.store.store import Store


def values(store: Store, register: str, cells: dict[str, Cell]) -> dict[str, Any]:
    """What the only row of a ledger of 2022 would write."""
    sheet = Sheet("2022年", [[*cells], [*cells.values()]])
    plan = Plan(store, store.catalogue[register], Book("台账.xlsx", (sheet,)))
    assert plan.kind(0) == "new", plan.row(0).reason
    return dict(zip(store.shapes[plan.register].names, plan.rows()[0].values, strict=True))


def decision(store: Store, **cells: Cell) -> dict[str, Any]:
    """What a row on one decision would write."""
    return values(store, "major_decision", {"提出时间": "1月10日", "决策事项": "城区停车收费标准调整", **cells})


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("2022.3.5", None, "2022-03-05"),
        ("3月5日", None, "2022-03-05"),
        (44625.0, None, "2022-03-05"),
        ("2022.2.1-3.5", "2022-02-01", "2022-03-05"),
        ("2022年12月20日至1月20日", "2022-12-20", "2023-01-20"),
        ("2022-02-01至2022-03-05", "2022-02-01", "2022-03-05"),
    ],
    ids=str,
)
def test_days_under_the_name_of_a_step_are_when_it_was_done(
    store: Store, said: Cell, first: str | None, last: str
) -> None:
    found = decision(store, 公众参与=said)
    assert (found["public"], found["public_from"], found["public_to"]) == ("适用", first, last)
    assert found["remarks"] == ""


def test_each_step_has_its_own_day(store: Store) -> None:
    found = decision(
        store,
        专家论证="2022.3.10",
        风险评估="3月20日通过评审",
        合法性审查="2022.4.1",
        集体讨论="2022.4.20",
        公布时间="4.25",
    )
    assert [found[name] for name in ("expert_on", "risk_on", "legal_done_on", "decided_on", "published_on")] == [
        "2022-03-10", "2022-03-20", "2022-04-01", "2022-04-20", "2022-04-25",
    ]  # fmt: skip
    assert found["remarks"] == "风险评估：3月20日通过评审"


@pytest.mark.parametrize("said", ["√", "是", "已开展", "×", "否", "已评估，低风险", "第2次会议"])
def test_a_tick_or_words_without_a_day_are_carried_and_settle_nothing(store: Store, said: str) -> None:
    found = decision(store, 专家论证=said, 集体讨论=said)
    assert (found["expertise"], found["expert_on"], found["decided_on"]) == ("适用", None, None)
    assert found["remarks"] == f"专家论证：{said}；讨论日期：{said}"
    assert "专家论证" in found["open_steps"]


def test_what_does_not_apply_is_left_out_with_its_reason(store: Store) -> None:
    found = decision(store, 专家论证="不适用", 风险评估="不需要：不涉及群众利益", 公众参与="—")
    assert (found["expertise"], found["expert_reason"], found["public"]) == ("不适用", "", "适用")
    assert (found["risk"], found["risk_reason"], found["remarks"]) == ("不适用", "不涉及群众利益", "")


def test_a_column_that_asks_whether_a_step_applies_is_answered(store: Store) -> None:
    assert decision(store, 是否适用公众参与="否")["public"] == "不适用"


def test_a_day_in_a_column_of_its_own_counts_before_that_of_the_step(store: Store) -> None:
    assert decision(store, 论证日期="2022.3.8", 专家论证="2022.3.10")["expert_on"] == "2022-03-08"


def test_two_days_of_a_step_that_is_done_on_one_are_told(store: Store) -> None:
    found = decision(store, 专家论证="2022.3.8、2022.3.10")
    assert (found["expert_on"], found["remarks"]) == ("2022-03-10", "专家论证：2022.3.8、2022.3.10")


def test_a_normative_document_has_its_steps_alike(store: Store) -> None:
    found = values(
        store, "normative_document",
        {"文件名称": "蓝山县养犬管理办法", "制定机关": "蓝山县人民政府", "公布日期": "2022.3.20",
         "征求意见": "2022.2.1-2.9",
         "公平竞争审查": "√", "合法性审核": "2022年3月1日审核通过", "集体审议": "县政府第12次常务会议"},
    )  # fmt: skip
    assert (found["public_from"], found["public_to"], found["legal_done_on"]) == (
        "2022-02-01", "2022-02-09", "2022-03-01",
    )  # fmt: skip
    assert found["fair_on"] is None
    assert found["remarks"] == "公平竞争：√；审核意见日：2022年3月1日审核通过；审议日期：县政府第12次常务会议"


@pytest.mark.parametrize("said", ["预计2022.5.6办结", "未办结，2022.5.6再催", "2022.5.6延至2022.6.6"])
def test_a_day_that_is_not_the_one_on_which_it_was_done_is_not_taken_for_it(store: Store, said: str) -> None:
    sheet = Sheet(
        "表", [["收文日期", "来文单位", "标题", "办结日期"], ["2022.3.5", "县财政局", "关于预算的请示", said]]
    )
    plan = Plan(store, store.catalogue["incoming"], Book("台账.xlsx", (sheet,)))
    assert plan.kind(0) == "refused"
    assert said[:20] in plan.row(0).reason
