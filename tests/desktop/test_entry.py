"""Quick entry by keyboard alone, in every register. Nothing here names a register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from db.record import LineField, Record, TermField
from db.store.store import Store
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.editors import LinesEditor
from desktop.registers.entry import EntryPage
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.desktop.clerk import (
    CTRL, ENTER, ESC, NONE, REGISTERS, SHIFT, by_key, click, button, compose, differing, field_in, fill, focused, leave, press,
    sentences, texts, type_text,
)  # fmt: skip
from tests.desktop.conftest import rest

Open = Callable[[str], RegisterPage]
FORESEE_MS = 250  # longer than a form waits after the last key
every_register = pytest.mark.parametrize("register", REGISTERS, ids=by_key)


def enter(open_page: Open, register: type[Record]) -> EntryPage:
    """Quick entry of a register, opened by Ctrl+N."""
    page = open_page(register.key())
    press(Qt.Key.Key_N, CTRL)
    assert page.entry is not None
    return page.entry


def newest(store: Store, register: type[Record]) -> Record:
    """The record that was saved last, with its lines."""
    ids = [row.id for row in register.select(register.id).order_by(register.id.desc()).limit(1)]
    return store.load(register, ids[0])


def count(register: type[Record]) -> int:
    """The records of a register."""
    return register.select().count()


def go_to_first(entry: EntryPage) -> None:
    """Go back to the first field by Shift+Enter."""
    order = list(entry.form.editors)
    while field_in(entry.form) != order[0]:
        press(ENTER, SHIFT)


@every_register
def test_each_field_of_the_entry_form_is_named_for_people_and_programs(
    open_page: Open, register: type[Record]
) -> None:
    entry = enter(open_page, register)
    assert set(entry.form.editors) == set(register.ENTRY)
    kinds = {kind.key() for kind in register.LINES}
    for name, editor in entry.form.editors.items():
        label = entry.form._labels[name]
        assert editor.objectName() == name
        assert label.buddy() is editor
        assert editor.accessibleName() == editor.control.accessibleName() == register.label(name)
        assert label.text().startswith(register.label(name))
        assert ("*" in label.text()) == (name in register.MUSTS)
        hint = "" if name in kinds else register._meta.fields[name].help_text
        assert editor.toolTip() == hint == label.toolTip()


@every_register
def test_enter_walks_every_field_in_order_and_shift_enter_goes_back(open_page: Open, register: type[Record]) -> None:
    entry = enter(open_page, register)
    go_to_first(entry)
    order = list(entry.form.editors)
    walked = [field_in(entry.form)]
    while len(walked) < len(order):
        leave(entry.form.editors[walked[-1]])
        walked.append(field_in(entry.form))
    assert walked == order
    for name in reversed(order[:-1]):
        press(ENTER, SHIFT)
        assert field_in(entry.form) == name
    assert count(register) == 3


@every_register
def test_a_record_typed_by_keyboard_alone_is_stored_as_typed_and_the_next_one_opens_with_what_is_pinned(
    open_page: Open, store: Store, actions: Actions, register: type[Record]
) -> None:
    entry = enter(open_page, register)
    go_to_first(entry)
    expected = fill(entry.form, store.rules, entry.form.editors)
    assert sentences(entry.form) == []
    assert count(register) == 4
    assert differing(newest(store, register), expected) == {}
    pinned: dict[str, Any] = {name: entry.form.editors[name].value() for name in register.PINNED}
    assert pinned == {name: expected[name] for name in register.PINNED}
    following = actions.blank(register)
    for name, value in pinned.items():
        setattr(following, name, value)
    actions.foresee(following)
    for name in set(entry.form.editors) - {kind.key() for kind in register.LINES}:
        assert entry.form.editors[name].value() == (getattr(following, name) or None), name
    assert field_in(entry.form) not in ("", *register.PINNED)
    assert newest(store, register).number in entry.toast.sentence()


@every_register
def test_nothing_reacts_while_an_input_method_composes(
    open_page: Open, store: Store, register: type[Record], qtbot: QtBot
) -> None:
    entry = enter(open_page, register)
    foreseen: list[str] = []
    name = next(name for name in entry.form.editors if isinstance(entry.form.editors[name].control, QLineEdit))
    entry.form.focus(name)
    before = entry.form.editors[name].control.text()
    qtbot.wait(FORESEE_MS)
    entry.form.foreseen.connect(foreseen.append)
    compose("bu'cun")
    for key, held in ((ENTER, NONE), (ENTER, SHIFT), (Qt.Key.Key_Tab, NONE), (ESC, NONE), (Qt.Key.Key_S, CTRL)):
        press(key, held)
    qtbot.wait(FORESEE_MS)
    assert field_in(entry.form) == name
    assert entry.isVisible()
    assert count(register) == 3
    assert foreseen == []
    assert sentences(entry.form) == []
    assert store.drafts(register) == []
    compose("")
    assert entry.form.editors[name].control.text() in ("", before)


@every_register
def test_a_refused_record_shows_each_problem_at_its_field_and_keeps_what_was_typed(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    entry = enter(open_page, register)
    musts = [name for name in entry.form.editors if name in register.MUSTS]
    for name in musts:
        entry.form.focus(name)
        press(Qt.Key.Key_A, CTRL)
        press(Qt.Key.Key_Backspace)
    line = next(
        name
        for name, field in register._meta.fields.items()
        if isinstance(field, LineField) and not isinstance(field, TermField) and name in {*entry.form.editors} - {*musts}
    )
    entry.form.focus(line)
    type_text("半句话")
    press(Qt.Key.Key_S, CTRL)
    QTest.qWait(0)
    assert sorted(sentences(entry.form)) == sorted(f"请填写{register.label(name)}" for name in musts)
    for name in musts:
        assert entry.form.editors[name].control.property("state") == "bad"
    assert field_in(entry.form) == musts[0]
    assert f"{len(musts)}处待改，没有保存" in texts(entry)
    assert entry.form.editors[line].value() == "半句话"
    assert all(entry.form.editors[name].is_empty() for name in musts)
    assert count(register) == 3
