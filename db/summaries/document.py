"""What a printed page says, before anybody has drawn it.

A summary is built from figures and rows into the frozen values below; printing, preview and export consume them.
Numbers can so be tested without a PDF and layout without a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from db.rules.numbering import MissingNumbers

if TYPE_CHECKING:
    from db.figures import Side

Align = Literal["left", "centre", "right"]
Gutter = Literal["top", "left"]


@dataclass(frozen=True)
class Source:
    """Where a printed number comes from: the figure `figure` over the half-open period [start, end).

    Of a rate, `side` tells whether its base is meant, its part, or the rest.
    """

    figure: str
    start: date
    end: date
    side: Side = ""


@dataclass(frozen=True)
class Sources:
    """A number that is made of several: their rows together are behind it. `label` says what it is."""

    label: str
    each: tuple[Origin, ...]


@dataclass(frozen=True)
class Records:
    """A number, or a line of a list, with the very records behind it: (key of the register, id)."""

    label: str
    rows: tuple[tuple[str, int], ...]


Origin = Source | Sources | Records
Target = Origin | MissingNumbers


@dataclass(frozen=True)
class Cell:
    """One cell of a table; `source` makes its number open the rows behind it, or the reason of a gap."""

    text: str
    source: Target | None = None


@dataclass(frozen=True)
class Column:
    """A column: heading, width in points (0 shares what is left), alignment of its cells."""

    head: str
    width: float = 0.0
    align: Align = "left"


@dataclass(frozen=True)
class Table:
    """A table whose head is repeated on each page and whose rows grow instead of being clipped.

    `size` is the type size in points: 10.5 (五号) or 9 (小五). `empty` is printed instead of rows when there are none.
    `least` is the least height of a row in points, for tables that are written in by hand. A row of one cell is a
    heading across all columns.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    size: float = 9.0
    empty: str = "无"
    least: float = 0.0


@dataclass(frozen=True)
class Series:
    """One series of a chart: a value and its source for each category."""

    label: str
    values: tuple[int, ...]
    sources: tuple[Origin | None, ...]


@dataclass(frozen=True)
class Chart:
    """Bars by category (months): `stacked` stand on one another, `beside` stands as a narrow white bar next to them."""

    unit: str
    categories: tuple[str, ...]
    stacked: tuple[Series, ...]
    beside: Series | None = None


@dataclass(frozen=True)
class Note:
    """A paragraph in 小五 under a table."""

    text: str


@dataclass(frozen=True)
class Part:
    """A numbered part of a summary (一、二、…) with its heading and what stands under it; links lead to `anchor`."""

    heading: str
    blocks: tuple[Table | Chart | Note, ...]
    anchor: str = ""


@dataclass(frozen=True)
class Summary:
    """A summary on A4 portrait: title, period and cutoff under it, parts, places to sign, checksum of the journal.

    `signatures` are the roles that sign ("制表", "审核", "签发"); `printed_on` stands after them.
    """

    office: str
    title: str
    under: str
    footer: str
    parts: tuple[Part, ...]
    signatures: tuple[str, ...]
    printed_on: str
    checksum: str = ""


@dataclass(frozen=True)
class Book:
    """A register book on A4 landscape, bound at the top edge or, with the `gutter` there, at the left one.

    `first_page` is the number of its first page: a bound book goes on. `is_part` is only the beginning, shown while
    the rest is made: its pages do not say how many there are, and `count`, the number of rows, is 0. `last_number` is
    the sequence number of the last row, 0 when the rows are of several series.

    `under` stands at the left below the title (period, range of numbers, filters), `office` at the right;
    `footer` at the left of each foot line (登记人、审核、打印时间、筛选).
    """

    office: str
    title: str
    under: str
    footer: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    first_page: int = 1
    gutter: Gutter = "top"
    is_part: bool = False
    count: int = 0
    last_number: int = 0


@dataclass(frozen=True)
class Spot:
    """A rectangle of a printed page that carries a number: page from 0, points from the page's top left corner."""

    page: int
    left: float
    top: float
    width: float
    height: float
    source: Target


@dataclass(frozen=True)
class Printed:
    """A finished PDF: bytes, pages, clickable numbers, and the characters that no face could set (printed as 〓).

    `replaced` names the official typefaces that this machine lacks, and what was taken instead.
    """

    pdf: bytes
    pages: int
    spots: tuple[Spot, ...]
    missing: frozenset[str]
    replaced: tuple[str, ...] = ()


BoxKind = Literal["label", "upright", "value", "text", "head"]
WordsKind = Literal["text", "flush", "note", "heading", "cut", "sides"]


@dataclass(frozen=True)
class Box:
    """A box of a form: its share of the width, how its text stands in it, and what stands at its lower right.

    label: a word spread over the box; upright: one set downwards; value: what is filled in; text: running text of
    several lines; head: a word at the upper left, room to write below it.
    """

    kind: BoxKind
    share: float
    text: str
    note: str = ""


@dataclass(frozen=True)
class BoxRow:
    """Boxes side by side, at least `height` points high; it grows with its text."""

    height: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Grid:
    """Rows of boxes that share their rules."""

    rows: tuple[BoxRow, ...]


@dataclass(frozen=True)
class Words:
    """Words between the boxes: a paragraph, a note, a heading, a line to cut along with its heading, or two sides."""

    kind: WordsKind
    text: str
    right: str = ""


@dataclass(frozen=True)
class Gap:
    """So many points of nothing."""

    height: float


@dataclass(frozen=True)
class Form:
    """One sheet of a form, or more when it does not fit on one: the heading is then repeated.

    `left` and `right` stand under the title. `code` is the text of a QR code that finds the record again; empty: none.
    """

    title: str
    left: str
    right: str
    foot: str
    blocks: tuple[Grid | Table | Words | Gap, ...]
    code: str = ""


@dataclass(frozen=True)
class Forms:
    """Forms that are printed together, each beginning on a page of its own; `wide` lays the paper across.

    `numbered` sheets say 第1页　共1页 even when they are alone, as lists do.
    """

    office: str
    title: str
    wide: bool
    forms: tuple[Form, ...]
    numbered: bool = False
