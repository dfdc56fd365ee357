"""Units and people: names that lead to one another, totals over a reform, and what the directory refuses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.directory.people import Person, person_problems
from db.directory.units import Naming, Unit, UnitNames, unit_problems

LEVELS = ("县直部门", "乡镇（街道）")
REFORM = UnitNames(
    [
        Naming(("县扶贫开发办公室", "县扶贫办", "扶贫办"), date(2021, 5, 27), "县乡村振兴局"),
        Naming(("县乡村振兴局", "县振兴局"), date(2024, 1, 10), "县农业农村局"),
        Naming(("县农业农村局", "农业局")),
    ]
)


def unit(name: str = "县财政局", **values: Any) -> Unit:
    """A unit."""
    return Unit(name=name, **values)


OTHERS = (
    unit("县扶贫办", successor="县乡村振兴局"),
    unit("县乡村振兴局", short_name="县振兴局", successor="县农业农村局"),
    unit("县农业农村局"),
)


def said(found: Unit, others: tuple[Unit, ...] = OTHERS) -> dict[str, str]:
    """Field -> sentence of everything wrong with a unit."""
    return {problem.field: problem.text for problem in unit_problems(found, others, LEVELS)}


def test_totals_by_unit_merge_a_unit_renamed_in_the_middle_of_the_year() -> None:
    totals = {"扶贫办": 3, "县扶贫开发办公室": 4, "县乡村振兴局": 5, "县财政局": 9}
    assert REFORM.merged(totals, date(2021, 12, 31)) == {"县乡村振兴局": 12, "县财政局": 9}
    assert REFORM.merged(totals) == {"县农业农村局": 12, "县财政局": 9}


@pytest.mark.parametrize(
    ("on", "name"),
    [
        (date(2021, 5, 27), "县扶贫开发办公室"),
        (date(2021, 5, 28), "县乡村振兴局"),
        (date(2024, 1, 11), "县农业农村局"),
        (None, "县农业农村局"),
    ],
)
def test_a_successor_takes_over_on_the_day_after(on: date | None, name: str) -> None:
    assert REFORM.merged_name("扶贫办", on) == name


def test_an_alias_leads_to_the_full_name_and_an_unknown_name_stays() -> None:
    assert REFORM.full_name("农业局") == "县农业农村局"
    assert REFORM.full_name("某公司") == REFORM.merged_name("某公司") == "某公司"


def test_a_circle_that_is_in_the_directory_all_the_same_does_not_hang() -> None:
    names = UnitNames([Naming(("甲局",), None, "乙局"), Naming(("乙局",), None, "甲局")])
    assert names.merged_name("甲局") in ("甲局", "乙局")


def test_a_sound_unit_is_let_in() -> None:
    assert said(unit(short_name="财政局", aliases="财局、县财局", level="县直部门", parent="县农业农村局")) == {}


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"name": ""}, "name", "请填写单位全称"),
        ({"name": "县振兴局"}, "name", "“县振兴局”已是县乡村振兴局的名称，两个单位不能同名"),
        ({"aliases": "财局、县扶贫办"}, "aliases", "“县扶贫办”已是县扶贫办的名称，两个单位不能同名"),
        ({"level": "局级"}, "level", "级别没有“局级”这一项，可在词汇表里增加"),
        ({"successor": "县财政局"}, "successor", "县财政局的并入或改为不能是它自己"),
        ({"short_name": "财政局", "successor": "财政局"}, "successor", "县财政局的并入或改为不能是它自己"),
        ({"parent": "县财政局"}, "parent", "县财政局的上级单位不能是它自己"),
        ({"successor": "县乡镇企业局"}, "successor", "单位表里没有“县乡镇企业局”，请先增加它"),
        (
            {"active_from": date(2024, 1, 1), "active_to": date(2023, 1, 1)},
            "active_to",
            "停用2023-01-01早于启用2024-01-01",
        ),
    ],
)
def test_what_a_unit_may_not_be_is_said_at_its_field(values: dict[str, Any], field: str, sentence: str) -> None:
    assert said(unit(**({"name": "县财政局"} | values)))[field] == sentence


def test_units_that_succeed_one_another_in_a_circle_are_refused() -> None:
    last = unit("县农业农村局", successor="县扶贫办")
    assert said(last, OTHERS[:2])["successor"] == (
        "并来并去又回到自己：县农业农村局→县扶贫办→县乡村振兴局→县农业农村局，请改一处"
    )


def test_a_person_is_not_entered_twice_in_one_post_at_one_time() -> None:
    first = Person(name="李喆", unit="县政府办", post="副主任", active_to=date(2023, 12, 31))
    same = Person(name="李喆", unit="县政府办", post="副主任", active_from=date(2023, 6, 1))
    later = Person(name="李喆", unit="县政府办", post="副主任", active_from=date(2024, 1, 1))
    other = Person(name="李喆", unit="县政府办", post="主任")
    assert [problem.text for problem in person_problems(same, [first])] == ["李喆（县政府办、副主任）已在表里"]
    assert list(person_problems(later, [first])) == list(person_problems(other, [first])) == []


def test_what_a_person_may_not_be_is_said_at_its_field() -> None:
    wrong = Person(name="", role="局长", active_from=date(2024, 1, 1), active_to=date(2023, 1, 1))
    assert {problem.field: problem.text for problem in person_problems(wrong, [])} == {
        "name": "请填写姓名",
        "role": "类别是领导或工作人员，没有“局长”",
        "active_to": "离任2023-01-01早于任职2024-01-01",
    }
