"""Watches the computer's clock: one that stands before the last entry, or jumps back, is told in a bar."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer

from db.store.clock import behind, words_of
from desktop.registers.actions import Actions
from desktop.window.alerts import Alerts

log = logging.getLogger(__name__)

KEY = "clock"
_LOOK_MS = 60_000
_JUMP = timedelta(minutes=5)  # less is a clock that was set right


class ClockWatch(QObject):
    """Looks at the start and every minute; entries are saved all the same, the journal keeps what the clock said."""

    def __init__(
        self, actions: Actions, alerts: Alerts, now: Callable[[], datetime], monotonic: Callable[[], float],
        parent: QObject,
    ) -> None:  # fmt: skip
        """`monotonic`: seconds that no setting of the clock moves."""
        super().__init__(parent)
        self._actions, self._alerts, self._now, self._monotonic = actions, alerts, now, monotonic
        self._at, self._seconds = now(), monotonic()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._warned = False

    def start(self) -> None:
        """Look now, and from time to time."""
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Compare the clock with the journal's last entry, and with the time that has really passed."""
        now, seconds = self._now(), self._monotonic()
        expected = self._at + timedelta(seconds=seconds - self._seconds)
        late = behind(self._actions.store, now)
        words = words_of(now, late) if late else ""
        if not words and now < expected - _JUMP:
            words = (
                f"电脑的时钟刚才往回跳了：应当是{expected:%Y-%m-%d %H:%M}左右，现在显示{now:%Y-%m-%d %H:%M}。"
                "照常能登记；请先校准电脑的日期和时间。"
            )
        if words:
            if not self._warned:
                log.warning("the clock went back: %s, expected not before %s", now, late or expected)
            self._warned = True
            self._alerts.show(KEY, words)
            return
        self._warned = False
        self._alerts.hide(KEY)
        if now >= self._at:
            self._at, self._seconds = now, seconds

    def close(self) -> None:
        """Look no more: the ledger is being closed."""
        self._timer.stop()
