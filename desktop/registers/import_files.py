"""A file on its way into a register: read, and its columns laid out; on the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from db.errors import Refused
from db.exchange.book import Book
from db.exchange.heading import heading_at, text_of
from db.exchange.layout import Layout, lay_out, layout_of
from db.exchange.memory import remembered
from db.exchange.reading import read
from db.record import Record


@dataclass(frozen=True)
class Opened:
    """A file that was read, how its sheets are laid out, and why that is not known ("" when it is)."""

    book: Book
    layouts: tuple[Layout, ...]
    problem: str = ""


def open_file(path: Path, register: type[Record]) -> Opened:
    """Read a file and lay out its best sheets; where no heading is found, its longest sheet by its first full row."""
    book = read(path)
    try:
        return Opened(book, lay_out(book, register, remembered(register)))
    except Refused as refused:
        at = max(range(len(book.sheets)), key=lambda place: len(book.sheets[place].rows))
        rows = book.sheets[at].rows[:60]
        row = next((row for row, cells in enumerate(rows) if sum(map(bool, map(text_of, cells))) > 1), None)
        if row is None:
            raise Refused(f"“{book.name}”里没有表格内容，没有导入") from refused
        found = lay_out_again(book, register, (at,), row)
        return Opened(book, found.layouts, "没有认出表头：请写明表头在第几行，再给每一列选栏目")


def lay_out_again(book: Book, register: type[Record], sheets: Sequence[int], row: int) -> Opened:
    """Lay out some sheets, or the best ones; with the heading in a row (from 0), -1: where it is found."""
    if row < 0:
        return Opened(book, lay_out(book, register, remembered(register), tuple(sheets)))
    kept = remembered(register)
    there = [at for at in sheets if row < len(book.sheets[at].rows)]
    if not there:
        raise Refused(f"工作表没有第 {row + 1} 行")
    return Opened(book, tuple(
        layout_of(book, at, heading_at(book.sheets[at], row, row), register, kept) for at in there
    ))  # fmt: skip
