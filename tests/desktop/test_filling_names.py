"""Filling one name into many records at once: letters that nobody is called are told of before they are written."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.jobs import Jobs
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.desktop.clerk import CTRL, press
from tests.desktop.conftest import rest
from tests.desktop.test_many_selected import ask


def test_letters_that_are_nobodys_name_are_told_of_beside_the_preview(
    window: MainWindow, open_page: Callable[[str], RegisterPage], jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("incoming")
    rest(jobs, qtbot)
    page.table.setFocus()
    press(Qt.Key.Key_A, CTRL)
    dialog = ask(window, page, "fill", jobs, qtbot)
    for value, told in (("xyzq", "没有叫“xyzq”的人员"), ("李喆", ""), ("祝广陵", "")):
        dialog.set_fill("proposer", value)
        rest(jobs, qtbot)
        assert dialog._told.text().split("，")[0] == told
        assert dialog.button.isEnabled()
    dialog.reject()
