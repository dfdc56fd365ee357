"""The running program: the only place that knows everybody. `desktop.start` shows the frame that it fills.

Nothing is put into the window but from an open store.
"""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTimer, QTranslator, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication

from db import catalogue
from db.errors import Refused
from db.store.opening import Opening
from db.store.store import Store
from desktop.dialogs.problem import dialog_for
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.words import OfficeWords
from desktop.settings import MachineSettings
from desktop.uptime import watches
from desktop.window.alerts import Alerts
from desktop.window.attachment_reading import AttachmentReading
from desktop.window.backing import BackupDesk
from desktop.window.clock_watch import ClockWatch
from desktop.window.main import MainWindow
from desktop.window.signing import SignInDesk
from desktop.window.waiting import WaitPage

if TYPE_CHECKING:
    from db.store.backup_places import BackupState
    from db.store.sealing import Conversion


def begin_opening(folder: Path, now: Callable[[], datetime]) -> Opening:
    """The first step of opening: place and lock; the check after an unclean end may then run on a worker.

    Raises:
        StoreTrouble: when the place does not allow it or another program has the ledger.
    """
    return Opening(folder, catalogue.load(), now)


def local_now() -> datetime:
    """The clock of the program: local time."""
    return datetime.now()


def speak_chinese(app: QApplication) -> None:
    """Qt's own dialogs in Chinese, once; windows that stand already follow."""
    chinese = QLocale(QLocale.Language.Chinese, QLocale.Country.China)
    QLocale.setDefault(chinese)
    for window in app.topLevelWidgets():
        window.setLocale(chinese)
    if app.findChild(QTranslator) is None:
        translator = QTranslator(app)
        if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            app.installTranslator(translator)


