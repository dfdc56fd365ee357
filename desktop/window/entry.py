"""One line of the side bar: icon, word, count."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6 import QtCore
from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from desktop import theme

ICON, EDGE = 16, 8  # px


@dataclass(frozen=True)
class Item:
    """One thing to choose. `count` stands at the right (None: nothing); `alarm` makes it red.

    `is_inner`: it belongs to the one above, and has no icon but in a rail.
    """

    key: str
    icon: str
    label: str
    count: int | None = None
    alarm: bool = False
    is_inner: bool = False


class Entry(QAbstractButton):
    """One line of the side bar: icon, word, count; the one on show is tinted and semibold."""

    def __init__(self, item: Item) -> None:
        """A line that takes the focus only from its side bar."""
        super().__init__()
        self._rail = False
        self._by_keyboard = False
        self.setCheckable(True)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.set_item(item)

    def set_item(self, item: Item) -> None:
        """Show another count or word."""
        self.item = item
        number = "" if item.count is None else f"{item.count:,}"
        self.setObjectName(item.key)
        self.setAccessibleName(item.label)
        self.setAccessibleDescription(f"{number} 条" if number else "")
        self._number = number
        self.set_rail(self._rail)
        self.update()

    def set_rail(self, rail: bool) -> None:
        """Icon alone with a tooltip, or everything."""
        self._rail = rail
        self.setToolTip(f"{self.item.label}  {self._number}".strip() if rail else "")
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """One row high; as wide as the side bar."""
        return QSize(2 * EDGE + ICON, theme.row())

    def minimumSizeHint(self) -> QSize:
        """Never lower than a row."""
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        """A word that was cut is told by a tooltip."""
        if event.type() == QEvent.Type.ToolTip and not self._rail:
            self.setToolTip(self.item.label if self._elided()[1] else "")
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw the ring only for the keyboard."""
        reasons = QtCore.Qt.FocusReason
        if event.reason() not in (reasons.ActiveWindowFocusReason, reasons.PopupFocusReason):  # those only come back
            self._by_keyboard = event.reason() != reasons.MouseFocusReason
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and space take the item; all else is the side bar's, so that an arrow only walks."""
        if event.key() in (QtCore.Qt.Key.Key_Return, QtCore.Qt.Key.Key_Enter, QtCore.Qt.Key.Key_Space):
            if not event.isAutoRepeat():
                self.click()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, icon, word, count, focus ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.isDown():
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("pick"))
            painter.drawRoundedRect(self.rect(), 4, 4)
        if self.item.is_inner and not self._rail:
            self._paint_words(painter)
            self._paint_ring(painter)
            return
        icon = theme.pixmap(self.item.icon, "accent" if self.isChecked() else "ink2", ICON)
        left = (self.width() - ICON) // 2 if self._rail else EDGE
        painter.drawPixmap(left, (self.height() - ICON) // 2, icon)
        if not self._rail:
            self._paint_words(painter)
        elif self.item.alarm and self.item.count:
            painter.drawPixmap(left + ICON - 5, (self.height() - ICON) // 2 - 3, theme.pixmap("dot", "red", 8))
        self._paint_ring(painter)

    def _paint_ring(self, painter: QPainter) -> None:
        if self.hasFocus() and self._by_keyboard:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 3, 3)

    def _paint_words(self, painter: QPainter) -> None:
        line = self.rect().adjusted(EDGE, 0, -EDGE, 0)
        painter.setFont(self._count_font())
        painter.setPen(theme.colour("red" if self.item.alarm else "ink2"))
        painter.drawText(line, QtCore.Qt.AlignmentFlag.AlignRight | QtCore.Qt.AlignmentFlag.AlignVCenter, self._number)
        painter.setFont(self._word_font())
        painter.setPen(theme.colour("ink"))
        words = line.adjusted(ICON + EDGE, 0, 0, 0)
        painter.drawText(
            words, QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignVCenter, self._elided()[0]
        )

    def _word_font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal)
        return font

    def _count_font(self) -> QFont:
        font = QFont(self.font())
        if not self.item.alarm:
            font.setPointSizeF(theme.points(-1))
        return font

    def _elided(self) -> tuple[str, bool]:
        """The word as there is room for it, and whether it was cut."""
        number = QFontMetrics(self._count_font()).horizontalAdvance(self._number)
        room = self.width() - 3 * EDGE - ICON - (number + EDGE if number else 0)
        words = QFontMetrics(self._word_font()).elidedText(self.item.label, QtCore.Qt.TextElideMode.ElideRight, room)
        return words, words != self.item.label
