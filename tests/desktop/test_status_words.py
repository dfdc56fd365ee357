"""What the status bar says is of the page on show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.store.store import Store
from desktop.jobs import Jobs
from desktop.registers.page import RegisterPage
from desktop.window.items import BOARD
from desktop.window.main import MainWindow
from tests.desktop.clerk import CTRL, fill, press
from tests.desktop.conftest import rest

OpenPage = Callable[[str], RegisterPage]


def test_a_list_that_is_read_to_its_end_behind_another_page_does_not_speak_for_that(
    open_page: OpenPage, window: MainWindow, jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("incoming")
    window.open_page(BOARD)
    rest(jobs, qtbot)
    board = window.current_board()
    assert board is not None
    page.refresh()
    rest(jobs, qtbot)
    assert window.status._page.text() == board.status_words()


def test_the_status_bar_counts_what_is_entered_while_entering(
    open_page: OpenPage, window: MainWindow, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("incoming")
    page.enter_new()
    entry = page.entry
    assert entry is not None
    before = entry.today.records().rowCount()
    assert window.status._page.text() == entry.status_words() == f"今天已登记 {before} 条"
    fill(entry.form, store.rules)
    press(Qt.Key.Key_S, CTRL)
    rest(jobs, qtbot)
    assert window.status._page.text() == entry.status_words() == f"今天已登记 {before + 1} 条"
    entry.leave()
    rest(jobs, qtbot)
    assert window.status._page.text() == page.status_words()
    assert "列出" in page.status_words()
