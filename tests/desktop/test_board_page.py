"""今日 in the window: matters by keyboard, orders, months and gaps that lead to what mends them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from db.store.search import Filter
from db.store.store import Store
from desktop import theme
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.window.board import BoardPage, GapLine
from desktop.window.items import BOARD
from desktop.window.main import MainWindow
from desktop.window.matters import widths_in
from desktop.window.pulses import PulseChart
from tests.db.office import Clock, incoming, saved
from tests.desktop.clerk import button, texts
from tests.desktop.conftest import rest


@pytest.fixture
def board(window: MainWindow, store: Store, actions: Actions, jobs: Jobs, qtbot: QtBot) -> BoardPage:
    """The board over three papers: late, due today, due after the weekend."""
    today = actions.today
    for at, day in enumerate((today - timedelta(2), today, today + timedelta(5)), 1):
        saved(store, incoming(due_on=day, from_doc_no=f"塔政〔2022〕{at + 50}号", title=f"第{at}件"))
    window.open_page(BOARD)
    rest(jobs, qtbot)
    page = window.current_board()
    assert page is not None
    return page


def matters(board: BoardPage) -> list[str]:
    """The subjects on show."""
    return [line.matter.subject for line in board.matters.shown() if line.matter]


def test_the_board_shows_what_burns_and_the_side_bar_how_much(board: BoardPage, window: MainWindow) -> None:
    shown = matters(board)
    assert shown.index("第1件") < shown.index("第2件") < shown.index("第3件")
    assert window.side.entry(BOARD).item.count == board.matters.urgent()
    assert "逾期" in board.status_words()


def test_enter_opens_the_chosen_matter_in_its_register(board: BoardPage, window: MainWindow) -> None:
    board.matters.setFocus()
    while (found := board.matters.current()) is None or found.subject != "第2件":
        QTest.keyClick(board.matters, Qt.Key.Key_Down)
    QTest.keyClick(board.matters, Qt.Key.Key_Return)
    page = window.current_register()
    assert page is not None
    assert page.detail.record is not None
    assert page.detail.record.title == "第2件"  # type: ignore[attr-defined]


def test_headings_and_rest_days_are_never_chosen(board: BoardPage) -> None:
    board.matters.setFocus()
    for _ in range(len(board.matters.shown())):
        assert board.matters.current() is not None
        QTest.keyClick(board.matters, Qt.Key.Key_Down)


def test_rest_days_stand_between_the_matters_of_the_coming_days(board: BoardPage) -> None:
    assert any(line.kind == "rest" and line.words.endswith("休") for line in board.matters.shown())


@pytest.mark.parametrize(("order", "part"), [("按台账", "收文"), ("按单位", "县财政局")])
def test_another_order_groups_and_keeps_the_choice(board: BoardPage, order: str, part: str) -> None:
    before = board.matters.current()
    button(board, order).click()
    assert part in [line.words for line in board.matters.shown() if line.kind == "part"]
    assert board.matters.current() == before


def test_a_change_elsewhere_is_seen_at_once(board: BoardPage, actions: Actions) -> None:
    done = next(line.matter for line in board.matters.shown() if line.matter and line.matter.subject == "第1件")
    record = actions.load(actions.store.catalogue[done.register], done.record)
    record.finished_on, record.result = actions.today, "批复"  # type: ignore[attr-defined]
    actions.save(record)
    assert "第1件" not in matters(board)


def test_a_new_day_moves_the_matters(
    board: BoardPage, window: MainWindow, clock: Clock, jobs: Jobs, qtbot: QtBot
) -> None:
    window.open_page(window.side.keys()[1])
    clock.go(date(2023, 1, 4))
    window.open_page(BOARD)
    rest(jobs, qtbot)
    late = [line.matter.subject for line in board.matters.shown() if line.matter and line.matter.light.kind == "late"]
    assert {"第1件", "第2件"} <= set(late)


def test_a_month_opens_its_rows(board: BoardPage, window: MainWindow, actions: Actions) -> None:
    chart = board.findChild(PulseChart)
    assert chart is not None
    place = QPoint(round(chart.width() * 11.5 / 12), chart.height() // 2)
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    page = window.current_register()
    assert page is not None
    assert page.current_filter() == Filter(month=(actions.today.year, 12))
    assert page.filters.findChild(QPushButton, "month").text() == f"{actions.today.year}年12月"  # type: ignore[union-attr]


def fix(board: BoardPage, words: str) -> QPushButton:
    """The button behind the gap whose sentence begins so."""
    line = next(line for line in board.findChildren(GapLine) if any(words in text for text in texts(line)))
    return line.findChildren(QPushButton)[0]


def test_a_draft_is_a_gap_that_leads_back_to_it(
    board: BoardPage, window: MainWindow, actions: Actions, jobs: Jobs, qtbot: QtBot,
    open_page: Callable[[str], object],
) -> None:  # fmt: skip
    register = next(iter(actions.store.catalogue))
    actions.keep_draft(register, None, {"title": "半句话"})
    board.refresh()
    rest(jobs, qtbot)
    fix(board, "1 份草稿").click()
    page = window.current_register()
    assert page is not None
    assert page.register is register
    assert page.entry is not None


def test_from_november_on_next_years_holidays_are_asked_for(
    board: BoardPage, clock: Clock, jobs: Jobs, qtbot: QtBot
) -> None:
    assert not any("放假安排" in text for text in texts(board))
    clock.go(date(2026, 11, 2))
    board.refresh()
    rest(jobs, qtbot)
    assert "2027年放假安排未录入，期限暂按" in texts(board)


def test_the_subject_keeps_sixteen_characters_and_other_columns_give_way() -> None:
    em = theme.em()
    for room in range(int(33 * em), int(70 * em)):
        assert room - sum(widths_in(room).values()) > 16 * em
    assert list(widths_in(int(33 * em))) == ["light", "register"]
    assert list(widths_in(int(45 * em))) == ["light", "number", "register"]
    assert list(widths_in(int(60 * em))) == ["light", "number", "holder", "register"]


def test_what_is_missing_leaves_the_matters_three_fifths_of_a_narrow_page(board: BoardPage, window: MainWindow) -> None:
    window.resize(820, 600)
    QTest.qWait(0)
    assert board.matters.width() >= board.width() * 3 // 5
