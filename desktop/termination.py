"""The system asks the program to end (SIGTERM, SIGHUP, Ctrl+C in the terminal): told as a signal of Qt.

Python runs its signal handlers only when its code runs; a byte on a socket wakes Qt's loop for that.
"""

from __future__ import annotations

import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal

_ASKING = ("SIGTERM", "SIGHUP", "SIGINT")


class Termination(QObject):
    """Turns the signals of the system into `asked`, until `stop`."""

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read, self._write = socket.socketpair()
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
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()


def _noted(_number: int, _frame: object) -> None:
    """The byte on the socket tells it."""
