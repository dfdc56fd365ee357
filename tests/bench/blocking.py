"""Started as a process, offscreen: for how long at most the whole program's window does not answer, step by step.

`blocking.py FOLDER [--where MS]` starts the program over the ledger in FOLDER (which it changes), opens every page for
the first time, goes through records, enters two, opens the settings and closes; it prints as JSON, for each step, the
longest gap between two beats of the window's thread: milliseconds of the clock and of the processor. With `--where` it
tells on stderr where the thread was whenever a beat was overdue by so many milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"
HOUSE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOUSE))

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

BEAT_MS = 5
REST_MS = 700  # a step is over when no job has been under way for so long
LONGEST_STEP_S = 60.0
SAMPLE_S = 0.004
FRAMES = 14  # innermost functions told of a place

Longest = tuple[float, float]


class Beats(QObject):
    """A timer on the window's thread; the time by which its beat is late is time in which nothing was answered."""

    def __init__(self) -> None:
        super().__init__()
        self.last = time.perf_counter()
        self._cpu = time.thread_time()
        self.step, self.longest = "", dict[str, Longest]()
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def begin(self, step: str) -> None:
        """From here on the gaps are counted to another step."""
        self.step = step
        self.longest.setdefault(step, (0.0, 0.0))
        self.last, self._cpu = time.perf_counter(), time.thread_time()

    def _beat(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        late, used = (now - self.last) * 1e3 - BEAT_MS, (cpu - self._cpu) * 1e3
        self.last, self._cpu = now, cpu
        longest = self.longest.get(self.step, (0.0, 0.0))
        self.longest[self.step] = max(longest[0], late), max(longest[1], used)


class Places(threading.Thread):
    """Looks at the window's thread while a beat is overdue and counts where it was."""

    def __init__(self, beats: Beats, overdue: float) -> None:
        super().__init__(daemon=True)
        self._beats, self._overdue, self._thread = beats, overdue / 1e3, threading.get_ident()
        self.found: dict[str, Counter[str]] = {}

    def run(self) -> None:
        """Sample until the process ends; a gap counts when it grows longer than what is asked for."""
        stacks: list[str] = []
        begun = self._beats.last
        while True:
            time.sleep(SAMPLE_S)
            if self._beats.last != begun:
                if len(stacks) * SAMPLE_S > self._overdue:
                    self.found.setdefault(self._beats.step, Counter()).update(stacks)
                begun, stacks = self._beats.last, []
            frames = traceback.extract_stack(sys._current_frames()[self._thread])[-FRAMES:]
            stacks.append(" < ".join(f"{Path(one.filename).stem}.{one.name}:{one.lineno}" for one in reversed(frames)))


class Running(QObject):
    """Knows how many jobs are under way."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def watch(self, jobs: Any) -> None:
        """Follow the jobs of one worker."""
        jobs.running.connect(self._begin)

    def _begin(self, job: Any) -> None:
        self.count += 1
        job.ended.connect(self._end)

    def _end(self) -> None:
        self.count -= 1


class Walk:
    """Goes through the program as a clerk would."""

    def __init__(self, folder: Path, beats: Beats, app: QApplication, settings: Any) -> None:
        from desktop.instance import SingleInstance
        from desktop.start import Start

        self._beats, self._app, self._running = beats, app, Running()
        self._start = Start(app, folder, settings, SingleInstance(folder))
        self._window = self._start.window

    def steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        """Name and action of each step, in their order."""
        yield "start", self._window.show
        program = self._start._program
        assert program is not None
        self._running.watch(program.jobs)
        catalogue = program.store.catalogue
        for register in catalogue:
            yield f"page {register.key()}", partial(self._window.open_page, register.key())
        for key in ("print", "report", "today"):
            yield f"page {key}", partial(self._window.open_page, key)
        for register in catalogue.registers[:3]:
            self._window.open_page(register.key())
            self._rest()
            yield f"next record {register.key()}", partial(self._press, Qt.Key.Key_Down)
            yield f"Enter into the form {register.key()}", partial(self._press, Qt.Key.Key_Return)
            yield f"a letter in the form {register.key()}", partial(self._press, Qt.Key.Key_X)
            yield f"save {register.key()}", partial(self._press, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        for register in catalogue:
            self._window.open_page(register.key())
            self._rest()
            held = Qt.KeyboardModifier.ControlModifier
            yield f"entry {register.key()}", partial(self._press, Qt.Key.Key_N, held)
            yield f"as the last {register.key()}", partial(self._press, Qt.Key.Key_D, held)
            yield f"save entry {register.key()}", partial(self._press, Qt.Key.Key_S, held)
            yield f"leave entry {register.key()}", partial(self._press, Qt.Key.Key_Escape)
        yield "settings", self._look_at_settings
        yield "closing", self._window.close

    def _look_at_settings(self) -> None:
        """Open the settings, which run a loop of their own, and close them when they have been shown."""
        QTimer.singleShot(REST_MS, self._close_dialog)
        self._window.open_settings()

    def _close_dialog(self) -> None:
        dialog = self._app.activeModalWidget()
        assert dialog is not None
        dialog.close()

    def _press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        target: QWidget = self._app.focusWidget() or self._window
        QTest.keyClick(target, key, held)

    def _rest(self) -> None:
        """Let the window live until no job has been under way for a while."""
        end = time.perf_counter() + LONGEST_STEP_S
        while time.perf_counter() < end:
            _wait(REST_MS)
            if not self._running.count:
                return
        raise TimeoutError(f"a job was still under way after {LONGEST_STEP_S:g} s: {self._beats.step}")

    def walk(self, only: tuple[str, ...]) -> None:
        """Take each step that begins with one of some words (none: every step), and rest after it."""
        for name, action in self.steps():
            if only and not name.startswith((*only, "start", "closing")):
                continue
            self._beats.begin(name)
            QTimer.singleShot(0, action)
            self._rest()
        self._start.end()


def _wait(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def main() -> None:
    """Walk, and print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", default=[], metavar="BEGINNING")
    parser.add_argument("--where", type=float, metavar="MS")
    options = parser.parse_args()
    from desktop.settings import MachineSettings
    from desktop.start import new_application

    settings = MachineSettings()
    app = new_application(["bench"], settings)
    beats = Beats()
    places = Places(beats, options.where) if options.where else None
    if places is not None:
        places.start()
    Walk(options.folder, beats, app, settings).walk(tuple(options.only))
    if places is not None:
        for step, found in places.found.items():
            sys.stderr.write(f"\n{step}: {beats.longest[step][0]:.0f} ms\n")
            for place, count in found.most_common(12):
                sys.stderr.write(f"  {count * SAMPLE_S * 1e3:4.0f} ms  {place}\n")
    sys.stdout.write(json.dumps(beats.longest) + "\n")


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)
