"""普法: planned and held, people and views apart, the share for the public."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from db.figures import Figures, Period
from db.registers.publicity_event import PublicityLaw
from db.store.store import Store
from tests.db.office import again, event, problems, said, saved


def figure(store: Store, key: str) -> Any:
    """The value of one figure of 2022."""
    return Figures(store.connection, store.catalogue, store.rules.days).value(key, Period.year(2022)).value


def test_a_planned_event_is_due_on_its_day_until_the_people_are_counted(store: Store) -> None:
    record = saved(store, event(held_on=date(2023, 1, 12), people=None))
    assert (record.stage, record.due_on, record.due_basis) == ("planned", date(2023, 1, 12), "按计划实施")
    record = again(store, record)
    record.held_on, record.people = date(2022, 12, 29), 60
    store.save(record)
    assert (record.stage, record.due_on, record.is_open) == ("held", None, False)


def test_a_cancelled_event_is_no_longer_due(store: Store) -> None:
    record = saved(store, event(held_on=date(2022, 12, 28), people=None, cancel_reason="疫情"))
    assert (record.stage, record.due_on, record.missing) == ("cancelled", None, 0)


def test_figures_keep_people_and_views_and_the_office_and_the_public_apart(store: Store) -> None:
    saved(store, event(materials=200))
    saved(store, event(title="机关法治讲座", audience="本单位干部", people=40))
    saved(store, event(title="直播普法", audience="学生", form="新媒体", people=0, views=3_000))
    saved(store, event(title="明年的计划", held_on=date(2022, 12, 31), people=None))
    assert [figure(store, key) for key in ("pub_events", "pub_people", "pub_views", "pub_materials")] == [
        3, 160, 3_000, 200,
    ]  # fmt: skip
    assert round(figure(store, "pub_public_share"), 1) == Decimal("66.7")


def test_the_plan_counts_what_stands_in_the_list_of_duties(store: Store) -> None:
    saved(store, event(plan_item="宪法宣传周"))
    saved(store, event(title="禁毒宣传", held_on=date(2022, 12, 29), people=None, plan_item="国际禁毒日"))
    saved(store, event(title="临时活动"))
    assert figure(store, "pub_plan_rate") == 50


@pytest.mark.parametrize(
    ("values", "kind", "field", "sentence"),
    [
        ({"people": -1}, "must", "people", "人数不能是负数"),
        ({"people": None}, "missing", "people", "活动日期已过，请填人数；没有举行的写取消原因"),
        ({"held_on": date(2023, 1, 3)}, "note", "held_on", "活动日期2023-01-03在今天之后，却已有人数"),
        ({"form": "新媒体", "people": 900}, "note", "people", "只在线上的活动请填浏览量，不要算作人数"),
        ({"filed_on": date(2022, 12, 1)}, "must", "filed_on", "归档日期2022-12-01早于活动日期2022-12-02"),
    ],
)
def test_what_is_wrong_is_said(store: Store, values: dict[str, Any], kind: str, field: str, sentence: str) -> None:
    assert said(problems(store, event(**values)), kind)[field] == sentence


def test_the_same_event_and_the_same_law_twice_are_noted(store: Store) -> None:
    first = saved(store, event())
    twice = event(PublicityLaw(title="《民法典》"), PublicityLaw(title="民法典"))
    noted = said(problems(store, twice), "note")
    assert noted == {
        "title": f"与{first.number}同一天、同名，请核对是否重复登记", "publicity_law": "“民法典”写了2次",
    }  # fmt: skip
