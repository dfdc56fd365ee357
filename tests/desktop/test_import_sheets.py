"""What the pages of an import say of a ledger of several sheets, of columns that nobody knows and of days of steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
from pytestqt.qtbot import QtBot

from desktop.jobs import Jobs
from desktop.registers.import_steps import MATCH, TRY
from desktop.registers.page import RegisterPage
from tests.desktop.conftest import rest
from tests.desktop.wizard import HEAD, NEW, OTHER, import_of, texts

OpenPage = Callable[[str], RegisterPage]


def test_a_row_of_one_of_several_sheets_is_told_by_sheet_and_number(
    open_page: OpenPage, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    made = openpyxl.Workbook()
    del made[made.sheetnames[0]]
    for name, row in (("1月", NEW), ("2月", OTHER), ("3月", ()), ("4月", ())):
        page = made.create_sheet(name)
        for cells in (HEAD, row, ("合计", "", "1件")):
            page.append(list(cells))
    made.save(tmp_path / "按月.xlsx")
    shown = import_of(open_page("incoming"), tmp_path / "按月.xlsx", jobs, qtbot)
    assert shown._step == TRY
    assert shown._head.file.text() == "按月.xlsx，工作表“1月”“2月”“3月”等 4 张"
    assert [texts(shown, row)["行"] for row in range(2)] == ["1月 2", "2月 2"]
    assert "“1月”第3行（合计行）、“2月”第3行（合计行）" in shown.review.notes.text()


def test_a_column_with_content_that_nobody_knows_is_marked_and_what_is_guessed_is_said(
    open_page: OpenPage, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    made = openpyxl.Workbook()
    assert made.active is not None
    for cells in (["序号", "收文日期", "来文单位", "标题", "条码号", "空白"],
                  [1, "2022.3.5", "县财政局", "关于预算的请示", "急"]):  # fmt: skip
        made.active.append(cells)
    made.save(tmp_path / "收文.xlsx")
    shown = import_of(open_page("incoming"), tmp_path / "收文.xlsx", jobs, qtbot)
    assert shown._step == MATCH
    table = shown.matching.table
    how = {}
    for row in range(table.rowCount()):
        label, told = table.item(row, 0), table.item(row, 3)
        assert label is not None
        assert told is not None
        how[label.text()] = told.text()
    assert how == {
        "序号": "", "收文日期": "按表头", "来文单位": "按表头", "标题": "按表头", "条码号": "没认出", "空白": "",
    }  # fmt: skip
    assert shown.matching._given["kind"].placeholderText() == "能从标题认出的可空着"
    assert shown.matching._given["source_level"].placeholderText() == "能从来文单位认出的可空着"
    shown.forward.click()
    rest(jobs, qtbot)
    assert texts(shown, 0)["来文种类"] == "请示"


def test_the_days_of_a_step_are_seen_where_they_stand(
    open_page: OpenPage, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    made = openpyxl.Workbook()
    assert made.active is not None
    for cells in (
        ["提出时间", "决策事项", "公众参与", "专家论证"],
        ["2022.1.10", "停车收费标准调整", "2022.2.1-3.5", "不适用"],
    ):
        made.active.append(cells)
    made.save(tmp_path / "决策.xlsx")
    shown = import_of(open_page("major_decision"), tmp_path / "决策.xlsx", jobs, qtbot)
    assert shown._step == TRY
    assert (texts(shown, 0)["公众参与"], texts(shown, 0)["专家论证"]) == ("适用：2022.2.1-3.5", "不适用")
