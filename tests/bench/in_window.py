"""Started as a process, offscreen: what a clerk waits for inside the window; prints its milliseconds as JSON.

`in_window.py list FOLDER TIMES` opens the list of the first register, of its newest year and of all years;
`in_window.py keys FOLDER COUNT` types into fields of quick entry; `in_window.py bare COUNT` types into a bare
QLineEdit; `in_window.py backup FOLDER` makes a backup by hand beside a page at rest; `in_window.py preview FOLDER`
opens the print page with the book of every year of the first register.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice, pairwise
from pathlib import Path
from random import Random
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
HOUSE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOUSE))

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QVBoxLayout, QWidget  # noqa: E402

SIZE = 1366, 768
SHORTEST, LONGEST = 20, 220  # milliseconds between two keys; what follows from the text is worked out after 180
SETTLE_MS = 400
LONGEST_WAIT_MS = 20_000
LETTERS = [getattr(Qt.Key, f"Key_{letter}") for letter in "SHENGZHENGFUGUANYUJIAQIANG"]
SEED = 3


class Painted(QObject):
    """Waits for the next paint of a widget, or of a scroll area's viewport, and of all that is painted with it."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._loop = QEventLoop()
        self._armed = False
        self._moment = 0.0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The loop ends after the paint: the timer is due when the window has been painted as a whole."""
        if self._armed and event.type() == QEvent.Type.Paint:
            self._armed = False
            QTimer.singleShot(0, self._end)
        return super().eventFilter(watched, event)

    def _end(self) -> None:
        self._moment = time.perf_counter()
        self._loop.quit()

    def after(self, action: Callable[[], Any]) -> float:
        """Do something and wait until it has been painted; give back that moment, or TimeoutError when it never is.

        What the program put off until after the paint may have been done as well when this returns.
        """
        self._armed = True
        watchdog = QTimer(singleShot=True)
        watchdog.timeout.connect(self._loop.quit)
        watchdog.start(LONGEST_WAIT_MS)
        action()
        self._loop.exec()
        if not watchdog.isActive():
            raise TimeoutError(f"nothing was painted within {LONGEST_WAIT_MS / 1e3:g} s")
        return self._moment


def wait(milliseconds: int) -> None:
    """Let the window live for a while; unlike QTest.qWait it lets the jobs' thread run meanwhile."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Running(QObject):
    """Knows how many jobs of a page are still under way."""

    def __init__(self, jobs: Any) -> None:
        super().__init__()
        self._count = 0
        jobs.running.connect(self._begin)

    def _begin(self, job: Any) -> None:
        self._count += 1
        job.ended.connect(self._end)

    def _end(self) -> None:
        self._count -= 1

    def rest(self) -> None:
        """Wait until what was opened before is at rest and its jobs have ended."""
        wait(SETTLE_MS)
        while self._count:
            wait(SETTLE_MS // 4)


class Typist:
    """Presses keys in a field at moments of its own choosing and notes when each character has been painted."""

    def __init__(self, field: QWidget) -> None:
        self._field, self._painted, self._random = field, Painted(field), Random(SEED)
        self._pause = QEventLoop()
        self._timer = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._pause.quit)

    def type(self, count: int) -> list[float]:
        """Milliseconds from the moment of each key, whether or not the program was ready for it, to its paint."""
        found: list[float] = []
        for letter in islice(cycle(LETTERS), count):
            gap = self._random.randrange(SHORTEST, LONGEST)
            due = time.perf_counter() + gap / 1e3
            self._timer.start(gap)
            self._pause.exec()
            moment = self._painted.after(partial(QTest.keyClick, self._field, letter))
            found.append((moment - due) * 1e3)
        return found


def program(folder: Path) -> tuple[Any, Any, Any, Any]:
    """The parts that a register's page is made of, over the ledger in a folder."""
    from datetime import datetime

    from db.store.store import Store
    from desktop.jobs import Jobs
    from desktop.registers.actions import Actions
    from desktop.registers.words import OfficeWords
    from desktop.settings import MachineSettings
    from desktop.start import new_application

    settings = MachineSettings()
    new_application(["bench"], settings)
    actions = Actions(Store.open(folder, "赵晓燕", datetime.now))
    return actions, OfficeWords(actions), Jobs(), settings


def _open_lists(folder: Path, times: int) -> dict[str, list[float]]:
    """Openings of the page of the first register, new each time, and then of its list without a year."""
    from db.store.search import Filter
    from desktop.registers.page import RegisterPage

    actions, words, jobs, settings = program(folder)
    register = actions.store.catalogue.registers[0]
    window = QMainWindow()
    window.resize(*SIZE)
    window.show()
    running = Running(jobs)
    found: dict[str, list[float]] = {"page": [], "form": [], "all": []}
    for _time in range(times):
        window.setCentralWidget(QWidget())
        running.rest()
        start = time.perf_counter()
        page = RegisterPage(register, actions, words, jobs, settings)
        painted = Painted(page.table.viewport())
        moment = painted.after(partial(window.setCentralWidget, page))
        found["page"].append((moment - start) * 1e3)
        moment = Painted(page.detail.form.viewport()).after(page.detail.form.viewport().update)
        found["form"].append((moment - start) * 1e3)
        running.rest()
        start = time.perf_counter()
        moment = painted.after(partial(page.set_filter, Filter()))
        found["all"].append((moment - start) * 1e3)
    jobs.close()
    actions.store.close()
    return found


