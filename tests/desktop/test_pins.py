"""Pinned fields stay for the next record: after a save, after the page was left, and not for the next day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from db.record import Record
from db.registers.study_session import StudySession
from db.store.store import Store
from desktop.registers.page import RegisterPage
from desktop.settings import MachineSettings
from tests.db.office import Clock
from tests.desktop.clerk import CTRL, ESC, REGISTERS, button, by_key, click, field_in, fill, press
from tests.desktop.test_entry import enter

Open = Callable[[str], RegisterPage]
one_register = pytest.mark.parametrize("register", REGISTERS[1:2], ids=by_key)  # one that pins several fields


@one_register
def test_a_pin_keeps_a_field_for_the_next_record_and_for_the_next_start(
    open_page: Open, store: Store, settings: MachineSettings, register: type[Record]
) -> None:
    entry = enter(open_page, register)
    fill(entry.form, store.rules)
    others = {*register.PINNED, *(kind.key() for kind in register.LINES)}
    name = next(name for name in entry.form.editors if name not in others)
    entry.form.focus(name)
    press(Qt.Key.Key_K, CTRL)
    assert settings.pinned(register.key(), register.PINNED) == {*register.PINNED, name}
    typed = entry.form.editors[name].value()
    press(Qt.Key.Key_S, CTRL)
    assert register.select().count() == 4
    assert entry.form.editors[name].value() == typed
    assert typed not in (None, "")
    entry.form.focus(name)
    press(Qt.Key.Key_K, CTRL)
    assert settings.pinned(register.key(), register.PINNED) == {*register.PINNED}


@pytest.mark.parametrize("how", ["Ctrl+S", "存后关闭"])
@one_register
def test_pinned_values_are_there_in_the_next_new_record_after_the_page_was_left_but_not_on_the_next_day(
    open_page: Open, store: Store, clock: Clock, register: type[Record], how: str
) -> None:
    entry = enter(open_page, register)
    fill(entry.form, store.rules)
    pinned = entry.form.pinned_values()
    assert pinned
    click(button(entry, how)) if how == "存后关闭" else press(Qt.Key.Key_S, CTRL)
    for _time in range(2):
        press(ESC)
        assert store.drafts(register) == []
        press(Qt.Key.Key_N, CTRL)
        assert entry.isVisible()
        assert entry.form.pinned_values() == pinned
        assert field_in(entry.form) not in ("", *pinned)
    entry.form.focus(next(iter(pinned)))
    press(Qt.Key.Key_K, CTRL)
    press(ESC)
    press(Qt.Key.Key_N, CTRL)
    assert entry.form.typed() == {name: pinned[name] for name in [*pinned][1:]}
    press(ESC)
    clock.go(clock.at.date() + timedelta(days=1))
    press(Qt.Key.Key_N, CTRL)
    assert entry.form.typed() == {}


@pytest.mark.parametrize("register", [StudySession], ids=by_key)
def test_a_pinned_box_that_was_unticked_stays_so_where_it_is_ticked_by_default(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    entry = enter(open_page, register)
    fill(entry.form, store.rules)
    entry.form.focus("is_law_study")
    press(Qt.Key.Key_K, CTRL)
    entry.form.editors["is_law_study"].set_value(False)
    press(Qt.Key.Key_S, CTRL)
    assert entry.form.editors["is_law_study"].value() is False
