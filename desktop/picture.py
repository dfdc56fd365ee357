"""A picture of the window for a machine without a screen and for the README."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QPixmap

from desktop import theme
from desktop.app import Program
from desktop.settings import MachineSettings
from desktop.start import new_application

_SETTLE_MS = 1_500  # counting and laying out


def save_picture(folder: Path, target: Path, now: Callable[[], datetime]) -> None:
    """Open the window over a ledger, let it settle and save what it shows as PNG."""
    settings = MachineSettings()
    app = new_application(["fazhi-ledger"], settings)
    theme.cover_chinese(app)
    program = Program(app, folder, now, settings)
    program.window.setWindowState(Qt.WindowState.WindowNoState)  # whatever the clerk left it like
    program.window.resize(1366, 768)
    program.window.show()
    loop = QEventLoop()
    QTimer.singleShot(_SETTLE_MS, loop.quit)
    loop.exec()
    picture: QPixmap = program.window.grab()
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.save(str(target), "PNG")
    program.leave()
