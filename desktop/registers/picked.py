"""The records selected in a list, however many: stretches of rows, which become ids only when something is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from PySide6.QtCore import QItemSelection

Stretches = tuple[range, ...]


def stretches_of(selection: QItemSelection) -> Stretches:
    """The selected rows from the top, as stretches that neither overlap nor touch; a million rows cost nothing."""
    found: list[range] = []
    for piece in sorted((one.top(), one.bottom() + 1) for one in selection.toList()):
        if found and piece[0] <= found[-1].stop:
            found[-1] = range(found[-1].start, max(found[-1].stop, piece[1]))
        else:
            found.append(range(*piece))
    return tuple(found)


def count_of(stretches: Stretches) -> int:
    """How many rows there are."""
    return sum(map(len, stretches))


def rows_of(stretches: Stretches) -> Iterator[int]:
    """The rows one by one."""
    return chain.from_iterable(stretches)


@dataclass(frozen=True)
class Picked:
    """Selected rows of a list. `read` gives the ids of the records behind them; it may take long, so a job asks it."""

    count: int
    read: Callable[[], Sequence[int]]
