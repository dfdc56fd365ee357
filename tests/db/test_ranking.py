"""The units by their 按时办结率: equals share a rank, too few matters have none, predecessors count on request."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from db.directory.units import Naming, Unit, UnitNames
from db.figures import Figures, Value
from db.store import office
from db.store.store import Store
from db.summaries.behind import behind
from db.summaries.document import Chart, Note, Table
from db.summaries.month import Month
from db.summaries.ranking import standings, whole_number
from db.summaries.wording import number
from tests.db.office import Clock, incoming, matter, saved

PRINTED = datetime(2023, 1, 10, 9, 5)
NAMES = UnitNames([
    Naming(("县乡村振兴局",)), Naming(("县扶贫办", "扶贫办"), date(2022, 6, 30), "县乡村振兴局"),
])  # fmt: skip


@pytest.fixture(autouse=True)
def in_january(clock: Clock) -> None:
    """The clerk prints December on 10 January."""
    clock.at = PRINTED


def paper(
    store: Store, unit: str, in_time: bool = True, due: date = date(2022, 12, 20), received: date = date(2022, 12, 1)
) -> None:
    """A request that a unit answered in time, or a day late."""
    done = due if in_time else date.fromordinal(due.toordinal() + 1)
    saved(store, incoming(received_on=received, from_doc_on=None, from_doc_no="", lead_unit=unit, due_on=due,
                          finished_on=done, result="批复"))  # fmt: skip


def ranking(store: Store) -> tuple[Any, ...]:
    """The blocks of the ranking of December."""
    made = Month(store, 2022, 12, PRINTED).summary()
    return next(part.blocks for part in made.parts if "排名" in part.heading)


def rows(store: Store) -> list[list[str]]:
    """The words of the ranking's rows."""
    table = ranking(store)[0]
    assert isinstance(table, Table)
    return [[cell.text for cell in row] for row in table.rows]


def test_equals_share_a_rank_and_the_next_follows_after_them() -> None:
    rates = {"甲": (9, 10), "乙": (4, 5), "丙": (8, 10), "丁": (1, 2), "戊": (199, 200), "己": (3, 5)}
    found = standings({"rate": rates}, NAMES, 3, merges=False)
    assert [(one.rank, one.unit) for one in found] == [
        (1, "戊"), (2, "甲"), (3, "丙"), (3, "乙"), (5, "己"), (None, "丁"),
    ]  # fmt: skip


def test_two_of_two_do_not_rank_above_199_of_200() -> None:
    found = standings({"rate": {"小": (2, 2), "大": (199, 200)}}, NAMES, 3, merges=False)
    assert [(one.unit, one.rank) for one in found] == [("大", 1), ("小", None)]


def test_registers_are_added_up_and_nobody_is_not_ranked() -> None:
    found = standings({"a": {"甲": (1, 2), "（空）": (5, 5)}, "b": {"甲": (2, 2)}}, NAMES, 3, merges=False)
    assert [(one.unit, one.part, one.base, one.each) for one in found] == [("甲", 3, 4, {"a": (1, 2), "b": (2, 2)})]


def test_predecessors_are_merged_on_request_and_short_names_always() -> None:
    rates = {"rate": {"扶贫办": (1, 1), "县扶贫办": (1, 2), "县乡村振兴局": (3, 3)}}
    apart = standings(rates, NAMES, 1, merges=False)
    assert {one.unit: (one.part, one.base) for one in apart} == {"县扶贫办": (2, 3), "县乡村振兴局": (3, 3)}
    merged = standings(rates, NAMES, 1, merges=True)
    assert [(one.unit, one.part, one.base) for one in merged] == [("县乡村振兴局", 5, 6)]


def test_the_month_ranks_units_with_their_numbers_and_says_what_was_left_out(store: Store) -> None:
    for in_time in (True, True, True, True, True, True, True, False):
        paper(store, "县财政局", in_time)
    for _time in range(2):
        paper(store, "县司法局")
    assert rows(store) == [
        ["1", "县财政局", "8", "7", "87.5", "87.5"],
        ["—", "县司法局", "2", "2", "样本不足", "—"],
    ]
    note = ranking(store)[1]
    assert isinstance(note, Note)
    assert "不足3件的不排名" in note.text
    store.set_office({"ranking_base": "1"}, [])
    assert [row[:2] for row in rows(store)] == [["1", "县司法局"], ["2", "县财政局"]]


