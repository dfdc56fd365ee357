"""A block of cells copied from WPS or Excel as a book of one sheet, to be planned and applied as an import.

A block with a heading is matched by it; one without is taken for the columns of the list from the current one on. Over
selected records it carries their identity, so that its rows become changes of them, one by one in their order.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from db.errors import Refused
from db.exchange.book import Book, Cell, Sheet
from db.exchange.columns import IDENTITY as IDENTITY_LABEL
from db.exchange.delimited import MOST_CELL
from db.exchange.guarding import unguarded
from db.exchange.heading import find_heading, heading_at, text_of
from db.exchange.layout import Layout, layout_of
from db.exchange.markup import table_of
from db.exchange.targets import targets
from db.record import Record

NAME = "剪贴板"
MOST_ROWS = 100_000
_END = "\ue000"  # put behind the block; of private use, so that no cell is this alone


def sheet_of_block(text: str, html: str) -> Sheet:
    """The cells of what was copied: the table in HTML where that tells of merged cells, else the text parted by tabs.

    Raises:
        Refused: when there is no cell in it, too many rows, or a quotation mark is never closed.
    """
    marked = table_of(html, NAME) if "rowspan" in html or "colspan" in html or not text.strip() else None
    sheet = marked if marked is not None and any(map(any, marked.rows)) else Sheet(NAME, _rows(text))
    if not any(text_of(cell) for row in sheet.rows for cell in row):
        raise Refused("剪贴板里没有表格内容；请在 WPS 或 Excel 里选中单元格，复制后再粘贴")
    if len(sheet.rows) > MOST_ROWS:
        raise Refused(f"一次最多粘贴 {MOST_ROWS:,} 行，更多的请存成文件导入")
    return sheet


def _rows(text: str) -> list[list[Cell]]:
    limit = csv.field_size_limit(MOST_CELL)
    whole = text + ("" if text.endswith(("\n", "\r")) else "\n") + _END
    try:
        rows = list(csv.reader(io.StringIO(whole, newline=""), delimiter="\t"))
    except csv.Error:
        rows = []
    finally:
        csv.field_size_limit(limit)
    if rows[-1:] != [[_END]]:  # a quotation mark that is never closed has swallowed it, and the rows before it
        raise Refused("复制的内容里引号没有成对，没有粘贴；请在表格里改好再复制")
    return [list(map(unguarded, row)) for row in rows[:-1]]


def lay_block(
    sheet: Sheet, register: type[Record], columns: Sequence[str], uuids: Sequence[str] = ()
) -> tuple[Book, Layout]:
    """The book of a block and how it is read.

    `columns` are the fields of a block without a heading, from the left; `uuids` are the selected records that its rows
    are to change (its only row all of them), none for new ones.

    Raises:
        Refused: when the block has more or fewer rows than records are selected.
    """
    rows = [list(row) for row in sheet.rows]
    heading = find_heading(sheet, targets(register))
    first = heading.last if heading else 0
    merges = sheet.merges
    if heading is None:
        rows.insert(0, [register.label(name) for name in columns[: max(map(len, rows))]])
        merges = tuple((top + 1, left, bottom + 1, right) for top, left, bottom, right in merges)
    if uuids:
        below = rows[first + 1 :]
        if len(below) == 1:  # as in a spreadsheet, one row fills all that are selected
            rows = [*rows[: first + 1], *(list(below[0]) for _record in uuids)]
            below = rows[first + 1 :]
        if len(below) != len(uuids):
            raise Refused(
                f"选中 {len(uuids):,} 条，复制的有 {len(below):,} 行，对不上，没有粘贴；只选一条就作为新的登记"
            )
        width = max(map(len, rows))
        marks = ["" for _row in rows[:first]] + [IDENTITY_LABEL, *uuids]
        rows = [[*row, *[""] * (width - len(row)), mark] for row, mark in zip(rows, marks, strict=True)]
    book = Book(NAME, (Sheet(NAME, rows, merges),))
    first = heading.first if heading else 0
    return book, layout_of(book, 0, heading_at(book.sheets[0], first, heading.last if heading else 0), register)
