"""Saved views in the side bar: opened by click and keyboard, counted, saved from the list, deleted with a way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.store.conditions import is_one_of
from db.store.search import Filter
from db.store.store import Store
from db.store.views import save_view
from desktop.dialogs.asking import AskDialog
from desktop.dialogs.paned import PanedDialog
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.db.office import Clock
from tests.desktop.clerk import ENTER, press, type_text
from tests.desktop.test_page import chips, titles


@pytest.fixture
def window(new_window: Callable[[], MainWindow], qtbot: QtBot) -> MainWindow:
    """The window with its first register on show."""
    window = new_window()
    window.resize(1366, 768)
    window.show()
    qtbot.waitActive(window)
    return window


def shown(window: MainWindow) -> dict[str, str]:
    """The views in the side bar with their counts."""
    entries = [entry for entry in window.side._entries.values() if entry.item.is_inner]
    return {entry.item.label: "" if entry.item.count is None else f"{entry.item.count}" for entry in entries}


def page_of(window: MainWindow) -> RegisterPage:
    """The list on show."""
    page = window.current_register()
    assert page is not None
    return page


def save_as(window: MainWindow, name: str) -> AskDialog:
    """Save what the list shows as a view."""
    page_of(window)._command("view")
    dialog = next(one for one in window.findChildren(AskDialog) if one.isVisible())
    dialog.editors["name"].set_value(name)
    QTest.keyClick(dialog.editors["name"].control, ENTER)  # the only value is taken at once
    return dialog


def test_the_views_of_the_register_on_show_stand_under_it_with_their_counts(window: MainWindow, qtbot: QtBot) -> None:
    page = page_of(window)
    qtbot.waitUntil(lambda: all(shown(window).values()))
    assert list(shown(window)) == ["逾期", "本周到期", "待补全"]
    for view in window.views._views.values():
        assert shown(window)[view.name] == str(page._actions.listing(page.register, view.wanted).count())
    other = page._actions.store.catalogue.keys()[1]
    window.open_page(other)
    assert [entry.item.key.partition("/")[0] for entry in window.side._entries.values() if entry.item.is_inner] == [
        other
    ] * 3


def test_a_view_is_opened_by_keyboard_and_the_register_itself_leads_back(window: MainWindow) -> None:
    page = page_of(window)
    window.side.entry(page.register.key()).setFocus()
    press(Qt.Key.Key_Down)
    press(ENTER)
    assert chips(page) == ["逾期"]
    assert window.side.current().startswith(f"{page.register.key()}/")
    window.side.chosen.emit(page.register.key())
    assert chips(page) == ["2022年"]
    assert window.side.current() == page.register.key()


def test_a_view_is_marked_only_while_the_list_shows_it(window: MainWindow, qtbot: QtBot) -> None:
    page, side = page_of(window), window.side
    register = page.register.key()
    view = next(entry.item.key for entry in side._entries.values() if entry.item.label == "逾期")
    side.chosen.emit(view)
    page.set_filter(replace(page.current_filter(), order=page.register.SUBJECT, descending=False))
    assert side.current() == view
    page.filters.last_removed()
    assert chips(page) == []
    assert side.current() == register
    page.set_filter(Filter(light="late"))
    assert side.current() == view
    page.search.setFocus()
    type_text("没有的字")
    qtbot.waitUntil(lambda: side.current() == register)
    window.open_page(page._actions.store.catalogue.keys()[1])
    other = side.current()
    page.set_filter(Filter(light="late"))
    assert side.current() == other


def test_what_the_list_shows_is_saved_under_a_name_with_its_columns_and_undone(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = page_of(window)
    subject = page.register.SUBJECT
    stage = page.detail.record.stage
    wanted = Filter(year=2022, conditions=(is_one_of("stage", stage),), order=subject, descending=False)
    page.set_filter(wanted)
    page.columns.set_names(("light", subject, "stage"))
    assert save_as(window, "手头的").isHidden()
    assert "手头的" in shown(window)
    assert window.side.current().startswith(f"{page.register.key()}/"), "the list shows the view now"
    qtbot.waitUntil(lambda: shown(window)["手头的"] == str(len(titles(page))))
    page.refining._restore()
    page.set_filter(Filter())
    number = next(view.id for view in window.views._views.values() if view.name == "手头的")
    window.side.chosen.emit(f"{page.register.key()}/{number}")
    assert page.current_filter() == wanted
    assert page.columns.names() == ("light", subject, "stage")
    assert [heading.key for heading in page.table.records().headings] == ["light", subject, "stage"]
    window.undo()
    assert "手头的" not in shown(window)


def test_a_name_that_is_taken_is_refused_at_its_field(window: MainWindow) -> None:
    dialog = save_as(window, "逾期")
    assert dialog.isVisible()
    assert "已经有" in dialog._lines[0].sentence()
    dialog.reject()


def test_a_view_is_renamed_moved_rewritten_and_deleted_from_its_menu(window: MainWindow, qtbot: QtBot) -> None:
    page = page_of(window)
    save_as(window, "甲")
    save_as(window, "乙")

    def menu(name: str, label: str) -> None:
        number = next(view.id for view in window.views._views.values() if view.name == name)
        window.side.entry(f"{page.register.key()}/{number}").customContextMenuRequested.emit(QPoint(5, 5))
        assert window.views._menu is not None
        next(action for action in window.views._menu.actions() if action.text() == label).trigger()
        window.views._menu.close()

    menu("乙", "上移")
    assert list(shown(window))[3:] == ["乙", "甲"]
    page.set_filter(Filter(light="open"))
    menu("甲", "改成列表现在的条件和列")
    assert next(view.wanted for view in window.views._views.values() if view.name == "甲") == Filter(light="open")
    menu("乙", "删除")
    assert list(shown(window))[3:] == ["甲"]
    window.undo()
    assert list(shown(window))[3:] == ["乙", "甲"]
    menu("甲", "改名...")
    dialog = next(one for one in window.findChildren(AskDialog) if one.isVisible())
    qtbot.waitUntil(dialog.editors["name"].isVisible)
    dialog.editors["name"].set_value("丙")
    dialog.take()
    assert list(shown(window))[3:] == ["乙", "丙"]


@pytest.mark.logs("This plugin does not support")
def test_to_undo_a_view_of_an_earlier_session_is_asked_in_one_whole_sentence(
    folder: Path, clock: Clock, request: pytest.FixtureRequest
) -> None:
    earlier = Store.open(folder, "李喆", clock)
    save_view(earlier, earlier.catalogue["incoming"], "急件", Filter(), ())
    earlier.close()
    window = request.getfixturevalue("window")
    window.undo()
    dialog = next(one for one in window.findChildren(PanedDialog) if one.isVisible())
    assert "李喆，" in dialog.words.text()
    assert "急件”。只改回" in dialog.words.text()
    dialog.reject()
