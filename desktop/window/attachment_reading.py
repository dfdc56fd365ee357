"""Reads the texts of attachments while the clerk pauses: one file after another, each in a process of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from db.directory.attachments import ending_of
from db.record import database
from db.store import attachment_texts
from db.store.attachment_texts import FAILED, READ
from db.store.files import path_of
from db.store.keys import ring
from db.store.sealed_files import key_name
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.text_command import ENDINGS

HOUSE = Path(__file__).resolve().parents[2]
FIRST_MS, NEXT_MS = 5_000, 400  # after the window stands or something was changed; between two files
LONGEST_MS = 60_000  # for one file


_TITLE = ""  # the status bar tells of the whole reading, not of each step

Found = tuple[str, str, int]  # SHA-256 and a name of the next file, how many there are


class AttachmentReading(QObject):
    """Begins with `start`; goes on after every change; what is under way at the end is read at the next start.

    `told(files left, whether it is stopped)`: the clerk may stop it with `turn` and let it go on again.
    """

    told = Signal(int, bool)

    def __init__(self, actions: Actions, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions, self._jobs = actions, jobs
        self._process: QProcess | None = None
        self._file = ""
        self._is_closed = actions.store.read_only
        self._is_stopped, self._left = False, 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._read_next)
        self._watch = QTimer(self, singleShot=True, interval=LONGEST_MS)
        self._watch.timeout.connect(self._kill)
        actions.changed.connect(self.start)

    def start(self, _change: object = None) -> None:
        """Look for files without a text when nothing has been changed for a while."""
        if not self._is_closed and not self._is_stopped and self._process is None:
            self._timer.start(FIRST_MS)

    def turn(self) -> None:
        """Stop, at once, or go on: the file under way is begun anew."""
        self._is_stopped = not self._is_stopped
        self.told.emit(self._left, self._is_stopped)
        if self._is_stopped:
            self._timer.stop()
            process, self._process = self._process, None  # what it has read so far is not kept
            if process is not None:
                self._watch.stop()
                process.kill()
                process.waitForFinished(1_000)
                process.deleteLater()
        else:
            self._timer.start(NEXT_MS)

    def close(self) -> None:
        """Stop; nothing is written any more."""
        self._is_closed = True
        self._timer.stop()
        self._kill()

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.waitForFinished(1_000)

    def _read_next(self) -> None:
        if not self._is_closed and not self._is_stopped and self._process is None:
            self._jobs.run(_TITLE, _look, self._begin, self._stop)

    def _begin(self, found: Found | None) -> None:
        """Read a file; None: all were tried, and texts that no record holds are forgotten."""
        if self._is_closed or self._is_stopped or self._process is not None:
            return
        self._left = found[2] if found else 0
        self.told.emit(self._left, False)
        if found is None:
            self._run(_drop_unheld)
            return
        self._file, name, _left = found
        path = path_of(self._actions.store.folder, self._file)
        if ending_of(name) not in ENDINGS or not path.is_file():
            self._keep("", READ if path.is_file() else FAILED)
            return
        self._process = process = QProcess(self)
        process.setProgram(sys.executable)
        launcher = [] if getattr(sys, "frozen", False) else ["-m", "desktop"]
        key = ring.named(key_name(path))
        sealed = ["--sealed"] if key is not None else []
        process.setArguments([*launcher, "text", str(path), *sealed, "--name", f"x.{ending_of(name)}"])
        process.setWorkingDirectory(str(HOUSE))
        process.finished.connect(self._take)
        process.errorOccurred.connect(self._give_up)
        self._watch.start()
        process.start()
        if key is not None:  # not as an argument, which every user of the machine could read
            process.write(f"{key.secret.hex()}\n".encode())

    def _take(self, status: int, how: QProcess.ExitStatus) -> None:
        process, self._process = self._process, None
        self._watch.stop()
        if process is None:
            return
        text = bytes(process.readAllStandardOutput().data()).decode("utf-8", "replace")
        process.deleteLater()
        is_good = status == 0 and how == QProcess.ExitStatus.NormalExit
        if not self._is_closed:
            self._keep(text if is_good else "", READ if is_good else FAILED)

    def _give_up(self, error: QProcess.ProcessError) -> None:
        """The program could not be started: no reason to try with the next file in this session."""
        if error == QProcess.ProcessError.FailedToStart:
            self._process = None
            self._watch.stop()

    def _keep(self, text: str, state: str) -> None:
        self._run(partial(_keep, self._file, text, state))

    def _run(self, work: Callable[[Job], bool]) -> None:
        """Write on the worker, over its own connection."""
        if not self._is_closed:
            self._jobs.run(_TITLE, work, self._go_on_if, self._stop)

    def _go_on_if(self, there_is_more: object) -> None:
        if there_is_more and not self._is_closed:
            self._timer.start(NEXT_MS)

    def _stop(self, _error: BaseException) -> None:
        """The disk is full or the file busy: another day."""


def _look(_job: Job) -> Found | None:
    database.connect(reuse_if_open=True)
    connection = database.connection()
    found = attachment_texts.unread(connection)
    return (*found, attachment_texts.unread_count(connection)) if found else None


def _keep(sha256: str, text: str, state: str, _job: Job) -> bool:
    database.connect(reuse_if_open=True)
    attachment_texts.keep(database.connection(), sha256, text, state)
    return True


def _drop_unheld(_job: Job) -> bool:
    database.connect(reuse_if_open=True)
    return attachment_texts.drop_unheld(database.connection())
