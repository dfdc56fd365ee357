"""The sheet of a record's life, asked for from its history, by its number on the print page, and by a command."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from db.registers.outgoing import Outgoing
from db.store.store import Store
from db.summaries.life import LIFE
from desktop.jobs import Jobs
from desktop.summaries.print_page import PrintPage
from desktop.window.main import MainWindow
from tests.db.office import Clock
from tests.desktop.conftest import CLERK, Run, rest


def words_of(path: Path) -> str:
    """The text of a PDF, without blanks."""
    return "".join("".join(leaf.get_textpage().get_text_range() for leaf in pypdfium2.PdfDocument(path)).split())


def test_the_history_of_a_record_leads_to_its_sheet(store: Store, window: MainWindow, jobs: Jobs, qtbot: QtBot) -> None:
    record = store.load(Outgoing, 1)
    window.open_record("outgoing", 1)
    page = window.current_register()
    assert page
    page.detail.open_tab(3)
    page.detail.pages.history.anchorClicked.emit(QUrl("print:"))
    rest(jobs, qtbot)
    shown = window.stack.currentWidget()
    assert isinstance(shown, PrintPage)
    wanted = shown.choices.wanted()
    assert wanted
    assert (wanted.report, wanted.records) == (LIFE, (("outgoing", 1),))
    assert shown.choices.number.text() == record.number


def test_a_number_of_any_register_finds_the_record_for_its_sheet(
    store: Store, window: MainWindow, jobs: Jobs, qtbot: QtBot
) -> None:
    window.open_page("print")
    rest(jobs, qtbot)
    shown = window.stack.currentWidget()
    assert isinstance(shown, PrintPage)
    choices = shown.choices
    choices.report.setCurrentIndex(choices.report.findData(LIFE))
    choices.report.activated.emit(choices.report.currentIndex())
    assert choices.wanted() is None
    choices.number.setText(store.load(Outgoing, 2).number)
    choices.number.returnPressed.emit()
    rest(jobs, qtbot)
    wanted = choices.wanted()
    assert wanted
    assert wanted.records == (("outgoing", 2),)


def test_the_command_prints_the_sheet(run: Run, folder: Path, clock: Clock, tmp_path: Path) -> None:
    store = Store.open(folder, CLERK, clock)
    number = store.load(Outgoing, 1).number
    store.close()
    assert run("print", "life", "outgoing", "--number", number, "-o", tmp_path / "life.pdf")[0] == 0
    text = words_of(tmp_path / "life.pdf")
    assert "发文历史记录单" in text
    assert CLERK in text
    assert run("print", "life", "outgoing", "--number", "没有", "-o", tmp_path / "x.pdf")[0] == 1
