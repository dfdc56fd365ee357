"""Small multiples of 今日: records month by month, this year as bars, last year as strokes (look.md §2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QToolTip, QWidget

from db.summaries.board import Pulse
from desktop import theme

_MARKED = (1, 6, 12)
_GAP = 2  # px between bars


class PulseChart(QWidget):
    """Twelve bars over a common baseline on a scale of their own; a click asks for the month's rows."""

    month_clicked = Signal(str, int, int)

    def __init__(self, pulse: Pulse, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pulse, self._today = pulse, today
        self.setMinimumHeight(theme.up4(5.4 * theme.em()))
        self.setAccessibleName(f"{pulse.title}各月件数")
        self.setAccessibleDescription("，".join(self.words(month) for month in range(1, 13)))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def words(self, month: int) -> str:
        """The two counts of a month in words."""
        now, before = self._pulse.this_year[month - 1], self._pulse.last_year[month - 1]
        return f"{month}月 {now:,}，去年 {before:,}"

    def sizeHint(self) -> QSize:
        """Wide enough for twelve bars."""
        return QSize(theme.up4(12 * theme.em()), self.minimumHeight())

    def _bar(self, month: int) -> QRect:
        """The column of a month from the top to the baseline."""
        step = self.width() / 12
        left = round((month - 1) * step)
        return QRect(left, 0, round(month * step) - left - _GAP, self.height() - self._words_height())

    def _words_height(self) -> int:
        return round(1.4 * theme.em())

    def month_at(self, place: QPoint) -> int:
        """The month (1 … 12) under a point of the widget."""
        return max(1, min(12, int(place.x() * 12 / max(self.width(), 1)) + 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars, strokes, baseline and three months."""
        painter = QPainter(self)
        small = QFont(self.font())
        small.setPointSizeF(theme.points(-1))
        painter.setFont(small)
        most = max(1, *self._pulse.this_year, *self._pulse.last_year)
        for month in range(1, 13):
            column = self._bar(month)
            room = column.height() - 2
            height = round(self._pulse.this_year[month - 1] * room / most)
            token = "accent" if month == self._today.month else "edge"
            painter.fillRect(column.left(), column.bottom() - height, column.width(), height, theme.colour(token))
            before = round(self._pulse.last_year[month - 1] * room / most)
            painter.fillRect(column.left() - 1, column.bottom() - before, column.width() + 2, 2, theme.colour("ink"))
            if month in _MARKED:
                painter.setPen(theme.colour("ink2"))
                place = QRect(column.center().x() - 20, column.bottom() + 1, 40, self._words_height())
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(month))
        base = self._bar(1).bottom()
        painter.fillRect(0, base, self.width() - _GAP, 1, theme.colour("edge"))
        painter.end()

    def event(self, event: QEvent) -> bool:
        """The counts of the month under the mouse as a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.words(self.month_at(event.pos())), self)
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the rows of the month."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            month = self.month_at(event.position().toPoint())
            self.month_clicked.emit(self._pulse.register, self._today.year, month)


class PulseView(QWidget):
    """The charts two by two, each under its register's name with the year's sum at the right."""

    month_clicked = Signal(str, int, int)

    def __init__(self, pulses: Sequence[Pulse], today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(2)
        for at, pulse in enumerate(pulses):
            name, total, chart = QLabel(pulse.title), QLabel(f"{sum(pulse.this_year):,}"), PulseChart(pulse, today)
            theme.set_role(name, "muted")
            total.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            chart.month_clicked.connect(self.month_clicked)
            row, column = 3 * (at // 2), 2 * (at % 2)
            grid.addWidget(name, row, column)
            grid.addWidget(total, row, column + 1)
            grid.addWidget(chart, row + 1, column, 1, 2)
            grid.setRowMinimumHeight(row + 2, 8)
        for column in range(4):
            grid.setColumnStretch(column, 1)
