"""工作日历: rest days and make-up days by year; the office's own days; the yearly notice pasted in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QWidget

from db.directory.calendar import WorkdayOverride
from db.rules.notice import Notice
from db.rules.typed_dates import weekday
from db.rules.workdays import Day
from db.store import office
from db.store.change import Change
from desktop import theme
from desktop.dialogs.amending import Amending
from desktop.dialogs.notice import NoticeDialog
from desktop.dialogs.tables import OfficePage
from desktop.dialogs.year import YearView
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.words import OfficeWords

OWN = "本单位"  # the source of a day that the office has entered by hand


class CalendarPage(OfficePage):
    """A year on show, a day under the cursor, what the office may make of it."""

    TITLE = "工作日历"
    PERMISSION = "edit_rules"
    ABOUT = "方向键走到某一天，空格改休息或上班，F2 写名称，Delete 恢复原样。蓝线是本单位录入的日子。"

    def __init__(self, actions: Actions, words: OfficeWords, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(actions, words, jobs, parent)
        self.amending = Amending(actions, jobs, self)
        self.amending.done.connect(self._tell)
        self.amending.left.connect(self._tell_left)
        self.amending.failed.connect(self.trouble)
        self._add_years()
        self.year = YearView(self._words.days, actions.today, _own_days())
        self.year.picked.connect(self._show_day)
        self.year.toggle_asked.connect(self.toggle)
        self.year.reset_asked.connect(self.reset)
        self.year.name_asked.connect(self._go_to_name)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self.year)
        self.put_in(scroll, 1)
        self.put_in(self._new_day_bar())
        self.said = QLabel()
        theme.set_role(self.said, "small")
        self.buttons.addWidget(self.said)
        self.buttons.addStretch(1)
        self.add_button("粘贴放假通知...", self.paste_notice, "primary", "国务院办公厅每年11月前后印发的放假安排")
        actions.changed.connect(self._follow)
        self.year.go_to(actions.today)

    def _add_years(self) -> None:
        for words, by in (("‹", -1), ("›", 1)):
            button = QPushButton(words)
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip("上一年" if by < 0 else "下一年")
            button.setAccessibleName(button.toolTip())
            theme.set_role(button, "icon")
            button.clicked.connect(self._back if by < 0 else self._on)
            self.tools.addWidget(button)
            if by < 0:
                self.heading = QLabel()
                theme.set_role(self.heading, "h2")
                self.tools.addWidget(self.heading)
        self.known = QLabel()
        self.tools.addSpacing(8)
        self.tools.addWidget(self.known)
        self.tools.addStretch(1)

    def _new_day_bar(self) -> QWidget:
        bar = QFrame()
        theme.set_role(bar, "foot")
        self.day_words = QLabel()
        theme.set_role(self.day_words, "b")
        self.name = QLineEdit()
        self.name.setObjectName("day_name")
        self.name.setAccessibleName("名称")
        self.name.setPlaceholderText("名称，如州庆、停电、防汛值守")
        self.name.setMaxLength(40)
        self.name.setReadOnly(not self.can_edit)
        self.name.returnPressed.connect(self.set_name)
        self.turn, self.back = QPushButton(), QPushButton("恢复原样")
        self.turn.clicked.connect(self.toggle)
        self.back.clicked.connect(self.reset)
        line = QHBoxLayout(bar)
        line.setContentsMargins(16, 8, 16, 8)
        line.setSpacing(8)
        line.addWidget(self.day_words)
        line.addWidget(self.name, 1)
        self.back.setToolTip("只限本单位录入的日子")
        for button in (self.turn, self.back):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            line.addWidget(button)
        return bar

    def focus_first(self) -> None:
        """The year."""
        self.year.setFocus()

    def _back(self) -> None:
        self._go_year(-1)

    def _on(self) -> None:
        self._go_year(1)

    def _go_year(self, by: int) -> None:
        day = self.year.day
        self.year.go_to(date(day.year + by, day.month, min(day.day, 28)))

    def _show_day(self, day: date) -> None:
        days = self._words.days
        worked, name = days.is_workday(day), days.name(day)
        self.day_words.setText(f"{day.isoformat()} {weekday(day)} {'上班' if worked else '休息'}")
        self.name.setText(name)
        self.turn.setText("改为休息" if worked else "改为上班")
        self._actions.permit(self.turn, self.PERMISSION)
        self._actions.permit(self.back, self.PERMISSION, day in self.year.own)
        self.heading.setText(f"{day.year}年")
        first, last = date(day.year, 1, 1), date(day.year, 12, 31)
        count = days.between(first, last) + days.is_workday(first)
        provisional = days.is_provisional(day)
        theme.set_role(self.known, "provisional" if provisional else "muted")
        self.known.setText("暂按：这一年的放假安排还没录入" if provisional else "放假安排已有")
        self.said.setText(f"全年{count}个工作日" + (f"，本单位录入{len(self._own_of(day.year))}天"
                                                    if self._own_of(day.year) else ""))  # fmt: skip

    def _own_of(self, year: int) -> list[date]:
        return [day for day in self.year.own if day.year == year]

    def _go_to_name(self) -> None:
        self.name.setFocus()
        self.name.selectAll()

    def toggle(self) -> None:
        """Let the day under the cursor be rest instead of work, or work instead of rest."""
        self._enter(not self._words.days.is_workday(self.year.day))

    def set_name(self) -> None:
        """Give the day under the cursor its name; work or rest stays."""
        self.year.setFocus()
        if self.name.text().strip() != self._words.days.name(self.year.day):
            self._enter(self._words.days.is_workday(self.year.day))

    def _enter(self, is_workday: bool) -> None:
        if not self.can_edit:
            return
        day = self.year.day
        words = f"{day.isoformat()}改为{'上班' if is_workday else '休息'}"
        name = self.name.text().strip()
        self.amending.propose(office.days_amendment(words, [Day(day, is_workday, name, OWN)]))

    def reset(self) -> None:
        """Take back what the office has entered for the day under the cursor."""
        day = self.year.day
        if self.can_edit and day in self.year.own:
            self.amending.propose(office.days_amendment(f"{day.isoformat()}恢复原来的安排", [], [day]))

    def paste_notice(self) -> None:
        """Read the yearly notice from its text."""
        missing = self._words.days.missing_year(self._actions.today)
        NoticeDialog(missing or self.year.day.year, self._take_notice, self).open()

    def _take_notice(self, notice: Notice, days: Sequence[Day]) -> None:
        self.year.go_to(date(notice.year or self.year.day.year, 1, 1))
        there = {row.on for row in WorkdayOverride.select() if row.source.startswith(notice.title.partition("（")[0])}
        gone = there - {day.on for day in days}
        self.amending.propose(office.days_amendment(f"录入{notice.year}年放假安排", days, gone))

    def _tell(self, change: Change, moved: int) -> None:
        self.toast.say(
            f"{change.title}；{moved:,}件未结事项的时限已重算" if moved else f"{change.title}；没有未结事项受影响"
        )
        self.year.setFocus()

    def _tell_left(self) -> None:
        self.toast.say("没有改", undo=False)
        self.year.setFocus()

    def _follow(self, _change: Change) -> None:
        self.year.show_days(self._words.days, _own_days())


def _own_days() -> frozenset[date]:
    return frozenset(row.on for row in WorkdayOverride.select())
