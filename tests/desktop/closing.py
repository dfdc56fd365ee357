"""Ends a whole program within a test: the last window that closes must not quit the test's own event loop."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import Program

WAIT_MS = 30_000  # a backup is synced; on a busy disk that takes its time


@contextmanager
def no_quitting() -> Generator[None]:
    """A quit that nobody waits for would end the event loop of the next wait, or of the next test."""
    QApplication.setQuitOnLastWindowClosed(False)
    yield
    QApplication.setQuitOnLastWindowClosed(True)


def shut(program: Program, qtbot: QtBot) -> None:
    """Close the window as the clerk does, and wait until everything is closed."""
    with no_quitting():
        program.window.close()
        wait_closed(program, qtbot)
    program.window.deleteLater()


def wait_closed(program: Program, qtbot: QtBot) -> None:
    """Wait until everything is closed."""
    qtbot.waitUntil(lambda: program.window.may_close, timeout=WAIT_MS)


def end(program: Program) -> None:
    """Close everything at once, without a backup."""
    with no_quitting():
        program.leave()
    program.window.deleteLater()
