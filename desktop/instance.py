"""One window for each ledger: a second start raises the first window and ends."""

from __future__ import annotations

import getpass
import os
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_RAISE_MS = 800  # how long the second start waits for the first window's answer


class SingleInstance(QObject):
    """The first window of a data folder; a second start raises it and ends."""

    raised = Signal()
    backup_asked = Signal(object)  # the backup that a second start was to open: Path

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        whose = f"{getpass.getuser()}:{folder.resolve()}"
        self.name = f"fazhi-ledger-{zlib.crc32(whose.encode()):08x}"
        self._server: QLocalServer | None = None
        self._calling: list[QLocalSocket] = []  # second starts that have not hung up yet

    def _may_listen(self) -> bool:
        """Whether anybody can be listening: but on Windows QLocalServer listens at a file, which is quicker to miss."""
        return sys.platform == "win32" or Path(QDir.tempPath(), self.name).exists()

    def raise_other(self, backup: Path | None = None) -> bool:
        """Ask a window that is already open to come to the front and show a backup; True when there is one."""
        if not self._may_listen():
            return False
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self.name)
        if not socket.waitForConnected(_RAISE_MS):
            return False
        socket.write(os.fsencode(backup.resolve()) if backup else b"")
        socket.waitForBytesWritten(_RAISE_MS)
        socket.disconnectFromServer()
        return True

    def listen(self) -> None:
        """Become the window that others raise."""
        from PySide6.QtNetwork import QLocalServer

        QLocalServer.removeServer(self.name)
        self._server = QLocalServer(self)
        self._server.newConnection.connect(self._answer)
        self._server.listen(self.name)

    def stop(self) -> None:
        """Listen no longer; the file goes."""
        if self._server is not None:
            self._server.close()

    def _answer(self) -> None:
        assert self._server is not None
        second = self._server.nextPendingConnection()
        self._calling.append(second)
        second.disconnected.connect(self._read)
        self.raised.emit()
        self._read()  # it may have been quicker

    def _read(self) -> None:
        """Take up what those said who have hung up."""
        ended = [one for one in self._calling if one.state() is one.LocalSocketState.UnconnectedState]
        self._calling = [one for one in self._calling if one not in ended]
        for second in ended:
            said = bytes(second.readAll().data())
            second.deleteLater()
            if said:
                self.backup_asked.emit(Path(os.fsdecode(said)))
