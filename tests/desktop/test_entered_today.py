"""What was entered today stands whole beside the form of quick entry."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from db.store.store import Store
from desktop.registers.ledger import LedgerDelegate
from desktop.registers.page import RegisterPage
from tests.desktop.clerk import CTRL, REGISTERS, fill, press


def test_the_time_and_number_of_what_was_entered_today_are_seen_whole(
    open_page: Callable[[str], RegisterPage], store: Store
) -> None:
    page = open_page(REGISTERS[0].key())
    press(Qt.Key.Key_N, CTRL)
    entry = page.entry
    assert entry is not None
    fill(entry.form, store.rules)
    press(Qt.Key.Key_S, CTRL)
    assert entry.today.isVisible()
    model, painter = entry.today.records(), entry.today.itemDelegate()
    assert isinstance(painter, LedgerDelegate)
    assert [painter.hidden_text(entry.today, model.index(0, column)) for column in (0, 1)] == ["", ""]
