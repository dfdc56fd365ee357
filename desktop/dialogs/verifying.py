"""核对日志: the whole chain, or a printed page against the file, on the worker with progress."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QWidget

from db.errors import Refused
from db.record import database
from db.store import verifying
from db.store.verifying import CODE, ON, Proof
from desktop import theme
from desktop.dialogs.asking import AskDialog, Asked
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.registers.editors import DateEditor, LineEditor
from desktop.registers.words import OfficeWords

_WORDS = (
    "每次改动都记在日志里，一条扣着一条。月度汇总、登记簿每页末尾印着当时的校验码：照着输进来，"
    "就知道台账是不是还和印那一页时一样。校验码留空，就只核对日志自己是否连得上。"
)


class VerifyDialog(AskDialog):
    """Code and day of a page; 核对 says under them what the file holds. It stays open for the next page."""

    failed = Signal(object)

    def __init__(self, actions: Actions, words: OfficeWords, jobs: Jobs, parent: QWidget | None = None) -> None:
        asked = (
            Asked(CODE, "校验码", LineEditor, hint="8组4位，如3f0a 91c2 …"),
            Asked(ON, "打印日期", partial(DateEditor, words), hint="校验码旁边印的日期"),
        )
        super().__init__("核对日志", _WORDS, asked, "核对", self._begin, parent, leave="关闭")
        self._actions, self._jobs = actions, jobs
        self._job: Job | None = None
        self.bar, self.answer, self.stop = QProgressBar(), QLabel(), QPushButton("停止")
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("核对日志")
        self.answer.setWordWrap(True)
        self.answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.stop.setAutoDefault(False)
        self.stop.clicked.connect(self._cancel)
        for widget in (self.bar, self.answer):
            self.body.insertWidget(self.body.count() - 1, widget)
        self.foot.insertWidget(0, self.stop)
        self._show_busy(False)

    def take(self) -> None:
        """Begin; unlike other such dialogs this one stays for the answer."""
        self._clear()
        self.answer.setText("")
        try:
            values = self.values()
            self._begin(values)
        except Refused as refused:
            self._show(refused.problems)

    def _begin(self, values: dict[str, Any]) -> None:
        code, on = values[CODE] or "", values[ON]
        if code or on:
            verifying.require(code, on)
        store = self._actions.store

        def work(job: Job) -> Proof:
            database.connect(reuse_if_open=True)
            return verifying.page(store, code, on, job.progress) if code else verifying.whole(store, job.progress)

        self._show_busy(True)
        self._job = job = self._jobs.run("核对日志", work, self._tell, self.failed.emit)
        job.progressed.connect(self._show_progress)
        job.ended.connect(self._end)

    def _tell(self, proof: Proof) -> None:
        theme.set_role(self.answer, "quote" if proof.holds else "problem")
        self._answer(proof.words)

    def _answer(self, words: str) -> None:
        """Show an answer, with room for all of it."""
        self.answer.setText(words)
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _end(self) -> None:
        if self._job is not None and self._job.is_cancelled:
            self._answer("已停止，没有核对完")
        self._job = None
        self._show_busy(False)

    def _show_busy(self, is_busy: bool) -> None:
        self.button.setEnabled(not is_busy)
        self.bar.setVisible(is_busy)
        self.stop.setVisible(is_busy)
        self.bar.setRange(0, 0)

    def reject(self) -> None:
        """Close; what runs is stopped, and its end finds nobody to tell."""
        if self._job is not None:
            self._job.cancel()
            self._job.disconnect(self)
        super().reject()
