"""Names that complete, several names, the pin, problems, lines under a record."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QPushButton, QWidget

from desktop import theme
from desktop.registers.completion import Completion, CompletionPopup, typed_part
from desktop.registers.editors import (
    ChoiceEditor,
    ChoicesEditor,
    DateEditor,
    LineColumn,
    LineEditor,
    LinesEditor,
    NameEditor,
    NamesEditor,
    NumberEditor,
    ParagraphEditor,
    ReferenceEditor,
    Unreadable,
)
from tests.desktop.office import INITIALS, Office, compose, put, window

__all__ = ["window"]

CTRL = Qt.KeyboardModifier.ControlModifier


def test_typed_initials_are_strong_in_name_and_initials() -> None:
    row = Completion("县发改局", "xfgj", 1)
    assert typed_part(row, "xfg") == (range(3), range(3))
    assert typed_part(row, "发改") == (range(1, 3), range(1, 3))
    assert typed_part(row, "交通") == (range(0), range(0))
    assert typed_part(Completion("A局", "", 0), "a") == (range(1), range(0))


def test_the_list_opens_on_typing_only_with_its_first_row_chosen(window: QWidget) -> None:
    editor = put(window, NameEditor("unit", Office()))
    assert editor.popup() is None
    QTest.keyClick(editor.control, Qt.Key.Key_Down)
    assert editor.popup() is None
    QTest.keyClicks(editor.control, "xfg")
    popup = editor.popup()
    assert popup is not None
    assert popup.chosen() == 0
    assert editor.control.hasFocus()
    assert popup.width() == editor.control.width()
    assert popup.y() >= editor.control.mapTo(window, QPoint(0, editor.control.height())).y()


def test_enter_takes_the_row_and_goes_on(window: QWidget) -> None:
    editor = put(window, NameEditor("unit", Office()))
    forward, changed = QSignalSpy(editor.left_forward), QSignalSpy(editor.changed)
    QTest.keyClicks(editor.control, "xfg")
    QTest.keyClick(editor.control, Qt.Key.Key_Down)
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert (editor.value(), forward.count(), changed.count()) == ("县房改办", 1, 4)
    assert editor.popup() is None


def test_tab_takes_the_row_and_escape_keeps_what_was_typed(window: QWidget) -> None:
    editor = put(window, NameEditor("unit", Office()))
    QTest.keyClicks(editor.control, "xf")
    QTest.keyClick(editor.control, Qt.Key.Key_Tab)
    assert editor.value() == "县发改局"
    assert not editor.control.hasFocus()
    editor.set_value(None)
    editor.setFocus()
    QTest.keyClicks(editor.control, "xf")
    QTest.keyClick(editor.control, Qt.Key.Key_Escape)
    assert editor.popup() is None
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert editor.value() == "xf"


def test_a_name_of_no_directory_is_allowed_and_an_exact_one_is_kept(window: QWidget) -> None:
    editor = put(window, NameEditor("unit", Office()))
    compose(editor, "", "塔峰街道")
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert editor.value() == "塔峰街道"
    editor.set_value(None)
    compose(editor, "", "县房改办")
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert editor.value() == "县房改办"


def test_a_click_takes_a_row_and_a_click_elsewhere_closes(window: QWidget) -> None:
    editor = put(window, NameEditor("unit", Office()))
    QTest.keyClicks(editor.control, "xfg")
    popup = editor.popup()
    assert popup is not None
    rows = popup.findChild(QListView)
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, theme.row() + 5))
    assert editor.value() == "县房改办"
    editor.control.clear()
    QTest.keyClicks(editor.control, "xfg")
    assert editor.popup() is not None
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(2, window.height() - 2))
    assert editor.popup() is None


def test_escape_closes_the_list_before_the_window_hears_of_it(window: QWidget) -> None:
    editor = put(window, NameEditor("unit", Office()))
    escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), window)
    heard = QSignalSpy(escape.activated)
    QTest.keyClicks(editor.control, "xf")
    QTest.keyClick(editor.control, Qt.Key.Key_Escape)
    assert (editor.popup(), heard.count()) == (None, 0)
    QTest.keyClick(editor.control, Qt.Key.Key_Escape)
    assert heard.count() == 1


@pytest.mark.parametrize("make", [LineEditor, lambda: ParagraphEditor(2)])
def test_undo_belongs_to_the_window_until_something_was_typed(window: QWidget, make: type[LineEditor]) -> None:
    editor = put(window, make())
    editor.set_value("甲")
    heard = QSignalSpy(QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), window).activated)
    QTest.keyClick(editor.control, Qt.Key.Key_Z, CTRL)
    assert heard.count() == 1
    QTest.keyClick(editor.control, Qt.Key.Key_End)
    QTest.keyClicks(editor.control, "b")
    QTest.keyClick(editor.control, Qt.Key.Key_Z, CTRL)
    assert (editor.value(), heard.count()) == ("甲", 1)


def test_the_list_goes_when_its_field_goes(window: QWidget) -> None:
    editor = put(window, NameEditor("unit", Office()))
    QTest.keyClicks(editor.control, "xf")
    assert len(window.findChildren(CompletionPopup)) == 1
    editor.deleteLater()
    for _ in range(2):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert window.findChildren(CompletionPopup) == []


def test_a_new_name_can_be_asked_for_in_the_list(window: QWidget) -> None:
    editor = put(window, NameEditor("unit", Office()))
    asked = QSignalSpy(editor.new_asked)
    QTest.keyClicks(editor.control, "xfg")
    popup = editor.popup()
    assert popup is not None
    button = popup.findChild(QPushButton)
    assert button.text() == "新增单位"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.at(0) == ["xfg"]


def test_of_several_names_the_part_under_the_cursor_completes(window: QWidget) -> None:
    editor = put(window, NamesEditor("unit", Office()))
    editor.set_value("县财政局、县水利局")
    editor.control.setCursorPosition(4)
    compose(editor, "", "、")
    QTest.keyClicks(editor.control, "xfgb")
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert editor.value() == "县财政局、县房改办、县水利局"


def test_letters_with_the_list_open_stand_for_the_proposal_when_the_form_is_saved(window: QWidget) -> None:
    editor = put(window, NameEditor("unit", Office()))
    QTest.keyClicks(editor.control, "xfg")
    QTest.keyClick(editor.control, Qt.Key.Key_Down)
    editor.settle()
    assert (editor.value(), editor.popup()) == ("县房改办", None)
    editor.control.selectAll()
    QTest.keyClicks(editor.control, "xfg")
    QTest.keyClick(editor.control, Qt.Key.Key_Escape)
    editor.settle()
    assert editor.value() == "xfg"
    editor.control.selectAll()
    compose(editor, "", "发改")
    assert editor.popup() is not None
    editor.settle()
    assert editor.value() == "发改"
    editor.control.selectAll()
    QTest.keyClicks(editor.control, "xfg")
    QTest.keyClick(editor.control, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert editor.value() == "县发改局"
    choice = put(window, ChoiceEditor({"函": "h", "会议通知": "hytz"}, {"函": "h", "会议通知": "hytz"}.__getitem__))
    QTest.keyClicks(choice.control, "h")
    choice.settle()
    assert choice.value() == "函"


def test_a_separator_behind_initials_takes_the_best_name(window: QWidget) -> None:
    editor = put(window, NamesEditor("unit", Office()))
    for part in ("xfg", "塔峰街道", "xfgb"):
        if part.isascii():
            QTest.keyClicks(editor.control, part)
        else:
            compose(editor, "", part)
        compose(editor, "", "，")
    editor.control.clearFocus()
    assert editor.control.text() == "县发改局、塔峰街道、县房改办"
    assert editor.value() == editor.control.text()


def test_several_choices_are_joined_and_each_must_be_in_the_list(window: QWidget) -> None:
    editor = put(window, ChoicesEditor(INITIALS, INITIALS.__getitem__))
    editor.set_value(["请示", "函"])
    assert editor.value() == "请示、函"
    editor.control.end(False)
    compose(editor, "", "、")
    QTest.keyClicks(editor.control, "bg")
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert editor.value() == "请示、函、报告"
    editor.control.type_text("请示、通报")
    with pytest.raises(Unreadable, match="通报"):
        editor.value()


@pytest.mark.parametrize("make", [LineEditor, lambda: ParagraphEditor(2), lambda: DateEditor(Office())])
def test_the_pin_is_toggled_by_its_key_and_only_if_there_is_one(window: QWidget, make: type[LineEditor]) -> None:
    editor = put(window, make())
    toggled = QSignalSpy(editor.pin_toggled)
    QTest.keyClick(editor.control, Qt.Key.Key_K, CTRL)
    assert toggled.count() == 0
    editor.set_pinnable(False)
    QTest.keyClick(editor.control, Qt.Key.Key_K, CTRL)
    QTest.keyClick(editor.control, Qt.Key.Key_K, CTRL)
    assert [toggled.at(n)[0] for n in range(toggled.count())] == [True, False]
    editor.set_pinnable(None)
    QTest.keyClick(editor.control, Qt.Key.Key_K, CTRL)
    assert toggled.count() == 2


def test_an_open_pin_shows_on_focus_only_and_a_filled_one_always(window: QWidget) -> None:
    editor = put(window, LineEditor())
    editor.set_pinnable(False)
    (pin,) = editor.control.actions()
    assert pin.isVisible()
    editor.control.clearFocus()
    assert not pin.isVisible()
    editor.set_pinnable(True)
    assert pin.isVisible()


def test_a_problem_is_a_frame_that_can_be_taken_away(window: QWidget) -> None:
    editor = put(window, LineEditor())
    for blocks, state in ((True, "bad"), (False, "noted"), (None, "")):
        editor.show_problem(blocks)
        assert editor.control.property("state") == state


def test_names_for_screen_readers_reach_the_control(window: QWidget) -> None:
    editor = put(window, LineEditor())
    editor.setAccessibleName("来文单位")
    assert editor.control.accessibleName() == "来文单位"
    assert editor.focusProxy() is editor.control


@pytest.fixture
def lines(window: QWidget) -> LinesEditor:
    """A table of instructions: who, on what day, how many pages."""
    columns = [
        LineColumn("who", "批示人", lambda: NameEditor("person", Office()), 8),
        LineColumn("on", "日期", lambda: DateEditor(Office()), 14),
        LineColumn("pages", "页数", lambda: NumberEditor(0)),
    ]
    return put(window, LinesEditor(columns))


GIVEN = [
    {"id": 7, "who": "陈志远", "on": date(2026, 11, 9), "pages": 0},
    {"id": 8, "who": "李文博", "on": None, "pages": 2},
]


def typed_in(control: QWidget | None) -> QLineEdit:
    """The line edit that has the focus."""
    assert isinstance(control, QLineEdit)
    return control


def test_lines_come_back_with_the_keys_that_have_no_column(lines: LinesEditor) -> None:
    changed = QSignalSpy(lines.changed)
    lines.set_value(GIVEN)
    assert lines.value() == GIVEN
    assert lines.row_count() == 3
    assert changed.count() == 0
    lines.set_value(None)
    assert (lines.value(), lines.row_count()) == ([], 1)


def test_enter_walks_the_cells_adds_a_row_and_leaves_from_an_empty_one(window: QWidget, lines: LinesEditor) -> None:
    forward = QSignalSpy(lines.left_forward)
    for text in ("a", "3.5", "4", "b"):
        QTest.keyClicks(typed_in(window.focusWidget()), text)
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert [row["who"] for row in lines.value()] == ["a", "b"]
    assert forward.count() == 0
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert window.focusWidget() is lines.cell(2, "who").control
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert forward.count() == 1
    assert len(lines.value()) == 2


def test_shift_enter_walks_back_and_out(window: QWidget, lines: LinesEditor) -> None:
    lines.set_value(GIVEN)
    back = QSignalSpy(lines.left_back)
    lines.cell(1, "who").setFocus()
    for _ in range(4):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert window.focusWidget() is lines.cell(0, "who").control
    assert back.count() == 1


def test_tab_goes_through_added_rows_before_it_leaves_the_table(window: QWidget, lines: LinesEditor) -> None:
    lines.set_value(GIVEN)
    lines.cell(1, "pages").setFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert window.focusWidget() is lines.cell(2, "who").control


def test_ctrl_delete_removes_a_row_that_can_be_restored(window: QWidget, lines: LinesEditor) -> None:
    lines.set_value(GIVEN)
    removed = QSignalSpy(lines.row_removed)
    lines.cell(0, "on").setFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Delete, CTRL)
    assert lines.value() == GIVEN[1:]
    assert window.focusWidget() is lines.cell(0, "on").control
    assert removed.count() == 1
    assert lines.restore_row()
    assert lines.value() == GIVEN
    assert not lines.restore_row()


def test_arrows_change_the_row(window: QWidget, lines: LinesEditor) -> None:
    lines.set_value(GIVEN)
    lines.cell(0, "pages").setFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Down)
    assert window.focusWidget() is lines.cell(1, "pages").control
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Up)
    assert window.focusWidget() is lines.cell(0, "pages").control


def test_a_cell_that_cannot_be_read_keeps_the_table_from_having_a_value(window: QWidget, lines: LinesEditor) -> None:
    lines.set_value(GIVEN)
    refused = QSignalSpy(lines.refused)
    lines.cell(1, "on").setFocus()
    QTest.keyClicks(window.focusWidget(), "2.30")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert refused.count() == 1
    with pytest.raises(Unreadable):
        lines.value()


def test_lines_that_are_read_only_have_no_empty_row(lines: LinesEditor) -> None:
    lines.set_value(GIVEN)
    lines.set_read_only(True)
    assert lines.row_count() == 2
    assert typed_in(lines.cell(0, "who").control).isReadOnly()


class Files(Office):
    """An office with one paper in its registers."""

    def records(self, register: str, typed: str) -> list[Completion]:
        """The paper, for whatever is typed."""
        return [Completion("下〔2022〕7号", "关于拨付防汛经费的请示", 0)] if register == "incoming" else []


def test_a_reference_completes_to_the_number_of_a_record(window: QWidget) -> None:
    editor = put(window, ReferenceEditor("incoming", Files()))
    editor.setMaximumWidth(160)
    QTest.qWait(0)
    QTest.keyClicks(editor.control, "2022")
    popup = editor.popup()
    assert popup is not None
    assert popup.width() > editor.control.width()
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert editor.value() == "下〔2022〕7号"


def test_words_that_only_stand_in_a_title_are_not_taken_for_its_number(window: QWidget) -> None:
    editor = put(window, ReferenceEditor("incoming", Files()))
    QTest.keyClicks(editor.control, "fh")
    popup = editor.popup()
    assert popup is not None
    assert popup.chosen() == -1
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert editor.value() == "fh"
    QTest.keyClicks(editor.control, "x")
    QTest.keyClick(editor.control, Qt.Key.Key_Down)
    QTest.keyClick(editor.control, Qt.Key.Key_Return)
    assert editor.value() == "下〔2022〕7号"
