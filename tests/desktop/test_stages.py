"""The steps of a record: the button of the next stage, the side ways in the menu, what a step needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from db.record import Move, Record, TermsField
from db.registers.incoming import Incoming
from db.store.store import Store
from desktop.registers.page import RegisterPage
from tests.desktop.clerk import (
    CTRL,
    ENTER,
    REGISTERS,
    SHIFT,
    by_key,
    click,
    field_in,
    fill_line,
    press,
    sentences,
    texts,
    type_text,
    typed_value,
)  # fmt: skip

Open = Callable[[str], RegisterPage]
TODAY = date(2022, 12, 30)
every_register = pytest.mark.parametrize("register", REGISTERS, ids=by_key)


def next_move(record: Record) -> Move:
    """The step of the main line that comes next."""
    line = [stage.key for stage in record.STAGES if not stage.side]
    moves = {move.target: move for move in record.moves_from(record.stage)}
    return next(moves[key] for key in line[line.index(record.stage) + 1 :] if key in moves)


def verb(register: type[Record], move: Move) -> str:
    """The word on the button of a step."""
    return move.verb or register.stage_of(move.target).label


@every_register
def test_the_next_step_asks_for_what_it_needs_fills_in_today_and_is_made(
    open_page: Open, store: Store, register: type[Record]
) -> None:
    page = open_page(register.key())
    detail = page.detail
    record = store.load(register, detail.record.id)
    move = next_move(record)
    assert detail.next_button.text() == verb(register, move)
    missing = [name for name in move.needs if not record.filled(name)]
    dates, others = ([n for n in missing if n.endswith("_on") is wanted] for wanted in (True, False))
    click(detail.next_button)
    QTest.qWait(0)
    for name in dates:
        assert detail.form.editors[name].value() == TODAY
    if others:
        assert sentences(detail.form) == [f"{verb(register, move)}前请填写{register.label(name)}" for name in others]
        assert field_in(detail.form) == others[0]
        assert store.load(register, record.id).stage == record.stage
    kinds = {kind.key(): kind for kind in register.LINES}
    for name in others:
        detail.form.focus(name)
        if name in kinds:
            fill_line(kinds[name], store.rules)
            continue
        type_text(typed_value(register._meta.fields[name], store.rules)[0])
    if others:
        press(ENTER, CTRL | SHIFT)
    moved = store.load(register, record.id)
    assert moved.stage == move.target
    assert [getattr(moved, name) for name in dates] == [TODAY for _name in dates]
    assert page.toast.sentence() == f"{verb(register, move)}：{moved.number}"
    page.table.setFocus()
    press(Qt.Key.Key_Z, CTRL)
    assert store.load(register, record.id).stage == record.stage
    assert detail.next_button.text() == verb(register, move)


@every_register
def test_side_ways_stand_in_the_menu(open_page: Open, store: Store, register: type[Record]) -> None:
    detail = open_page(register.key()).detail
    record = detail.record
    others = [verb(register, move) for move in record.moves_from(record.stage) if move != next_move(record)]
    shown = [action.text() for action in detail._menu.actions()]
    assert shown[: len(others)] == others
    assert [label for label in shown[len(others) :] if label] == ["打印表单"]


def test_a_paper_is_sent_back_with_its_reason_and_called_back(open_page: Open, store: Store) -> None:
    page = open_page(Incoming.key())
    detail = page.detail
    number = detail.record.id

    def choose(label: str) -> None:
        next(action for action in detail._menu.actions() if action.text() == label).trigger()
        QTest.qWait(0)

    choose("退文")
    assert sentences(detail.form) == ["退文前请填写退文原因"]
    assert isinstance(Incoming._meta.fields["return_reasons"], TermsField)
    assert field_in(detail.form) == "return_reasons"
    type_text("越级")
    choose("退文")
    assert store.load(Incoming, number).stage == "returned"
    assert any("退文" in text for text in texts(detail)) or detail._stages.accessibleDescription().endswith("退文")
    assert detail.next_button.text() == "撤回退文"
    click(detail.next_button)
    back = store.load(Incoming, number)
    assert (back.return_reasons, back.finished_on) == ("", None)
    assert back.stage != "returned"


def test_a_click_on_the_next_stage_of_the_line_is_the_step(open_page: Open, store: Store) -> None:
    detail = open_page(Incoming.key()).detail
    ahead = detail._stages.next_stage()
    assert ahead is not None
    QTest.mouseClick(detail._stages, Qt.MouseButton.LeftButton, pos=detail._stages.stop_rect(ahead).center())
    QTest.qWait(0)
    assert sentences(detail.form) == ["办结前请填写办理结果"]
