"""The crash net: whatever nobody foresaw ends in a log and in plain words, never in a silent end.

Python's hooks, the threads' hook and Qt's messages are caught; a hard crash leaves faulthandler's file, which is looked
at when the program starts again.
"""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import re
import sqlite3
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler, qVersion

from db.store.private import close_to_others

log = logging.getLogger("desktop")

_MOST_PLACES = 40  # of one error; an endless recursion has a thousand
_ENTERED = re.compile(r"[^\x00-\x7f]+|[0-9]{6,}")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def start_log(folder: Path) -> None:
    """Write a rotating log into a folder: 5 files of 1 MB. It never holds the contents of records.

    The log of an earlier start in the same process is ended, so that no line is written twice.
    """
    close_to_others(folder)
    root = logging.getLogger()
    for earlier in [handler for handler in root.handlers if isinstance(handler.formatter, BlindFormatter)]:
        root.removeHandler(earlier)
        earlier.close()
    handler = logging.handlers.RotatingFileHandler(
        folder / "fazhi-ledger.log", maxBytes=1_000_000, backupCount=4, encoding="utf-8", delay=True
    )
    handler.setFormatter(BlindFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.INFO)


class BlindFormatter(logging.Formatter):
    """Formats a log record without what somebody may have entered: see `blind` and `trace`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and where an error came from; its words and those of Qt may quote a record."""
        record.exc_text = None
        line = blind(super().format(record))
        record.exc_text = None  # other handlers have their own words for it
        return line

    def formatException(self, ei: Any) -> str:
        """Where the error came from and of which kind it is."""
        return trace(ei[1]) if ei[1] is not None else ""


def details(error: BaseException) -> str:
    """What a developer needs and a clerk may send: versions, the places in the program, no contents of records."""
    import platform

    return f"Python {platform.python_version()}，Qt {qVersion()}，{platform.platform()}\n\n{trace(error)}"


def blind(text: str) -> str:
    """The text without what may come from a record: whatever is not ASCII, and long digits."""
    return _ENTERED.sub("…", text)


def trace(error: BaseException) -> str:
    """The places that an error and its causes came through and their kinds, without their words, the first cause first.

    An error says in its words what it was given ("invalid literal for int(): '…'"): that may stand in a record.
    """
    found: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        places = traceback.format_list(traceback.extract_tb(one.__traceback__, limit=-_MOST_PLACES))
        found.append(f"Traceback (most recent call last):\n{''.join(places)}{_kind(one)}")
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n\n".join(reversed(found))


def _kind(error: BaseException) -> str:
    """The name of an error, with what is known to be the program's or the system's own word."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, sqlite3.Error):
        return f"{name}: {getattr(error, 'sqlite_errorname', '')}"
    if isinstance(error, OSError):
        return f"{name}: errno {error.errno}"
    if isinstance(error, AttributeError | NameError | ImportError):
        return f"{name}: {error.name}"
    return name


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
