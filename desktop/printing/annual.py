"""Prints the annual report by GB/T 9704—2012: 28 characters × 22 lines, headings in 黑体 and 楷体, page numbers — n —.

三号 is 15.75 points here: 28 characters of 16 points do not fit into the type area of 156 mm. A line is as high as one
character and seven eighths of one. In a working copy each number is underlined and leads to its rows in the appendix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.summaries.annual.report import Claimed, Copy, Paragraph, Report
from db.summaries.document import Printed, Source, Table
from desktop.printing.faces import Faces, Role
from desktop.printing.progress import Progress
from desktop.printing.progress import Report as Watch
from desktop.printing.setting import BLANK, Line, Style, plain
from desktop.printing.sheet import GREY, LIGHT, MM, S2, THIN, Paper, Sheet
from desktop.printing.summary import draw_part

PAPER = Paper(wide=False, top=37, right=26, bottom=35, left=28)
S3, S4 = 15.75, 14.0
PITCH = S3 * 1.875
ROWS = 22
GRID = 156 * MM
CELL = GRID / 28
FOLIO = 7 * MM  # the dashes of the page number stand so far under the type area
HEADS: dict[int, Role] = {1: "黑体", 2: "楷体"}
SOURCES = "数据来源"


@dataclass(frozen=True)
class Link:
    """Characters start … end of a paragraph that lead to a fact; `is_broken` in a claim that does not hold."""

    start: int
    end: int
    fact: str
    is_broken: bool = False


def render_annual(
    copy: Copy, faces: Faces, progress: Watch | None = None, printed_at: datetime | None = None
) -> Printed:
    """Draws a report; with an appendix it is a working copy. See `render_summary` for the rest."""
    report = copy.report
    title = "".join(report.title) or f"{report.year}年度报告"
    sheet = Sheet(faces, PAPER, title, f"{report.year}年度", report.office, "", printed_at)
    sheet.draw_foot = lambda page, last, start: draw_folio(sheet, page, last, start)
    Body(sheet, report, bool(copy.appendix)).draw()
    if copy.appendix:
        rows = sum(len(block.rows) for part in copy.appendix for block in part.blocks if isinstance(block, Table))
        counting = Progress(progress, 2 * rows)
        sheet.new_part(f"{title}　{SOURCES}")
        sheet.start = sheet.y
        sheet.line(SOURCES, sheet.left, sheet.y + S2 / 2, sheet.width, sheet.style("小标宋", S2), "centre")
        sheet.y += S2 * 1.6
        for part in copy.appendix:
            draw_part(sheet, part, counting)
    return sheet.finish()


def draw_folio(sheet: Sheet, page: int, last: int, start: int) -> None:
    """— n —: odd pages at the right, even ones at the left, one character in; the appendix has its own foot lines."""
    if start > 1:
        sheet.draw_foot_line(page, last, start)
        return
    style = sheet.style("宋体", S4)
    text = f"— {page} —"
    x = sheet.left + GRID - S4 - style.width(text) if page % 2 else sheet.left + S4
    sheet.line(text, x, sheet.page_height - PAPER.bottom * MM + FOLIO, sheet.width, style)


class Body:
    """The text of a report on the grid of the standard."""

    def __init__(self, sheet: Sheet, report: Report, is_working: bool) -> None:
        self._sheet, self._report, self._is_working = sheet, report, is_working
        self._row = 0
        self._text = sheet.style("仿宋", S3)

    def draw(self) -> None:
        """Draw title, paragraphs and signature."""
        self._draw_title()
        for paragraph in self._report.paragraphs:
            self._draw_paragraph(paragraph)
        self._draw_signature()

    @property
    def _middle(self) -> float:
        return self._sheet.top + self._row * PITCH + S3 / 2

    def _next_row(self, count: int = 1) -> None:
        for _time in range(count):
            self._row += 1
            if self._row == ROWS:
                self._sheet.new_page()
                self._row = 0

    def _draw_title(self) -> None:
        style = self._sheet.style("小标宋", S2)
        for text in self._report.title:
            for line in style.set(text, GRID):
                self._sheet.show(line, self._sheet.left + (GRID - line.width) / 2, self._middle + 2, style)
                self._next_row()
        if self._report.title:
            self._next_row()

    def _draw_paragraph(self, paragraph: Paragraph) -> None:
        sheet = self._sheet
        if paragraph.level == 1 and self._row == ROWS - 1:
            self._next_row()  # a heading does not stand alone at the foot
        head = sheet.style(HEADS[paragraph.level], S3) if paragraph.level in HEADS else self._text
        text, cut, links = laid(paragraph, self._report)
        if paragraph.level:
            sheet.y = self._middle - S3 / 2
            sheet.bookmark(text[:cut].rstrip("。") or text[:20], level=paragraph.level - 1)
        breaking = head if paragraph.level == 1 else self._text
        for at, line in enumerate(breaking.lines(text, GRID, 2 * CELL, justify=True)):
            x = sheet.left + (2 * CELL if at == 0 else 0)
            if self._is_working:
                self._draw_links(text, line, links, x)
            self._draw_line(text, line, cut, head, x)
            self._next_row()

    def _draw_line(self, text: str, line: Line, cut: int, head: Style, x: float) -> None:
        """A line whose characters before `cut` are those of the heading: both faces are as wide."""
        middle = min(max(cut, line.start), line.end)
        for style, part in ((head, line._replace(end=middle)), (self._text, line._replace(start=middle))):
            if part.end > part.start:
                reach = advance(style, text[part.start : part.end], line)  # measured before it is set: see Style.runs
                self._sheet.show(style.runs(text, part), x, self._middle, style)
                x += reach

    def _draw_links(self, text: str, line: Line, links: Sequence[Link], x: float) -> None:
        """Underlines what leads to the appendix; a claim that does not hold stands on grey."""
        sheet = self._sheet
        for link in links:
            start, end = max(link.start, line.start), min(link.end, line.end)
            if start >= end:
                continue
            left = x + advance(self._text, text[line.start : start], line)
            width = advance(self._text, text[start:end], line)
            top = self._middle - S3 * 0.6
            if link.is_broken:
                sheet.box(left, top, width, S3 * 1.2, LIGHT)
            sheet.rule(left, top + S3 * 1.25, left + width, top + S3 * 1.25, THIN, GREY)
            sheet.link(link.fact, left, top, width, S3 * 1.25)
            fact = self._report.fact(link.fact)
            if fact.change:  # a figure; a text made of records has none
                sheet.spot(Source(link.fact, fact.start, fact.end), left, top, width, S3 * 1.25)

    def _draw_signature(self) -> None:
        """Two rows free; the name ends two cells from the right, the date begins two cells right of its first one."""
        report, sheet = self._report, self._sheet
        if self._row + 4 > ROWS:
            self._next_row(ROWS - self._row)
        else:
            self._next_row(2)
        left = sheet.left + GRID - 2 * CELL - self._text.width(report.signed)
        date_left = min(left + 2 * CELL, sheet.left + GRID - self._text.width(report.dated))
        for text, x in ((report.signed, max(left, sheet.left)), (report.dated, date_left)):
            sheet.line(text, x, self._middle, GRID, self._text)
            self._row += 1


def advance(style: Style, piece: str, line: Line) -> float:
    """How far a piece of a line reaches, with the space that the line gains or gives away."""
    squeezed = sum(BLANK.get(char, 0.0) for char in piece) * line.squeeze * style.size if line.squeeze else 0.0
    return style.width(piece) + line.gap * len(piece) - squeezed


def laid(paragraph: Paragraph, report: Report) -> tuple[str, int, list[Link]]:
    """A paragraph as it is set: its text, where its heading ends, and what leads to a fact."""
    text, links, cut = "", list[Link](), 0
    for at, run in enumerate((*paragraph.head, *paragraph.runs)):
        if at == len(paragraph.head):
            cut = len(text)
        if isinstance(run, Claimed):
            claim = report.claims[run.claim]
            start = len(text)
            text += flat(run.text)
            links.append(Link(start, len(text), claim.facts[0], claim.state == "broken"))
            continue
        start = len(text)
        text += flat(run.text)
        if fact := getattr(run, "fact", ""):
            links.append(Link(start, len(text), fact))
    return text, cut if paragraph.runs else len(text) if paragraph.head else 0, links


def flat(text: str) -> str:
    """A text as one line."""
    return plain(text).replace("\n", "")
