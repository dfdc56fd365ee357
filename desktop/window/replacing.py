"""Puts something else in the ledger's place before it is opened: a backup, or its own copy, encrypted or decrypted.

Done on a worker, under a cover; the clerk has seen what it means and agreed before.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from db import catalogue
from db.store.restore import restore
from db.store.sealing import Conversion
from desktop.dialogs.paned import say
from desktop.dialogs.problem import dialog_for
from desktop.volumes import mounted
from desktop.window.waiting import WaitPage

if TYPE_CHECKING:
    from desktop.jobs import Job, Jobs
    from desktop.window.main import MainWindow

_SAFE = "中途断电，留下的总是完整的一份。"


class Replacing(QObject):
    """One replacement; `ended()` when the ledger can be opened, whether it was done or not."""

    ended = Signal()

    def __init__(
        self, window: MainWindow, folder: Path, wanted: Path | Conversion, jobs: Jobs, now: Callable[[], datetime]
    ) -> None:
        super().__init__(window)
        self._window, self._folder, self._wanted, self._now = window, folder, wanted, now
        self._said = ""
        if isinstance(wanted, Path):
            self._title, job_title, skip = "已恢复", "正在恢复备份", "停止，不恢复"
            words = f"现在的台账先备份好，再换成选定的备份；{_SAFE}"
        elif wanted.password:
            self._title, job_title, skip = "已加密", "正在加密台账", "停止，不加密"
            words = f"先备份，再换成加密的一份；{_SAFE}"
        else:
            self._title, job_title, skip = "已解除加密", "正在解除加密", "停止，仍然加密"
            words = f"先备份，再换成不加密的一份；{_SAFE}"
        self._cover = WaitPage(window, job_title, words, skip)
        job = jobs.run(job_title, self._work, self._done, self._tell_not_done)
        self._cover.follow(job)
        self._cover.skipped.connect(job.cancel)
        job.ended.connect(self._end)

    def _work(self, job: Job) -> str:
        if isinstance(self._wanted, Conversion):
            return self._wanted.carry_out(self._folder, self._now(), job.progress, mounted)
        return restore(self._folder, self._wanted, catalogue.load(), self._now(), True, job.progress).words()

    def _done(self, said: str) -> None:
        self._said = said

    def _tell_not_done(self, error: BaseException) -> None:
        dialog = dialog_for(error, self._window)
        dialog.exec()
        dialog.deleteLater()

    def _end(self) -> None:
        self._cover.uncover()
        self.ended.emit()

    def tell(self, before: str = "") -> None:
        """Say what was done, once the ledger is shown; `before` is what it was part of."""
        if words := "\n".join(filter(None, (before, self._said))):
            say(self._title, words, self._window)
