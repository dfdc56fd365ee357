"""The system asks the program to end (SIGTERM, SIGHUP, Ctrl+C in the terminal): told as a signal of Qt.

Python runs its signal handlers only when its code runs; a byte on a socket wakes Qt's loop for that. Windows makes its
pair of sockets over 127.0.0.1, which a guard against intruders may forbid: then the program goes on without; the end
of a session is told there by Qt.
"""

from __future__ import annotations

import logging
import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal

log = logging.getLogger(__name__)

_ASKING = ("SIGTERM", "SIGHUP", "SIGINT")


class Termination(QObject):
    """Turns the signals of the system into `asked`, until `stop`."""

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_heard = False
        try:
            self._read, self._write = socket.socketpair()
        except OSError as error:
            log.warning("no signals of the system are heard: errno %s", error.errno)
            return
        self._is_heard = True
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)
        self._wakeup = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        numbers = [getattr(signal, name) for name in _ASKING if hasattr(signal, name)]
        self._before = {number: signal.signal(number, _noted) for number in numbers}

    def _wake(self) -> None:
        if self._read.recv(64):
            self.asked.emit()

    def stop(self) -> None:
        """Give the signals back."""
        if not self._is_heard:
            return
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()


def _noted(_number: int, _frame: object) -> None:
    """The byte on the socket tells it."""
