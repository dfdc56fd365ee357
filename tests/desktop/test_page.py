"""The page of every register: list, chips, search, sort, selection, emptiness. Nothing here names a register."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from db.record import Record
from desktop.registers.page import RegisterPage
from tests.desktop.clerk import REGISTERS, by_key

Open = Callable[[str], RegisterPage]
every_register = pytest.mark.parametrize("register", REGISTERS, ids=by_key)


@every_register
def test_the_page_of_a_register_lists_its_records(open_page: Open, register: type[Record]) -> None:
    page = open_page(register.key())
    model = page.table.records()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    assert model.rowCount() == 3
    shown = [model.text_at(row, column) for row in range(3) for column in range(model.columnCount())]
    assert any("第2件事" in text for text in shown)
