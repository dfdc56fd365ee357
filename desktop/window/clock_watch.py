"""Watches the computer's clock: one that stands before entries of the ledger, or jumps back, is told in a bar."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from db.errors import Refused, StoreTrouble
from db.store import clock
from db.store.clock import Late
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.window.alerts import Alerts

log = logging.getLogger(__name__)

KEY = "clock"
_LOOK_MS = 60_000
_JUMP = timedelta(minutes=5)  # less is a clock that was set right


class ClockWatch(QObject):
    """Looks at the start and every minute; entries are saved all the same, the journal keeps what the clock said.

    The bar stays until the clock is right again, or the clerk says that it is: `said` then tells what was kept.
    """

    said = Signal(str)
    trouble = Signal(object)

    def __init__(
        self, actions: Actions, alerts: Alerts, jobs: Jobs, now: Callable[[], datetime],
        monotonic: Callable[[], float], parent: QObject,
    ) -> None:  # fmt: skip
        """`monotonic`: seconds that no setting of the clock moves."""
        super().__init__(parent)
        self._actions, self._alerts, self._jobs, self._now, self._monotonic = actions, alerts, jobs, now, monotonic
        self._at, self._seconds = now(), monotonic()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._warned = False

    def start(self) -> None:
        """Look now, and from time to time; what an older program wrote is looked through once, on the worker."""
        self._timer.start()
        self.look()
        store = self._actions.store
        if not store.read_only and not clock.is_looked_through():
            self._jobs.run("看操作记录的时间", self._look_through, self._look_again, self.trouble.emit)

    def _look_through(self, job: Job) -> None:
        clock.look_through(self._actions.store, job.progress)

    def _look_again(self, _nothing: object) -> None:
        self.look()

    def look(self) -> None:
        """Compare the clock with the journal's entries, and with the time that has really passed."""
        now, seconds = self._now(), self._monotonic()
        expected = self._at + timedelta(seconds=seconds - self._seconds)
        late = clock.behind(self._actions.store, now)
        words = late.words(now) if late else ""
        if not words and now < expected - _JUMP:
            words = (
                f"电脑的时钟刚才往回跳了：应当是{expected:%Y-%m-%d %H:%M}左右，现在显示{now:%Y-%m-%d %H:%M}。"
                "照常能登记；请先校准电脑的日期和时间。现在的没错，就点“日期没错”。"
            )
        if words:
            if not self._warned:
                log.warning("the clock went back: %s, expected not before %s", now, late.latest if late else expected)
            self._warned = True
            self._alerts.show(KEY, words, "日期没错", partial(self._excuse, late))
            return
        self._warned = False
        self._alerts.hide(KEY)
        if now >= self._at:
            self._at, self._seconds = now, seconds

    def _excuse(self, late: Late | None) -> None:
        """The clerk says that the day is right: what stands later was made by a wrong clock, and is not told again."""
        now = self._now()
        if late:
            try:
                self._actions.edit(partial(clock.excuse, late=late, now=now))
            except (Refused, StoreTrouble) as error:
                self.trouble.emit(error)
                return
            self.said.emit(f"已记下日期没错；较晚的{late.count:,}条操作记录不再提醒")
        self._at, self._seconds = now, self._monotonic()
        self.look()

    def close(self) -> None:
        """Look no more: the ledger is being closed."""
        self._timer.stop()
