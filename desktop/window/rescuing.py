"""A damaged ledger at the start: what can be saved of it, in numbers, and which of it takes its place."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from db import catalogue
from db.errors import Cancelled, StoreTrouble
from db.store.recovering import Recovered, recover
from desktop import theme
from desktop.dialogs.paned import PanedDialog
from desktop.dialogs.problem import dialog_for
from desktop.volumes import mounted
from desktop.window.waiting import WaitPage

if TYPE_CHECKING:
    from desktop.jobs import Job, Jobs
    from desktop.window.main import MainWindow


class Rescue(QObject):
    """Tells what is damaged, saves what can be saved when asked, and lets the clerk choose; `ended(path or None)`."""

    ended = Signal(object)

    def __init__(self, window: MainWindow, folder: Path, jobs: Jobs, now: Callable[[], datetime]) -> None:
        super().__init__(window)
        self._window, self._folder, self._jobs, self._now = window, folder, jobs, now
        self._cover: WaitPage | None = None

    def ask(self, trouble: StoreTrouble) -> None:
        """Tell what is damaged; nothing is touched before the clerk asks for it."""
        words = f"{trouble.text}{trouble.advice}也可以先看看受损的文件里能救回多少：只在旁边另存，不动原来的文件。"
        ask = PanedDialog(trouble.title, words, "看能救回多少", "退出", self._window)
        ask.setMinimumWidth(theme.up4(40 * theme.em()))
        ask.button.clicked.connect(ask.accept)
        ask.accepted.connect(self._begin)
        ask.rejected.connect(partial(self.ended.emit, None))
        ask.open()

    def _begin(self) -> None:
        words = "原来的文件不动，先抄一份放在旁边；读得出来的写进一本新台账，再和日志、备份核对。"
        self._cover = cover = WaitPage(self._window, "正在读受损的台账", words, "停止")
        job = self._jobs.run("读受损的台账", self._save, self._tell, self._fail)
        cover.follow(job)
        cover.skipped.connect(job.cancel)
        job.ended.connect(self._uncover)

    def _save(self, job: Job) -> Recovered | None:
        try:
            return recover(self._folder, catalogue.load(), getpass.getuser(), self._now, job.progress, mounted)
        except Cancelled:
            return None

    def _uncover(self) -> None:
        if self._cover is None:
            return
        self._cover.uncover()
        self._cover = None
        if self.sender() is not None and self.sender().is_cancelled:  # type: ignore[attr-defined]
            self.ended.emit(None)

    def _fail(self, error: BaseException) -> None:
        dialog_for(error, self._window).exec()
        self.ended.emit(None)

    def _tell(self, found: Recovered) -> None:
        """The numbers, and the ways on: what was saved, the newest backup, or neither for now."""
        words = f"{found.words()}受损的文件原样放在{found.folder.name}里。选定的会放到台账的位置，现在的先存好。"
        words = words.replace("。", "。\n").strip()
        ask = PanedDialog("读完了，请选用哪一份", words, "用救回来的", "先都不动", self._window)
        ask.setMinimumWidth(theme.up4(46 * theme.em()))
        ask.button.setEnabled(any(one.records for one in found.registers))
        if found.backup is not None:
            other = QPushButton("用最近的备份")
            other.setAutoDefault(False)
            other.clicked.connect(partial(self._choose, ask, found.backup))
            ask.foot.insertWidget(2, other)
        ask.button.clicked.connect(partial(self._choose, ask, found.ledger))
        ask.rejected.connect(partial(self.ended.emit, None))
        ask.open()

    def _choose(self, ask: PanedDialog, path: Path) -> None:
        ask.accept()
        self.ended.emit(path)
