"""今日: overdue, due today, the next five working days; beside it the year month by month and what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from db.record import database
from db.summaries.board import Board, Gap, Pulse
from desktop import theme
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.window.matters import MatterList
from desktop.window.pulses import PulseView

if TYPE_CHECKING:
    from db.summaries.board import Order

NARROW = 900  # px, under which the right column goes
_ORDERS: tuple[tuple[Order, str], ...] = (("day", "按时限"), ("register", "按台账"), ("unit", "按单位"))
_WRITING = {"new": "save", "draft": "save", "calendar": "edit_rules", "backup": ""}  # what a fix asks for
_DAYS = "一二三四五六日"


class BoardPage(QWidget):
    """The first page: what burns, over all registers. `more_gaps` adds what only the window knows (drafts, backups)."""

    open_asked = Signal(str, int)
    new_asked = Signal(str)
    fix_asked = Signal(object)
    print_asked = Signal()
    month_asked = Signal(str, int, int)
    counted = Signal(int)
    """How many matters are overdue or due today."""
    trouble = Signal(object)

    def __init__(
        self, actions: Actions, jobs: Jobs, more_gaps: Callable[[], list[Gap]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._actions, self._jobs, self._more_gaps = actions, jobs, more_gaps
        self._job: Job | None = None
        self._stale = True
        self.matters = MatterList(actions.today)
        self.matters.open_asked.connect(self.open_asked)
        self._right = _pane("split")
        self._filling = QVBoxLayout(self._right)
        self._filling.setContentsMargins(16, 12, 16, 16)
        self._filling.setSpacing(4)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._right)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.matters, 1)
        body.addWidget(self._scroll)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._new_head())
        column.addLayout(body, 1)
        actions.changed.connect(self._take_change)

    def _new_head(self) -> QWidget:
        head = QFrame()
        theme.set_role(head, "head")
        head.setFixedHeight(theme.row() + 16)
        title, self._day = QLabel("今日"), QLabel()
        theme.set_role(title, "h1")
        theme.set_role(self._day, "muted")
        line = QHBoxLayout(head)
        line.setContentsMargins(12, 0, 12, 0)
        line.setSpacing(8)
        line.addWidget(title)
        line.addWidget(self._day)
        line.addStretch(1)
        self._orders = QButtonGroup(self)
        for at, (order, words) in enumerate(_ORDERS):
            chip = QPushButton(words)
            chip.setCheckable(True)
            chip.setObjectName(order)
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._orders.addButton(chip, at)
            line.addWidget(chip)
        self._orders.idClicked.connect(self._take_order)
        first = next(iter(self._actions.store.catalogue))
        new = QPushButton(f"＋ {first.VERB}")
        new.setObjectName(first.key())
        new.setToolTip("Ctrl+N")
        self._actions.permit(new, "save")
        new.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.set_role(new, "primary")
        new.clicked.connect(self._ask_new)
        line.addSpacing(8)
        line.addWidget(new)
        self._show_order("day")
        return head

    def _show_order(self, order: Order) -> None:
        for at, (key, _words) in enumerate(_ORDERS):
            button = self._orders.button(at)
            button.setChecked(key == order)
            theme.set_role(button, "chipOn" if key == order else "chip")

    def _take_order(self, at: int) -> None:
        order = _ORDERS[at][0]
        self._show_order(order)
        self.matters.set_order(order)

    def _ask_new(self) -> None:
        self.new_asked.emit(self.sender().objectName())

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while another page was on show is read now; so is a new day."""
        super().showEvent(event)
        if self._stale or self.matters.today != self._actions.today:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the matters have all the room."""
        super().resizeEvent(event)
        self._scroll.setFixedWidth(min(theme.up4(29.4 * theme.em()), self.width() * 2 // 5))
        self._scroll.setVisible(self.width() >= NARROW - 176)

    def _take_change(self, _change: object) -> None:
        self._stale = True
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Read the matters at once; months and gaps follow from the worker."""
        self._stale = False
        store, today = self._actions.store, self._actions.today
        rules, catalogue = store.rules, store.catalogue
        self.matters.show_groups(Board(store.connection, catalogue, rules).groups(), today, rules.days)
        self.counted.emit(self.matters.urgent())
        worked = sum(rules.days.is_workday(today.replace(day=day)) for day in range(1, today.day + 1))
        rest = "，休息日" if not rules.days.is_workday(today) else f"，本月第 {worked} 个工作日"
        self._day.setText(f"{today.month}月{today.day}日 星期{_DAYS[today.weekday()]}{rest}")

        def work(job: Job) -> tuple[tuple[Pulse, ...], tuple[Gap, ...]]:
            database.connect(reuse_if_open=True)
            job.interrupt_with(database.connection().interrupt)
            board = Board(database.connection(), catalogue, rules)
            return board.pulses(), board.gaps()

        if self._job is not None:
            self._job.cancel()
        self._job = self._jobs.run("汇总今日", work, self._take_year, self.trouble.emit)

    def _take_year(self, found: object) -> None:
        self._job = None
        assert isinstance(found, tuple)
        pulses, gaps = found
        while self._filling.count():
            item = self._filling.takeAt(0)
            if widget := item.widget():
                widget.deleteLater()
        if pulses:
            self._filling.addWidget(_heading("各月件数", "柱 今年   横线 去年"))
            view = PulseView(pulses, self._actions.today)
            view.month_clicked.connect(self.month_asked)
            self._filling.addWidget(view)
            self._filling.addSpacing(12)
        every = [*gaps, *self._more_gaps()]
        self._filling.addWidget(_heading("缺口", f"{len(every)}" if every else "没有"))
        for gap in every:
            line = GapLine(gap, self._ask_fix)
            if gap.action in _WRITING:
                self._actions.permit(line.fix, _WRITING[gap.action])
            self._filling.addWidget(line)
        self._filling.addStretch(1)

    def _ask_fix(self, gap: Gap) -> None:
        self.fix_asked.emit(gap)

    def status_words(self) -> str:
        """What the status bar says of this page."""
        return self.matters.status_words()


class GapLine(QFrame):
    """One gap with its one fix; `ask` is told when the fix is wanted."""

    def __init__(self, gap: Gap, ask: Callable[[Gap], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gap, self._ask = gap, ask
        mark, words, fix = QLabel(), QLabel(gap.words), QPushButton(gap.fix)
        self.fix = fix
        theme.set_icon(mark, gap.kind, {"todo": "accent", "soon": "ochre", "late": "red"}[gap.kind], 12)
        words.setWordWrap(True)
        theme.set_role(fix, "quiet")
        fix.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        fix.setAccessibleName(f"{gap.fix}：{gap.words}")
        fix.clicked.connect(self._take)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(mark)
        line.addWidget(words, 1)
        line.addWidget(fix)
        rule = QFrame()
        rule.setFixedHeight(1)
        theme.set_role(rule, "rule")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(rule)

    def _take(self) -> None:
        self._ask(self._gap)


def _pane(role: str) -> QFrame:
    pane = QFrame()
    theme.set_role(pane, role)
    return pane


def _heading(title: str, hint: str) -> QWidget:
    whole = QWidget()
    words, small = QLabel(title), QLabel(hint)
    theme.set_role(words, "h2")
    theme.set_role(small, "small")
    line = QHBoxLayout(whole)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(words)
    line.addWidget(small)
    line.addStretch(1)
    return whole
