"""A row of a file on its way into a register, and what the clerk chose for the whole file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from db.errors import Problem
from db.exchange.book import Cell
from db.exchange.doubting import Doubted
from db.record import Line

Kind = Literal["new", "changed", "same", "doubted", "refused", "skipped"]


@dataclass(frozen=True)
class Options:
    """What the clerk chose for the whole file.

    `year` is that of days without one, where neither sheet, title nor file name tells. `given` are fields (by the key
    of their target) that hold the same text in every row that says nothing else. Rows whose business date lies before
    `done_before` are taken as done, where the register has a closed stage; None: as the fields say. `doubted` says what
    becomes of rows that bear the number of a record with another title, where nothing was said of a row itself.
    """

    year: int | None = None
    given: Mapping[str, str] = field(default_factory=dict[str, str])
    done_before: date | None = None
    doubted: Doubted = "skip"


@dataclass(slots=True)
class Row:
    """One row on its way. `cells` are as in the file or as edited, in the order of its layout's columns.

    `values` are the plain values of a new record in the order of its shape, or what changes of one that is there;
    `lines` are all lines that the record is to have, by kind, None where they stay as they are.
    """

    layout: int
    number: int
    cells: tuple[Cell, ...]
    carried: frozenset[int] = frozenset()
    kind: Kind = "new"
    is_skipped: bool = False
    problems: tuple[Problem, ...] = ()
    record: int | None = None
    values: tuple[Any, ...] = ()
    changes: dict[str, Any] | None = None
    lines: dict[str, list[Line]] | None = None
    awaits_number: bool = False
    keys: tuple[Any, ...] = ()
    choice: Doubted | None = None
    is_doubtful: bool = False
