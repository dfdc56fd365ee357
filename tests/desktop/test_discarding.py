"""What was half-typed can be thrown away, and what was thrown away taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from db.record import Record
from db.store.store import Store
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.desktop.clerk import CTRL, ESC, REGISTERS, button, by_key, click, field_in, fill, press, texts, type_text

Open = Callable[[str], RegisterPage]
some_registers = pytest.mark.parametrize("register", REGISTERS[:3], ids=by_key)  # no declaration has a say in it


@some_registers
def test_a_half_typed_new_record_is_emptied_and_taken_back(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    page = open_page(register.key())
    press(Qt.Key.Key_N, CTRL)
    entry = page.entry
    assert entry is not None
    assert "清空" not in texts(entry)
    fill(entry.form, store.rules)
    typed = {name: editor.value() for name, editor in entry.form.editors.items()}
    press(ESC)
    press(ESC)
    press(Qt.Key.Key_N, CTRL)
    click(button(entry, "清空"))
    assert store.drafts(register) == []
    assert entry.form.typed() == {}
    assert "接着上次没存的内容" not in texts(entry)
    assert field_in(entry.form)
    click(button(entry, "取回"))
    assert {name: editor.value() for name, editor in entry.form.editors.items()} == typed
    assert "清空" in texts(entry)
    press(ESC)
    press(ESC)
    assert len(store.drafts(register)) == 1


@pytest.mark.parametrize("register", REGISTERS[:2], ids=by_key)
def test_a_pinned_value_goes_back_to_that_of_the_last_record_and_not_to_what_was_mistyped(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    page = open_page(register.key())
    press(Qt.Key.Key_N, CTRL)
    entry = page.entry
    assert entry is not None
    entry.form.set_pins({register.SUBJECT})

    def mistype() -> None:
        entry.form.focus(register.SUBJECT)
        press(Qt.Key.Key_A, CTRL)
        type_text("打错了")

    mistype()
    click(button(entry, "清空"))
    assert entry.form.editors[register.SUBJECT].is_empty()
    fill(entry.form, store.rules)
    press(Qt.Key.Key_S, CTRL)
    kept = entry.form.pinned_values()
    assert kept[register.SUBJECT]
    mistype()
    click(button(entry, "清空"))
    assert entry.form.typed() == kept
    click(button(entry, "取回"))
    assert entry.form.typed() == {register.SUBJECT: "打错了"}
    press(ESC)
    press(Qt.Key.Key_N, CTRL)
    click(button(entry, "清空"))
    assert entry.form.typed() == kept


@some_registers
def test_a_half_typed_change_of_a_record_is_thrown_away_and_taken_back(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    page = open_page(register.key())
    detail = page.detail
    subject = detail.form.editors[register.SUBJECT]
    before = subject.value()
    assert "放弃修改" not in texts(detail)
    detail.form.focus(register.SUBJECT)
    press(Qt.Key.Key_A, CTRL)
    type_text("改错了")
    detail.keep_draft()
    click(button(detail, "放弃修改"))
    assert (subject.value(), store.drafts(register)) == (before, [])
    assert not [words for words in texts(detail) if words.startswith("未保存")]
    click(button(detail, "取回"))
    assert subject.value() == "改错了"
    press(Qt.Key.Key_PageDown, CTRL)
    assert "放弃修改" not in texts(detail)
    assert len(store.drafts(register)) == 1


@some_registers
def test_a_click_on_the_register_goes_from_quick_entry_to_its_list_and_keeps_what_is_typed(
    open_page: Open, window: MainWindow, store: Store, register: type[Record]
) -> None:
    page = open_page(register.key())
    press(Qt.Key.Key_N, CTRL)
    entry = page.entry
    assert entry is not None
    fill(entry.form, store.rules)
    window.open_page("today")
    window.side.chosen.emit(register.key())
    assert page.entry is entry, "coming back from elsewhere, the half-typed form is still there"
    window.side.chosen.emit(register.key())
    assert page.entry is None
    assert len(store.drafts(register)) == 1
    assert page.table.hasFocus()


@some_registers
def test_a_search_is_begun_from_quick_entry_too_and_what_is_typed_stays_a_draft(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    page = open_page(register.key())
    press(Qt.Key.Key_N, CTRL)
    assert page.entry is not None
    fill(page.entry.form, store.rules)
    press(Qt.Key.Key_F, CTRL)
    assert page.search.hasFocus()
    assert page.entry is None
    assert len(store.drafts(register)) == 1
