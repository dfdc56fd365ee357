"""A percentage is read as the ledger means it: as a spreadsheet keeps it, as text, in words, as exported."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from db.exchange.applying import apply
from db.exchange.book import Book, Cell, Sheet
from db.exchange.exporting import Selection, export
from db.exchange.planning import Plan
from db.exchange.reading import read
from db.registers.supervision_matter import MatterProgress, SupervisionMatter
from db.store.search import Filter
from db.store.store import Store
from tests.db.old_files import held, planned

HEAD: list[Cell] = ["督办事项", "任务来源", "责任单位", "立项日期", "完成时限"]


def remarks(store: Store, label: str, cells: list[Cell]) -> list[str]:
    """What the rows of a ledger of matters say in their remarks, where the percentage goes."""
    rows = [
        [f"完成第{at}项农田建设", "政府工作报告", "县农业农村局", "2022.3.5", "2022.12.31", cell]
        for at, cell in enumerate(cells)
    ]
    plan = Plan(store, SupervisionMatter, Book("督查.xlsx", (Sheet("督查", [[*HEAD, label], *rows]),)))
    assert [row.kind for row in plan.rows()] == ["new"] * len(cells)
    place = store.shapes[SupervisionMatter].names.index("remarks")
    return [str(row.values[place]).removeprefix("进度：") for row in plan.rows()]


def test_a_fraction_a_text_and_words_are_the_same_percentage(store: Store) -> None:
    said: list[Cell] = [0.01, "1%", "１％", "百分之一", 0.5, "0.5", "50%", "百分之五十", 1.0, "100%"]
    assert remarks(store, "完成进度", said) == ["1%"] * 4 + ["50%"] * 4 + ["100%"] * 2


def test_one_is_one_per_cent_where_others_are_whole_or_the_heading_says_so(store: Store) -> None:
    assert remarks(store, "完成进度", [1.0, "1", 60.0, 100.0]) == ["1%", "1%", "60%", "100%"]
    assert remarks(store, "完成进度（%）", [1.0, "1"]) == ["1%", "1%"]


def test_a_percentage_with_places_keeps_them_and_words_stay_words(store: Store) -> None:
    assert remarks(store, "完成进度", [1 / 3, "1.5%", "一半", "已完成"]) == ["33.33%", "1.5%", "一半", "已完成"]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_what_the_program_has_written_comes_back_without_its_identities(
    store: Store, tmp_path: Path, suffix: str
) -> None:
    head = [*HEAD, "进展情况"]
    row: list[Cell] = ["完成农田建设", "政府工作报告", "县农业农村局", "2022.3.5", "2022.12.31", "3月6日：已开工"]
    apply(store, Plan(store, SupervisionMatter, Book("督查.xlsx", (Sheet("督查", [head, row]),))))
    record = store.load(SupervisionMatter, 1)
    record.lines(MatterProgress)[0].percent = 1
    store.save(record)
    path = tmp_path / f"督查{suffix}"
    export(store, [Selection(SupervisionMatter, Filter(), ("number", "title", "percent", "set_up_on"))], path)
    plan = Plan(store, SupervisionMatter, read(path))
    percent = [column.field for column in plan.columns].index("percent")
    assert (plan.counts.same, plan.row(0).cells[percent].after) == (1, "1")


def test_a_sheet_of_reports_without_identities_gives_one_per_cent(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "督查事项"
    for cells in (
        ["编号", *HEAD],
        ["督〔2022〕7号", *["完成农田建设", "政府工作报告", "县农业农村局"], "2022.3.5", "2022.12.31"],
    ):
        book.active.append(cells)
    lines = book.create_sheet("督查事项·进展")
    lines.append(["编号", "日期", "进展情况", "进度（%）"])
    lines.append(["督〔2022〕7号", "2022.3.6", "已开工", 1])
    book.save(tmp_path / "督查.xlsx")
    apply(store, Plan(store, SupervisionMatter, read(tmp_path / "督查.xlsx")))
    assert SupervisionMatter.get_by_id(1).percent == 1


@pytest.mark.parametrize("shown", ["General", "0%", "0.0%"])
def test_a_fraction_in_a_column_of_words_is_the_percentage_that_the_sheet_shows(
    store: Store, tmp_path: Path, shown: str
) -> None:
    said = [0.35, 1, 0, 0.125, "已完成", "完成60%"]
    rows = [[f"第{at}项农田建设", "领导批示", "县农业农村局", "2022.3.5", one] for at, one in enumerate(said)]
    formats = {f"E{at}": shown for at in range(2, 6)}
    for label, name in (("完成情况", "result_text"), ("完成比例说明", "remarks")):
        head = [*HEAD[:4], label]
        plan = planned(store, tmp_path, "supervision_matter", [head, *rows], formats=formats)
        if name == "remarks":
            plan.set_column(4, "remarks.more")
        kept = [held(store, plan, at)[name].removeprefix(f"{label}：") for at in range(len(said))]
        assert kept == ["35%", "100%", "0%", "12.5%", "已完成", "完成60%"]


def test_a_number_that_is_no_fraction_stays_a_number_in_a_column_of_words(store: Store, tmp_path: Path) -> None:
    rows = [[f"第{at}项农田建设", "领导批示", "县农业农村局", "2022.3.5", one] for at, one in enumerate([80, 1, 0.5])]
    plan = planned(store, tmp_path, "supervision_matter", [[*HEAD[:4], "完成情况"], *rows])
    assert [held(store, plan, at)["result_text"] for at in range(3)] == ["80", "1", "50%"]
    rows = [[f"第{at}项农田建设", "领导批示", "县农业农村局", "2022.3.5", one] for at, one in enumerate([0.5, 1])]
    plan = planned(store, tmp_path, "supervision_matter", [[*HEAD[:4], "办理要求"], *rows])
    assert [held(store, plan, at)["content"] for at in range(2)] == ["0.5", "1"]


@pytest.mark.parametrize("label", ["完成进度", "整改进展情况", "完成率"])
def test_a_fraction_is_a_report_in_per_cent(store: Store, tmp_path: Path, label: str) -> None:
    row = ["执法不规范", "审计", "县司法局", "2022.3.5", 0.35]
    head = ["存在问题", "问题来源", "责任单位", "发现日期", label]
    plan = planned(store, tmp_path, "rectification_plan", [head, row], formats={"E2": "0%"})
    assert held(store, plan)["remarks"] == "进展：35%"
