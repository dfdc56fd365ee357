"""The tab 关联: records of all registers found by typing, linked by Enter, opened by a click, taken away again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from db.record import Record
from db.store import links
from db.store.store import Store
from desktop.registers.linked import LinkRow, LinksView
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.desktop.clerk import CTRL, ENTER, SHIFT, click, press, type_text

Open = Callable[[str], RegisterPage]
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def page(open_page: Open) -> RegisterPage:
    """The list of papers received with the tab of links open."""
    page = open_page("incoming")
    press(Qt.Key.Key_3, ALT)
    return page


def view_of(page: RegisterPage) -> LinksView:
    """The links beside the list."""
    return page.detail.pages.links


def rows(page: RegisterPage) -> list[LinkRow]:
    """The linked records on show."""
    QTest.qWait(0)
    return [row for row in view_of(page).findChildren(LinkRow) if row.isVisible()]


def shown(page: RegisterPage) -> Record:
    """The record beside the list."""
    assert page.detail.record is not None
    return page.detail.record


def test_a_record_of_any_register_is_found_and_linked_by_keyboard_alone(page: RegisterPage, store: Store) -> None:
    press(Qt.Key.Key_Tab, SHIFT)
    type_text("整改")
    press(ENTER)
    press(Qt.Key.Key_Tab)
    type_text("关于整改工作")
    assert view_of(page).search.popup() is not None
    press(ENTER)
    (row,) = rows(page)
    assert row.linked.record.key() == "rectification_plan"
    assert row.linked.kind == "整改"
    assert page.detail.tabs.tabText(2) == "关联 1"
    assert links.count(store.connection, shown(page)) == 1
    assert page.toast.isVisible()
    press(Qt.Key.Key_Z, CTRL)
    assert rows(page) == []
    assert page.detail.tabs.tabText(2) == "关联"


def test_the_record_itself_is_not_offered(page: RegisterPage) -> None:
    type_text(shown(page).number)
    assert view_of(page).search.popup() is None


def test_a_click_opens_the_other_end_which_shows_the_way_back(
    page: RegisterPage, window: MainWindow, store: Store
) -> None:
    paper = shown(page)
    other = store.load(store.catalogue["outgoing"], 1)
    links.link(store, paper, other, "答复")
    page.detail.show_record(paper)
    (row,) = rows(page)
    click(row.open_button)
    there = window.current_register()
    assert there is not None
    assert there.detail.record is not None
    assert (there.register.key(), there.detail.record.id) == ("outgoing", other.id)
    press(Qt.Key.Key_3, ALT)
    (back,) = rows(there)
    assert (back.linked.kind, back.linked.record.id) == ("所答来文", paper.id)


def test_a_link_is_taken_away_and_brought_back(page: RegisterPage, store: Store) -> None:
    paper = shown(page)
    links.link(store, paper, store.load(store.catalogue["outgoing"], 1), "答复")
    page.detail.show_record(paper)
    (row,) = rows(page)
    row.open_button.setFocus()
    press(Qt.Key.Key_Delete)
    assert rows(page) == []
    press(Qt.Key.Key_Z, CTRL)
    assert len(rows(page)) == 1


def test_a_voided_record_is_struck_with_the_reason(page: RegisterPage, store: Store) -> None:
    paper, other = shown(page), store.load(store.catalogue["incoming"], 1)
    if other.id == paper.id:
        other = store.load(store.catalogue["incoming"], 2)
    store.void(type(other), other.id, "重复登记")
    links.link(store, paper, store.load(type(other), other.id), "相关")
    page.detail.show_record(paper)
    (row,) = rows(page)
    labels = {label.text(): label for label in row.findChildren(QLabel)}
    assert "作废" in labels
    assert labels[getattr(other, other.SUBJECT)].font().strikeOut()
    assert any("重复登记" in words for words in labels)


def test_what_is_refused_is_said_and_changes_nothing(page: RegisterPage, store: Store) -> None:
    paper = shown(page)
    other = store.load(store.catalogue["outgoing"], 1)
    links.link(store, paper, other, "答复")
    page.detail.show_record(paper)
    view_of(page).focus_search()
    type_text(getattr(other, other.SUBJECT))
    press(ENTER)
    assert "关联过（答复），没有再加" in page.toast.sentence()
    assert links.count(store.connection, paper) == 1


def test_what_is_half_typed_in_the_form_survives_a_new_link(page: RegisterPage, store: Store) -> None:
    press(Qt.Key.Key_1, ALT)
    paper = shown(page)
    page.detail.form.editors["title"].control.setFocus()
    page.detail.form.editors["title"].control.selectAll()
    type_text("改了一半的标题")
    press(Qt.Key.Key_3, ALT)
    view_of(page)._link(store.load(store.catalogue["outgoing"], 1))
    QTest.qWait(0)
    assert page.detail.form.editors["title"].value() == "改了一半的标题"
    press(Qt.Key.Key_1, ALT)
    press(Qt.Key.Key_S, CTRL)
    assert store.load(type(paper), paper.id).title == "改了一半的标题"
    assert links.count(store.connection, paper) == 1
