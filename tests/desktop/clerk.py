"""What a clerk does at the keyboard, and records made from nothing but a register's declaration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from db import catalogue
from db.record import (
    DateField,
    DecimalField,
    DocumentNumberField,
    FlagField,
    Line,
    MomentField,
    NumberField,
    PersonField,
    PersonsField,
    Record,
    ReferenceField,
    TermField,
    TermsField,
    UnitField,
    UnitsField,
    YearField,
)
from db.rules.rulebook import Rulebook
from db.store.store import Store
from desktop.registers.editors import Editor, ParagraphEditor
from desktop.registers.entry import EntryPage
from desktop.registers.form import RegisterForm
from desktop.registers.page import RegisterPage

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape

REGISTERS = catalogue.load().registers
RECORDS = 3  # in each register of the office of these tests
UNITS = ("县财政局", "县教育局", "塔峰镇人民政府")
PEOPLE = ("李喆", "王堃", "龙䶮")


def by_key(register: type[Record]) -> str:
    """The name of a parametrized test."""
    return register.key()


def focused() -> QWidget:
    """The widget with the focus."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """Press a key where the focus is."""
    QTest.keyClick(focused(), key, held)


def type_text(text: str) -> None:
    """Type where the focus is: Latin letters and digits by key, all else through an input method that composes."""
    run = ""
    for letter in [*text, ""]:
        if letter and not letter.isascii():
            run += letter
            continue
        if run:
            compose("pin'yin")
            compose("", run)
            run = ""
        if letter:
            QTest.keyClicks(focused(), letter)


def compose(preedit: str, commit: str = "") -> None:
    """What an input method sends to the focus: the text being composed, and what is finished."""
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(focused(), event)


def field_in(form: RegisterForm) -> str:
    """The name of the field of a form that has the focus; "" when none has."""
    widget = QApplication.focusWidget()
    while widget is not None and form.editors.get(widget.objectName()) is not widget:
        widget = widget.parentWidget()
    return widget.objectName() if widget is not None else ""


def leave(editor: Editor) -> None:
    """Go on to the next field, as the clerk does from this kind of field."""
    several = isinstance(editor, ParagraphEditor) and not editor.control.enter_leaves
    press(ENTER, CTRL if several else NONE)


def texts(widget: QWidget) -> list[str]:
    """What labels and buttons on show say."""
    parts = [*widget.findChildren(QLabel), *widget.findChildren(QPushButton)]
    return [part.text() for part in parts if part.isVisible() and part.text()]


def button(widget: QWidget, label: str) -> QPushButton:
    """The button on show with this label."""
    return next(found for found in widget.findChildren(QPushButton) if found.text() == label and found.isVisible())


def click(target: QWidget) -> None:
    """Click in the middle."""
    QTest.mouseClick(target, Qt.MouseButton.LeftButton)


def sentences(form: RegisterForm) -> list[str]:
    """The problems and notes on show, but for what a saved record lacks."""
    return [line.sentence() for line, problem in form.problems.on_show() if problem.kind != "missing"]


def lacking(form: RegisterForm) -> dict[str, str]:
    """What the saved record on show lacks by its rules: field -> sentence."""
    return {problem.field: problem.text for _line, problem in form.problems.on_show() if problem.kind == "missing"}


def sample(register: type[Record], rules: Rulebook, n: int = 0) -> Record:
    """A sound record of any register: each field of quick entry filled by its kind, all days the same."""
    record = register()
    kinds = {kind.key(): kind for kind in register.LINES}
    apart = {name for section in register.FORM if section.when for name in section.fields}  # not shown at first
    for name in dict.fromkeys((*register.ENTRY, *register.MUSTS)):
        if name in apart:
            continue
        if name in kinds:
            record.rows[name] = [_line(kinds[name], rules, n)]
        else:
            setattr(record, name, stored_value(register._meta.fields[name], rules, n))
    setattr(record, register.SUBJECT, f"{UNITS[n % len(UNITS)]}关于{register.TITLE}工作的第{n}件事")
    return record


def _line(kind: type[Line], rules: Rulebook, n: int) -> Line:
    return kind(**{name: stored_value(kind._meta.fields[name], rules, n) for name in kind.COLUMNS})


def stored_value(field: object, rules: Rulebook, n: int = 0) -> Any:
    """A value for a field of any kind, as it is stored."""
    if isinstance(field, TermField):
        words = rules.words(field.vocabulary)
        return "、".join(words[:2]) if isinstance(field, TermsField) else words[0]
    for kinds, value in (
        (DateField, date(2022, 12, 5 + n)),
        (MomentField, f"2022-12-{5 + n:02} 14:30"),
        (FlagField, True),
        (YearField, 2022),
        (NumberField, 3 + n),
        (DecimalField, Decimal("1.5")),
        (ReferenceField, f"县办〔2022〕{n + 7}号"),
        (DocumentNumberField, f"蓝财〔2022〕{n + 7}号"),
        ((UnitField, UnitsField), UNITS[n % len(UNITS)]),
        ((PersonField, PersonsField), PEOPLE[n % len(PEOPLE)]),
    ):
        if isinstance(field, kinds):
            return value
    return f"{getattr(field, 'verbose_name', '')}甲{n}"


def typed_value(field: object, rules: Rulebook) -> tuple[str, Any]:
    """What a clerk types into a field of any kind, and what must then be stored."""
    if isinstance(field, ReferenceField):  # a number that no record holds, so that nothing completes it
        return "县办[2022]99号", "县办〔2022〕99号"
    if isinstance(field, YearField):
        return "2022", 2022
    if isinstance(field, NumberField):  # no number of a record that is there
        return "9", 9
    stored = stored_value(field, rules)
    for kinds, typed in (
        (DateField, "1205"),
        (MomentField, "1205 1430"),
        (DocumentNumberField, "蓝财[2022]7号"),
        ((UnitField, UnitsField), "xczj"),
        ((PersonField, PersonsField), "lz"),
    ):
        if isinstance(field, kinds):
            return typed, stored
    return str(stored), stored


def walked(form: RegisterForm) -> list[str]:
    """The fields of a form that are shown, in their order; all that are to come are made."""
    return form.walked() if form.editors else []


def fill(form: RegisterForm, rules: Rulebook) -> dict[str, Any]:
    """Type into every field by keyboard alone, from the first to the last; give back what must be stored.

    The focus stays in the last field: Enter there saves.
    """
    expected: dict[str, Any] = {}
    order = walked(form)
    while field_in(form) != order[0]:
        press(ENTER, SHIFT)
    for name in order:
        if expected:
            leave(form.editors[[*expected][-1]])
        assert field_in(form) == name
        expected[name] = _type_into(form, name, rules)
    return expected


def registered(open_page: Callable[[str], RegisterPage], store: Store) -> EntryPage:
    """Quick entry of the first register, in which one record was just registered."""
    page = open_page(REGISTERS[0].key())
    press(Qt.Key.Key_N, CTRL)
    entry = page.entry
    assert entry is not None
    fill(entry.form, store.rules)
    press(Qt.Key.Key_S, CTRL)
    return entry


def _type_into(form: RegisterForm, name: str, rules: Rulebook) -> Any:
    kinds = {kind.key(): kind for kind in form.register.LINES}
    if name in kinds:
        return fill_line(kinds[name], rules)
    field = form.register._meta.fields[name]
    if isinstance(field, FlagField):
        press(Qt.Key.Key_Space)
        return form.editors[name].value()
    typed, stored = typed_value(field, rules)
    type_text(typed)
    return stored


def fill_line(kind: type[Line], rules: Rulebook) -> list[dict[str, Any]]:
    """Type one row of a small table; the focus is then in its empty row."""
    row: dict[str, Any] = {}
    for name in kind.COLUMNS:
        typed, row[name] = typed_value(kind._meta.fields[name], rules)
        type_text(typed)
        press(ENTER)
    return [row]


def differing(record: Record, expected: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields and lines of a record that are not as expected: name -> (found, expected)."""
    kinds = {kind.key(): kind for kind in record.LINES}
    found: dict[str, Any] = {}
    for name in expected:
        if name in kinds:
            kind = kinds[name]
            found[name] = [{key: getattr(line, key) for key in kind.COLUMNS} for line in record.lines(kind)]
        else:
            found[name] = getattr(record, name)
    return {name: (found[name], value) for name, value in expected.items() if found[name] != value}
