"""Work that takes longer than a blink: one worker thread with a database connection of its own.

Only one job runs at a time; results, progress and failures come back on the window's thread by queued signals.
"""

from __future__ import annotations

import gc
import logging
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from db.record import database

log = logging.getLogger(__name__)


class Job(QObject):
    """One piece of work: tells its progress, shows parts, can be cancelled, ends in `done` or `failed`."""

    done = Signal(object)
    failed = Signal(object)
    progressed = Signal(int, int)
    shown = Signal(object)
    ended = Signal()

    def __init__(self, title: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self._stopping = threading.Event()
        self.makes_many = False
        self.part: object = None
        """What the work showed last, for whoever begins to follow it when it is under way."""
        self._guard = threading.Lock()
        self._interrupt: Callable[[], None] | None = None

    def cancel(self) -> None:
        """Ask the work to stop at its next step, and break off the statement that it is waiting for."""
        self._stopping.set()
        with self._guard:
            if self._interrupt is not None:
                self._interrupt()

    def interrupt_with(self, interrupt: Callable[[], None] | None) -> None:
        """Told by the work: how another thread breaks off its statement (Connection.interrupt); None at its end."""
        with self._guard:
            self._interrupt = interrupt

    @property
    def is_cancelled(self) -> bool:
        """Whether the work was asked to stop."""
        return self._stopping.is_set()

    def progress(self, done: int, total: int) -> bool:
        """Told by the work, on its own thread; False asks it to stop."""
        self.progressed.emit(done, total)
        return not self.is_cancelled

    def pause(self, seconds: float) -> bool:
        """Told by the work: leave the processor to the window for a while; False, at once, when it is to stop."""
        return not self._stopping.wait(seconds)

    def show(self, part: object) -> None:
        """Told by the work, on its own thread: something that can be shown before the end."""
        self.part = part
        self.shown.emit(part)


SWITCH_S = 0.0005
"""How long a thread may keep the interpreter from another that waits for it.

Qt gives it back at every call and wants it again: with Python's 5 ms a page of a thousand calls, painted while the
worker computes, would take seconds.
"""


class Sweeper(QObject):
    """Collects cyclic garbage on the window's thread alone, as long as there are other threads.

    Python collects on whatever thread happens to allocate. On the worker it would free widgets and timers of pages and
    dialogs that were closed, and Qt then runs a timer that is gone: the program ends without a word.
    """

    EVERY_MS = 1_000
    MOST = 60_000  # objects that are gone over at once: 20 ms

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._timer = QTimer(self, interval=self.EVERY_MS)
        self._timer.timeout.connect(self.sweep)
        self._under_way: set[Job] = set()
        self._made_many = False
        self._made = [0, 0]  # objects made since the middle generation was gone over, and since all were
        gc.disable()
        self._timer.start()

    def sweep(self) -> None:
        """Collect the oldest generation that is due, as the interpreter itself would.

        More than MOST at once are modules, pages and rows, and what lived through all three lasts as well: it is gone
        over no more. To go over a window with all its pages stops it for a quarter of a second.
        """
        counts = gc.get_count()
        due = [age for age in range(len(counts)) if counts[age] > self._thresholds[age]]
        if not due:
            return
        self._made = [made + counts[0] for made in self._made]
        if (counts[0], *self._made)[due[-1]] > self.MOST:
            self._let_last()
            return
        gc.collect(due[-1])
        if due[-1] == 1:
            self._made[0] = 0
        elif due[-1] == 2:
            self._let_last()

    def _let_last(self) -> None:
        gc.freeze()
        self._made = [0, 0]

    def begin_anew(self) -> None:
        """Collect everything once, when the pages that are gone over no more were closed."""
        gc.unfreeze()
        gc.collect()
        self._let_last()

    def pause(self, job: Job) -> None:
        """Collect nothing while a job is under way: going over what it is making stops the window for nothing."""
        self._under_way.add(job)
        self._timer.stop()

    def go_on(self, job: Job) -> None:
        """Collect again once no job is under way; the many objects that one made are not gone over.

        Going over a hundred thousand rows stops the window for a third of a second.
        """
        self._under_way.discard(job)
        self._made_many |= job.makes_many
        if self._under_way:
            return
        if self._made_many:
            self._let_last()
        self._made_many = False
        self._timer.start()

    def end(self) -> None:
        """Leave collecting to the interpreter again."""
        gc.unfreeze()
        self._timer.stop()
        gc.enable()


class Jobs(QObject):
    """The one worker; `running` tells the window that something is under way."""

    running = Signal(object)
    _finished = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None, beside: Jobs | None = None) -> None:
        """`beside`: the worker that was there before and outlives this one."""
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="job")
        self._switched_s = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_S)
        self._jobs: set[Job] = set()
        self._is_first = beside is None
        self.sweeper = beside.sweeper if beside else Sweeper(self)
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        title: str,
        work: Callable[[Job], Any],
        done: Callable[[Any], object],
        failed: Callable[[BaseException], None],
        makes_many: bool = False,
    ) -> Job:
        """Run `work(job)` on the worker; `done(result)` or `failed(error)` is called on this thread afterwards.

        `makes_many`: it makes rows by the ten thousand that stay.
        """
        job = Job(title, self)
        job.makes_many = makes_many
        self.sweeper.pause(job)
        job.done.connect(done)
        job.failed.connect(failed)
        self._jobs.add(job)
        self.running.emit(job)
        self._pool.submit(self._work, job, work)
        return job

    def _work(self, job: Job, work: Callable[[Job], Any]) -> None:
        try:
            outcome: tuple[Any, BaseException | None] = (None if job.is_cancelled else work(job), None)
        except BaseException as error:  # noqa: BLE001  it is delivered to the window, which shows or reports it
            outcome = (None, error)
        finally:
            job.interrupt_with(None)
            if database.obj is not None and not database.is_closed():
                database.close()
        self._finished.emit(job, *outcome)

    def _deliver(self, job: Job, result: Any, error: BaseException | None) -> None:
        self._jobs.discard(job)
        self.sweeper.go_on(job)
        if error is not None and not job.is_cancelled:
            job.failed.emit(error)
        elif error is None and not job.is_cancelled:
            job.done.emit(result)
        job.ended.emit()
        job.deleteLater()

    def cancel(self) -> None:
        """Ask everything that runs or waits to stop; waits for nothing."""
        for job in self._jobs:
            job.cancel()

    def close(self) -> None:
        """Cancel what runs and wait for it."""
        self.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
        for job in self._jobs:
            self.sweeper.go_on(job)
        if self._is_first:
            sys.setswitchinterval(self._switched_s)
            self.sweeper.end()
