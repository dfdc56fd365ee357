"""Sections of a long form that open and close with a choice, what a record lacks at its place, dates in little room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from db.registers.incoming import Incoming
from db.registers.major_decision import MajorDecision
from db.registers.normative_document import NormativeDocument
from db.store.store import Store
from desktop.registers.actions import Actions
from desktop.registers.editors import DateEditor
from desktop.registers.entry import EntryPage
from desktop.registers.form import RegisterForm
from desktop.registers.page import RegisterPage
from desktop.registers.words import OfficeWords
from tests.desktop.clerk import CTRL, field_in, lacking, press, type_text

Open = Callable[[str], RegisterPage]
ENTER = Qt.Key.Key_Return


def opened(open_page: Open, store: Store, **values: object) -> RegisterForm:
    """The form of a decision beside its list."""
    record = MajorDecision(proposed_on=date(2022, 1, 20), title="蓝山县供水规划", **values)
    store.save(record)
    page = open_page(MajorDecision.key())
    page.show_record(record.id)
    assert page.detail.record is not None
    assert page.detail.record.id == record.id
    return page.detail.form


def shown(form: RegisterForm, *names: str) -> list[bool]:
    """Whether these fields are to be seen."""
    return [form.editors[name].isVisibleTo(form) for name in names]


def test_a_step_that_does_not_apply_asks_for_the_reason_alone(open_page: Open, store: Store) -> None:
    form = opened(open_page, store)
    assert shown(form, "public_reason", "public_from", "received") == [False, True, True]
    form.focus("public")
    press(Qt.Key.Key_A, CTRL)
    type_text("不适用")
    press(ENTER)
    assert field_in(form) == "public_reason"
    assert shown(form, "public_reason", "public_from", "received") == [True, False, False]
    type_text("依法不予公开")
    press(ENTER)
    assert field_in(form) == "expertise"


def test_a_step_of_which_nobody_has_said_whether_it_applies_shows_neither(open_page: Open, store: Store) -> None:
    form = opened(open_page, store)
    assert shown(form, "assess", "assess_reason", "assessor") == [True, False, False]


def test_a_section_may_depend_on_one_of_several_words_of_a_field_that_is_shown(open_page: Open, store: Store) -> None:
    form = opened(open_page, store, public_methods="公开征求意见、听证会")
    assert shown(form, "heard_on") == [True]
    form.focus("public")
    press(Qt.Key.Key_A, CTRL)
    type_text("不适用")
    press(ENTER)
    assert shown(form, "public_methods", "heard_on") == [False, False]


def test_what_a_saved_record_lacks_by_its_rules_is_told_at_its_field(open_page: Open, store: Store) -> None:
    form = opened(open_page, store, catalogued_on=date(2022, 3, 1), public="不适用")
    assert lacking(form) == {
        "agreed_on": "目录公布前应当经同级党委同意（第3条）", "public_reason": "公众参与不适用的要写明理由",
    }  # fmt: skip
    assert form.editors["agreed_on"].control.property("state") == "noted"
    assert form.problems.blocking() == 0


def test_what_is_simply_expected_is_told_by_the_empty_field(open_page: Open, store: Store) -> None:
    assert lacking(opened(open_page, store)) == {}


def test_a_date_in_little_room_stands_whole_without_its_weekday(words: OfficeWords, qtbot: QtBot) -> None:
    editor = DateEditor(words)
    qtbot.addWidget(editor)
    editor.show()
    editor.resize(400, editor.height())
    editor.set_value(date(2022, 7, 10))  # a Sunday
    assert (editor.hint.isVisible(), editor.mark.isVisible()) == (True, True)
    editor.resize(130, editor.height())
    assert (editor.hint.isVisible(), editor.mark.isVisible()) == (False, True)
    editor.resize(90, editor.height())
    assert (editor.hint.isVisible(), editor.mark.isVisible()) == (False, False)
    editor.resize(400, editor.height())
    assert editor.hint.isVisible()
    editor.set_value(None)
    assert (editor.hint.isVisible(), editor.mark.isVisible()) == (False, False)


def test_a_field_that_follows_from_others_is_shown_and_takes_no_edits(
    actions: Actions, words: OfficeWords, qtbot: QtBot
) -> None:
    form = RegisterForm(NormativeDocument, actions, words)
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    assert QTest.qWaitForWindowActive(form)
    form.set_record(actions.blank(NormativeDocument), {"effective_on": date(2022, 9, 1)})
    assert form.editors["valid_until"].value() == date(2027, 8, 31)
    form.focus("valid_until")
    type_text("2030.1.1")
    assert form.editors["valid_until"].value() == date(2027, 8, 31)


def test_a_new_document_is_not_published_today_unless_the_clerk_says_so(actions: Actions) -> None:
    assert actions.blank(NormativeDocument).published_on is None


def enter(page: RegisterPage, **typed: str) -> EntryPage:
    """Quick entry with these fields typed by keyboard."""
    page.enter_new()
    entry = page.entry
    assert entry is not None
    for name, text in typed.items():
        entry.form.focus(name)
        press(Qt.Key.Key_A, CTRL)
        type_text(text)
        press(ENTER)
    return entry


def newest(store: Store) -> Incoming:
    """What was registered last."""
    return store.load(Incoming, store.connection.execute("SELECT max(id) FROM incoming").fetchone()[0])


def test_quick_entry_asks_what_a_call_said_and_of_a_paper_nothing_of_it(open_page: Open, store: Store) -> None:
    call = ("call_time", "caller", "content")
    page = open_page("incoming")
    entry = enter(page, from_unit="县财政局", source_level="县直部门", medium="电话", title="催报报表")
    assert shown(entry.form, *call) == [True, True, True]
    assert entry.form.editors["call_time"].control.placeholderText() == "如14:30、0305 14:30"
    entry.form.focus("caller")
    type_text("何志强")
    entry.form.focus("content")
    type_text("请于今日下班前报送")
    press(Qt.Key.Key_S, CTRL)
    saved = newest(store)
    assert (saved.medium, saved.caller, saved.content) == ("电话", "何志强", "请于今日下班前报送")
    entry.form.focus("medium")
    press(Qt.Key.Key_A, CTRL)
    type_text("纸质公文")
    press(ENTER)
    assert shown(entry.form, *call) == [False, False, False]
    press(Qt.Key.Key_D, CTRL)  # 沿用上一条 takes over nothing that is not to be seen
    assert {"caller", "content"}.isdisjoint(entry.form.typed())


def test_a_most_urgent_paper_lacks_nothing_after_quick_entry(open_page: Open, store: Store) -> None:
    typed = {
        "from_unit": "县财政局",
        "source_level": "县直部门",
        "kind": "通知",
        "urgency": "特急",
        "title": "紧急通知",
    }
    enter(open_page("incoming"), **typed, received_time="16:40")
    press(Qt.Key.Key_S, CTRL)
    assert (newest(store).urgency, newest(store).received_time, newest(store).missing) == ("特急", "16:40", 0)


def test_the_foot_tells_the_key_that_leaves_a_field_of_several_lines(open_page: Open) -> None:
    def told() -> str:
        return next(label.text() for label in entry.findChildren(QLabel) if label.text().startswith("Enter "))

    entry = enter(open_page("incoming"), medium="电话")
    entry.form.focus("proposed_opinion")
    assert told().startswith("Enter 下一项   Shift+Enter 上一项")
    entry.form.focus("content")
    assert told().startswith("Enter 换行   Ctrl+Enter 下一项   Shift+Enter 上一项")
    press(ENTER, CTRL)
    assert field_in(entry.form) == "proposed_opinion"
    assert told().startswith("Enter 下一项")
