"""Tells how far a print is, and lets the caller stop it."""

from __future__ import annotations

from collections.abc import Callable

from db.errors import Cancelled

Report = Callable[[int, int], bool]  # (done, total) -> False to cancel
EVERY = 50  # rows between two reports


class Progress:
    """Counts what is done out of `total` and reports it every now and then."""

    def __init__(self, report: Report | None, total: int) -> None:
        self._report, self._total, self._done, self._reported = report, total, 0, 0

    def step(self, count: int = 1) -> None:
        """`count` more are done. Raises Cancelled when the caller answers False."""
        self._done += count
        if self._report and (self._done - self._reported >= EVERY or self._done >= self._total):
            self._reported = self._done
            if not self._report(self._done, self._total):
                raise Cancelled
