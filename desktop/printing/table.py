"""Tables: head repeated on each page, rows that grow and are never clipped, clickable cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain

from db.summaries.document import Align, Cell, Column
from desktop.printing.faces import Role
from desktop.printing.progress import Progress
from desktop.printing.setting import SetLine, Style, Wrap
from desktop.printing.sheet import SHADE, THICK, THIN, Sheet, shift

Lines = tuple[SetLine, ...]
NARROWEST = 2  # characters that a column holds at least


@dataclass(frozen=True)
class Measures:
    """Type size, padding of cells and least row height in points; leading as a multiple of the size; role of cells."""

    size: float
    pad: float = 3.0
    leading: float = 1.3
    least: float = 0.0
    role: Role = "宋体"


@dataclass(frozen=True)
class Row:
    """A row that is set: its cells' lines, its height in points, and the cells for their sources."""

    lines: tuple[Lines, ...]
    height: float
    cells: tuple[Cell, ...] = ()
    is_heading: bool = False


class TableLayout:
    """A table set for the type area of `sheet`, not yet drawn. `height` is that of head and rows on one page."""

    def __init__(
        self,
        sheet: Sheet,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        measures: Measures,
        progress: Progress,
        empty: str = "",
    ) -> None:
        """`empty` is printed across all columns when there are no rows. Raises Cancelled."""
        self._sheet, self._columns, self._measures = sheet, columns, measures
        self._style = sheet.style(measures.role, measures.size)
        self._head_style = sheet.style("黑体", measures.size)
        self._widths = column_widths(columns, sheet.width, NARROWEST * measures.size + 2 * measures.pad)
        self._edges = list(accumulate(self._widths, initial=sheet.left))
        self._wraps = [Wrap(self._style, width - 2 * measures.pad) for width in self._widths]
        self._empty = tuple(self._style.set(empty, sheet.width - 2 * measures.pad)) if not rows and empty else ()
        head_wraps = (Wrap(self._head_style, width - 2 * measures.pad) for width in self._widths)
        self._head = self._row(tuple(wrap[column.head] for wrap, column in zip(head_wraps, columns, strict=True)))
        self._rows = self._set_rows(rows, progress)
        self._headings: list[tuple[float, float]] = []  # top and bottom of those on the page that is being drawn
        self._insets = [self._inset(at) for at in range(len(columns))]
        blank = len(self._empty) * measures.size * measures.leading + 2 * measures.pad if self._empty else 0.0
        self._empty_height = max(blank, measures.least)
        self.height = self._first_rows(len(self._rows))

    @property
    def first_height(self) -> float:
        """Height of the head with the first two rows: what must not stand alone at the foot of a page."""
        return self._first_rows(2)

    def _first_rows(self, count: int) -> float:
        rows = sum(row.height for row in self._rows[:count])
        return self._head.height + rows + (self._empty_height if self._empty else 0.0)

    def _row(self, lines: tuple[Lines, ...], cells: tuple[Cell, ...] = ()) -> Row:
        measures = self._measures
        most = max(map(len, lines), default=0)
        return Row(lines, max(most * measures.size * measures.leading + 2 * measures.pad, measures.least), cells)

    def _set_rows(self, rows: Sequence[Sequence[Cell]], progress: Progress) -> list[Row]:
        sheet, measures = self._sheet, self._measures
        page = sheet.foot - sheet.start - self._head.height
        most = max(int((page - 2 * measures.pad) / (measures.size * measures.leading)), 1)  # lines that fill a page
        found: list[Row] = []
        for row in rows:
            if len(row) == 1 < len(self._columns):
                heading = tuple(self._head_style.set(row[0].text, sheet.width - 2 * measures.pad))
                found.append(replace(self._row((heading,), tuple(row)), is_heading=True))
                progress.step()
                continue
            lines = tuple([wrap[cell.text] for wrap, cell in zip(self._wraps, row, strict=True)])
            if max(map(len, lines), default=0) <= most:
                found.append(self._row(lines, tuple(row)))
            else:
                found.extend(self._row(part, tuple(row)) for part in pages_of(lines, most))
            progress.step()
        return found

    def _inset(self, at: int) -> float:
        """Padding at the right: figures are right-aligned, and their block is centred under the heading."""
        if self._columns[at].align != "right":
            return self._measures.pad
        widest = max((line.width for row in self._rows if not row.is_heading for line in row.lines[at]), default=0.0)
        return max(self._measures.pad, (self._widths[at] - widest) / 2)

    def draw(self, progress: Progress) -> None:
        """Draws the table from the sheet's `y` on; moves `y` to its end. Raises Cancelled."""
        sheet, edges = self._sheet, [self._sheet.y]
        self._draw_head(edges)
        for at, row in enumerate(self._rows):
            needed = row.height + (self._rows[at + 1].height if row.is_heading and at + 1 < len(self._rows) else 0.0)
            if len(edges) > 2 and sheet.y + needed > sheet.foot:
                self._draw_grid(edges, edges[-1])
                sheet.new_page()
                edges = [sheet.y]
                self._draw_head(edges)
            self._draw_row(row)
            edges.append(sheet.y)
            progress.step()
        end = sheet.y
        if self._empty:
            self._draw_lines(self._empty, sheet.left, sheet.width, self._empty_height, self._style, "centre")
            sheet.y += self._empty_height
            edges.append(sheet.y)
        self._draw_grid(edges, end)

    def _draw_head(self, edges: list[float]) -> None:
        sheet = self._sheet
        sheet.box(sheet.left, sheet.y, self._edges[-1] - sheet.left, self._head.height, SHADE)
        for lines, left, width in zip(self._head.lines, self._edges, self._widths, strict=False):
            self._draw_lines(lines, left, width, self._head.height, self._head_style, "centre")
        sheet.y += self._head.height
        self._headings = []
        edges.append(sheet.y)

    def _draw_row(self, row: Row) -> None:
        sheet, pad = self._sheet, self._measures.pad
        if row.is_heading:
            self._headings.append((sheet.y, sheet.y + row.height))
            self._draw_lines(row.lines[0], sheet.left + pad, sheet.width, row.height, self._head_style, "left")
            sheet.y += row.height
            return
        columns = zip(row.lines, row.cells, self._columns, self._edges, self._widths, self._insets, strict=False)
        for lines, cell, column, left, width, inset in columns:
            if cell.source:
                sheet.spot(cell.source, left, sheet.y, width, row.height)
            if not lines:
                continue
            if column.align == "left":
                self._draw_lines(lines, left + pad, width, row.height, self._style, "left")
            elif column.align == "right":
                self._draw_lines(lines, left, width - inset, row.height, self._style, "right")
            else:
                self._draw_lines(lines, left, width, row.height, self._style, "centre")
        sheet.y += row.height

    def _draw_lines(self, lines: Lines, x: float, width: float, height: float, style: Style, align: Align) -> None:
        """Lines centred in the height of their row."""
        sheet, step = self._sheet, self._measures.size * self._measures.leading
        middle = sheet.y + (height - step * (len(lines) - 1)) / 2
        for line in lines:
            sheet.show(line, x + shift(line, width, align), middle, style)
            middle += step

    def _draw_grid(self, edges: list[float], columns_end: float) -> None:
        """Thick outer and thin inner rules; `edges` are the rows' edges, columns end above a row that spans them."""
        sheet, left, right = self._sheet, self._edges[0], self._edges[-1]
        sheet.flush()
        sheet.rules([(left, y, right, y) for y in edges[1:-1]], THIN)
        bounds = (edges[0], *chain.from_iterable(self._headings), columns_end)  # no columns through a heading
        for top, end in zip(bounds[::2], bounds[1::2], strict=True):
            if end > top:
                sheet.rules([(x, top, x, end) for x in self._edges[1:-1]], THIN)
        corner = THICK / 2
        sheet.rules([(left - corner, y, right + corner, y) for y in (edges[0], edges[-1])], THICK)
        sheet.rules([(x, edges[0], x, edges[-1]) for x in (left, right)], THICK)


def column_widths(columns: Sequence[Column], width: float, narrowest: float) -> list[float]:
    """Widths that fill `width`: columns of width 0 share what is left; too wide ones shrink in proportion."""
    open_columns = sum(1 for column in columns if not column.width)
    fixed = sum(column.width for column in columns)
    left = width - fixed
    if open_columns and left >= narrowest * open_columns:
        return [column.width or left / open_columns for column in columns]
    if not open_columns and fixed <= width:
        return [column.width for column in columns]
    scale = (width - narrowest * open_columns) / fixed
    return [column.width * scale or narrowest for column in columns]


def pages_of(lines: tuple[Lines, ...], most: int) -> Iterator[tuple[Lines, ...]]:
    """A row that is higher than a page, in parts of `most` lines."""
    for start in range(0, max(map(len, lines)), most):
        yield tuple(cell[start : start + most] for cell in lines)
