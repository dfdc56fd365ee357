"""The box over all registers: hits as one types, newest first, counted by register, opened in their register."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.store.everywhere import Everywhere
from db.store.search import Filter
from db.store.store import Store
from desktop.jobs import Jobs
from desktop.registers.page import RegisterPage
from desktop.window.items import BOARD, PRINT, SEARCH, TRAIL
from desktop.window.main import MainWindow
from desktop.window.search_page import SearchPage
from tests.db.office import draft, incoming, outgoing, saved
from tests.desktop.conftest import rest


@pytest.fixture
def search(window: MainWindow, jobs: Jobs, qtbot: QtBot) -> SearchPage:
    """The page, opened by its key."""
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    page = window.stack.currentWidget()
    assert isinstance(page, SearchPage)
    assert page.search.hasFocus()
    return page


@pytest.mark.parametrize("key", [BOARD, PRINT, TRAIL])
def test_where_no_list_is_on_show_the_search_key_opens_it(window: MainWindow, key: str) -> None:
    window.open_page(key)
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    page = window.stack.currentWidget()
    assert isinstance(page, SearchPage)
    assert page.search.hasFocus()


def type_in(page: SearchPage, text: str, jobs: Jobs, qtbot: QtBot) -> None:
    """What a clerk types, and the wait until it was counted."""
    page.search.clear()
    page.search.insert(text)
    qtbot.waitUntil(lambda: not page._timer.isActive())
    rest(jobs, qtbot)


def listed(page: SearchPage) -> list[tuple[str, str]]:
    """Register and subject of each row."""
    model = page.table.records()
    return [(model.text_at(row, 0), model.text_at(row, 3)) for row in range(model.rowCount())]


def test_hits_of_all_registers_are_listed_and_counted(
    store: Store, search: SearchPage, jobs: Jobs, qtbot: QtBot
) -> None:
    saved(store, incoming(title="关于公路桥的请示", received_on=date(2022, 12, 29)))
    saved(store, outgoing(title="关于公路桥的通知"))
    type_in(search, "公路桥", jobs, qtbot)
    assert listed(search) == [("收文", "关于公路桥的请示"), ("发文", "关于公路桥的通知")]
    assert search._chips[""].text() == "全部 2"
    assert search._chips["incoming"].text() == "收文 1"
    assert search._chips["legal_case"].isHidden()
    found = search.table.records().found
    assert found is not None
    assert found.told(search.table.records().row_at(0)) == ""
    search._chips["outgoing"].click()
    rest(jobs, qtbot)
    assert listed(search) == [("发文", "关于公路桥的通知")]
    assert search._whole_list.text() == "在发文列出这 1 条"


def test_enter_opens_a_hit_in_its_register(
    store: Store, window: MainWindow, search: SearchPage, jobs: Jobs, qtbot: QtBot
) -> None:
    record = saved(store, outgoing(title="关于公路桥的通知"))
    type_in(search, "glqdtz", jobs, qtbot)
    QTest.keyClick(search.search, Qt.Key.Key_Return)
    QTest.keyClick(search.table, Qt.Key.Key_Return)
    rest(jobs, qtbot)
    page = window.current_register()
    assert isinstance(page, RegisterPage)
    assert (page.register.key(), page.table.current_id()) == ("outgoing", record.id)


def test_a_hit_opens_with_its_words_marked_and_its_chip_leads_back_to_the_list_as_it_was(
    store: Store, window: MainWindow, search: SearchPage, jobs: Jobs, qtbot: QtBot
) -> None:
    window.open_page("outgoing")
    before = Filter(month=(2022, 12))
    window._registers["outgoing"].set_filter(before)
    rest(jobs, qtbot)
    window.open_page(SEARCH)
    for n in range(2):
        saved(store, outgoing(title=f"关于第{n}座公路桥的通知"))
    type_in(search, "公路桥", jobs, qtbot)
    QTest.keyClick(search.search, Qt.Key.Key_Down)
    QTest.keyClick(search.table, Qt.Key.Key_Return)
    rest(jobs, qtbot)
    page = window.current_register()
    assert page is not None
    assert (page.table.records().rowCount(), page.search.text()) == (1, "公路桥")
    assert page.table.records().found is not None
    page.filters._drop("ids")
    rest(jobs, qtbot)
    assert page.current_filter() == before
    assert page.search.text() == ""


def test_the_whole_list_of_a_register_opens_under_the_same_search(
    store: Store, window: MainWindow, search: SearchPage, jobs: Jobs, qtbot: QtBot
) -> None:
    saved(store, outgoing(title="关于公路桥的通知"))
    type_in(search, "公路桥", jobs, qtbot)
    search._chips["outgoing"].click()
    rest(jobs, qtbot)
    search._whole_list.click()
    page = window.current_register()
    assert isinstance(page, RegisterPage)
    assert page.search.text() == "公路桥"


def test_the_bin_is_searched_alone_on_request(store: Store, search: SearchPage, jobs: Jobs, qtbot: QtBot) -> None:
    gone = saved(store, draft(title="关于公路桥的函", kind="函"))
    store.delete(type(gone), gone.id)
    type_in(search, "公路桥", jobs, qtbot)
    assert listed(search) == []
    assert search._empty.isVisible()
    search.bin.click()
    rest(jobs, qtbot)
    assert listed(search) == [("发文", "关于公路桥的函")]


def test_the_bin_of_all_registers_is_shown_from_a_page_without_a_list(
    store: Store, window: MainWindow, jobs: Jobs, qtbot: QtBot
) -> None:
    window.open_page("today")
    window.side.bin_asked.emit()
    rest(jobs, qtbot)
    page = window.stack.currentWidget()
    assert isinstance(page, SearchPage)
    assert page.bin.isChecked()
    assert page._empty.text() == "回收站是空的。"
    gone = saved(store, draft(title="关于公路桥的函", kind="函"))
    store.delete(type(gone), gone.id)
    window.open_page("today")
    window.side.bin_asked.emit()
    page.refresh()
    rest(jobs, qtbot)
    assert listed(page) == [("发文", "关于公路桥的函")]
    assert "共 1 条" in page.status_words()


def test_counts_are_those_of_the_command_line(store: Store, search: SearchPage, jobs: Jobs, qtbot: QtBot) -> None:
    type_in(search, "第1件", jobs, qtbot)
    wanted = {register.key(): count for register, count in Everywhere(store, "第1件").counts()}
    assert search._counts == wanted
    assert sum(wanted.values()) == len(listed(search)) == len(store.catalogue.registers)


def test_names_of_fields_are_offered_and_taken(
    window: MainWindow, search: SearchPage, jobs: Jobs, qtbot: QtBot
) -> None:
    names = search.search._names
    assert names is not None
    search.search.insert("单位")
    assert names._offered[0] == "单位:"
    assert "来文单位:" in names._offered
    QTest.keyClick(search.search, Qt.Key.Key_Escape)
    search.search.clear()
    search.search.insert("来文单")
    assert names._offered[0] == "来文单位:"
    QTest.keyClick(search.search, Qt.Key.Key_Down)
    QTest.keyClick(search.search, Qt.Key.Key_Return)
    assert search.search.text() == "来文单位:"
    search.search.insert("塔峰 阶段:办")
    assert "阶段:办结" in names._offered
    QTest.keyClick(search.search, Qt.Key.Key_Escape)
    assert search.search.text() == "来文单位:塔峰 阶段:办"
    rest(jobs, qtbot)


def test_a_name_behind_which_nothing_stands_yet_empties_no_list_and_its_words_are_offered(
    window: MainWindow, search: SearchPage, jobs: Jobs, qtbot: QtBot
) -> None:
    type_in(search, "文", jobs, qtbot)
    before = listed(search)
    type_in(search, "文 来文种类：", jobs, qtbot)
    names = search.search._names
    assert names is not None
    assert "来文种类:请示" in names._offered
    assert listed(search) == before
    search.search.insert("qs")
    assert names._offered == ["来文种类:请示"]
    type_in(search, "阶段:", jobs, qtbot)
    assert (listed(search), search._is_asked()) == ([], False)
    type_in(search, '"阶段:"', jobs, qtbot)
    assert search._is_asked(), "what is quoted is looked for as it is"


def test_help_of_the_page_is_there(window: MainWindow, search: SearchPage) -> None:
    assert window.side.current() == ""
    assert SEARCH == "search"