def test_a_rate_is_rounded_half_up() -> None:
    (one,) = standings({"rate": {"甲": (13, 80)}}, NAMES, 3, merges=False)
    assert number(Value(one.rate)) == "16.3"  # 16.25: to even it would be 16.2


def test_a_renamed_unit_is_one_when_the_office_wants_it(store: Store) -> None:
    office.put_unit(store, Unit(name="县扶贫办"))
    office.retire_unit(store, Unit.get(Unit.name == "县扶贫办"), date(2022, 12, 15), "县乡村振兴局")
    for unit in ("县扶贫办", "县扶贫办", "县乡村振兴局"):
        paper(store, unit)
    assert [row[1] for row in rows(store)] == ["县扶贫办", "县乡村振兴局"]
    store.set_office({"ranking_merges": "是"}, [])
    assert [row[:4] for row in rows(store)] == [["1", "县乡村振兴局", "3", "3"]]


def opened(store: Store, origin: Any) -> int:
    """How many records a number of the page opens."""
    assert origin is not None
    return len(behind(Figures(store.connection, store.catalogue, store.rules.days), origin).rows)


def test_every_number_of_a_unit_opens_the_rows_behind_it(store: Store) -> None:
    office.put_unit(store, Unit(name="县扶贫办"))
    office.retire_unit(store, Unit.get(Unit.name == "县扶贫办"), date(2022, 12, 15), "县乡村振兴局")
    store.set_office({"ranking_merges": "是"}, [])
    paper(store, "县扶贫办", in_time=False)
    for _time in range(3):
        paper(store, "县乡村振兴局")
    paper(store, "县乡村振兴局", received=date(2022, 11, 1), due=date(2022, 11, 20))
    saved(store, matter(set_up_on=date(2022, 12, 1), handed_on=date(2022, 12, 1), lead_unit="县乡村振兴局",
                        due_on=date(2022, 12, 20)))  # fmt: skip
    table, *_notes, chart = ranking(store)
    (row,) = table.rows
    assert [cell.text for cell in row] == ["1", "县乡村振兴局", "5", "3", "60.0", "3／4", "0／1", "66.7"]
    assert [opened(store, cell.source) for cell in row if cell.text != "县乡村振兴局"] == [5, 5, 3, 5, 4, 1, 6]
    assert [[opened(store, source) for source in series.sources] for series in chart.stacked] == [[3], [2]]


def test_each_register_has_a_column_of_its_own_when_there_are_several(store: Store) -> None:
    paper(store, "县财政局")
    saved(store, matter(set_up_on=date(2022, 12, 1), handed_on=date(2022, 12, 1), lead_unit="县财政局",
                        due_on=date(2022, 12, 20)))  # fmt: skip
    table = ranking(store)[0]
    assert [column.head for column in table.columns][5:7] == ["其中：\n收文", "其中：\n督查事项"]
    assert [cell.text for cell in table.rows[0]][5:7] == ["1／1", "0／1"]


def test_what_was_due_is_drawn_by_unit(store: Store) -> None:
    for unit, in_time in (("县财政局", True), ("县财政局", False), ("县司法局", True)):
        paper(store, unit, in_time)
    chart = ranking(store)[-1]
    assert isinstance(chart, Chart)
    assert chart.categories == ("县财政局", "县司法局")
    assert [series.values for series in chart.stacked] == [(1, 1), (1, 0)]


@pytest.mark.parametrize(("text", "meant"), [("5", 5), (" 2 ", 2), ("0", 1), ("", 3), ("三", 3), ("-1", 3)])
def test_a_setting_that_is_no_number_leaves_the_usual_one(text: str, meant: int) -> None:
    assert whole_number(text, 3) == meant
