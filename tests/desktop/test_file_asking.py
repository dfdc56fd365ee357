"""File dialogs open where the clerk was last for the same purpose."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop.file_asking import ask_open, ask_open_several, ask_save


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's documents, wherever this machine has it."""
    folder = tmp_path / "文档"
    folder.mkdir()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _which: str(folder))
    return folder


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    """The window that asks."""
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A folder on a USB stick."""
    folder = tmp_path / "U盘"
    folder.mkdir()
    return folder


def answer(monkeypatch: pytest.MonkeyPatch, kind: str, given: object) -> list[Path]:
    """Let the dialog of a kind be answered; gives back where it was opened."""
    opened: list[Path] = []

    def asked(_parent: QWidget, _title: str, at: str, _kinds: str) -> tuple[object, str]:
        opened.append(Path(at))
        return given, "种类"

    monkeypatch.setattr(QFileDialog, kind, asked)
    return opened


def test_the_first_dialog_opens_in_the_documents_and_the_next_where_the_last_file_lay(
    parent: QWidget, documents: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = answer(monkeypatch, "getOpenFileName", str(stick / "收文.xls"))
    for _time in range(2):
        assert ask_open(parent, "import", "导入") == stick / "收文.xls"
    assert opened == [documents, stick]


def test_each_purpose_has_a_folder_of_its_own(
    parent: QWidget, documents: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = answer(monkeypatch, "getSaveFileName", str(stick / "发文.xlsx"))
    assert ask_save(parent, "export", "导出", "发文.xlsx") == (stick / "发文.xlsx", "种类")
    ask_save(parent, "print", "存为PDF", "月报.pdf")
    ask_save(parent, "export", "导出", "又.xlsx")
    assert opened == [documents / "发文.xlsx", documents / "月报.pdf", stick / "又.xlsx"]


def test_a_folder_that_is_gone_is_not_asked_for(
    parent: QWidget, documents: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = answer(monkeypatch, "getOpenFileNames", [str(stick / "甲.pdf"), str(stick / "乙.pdf")])
    assert ask_open_several(parent, "attach", "添加附件") == [stick / "甲.pdf", stick / "乙.pdf"]
    stick.rmdir()
    ask_open_several(parent, "attach", "添加附件")
    assert opened == [documents, documents]


def test_what_is_not_chosen_is_not_remembered(
    parent: QWidget, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = answer(monkeypatch, "getOpenFileName", "")
    assert ask_open(parent, "backup", "打开备份") is None
    assert ask_open(parent, "backup", "打开备份") is None
    assert opened == [documents, documents]


def test_where_there_is_no_folder_of_documents_the_home_is_shown_and_no_name_is_given(
    parent: QWidget, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents.rmdir()
    opened = answer(monkeypatch, "getOpenFileName", "")
    ask_open(parent, "import", "导入")
    assert opened == [Path.home()]
