"""Starts the window: the only place that knows everybody.

Order: application, look, crash net, single instance, store, window. The window is built only from an open store.
"""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTimer, QTranslator, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication

from db.errors import StoreTrouble
from db.store import backup
from db.store.places import BACKUPS
from db.store.store import Store
from desktop import paths, theme
from desktop.dialogs.problem import ProblemDialog, dialog_for
from desktop.errors import CrashNet, start_log
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.words import OfficeWords
from desktop.settings import MachineSettings
from desktop.window.main import MainWindow

_RAISE_MS = 800  # how long the second start waits for the first window's answer


def local_now() -> datetime:
    """The clock of the program: local time."""
    return datetime.now()


class SingleInstance(QObject):
    """The first window of a data folder; a second start raises it and ends."""

    raised = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        whose = f"{getpass.getuser()}:{folder.resolve()}"
        self._name = f"fazhi-ledger-{hashlib.sha256(whose.encode()).hexdigest()[:16]}"
        self._server: QLocalServer | None = None

    def raise_other(self) -> bool:
        """Ask a window that is already open to come to the front; True when there is one."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_RAISE_MS):
            return False
        socket.write(b"raise")
        socket.waitForBytesWritten(_RAISE_MS)
        socket.disconnectFromServer()
        return True

    def listen(self) -> None:
        """Become the window that others raise."""
        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.newConnection.connect(self._answer)
        self._server.listen(self._name)

    def _answer(self) -> None:
        assert self._server is not None
        self._server.nextPendingConnection().deleteLater()
        self.raised.emit()


class Program(QObject):
    """One running window with its store, its worker and its crash net."""

    def __init__(self, app: QApplication, folder: Path, now: Callable[[], datetime], settings: MachineSettings) -> None:
        super().__init__()
        self._app, self._folder, self._now = app, folder, now
        self.store = Store.open(folder, getpass.getuser(), now)
        self.jobs = Jobs()
        self.actions = Actions(self.store)
        self.words = OfficeWords(self.actions)
        self.window = MainWindow(self.actions, self.words, self.jobs, settings, now)
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
        folder = self._folder / BACKUPS
        newest = next(iter(backup.backups_in(folder)), None)
        try:
            if newest is None or backup.verify(newest)[0] != self.store.head()[0]:
                backup.back_up(self.store.connection, folder / self._now().strftime(backup.NAME))
                backup.thin(folder, self._now())
        except StoreTrouble as trouble:
            dialog_for(trouble, self.window).exec()


def _speak_chinese(app: QApplication) -> None:
    """Qt's own dialogs in Chinese."""
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)


def new_application(arguments: list[str], settings: MachineSettings) -> QApplication:
    """The application with its language and look."""
    app = QApplication.instance() or QApplication(arguments)
    assert isinstance(app, QApplication)
    app.setApplicationName("fazhi-ledger")
    app.setApplicationDisplayName("法治台账")
    app.setDesktopFileName("fazhi-ledger")
    _speak_chinese(app)
    theme.dress(app, settings.scheme, settings.larger)
    return app


def run(folder: Path, arguments: list[str]) -> int:
    """Open the window over the ledger in `folder`; give back the exit status (3 when the store cannot be opened)."""
    settings = MachineSettings()
    app = new_application(arguments, settings)
    single = SingleInstance(folder)
    if single.raise_other():  # before the net is spread: the crash file belongs to the program that is open
        return 0
    start_log(paths.log_folder())
    net = CrashNet(paths.log_folder())
    net.spread()
    try:
        program = Program(app, folder, local_now, settings)
    except StoreTrouble as trouble:
        dialog_for(trouble).exec()
        net.fold()
        return 3
    except Exception as error:  # noqa: BLE001  a defect before there is a window still gets plain words
        net.report(error)
        dialog_for(error).exec()
        net.fold()
        return 3
    single.listen()
    single.raised.connect(program.to_front)
    net.caught.connect(program.show_defect)
    program.show()
    if net.last_crash():
        _tell_crash(program, net.last_crash())
    status = app.exec()
    net.fold()
    return status


def _tell_crash(program: Program, trace: str) -> None:
    dialog = ProblemDialog(
        "上次程序意外退出", "已登记的内容都在，没填完的表已留作草稿。", "可以继续使用；草稿在原来的登记页里。", trace,
        parent=program.window,
    )  # fmt: skip
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
