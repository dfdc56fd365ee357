"""Started as a process: shows a window, prints the moment at which its first paint is through, and ends.

`first_paint.py bare` shows a bare PySide6 window with a table, `first_paint.py window FOLDER` the frame of the
program's window over the ledger in that folder, `first_paint.py list FOLDER` waits until the list of the first page
(今日) has been painted. The moment is that of the system's monotonic clock, in nanoseconds.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView


class FirstPaint(QObject):
    """Watches a window; ends the process when its first paint event and those of its children are done."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._seen = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The children are painted in the same go, before the event loop comes to the timer."""
        if not self._seen and event.type() == QEvent.Type.Paint:
            self._seen = True
            QTimer.singleShot(0, end)
        return super().eventFilter(watched, event)


def end() -> None:
    """Print the moment and end the process at once."""
    sys.stdout.write(f"{time.monotonic_ns()}\n")
    sys.stdout.flush()
    os._exit(0)


def _show_bare() -> None:
    app = QApplication([])
    window = QMainWindow()
    window.setCentralWidget(QTableView())
    window.resize(1366, 768)
    window.watch = FirstPaint(window)  # type: ignore[attr-defined]
    window.show()
    app.exec()


def _watch_window() -> None:
    from desktop.window.main import MainWindow

    show_first = MainWindow.show_first

    def watched_show(self: MainWindow, room: QSize) -> None:
        FirstPaint(self)
        show_first(self, room)

    MainWindow.show_first = watched_show


def _watch_list() -> None:
    from desktop.window.matters import MatterList

    paint = MatterList.paintEvent

    def watched_paint(self: MatterList, event: QPaintEvent) -> None:
        paint(self, event)
        if self.model().rowCount():
            QTimer.singleShot(0, end)

    MatterList.paintEvent = watched_paint


def main(what: str, folder: str = "") -> None:
    """Show what the arguments name."""
    if what == "bare":
        _show_bare()
        return
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    (_watch_list if what == "list" else _watch_window)()
    from desktop.start import run

    run(Path(folder), ["fazhi-ledger"])


if __name__ == "__main__":
    main(*sys.argv[1:])
