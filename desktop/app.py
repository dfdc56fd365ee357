"""The running program: the only place that knows everybody. `desktop.start` shows the frame that it fills.

Nothing is put into the window but from an open store.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from db.store.backup_places import Backups
from db.store.store import Store
from desktop.dialogs.problem import dialog_for
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.words import OfficeWords
from desktop.settings import MachineSettings
from desktop.window.main import MainWindow


def local_now() -> datetime:
    """The clock of the program: local time."""
    return datetime.now()


class Program(QObject):
    """One running window with its store and its worker."""

    def __init__(
        self, app: QApplication, folder: Path, now: Callable[[], datetime], settings: MachineSettings,
        window: MainWindow | None = None,
    ) -> None:  # fmt: skip
        """Open the ledger in `folder` and fill the frame on show, or a new one. Raises StoreTrouble."""
        super().__init__()
        self._app, self._folder, self._now = app, folder, now
        self.store = Store.open(folder, getpass.getuser(), now)
        self.jobs = Jobs()
        self.actions = Actions(self.store)
        self.words = OfficeWords(self.actions)
        self.window = window or MainWindow(settings)
        self.window.fill(self.actions, self.words, self.jobs, now)
        self.window.closing.connect(self._close)

    def show(self) -> None:
        """Show the window, and ask what has to be asked at the very first start."""
        self.window.show()
        QTimer.singleShot(0, self.window.greet)

    def to_front(self) -> None:
        """Bring the window to the front."""
        self.window.setWindowState(self.window.windowState() & ~self.window.windowState().WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def show_defect(self, error: object) -> None:
        """Show what nobody foresaw."""
        assert isinstance(error, BaseException)
        self.window.show_trouble(error)

    def _close(self) -> None:
        self.jobs.close()
        if not self.store.read_only:
            self._back_up()
        self.store.close()

    def _back_up(self) -> None:
        """One verified backup at the end of the day's work, when something was changed since the last one."""
        made = Backups(self._folder, self.store.catalogue, self.store.rules.settings).make(self._now())
        for trouble in made.troubles:
            dialog_for(trouble, self.window).exec()
