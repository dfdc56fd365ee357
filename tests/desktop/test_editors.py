"""The editors: keys, input methods, pastes, dates, choices, names and lines, as a clerk types them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.registers.editors import (
    ChoiceEditor,
    ChoicesEditor,
    DateEditor,
    DecimalEditor,
    FlagEditor,
    LineEditor,
    MomentEditor,
    NameEditor,
    NamesEditor,
    NumberEditor,
    ParagraphEditor,
    Unreadable,
)
from tests.desktop.office import INITIALS, Office, compose, put, window

__all__ = ["window"]

EVERY = {
    "line": LineEditor,
    "title": lambda: ParagraphEditor(2),
    "number": NumberEditor,
    "decimal": DecimalEditor,
    "date": lambda: DateEditor(Office()),
    "moment": lambda: MomentEditor(Office()),
    "choice": lambda: ChoiceEditor(INITIALS, INITIALS.__getitem__),
    "choices": lambda: ChoicesEditor(INITIALS, INITIALS.__getitem__),
    "name": lambda: NameEditor("unit", Office()),
    "names": lambda: NamesEditor("unit", Office()),
    "flag": FlagEditor,
}
SAMPLES = {
    "line": "青交〔2026〕87号", "title": "关于申请追加经费的请示", "number": 12, "decimal": Decimal("12.50"),
    "date": date(2026, 3, 5), "moment": datetime(2026, 3, 5, 14, 30), "choice": "请示", "choices": "请示、函",
    "name": "县发改局", "names": "县发改局、县房改办", "flag": True,
}  # fmt: skip


@pytest.mark.parametrize("kind", EVERY)
def test_enter_goes_on_and_shift_enter_goes_back_in_every_editor(window: QWidget, kind: str) -> None:
    editor = put(window, EVERY[kind]())
    forward, back = QSignalSpy(editor.left_forward), QSignalSpy(editor.left_back)
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    QTest.keyClick(editor.control, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert (forward.count(), back.count()) == (2, 0)
    QTest.keyClick(editor.control, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert (forward.count(), back.count()) == (2, 1)


@pytest.mark.parametrize("kind", EVERY)
def test_a_value_that_is_set_comes_back_and_is_no_change(window: QWidget, kind: str) -> None:
    editor = put(window, EVERY[kind]())
    changed = QSignalSpy(editor.changed)
    editor.set_value(SAMPLES[kind])
    assert editor.value() == SAMPLES[kind]
    assert not editor.is_empty()
    editor.setFocus()
    editor.control.clearFocus()
    assert editor.value() == SAMPLES[kind]
    editor.set_value(None)
    assert editor.is_empty()
    assert changed.count() == 0


@pytest.mark.parametrize("kind", [kind for kind in EVERY if kind != "flag"])
def test_nothing_reacts_while_an_input_method_composes(window: QWidget, kind: str) -> None:
    editor = put(window, EVERY[kind]())
    spies = [QSignalSpy(signal) for signal in (editor.changed, editor.left_forward, editor.refused)]
    compose(editor, "qing'shi")
    assert editor.composing()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Down):
        QTest.keyClick(editor.control, key)
    assert editor.control.hasFocus()
    assert [spy.count() for spy in spies] == [0, 0, 0]
    assert getattr(editor, "popup", lambda: None)() is None
    compose(editor, "", "请示")
    assert not editor.composing()
    assert spies[0].count() == 1
    QTest.keyClick(editor.control, Qt.Key.Key_Escape)
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert spies[1].count() == 1


def test_a_list_opens_after_the_composition_is_committed(window: QWidget) -> None:
    editor = put(window, NameEditor("unit", Office()))
    compose(editor, "fagai")
    assert editor.popup() is None
    compose(editor, "", "发改")
    assert editor.popup() is not None


def test_a_long_text_takes_enter_as_a_new_line_and_ctrl_enter_as_the_way_out(window: QWidget) -> None:
    editor = put(window, ParagraphEditor(4))
    forward = QSignalSpy(editor.left_forward)
    QTest.keyClicks(editor.control, "a")
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    QTest.keyClicks(editor.control, "b")
    assert (editor.value(), forward.count()) == ("a\nb", 0)
    QTest.keyClick(editor.control, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (editor.value(), forward.count()) == ("a\nb", 1)


@pytest.mark.parametrize("make", [LineEditor, lambda: ParagraphEditor(4)])
def test_ctrl_y_does_again_what_was_taken_back_in_a_field(window: QWidget, make: type[LineEditor]) -> None:
    editor, asked = put(window, make()), []
    QShortcut(QKeySequence("Ctrl+Y"), window).activated.connect(lambda: asked.append("window"))
    QTest.keyClicks(editor.control, "ab")
    QTest.keyClick(editor.control, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(editor.control, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert (editor.value(), asked) == ("ab", [])
    QTest.keyClick(editor.control, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert (editor.value(), asked) == ("ab", ["window"])


@pytest.mark.parametrize(
    ("pasted", "line"),
    [
        ("关于申请追加\r\n经费的请示\n", "关于申请追加经费的请示"),
        ("Windows\n 11", "Windows 11"),
        ("甲\t乙", "甲 乙"),
        ("甲\n\n B", "甲B"),
    ],
)
def test_a_paste_of_several_lines_becomes_one(window: QWidget, pasted: str, line: str) -> None:
    editor = put(window, LineEditor())
    QGuiApplication.clipboard().setText(pasted)
    QTest.keyClick(editor.control, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert editor.value() == line


def test_a_paste_that_is_too_long_is_refused_and_nothing_is_lost(window: QWidget) -> None:
    editor = put(window, LineEditor())
    editor.set_value("原来的内容")
    refused, changed = QSignalSpy(editor.refused), QSignalSpy(editor.changed)
    QGuiApplication.clipboard().setText("长" * 2_001)
    QTest.keyClick(editor.control, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(editor.control, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert editor.value() == "原来的内容"
    assert changed.count() == 0
    assert "2,001" in refused.at(0)[0]
    QGuiApplication.clipboard().setText("长" * 2_000)
    QTest.keyClick(editor.control, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert editor.value() == "长" * 2_000


def test_a_paste_into_a_text_is_refused_beyond_its_limit_and_folded_in_a_title(window: QWidget) -> None:
    title, text = ParagraphEditor(2), put(window, ParagraphEditor(5))
    mime = QMimeData()
    mime.setText("一、\n二、")
    title.control.insertFromMimeData(mime)
    text.control.insertFromMimeData(mime)
    assert (title.value(), text.value()) == ("一、二、", "一、\n二、")
    mime.setText("长" * 100_001)
    refused = QSignalSpy(text.refused)
    text.control.insertFromMimeData(mime)
    assert (text.value(), refused.count()) == ("一、\n二、", 1)


def test_a_stored_text_longer_than_qt_allows_is_not_cut(window: QWidget) -> None:
    editor = put(window, LineEditor())
    editor.set_value("长" * 40_000)
    assert editor.value() == "长" * 40_000


def test_a_number_is_read_in_full_width_with_commas_and_kept_in_its_bounds(window: QWidget) -> None:
    editor = put(window, NumberEditor(1, 5_000))
    for typed, number in (("１２", 12), ("3,104", 3104), (" 7 ", 7)):
        editor.control.type_text(typed)
        assert editor.value() == number
    for typed in ("0", "5001", "12.5", "十二"):
        editor.control.type_text(typed)
        with pytest.raises(Unreadable) as trouble:
            editor.value()
        assert trouble.value.text == typed
    assert "不是整数" in trouble.value.sentence


def test_a_decimal_is_exact_and_refuses_more_places(window: QWidget) -> None:
    editor = put(window, DecimalEditor(places=2, minimum=Decimal(0)))
    editor.control.type_text("1,234.10")
    assert editor.value() == Decimal("1234.10")
    for typed, word in (("0.005", "2 位小数"), ("-1", "不能小于 0"), ("1e5", "不是数字")):
        editor.control.type_text(typed)
        with pytest.raises(Unreadable, match=word):
            editor.value()


def test_a_typed_date_is_shown_beside_the_field_and_in_full_on_leaving(window: QWidget) -> None:
    editor = put(window, DateEditor(Office()))
    QTest.keyClicks(editor.control, "1010")
    assert editor.control.text() == "1010"
    assert editor.hint.text() == "= 2026-10-10 周六"
    assert editor.mark.text() == "班"
    assert editor.mark.sizeHint().width() >= editor.mark.fontMetrics().horizontalAdvance("班") + 8
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert (editor.control.text(), editor.hint.text()) == ("2026-10-10", "周六")
    assert editor.value() == date(2026, 10, 10)


def test_rest_days_and_years_without_a_calendar_are_marked(window: QWidget) -> None:
    editor = put(window, DateEditor(Office()))
    for day, mark in ((date(2026, 11, 22), "休"), (date(2026, 11, 23), ""), (date(2027, 3, 1), "暂按")):
        editor.set_value(day)
        assert editor.mark.text() == mark
        assert editor.mark.isVisible() == bool(mark)


def test_a_date_that_does_not_exist_is_told_on_leaving_and_stays_as_typed(window: QWidget) -> None:
    editor = put(window, DateEditor(Office()))
    refused, mended = QSignalSpy(editor.refused), QSignalSpy(editor.mended)
    QTest.keyClicks(editor.control, "2.30")
    assert refused.count() == 0
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    editor.control.clearFocus()
    assert refused.count() == 1
    assert "2 月 30 日" in refused.at(0)[0]
    assert editor.control.text() == "2.30"
    assert editor.control.property("state") == "bad"
    with pytest.raises(Unreadable):
        editor.value()
    editor.setFocus()
    editor.control.selectAll()
    QTest.keyClicks(editor.control, "2.28")
    assert mended.count() == 1
    assert editor.control.property("state") == ""


def test_the_calendar_opens_by_alt_down_and_gives_its_day(window: QWidget) -> None:
    editor = put(window, DateEditor(Office()))
    changed = QSignalSpy(editor.changed)
    editor.set_value(date(2026, 3, 5))
    editor.open_calendar()
    calendar = QApplication.activePopupWidget()
    assert calendar is not None
    QTest.keyClick(calendar.month.focusWidget() or calendar.month, Qt.Key.Key_Right)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert editor.value() == date(2026, 3, 6)
    assert changed.count() == 1
    QTest.keyClick(editor.control, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    calendar = QApplication.activePopupWidget()
    assert calendar is not None
    QTest.keyClick(calendar, Qt.Key.Key_Escape)
    assert not calendar.isVisible()
    assert editor.value() == date(2026, 3, 6)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("0305 1430", datetime(2026, 3, 5, 14, 30)), ("2026-03-05 9:05", datetime(2026, 3, 5, 9, 5)),
        ("3.5 ９：05", datetime(2026, 3, 5, 9, 5)), ("14:30", datetime(2026, 11, 23, 14, 30)),
        ("今天 9点", datetime(2026, 11, 23, 9)), ("0305", datetime(2026, 3, 5)),
        ("1530", datetime(2026, 11, 23, 15, 30)), ("0945", datetime(2026, 11, 23, 9, 45)),
    ],
)  # fmt: skip
def test_a_moment_is_a_day_and_a_time(window: QWidget, typed: str, moment: datetime) -> None:
    editor = put(window, MomentEditor(Office()))
    editor.control.type_text(typed)
    assert editor.value() == moment


def test_digits_that_are_neither_day_nor_time_are_refused_as_a_day(window: QWidget) -> None:
    editor = put(window, MomentEditor(Office()))
    editor.control.type_text("1575")
    with pytest.raises(Unreadable, match="没有 15 月 75 日"):
        editor.value()


def test_a_time_that_does_not_exist_is_refused(window: QWidget) -> None:
    editor = put(window, MomentEditor(Office()))
    editor.control.type_text("3.5 25:00")
    with pytest.raises(Unreadable, match="25:00"):
        editor.value()


@pytest.mark.parametrize(("typed", "word"), [("q", "请示"), ("bg", "报告"), ("3", "函"), ("2", "报告")])
def test_a_choice_is_typed_by_initials_or_place(window: QWidget, typed: str, word: str) -> None:
    editor = put(window, ChoiceEditor(INITIALS, INITIALS.__getitem__))
    forward = QSignalSpy(editor.left_forward)
    QTest.keyClicks(editor.control, typed)
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert (editor.value(), editor.control.text(), forward.count()) == (word, word, 1)


def test_a_lone_letter_chooses_no_word_that_it_only_stands_within(window: QWidget) -> None:
    letters = {"无": "w", "内部": "nb", "涉密（占号）": "smzh"}
    editor = put(window, ChoiceEditor(letters, letters.__getitem__))
    for typed, offered in (
        ("h", []),
        ("s", ["涉密（占号）"]),
        ("zh", ["涉密（占号）"]),
        ("部", ["内部"]),
        ("n", ["内部"]),
    ):
        assert [row.text for row in editor.offers(typed)] == offered
    QTest.keyClicks(editor.control, "h")
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert editor.control.text() == "h"
    assert editor.is_unreadable()


def test_a_choice_stands_for_its_value_and_an_old_word_stays(window: QWidget) -> None:
    editor = put(window, ChoiceEditor([("in", "收文"), ("call", "来电")]))
    editor.set_value("call")
    assert (editor.control.text(), editor.value()) == ("来电", "call")
    editor.set_value("传真")
    assert (editor.control.text(), editor.value()) == ("传真", "传真")


def test_the_wheel_never_changes_a_choice(window: QWidget) -> None:
    editor = put(window, ChoiceEditor(INITIALS))
    editor.set_value("报告")
    centre = QPointF(editor.control.rect().center())
    for has_focus in (True, False):
        if not has_focus:
            editor.control.clearFocus()
        wheel = QWheelEvent(
            centre, editor.control.mapToGlobal(centre), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(editor.control, wheel)
        assert editor.value() == "报告"


def test_the_list_of_a_choice_opens_by_key_and_takes_the_arrow_keys(window: QWidget) -> None:
    editor = put(window, ChoiceEditor(INITIALS))
    editor.set_value("请示")
    changed = QSignalSpy(editor.changed)
    QTest.keyClick(editor.control, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = editor.popup()
    assert popup is not None
    assert popup.chosen() == 0
    QTest.keyClick(editor.control, Qt.Key.Key_Down)
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert (editor.value(), changed.count(), editor.popup()) == ("报告", 1, None)


def test_a_word_that_is_no_choice_is_refused_and_stays(window: QWidget) -> None:
    editor = put(window, ChoiceEditor(INITIALS))
    refused = QSignalSpy(editor.refused)
    compose(editor, "", "通报")
    editor.control.clearFocus()
    assert refused.count() == 1
    assert "通报" in refused.at(0)[0]
    assert editor.control.text() == "通报"
    with pytest.raises(Unreadable):
        editor.value()


def test_an_empty_choice_is_allowed_unless_it_is_required(window: QWidget) -> None:
    for required, left in ((False, None), (True, "报告")):
        editor = put(window, ChoiceEditor(INITIALS, required=required))
        editor.set_value("报告")
        editor.control.selectAll()
        QTest.keyClick(editor.control, Qt.Key.Key_Delete)
        editor.control.clearFocus()
        assert editor.value() == left
