"""Quick entry by keyboard alone, in every register. Nothing here names a register."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from db.record import DateField, LineField, Record, TermField
from db.store.store import Store
from desktop.registers.actions import Actions
from desktop.registers.entry import EntryPage
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.desktop.clerk import (
    CTRL,
    ENTER,
    ESC,
    NONE,
    REGISTERS,
    SHIFT,
    button,
    by_key,
    click,
    compose,
    differing,
    field_in,
    fill,
    leave,
    press,
    sentences,
    texts,
    type_text,
    walked,
)  # fmt: skip

Open = Callable[[str], RegisterPage]
FORESEE_MS = 250  # longer than a form waits after the last key
every_register = pytest.mark.parametrize("register", REGISTERS, ids=by_key)
giving_numbers = pytest.mark.parametrize(
    "register", [register for register in REGISTERS if "sequence" not in register.MUSTS], ids=by_key
)
one_register = pytest.mark.parametrize("register", REGISTERS[:1], ids=by_key)  # what no declaration has a say in


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
    order = walked(entry.form)
    while field_in(entry.form) != order[0]:
        press(ENTER, SHIFT)


@every_register
def test_each_field_of_the_entry_form_is_named_for_people_and_programs(open_page: Open, register: type[Record]) -> None:
    entry = enter(open_page, register)
    assert set(entry.form.editors) == set(register.ENTRY)
    kinds = {kind.key() for kind in register.LINES}
    for name, editor in entry.form.editors.items():
        label = entry.form._rows.labels[name]
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
    order = walked(entry.form)
    found = [field_in(entry.form)]
    while len(found) < len(order):
        leave(entry.form.editors[found[-1]])
        found.append(field_in(entry.form))
    assert found == order
    for name in reversed(order[:-1]):
        press(ENTER, SHIFT)
        assert field_in(entry.form) == name
    assert count(register) == 3


@every_register
def test_a_record_typed_by_keyboard_alone_is_stored_as_typed_and_the_next_one_opens_with_what_is_pinned(
    open_page: Open, store: Store, actions: Actions, register: type[Record]
) -> None:
    entry = enter(open_page, register)
    expected = fill(entry.form, store.rules)
    leave(entry.form.editors[[*expected][-1]])
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
    spare = [
        name
        for name, field in register._meta.fields.items()
        if isinstance(field, LineField)
        and not isinstance(field, TermField)
        and name in entry.form.editors
        and name not in musts
    ]
    for name in spare[:1]:
        entry.form.focus(name)
        type_text("半句话")
    press(Qt.Key.Key_S, CTRL)
    QTest.qWait(0)
    assert sorted(sentences(entry.form)) == sorted(f"请填写{register.label(name)}" for name in musts)
    for name in musts:
        assert entry.form.editors[name].control.property("state") == "bad"
    assert field_in(entry.form) == musts[0]
    assert f"{len(musts)}处待改，没有保存" in texts(entry)
    assert all(entry.form.editors[name].value() == "半句话" for name in spare[:1])
    assert all(entry.form.editors[name].is_empty() for name in musts)
    assert count(register) == 3


def held(entry: EntryPage) -> dict[str, Any]:
    """What the fields of the form hold."""
    return {name: editor.value() for name, editor in entry.form.editors.items()}


@every_register
def test_esc_keeps_a_draft_that_comes_back_and_is_forgotten_when_it_is_saved(
    open_page: Open, store: Store, window: MainWindow, register: type[Record]
) -> None:
    entry = enter(open_page, register)
    expected = fill(entry.form, store.rules)
    before = held(entry)
    press(ESC)
    press(ESC)
    assert window.current_register().entry is None
    assert window.current_register().table.hasFocus()
    assert len(store.drafts(register)) == 1
    assert "草稿 1" in texts(window)
    press(Qt.Key.Key_N, CTRL)
    assert held(entry) == before
    assert "接着上次没存的内容" in texts(entry)
    press(Qt.Key.Key_S, CTRL)
    assert sentences(entry.form) == []
    assert differing(newest(store, register), expected) == {}
    assert store.drafts(register) == []
    assert "草稿 1" not in texts(window)
    press(ESC)
    press(Qt.Key.Key_N, CTRL)
    assert "接着上次没存的内容" not in texts(entry)


def test_what_was_half_typed_comes_back_after_the_program_was_killed(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    child = subprocess.run(
        [sys.executable, "-m", "tests.desktop.killed_child", str(folder)], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert child.returncode == -signal.SIGKILL, child.stderr
    typed = json.loads(child.stdout)
    open_page: Open = request.getfixturevalue("open_page")
    for register in REGISTERS:
        entry = enter(open_page, register)
        assert json.loads(json.dumps(held(entry), default=str)) == typed[register.key()]
        assert count(register) == 3


@every_register
def test_a_date_that_cannot_be_read_refuses_the_record_and_comes_back_as_typed_from_the_draft(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    entry = enter(open_page, register)
    fill(entry.form, store.rules)
    days = [name for name, field in register._meta.fields.items() if isinstance(field, DateField)]
    day = next(name for name in entry.form.editors if name in days)
    entry.form.focus(day)
    type_text("2.30")
    press(Qt.Key.Key_S, CTRL)
    QTest.qWait(0)
    assert sentences(entry.form) == ["没有 2 月 30 日"]
    assert field_in(entry.form) == day
    assert "1处待改，没有保存" in texts(entry)
    assert count(register) == 3
    press(ESC)
    press(Qt.Key.Key_N, CTRL)
    assert entry.form.editors[day].control.text() == "2.30"
    entry.form.focus(day)
    press(Qt.Key.Key_A, CTRL)
    type_text("1205")
    press(Qt.Key.Key_S, CTRL)
    assert sentences(entry.form) == []
    assert getattr(newest(store, register), day) == date(2022, 12, 5)


@every_register
def test_ctrl_d_takes_over_the_record_entered_last_but_not_its_number(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    entry = enter(open_page, register)
    last = newest(store, register)
    empty = [name for name, editor in entry.form.editors.items() if editor.is_empty()]
    press(Qt.Key.Key_D, CTRL)
    fields = [name for name in empty if name in register._meta.fields]
    assert {name: entry.form.editors[name].value() for name in fields} == {
        name: getattr(last, name) or None for name in fields
    }
    assert last.number not in texts(entry)[1]
    press(ESC)
    assert len(store.drafts(register)) == 1


def test_ctrl_d_takes_over_who_was_there_but_not_how_it_was(open_page: Open, store: Store) -> None:
    kinds = [(register, kind) for register in store.catalogue for kind in register.LINES if kind.TAKEN_OVER]
    assert kinds
    for register, kind in kinds:
        last = newest(store, register)
        names = [name for name in kind.COLUMNS if name not in kind.TAKEN_OVER]
        entry = enter(open_page, register)
        press(Qt.Key.Key_D, CTRL)
        rows = entry.form.editors[kind.key()].value() or []
        assert [[row[name] for name in kind.TAKEN_OVER] for row in rows] == [
            [getattr(line, name) or None for name in kind.TAKEN_OVER] for line in last.lines(kind)
        ]
        assert all(row[name] == (getattr(kind(), name) or None) for row in rows for name in names)
        press(ESC)


@every_register
def test_the_list_beside_the_form_shows_what_was_entered_today(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    entry = enter(open_page, register)
    before = entry.today.records().rowCount()
    fill(entry.form, store.rules)
    press(Qt.Key.Key_S, CTRL)
    model = entry.today.records()
    assert model.rowCount() == before + 1
    record = newest(store, register)
    assert [model.text_at(0, column) for column in range(3)] == [
        "10:00", record.number or ("未编号" if register.NUMBERING else "—"), getattr(record, register.SUBJECT),
    ]  # fmt: skip
    assert f"今天已登记 {before + 1}" in texts(entry)


@one_register
def test_save_and_close_goes_back_to_the_list_with_the_new_record(
    open_page: Open, store: Store, window: MainWindow, register: type[Record]
) -> None:
    entry = enter(open_page, register)
    fill(entry.form, store.rules)
    click(button(entry, "存后关闭"))
    page = window.current_register()
    assert page.entry is None
    assert page.table.records().rowCount() == 4
    assert page.toast.isVisible()
    assert newest(store, register).number in page.toast.sentence()


@giving_numbers
def test_the_number_in_the_title_is_the_one_that_is_given_and_follows_an_undo(
    open_page: Open, store: Store, register: type[Record], qtbot: QtBot
) -> None:
    entry = enter(open_page, register)

    def wait_for(words: str) -> None:
        qtbot.waitUntil(lambda: words in texts(entry))

    fill(entry.form, store.rules)
    coming = store.load(register, 3).number.replace("3", "4")
    assert coming.endswith(("4", "4号", "4次"))
    wait_for(f"将编为 {coming}")
    press(Qt.Key.Key_S, CTRL)
    assert newest(store, register).number == coming
    fill(entry.form, store.rules)
    wait_for(f"将编为 {coming.replace('4', '5')}")
    click(button(entry, "撤销  Ctrl+Z"))
    wait_for(f"将编为 {coming}")
    assert any(text.startswith(f"已撤销：{register.VERB} {coming}") for text in texts(entry))
    assert store.load(register, 4).deleted_at is not None


@one_register
def test_in_a_narrow_window_what_was_entered_today_gives_way_and_the_buttons_are_whole(
    open_page: Open, window: MainWindow, register: type[Record]
) -> None:
    entry = enter(open_page, register)
    for width in (850, 1240, 1366):
        window.resize(width, 700)
        QTest.qWait(0)
        assert entry.today.isVisible() == (width > 1000)
        assert sum(entry.today.columnWidth(at) for at in range(3)) <= entry.today.viewport().width() or width == 850
        assert entry.next_button.width() >= entry.next_button.sizeHint().width()
        hints = next(words for words in texts(entry) if words.startswith("Enter 下一项"))
        assert hints.split("   ")[-1] in ("Enter 下一项", "Shift+Enter 上一项", "Ctrl+D 沿用上一条", "Esc 留作草稿")
        label = next(label for label in entry.findChildren(QLabel) if label.text() == hints)
        assert label.fontMetrics().horizontalAdvance(hints) <= label.width()
