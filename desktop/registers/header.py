"""The header of a list: a click sorts, the mark at the right of a column filters, dragging moves and widens."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop import theme

_MARK, _EDGE = 12, 4  # px


class ListHeader(QHeaderView):
    """Columns by their place in the model.

    `filter_asked(column, point on the screen)`: the mark was clicked; `menu_asked` alike: the right button, or the
    menu key; `moved(from, to)`: a column was dragged to another place; `widened(column, px)`: a border was dragged.
    """

    filter_asked = Signal(int, QPoint)
    menu_asked = Signal(int, QPoint)
    moved = Signal(int, int)
    widened = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.filtered: frozenset[int] = frozenset()
        self._hovered = -1
        self._pressed = -1
        self._widths: dict[int, int] = {}
        self._is_dragged = False
        self.setMouseTracking(True)
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.sectionResized.connect(self._note_width)
        self.sectionMoved.connect(self._note_move)

    def set_filtered(self, columns: frozenset[int]) -> None:
        """Show which columns are limited by a condition."""
        if columns != self.filtered:
            self.filtered = columns
            self.viewport().update()

    def mark_rect(self, column: int) -> QRect:
        """Where the mark of a column stands."""
        right = self.sectionViewportPosition(column) + self.sectionSize(column)
        return QRect(right - _MARK - 2 * _EDGE, 0, _MARK + 2 * _EDGE - 3, self.height())  # the border is for dragging

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """The label; the mark where the mouse is or a condition holds."""
        painter.save()
        super().paintSection(painter, rect, logicalIndex)
        painter.restore()
        is_filtered = logicalIndex in self.filtered
        if (is_filtered or logicalIndex == self._hovered) and rect.width() > 4 * _MARK:
            mark = theme.pixmap("view" if is_filtered else "down", "accent" if is_filtered else "ink2", _MARK)
            left, top = rect.right() - _MARK - _EDGE, rect.top() + (rect.height() - _MARK) // 2
            painter.fillRect(
                QRect(left - _EDGE, rect.top(), _MARK + 2 * _EDGE, rect.height() - 1), theme.colour("paper")
            )
            painter.drawPixmap(left, top, mark)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The mark shows under the mouse."""
        super().mouseMoveEvent(event)
        self._hover(self.logicalIndexAt(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """No mark when the mouse has gone."""
        super().leaveEvent(event)
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """On the mark: filter; else sort, drag or widen."""
        at = event.position().toPoint()
        column = self.logicalIndexAt(at)
        self._pressed = -1
        if event.button() == Qt.MouseButton.LeftButton and column >= 0 and self.mark_rect(column).contains(at):
            self._pressed = column
            self.filter_asked.emit(column, self.mapToGlobal(self.mark_rect(column).bottomLeft()))
            return
        self._is_dragged = True
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell what was widened."""
        if self._pressed >= 0:
            self._pressed = -1
            return
        super().mouseReleaseEvent(event)
        self._is_dragged = False
        widths, self._widths = self._widths, {}
        for column, width in widths.items():
            self.widened.emit(column, width)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of a column."""
        self.menu_asked.emit(self.logicalIndexAt(event.pos()), event.globalPos())

    def _hover(self, column: int) -> None:
        if column != self._hovered:
            self._hovered = column
            self.viewport().update()

    def _note_width(self, column: int, _before: int, width: int) -> None:
        if self._is_dragged and width > 0:
            self._widths[column] = width

    def _note_move(self, _column: int, before: int, after: int) -> None:
        """The model takes the new order itself, so the header goes back to the model's."""
        if self._is_dragged:
            self._is_dragged = False
            self.moveSection(after, before)
            self.moved.emit(before, after)
