"""Keys change only what is seen: not the one record behind a selection, nor the list behind an import's preview."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from db.registers.incoming import Incoming
from desktop.jobs import Jobs
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.desktop.clerk import CTRL, SHIFT, press, texts
from tests.desktop.conftest import rest


@pytest.fixture
def page(open_page: Callable[[str], RegisterPage]) -> RegisterPage:
    """The list of incoming papers, two of them selected."""
    page = open_page("incoming")
    page.table.setFocus()
    press(Qt.Key.Key_Down, SHIFT)
    assert page.table.picked_count() == 2
    return page


def stages() -> list[str]:
    """The stage of every paper."""
    return [paper.stage for paper in Incoming.select().order_by(Incoming.id)]


@pytest.mark.usefixtures("page")
def test_the_key_for_the_next_stage_asks_for_all_selected(window: MainWindow, jobs: Jobs, qtbot: QtBot) -> None:
    before = stages()
    press(Qt.Key.Key_Return, CTRL | SHIFT)
    dialog = window._batches().dialog
    assert dialog is not None
    assert "推进阶段：选中 2 条" in texts(dialog)
    dialog.reject()
    rest(jobs, qtbot)
    assert stages() == before


def test_keys_do_nothing_to_the_list_that_a_preview_covers(
    window: MainWindow, page: RegisterPage, jobs: Jobs, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().setText("标题\n关于第一件事的请示\n关于第二件事的请示\n")
    press(Qt.Key.Key_V, CTRL)
    rest(jobs, qtbot)
    assert page.imports.is_shown
    before = stages()
    for key, modifiers in ((Qt.Key.Key_D, CTRL), (Qt.Key.Key_Return, CTRL | SHIFT), (Qt.Key.Key_S, CTRL)):
        press(key, modifiers)
    assert window._batches().dialog is None
    assert stages() == before
