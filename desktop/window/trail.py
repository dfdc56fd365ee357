"""操作记录: the journal over all records, newest first; opens a change's records, takes it back, makes it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from db.record import database
from db.store import operations
from db.store.operations import Operation, Wanted
from desktop import theme
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.registers.rows import Heading, ListedRows, Row
from desktop.registers.table import RecordTable
from desktop.registers.words import OfficeWords
from desktop.window.opening import open_records

if TYPE_CHECKING:
    from desktop.window.batches import Batches
    from desktop.window.main import MainWindow

SHOWN = 300  # changes listed at first, and so many more at each asking
PERIODS = (("全部时间", None), ("今天", 0), ("近7天", 6), ("近30天", 29), ("近一年", 365))  # days before today
_HEADINGS = (
    Heading("at", "时间", 12.0, sortable=False),
    Heading("by", "经办", 5.6, sortable=False),
    Heading("title", "操作", 12.0, sortable=False),
    Heading("register", "台账", 6.4, gives_way=1, sortable=False),
    Heading("subject", "内容", sortable=False),
    Heading("state", "现状", 5.0, sortable=False),
)


class _Told(NamedTuple):
    """A change with what it is about, in words."""

    operation: Operation
    register: str
    subject: str


def _row(place: int, told: _Told) -> Row:
    """A change as a row: (place, None, moment, person, what, register, subject, state)."""
    one, register, subject = told
    moment, state = one.at[:16].replace("T", " "), "已撤销" if one.is_undone else ""
    return (place, None, moment, one.by, one.title, register, subject, state)


class TrailPage(QFrame):
    """Choices of person, register and period over the list; under it what can be done with the change on show."""

    open_asked = Signal(str, object)  # register, ids
    turn_asked = Signal(object, bool)  # operation; whether it is to be made again
    check_asked = Signal()
    trouble = Signal(object)
    said = Signal(str)

    def __init__(self, actions: Actions, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "pane")
        self._actions, self._jobs = actions, jobs
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._job: Job | None = None
        self._told: tuple[_Told, ...] = ()
        self._size = SHOWN
        self._is_stale = True
        self.by, self.register, self.since = QComboBox(), QComboBox(), QComboBox()
        self.table = RecordTable(_HEADINGS)
        self.table.current_changed.connect(self._show_current)
        self.table.activated.connect(self._open)
        self.table.failed.connect(self.trouble)
        self.turn_button, self.open_button, self.more = (
            QPushButton("撤销这一步"),
            QPushButton("打开记录"),
            QPushButton(),
        )
        self.why = QLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part, stretch in ((self._new_head(), 0), (self.table, 1), (self._new_foot(), 0)):
            column.addWidget(part, stretch)
        actions.changed.connect(self._follow)
        self._show_current(None)

    def _new_head(self) -> QWidget:
        head = QFrame()
        theme.set_role(head, "head")
        head.setFixedHeight(theme.row() + 16)
        title = QLabel("操作记录")
        theme.set_role(title, "h1")
        self.by.addItem("全部人员", "")
        self.register.addItem("全部台账", "")
        for register in self._actions.store.catalogue:
            self.register.addItem(register.TITLE, register.key())
        for words, days in PERIODS:
            self.since.addItem(words, days)
        line = QHBoxLayout(head)
        line.setContentsMargins(12, 8, 12, 8)
        line.setSpacing(12)
        line.addWidget(title)
        line.addStretch(1)
        for box, name in ((self.by, "人员"), (self.register, "台账"), (self.since, "时间")):
            box.setAccessibleName(name)
            box.activated.connect(self._choose)
            line.addWidget(box)
        check = QPushButton("核对日志")
        check.setObjectName("check")
        check.setToolTip("看日志是不是条条连得上；用纸上的校验码核对文件")
        check.clicked.connect(self.check_asked)
        line.addWidget(check)
        return head

    def _new_foot(self) -> QWidget:
        foot = QFrame()
        theme.set_role(foot, "foot")
        theme.set_role(self.why, "muted")
        self.why.setWordWrap(True)
        theme.set_role(self.more, "quiet")
        self.more.setText(f"再列{SHOWN}步")
        self.more.hide()
        self.more.clicked.connect(self._list_more)
        self.open_button.clicked.connect(self._open)
        self.turn_button.clicked.connect(self._turn)
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 8, 12, 8)
        line.setSpacing(8)
        line.addWidget(self.why, 1)
        for button in (self.more, self.open_button, self.turn_button):
            line.addWidget(button)
        return foot

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The list has the focus."""
        super().focusInEvent(event)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """What was changed while another page was on show is listed now."""
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def _follow(self) -> None:
        self._is_stale = True
        if self.isVisible():
            self.refresh()

    def _choose(self) -> None:
        self._size = SHOWN
        self.refresh()

    def _list_more(self) -> None:
        self._size += SHOWN
        self.refresh()

    def wanted(self) -> Wanted:
        """Which changes are listed."""
        days = self.since.currentData()
        since = (self._actions.today - timedelta(days=days)).isoformat() if days is not None else ""
        return Wanted(self.by.currentData(), self.register.currentData(), since)

    def refresh(self) -> None:
        """List anew, on the worker: what fits may lie far back."""
        if self._job is not None:
            self._job.cancel()
        self._is_stale = False
        store, wanted, size = self._actions.store, self.wanted(), self._size

        def work(job: Job) -> tuple[tuple[_Told, ...], list[str]]:
            database.connect(reuse_if_open=True)
            job.interrupt_with(database.connection().interrupt)
            found = operations.newest(store, wanted, size, job.progress)
            told = tuple(
                _Told(one, operations.title_of(store, one.register), operations.called(store, one)) for one in found
            )
            return told, operations.people(store)

        self._job = self._jobs.run("列出操作记录", work, self._take, self.trouble.emit)

    def _take(self, found: tuple[tuple[_Told, ...], list[str]]) -> None:
        if self.sender() is not self._job:
            return
        self._job = None
        current = self.current()
        self._told, people = found
        self._offer(people)
        self.table.set_rows(ListedRows(self._told, _row), len(self._told))
        at = next((at for at, one in enumerate(self._told) if current and one.operation.change == current.change), 0)
        if self._told:
            self.table.go(at)
        self.more.setVisible(len(self._told) == self._size)
        self._show_current(self.table.current_id())
        self.said.emit(self.status_words())

    def _offer(self, people: Sequence[str]) -> None:
        known = {self.by.itemData(at) for at in range(self.by.count())}
        for person in people:
            if person not in known:
                self.by.addItem(person, person)

    def current(self) -> Operation | None:
        """The change on show; None when there is none."""
        at = self.table.current_id()
        return self._told[at].operation if at is not None and at < len(self._told) else None

    def _show_current(self, _place: object) -> None:
        found = self.current()
        asked = operations.asked(self._actions.store, found) if found else ()
        why = next(filter(None, map(self._actions.why_not, asked)), "")
        self.turn_button.setText("重做这一步" if found and found.is_undone else "撤销这一步")
        self.turn_button.setEnabled(found is not None and found.may_turn and not why)
        self.turn_button.setToolTip(why)
        self.open_button.setEnabled(found is not None)
        self.why.setText((found.may_turn and why) or _words(found) if found else "")

    def _turn(self) -> None:
        if found := self.current():
            self.turn_asked.emit(found, found.is_undone)

    def _open(self, *_place: object) -> None:
        if found := self.current():
            held = operations.records_of(self._actions.store, found)
            if not held:
                self.said.emit("这一步改的是设置，没有记录可打开")
                return
            register = found.register if found.register in held else next(iter(held))
            self.open_asked.emit(register, held[register])

    def status_words(self) -> str:
        """What the status bar says of this page."""
        return f"列出最近的 {len(self._told):,} 步操作，每一步都记着谁、什么时候、改了什么；不能删改"


