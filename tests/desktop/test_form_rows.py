"""A form whose lower fields are still being made: it takes keys, values and problems as if they were all there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.errors import Problem
from db.record import LineField, Record
from desktop import theme
from desktop.registers.actions import Actions
from desktop.registers.form import RegisterForm
from desktop.registers.form_rows import PAIRS_EM
from desktop.registers.words import OfficeWords

New = Callable[[], RegisterForm]


@pytest.fixture
def register(actions: Actions) -> type[Record]:
    """A register whose form has several rows."""
    return actions.store.catalogue["outgoing"]


@pytest.fixture
def new_form(actions: Actions, words: OfficeWords, register: type[Record], qtbot: QtBot) -> New:
    """Makes a form on show, in an active window, with a button under it; the event loop has not run since its birth."""
    window = QWidget()
    QVBoxLayout(window)
    window.resize(700, 600)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)

    def make() -> RegisterForm:
        form, button = RegisterForm(register, actions, words), QPushButton("保存")
        window.layout().addWidget(form)
        window.layout().addWidget(button)
        form.show()
        form.lead_to(button)
        form.set_record(actions.blank(register))
        assert not form._rows.is_complete
        return form

    return make


def whole(form: RegisterForm, qtbot: QtBot) -> None:
    """Let the window live until the form is whole."""
    qtbot.waitUntil(lambda: form._rows.is_complete)
    QApplication.processEvents()


def first_made(form: RegisterForm) -> QWidget:
    """The control of the first field."""
    return next(iter(form._rows.editors.values())).control


def last_name(form: RegisterForm, register: type[Record]) -> str:
    """The last field of the form that is a line of text."""
    fields = register._meta.fields
    return next(name for name in reversed(form._rows.names) if type(fields.get(name)) is LineField)


def test_typing_begins_before_the_form_is_whole_and_goes_on_in_the_same_place(new_form: New, qtbot: QtBot) -> None:
    form = new_form()
    form.focus_first()
    control = QApplication.focusWidget()
    place = control.mapTo(form, QPoint(0, 0)), control.width()
    QTest.keyClicks(control, "q9")
    assert not form._rows.is_complete
    whole(form, qtbot)
    assert QApplication.focusWidget() is control
    assert (control.mapTo(form, QPoint(0, 0)), control.width()) == place
    QTest.keyClicks(control, "z")
    assert "q9z" in map(str, form.typed().values())


def test_what_stands_does_not_move_while_the_rest_is_made(new_form: New, qtbot: QtBot) -> None:
    form = new_form()
    QApplication.processEvents()
    seen = {name: (editor, editor.mapTo(form, QPoint(0, 0)), editor.width())
            for name, editor in form._rows.editors.items() if editor.isVisible()}  # fmt: skip
    whole(form, qtbot)
    for editor, place, width in seen.values():
        assert (editor.mapTo(form, QPoint(0, 0)), editor.width()) == (place, width)


def test_enter_walks_into_a_field_that_was_not_made_yet(new_form: New) -> None:
    form = new_form()
    made = list(form._rows.editors)
    following = form._rows.names[len(made)]
    form.focus(made[-1])
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert form._rows.editors[following].isAncestorOf(QApplication.focusWidget())


def test_tab_finds_a_field_that_was_not_made_yet_and_not_the_button_under_the_form(new_form: New) -> None:
    form = new_form()
    made = list(form._rows.editors)
    form.focus(made[-1])
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert form.isAncestorOf(QApplication.focusWidget())


def test_a_problem_at_a_field_that_was_not_made_yet_stands_there_and_takes_the_focus(
    new_form: New, register: type[Record]
) -> None:
    form = new_form()
    name = last_name(form, register)
    assert name not in form._rows.editors
    form.show_problems([Problem(name, "请填写这一项")])
    assert form.editors[name].isAncestorOf(QApplication.focusWidget())
    assert [problem.field for _mark, problem in form.problems.on_show()] == [name]


def test_a_draft_keeps_what_belongs_to_fields_that_are_not_made_yet(
    new_form: New, actions: Actions, register: type[Record], qtbot: QtBot
) -> None:
    form = new_form()
    name = last_name(form, register)
    form.set_record(actions.blank(register), {name: "没填完"})
    assert name not in form._rows.editors
    assert form.is_dirty
    assert form.typed() == {name: "没填完"}
    whole(form, qtbot)
    assert form._rows.editors[name].value() == "没填完"
    assert form.typed() == {name: "没填完"}


def test_a_record_that_is_saved_before_the_form_is_whole_has_all_that_was_put_in(
    new_form: New, actions: Actions, register: type[Record]
) -> None:
    form = new_form()
    name = last_name(form, register)
    form.set_record(actions.blank(register), {name: "没填完"})
    assert name not in form._rows.editors
    record, unreadable = form.build()
    assert getattr(record, name) == "没填完"
    assert not unreadable


def test_another_record_shown_meanwhile_is_the_one_that_the_late_fields_show(
    new_form: New, actions: Actions, register: type[Record], qtbot: QtBot
) -> None:
    form = new_form()
    name = last_name(form, register)
    for text in ("前一条", "后一条"):
        record = actions.blank(register)
        setattr(record, name, text)
        form.set_record(record)
    assert name not in form._rows.editors
    whole(form, qtbot)
    assert form._rows.editors[name].value() == "后一条"
    assert not form.is_dirty


def test_fields_made_late_have_names_for_a_screen_reader(new_form: New, register: type[Record], qtbot: QtBot) -> None:
    form = new_form()
    name = last_name(form, register)
    whole(form, qtbot)
    assert form._rows.editors[name].control.accessibleName() == register.label(name)


def test_two_fields_stand_side_by_side_only_where_there_is_room_for_both(
    new_form: New, register: type[Record], qtbot: QtBot
) -> None:
    form = new_form()
    whole(form, qtbot)
    first, second = (form.editors[name] for name in register.FORM[0].fields[:2])
    wide = form.editors[register.SUBJECT]
    assert first.y() == second.y()
    form.window().resize(int((PAIRS_EM - 4) * theme.em()), 600)
    qtbot.waitUntil(lambda: second.y() > first.y())
    assert first.x() == second.x()
    assert first.geometry().right() == second.geometry().right() == wide.geometry().right()
    form.window().resize(700, 600)
    qtbot.waitUntil(lambda: first.y() == second.y())
