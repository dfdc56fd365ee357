"""Started as a process: shows a window, prints the moment at which its first paint is through, and ends.

`first_paint.py bare` shows a bare PySide6 window with a table, `first_paint.py FOLDER` the program's window over the
ledger in that folder. The moment is that of the system's monotonic clock, in nanoseconds.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
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
            QTimer.singleShot(0, self._end)
        return super().eventFilter(watched, event)

    def _end(self) -> None:
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


def _show_program(folder: Path) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from desktop import app

    show = app.Program.show

    def watched_show(self: app.Program) -> None:
        FirstPaint(self.window)
        show(self)

    app.Program.show = watched_show
    app.run(folder, ["fazhi-ledger"])


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        _show_bare()
    else:
        _show_program(Path(sys.argv[1]))
