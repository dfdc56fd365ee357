"""A changed rule or calendar: first which open records would move, from when to when; then, confirmed, one change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from db.catalogue import Catalogue
from db.store.recomputing import Amendment, Moved, Stopped, amend, moves
from desktop import theme
from desktop.dialogs.cells import RowsView
from desktop.dialogs.paned import PanedDialog
from desktop.dialogs.rows import Column, RowsModel
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions

_PATIENCE_MS = 300  # work that takes longer shows how far it is


class Waiting(QDialog):
    """How far a longer piece of work is; Esc or 停止 breaks it off, nothing is then written."""

    stop_asked = Signal()

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("请稍等")
        self.setModal(True)
        title = QLabel(words)
        theme.set_role(title, "b")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._stop = stop = QPushButton("停止")
        stop.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(self._bar)
        column.addLayout(foot)
        self.setMinimumWidth(theme.up4(30 * theme.em()))
        self.rejected.connect(self.stop_asked)

    def show_progress(self, done: int, total: int) -> None:
        """Move the bar; what has been looked through is being written, and is not broken off any more."""
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        self._stop.setEnabled(done < total)

    def reject(self) -> None:
        """Break off, as long as that can be done."""
        if self._stop.isEnabled():
            super().reject()


class MovesDialog(PanedDialog):
    """The open records that an amendment moves: register, number, title, old and new deadline."""

    def __init__(
        self, amendment: Amendment, moved: Sequence[Moved], catalogue: Catalogue, parent: QWidget | None = None
    ) -> None:
        titles = {register.key(): register.TITLE for register in catalogue}
        later = sum(bool(one.before and one.after and one.after > one.before) for one in moved)
        earlier = sum(bool(one.before and one.after and one.after < one.before) for one in moved)
        rest = len(moved) - later - earlier
        parts = ((later, "推后"), (earlier, "提前"), (rest, "日期不变，只改依据或去掉暂按"))
        counts = "，".join(f"{count:,}件{word}" for count, word in parts if count)
        words = f"{amendment.title}。其中{counts}。已办结、作废的不动；手工指定的时限不动。"
        super().__init__(f"{len(moved):,}件未结事项的时限会变", words, f"改 {len(moved):,} 件", "不改", parent)
        model = RowsModel((
            Column("register", "台账", 6.4, written=lambda one: titles[one.register]),
            Column("number", "编号", 11.6),
            Column("title", "标题"),
            Column("before", "原时限", 7.2, written=_said_before),
            Column("after", "新时限", 9.6, written=_said_after),
        ))  # fmt: skip
        self.view = RowsView(model)
        model.show(moved)
        self.view.go_to(0)
        self.button.clicked.connect(self.accept)
        self.column.insertWidget(1, self.view, 1)
        self.column.setStretch(0, 0)
        theme.give_size(self, 64, 34)
        self.button.setDefault(True)  # only now: a button without its dialog is the default of none


def _said_before(one: Moved) -> str:
    return one.before.isoformat() if one.before else "没有时限"


def _said_after(one: Moved) -> str:
    return (one.after.isoformat() if one.after else "没有时限") + (" 暂按" if one.is_provisional else "")


class Amending(QObject):
    """Takes an amendment from the first look to the change: looked at on the worker, shown, confirmed, written there.

    `done` carries the change and how many records it moved; `left` says that the clerk would rather not.
    """

    done = Signal(object, int)
    left = Signal()
    failed = Signal(object)

    def __init__(self, actions: Actions, jobs: Jobs, window: QWidget) -> None:
        super().__init__(window)
        self._actions, self._jobs, self._window = actions, jobs, window
        self._waiting: Waiting | None = None
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE_MS)
        self._timer.timeout.connect(self._show_waiting)
        self._words = ""
        self._moved = 0
        self._amendment = Amendment("")
        self.dialog: MovesDialog | None = None

    def propose(self, amendment: Amendment) -> None:
        """Look which open records would move; ask only when there are any."""
        self._amendment = amendment
        self._run("正在看哪些未结事项会变...", partial(_look, self._actions, amendment), self._ask)

    def _ask(self, moved: list[Moved]) -> None:
        self._finish_waiting()
        self._moved = len(moved)
        if not moved:
            self._write()
            return
        self.dialog = MovesDialog(self._amendment, moved, self._actions.store.catalogue, self._window)
        self.dialog.accepted.connect(self._write)
        self.dialog.rejected.connect(self.left)
        self.dialog.open()

    def _write(self) -> None:
        self._run("正在重算未结事项的时限...", partial(_write, self._actions, self._amendment), self._end)

    def _end(self, change: Any) -> None:
        self._finish_waiting()
        self._actions.told(change)
        self.done.emit(change, self._moved)

    def _run(self, words: str, work: Callable[[Job], Any], done: Callable[[Any], None]) -> None:
        self._words = words
        self._window.setEnabled(False)
        self._job = self._jobs.run(words, work, done, self._fail)
        self._job.ended.connect(self._ended)
        self._timer.start()

    def _show_waiting(self) -> None:
        if self._job is None:
            return
        self._waiting = Waiting(self._words, self._window.window())
        self._waiting.setEnabled(True)
        self._waiting.stop_asked.connect(self._stop)
        self._job.progressed.connect(self._waiting.show_progress)
        self._waiting.open()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _fail(self, error: BaseException) -> None:
        self._finish_waiting()
        self.left.emit() if isinstance(error, Stopped) else self.failed.emit(error)

    def _ended(self) -> None:
        """The job was broken off, so that neither `done` nor `failed` came."""
        if self._job is not None and self._job.is_cancelled:
            self._finish_waiting()
            self.left.emit()

    def _finish_waiting(self) -> None:
        self._timer.stop()
        self._job = None
        self._window.setEnabled(True)
        if self._waiting is not None:
            self._waiting.rejected.disconnect(self._waiting.stop_asked)
            self._waiting.accept()
            self._waiting.deleteLater()
            self._waiting = None


def _look(actions: Actions, amendment: Amendment, job: Job) -> list[Moved]:
    return moves(actions.store, amendment, job.progress)


def _write(actions: Actions, amendment: Amendment, job: Job) -> Any:
    return amend(actions.store, amendment, job.progress)