class Program(QObject):
    """One running window with its store and its workers."""

    left = Signal()  # everything is closed

    def __init__(
        self, app: QApplication, folder: Path, now: Callable[[], datetime], settings: MachineSettings,
        window: MainWindow | None = None, opening: Opening | None = None,
    ) -> None:  # fmt: skip
        """Open the ledger in `folder`, or finish its opening, and fill the frame on show, or a new one.

        Raises:
            StoreTrouble: when the ledger cannot be opened.
        """
        super().__init__()
        speak_chinese(app)
        self._app, self._settings, self._now = app, settings, now
        self._last: WaitPage | None = None
        user = getpass.getuser()
        if opening:
            self.store = Store(opening.finish(), opening.catalogue, user, now)
        else:
            self.store = Store.open(folder, user, now)
        self.store.watches = watches(now)
        self.jobs = Jobs()
        self.actions = Actions(self.store)
        self.words = OfficeWords(self.actions)
        self.window = window or MainWindow(settings)
        self.signing = SignInDesk(self.window, self.store, self.jobs, self)
        self.window.is_shut = self.store.has_accounts
        self.window.fill(self.actions, self.words, self.jobs, now)
        self.window.closing.connect(self._close)
        self.backups = BackupDesk(self.actions, now, self, self.jobs)
        self.backups.finished.connect(self._end)
        self.backups.changed.connect(self.window.status.show_backup)
        self.backups.running.connect(self.window.status.show_backup_job)
        self.backups.made.connect(self.window.tell)
        self.backups.trouble.connect(self.window.show_trouble)
        self.window.status.backup_asked.connect(self.backups.back_up_now)
        self.window.settled.connect(self.backups.refresh)
        self.alerts = Alerts(self.window.stack, settings, lambda: now().date())
        self.backups.changed.connect(self._warn_of_backups)
        self.clock_watch = ClockWatch(self.actions, self.alerts, self.jobs, now, time.monotonic, self)
        self.clock_watch.said.connect(self.window.tell)
        self.clock_watch.trouble.connect(self.window.show_trouble)
        self.window.begun.connect(self.clock_watch.start)
        self.restoring: Path | Conversion | None = None  # what takes the ledger's place once everything is closed
        self.window.side.restore_asked.connect(self._leave_for)
        self.installing: list[str] = []  # the command of the installer, to which the program leaves its place
        self.window.side.installer_asked.connect(self._leave_to)
        self.window.begun.connect(self.backups.start)
        self.reading = AttachmentReading(self.actions, self.jobs, self)
        self.window.begun.connect(self.reading.start)
        self.reading.told.connect(self.window.status.show_reading)
        self.window.status.reading_asked.connect(self.reading.turn)
        self.actions.accounts_changed.connect(self.signing.follow)
        if self.store.has_accounts:
            self.signing.ask()

    def show(self, greeting: bool = True) -> None:
        """Show the window, and ask what has to be asked at the very first start."""
        self.window.show()
        if greeting:
            QTimer.singleShot(0, self.greet)

    def greet(self) -> None:
        """At the very first start ask for the office's name and its 机关代字."""
        actions, may_ask = self.actions, not (self.window.may_close or self.window.is_shut or self.store.read_only)
        if may_ask and not actions.office_is_set() and not actions.has_records():
            self.window.open_settings(first=True)

    def to_front(self) -> None:
        """Bring the window to the front."""
        self.window.setWindowState(self.window.windowState() & ~self.window.windowState().WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def show_backup(self, backup: Path) -> None:
        """Show what is in a backup or an update that was double-clicked; what becomes of it is asked there."""
        if self.signing.page is not None:  # nobody has signed in
            self.window.tell(f"先登录，再双击{backup.name}")
            return
        from desktop.updates.container import is_update
        from desktop.window.editing_settings import SettingsDesk

        if is_update(backup):
            if QApplication.activeModalWidget():
                self.window.tell(f"先关闭开着的对话框，再双击{backup.name}")
                return
            from desktop.window.updating import UpdateDesk

            UpdateDesk(self.window, self.actions, self.jobs, self._now).check(backup)
            return
        SettingsDesk(self.window, self.actions, self.words, self.jobs, self._settings).look_into(backup)

    def show_defect(self, error: object) -> None:
        """Show what nobody foresaw."""
        assert isinstance(error, BaseException)
        self.window.show_trouble(error)

    def _warn_of_backups(self, state: BackupState) -> None:
        """A second place that lacks what was done for too long: the clerk is told what to plug in, or to back up.

        One that is not known as the office's gets nothing before he has said that it is.
        """
        if state.question and not self.store.read_only:
            self.alerts.hide("second_backup")
            self.alerts.show("second_place", state.question, "启用这个位置", self.backups.take_into_use)
            return
        self.alerts.hide("second_place")
        if not state.warning or self.store.read_only:
            self.alerts.hide("second_backup")
        elif state.is_at_hand:
            self.alerts.show("second_backup", state.warning, "现在备份", self.backups.back_up_now)
        else:
            self.alerts.show("second_backup", f"{state.warning}请插上U盘，插上后会自动备份。")

    def _close(self, event: QCloseEvent) -> None:
        """Back up what was changed, on a worker with the window covered, and close when that is done or skipped."""
        self.reading.close()
        if self.store.read_only:
            self.leave()
            return
        event.ignore()
        if self._last is None:
            self._back_up_last()

    def _back_up_last(self) -> None:
        self.jobs.cancel()
        self._last = WaitPage(
            self.window, "正在备份，随后关闭", "登记的内容都已保存；备份写好并检查过，窗口就关闭。", "跳过，直接关闭"
        )
        self._last.skipped.connect(self.backups.cancel)
        self._last.follow(self.backups.back_up_last())

    def _end(self, errors: list[BaseException]) -> None:
        """What a worker has ended with: tell what went wrong, once, and close all the same when nobody tries again."""
        for error in errors:
            dialog = dialog_for(error, self.window, can_retry=True)
            dialog.exec()
            dialog.deleteLater()
            if dialog.retry and self._last is not None:
                self._last.uncover()
                self._back_up_last()
                return
        self._shut()

    def leave(self) -> None:
        """Keep the drafts and close ledger and window now, without a backup; the next start makes up for it."""
        if not self.window.may_close:
            self.window.keep_drafts()
            self._shut()

    def _leave_for(self, wanted: Path | Conversion) -> None:
        """Close everything, so that a backup or another copy can take the ledger's place; `desktop.start` does it."""
        try:
            self.store.require("restore_backup" if isinstance(wanted, Path) else "encryption")
        except Refused as refused:
            self.window.show_trouble(refused)
            return
        self.restoring = wanted
        self._app.setQuitOnLastWindowClosed(False)  # another window follows
        self.leave()
        self._app.exit(0)

    def _leave_to(self, command: list[str]) -> None:
        """Close everything, so that the system's installer can change the program; it was backed up just now."""
        self.installing = command
        self._app.setQuitOnLastWindowClosed(False)  # it would quit a second time
        self.leave()
        self._app.exit(0)

    def _shut(self) -> None:
        """Close workers, ledger and window; nothing is written that the backup just made would lack."""
        self.window.may_close = True
        self.reading.close()
        self.clock_watch.close()
        self.signing.close()
        self.backups.close()
        self.jobs.close()
        self.store.close()
        self.window.close()
        self.left.emit()
