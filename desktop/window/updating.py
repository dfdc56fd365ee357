"""Upgrades asked for in the window: a file is checked, shown and prepared on the worker; then the program is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from db.errors import Refused, StoreTrouble
from desktop.dialogs.update import BackDialog, ByHandDialog, UpdateDialog
from desktop.updates import container, installation, preparing
from desktop.window.waiting import cover_during

if TYPE_CHECKING:
    from desktop.jobs import Job, Jobs
    from desktop.registers.actions import Actions
    from desktop.updates.container import Update
    from desktop.updates.preparing import Kept, Prepared
    from desktop.window.main import MainWindow

_CLOSED = "请先关闭法治台账，再由管理员在终端执行下面的命令。"


class UpdateDesk(QObject):
    """Leads through an upgrade or the way back; `side.installer_asked` leaves the program for the installer."""

    def __init__(self, window: MainWindow, actions: Actions, jobs: Jobs, now: Callable[[], datetime]) -> None:
        super().__init__(window)
        self._window, self._actions, self._jobs, self._now = window, actions, jobs, now
        self._folder, self._here = actions.store.folder, installation.here(actions.store.folder)
        self._dialog: UpdateDialog | None = None

    def show(self) -> UpdateDialog:
        """Open the dialog; a file is asked for there."""
        kept = preparing.way_back(self._folder, self._here)
        self._dialog = dialog = UpdateDialog(self._here, kept, self._window)
        if dialog.back is not None:
            self._actions.permit(dialog.back, "restore_backup")
        dialog.file_chosen.connect(self.check)
        dialog.upgrade_asked.connect(self._prepare)
        dialog.back_asked.connect(self._check_back)
        dialog.finished.connect(self._forget)
        dialog.open()
        return dialog

    def _forget(self) -> None:
        self._dialog = None

    def check(self, path: Path) -> None:
        """Read the head of a file, which may lie on a slow stick, and show what it brings."""
        dialog = self._dialog or self.show()
        dialog.show_checking(path.name)
        self._jobs.run("核对升级文件", partial(self._read, path), self._tell, self._refuse)

    def _read(self, path: Path, _job: Job) -> Update:
        found = container.read(path, container.publishers())
        self._here.require_fit(found.manifest)
        return found

    def _tell(self, found: Update) -> None:
        if self._dialog is not None:
            self._dialog.show_found(found, self._here.version)

    def _refuse(self, error: BaseException) -> None:
        if self._dialog is None or not isinstance(error, (Refused, StoreTrouble)):
            self._window.show_trouble(error)
        else:
            self._dialog.show_refused(str(error))

    def _prepare(self, found: Update) -> None:
        at = self._now()
        job = self._jobs.run(
            "准备升级", lambda job: preparing.prepare(found, self._folder, self._here, at, job.progress),
            self._leave, self._window.show_trouble,
        )  # fmt: skip
        words = "取出安装包、逐字核对，备份台账，留好退回的路；程序还没有改动，可以停下。"
        cover_during(self._window, job, "正在准备升级", words)

    def _leave(self, prepared: Prepared) -> None:
        command = self._here.command(prepared.package)
        if command is None:
            words = f"安装包已核对，台账已备份。{_CLOSED}"
            ByHandDialog(self._here.by_hand(prepared.package), words, self._window).open()
            return
        preparing.note_upgrade(self._folder, self._here, prepared)
        self._window.side.installer_asked.emit(command)

    def _check_back(self, _kept: Kept) -> None:
        if self._dialog is not None:
            self._dialog.reject()
        try:
            self._actions.store.require("restore_backup")
        except Refused as refused:
            self._window.show_trouble(refused)
            return
        job = self._jobs.run("检查上一版", self._look_back, self._ask_back, self._window.show_trouble)
        cover_during(self._window, job, "正在检查上一版", "看上一版的安装包和升级前的备份是不是完好；还没有改动。")

    def _look_back(self, job: Job) -> tuple[Kept, Path, int]:
        kept, package = preparing.go_back(self._folder, self._here, progress=job.progress)
        return kept, package, preparing.lost_by(self._folder, kept)

    def _ask_back(self, found: tuple[Kept, Path, int]) -> None:
        kept, package, lost = found
        ask = BackDialog(kept, lost, self._window)
        ask.finished.connect(partial(self._go_back, kept, package))
        ask.open()

    def _go_back(self, kept: Kept, package: Path, answer: int) -> None:
        if answer != QDialog.DialogCode.Accepted:
            return
        preparing.note_going_back(self._folder, self._here, kept)
        command = self._here.command(package, kept.version)
        if command is None:
            words = f"上一版的安装包和备份都完好；装好后打开程序，台账就换成升级前的备份。{_CLOSED}"
            ByHandDialog(self._here.by_hand(package, kept.version), words, self._window).open()
            return
        self._window.side.installer_asked.emit(command)
