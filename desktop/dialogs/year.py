"""Twelve months of one year with 休 and 班: gone through by arrow keys, painted in one widget."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from db.rules.typed_dates import weekday
from db.rules.workdays import Workdays
from desktop import theme

_COLUMNS, _ROWS = 4, 3
_LINES = 8  # of a month: its name, the weekdays, six weeks
_WEEK = "一二三四五六日"
_MONDAY_FIRST = calendar.Calendar()
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}


class YearView(QWidget):
    """A year; `picked` carries the day under the cursor, `toggle_asked` comes with Space, `reset_asked` with Delete."""

    picked = Signal(object)
    toggle_asked = Signal()
    reset_asked = Signal()
    name_asked = Signal()

    def __init__(self, days: Workdays, day: date, own: frozenset[date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.days, self.day, self.own = days, day, own
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("工作日历")
        em = theme.em()
        self.setMinimumSize(theme.up4(50 * em), theme.up4(28 * em))

    def show_days(self, days: Workdays, own: frozenset[date]) -> None:
        """Take a changed calendar; `own` are the days that the office has entered."""
        self.days, self.own = days, own
        self.go_to(self.day)

    def go_to(self, day: date) -> None:
        """Put the cursor on a day, of another year too."""
        self.day = day
        self.setAccessibleDescription(f"{day.isoformat()} {weekday(day)} {self.days.mark(day)} {self.days.name(day)}")
        self.update()
        self.picked.emit(day)

    def area_of(self, day: date) -> QRectF:
        """Where a day of the year on show stands."""
        cell_wide, cell_high, left, top = self._measures(day.month)
        first = day.replace(day=1).weekday()
        at = first + day.day - 1
        return QRectF(left + at % 7 * cell_wide, top + (2 + at // 7) * cell_high, cell_wide, cell_high)

    def _measures(self, month: int) -> tuple[float, float, float, float]:
        """Width and height of a day's cell, left and top of a month."""
        gap = theme.em()
        wide = (self.width() - (_COLUMNS + 1) * gap) / _COLUMNS
        high = (self.height() - (_ROWS + 1) * gap / 2) / _ROWS
        column, row = (month - 1) % _COLUMNS, (month - 1) // _COLUMNS
        return wide / 7, high / _LINES, gap + column * (wide + gap), gap / 2 + row * (high + gap / 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows by day and week, PgUp and PgDn by month, Home and End by year's end; Space, Delete and F2 act."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.go_to(self.day + timedelta(_STEPS[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._step_month(1 if key is Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(date(self.day.year, *((1, 1) if key is Qt.Key.Key_Home else (12, 31))))
        elif key is Qt.Key.Key_Space:
            self.toggle_asked.emit()
        elif key is Qt.Key.Key_Delete:
            self.reset_asked.emit()
        elif key in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.name_asked.emit()
        else:
            super().keyPressEvent(event)

    def _step_month(self, by: int) -> None:
        year, month = divmod(self.day.year * 12 + self.day.month - 1 + by, 12)
        last = calendar.monthrange(year, month + 1)[1]
        self.go_to(date(year, month + 1, min(self.day.day, last)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The day under the mouse."""
        day = self.day_at(event.position())
        if day is not None:
            self.go_to(day)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Work becomes rest, and rest work."""
        if self.day_at(event.position()) is not None:
            self.toggle_asked.emit()

    def day_at(self, place: QPointF) -> date | None:
        """The day at a place; None between them."""
        first = date(self.day.year, 1, 1).toordinal()
        days = (date.fromordinal(first + at) for at in range(366))
        return next((day for day in days if day.year == self.day.year and self.area_of(day).contains(place)), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Twelve months."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("base"))
        for month in range(1, 13):
            self._paint_month(painter, month)
        painter.end()

    def _paint_month(self, painter: QPainter, month: int) -> None:
        wide, high, left, top = self._measures(month)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(theme.colour("ink"))
        painter.drawText(QRectF(left, top, 7 * wide, high), Qt.AlignmentFlag.AlignVCenter, f" {month}月")
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(theme.colour("ink2"))
        for at, name in enumerate(_WEEK):
            painter.drawText(QRectF(left + at * wide, top + high, wide, high), Qt.AlignmentFlag.AlignCenter, name)
        for day in _MONDAY_FIRST.itermonthdates(self.day.year, month):
            if day.month == month:
                self._paint_day(painter, day)

    def _paint_day(self, painter: QPainter, day: date) -> None:
        area = self.area_of(day).adjusted(1, 1, -1, -1)
        is_worked, is_weekend = self.days.is_workday(day), day.weekday() >= 5
        mark = (
            "班"
            if is_worked and is_weekend
            else "休"
            if not is_worked and (self.days.name(day) or not is_weekend)
            else ""
        )
        if mark:
            painter.fillRect(area, theme.colour("greenbg" if mark == "班" else "redbg"))
        if day == self.day:
            painter.fillRect(area, theme.colour("pick"))
            if self.hasFocus():
                painter.setPen(theme.colour("accent"))
                painter.drawRect(area)
        painter.setPen(theme.colour("ink" if is_worked and not mark else "green" if is_worked else "red"))
        if not mark and is_weekend:
            painter.setPen(theme.colour("ink2"))
        shift = -0.16 * area.width() if mark else 0.0
        painter.drawText(area.translated(shift, 0), Qt.AlignmentFlag.AlignCenter, str(day.day))
        if mark:
            font = painter.font()
            small = self.font()
            small.setPointSizeF(max(self.font().pointSizeF() * 0.72, 6.5))
            painter.setFont(small)
            corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            painter.drawText(area.adjusted(0, 0, -1, 0), corner, mark)
            painter.setFont(font)
        if day in self.own:
            painter.fillRect(QRectF(area.left() + 3, area.bottom() - 2, area.width() - 6, 2), theme.colour("accent"))
