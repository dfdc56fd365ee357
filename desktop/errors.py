"""The crash net: whatever nobody foresaw ends in a log and in plain words, never in a silent end.

Python's hooks, the threads' hook and Qt's messages are caught; a hard crash leaves faulthandler's file, which is looked
at when the program starts again.
"""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler, qVersion

log = logging.getLogger("desktop")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def start_log(folder: Path) -> None:
    """Write a rotating log into a folder: 5 files of 1 MB. It never holds the contents of records."""
    handler = logging.handlers.RotatingFileHandler(
        folder / "fazhi-ledger.log", maxBytes=1_000_000, backupCount=4, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)


def details(error: BaseException) -> str:
    """What a developer needs: versions and the traceback."""
    import platform

    where = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return f"Python {platform.python_version()}，Qt {qVersion()}，{platform.platform()}\n\n{where}"


class CrashNet(QObject):
    """Catches what nobody foresaw; `caught` tells the window, on its own thread."""

    caught = Signal(object)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = folder / "crash.txt"
        self._inside = False
        self._crash = self._path.read_text(encoding="utf-8", errors="replace") if self._path.exists() else ""
        self._file = self._path.open("w", encoding="utf-8")

    def last_crash(self) -> str:
        """What a hard crash of the last run left behind; empty after a clean end."""
        return self._crash.strip()

    def spread(self) -> None:
        """Install every hook."""
        faulthandler.enable(self._file)
        sys.excepthook = self._take
        threading.excepthook = self._take_from_thread
        qInstallMessageHandler(_log_qt)

    def fold(self) -> None:
        """Take every hook back; a clean end."""
        faulthandler.disable()
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)
        self._file.close()
        self._path.unlink(missing_ok=True)

    def report(self, error: BaseException) -> None:
        """Log a defect and show it, once at a time."""
        log.error("defect", exc_info=error)
        if not self._inside:
            self._inside = True
            try:
                self.caught.emit(error)
            finally:
                self._inside = False

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.report(error)

    def _take_from_thread(self, hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None:
            log.error("defect in thread", exc_info=hook.exc_value)


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    category = getattr(context, "category", None) or ""
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.INFO), "%s %s", category, message)
