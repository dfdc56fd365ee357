"""Selecting all that a list holds from what is on the screen, and the commands for it in the menu of a cell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from db.registers.incoming import Incoming
from db.store.search import Filter
from db.store.store import Store
from desktop.jobs import Jobs
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.desktop.clerk import CTRL, SHIFT, click, press, sample
from tests.desktop.conftest import rest

OpenPage = Callable[[str], RegisterPage]
PAPERS = 300


@pytest.fixture
def page(store: Store, open_page: OpenPage, jobs: Jobs, qtbot: QtBot) -> RegisterPage:
    """The list of incoming papers, longer than a screen and than what is read at first."""
    with store.change("登记") as change:
        for n in range(PAPERS):
            paper = sample(Incoming, store.rules, n % 20)
            paper.title, paper.from_doc_no = f"关于第{n + 100}件事的请示", f"塔政〔2022〕{n + 100}号"  # type: ignore[attr-defined]
            change.save(paper)
    page = open_page("incoming")
    page.refresh()
    rest(jobs, qtbot)
    page.table.setFocus()
    press(Qt.Key.Key_Home)
    return page


def pick_screen(page: RegisterPage) -> int:
    """Select what is seen of the list with Shift and the arrow; give back how many rows that are."""
    screen = page.table.rows_on_screen()
    for _row in screen[1:]:
        press(Qt.Key.Key_Down, SHIFT)
    return len(screen)


def test_with_the_screen_selected_all_of_the_filter_is_offered(page: RegisterPage, window: MainWindow) -> None:
    press(Qt.Key.Key_Down, SHIFT)
    assert not page.many.whole.isVisible(), "two of a screenful"
    press(Qt.Key.Key_Home)
    seen, listed = pick_screen(page), page.listed_records()
    assert seen < listed
    assert page.many.whole.isVisible()
    assert page.many.whole.link.text() == f"选中全部 {listed} 条"
    click(page.many.whole.link)
    assert page.many.count() == listed
    assert not page.many.whole.isVisible()
    assert page.table.hasFocus()
    assert list(page.many.picked().read()) == list(page._actions.listing(Incoming, page.current_filter()).ids())
    assert window.focusWidget() is page.table


def test_no_row_moves_when_the_offer_comes(page: RegisterPage) -> None:
    before = page.table.mapToGlobal(QPoint(0, page.table.rowViewportPosition(0)))
    pick_screen(page)
    assert page.many.whole.isVisible()
    assert page.table.mapToGlobal(QPoint(0, page.table.rowViewportPosition(0))) == before


def test_all_selected_before_all_are_counted_are_all(page: RegisterPage) -> None:
    page.table.set_count(200)  # what was known before the worker had counted
    press(Qt.Key.Key_A, CTRL)
    assert page.many.count() == 200
    page.table.set_count(PAPERS)
    assert page.many.count() == PAPERS
    press(Qt.Key.Key_Down)
    page.table.set_count(PAPERS + 1)
    assert page.many.count() == 1


def test_all_of_a_grouped_list_counts_records_and_folded_ones(page: RegisterPage, jobs: Jobs, qtbot: QtBot) -> None:
    page.set_filter(Filter(group="from_unit"))
    rest(jobs, qtbot)
    press(Qt.Key.Key_A, CTRL)
    assert page.many.count() == page.listed_records() == page.many.picked().count
    assert sorted(page.many.picked().read()) == sorted(row.id for row in Incoming.select(Incoming.id))
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Down, SHIFT)
    assert page.table.picked_count() == 2
    assert page.many.count() == 1, "the heading of a group is no record"


def menu_words(page: RegisterPage) -> dict[str, QMenu]:
    """What the menu of the current cell offers."""
    page.table.menu_asked.emit(1, page.table.mapToGlobal(QPoint(40, 40)))
    menu = page.refining.menu
    assert menu is not None
    menu.close()
    return {action.text().partition("\t")[0]: menu for action in menu.actions() if action.text()}


def test_the_menu_of_a_cell_has_the_commands_for_all_selected(page: RegisterPage, window: MainWindow) -> None:
    assert "作废或移入回收站..." in menu_words(page)
    press(Qt.Key.Key_Down, SHIFT)
    offered = menu_words(page)
    assert {"统一填写一项...", "推进阶段...", "作废...", "移入回收站...", "复制", "导出..."} <= offered.keys()
    action = next(one for one in offered["作废..."].actions() if one.text() == "作废...")
    action.trigger()
    dialog = window._batches().dialog
    assert dialog is not None
    assert (dialog.kind, dialog._picked.count) == ("void", 2)
    dialog.reject()


def test_a_register_without_lines_offers_none(open_page: OpenPage) -> None:
    assert "lines" not in open_page("normative_document").many.pane.buttons
    assert "lines" in open_page("study_session").many.pane.buttons


def sort_by(page: RegisterPage, key: str) -> None:
    """Click on the heading of a column."""
    at = next(n for n, heading in enumerate(page.table.records().headings) if heading.key == key)
    place = QPoint(page.table.columnViewportPosition(at) + 12, page.table.horizontalHeader().height() // 2)
    QTest.mouseClick(page.table.horizontalHeader().viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_all_that_is_selected_stays_so_in_another_order(page: RegisterPage, jobs: Jobs, qtbot: QtBot) -> None:
    press(Qt.Key.Key_A, CTRL)
    listed = page.listed_records()
    for _click in range(2):
        sort_by(page, "title")
        assert page.many.count() == listed, "at once, before all are read"
        rest(jobs, qtbot)
        assert page.many.count() == listed
    assert list(page.many.picked().read()) == list(page._actions.listing(Incoming, page.current_filter()).ids())


def test_a_few_that_are_selected_stay_so_in_another_order(page: RegisterPage, jobs: Jobs, qtbot: QtBot) -> None:
    press(Qt.Key.Key_End)
    press(Qt.Key.Key_Up, SHIFT)
    press(Qt.Key.Key_Up, SHIFT)
    before = page.table.picked_ids()
    assert len(before) == 3
    sort_by(page, "title")
    sort_by(page, "title")  # before the first order was read to its end
    rest(jobs, qtbot)
    assert sorted(page.table.picked_ids()) == sorted(before)
    sort_by(page, "from_unit")
    press(Qt.Key.Key_Home)
    rest(jobs, qtbot)
    assert page.many.count() == 1, "what the clerk selects in the meantime counts"


def test_what_is_selected_stays_in_sight_in_another_order(
    page: RegisterPage, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.registers.rows.PAGE", 32)  # the selected records are beyond what is read at first
    listed = Incoming.select(Incoming.id).order_by(Incoming.title.desc(), Incoming.id)
    assert page.table.select_id(listed[2].id, PAPERS)
    page.table.step(-1)
    press(Qt.Key.Key_Down, SHIFT)
    before = page.table.picked_ids()
    assert len(before) == 2
    sort_by(page, "title")
    rest(jobs, qtbot)
    assert sorted(page.table.picked_ids()) == sorted(before)
    first = page.table.stretches()[0].start
    assert first in page.table.rows_on_screen()
    assert page.table.currentIndex().row() == first


def test_other_records_are_not_selected_because_as_many_were(page: RegisterPage, jobs: Jobs, qtbot: QtBot) -> None:
    press(Qt.Key.Key_A, CTRL)
    page.set_filter(Filter(text="第1"))
    rest(jobs, qtbot)
    assert page.many.count() == 1


def test_in_groups_an_order_leaves_open_what_was_open_and_selected_what_was(
    page: RegisterPage, jobs: Jobs, qtbot: QtBot
) -> None:
    page.set_filter(Filter(group="from_unit"))
    rest(jobs, qtbot)
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down, SHIFT)
    rows, before = page.table.records().rowCount(), page.table.picked_ids()
    assert len(before) == 2
    sort_by(page, "title")
    rest(jobs, qtbot)
    assert page.table.records().rowCount() == rows
    assert sorted(page.table.picked_ids()) == sorted(before)


def test_a_selection_too_large_to_follow_is_said_to_be_lost(
    page: RegisterPage, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.registers.many.FOLLOWED", 2)
    for _row in range(3):
        press(Qt.Key.Key_Down, SHIFT)
    sort_by(page, "title")
    rest(jobs, qtbot)
    assert page.toast.sentence().startswith("换了顺序，选中的 4 条没有保持选中")
