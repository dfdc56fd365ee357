"""The life of one record as one line: what is done, where it stands, what is to come (look.md §2 "Stage line")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop import theme

MOST = 7  # stages shown; of more only the one before, the present one and the next
DOT, GAP = 4.0, 6.0  # px: radius of a dot, distance of the line from its centre
_TOP = 8.0  # px from the upper edge to the centres of the dots


@dataclass(frozen=True)
class _Stop:
    """A stage on show: its number in the whole line, its label, where it is drawn (px)."""

    number: int
    label: str
    x: float


class StageLine(QWidget):
    """Full dots are done, a ring is the present stage, grey rings are to come.

    `next_asked(number of the stage, from 0)` when the clerk clicks the next stage, or presses Enter or space here.
    """

    next_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until `set_stages`."""
        super().__init__(parent)
        self._labels: tuple[str, ...] = ()
        self._at = 0
        self._side = self._why = ""
        self._by_keyboard = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("办理阶段")

    def set_stages(self, labels: Sequence[str], at: int, side: str = "", why: str = "") -> None:
        """Show that stage number `at` (from 0) of `labels` is the present one.

        `side` is a state beside the line, in which the record rests (退文, 作废): it is told instead of a next stage.
        `why` says why whoever works here may not move it; its tooltip tells that.
        Raises IndexError if there is no stage `at`.
        """
        if labels and not 0 <= at < len(labels):
            raise IndexError(f"stage {at} of {len(labels)}")
        self._labels, self._at, self._side = tuple(labels), at, side
        self._why = why
        self.setVisible(bool(labels))
        self.setAccessibleDescription(self._spoken())
        self.updateGeometry()
        self.update()

    def next_stage(self) -> int | None:
        """The stage that a click moves the record to; None at the end of the line or beside it."""
        ahead = self._at + 1
        return ahead if ahead < len(self._labels) and not self._side and not self._why else None

    def sizeHint(self) -> QSize:
        """Dots and one line of words."""
        metrics = QFontMetrics(self.font())
        wide = sum(metrics.horizontalAdvance(stop.label) + 8 for stop in self._stops())
        return QSize(wide, theme.up4(2 * _TOP + metrics.height()))

    def minimumSizeHint(self) -> QSize:
        """Words that find no room are elided."""
        return QSize(0, self.sizeHint().height())

    def stop_rect(self, number: int) -> QRect:
        """Where stage `number` is drawn; empty if it is not on show."""
        step = self._step()
        places = (stop.x for stop in self._stops() if stop.number == number)
        return next((QRectF(x - step / 2, 0, step, self.height()).toRect() for x in places), QRect())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Line, dots and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stops = self._stops()
        for before, stop in zip([None, *stops], stops, strict=False):
            done = stop.number <= self._at
            if before is not None:
                painter.setPen(QPen(theme.colour("accent" if done else "line"), 2))
                painter.drawLine(QPointF(before.x + GAP, _TOP), QPointF(stop.x - GAP, _TOP))
            painter.setPen(QPen(theme.colour("accent" if done else "edge"), 1.5))
            painter.setBrush(theme.colour("accent" if stop.number < self._at else "base"))
            painter.drawEllipse(QPointF(stop.x, _TOP), DOT, DOT)
            self._paint_words(painter, stop)
        self._paint_right(painter)
        if self.hasFocus() and self._by_keyboard:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 3, 3)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over the one stage that can be clicked."""
        over = self._is_next(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the next stage is the move."""
        if event.button() == Qt.MouseButton.LeftButton and self._is_next(event.position()):
            self._ask_next()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and space are the move."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not event.isAutoRepeat():
            self._ask_next()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw the ring only for the keyboard."""
        reasons = Qt.FocusReason
        if event.reason() not in (reasons.ActiveWindowFocusReason, reasons.PopupFocusReason):  # those only come back
            self._by_keyboard = event.reason() != reasons.MouseFocusReason
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Each stage has its tooltip: the whole line where stages are left out, else what a click does."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            ahead = self.next_stage()
            words = " → ".join(self._labels) if len(self._labels) > MOST else self._why
            if ahead is not None and self._is_next(QPointF(event.pos())):
                words = f"进到“{self._labels[ahead]}”  Ctrl+Shift+Enter"
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def _stops(self) -> list[_Stop]:
        """The stages on show with their places."""
        numbers = range(len(self._labels))
        if len(self._labels) > MOST:
            numbers = range(max(0, self._at - 1), min(len(self._labels), self._at + 2))
        step = self._step()
        return [_Stop(number, self._labels[number], step * (place + 0.5)) for place, number in enumerate(numbers)]

    def _step(self) -> float:
        """Width in px of one stage."""
        shown = min(len(self._labels), MOST) if len(self._labels) <= MOST else 3
        return max(0, self.width() - self._right_width()) / max(1, shown)

    def _right(self) -> str:
        """What stands at the right end: the state beside the line, and the place where stages are left out."""
        place = f"{self._at + 1}/{len(self._labels)}" if len(self._labels) > MOST else ""
        return "  ".join(words for words in (self._side, place) if words)

    def _right_width(self) -> int:
        return QFontMetrics(self.font()).horizontalAdvance(self._right()) + 8 if self._right() else 0

    def _paint_words(self, painter: QPainter, stop: _Stop) -> None:
        font = QFont(self.font())
        painter.setFont(font)
        painter.setPen(theme.colour("ink" if stop.number == self._at and not self._side else "ink2"))
        step = self._step()
        words = painter.fontMetrics().elidedText(stop.label, Qt.TextElideMode.ElideRight, int(step))
        room = QRectF(stop.x - step / 2, 2 * _TOP, step, self.height() - 2 * _TOP)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_right(self, painter: QPainter) -> None:
        if words := self._right():
            painter.setPen(theme.colour("ink" if self._side else "ink2"))
            room = QRectF(0, 2 * _TOP, self.width(), self.height() - 2 * _TOP)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def _is_next(self, place: QPointF) -> bool:
        ahead = self.next_stage()
        return ahead is not None and self.stop_rect(ahead).contains(place.toPoint())

    def _ask_next(self) -> None:
        if (ahead := self.next_stage()) is not None:
            self.next_asked.emit(ahead)

    def _spoken(self) -> str:
        """The line in words, for a screen reader."""
        if not self._labels:
            return ""
        words = f"第 {self._at + 1} 步，共 {len(self._labels)} 步：{self._labels[self._at]}"
        ahead = self.next_stage()
        if self._side or self._why:
            return f"{words}，{self._side or self._why}"
        return f"{words}，下一步{self._labels[ahead]}" if ahead is not None else f"{words}，已到最后一步"
