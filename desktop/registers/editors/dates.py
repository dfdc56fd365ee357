"""Editors of days and moments: typed in the short forms of db.rules.typed_dates, shown in full."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import cast

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from db.rules.typed_dates import AHEAD_DAYS, mend_time, read_date, weekday
from desktop import theme
from desktop.registers.editors.base import Unreadable, Words
from desktop.registers.editors.numbers import ReadEditor

_MARK_ROLES = {"休": "restDay", "班": "workDay", "暂按": "provisional"}
_FIRST, _LAST = QDate(1949, 10, 1), QDate(2100, 12, 31)
_FRAME = 17  # px that the frame of a field and its padding take from the text
_TIME = re.compile(r"(?:^|(?<=\s)|(?<=[日今昨前]天)|(?<=日))(\d{1,2})[::时点](\d{2})?分?$|(?<=\s)(\d{1,2})(\d{2})$")


class Calendar(QFrame):
    """A month to choose a day from, in a popup of its own; rest days are red, worked weekends are not."""

    picked = Signal(date)

    def __init__(self, words: Words, parent: QWidget) -> None:
        """The popup belongs to its field and is made when first asked for."""
        super().__init__(parent, Qt.WindowType.Popup)
        self._words = words
        theme.set_role(self, "popup")
        self.month = QCalendarWidget(self)
        self.month.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        self.month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.month.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
        self.month.setDateRange(_FIRST, _LAST)
        self.month.setGridVisible(False)
        self.month.activated.connect(self._take)
        self.month.clicked.connect(self._take)
        self.month.currentPageChanged.connect(self._colour_month)
        for name, arrow in (("qt_calendar_prevmonth", "left"), ("qt_calendar_nextmonth", "right")):
            button = self.month.findChild(QToolButton, name)
            if button is not None:
                theme.set_icon(button, arrow)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.month)

    def open_at(self, day: date, under: QWidget) -> None:
        """Show the month of `day` under a field, inside its screen."""
        self.month.setSelectedDate(QDate(day.year, day.month, day.day))
        self._colour_month(day.year, day.month)
        self.adjustSize()
        room = under.screen().availableGeometry()
        place = under.mapToGlobal(QPoint(0, under.height() + 2))
        if place.y() + self.height() > room.bottom():
            place.setY(under.mapToGlobal(QPoint(0, 0)).y() - self.height() - 2)
        place.setX(max(room.left(), min(place.x(), room.right() - self.width())))
        self.move(place)
        self.show()
        self.month.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes without a choice."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _take(self, day: QDate) -> None:
        if self.isVisible():
            self.close()
            self.picked.emit(date(day.year(), day.month(), day.day()))

    def _colour_month(self, year: int, month: int) -> None:
        for column in Qt.DayOfWeek:
            head = QTextCharFormat()
            head.setForeground(theme.colour("ink2"))
            self.month.setWeekdayTextFormat(column, head)
        first = QDate(year, month, 1)
        for n in range(first.daysInMonth()):
            day = date(year, month, n + 1)
            shape = QTextCharFormat()
            shape.setForeground(theme.colour("ink" if self._words.days.is_workday(day) else "red"))
            self.month.setDateTextFormat(first.addDays(n), shape)


class DateEditor(ReadEditor):
    """A day: `0305`, `3.5`, `今天`, `+10工作日` …; Alt+↓ opens the calendar.

    While it has the focus, "= 2026-10-10 周六" stands beside what was typed; on leaving the full date takes its place
    and only the weekday stays. 休, 班 or 暂按 stands behind.
    """

    def __init__(self, words: Words, parent: QWidget | None = None, ahead: int = AHEAD_DAYS) -> None:
        """`words` gives today and the working days; a date typed without a year lies at most `ahead` days ahead."""
        super().__init__(parent)
        self._words, self._ahead = words, ahead
        self._in_cell, self._typing = False, False
        self._calendar: Calendar | None = None
        self.hint = QLabel(self)
        theme.set_role(self.hint, "muted")
        self.mark = QLabel(self)
        self.mark.setMaximumHeight(theme.up4(1.5 * theme.em()))
        for label in (self.hint, self.mark):
            label.ensurePolished()  # so that a role set later reaches its margins as well
            label.hide()
            self._row.addWidget(label)
        self.control.keys = self._take_key
        self._opener = QAction(self.control)
        self._opener.setText("选日期  Alt+↓")
        theme.set_icon(self._opener, "today")
        self.control.addAction(self._opener, QLineEdit.ActionPosition.TrailingPosition)
        self._opener.triggered.connect(self.open_calendar)
        self._opener.setVisible(False)

    def read(self, text: str) -> object | None:
        """The day that `text` stands for. Raises ValueError with a Chinese sentence."""
        return read_date(text, self._words.today, self._words.days, self._ahead)

    def set_cell(self) -> None:
        """In a cell there is room for the date only; weekday and mark show while it is typed."""
        super().set_cell()
        self._in_cell = True

    def written(self, value: object) -> str:
        """2026-10-10."""
        return _day(value).isoformat()

    def set_value(self, value: object | None) -> None:
        """Show a date (or a datetime's day)."""
        super().set_value(value)
        self._show_hint(False)

    def settle(self) -> None:
        """Write the full date; the weekday stays beside it."""
        super().settle()
        self._show_hint(False)

    def open_calendar(self) -> None:
        """Let the clerk choose from a month: that of the value, else today's."""
        if self.control.isReadOnly():
            return
        if self._calendar is None:
            self._calendar = Calendar(self._words, self)
            self._calendar.picked.connect(self._take_day)
        try:
            value = self.value()
        except Unreadable:
            value = None
        self._calendar.open_at(self._words.today if value is None else _day(value), self.control)

    def _take_edit(self) -> None:
        super()._take_edit()
        self._show_hint(True)

    def _take_focus(self, has: bool) -> None:
        self._opener.setVisible(has and not self.control.isReadOnly())
        super()._take_focus(has)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The date itself comes before the words beside it."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Show mark and weekday only where the date stands whole beside them; the mark tells more."""
        if self._typing or (self.mark.text() == "" and self.hint.text() == ""):
            return
        opener = 2 * theme.em() if self._opener.isVisible() else 0
        taken = self.control.fontMetrics().horizontalAdvance(self.control.text()) + _FRAME + opener
        for label in (self.mark, self.hint):
            taken += label.sizeHint().width() + self._row.spacing() if label.text() else 0
            label.setVisible(bool(label.text()) and not self._in_cell and taken <= self.width())

    def _take_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
            return True
        return False

    def _take_day(self, day: date) -> None:
        self.control.type_text(self.written(self._with_day(day)))
        self.control.setFocus(Qt.FocusReason.PopupFocusReason)

    def _with_day(self, day: date) -> object:
        return day

    def _show_hint(self, typing: bool) -> None:
        """Show weekday and mark of the value; while typing the date in full as well, if it differs from the text."""
        self._typing = typing
        try:
            value = self.value()
        except Unreadable:
            value = None
        roomy = typing or not self._in_cell
        self.hint.setVisible(value is not None and roomy)
        mark = ""
        if value is not None:
            full = self.written(value)
            shown = f"= {full} " if typing and full != self.control.text().strip() else ""
            self.hint.setText(shown + weekday(_day(value)))
            mark = self._words.days.mark(_day(value))
        else:
            self.hint.setText("")
        if mark:
            theme.set_role(self.mark, _MARK_ROLES.get(mark, "provisional"))
        self.mark.setText(mark)
        self.mark.setVisible(bool(mark) and roomy)
        self._make_room()


class MomentEditor(DateEditor):
    """A day and a time: a date as in DateEditor, a blank, then 14:30, 1430, 9时5分 or 9点; a lone time is today's.

    Four digits alone are a day as in any other field of days, and a time of today where there is no such day.
    """

    def read(self, text: str) -> object | None:
        """The moment, to the minute; without a time it is midnight. Raises ValueError with a Chinese sentence."""
        text = unicodedata.normalize("NFKC", text)
        found = _TIME.search(text)
        at = time()
        if found:
            hour, minute = found.group(1) or found.group(3), found.group(2) or found.group(4) or "0"
            if int(hour) > 23 or int(minute) > 59:
                raise ValueError(f"没有 {hour}:{minute.zfill(2)} 这个时刻")
            at = time(int(hour), int(minute))
            text = text[: found.start()].strip() or "今天"
        try:
            day = read_date(text, self._words.today, self._words.days)
        except ValueError:
            bare = None if found else _bare_time(text)
            if bare is None:
                raise
            day, at = self._words.today, bare
        return None if day is None else datetime.combine(day, at)

    def written(self, value: object) -> str:
        """2026-10-10 14:30."""
        moment = value if isinstance(value, datetime) else datetime.combine(_day(value), time())
        return moment.strftime("%Y-%m-%d %H:%M")

    def _with_day(self, day: date) -> object:
        try:
            value = self.value()
        except Unreadable:
            value = None
        return datetime.combine(day, value.time() if isinstance(value, datetime) else time())


def _bare_time(text: str) -> time | None:
    """1530 as a time; None for anything else."""
    digits = text.strip()
    mended = mend_time(digits)
    is_time = digits.isascii() and digits.isdigit() and mended != digits
    return time.fromisoformat(mended.zfill(5)) if is_time else None


def _day(value: object) -> date:
    """The day of a date or datetime."""
    return value.date() if isinstance(value, datetime) else cast("date", value)
