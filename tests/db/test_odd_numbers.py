"""Numbers of old ledgers that are short for a number of the register, or of a form that it does not know."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from db.exchange.applying import apply
from db.exchange.book import Book, Cell, Sheet
from db.exchange.exporting import Selection, export
from db.exchange.planning import Plan
from db.exchange.reading import read
from db.store.health import findings
from db.store.search import Filter
from db.store.store import Store
from tests.db.office import Clock

Rows = list[list[Cell]]
IN: list[Cell] = ["编号", "收文日期", "来文单位", "来文字号", "标题"]
OUT: list[Cell] = ["文号", "标题", "成文日期"]


def planned(store: Store, register: str, *sheets: Rows) -> Plan:
    """The plan of sheets of 2022."""
    return Plan(
        store,
        store.catalogue[register],
        Book("2022年台账.xlsx", tuple(Sheet(f"表{at}", rows) for at, rows in enumerate(sheets))),
    )


def incoming(*numbers: Cell) -> Rows:
    """A sheet of papers with these numbers."""
    papers = ((f"蓝财〔2022〕{at}号", f"关于第{at}项的请示") for at in range(1, len(numbers) + 1))
    return [IN, *([number, "3.5", "县财政局", *paper] for number, paper in zip(numbers, papers, strict=True))]


def held(store: Store, register: str, *names: str) -> list[tuple[object, ...]]:
    """Some fields of all records, in the order of entry."""
    columns = ",".join(names)
    return store.connection.execute(f'SELECT {columns} FROM "{register}" ORDER BY id').fetchall()


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("信1", "信〔2022〕1号"), ("信-3", "信〔2022〕3号"), ("2022-信1", "信〔2022〕1号"),
        ("信2021-4", "信〔2021〕4号"), ("信字第5号", "信〔2022〕5号"), ("信 ０６", "信〔2022〕6号"),
    ],
)  # fmt: skip
def test_a_series_and_a_sequence_are_the_number_of_that_series(store: Store, typed: str, whole: str) -> None:
    plan = planned(store, "incoming", incoming(typed, "7"))
    assert [plan.row(at).reason for at in range(2)] == ["", ""]
    apply(store, plan)
    assert held(store, "incoming", "number")[0] == (whole,)
    assert planned(store, "incoming", incoming(typed, "7")).counts.same == 2


@pytest.mark.parametrize("typed", ["3-1号", "12之1", "补5", "上〔2022〕3-1号", "12（附）", "收20221号甲"])
def test_a_number_of_another_form_stays_as_it_is_written_and_is_told(store: Store, typed: str) -> None:
    plan = planned(store, "incoming", incoming("3", typed, "4"))
    assert plan.counts.new == 3
    assert "照原样留下" in "".join(problem.text for problem in plan.rows()[1].problems)
    apply(store, plan)
    numbers = held(store, "incoming", "number", "sequence")
    assert [sequence for _number, sequence in numbers] == [3, None, 4]
    assert numbers[1][0] == typed
    assert planned(store, "incoming", incoming("3", typed, "4")).counts.same == 3


def test_an_outgoing_paper_numbered_between_two_others_keeps_its_number(store: Store) -> None:
    rows: Rows = [
        OUT,
        ["蓝政办发〔2022〕3号", "关于防汛的通知", "3.1"],
        ["蓝政办发[2022]3-1号", "关于防火的通知", "3.2"],
        ["蓝政办发4号", "关于春耕的通知", "3.3"],
    ]
    plan = planned(store, "outgoing", rows)
    assert plan.counts.new == 3, [plan.row(at).reason for at in range(3)]
    apply(store, plan)
    assert held(store, "outgoing", "number", "series", "year") == [
        ("蓝政办发〔2022〕3号", "蓝政办发", 2022),
        ("蓝政办发〔2022〕3-1号", "蓝政办发", 2022),
        ("蓝政办发〔2022〕4号", "蓝政办发", 2022),
    ]
    assert store.next_sequence(store.catalogue["outgoing"], "蓝政办发", 2022) == 5


def test_the_same_number_of_another_form_twice_in_a_file_is_told(store: Store) -> None:
    plan = planned(store, "incoming", incoming("3-1号", "3-1号"))
    assert [row.kind for row in plan.rows()] == ["new", "refused"]


def test_a_number_column_that_says_there_is_none_gives_none(store: Store) -> None:
    plan = planned(store, "incoming", incoming("无", "待编", "1"))
    assert plan.counts.new == 3
    apply(store, plan)
    assert [row[0] for row in held(store, "incoming", "remarks")] == ["", "编号：待编", ""]
    assert all(row[0] for row in held(store, "incoming", "sequence"))


def test_sheets_that_each_count_from_one_are_told_apart_by_what_else_they_say(store: Store) -> None:
    above: Rows = [IN, [1, "3.5", "市财政局", "永财〔2022〕8号", "关于决算的通知"]]
    plan = planned(store, "incoming", incoming("1", "2"), above)
    assert plan.counts.new == 3, [plan.row(at).reason for at in range(3)]
    apply(store, plan)
    assert len({row[0] for row in held(store, "incoming", "number")}) == 3


def test_a_number_in_three_columns_may_be_of_another_form(store: Store) -> None:
    rows: Rows = [
        ["收文日期", "来文单位", "来文字", "年", "来文号", "标题"],
        *(["3.1", "县财政局", "蓝财", 2022, order, f"关于第{order}项的报告"] for order in (1, 2, 3, 5, "3-1号")),
    ]
    plan = planned(store, "incoming", rows)
    apply(store, plan)
    assert held(store, "incoming", "from_doc_no")[-1] == ("蓝财〔2022〕3-1号",)


def test_a_matter_may_be_numbered_by_the_word_and_a_sequence(store: Store) -> None:
    rows: Rows = [
        ["编号", "事项", "立项日期", "任务来源", "牵头单位"],
        ["督3", "落实防汛", "3.1", "领导批示", "县水利局"], ["督-04", "落实防火", "3.2", "领导批示", "县林业局"],
    ]  # fmt: skip
    plan = planned(store, "supervision_matter", rows)
    apply(store, plan)
    assert held(store, "supervision_matter", "number") == [("督〔2022〕3号",), ("督〔2022〕4号",)]


def test_an_export_with_such_a_number_comes_back_the_same_and_elsewhere_whole(
    store: Store, tmp_path: Path, empty_ledger: Path, clock: Clock
) -> None:
    apply(store, planned(store, "incoming", incoming("3", "3-1号")))
    register = store.catalogue["incoming"]
    export(store, [Selection(register, Filter())], tmp_path / "收文.xlsx")
    assert not list(findings(store))
    assert Plan(store, register, read(tmp_path / "收文.xlsx")).counts.same == 2
    (tmp_path / "别处").mkdir()
    shutil.copy(empty_ledger, tmp_path / "别处")
    with closing(Store.open(tmp_path / "别处", "王堃", clock)) as other:
        apply(other, Plan(other, other.catalogue["incoming"], read(tmp_path / "收文.xlsx")))
        assert ("3-1号", None) in held(other, "incoming", "number", "sequence")
