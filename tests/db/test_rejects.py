"""Rows that were not imported come out as a workbook in which one sees what is wrong, and come in again when mended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from db.exchange.applying import apply
from db.exchange.planning import Plan
from db.exchange.reading import read
from db.exchange.rejects import write_rejects
from db.registers.incoming import Incoming
from db.store.store import Store

HEAD = ("收文日期", "来文单位", "文号", "文件标题", "文种")
BAD = (
    ("2022.2.30", "县水利局", "蓝水〔2022〕4号", "关于水库调度方案的请示", "请示"),
    ("2022.3.1", "县财政局", "蓝财〔2022〕5号", None, "报告"),
)
TINT = "FFFBE3E0"


def rejected(store: Store, folder: Path) -> tuple[Path, Any]:
    """The file of what was not imported, and its sheet."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (HEAD, *BAD):
        book.active.append(list(row))
    book.save(folder / "收文.xlsx")
    path = folder / "没有导入.xlsx"
    assert write_rejects(Plan(store, Incoming, read(folder / "收文.xlsx")), path) == 2
    return path, openpyxl.load_workbook(path).active


def tinted(sheet: Any) -> list[str]:
    """The cells that are tinted."""
    return [cell.coordinate for row in sheet.iter_rows(min_row=2) for cell in row if cell.fill.fgColor.rgb == TINT]


def test_the_cells_that_are_wrong_are_tinted_be_they_empty_or_not(store: Store, tmp_path: Path) -> None:
    _path, sheet = rejected(store, tmp_path)
    assert tinted(sheet) == ["A2", "D3"]
    assert sheet["A2"].value == "2022.2.30"
    assert sheet["F2"].value == "2022 年没有 2 月 30 日"
    assert sheet["F3"].value


def test_mended_rows_come_in_again(store: Store, tmp_path: Path) -> None:
    path, sheet = rejected(store, tmp_path)
    sheet["A2"], sheet["D3"] = "2022.2.28", "关于预算的报告"
    sheet.parent.save(path)
    plan = Plan(store, Incoming, read(path))
    assert plan.counts.new == 2
    apply(store, plan)
    assert [row[0] for row in store.connection.execute("SELECT title FROM incoming ORDER BY id")] == [
        "关于水库调度方案的请示", "关于预算的报告",
    ]  # fmt: skip


def test_what_looks_like_a_formula_is_refused_as_text_and_comes_in_again_as_it_was(
    store: Store, tmp_path: Path
) -> None:
    said = ['=HYPERLINK("x","请点")', "+86 746", "-1", "@SUM(A1)", "＝1", "'0012", "\t=1"]
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append([*HEAD, "备注"])
    for at, text in enumerate(said):
        book.active.append(["2022.2.30", "县水利局", f"蓝水〔2022〕{at + 4}号", f"关于第{at}件事的请示", "请示", None])
        book.active.cell(at + 2, 6, text).data_type = "s"
    book.save(tmp_path / "收文.xlsx")
    path = tmp_path / "没有导入.xlsx"
    write_rejects(Plan(store, Incoming, read(tmp_path / "收文.xlsx")), path)
    mended: Any = openpyxl.load_workbook(path)
    sheet = mended.active
    cells = [sheet.cell(at + 2, 6) for at in range(len(said))]
    assert [(cell.data_type, cell.value) for cell in cells] == [("s", text.strip()) for text in said]
    for at in range(len(said)):
        sheet.cell(at + 2, 1).value = "2022.2.28"
    mended.save(path)
    plan = Plan(store, Incoming, read(path))
    place = store.shapes[Incoming].names.index("remarks")
    assert [row.values[place] for row in plan.rows()] == [text.strip() for text in said]
