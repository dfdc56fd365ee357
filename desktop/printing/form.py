"""Prints the office's forms: boxes, tables and words under a title, on one sheet if they can be read there.

A form that is too high is set tighter, never below `SIZES`; what is still too high goes on to a second page under
the same heading. Empty boxes stay as room to write.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel

from db.summaries.document import Box, BoxRow, Form, Forms, Gap, Grid, Printed, Table, Words, WordsKind
from desktop.printing.faces import Faces, Role
from desktop.printing.progress import Progress, Report
from desktop.printing.setting import SetLine, Style
from desktop.printing.sheet import LEADING, MM, S2, S4X, S5, S5X, THIN, Paper, Sheet
from desktop.printing.table import Measures, TableLayout

UPRIGHT_PAPER = Paper(wide=False, top=25, right=22, bottom=20, left=26)
WIDE_PAPER = Paper(wide=True, top=22, right=15, bottom=18, left=20)
S4 = 14.0
OUTER = 1.25
PAD = 5.0
FOOT_ROOM = 26.0  # under the text of a box for what stands at its lower right
CODE_SIZE = 15 * MM
WORDS: dict[WordsKind, tuple[Role, float]] = {
    "text": ("仿宋", S4), "flush": ("仿宋", S4), "heading": ("黑体", S4), "cut": ("黑体", S4), "note": ("宋体", S5X),
    "sides": ("宋体", S4X),
}  # fmt: skip
Block = Grid | Table | Words | Gap
KEPT: dict[WordsKind, float] = {"cut": 320.0, "heading": 60.0}  # points that stay under it on the same page, at least
SMALLEST_PART = 60.0  # points of a box that is divided over two pages


@dataclass(frozen=True)
class Sizes:
    """How tight a form is set: type sizes in points, and the share of their least height that boxes keep."""

    text: float
    value: float
    label: float
    room: float


SIZES = (
    Sizes(S4, S4X, S4X, 1.0), Sizes(S4, S4X, S4X, 0.8), Sizes(S4, S4X, S4X, 0.65), Sizes(S4X, S5, S4X, 0.65),
    Sizes(S5, S5, S5, 0.55),
)  # fmt: skip
OVER_PAGES = Sizes(S4X, S4X, S4X, 0.8)


@dataclass(frozen=True)
class _SetBox:
    """A box with its lines, the height that they take, and how far they can be divided."""

    box: Box
    x: float
    width: float
    lines: tuple[SetLine, ...]
    leading: float  # points
    style: Style
    height: float


@dataclass(frozen=True)
class _SetRow:
    """A row of boxes that are set."""

    boxes: tuple[_SetBox, ...]
    height: float


def render_forms(
    forms: Forms, faces: Faces, progress: Report | None = None, printed_at: datetime | None = None
) -> Printed:
    """Draws forms, each from a page of its own. See `render_summary` for the arguments and what is raised."""
    paper = WIDE_PAPER if forms.wide else UPRIGHT_PAPER
    first = forms.forms[0]
    sheet = Sheet(faces, paper, first.title, forms.title, forms.office, first.foot, printed_at)
    sheet.bare_single = not forms.numbered
    counting = Progress(progress, len(forms.forms) * 60)
    for at, form in enumerate(forms.forms):
        if at:
            sheet.new_part(form.foot)
        _FormLayout(sheet, form, Progress(None, 0)).draw()
        counting.step(60)
    return sheet.finish()


class _FormLayout:
    """One form on `sheet`."""

    def __init__(self, sheet: Sheet, form: Form, progress: Progress) -> None:
        self._sheet, self._form, self._progress = sheet, form, progress
        self._title = sheet.style("小标宋", S2)
        self._side = sheet.style("宋体", S4X)

    def draw(self) -> None:
        """Draw it from the top of the page that has just begun."""
        sheet = self._sheet
        sheet.head = self._draw_head
        self._draw_head()
        sheet.start = sheet.y
        sheet.bookmark(self._form.title)
        if self._form.code:
            rows = _code(self._form.code)
            sheet.dots(rows, sheet.left + sheet.width - CODE_SIZE, sheet.top - CODE_SIZE - 4, CODE_SIZE)
        room = sheet.room
        sizes = next((one for one in SIZES if self._height(one) <= room), OVER_PAGES)
        for block, following in zip_longest(self._form.blocks, self._form.blocks[1:]):
            if following is not None and self._stands_alone(block, following, sizes):
                sheet.new_page()
            self._draw_block(block, sizes)

    def _stands_alone(self, block: Block, following: Block, sizes: Sizes) -> bool:
        """Whether a heading, or the line along which a slip is cut off, would be parted from what it heads."""
        if not isinstance(block, Words) or block.kind not in KEPT or self._sheet.fresh:
            return False
        below = min(self._block_height(following, sizes), KEPT[block.kind])
        return self._words_height(block) + below > self._sheet.room

    def _draw_head(self) -> None:
        sheet = self._sheet
        sheet.block(self._title.set(self._form.title, sheet.width), self._title, "centre", 1.3)
        sheet.y += 8
        if self._form.left or self._form.right:
            self._draw_sides(self._form.left, self._form.right, self._side)
            sheet.y += 5
        sheet.start = sheet.y

    def _draw_sides(self, left: str, right: str, style: Style) -> None:
        sheet = self._sheet
        ends = style.set(right, sheet.width) if right else []
        taken = max((line.width for line in ends), default=0.0)
        width = sheet.width - taken - 2 * style.size if taken < sheet.width * 0.6 else sheet.width
        lines = style.set(left, width) if left else []
        step = style.size * LEADING
        below = len(lines) if width == sheet.width and ends else 0
        for at, line in enumerate(lines):
            sheet.show(line, sheet.left, sheet.y + step * (at + 0.5), style)
        for at, line in enumerate(ends, below):
            sheet.show(line, sheet.left + sheet.width - line.width, sheet.y + step * (at + 0.5), style)
        sheet.y += max(len(lines), below + len(ends)) * step

    def _height(self, sizes: Sizes) -> float:
        """Height of all blocks, if they were on one page."""
        return sum(self._block_height(block, sizes) for block in self._form.blocks)

    def _block_height(self, block: Block, sizes: Sizes) -> float:
        if isinstance(block, Grid):
            return sum(self._set_row(row, sizes).height for row in block.rows) + 2
        if isinstance(block, Table):
            return self._table(block).height + 10
        if isinstance(block, Gap):
            return block.height
        return self._words_height(block)

    def _table(self, table: Table) -> TableLayout:
        measures = Measures(table.size, least=table.least, role="仿宋" if table.least else "宋体")
        return TableLayout(self._sheet, table.columns, table.rows, measures, self._progress, table.empty)

    def _draw_block(self, block: Block, sizes: Sizes) -> None:
        sheet = self._sheet
        if isinstance(block, Grid):
            self._draw_grid(block, sizes)
        elif isinstance(block, Table):
            layout = self._table(block)
            if layout.first_height > sheet.room and not sheet.fresh:
                sheet.new_page()
            layout.draw(self._progress)
            sheet.y += 8
        elif isinstance(block, Gap):
            sheet.y += block.height
        else:
            self._draw_words(block)

    def _words_style(self, words: Words) -> Style:
        styles = {
            "text": ("仿宋", S4),
            "flush": ("仿宋", S4),
            "heading": ("黑体", S4),
            "cut": ("黑体", S4),
            "note": ("宋体", S5X),
        }
        role, size = styles.get(words.kind, ("宋体", S4X))
        return self._sheet.style(role, size)  # type: ignore[arg-type]

    def _words_height(self, words: Words) -> float:
        style = self._words_style(words)
        lines = len(style.set(words.text, self._sheet.width)) * style.size * LEADING
        return {"cut": 26 + lines + 8, "text": lines * 1.2 + 6, "flush": lines * 1.2 + 6}.get(words.kind, lines + 6)

    def _draw_words(self, words: Words) -> None:
        sheet, style = self._sheet, self._words_style(words)
        if words.kind == "sides":
            sheet.y += 6
            self._draw_sides(words.text, words.right, style)
        elif words.kind == "cut":
            sheet.y += 16
            sheet.cut_line()
            sheet.y += 10
            sheet.block(style.set(words.text, sheet.width), style, "centre")
            sheet.y += 6
        elif words.kind in ("text", "flush"):
            sheet.y += 4
            text = _indented(words.text) if words.kind == "text" else words.text
            sheet.block(style.set(text, sheet.width, justify=True), style, "left", 1.6)
        else:
            sheet.y += 6
            sheet.block(style.set(words.text, sheet.width), style, "centre" if words.kind == "heading" else "left")

    def _draw_grid(self, grid: Grid, sizes: Sizes) -> None:
        """Draw rows of boxes; a row without room goes to the next page, a very high one is divided."""
        sheet = self._sheet
        top = sheet.y
        rows = [self._set_row(row, sizes) for row in grid.rows]
        while rows:
            row = rows.pop(0)
            if row.height <= sheet.room:
                self._draw_row(row)
                continue
            parts = _divided(row, sheet.room)
            if parts and (row.height > (sheet.foot - sheet.start) / 2 or sheet.fresh):
                self._draw_row(parts[0])
                rows.insert(0, parts[1])
            elif not sheet.fresh:
                rows.insert(0, row)
            else:
                self._draw_row(row)
                continue
            self._outline(top)
            sheet.new_page()
            top = sheet.y
        self._outline(top)
        sheet.y += 2

    def _outline(self, top: float) -> None:
        sheet = self._sheet
        left, right = sheet.left, sheet.left + sheet.width
        if sheet.y > top:
            sheet.flush()
            corner = OUTER / 2
            sheet.rules([(left - corner, y, right + corner, y) for y in (top, sheet.y)], OUTER)
            sheet.rules([(x, top, x, sheet.y) for x in (left, right)], OUTER)

    def _set_row(self, row: BoxRow, sizes: Sizes) -> _SetRow:
        whole = sum(box.share for box in row.boxes) or 1.0
        x, boxes = self._sheet.left, list[_SetBox]()
        for box in row.boxes:
            width = self._sheet.width * box.share / whole
            boxes.append(self._set_box(box, x, width, sizes))
            x += width
        least = row.height * (sizes.room if row.height > 40 else max(sizes.room, 0.8))
        return _SetRow(tuple(boxes), max(least, *(box.height for box in boxes)) if boxes else least)

    def _set_box(self, box: Box, x: float, width: float, sizes: Sizes) -> _SetBox:
        sheet = self._sheet
        if box.kind in ("label", "upright", "head"):
            style = sheet.style("宋体", sizes.label)
        else:
            style = sheet.style("仿宋", sizes.text if box.kind == "text" else sizes.value)
        inner = width - 2 * PAD - (4 if box.kind == "text" else 0)
        factor = {"text": 1.6, "upright": 1.6}.get(box.kind, 1.3)
        if box.kind == "upright":
            lines = style.set("\n".join(box.text), width)
        elif not box.text:
            lines = []
        elif box.kind == "text":
            lines = style.set(_indented(box.text), inner, justify=True)
        else:
            lines = style.set(box.text, inner)
        leading = style.size * factor
        height = len(lines) * leading + (12 if box.kind == "text" else 8)
        if box.note:
            height += FOOT_ROOM
        return _SetBox(box, x, width, tuple(lines), leading, style, height)

    def _draw_row(self, row: _SetRow) -> None:
        sheet = self._sheet
        for at, box in enumerate(row.boxes):
            self._draw_box(box, row.height)
            if at:
                sheet.rule(box.x, sheet.y, box.x, sheet.y + row.height, THIN)
        sheet.y += row.height
        sheet.rule(sheet.left, sheet.y, sheet.left + sheet.width, sheet.y, THIN)

    def _draw_box(self, box: _SetBox, height: float) -> None:
        sheet, style, kind = self._sheet, box.style, box.box.kind
        if kind == "label" and len(box.lines) == 1 and len(box.box.text) > 1 and box.width < 110:
            self._draw_spread(box, height)
        else:
            block = len(box.lines) * box.leading
            top = sheet.y + (6 if kind in ("text", "head") else (height - block) / 2)
            if kind == "value" and box.box.note:
                top = sheet.y + 6
            for at, line in enumerate(box.lines):
                x = box.x + PAD + (2 if kind == "text" else 0)
                if kind in ("label", "upright"):
                    x = box.x + (box.width - line.width) / 2
                sheet.show(line, x, top + box.leading * (at + 0.5), style)
        if box.box.note:
            note = sheet.style("宋体", min(style.size, S4X))
            for line in note.set(box.box.note, box.width - 12)[:1]:
                sheet.show(line, box.x + box.width - 10 - line.width, sheet.y + height - 13, note)

    def _draw_spread(self, box: _SetBox, height: float) -> None:
        """A label whose characters are spread over the box (分散对齐)."""
        sheet, style, text = self._sheet, box.style, box.box.text
        room = box.width - 2 * PAD
        gap = max((room - style.width(text)) / (len(text) - 1), 0.0)
        x, middle = box.x + PAD, sheet.y + height / 2
        for char in text:
            for line in style.set(char, room)[:1]:
                sheet.show(line, x, middle, style)
            x += style.width(char) + gap


def _indented(text: str) -> str:
    """Each paragraph begins two characters in."""
    return "\n".join(f"　　{paragraph.strip()}" for paragraph in text.split("\n"))


def _divided(row: _SetRow, room: float) -> tuple[_SetRow, _SetRow] | None:
    """A row in two parts, the first of which fits into `room`; None when nothing can be divided there."""
    if room < SMALLEST_PART:
        return None
    first, rest = list[_SetBox](), list[_SetBox]()
    for box in row.boxes:
        most = max(int((room - 12) / box.leading), 1)
        if box.box.kind not in ("text", "value") or len(box.lines) <= most:
            bare = Box(box.box.kind, box.box.share, box.box.text)
            keeps = box.box.kind in ("text", "value", "head")
            first.append(_SetBox(bare, box.x, box.width, box.lines, box.leading, box.style, box.height))
            rest.append(_SetBox(box.box, box.x, box.width, () if keeps else box.lines, box.leading, box.style, 0.0))
            continue
        bare = Box(box.box.kind, box.box.share, box.box.text)
        first.append(_SetBox(bare, box.x, box.width, box.lines[:most], box.leading, box.style, room))
        left = box.lines[most:]
        height = len(left) * box.leading + 12 + (FOOT_ROOM if box.box.note else 0)
        rest.append(_SetBox(box.box, box.x, box.width, left, box.leading, box.style, height))
    if all(one.lines == other.lines for one, other in zip(row.boxes, first, strict=True)):
        return None
    return _SetRow(tuple(first), room), _SetRow(tuple(rest), max(box.height for box in rest))


def _code(text: str) -> list[list[bool | None]]:
    """The dots of the QR code of a text, with error correction M, in the smallest version that holds it."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(text.encode()))
    code.make()
    return code.modules
