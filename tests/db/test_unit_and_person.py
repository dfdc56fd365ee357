"""A column that holds a unit and a person together fills both fields where they can be told with certainty."""

from __future__ import annotations

from typing import Any

import pytest

from db.directory.people import Person
from db.directory.units import UnitNames
from db.exchange.book import Book, Cell, Sheet
from db.exchange.planning import Plan
from db.exchange.unit_and_person import tell_apart
from db.store.store import Store

Rows = list[list[Cell]]
HEADINGS = ("责任单位及责任人", "责任单位/责任人", "牵头单位及负责人", "承办单位（承办人）", "责任单位责任人",
            "责任单位、责任人", "责任人及责任单位", "牵头单位\n责任人")  # fmt: skip


def values(store: Store, register: str, heading: str, *cells: Cell) -> list[dict[str, Any]]:
    """What a column with these cells fills, in a ledger of 2022."""
    head = {
        "supervision_matter": ["事项", "立项日期", "任务来源"],
        "rectification_plan": ["存在问题", "发现日期", "问题来源"],
        "incoming": ["标题", "收文日期", "来文单位"],
    }[register]
    last = {"supervision_matter": "领导批示", "rectification_plan": "审计", "incoming": "县财政局"}[register]
    rows: Rows = [[*head, heading], *([f"关于第{at}项的请示", "3.1", last, one] for at, one in enumerate(cells, 1))]
    plan = Plan(store, store.catalogue[register], Book("2022年.xlsx", (Sheet("表", rows),)))
    assert [row.kind for row in plan.rows()] == ["new"] * len(cells), [plan.row(at).reason for at in range(len(plan))]
    names = store.shapes[plan.register].names
    return [dict(zip(names, row.values, strict=True)) for row in plan.rows()]


@pytest.mark.parametrize("heading", HEADINGS)
def test_unit_and_person_each_land_in_their_field(store: Store, heading: str) -> None:
    cells = ("县水利局 张三", "县水利局（张三）", "县水利局/张三", "县水利局\n张三", "县水利局张三", "张三（县水利局）",
             "责任单位：县水利局；责任人：张三", "县水利局-张三")  # fmt: skip
    for one in values(store, "supervision_matter", heading, *cells):
        assert (one["lead_unit"], one["resp_person"], one["remarks"]) == ("县水利局", "张三", "")


@pytest.mark.parametrize(
    ("register", "heading", "person"),
    [
        ("rectification_plan", "整改责任单位及责任人", "resp_person"),
        ("rectification_plan", "责任单位及责任领导", "resp_leader"),
        ("incoming", "承办单位及承办人", "handler"),
    ],
)
def test_other_registers_part_them_alike(store: Store, register: str, heading: str, person: str) -> None:
    (one,) = values(store, register, heading, "塔峰镇人民政府 欧阳文")
    assert (one["lead_unit"], one[person]) == ("塔峰镇人民政府", "欧阳文")


def test_one_alone_fills_its_field(store: Store) -> None:
    with store.change("人员") as change:
        change.put(Person(name="龙䶮"))
    unit, person = values(store, "supervision_matter", "责任单位及责任人", "县水利局", "龙䶮")
    assert (unit["lead_unit"], unit["resp_person"]) == ("县水利局", "")
    assert (person["lead_unit"], person["resp_person"]) == ("", "龙䶮")


@pytest.mark.parametrize("text", ["各乡镇长", "水利 张三", "王局", "县水利局 按职责分工", "甲方、乙方"])
def test_what_is_not_certain_stays_whole_and_is_told(store: Store, text: str) -> None:
    rows: Rows = [["事项", "立项日期", "任务来源", "责任单位及责任人"], ["防汛", "3.1", "领导批示", text]]
    plan = Plan(store, store.catalogue["supervision_matter"], Book("2022年.xlsx", (Sheet("表", rows),)))
    (one,) = values(store, "supervision_matter", "责任单位及责任人", text)
    assert (one["lead_unit"], one["resp_person"]) == (text, "")
    assert "全文" in plan.row(0).cells[3].note


def test_several_or_posts_and_telephones_are_kept_in_the_remarks_as_written(store: Store) -> None:
    cells = ("县水利局 张三；县林业局 李四", "县水利局（张三 13874612345）", "县水利局副局长张三")
    several, called, post = values(store, "supervision_matter", "责任单位及责任人", *cells)
    assert (several["lead_unit"], several["resp_person"]) == ("县水利局、县林业局", "张三、李四")
    for one, cell in zip((several, called, post), cells, strict=True):
        assert one["remarks"] == f"牵头单位和责任人：{cell}"
    assert (called["lead_unit"], called["resp_person"]) == ("县水利局", "张三")
    assert (post["lead_unit"], post["resp_person"]) == ("县水利局", "张三")


@pytest.mark.parametrize("text", ["林业局", "县残联", "史志办", "万年桥村", "文联", "全县各单位"])
def test_a_unit_is_no_person(text: str) -> None:
    told = tell_apart(text, UnitNames(()), ())
    assert told is None or not told.people


def test_a_column_of_its_own_is_not_overwritten(store: Store) -> None:
    rows: Rows = [
        ["事项", "立项日期", "任务来源", "牵头单位", "责任单位及责任人"],
        ["防汛", "3.1", "领导批示", "县应急局", "县水利局 张三"],
    ]
    plan = Plan(store, store.catalogue["supervision_matter"], Book("2022年.xlsx", (Sheet("表", rows),)))
    found = dict(zip(store.shapes[plan.register].names, plan.rows()[0].values, strict=True))
    assert found["lead_unit"] == "县应急局"
    assert "县水利局 张三" in found["remarks"]
