"""Work in several turns of the event loop: between them the window paints and takes keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from PySide6.QtCore import QObject, QTimer


class Turns(QObject):
    """Runs an iterator, one step in each turn of the event loop, until it ends, fails or is stopped."""

    def __init__(
        self, steps: Iterator[None], failed: Callable[[BaseException], None] | None = None, *, pause_ms: int = 0,
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        """`failed(error)` is told of what a step raised, else it goes its way; `pause_ms` is left between two steps."""
        super().__init__(parent)
        self._steps, self._failed = steps, failed
        self._timer = QTimer(self, interval=pause_ms)
        self._timer.timeout.connect(self._take)
        self._timer.start()

    def stop(self) -> None:
        """Take no further step."""
        self._timer.stop()

    def _take(self) -> None:
        self._timer.stop()  # a step may run a loop of its own
        try:
            next(self._steps)
        except StopIteration:
            return
        except Exception as error:  # named trouble and defects alike are the caller's
            if self._failed is None:
                raise
            self._failed(error)
            return
        self._timer.start()


def imported(names: Iterable[str]) -> Iterator[None]:
    """Import modules, a step for each."""
    for name in names:
        import_module(name)
        yield
