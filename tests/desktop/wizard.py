"""What the tests of the import's wizard share: files to import, and what is read off the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot

from db.record import Record
from desktop.jobs import Jobs
from desktop.registers.importing import ImportPage
from desktop.registers.page import RegisterPage
from tests.desktop.conftest import rest

HEAD = ("收文日期", "来文单位", "来文字号", "标题", "来文种类", "来文级别", "载体")
NEW = ("2022-03-05", "县财政局", "蓝财〔2022〕81号", "关于预算的报告", "报告", "县直部门", "纸质公文")
OTHER = ("2022-03-06", "县教育局", "蓝教〔2022〕82号", "关于开学的报告", "报告", "县直部门", "纸质公文")
BAD = ("2022-02-30", "县水利局", "蓝水〔2022〕83号", "关于水库的报告", "报告", "县直部门", "纸质公文")


def book(path: Path, rows: Sequence[Sequence[object]], head: Sequence[str] = HEAD) -> Path:
    """A workbook with a title over its heading."""
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.title = "县直"
    for row in (["收文登记簿"], head, *rows):
        page.append(list(row))
    made.save(path)
    return path


def import_of(page: RegisterPage, path: Path, jobs: Jobs, qtbot: QtBot) -> ImportPage:
    """Opens the import of a register with a file and waits for what follows."""
    page.imports.open()
    found = page.imports.page
    assert found is not None
    found.take_file(path)
    rest(jobs, qtbot)
    rest(jobs, qtbot)
    return found


def chips(page: ImportPage) -> list[str]:
    """The chips on show."""
    return [chip.text() for chip in page.review.chips.values() if not chip.isHidden()]


def texts(page: ImportPage, row: int) -> dict[str, str]:
    """A row of the dry run by heading."""
    model = page.review.model
    assert model is not None
    return {heading.label: model.text(row, at) for at, heading in enumerate(model.headings)}


def titles(register: type[Record]) -> set[str]:
    """The titles of all records."""
    return {row.title for row in register.select().where(register.deleted_at.is_null())}  # type: ignore[attr-defined]


def index_of(page: ImportPage, row: int, label: str) -> QModelIndex:
    """The place of a cell."""
    model = page.review.model
    assert model is not None
    return model.index(row, next(at for at, heading in enumerate(model.headings) if heading.label == label))
