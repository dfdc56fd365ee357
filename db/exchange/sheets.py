"""What both kinds of files are made of: a sheet with its columns and its rows as the ledger keeps them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from db.errors import Cancelled
from db.exchange.columns import SheetColumn

Progress = Callable[[int, int], bool]  # (done, total) -> False to stop
Values = Sequence[Any]

WIDEST, NARROWEST = 48.0, 6.0  # characters of half width
_EDGE = 2.5  # room for the filter's arrow
_WIDTHS = {"date": 11.5, "moment": 17.0, "flag": 7.0}


@dataclass(frozen=True)
class Marked:
    """A text whose cell is tinted: something is wrong with it. The text may be empty."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Sheet:
    """A sheet: `rows` gives plain SQLite values in the order of the columns, `count` of them; `sample` shows some.

    `required` are the names of columns that a template asks for.
    """

    title: str
    columns: Sequence[SheetColumn]
    count: int = 0
    rows: Callable[[], Iterator[Sequence[Values]]] = lambda: iter(())
    sample: Sequence[Values] = ()
    required: frozenset[str] = frozenset()


@dataclass
class Steps:
    """Counts rows for the one who waits. `step` raises Cancelled when told to stop."""

    total: int
    progress: Progress | None = None
    done: int = field(default=0)

    def step(self, count: int) -> None:
        """`count` more rows are written."""
        self.done += count
        if self.progress and not self.progress(self.done, self.total):
            raise Cancelled


def widths(sheet: Sheet) -> list[float]:
    """The width of each column in characters of half width, from its heading and a sample of its texts."""
    found: list[float] = []
    for at, column in enumerate(sheet.columns):
        head = _breadth(column.label) + _EDGE
        least = max(head, _WIDTHS.get(column.kind, NARROWEST))
        words = dict(column.words)
        texts = [str(words.get(row[at], row[at])) for row in sheet.sample if row[at] not in (None, "")]
        widest = max((_breadth(line) for text in texts for line in text.splitlines()), default=0.0)
        wanted = least if column.kind in _WIDTHS else max(least, widest + 1.5)
        found.append(min(wanted, WIDEST))
    return found


def _breadth(text: str) -> float:
    return sum(2.0 if unicodedata.east_asian_width(char) in "WFA" else 1.0 for char in text)
