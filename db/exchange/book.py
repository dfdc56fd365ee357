"""What a file or a pasted block is to the import: sheets of cells, with their merged ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True)
class Unreadable:
    """A cell whose value the file does not tell: a formula that was never worked out, an error such as #REF!."""

    text: str
    reason: str


Cell = str | int | float | bool | date | datetime | time | timedelta | Unreadable | None
Merge = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0, as `Sheet.rows` counts


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows of cells from the top left corner on; what is empty is None or ""."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merges: tuple[Merge, ...] = ()
    is_hidden: bool = False


@dataclass(frozen=True)
class Book:
    """A file of sheets. `name` is its name without the folder, `notes` what the clerk should know of it.

    `is_1904`: its days are counted from 1 January 1904, as old Excel for Mac does.
    """

    name: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = field(default=())
    is_1904: bool = False
