"""The scroll bars of a list: one that shows nothing while there is nothing to scroll, one that scrolls its columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QScrollBar, QTableView, QVBoxLayout, QWidget

from desktop import theme
from desktop.registers.fitting import fit, frozen_count
from desktop.registers.rows import Heading


class QuietBar(QScrollBar):
    """A scroll bar that keeps its room but shows nothing while there is nothing to scroll."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The handle, if it could move."""
        if self.minimum() < self.maximum():
            super().paintEvent(event)


class SidewaysBar(QScrollBar):
    """Scrolls the columns of a table one by one by hiding those at the left, behind the frozen ones.

    So the first columns stay without a second view over the table, and a repaint paints what is seen and no more.
    """

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._table = table
        self._headings: Sequence[Heading] = ()
        self.hide()

    def fit(self, headings: Sequence[Heading]) -> None:
        """Give the columns their widths, and hide those that give way or are scrolled out."""
        self._headings, table = headings, self._table
        fitted = fit(headings, table.viewport().width(), theme.em(), self.value())
        if self.maximum() != fitted.scrolls:
            self.setRange(0, fitted.scrolls)
            self.setPageStep(max(1, len(headings) - fitted.scrolls))
        if self.parentWidget() is not None:
            self.setVisible(fitted.scrolls > 0)
        for at in range(len(headings)):
            table.setColumnHidden(at, at not in fitted.widths)
            if at in fitted.widths:
                table.setColumnWidth(at, fitted.widths[at])

    def step(self, by: int) -> None:
        """Go to the cell at the left (-1) or right (1) of the current one; the selected rows stay so (fill down)."""
        current = self._table.currentIndex()
        beside = current.siblingAtColumn(self._beside(current.column(), by))
        self._table.selectionModel().setCurrentIndex(beside, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _beside(self, column: int, by: int) -> int:
        """The column at the left (-1) or right (1) of one; what is scrolled out comes into sight."""
        at, last = column + by, len(self._headings) - 1
        frozen = frozen_count(self._headings)
        if self.maximum() and 0 <= at <= last:
            if frozen <= at < frozen + self.value():
                self.setValue(at - frozen)
            while by > 0 and self.value() < self.maximum() and self._ends_outside(at):
                self.setValue(self.value() + 1)
        while 0 <= at <= last and self._table.isColumnHidden(at):
            at += by
        return at if 0 <= at <= last else column

    def _ends_outside(self, column: int) -> bool:
        table = self._table
        return table.columnViewportPosition(column) + table.columnWidth(column) > table.viewport().width()

    def take_wheel(self, event: QWheelEvent) -> bool:
        """Whether the wheel was turned sideways, or with Shift, where there is something to scroll."""
        turn = event.angleDelta()
        sideways = turn.x() or (turn.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        if not sideways or not self.maximum():
            return False
        self.setValue(self.value() - (1 if sideways > 0 else -1))
        event.accept()
        return True


def with_bar(table: QTableView, bar: QScrollBar) -> QWidget:
    """A table with the scroll bar of its columns under it."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(table, 1)
    column.addWidget(bar)
    return both
