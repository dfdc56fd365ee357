"""Prints a summary (month, quarter, year) on A4 portrait."""

from __future__ import annotations

from datetime import datetime

from db.summaries.document import Chart, Note, Part, Printed, Summary, Table
from desktop.printing.chart import ChartLayout
from desktop.printing.faces import Faces
from desktop.printing.progress import Progress, Report
from desktop.printing.setting import SetLine
from desktop.printing.sheet import LEADING, S2, S4X, S5, S5X, THIN, Paper, Sheet
from desktop.printing.table import Measures, TableLayout

PAPER = Paper(wide=False, top=20, right=16, bottom=20, left=20)
KEPT = 0.42  # share of the page up to which a part is moved to the next page as a whole
RULE, BETWEEN = 7, 2  # cells of 五号: a place to sign, the space after it


class NoteLayout:
    """A paragraph under a table, set, not yet drawn."""

    def __init__(self, sheet: Sheet, note: Note) -> None:
        self._sheet, self._style = sheet, sheet.style("宋体", S5X)
        self._lines = self._style.set(note.text, sheet.width)
        self.height = 3 + len(self._lines) * S5X * LEADING
        self.first_height = 3 + min(len(self._lines), 2) * S5X * LEADING

    def draw(self) -> None:
        """Draws the paragraph from the sheet's `y` on."""
        self._sheet.y += 3
        self._sheet.block(self._lines, self._style)


Layout = TableLayout | ChartLayout | NoteLayout


def render_summary(
    summary: Summary, faces: Faces, progress: Report | None = None, printed_at: datetime | None = None
) -> Printed:
    """Draws `summary` with `faces`.

    `progress(done, total)` is called now and then; False makes this raise Cancelled. `printed_at` becomes the date of
    the PDF: the same summary, faces and moment give the same bytes. Raises OSError when the bundled fonts are missing.
    """
    sheet = Sheet(faces, PAPER, summary.title, summary.under, summary.office, summary.footer, printed_at)
    steps = 2 * sum(len(block.rows) for part in summary.parts for block in part.blocks if isinstance(block, Table))
    counting = Progress(progress, steps)
    draw_title(sheet, summary)
    for part in summary.parts:
        draw_part(sheet, part, counting)
    draw_end(sheet, summary)
    return sheet.finish()


def draw_title(sheet: Sheet, summary: Summary) -> None:
    """Title in 小标宋 二号 and the period under it, centred; both wrap."""
    title, under = sheet.style("小标宋", S2), sheet.style("宋体", S5)
    sheet.block(title.set(summary.title, sheet.width), title, "centre", 1.3)
    sheet.y += 4
    if summary.under:
        sheet.block(under.set(summary.under, sheet.width), under, "centre")
        sheet.y += 4


def draw_part(sheet: Sheet, part: Part, progress: Progress) -> None:
    """Heading and blocks; a small part is kept on one page, a heading never stands without its first rows."""
    style = sheet.style("黑体", S4X)
    heading = style.set(part.heading, sheet.width)
    blocks = [lay_out(sheet, block, progress) for block in part.blocks]
    above = 9 + len(heading) * S4X * LEADING + 3
    whole = above + sum(block.height for block in blocks)
    small = whole <= (sheet.foot - sheet.top) * KEPT
    ask_for(sheet, whole if small or not blocks else above + blocks[0].first_height)
    sheet.y += 9
    sheet.bookmark(part.heading, part.anchor)
    sheet.block(heading, style)
    sheet.y += 3
    for at, block in enumerate(blocks):
        if at:
            draw_gap(sheet, block)
        if isinstance(block, TableLayout):
            block.draw(progress)
        else:
            block.draw()


def draw_gap(sheet: Sheet, block: Layout) -> None:
    """What separates `block` from the one above it, or a new page when its beginning has no room."""
    if not isinstance(block, NoteLayout):
        sheet.y += 6
    ask_for(sheet, block.first_height)


def ask_for(sheet: Sheet, height: float) -> None:
    """Begins a new page unless `height` is left on this one."""
    if height > sheet.room and not sheet.fresh:
        sheet.new_page()


def lay_out(sheet: Sheet, block: Table | Chart | Note, progress: Progress) -> Layout:
    """`block` measured for the type area."""
    if isinstance(block, Table):
        return TableLayout(sheet, block.columns, block.rows, Measures(block.size), progress, block.empty)
    if isinstance(block, Chart):
        return ChartLayout(sheet, block)
    return NoteLayout(sheet, block)


def draw_end(sheet: Sheet, summary: Summary) -> None:
    """Places to sign with the date at the right, and the journal's check sum under them; kept together."""
    small = sheet.style("宋体", S5X)
    checksum = small.set(f"台账日志校验码：{summary.checksum}", sheet.width) if summary.checksum else []
    rows = signature_rows(sheet, summary)
    ask_for(sheet, 16 + len(rows) * 26 + len(checksum) * S5X * LEADING)
    sheet.y += 16
    for row in rows:
        draw_signatures(sheet, row)
        sheet.y += 26
    sheet.block(checksum, small)


def signature_rows(sheet: Sheet, summary: Summary) -> list[list[tuple[SetLine, float, float]]]:
    """Rows of (label, x, length of the rule after it); the date is the last label, at the right, without a rule."""
    style = sheet.style("宋体", S5)
    rows: list[list[tuple[SetLine, float, float]]] = [[]]
    x = 0.0
    for role in summary.signatures:
        label = style.set(f"{role}：", sheet.width - RULE * S5)[0]
        width = label.width + (RULE + BETWEEN) * S5
        if rows[-1] and x + width > sheet.width:
            rows.append([])
            x = 0.0
        rows[-1].append((label, x, RULE * S5))
        x += width
    if summary.printed_on:
        printed = style.set(summary.printed_on, sheet.width)[0]
        at = sheet.width - printed.width - S5
        if x > at:
            rows.append([])
        rows[-1].append((printed, at, 0.0))
    return [row for row in rows if row]


def draw_signatures(sheet: Sheet, row: list[tuple[SetLine, float, float]]) -> None:
    """One row of places to sign."""
    style = sheet.style("宋体", S5)
    for label, x, rule in row:
        sheet.show(label, sheet.left + x, sheet.y + S5 * LEADING / 2, style)
        if rule:
            start = sheet.left + x + label.width
            sheet.rule(start, sheet.y + 14, start + rule, sheet.y + 14, THIN)
