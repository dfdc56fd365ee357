"""One window for each ledger: a second start raises the first window and ends."""

from __future__ import annotations

import getpass
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_RAISE_MS = 800  # how long the second start waits for the first window's answer


class SingleInstance(QObject):
    """The first window of a data folder; a second start raises it and ends."""

    raised = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        whose = f"{getpass.getuser()}:{folder.resolve()}"
        self.name = f"fazhi-ledger-{zlib.crc32(whose.encode()):08x}"
        self._server: QLocalServer | None = None

    def _may_listen(self) -> bool:
        """Whether anybody can be listening: but on Windows QLocalServer listens at a file, which is quicker to miss."""
        return sys.platform == "win32" or Path(QDir.tempPath(), self.name).exists()

    def raise_other(self) -> bool:
        """Ask a window that is already open to come to the front; True when there is one."""
        if not self._may_listen():
            return False
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self.name)
        if not socket.waitForConnected(_RAISE_MS):
            return False
        socket.write(b"raise")
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
        self._server.nextPendingConnection().deleteLater()
        self.raised.emit()
