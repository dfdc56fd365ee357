"""The stage that comes next for every selected record stands in the question already."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.registers.incoming import Incoming
from db.store.deeds import next_move
from db.store.store import Store
from desktop.dialogs.many import ManyDialog
from desktop.jobs import Jobs
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.desktop.clerk import CTRL, SHIFT, press, sample
from tests.desktop.conftest import rest
from tests.desktop.test_many_selected import ask

OpenPage = Callable[[str], RegisterPage]


def asked(window: MainWindow, page: RegisterPage, jobs: Jobs, qtbot: QtBot) -> ManyDialog:
    """The question after Ctrl+Shift+Enter with everything selected."""
    page.refresh()
    rest(jobs, qtbot)
    page.table.setFocus()
    press(Qt.Key.Key_A, CTRL)
    QTest.keyClick(window, Qt.Key.Key_Return, CTRL | SHIFT)
    dialog = window._batches().dialog
    assert dialog is not None
    rest(jobs, qtbot)
    return dialog


def test_where_all_have_the_same_next_stage_it_is_asked_for_and_previewed(
    window: MainWindow, open_page: OpenPage, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("incoming")
    papers = [store.load(Incoming, number) for number in (1, 2, 3)]
    stages = {paper.stage for paper in papers}
    assert len(stages) == 1
    move = next_move(Incoming, stages.pop())
    assert move is not None
    dialog = asked(window, page, jobs, qtbot)
    assert dialog.editor is not None
    assert dialog.editor.value() == move.target
    assert dialog.model.rowCount() == 3
    dialog.reject()


def test_where_they_differ_the_clerk_chooses(
    window: MainWindow, open_page: OpenPage, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("incoming")
    paper = sample(Incoming, store.rules, 9)
    for name, value in (("lead_unit", ""), ("from_doc_no", "塔政〔2022〕99号")):
        setattr(paper, name, value)
    store.save(paper)
    assert paper.stage != store.load(Incoming, 1).stage
    dialog = asked(window, page, jobs, qtbot)
    assert dialog.editor is not None
    assert dialog.editor.value() is None
    dialog.reject()


def test_a_field_that_is_none_is_refused_in_words(
    window: MainWindow, open_page: OpenPage, jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("incoming")
    page.table.setFocus()
    press(Qt.Key.Key_A, CTRL)
    dialog = ask(window, page, "fill", jobs, qtbot)
    assert dialog.field is not None
    dialog.field.setFocus()
    QTest.keyClicks(dialog.field.control, "qqq")
    QTest.keyClick(dialog.field.control, Qt.Key.Key_Return)
    assert dialog._problem.isVisible()
    assert "没有“qqq”这一项" in dialog._problem.sentence()
    dialog.reject()
