"""What the tests of the list share: a thousand records, a list of them, the mouse over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.registers.table import LIGHT, Heading, Light, RecordTable, Row

HEADINGS = (
    Heading(LIGHT, "时限", 7.4),
    Heading("number", "收文编号", 8.7, gives_way=2),
    Heading("received_on", "日期", 4.4, gives_way=2),
    Heading("unit", "来文单位", 8.4),
    Heading("title", "标题"),
    Heading("copies", "份数", 5, align="right", gives_way=1, sortable=False),
)
LONG = "关于申请追加2026年度农村公路养护资金的请示"


class Register:
    """Records by id, in memory; remembers which pages were asked for."""

    def __init__(self, ids: Sequence[int]) -> None:
        self.ids = list(ids)
        self.asked: list[int] = []

    def count(self) -> int:
        return len(self.ids)

    def page(self, start: int, size: int) -> list[Row]:
        self.asked.append(start)
        kinds = ("late", "ok", "void")
        return [
            (i, Light(kinds[i % 3], f"剩 {i} 日") if i % 4 else None, f"收{i}", "11-06", "县财政局", LONG, str(i % 9))
            for i in self.ids[start : start + size]
        ]


@pytest.fixture
def table(qapp: QApplication) -> Iterator[RecordTable]:
    """A list of 1,000 records, ids 1 … 1000, wide enough for all columns, with the focus."""
    qapp.setFont(QFont(qapp.font().family(), 10))
    theme.dress(qapp, "light")
    table = RecordTable(HEADINGS)
    table.resize(900, 400)
    table.set_rows(Register(range(1, 1001)))
    table.show()
    table.activateWindow()
    assert QTest.qWaitForWindowActive(table)
    table.setFocus()
    yield table
    table.close()
    table.deleteLater()


def select(table: RecordTable, first: int, last: int) -> None:
    """Select rows `first` … `last`; the last becomes current."""
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle(table, first))
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, shift, middle(table, last))


def middle(table: RecordTable, row: int) -> QPoint:
    """A point of a row in the viewport."""
    return table.visualRect(table.model().index(row, 3)).center()


def shown(table: RecordTable) -> list[str]:
    """The keys of the columns on show."""
    return [heading.key for at, heading in enumerate(HEADINGS) if not table.isColumnHidden(at)]
