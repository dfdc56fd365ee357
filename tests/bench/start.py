"""Start of the program and the memory of its window, against a bare PySide6 window; each start is a new process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ledger import release
from measuring import Result, interleaved, median
from PySide6.QtCore import QDir
from xserver import Watcher, virtual_display

from desktop.instance import SingleInstance

HERE = Path(__file__).resolve().parent
HOUSE = HERE.parents[1]
LIMIT = 60.0  # seconds to wait for a window
SETTLED = 2.5  # seconds after which a window is at rest: counts are in
KEPT = 3  # rounds in which memory is read
_PARTS = ("window", "list")  # what first_paint.py waits for

Environment = dict[str, str]


def environment(bench: Path, **values: str) -> Environment:
    """The environment of the measured processes: settings and logs in a folder of their own, modules compiled once.

    An installed program finds its modules compiled; where the environment forbids to write them, it would be the
    compiler that is measured.
    """
    home = bench / "home"
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **folders, "PYTHONPYCACHEPREFIX": str(bench / "pycache"), **values}


def painted(arguments: list[str], environ: Environment) -> float:
    """Milliseconds from the start of `first_paint.py` to the end of the first paint of its window."""
    start = time.monotonic_ns()
    ended = subprocess.run(
        [sys.executable, str(HERE / "first_paint.py"), *arguments],
        env=environ, cwd=HOUSE, capture_output=True, text=True, timeout=LIMIT, check=True,
    )  # fmt: skip
    return (int(ended.stdout.split()[-1]) - start) / 1e6


class Process:
    """A program with a window, started on an X display and ended when it has been looked at."""

    def __init__(self, command: list[str], environ: Environment, watcher: Watcher) -> None:
        self._command, self._environ, self._watcher = command, environ, watcher

    def mapped(self) -> float:
        """Milliseconds from the start of the process until its window is mapped."""
        with self._window() as (shown, _process):
            return shown

    def memory(self) -> float:
        """The process's own and shared memory (PSS) in MB, with the window at rest."""
        with self._window() as (_shown, process):
            time.sleep(SETTLED)
            if process.poll() is not None:
                raise RuntimeError(f"ended by itself with {process.returncode}: {' '.join(self._command)}")
            return pss(process.pid)

    @contextmanager
    def _window(self) -> Generator[tuple[float, subprocess.Popen[bytes]]]:
        self._watcher.forget()
        start = time.monotonic_ns()
        process = subprocess.Popen(
            self._command, env=self._environ, cwd=HOUSE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            moment = self._watcher.mapped(LIMIT)
            if moment is None:
                raise TimeoutError(f"no window within {LIMIT:g} s: {' '.join(self._command)}")
            yield (moment - start) / 1e6, process
        finally:
            process.kill()
            process.wait(10)


def pss(process: int) -> float:
    """Proportional set size of a process in MB."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise OSError(f"no Pss of process {process}")


def _after_release(folder: Path, action: Callable[[], float]) -> Callable[[], float]:
    """The action, with the ledger marked as closed in order before: the process before it was ended from outside."""
    left = Path(QDir.tempPath()) / SingleInstance(folder).name  # a killed process leaves it, a closed one does not

    def released() -> float:
        release(folder)
        left.unlink(missing_ok=True)
        return action()

    return released


def measure(bench: Path, big: Path, small: Path, rounds: int, what: str) -> Iterator[Result]:
    """Start to first mapped and to first painted window, and memory; offscreen, only what needs no X server."""
    with virtual_display() as display:
        where = "Xvfb" if display else "offscreen, no Xvfb here"
        platform = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display} if display else {"QT_QPA_PLATFORM": "offscreen"}
        environ = environment(bench, **platform)
        if display:
            yield from _watched(Watcher(display), environ, (big, small), rounds, what)
        if what == "start":
            window, listed = (_after_release(big, partial(painted, [part, str(big)], environ)) for part in _PARTS)
            ours, later, floor = interleaved(rounds, [window, listed, partial(painted, ["bare"], environ)])
            yield Result(f"start to first paint, {where}", median(ours), median(floor), at_most_ratio=1.25)
            yield Result(f"start to painted list, {where}", median(later), median(floor))
        release(big)
        release(small)


def _watched(
    watcher: Watcher, environ: Environment, ledgers: tuple[Path, Path], rounds: int, what: str
) -> Iterator[Result]:
    big, small = ledgers
    python = sys.executable
    bare = Process([python, str(HERE / "bare_window.py")], environ, watcher)
    program, little = (
        Process([python, "-m", "desktop", "--data", str(folder)], environ, watcher) for folder in (big, small)
    )
    if what == "start":
        ours, floor = interleaved(rounds, [_after_release(big, program.mapped), bare.mapped])
        yield Result("start to mapped window, Xvfb", median(ours), median(floor), at_most_ratio=1.25)
    if what == "memory":
        actions = [_after_release(big, program.memory), _after_release(small, little.memory), bare.memory]
        ours, less, floor = interleaved(min(rounds, KEPT), actions, warm_up=0)
        yield Result("memory (PSS) of the window against a bare one", median(ours), median(floor), "MB")
        yield Result("memory (PSS) against 1,000 rows", median(ours), median(less), "MB")
