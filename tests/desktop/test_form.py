"""The record beside the list: typing, problems, notes and their fixes, stages, history, undo."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGridLayout, QWidget

from db.record import MomentField, Record
from db.registers.incoming import Incoming
from db.store.store import Store
from desktop.dialogs.reason import ReasonDialog
from desktop.registers.actions import Actions
from desktop.registers.detail import RecordDetail
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
    field_in,
    press,
    sample,
    sentences,
    texts,
    type_text,
)  # fmt: skip

Open = Callable[[str], RegisterPage]
every_register = pytest.mark.parametrize("register", REGISTERS, ids=by_key)
one_register = pytest.mark.parametrize("register", REGISTERS[:1], ids=by_key)  # what no declaration has a say in
EVERY = {register.key(): register for register in REGISTERS}


def retitle(page: RegisterPage, words: str) -> RecordDetail:
    """Type another title into the record on show."""
    page.detail.form.focus(page.register.SUBJECT)
    press(Qt.Key.Key_A, CTRL)
    type_text(words)
    return page.detail


def title_of(store: Store, record: Record) -> str:
    """The title that is stored."""
    return getattr(store.load(type(record), record.id), record.SUBJECT)


def on_show(page: RegisterPage) -> Record:
    """The record beside the list."""
    assert page.detail.record is not None
    return page.detail.record


@every_register
def test_the_form_has_every_declared_field_and_shows_what_is_stored(open_page: Open, register: type[Record]) -> None:
    page = open_page(register.key())
    form = page.detail.form
    assert list(form.editors) == [name for section in register.FORM for name in section.fields]
    for name, editor in form.editors.items():
        assert editor.objectName() == name
        assert form._rows.labels[name].buddy() is editor
        assert editor.accessibleName() == register.label(name)
        if name in register._meta.fields and not isinstance(register._meta.fields[name], MomentField):
            assert editor.value() == (getattr(on_show(page), name) or None) or editor.value() is False


@every_register
def test_an_edited_record_is_saved_by_ctrl_s_and_the_list_shows_it(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    page = open_page(register.key())
    record = on_show(page)
    detail = retitle(page, "另一个标题")
    assert "未保存" in texts(detail)
    press(Qt.Key.Key_S, CTRL)
    assert sentences(detail.form) == []
    assert title_of(store, record) == "另一个标题"
    assert "已保存" in texts(detail)
    model = page.table.records()
    assert "另一个标题" in [model.text_at(0, column) for column in range(model.columnCount())]
    assert page.table.current_id() == record.id
    assert record.number in page.toast.sentence()


@every_register
def test_undo_and_redo_go_through_an_edit_and_the_form_follows(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    page = open_page(register.key())
    record = on_show(page)
    old = title_of(store, record)
    retitle(page, "另一个标题")
    press(Qt.Key.Key_S, CTRL)
    page.table.setFocus()
    press(Qt.Key.Key_Z, CTRL)
    assert title_of(store, record) == old
    assert page.detail.form.editors[register.SUBJECT].value() == old
    assert page.toast.sentence().startswith("已撤销")
    press(Qt.Key.Key_Y, CTRL)
    assert title_of(store, record) == "另一个标题"
    press(Qt.Key.Key_Z, CTRL)
    press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert title_of(store, record) == "另一个标题"
    assert page.detail.form.editors[register.SUBJECT].value() == "另一个标题"
    assert page.toast.sentence().startswith("已重做")
    retitle(page, "又一个标题")
    press(Qt.Key.Key_S, CTRL)
    assert sentences(page.detail.form) == []
    assert title_of(store, record) == "又一个标题"


@one_register
def test_nothing_reacts_in_the_form_while_an_input_method_composes(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    page = open_page(register.key())
    record = on_show(page)
    old = title_of(store, record)
    page.detail.form.focus(register.SUBJECT)
    compose("xiu'gai")
    keys = ((ENTER, NONE), (ENTER, CTRL | SHIFT), (ESC, NONE), (Qt.Key.Key_S, CTRL), (Qt.Key.Key_PageDown, CTRL))
    for key, held in keys:
        press(key, held)
    assert field_in(page.detail.form) == register.SUBJECT
    assert on_show(page).id == record.id
    assert title_of(store, record) == old
    compose("", "修改")
    press(Qt.Key.Key_S, CTRL)
    assert "修改" in title_of(store, record)


@one_register
def test_thirty_megabytes_pasted_into_the_title_are_refused_at_the_field_and_nothing_is_lost(
    open_page: Open, register: type[Record]
) -> None:
    page = open_page(register.key())
    form = page.detail.form
    form.focus(register.SUBJECT)
    before = form.editors[register.SUBJECT].value()
    QGuiApplication.clipboard().setText("长" * 10_000_000)
    press(Qt.Key.Key_V, CTRL)
    QGuiApplication.clipboard().clear()
    QTest.qWait(0)
    assert form.editors[register.SUBJECT].value() == before
    assert ["10,000,000" in sentence for sentence in sentences(form)] == [True]
    assert field_in(form) == register.SUBJECT


@every_register
def test_a_refusal_leaves_the_form_as_typed_and_says_how_many_are_to_be_mended(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    page = open_page(register.key())
    form, record = page.detail.form, on_show(page)
    old = title_of(store, record)
    day = register.BUSINESS_DATE
    assert day in form.editors
    retitle(page, "另一个标题")
    form.focus(day)
    press(Qt.Key.Key_A, CTRL)
    type_text("13.45")
    press(Qt.Key.Key_S, CTRL)
    QTest.qWait(0)
    assert sentences(form) == ["没有 13 月 45 日"]
    assert "1处待改，没有保存" in texts(page.detail)
    assert field_in(form) == day
    assert form.editors[register.SUBJECT].value() == "另一个标题"
    assert form.editors[day].control.text() == "13.45"
    assert title_of(store, record) == old


@one_register
def test_a_half_typed_change_is_kept_as_a_draft_of_its_record_when_another_one_is_shown(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    page = open_page(register.key())
    record = on_show(page)
    retitle(page, "改到一半")
    press(Qt.Key.Key_PageDown, CTRL)
    assert on_show(page).id != record.id
    assert page.detail.form.editors[register.SUBJECT].value() != "改到一半"
    press(Qt.Key.Key_PageUp, CTRL)
    assert on_show(page).id == record.id
    assert page.detail.form.editors[register.SUBJECT].value() == "改到一半"
    assert "未保存，草稿已留" in texts(page.detail)
    page.detail.form.focus(register.SUBJECT)
    press(Qt.Key.Key_S, CTRL)
    assert title_of(store, record) == "改到一半"
    assert store.drafts(register) == []


@every_register
def test_the_history_shows_who_when_and_old_and_new(
    open_page: Open, window: MainWindow, register: type[Record]
) -> None:
    page = open_page(register.key())
    old = getattr(on_show(page), register.SUBJECT)
    retitle(page, "另一个标题")
    press(Qt.Key.Key_S, CTRL)
    press(Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    words = page.detail.pages.history.toPlainText()
    assert page.detail.pages.history.isVisible()
    assert "李喆" in words
    assert "2022-12-30 10:00" in words
    assert f"{old} → 另一个标题" in words
    assert words.index("修改") < words.index(register.VERB)
    press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert page.detail.form.isVisible()


@every_register
def test_an_old_value_is_put_back_from_the_history_and_that_can_be_undone(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    page = open_page(register.key())
    record = on_show(page)
    old = getattr(record, register.SUBJECT)
    retitle(page, "另一个标题")
    press(Qt.Key.Key_S, CTRL)
    press(Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    history = page.detail.pages.history
    assert history.toPlainText().count("恢复原值") == 1
    link = re.search(r'href="(back:[^"]+)"', history.toHtml())
    assert link
    history.anchorClicked.emit(QUrl(link[1]))
    assert title_of(store, record) == old
    assert f"已恢复{register.label(register.SUBJECT)}" in page.toast.sentence()
    history.anchorClicked.emit(QUrl(link[1]))
    assert "现在就是这个内容，没有改动" in history.toPlainText()
    press(Qt.Key.Key_Z, CTRL)
    assert title_of(store, record) == "另一个标题"


@every_register
def test_a_record_with_a_number_is_voided_with_its_reason_keeps_the_number_and_can_be_taken_back(
    open_page: Open, store: Store, register: type[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(register.key())
    record = on_show(page)
    assert record.number

    def type_reason(dialog: ReasonDialog) -> bool:
        assert not dialog.verb_button.isEnabled()
        dialog.reason.setText("文种有误")
        assert dialog.verb_button.isEnabled()
        return True

    monkeypatch.setattr(ReasonDialog, "exec", type_reason)
    click(button(page.detail, "作废..."))
    voided = store.load(register, record.id)
    assert (voided.voided_on, voided.void_reason, voided.number) == (date(2022, 12, 30), "文种有误", record.number)
    assert page.toast.sentence() == f"已作废 {record.number}"
    assert any("作废：文种有误" in text for text in texts(page.detail))
    assert page.table.records().text_at(0, 0) == "作废"
    page.table.setFocus()
    press(Qt.Key.Key_Z, CTRL)
    assert store.load(register, record.id).voided_on is None
    assert not any("作废：文种有误" in text for text in texts(page.detail))


@one_register
def test_without_a_reason_nothing_is_voided(
    open_page: Open, store: Store, register: type[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(register.key())
    monkeypatch.setattr(ReasonDialog, "exec", lambda _dialog: False)
    page.table.setFocus()
    press(Qt.Key.Key_Delete)
    assert store.load(register, on_show(page).id).voided_on is None


def test_a_section_appears_with_the_word_that_it_belongs_to_and_enter_passes_it_over_otherwise(
    open_page: Open, store: Store
) -> None:
    page = open_page(Incoming.key())
    form, record = page.detail.form, on_show(page)
    section = next(section for section in Incoming.FORM if section.when)
    before = list(form.editors)[list(form.editors).index(section.fields[0]) - 1]
    assert not any(form.editors[name].isVisible() for name in section.fields)
    form.focus(before)
    press(ENTER)
    assert field_in(form) not in section.fields
    form.focus("medium")
    press(Qt.Key.Key_A, CTRL)
    type_text("电话")
    press(ENTER)
    QTest.qWait(250)
    assert all(form.editors[name].isVisible() for name in section.fields)
    form.focus(before)
    press(ENTER)
    assert field_in(form) == section.fields[0] == "call_time"
    type_text("1230 1430")
    press(Qt.Key.Key_S, CTRL)
    assert store.load(Incoming, record.id).call_time == "2022-12-30 14:30"
    assert form.editors["call_time"].control.text() == "2022-12-30 14:30"
    press(Qt.Key.Key_PageDown, CTRL)
    press(Qt.Key.Key_PageUp, CTRL)
    assert form.editors["call_time"].control.text() == "2022-12-30 14:30"


@every_register
def test_going_through_the_records_makes_no_fields_anew(open_page: Open, register: type[Record]) -> None:
    page = open_page(register.key())
    form = page.detail.form

    def parts() -> tuple[int, list[int]]:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        grids = [grid.rowCount() for grid in form.findChildren(QGridLayout)]
        return len(form.findChildren(QWidget)), grids

    before = parts()
    for by in (1, 1, -1, -1) * 3:
        page.step(by)
    assert on_show(page).id == 3
    assert parts() == before


@every_register
def test_the_rows_of_one_record_never_show_in_another(
    open_page: Open, store: Store, actions: Actions, register: type[Record]
) -> None:
    bare = sample(register, store.rules, 8)
    bare.rows = {}
    actions.save(bare)
    page = open_page(register.key())
    kinds = {kind.key(): kind for kind in register.LINES}
    for number in (bare.id, 3, bare.id):
        page.show_record(number)
        stored = store.load(register, number)
        for key, kind in kinds.items():
            shown = page.detail.form.editors[key].value()
            assert [row["id"] for row in shown] == [line.id for line in stored.lines(kind)]