def _words(found: Operation) -> str:
    """What is to be known of a change before it is turned."""
    if found.undoes is not None:
        return "这一步本身是撤销或重做；要再改回来，请选原来那一步"
    if not found.may_turn:
        return "锁定、解锁月份的记录不能撤销；请再锁定或解锁"
    if found.is_undone:
        return "这一步已撤销，可以重做"
    return "撤销只改回这一步改过的内容；之后又改过的，会说明是谁在什么时候改的，什么也不动"


def new_trail_page(window: MainWindow, actions: Actions, words: OfficeWords, jobs: Jobs, batches: Batches) -> TrailPage:
    """The page of a window, which opens records, takes changes back and holds paper against the file."""
    page = TrailPage(actions, jobs)
    page.open_asked.connect(partial(open_records, window, actions))
    page.turn_asked.connect(batches.turn)
    page.check_asked.connect(partial(open_verifying, window, actions, words, jobs))
    page.trouble.connect(window.show_trouble)
    page.said.connect(window.status.say)
    return page


def open_verifying(window: MainWindow, actions: Actions, words: OfficeWords, jobs: Jobs) -> None:
    """Open 核对日志 over the window."""
    from desktop.dialogs.verifying import VerifyDialog

    dialog = VerifyDialog(actions, words, jobs, window)
    dialog.failed.connect(window.show_trouble)
    dialog.open()
