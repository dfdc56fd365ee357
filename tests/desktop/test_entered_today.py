"""What was entered today stands whole beside the form of quick entry."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from db.store.store import Store
from desktop.registers.ledger import LedgerDelegate
from desktop.registers.page import RegisterPage
from tests.desktop.clerk import CTRL, ESC, REGISTERS, button, click, fill, press, registered


def test_the_time_and_number_of_what_was_entered_today_are_seen_whole(
    open_page: Callable[[str], RegisterPage], store: Store
) -> None:
    entry = registered(open_page, store)
    assert entry.today.isVisible()
    model, painter = entry.today.records(), entry.today.itemDelegate()
    assert isinstance(painter, LedgerDelegate)
    assert [painter.hidden_text(entry.today, model.index(0, column)) for column in (0, 1)] == ["", ""]


def test_what_lacks_something_has_the_sign_of_that_as_in_the_list(
    open_page: Callable[[str], RegisterPage], store: Store
) -> None:
    entry = registered(open_page, store)
    for missing, kind in ((0, "done"), (2, "todo")):
        store.connection.execute(f'UPDATE "{REGISTERS[0].key()}" SET missing = ? WHERE id = 4', (missing,))
        entry.show_today()
        row = entry.today.records().row_at(0)
        assert row is not None
        assert row[1].kind == kind


def test_what_is_saved_and_closed_is_the_one_beside_the_list_and_no_draft_any_more(
    open_page: Callable[[str], RegisterPage], store: Store
) -> None:
    page = open_page(REGISTERS[0].key())
    page.table.go(1)
    before = page.table.current_id()
    press(Qt.Key.Key_N, CTRL)
    entry = page.entry
    assert entry is not None
    press(ESC)
    assert page.table.current_id() == before
    press(Qt.Key.Key_N, CTRL)
    fill(entry.form, store.rules)
    click(button(entry, "存后关闭"))
    assert page.table.current_id() == 4
    assert page.detail.record is not None
    assert page.detail.record.id == 4
    page.keep_drafts()
    assert store.drafts(REGISTERS[0]) == []


def test_the_bar_stands_at_what_was_entered_last(open_page: Callable[[str], RegisterPage], store: Store) -> None:
    entry = registered(open_page, store)
    assert entry.today.current_id() == 4
    fill(entry.form, store.rules)
    press(Qt.Key.Key_S, CTRL)
    assert entry.today.current_id() == 5
    press(Qt.Key.Key_Z, CTRL)
    assert entry.today.current_id() == 4


def test_what_has_no_number_yet_is_told_from_what_has_one(
    open_page: Callable[[str], RegisterPage], store: Store
) -> None:
    entry = registered(open_page, store)
    store.connection.execute(f"UPDATE \"{REGISTERS[0].key()}\" SET number = '', sequence = NULL WHERE id = 4")
    entry.show_today()
    rows = [row for at in range(2) if (row := entry.today.records().row_at(at))]
    assert [(row[1].kind, row[2]) for row in rows] == [("ok", "未编号"), ("done", store.load(REGISTERS[0], 3).number)]