def _type_in_form(folder: Path, count: int) -> dict[str, list[float]]:
    """Keys in a plain field (the title) and in one that completes names (the unit)."""
    from desktop.registers.page import RegisterPage

    actions, words, jobs, settings = program(folder)
    register = actions.store.catalogue["incoming"]
    page = RegisterPage(register, actions, words, jobs, settings)
    window = QMainWindow()
    window.setCentralWidget(page)
    window.resize(*SIZE)
    window.show()
    window.activateWindow()
    page.enter_new()
    assert page.entry is not None
    found: dict[str, list[float]] = {}
    for name, field in (("title", register.SUBJECT), ("unit", "from_unit")):
        control = page.entry.form.editors[field].control
        control.setFocus()
        wait(SETTLE_MS)
        found[name] = Typist(control).type(count)
        wait(3 * SETTLE_MS)
    jobs.close()
    actions.store.close()
    return found


def _beats(until: Callable[[], bool]) -> list[float]:
    """The gaps between the beats of a timer of 5 ms, in milliseconds, until something is true."""
    moments: list[float] = []
    loop, timer = QEventLoop(), QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)

    def beat() -> None:
        moments.append(time.perf_counter())
        if until():
            loop.quit()

    timer.timeout.connect(beat)
    timer.start()
    loop.exec()
    return [(later - earlier) * 1e3 for earlier, later in pairwise(moments)]


def _back_up(folder: Path) -> dict[str, list[float]]:
    """The beats of a window at rest, and those while its backup is made and checked."""
    from datetime import datetime

    from desktop.registers.page import RegisterPage
    from desktop.window.backing import BackupDesk

    actions, words, jobs, settings = program(folder)
    page = RegisterPage(actions.store.catalogue.registers[0], actions, words, jobs, settings)
    window = QMainWindow()
    window.setCentralWidget(page)
    window.resize(*SIZE)
    window.show()
    desk, ended = BackupDesk(actions, datetime.now), list[str]()
    wait(5 * SETTLE_MS)
    rest = time.perf_counter() + 2
    found = {"idle": _beats(lambda: time.perf_counter() > rest)}
    desk.made.connect(ended.append)
    desk.back_up_now()
    found["busy"] = _beats(lambda: bool(ended))
    desk.close()
    jobs.close()
    actions.store.close()
    return found


def _preview(folder: Path) -> dict[str, list[float]]:
    """From asking for a book of all years to its first page, drawn sharp: the first time and once more."""
    from datetime import datetime

    from db.store.search import Filter
    from desktop.registers.page import RegisterPage

    actions, words, jobs, settings = program(folder)
    register = actions.store.catalogue.registers[0]
    window = QMainWindow()
    window.setCentralWidget(RegisterPage(register, actions, words, jobs, settings))
    window.resize(*SIZE)
    window.show()
    running = Running(jobs)
    running.rest()
    preload()
    wait(5 * SETTLE_MS)
    found: dict[str, list[float]] = {"first": [], "again": []}
    from desktop.summaries.print_page import PrintPage

    for name in ("first", "again"):
        start = time.perf_counter()
        page = PrintPage(actions, jobs, datetime.now, settings)
        page.show_book(register.key(), Filter())
        window.setCentralWidget(page)
        desk, loop, watch = page.preview.desk, QEventLoop(), QTimer(interval=1)
        watch.timeout.connect(
            lambda desk=desk, loop=loop: loop.quit() if desk.page_count() and desk.is_sharp(0) else None
        )
        watch.start()
        loop.exec()
        desk.viewport().repaint()
        found[name].append((time.perf_counter() - start) * 1e3)
        watch.stop()
        page._stop()
        running.rest()
    jobs.close()
    actions.store.close()
    return found


def _end_when_sharp(desk: Any, loop: QEventLoop) -> None:
    if desk.page_count() and desk.is_sharp(0):
        loop.quit()


def preload() -> None:
    """Import what the window imports by itself in the pauses after its first page."""
    from desktop.start import _OPENED_NEXT
    from desktop.turns import imported

    for _step in imported(_OPENED_NEXT):
        pass


def _type_in_bare_field(count: int) -> dict[str, list[float]]:
    app = QApplication([])
    window = QMainWindow()
    body, field = QWidget(), QLineEdit()
    QVBoxLayout(body).addWidget(field)
    window.setCentralWidget(body)
    window.resize(*SIZE)
    window.show()
    field.setFocus()
    wait(SETTLE_MS)
    found = {"bare": Typist(field).type(count)}
    app.quit()
    return found


def main(arguments: list[str]) -> None:
    """Measure what the first argument names."""
    what, *rest = arguments
    if what == "list":
        found = _open_lists(Path(rest[0]), int(rest[1]))
    elif what == "keys":
        found = _type_in_form(Path(rest[0]), int(rest[1]))
    elif what == "backup":
        found = _back_up(Path(rest[0]))
    elif what == "preview":
        found = _preview(Path(rest[0]))
    else:
        found = _type_in_bare_field(int(rest[0]))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)
