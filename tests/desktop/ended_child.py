"""The whole program with a half-typed form, until the system ends it: run by a test with the data folder."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop import start
from desktop.window.main import MainWindow
from tests.desktop.clerk import type_text


def main(folder: Path) -> None:
    """Type into a new record once the first page stands, and say so."""
    timer = QTimer(interval=20)

    def type_when_ready() -> None:
        window = next((widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)), None)
        if window is None or window.stack.currentWidget() is None:
            return
        timer.stop()
        window.open_page("incoming")
        page = window.current_register()
        assert page is not None
        page.enter_new()
        assert page.entry is not None
        window.activateWindow()
        page.entry.form.focus(page.register.SUBJECT)
        type_text("typed")
        print("typing", flush=True)

    timer.timeout.connect(type_when_ready)
    QTimer.singleShot(0, timer.start)
    sys.exit(start.run(folder, []))


if __name__ == "__main__":
    QApplication([])
    main(Path(sys.argv[1]))
