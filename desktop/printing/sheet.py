"""Pages on a ReportLab canvas: text, rules, shades, foot lines, bookmarks, clickable numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import groupby, pairwise
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from db.summaries.document import Align, Printed, Spot, Target
from desktop.printing import archive
from desktop.printing.faces import Faces, Role
from desktop.printing.setting import SetLine, Style
from desktop.printing.type0 import UsedCharacters, WholeFont

MM = 72 / 25.4
S2, S18, S4X, S5, S5X = 22.0, 18.0, 12.0, 10.5, 9.0  # 二号, register titles, 小四, 五号, 小五
FINE, THIN, THICK = 0.25, 0.5, 1.0  # rules
BLACK, GREY, LIGHT, SHADE, WHITE = 0.0, 0.45, 0.80, 0.93, 1.0  # share of white
LEADING = 1.35  # of running text
PRODUCER = "法治台账"
PRINTS = 4  # flag of an annotation, which PDF/A asks for (ISO 19005-2, 6.3.2)
NO_DATE = "D:20000101000000+00'00'"  # what ReportLab writes for a document without a date


@dataclass(frozen=True)
class Paper:
    """A page: landscape or not, margins in mm (top, right, bottom, left)."""

    wide: bool
    top: float
    right: float
    bottom: float
    left: float


class Sheet:
    """One document being drawn. `y` is where the next block begins, `foot` where the last one must end.

    The foot line (`foot_text` left, 第x页　共y页 right) is a form on each page that is filled in at the end, when the
    number of pages is known: no second pass. Pages are counted within each part of the document, from `first` on.
    """

    def __init__(
        self,
        faces: Faces,
        paper: Paper,
        title: str,
        subject: str,
        author: str,
        foot_text: str,
        printed_at: datetime | None,
    ) -> None:
        """`printed_at` becomes the document's date; without it the date is 2000-01-01, for tests."""
        self.first = 1  # the number of the first page: a bound book goes on
        self.is_part = False  # whether more pages will come: how many is not said
        self.bare_single = False  # whether a part of one page has no foot line
        self.draw_foot = self.draw_foot_line  # (number of the page, of the last one, first page of the part)
        self._parts = [1]
        self._level = -1  # of the last entry of the outline
        self._faces = faces
        self.missing: set[str] = set()
        self.spots: list[Spot] = []
        self._styles: dict[tuple[str, float], Style] = {}
        self.page_width, self.page_height = landscape(A4) if paper.wide else A4
        self.left, self.top = paper.left * MM, paper.top * MM
        self.width = self.page_width - self.left - paper.right * MM
        self.page, self.y, self.start = 1, self.top, self.top
        self.head: Callable[[], None] | None = None  # drawn on each new page; sets y
        self._file = BytesIO()
        self._canvas = self._open(title, subject, author, printed_at)
        self._doc: Any = self._canvas._doc  # noqa: SLF001 faces number their characters per document
        self._text: list[str] = []  # operators of the text that is being written
        self._fonts: dict[tuple[WholeFont, float], tuple[str, UsedCharacters]] = {}
        self._codes: dict[tuple[WholeFont, str], str] = {}  # registers repeat units, dates and states
        self._font = ""  # the operator that set the font, and the space after each character: they last for the page
        self._gap = 0.0
        self._foot_texts = {1: self._foot_of(foot_text)}
        bottom = max(paper.bottom * MM, (len(self._foot_texts[1]) + 2) * S5X * LEADING)
        self._foot_middle = self.page_height - bottom / 2 + 0.75  # half way down the margin
        self.foot = self.page_height - bottom

    def _open(self, title: str, subject: str, author: str, printed_at: datetime | None) -> Any:
        canvas: Any = Canvas(
            self._file,
            pagesize=(self.page_width, self.page_height),
            pageCompression=1,
            invariant=1,  # same input, same bytes
            lang="zh-CN",
            pdfVersion=(1, 7),
            **self._first_font(),
        )
        canvas.setTitle(title)
        canvas.setAuthor(author)
        canvas.setSubject(subject)
        canvas.setCreator(PRODUCER)
        canvas.setProducer(PRODUCER)
        canvas.setViewerPreference("DisplayDocTitle", "true")
        stamp = pdf_date(printed_at) if printed_at else NO_DATE
        if printed_at:
            canvas.setDateFormatter(lambda *_: stamp)
        archive.mark(canvas._doc, title, author, subject, PRODUCER, stamp)  # noqa: SLF001  reportlab has no other way
        return canvas

    def _first_font(self) -> dict[str, Any]:
        """Without a first font of ours an unembedded Helvetica is in every file."""
        return {"initialFontName": self._faces.face("宋体").font.fontName}

    def style(self, role: Role, size: float) -> Style:
        """The style of `role` at `size`, made once per document."""
        key = (role, size)
        if key not in self._styles:
            self._styles[key] = Style(self._faces, role, size, self.missing)
        return self._styles[key]

    @property
    def room(self) -> float:
        """Height that is left on this page."""
        return self.foot - self.y

    @property
    def fresh(self) -> bool:
        """Whether nothing stands on this page yet below its head."""
        return self.y <= self.start

    def flush(self) -> None:
        """Writes the text so far, so that what is drawn next lies above it."""
        if self._text:
            self._canvas.addLiteral(f"BT {' '.join(self._text)} ET")
            self._text.clear()

    def new_page(self) -> None:
        """Closes this page and begins the next with its head."""
        self._close_page()
        self.page, self.y = self.page + 1, self.top
        if self.head:
            self.head()
        self.start = self.y

    def new_part(self, foot_text: str) -> None:
        """Closes this page and begins a new count of pages, with its own foot text; `head` is not drawn."""
        self._close_page()
        self.page, self.y = self.page + 1, self.top
        self._parts.append(self.page)
        self._foot_texts[self.page] = self._foot_of(foot_text)

    def _close_page(self) -> None:
        self.flush()
        self._canvas.doForm(f"foot{self.page}")
        self._canvas.showPage()
        self._font, self._gap = "", 0.0

    def finish(self) -> Printed:
        """Closes the last page, fills in the foot lines and gives the document."""
        self._close_page()
        for start, end in pairwise((*self._parts, self.page + 1)):
            for page in range(start, end):
                self._canvas.beginForm(f"foot{page}")
                self._font, self._gap = "", 0.0
                if end - start > 1 or not self.bare_single:
                    before = self.first - start
                    self.draw_foot(page + before, end - 1 + before, start)
                self.flush()
                self._canvas.endForm()
        self._canvas.save()
        for part in (self._doc, self._canvas):  # they hold one another: without that they go at once
            vars(part).clear()
        return Printed(self._file.getvalue(), self.page, tuple(self.spots), frozenset(self.missing),
            self._faces.replaced(role for role, _size in self._styles),
        )  # fmt: skip

    def _foot_of(self, text: str) -> list[SetLine]:
        return self.style("宋体", S5X).set(text, self.width - 9 * S5X) if text else []

    def draw_foot_line(self, page: int, last: int, start: int) -> None:
        """The foot line of a page: the text of the part that begins with page `start`, and 第x页　共y页."""
        style, lines = self.style("宋体", S5X), self._foot_texts[start]
        middle = self._foot_middle - (len(lines) - 1) * S5X * LEADING / 2
        for line in lines:
            self.show(line, self.left, middle, style)
            middle += S5X * LEADING
        whole = "" if self.is_part else f"　共{last}页"
        self.line(f"第{page}页{whole}", self.left, self._foot_middle, self.width, style, "right")

    def bookmark(self, text: str, anchor: str = "", level: int = 0) -> None:
        """An entry of the outline that leads to here, like links to `anchor`; at most one level below the last."""
        top = self.page_height - self.y + 20
        for key in filter(None, (f"part{self.page}-{self.y:.2f}", anchor)):
            self._canvas.bookmarkPage(key, fit="XYZ", left=0, top=top)
        self._level = min(level, self._level + 1)
        self._canvas.addOutlineEntry(text, f"part{self.page}-{self.y:.2f}", self._level)

    def link(self, anchor: str, x: float, y: float, width: float, height: float) -> None:
        """Lets a rectangle lead to `anchor`, which must come in some bookmark, before it or after."""
        bottom = self.page_height - y - height
        self._canvas.linkRect(
            "", anchor, (x, bottom, x + width, bottom + height), relative=0, Border="[0 0 0]", F=4
        )  # 4: print, as PDF/A asks

    def spot(self, source: Target | None, x: float, y: float, width: float, height: float) -> None:
        """Notes that the rectangle carries a number that opens `source`."""
        if source:
            self.spots.append(Spot(self.page - 1, x, y, width, height, source))

    def rule(self, x1: float, y1: float, x2: float, y2: float, weight: float = THIN, grey: float = BLACK) -> None:
        """A straight line."""
        self._canvas.setStrokeGray(grey)
        self._canvas.setLineWidth(weight)
        self._canvas.line(x1, self.page_height - y1, x2, self.page_height - y2)

    def cut_line(self) -> None:
        """A dashed line across the type area, to cut along."""
        self._canvas.setDash(3, 3)
        self.rule(self.left, self.y, self.left + self.width, self.y)
        self._canvas.setDash()

    def dots(self, rows: Sequence[Sequence[bool | None]], x: float, y: float, size: float) -> None:
        """A square of black and white dots with its upper left corner at (x, y): a QR code."""
        self.flush()
        self._canvas.setFillGray(BLACK)
        step = size / len(rows)
        for down, row in enumerate(rows):
            at = 0
            for black, run in groupby(row, bool):
                count = len(list(run))
                if black:
                    bottom = self.page_height - y - (down + 1) * step
                    self._canvas.rect(x + at * step, bottom, count * step, step, stroke=0, fill=1)
                at += count

    def rules(self, lines: Iterable[tuple[float, float, float, float]], weight: float) -> None:
        """Black lines (x1, y1, x2, y2) of one weight."""
        height = self.page_height
        self._canvas.setStrokeGray(BLACK)
        self._canvas.setLineWidth(weight)
        self._canvas.lines([(x1, height - y1, x2, height - y2) for x1, y1, x2, y2 in lines])

    def box(self, x: float, y: float, width: float, height: float, grey: float, weight: float = 0.0) -> None:
        """A rectangle filled with `grey`, with a black outline of `weight` (0: none); covers what stands there."""
        self.flush()
        self._canvas.setFillGray(grey)
        self._canvas.setStrokeGray(BLACK)
        self._canvas.setLineWidth(weight)
        self._canvas.rect(x, self.page_height - y - height, width, height, stroke=int(weight > 0), fill=1)
        self._canvas.setFillGray(BLACK)

    def show(self, line: SetLine, x: float, middle: float, style: Style) -> None:
        """Draws `line` from `x` with the ideographs' middle at `middle`, whatever the face."""
        add, size = self._text.append, style.size
        y = self.page_height - middle - style.centre
        for font, dx, dy, text, gap in line.runs:
            operator, used = self._fonts.get((font, size)) or self._use(font, size)
            if operator != self._font:
                add(operator)
                self._font = operator
            if gap != self._gap:
                add(f"{gap:.4f} Tc")
                self._gap = gap
            codes = self._codes.get((font, text))
            if codes is None:
                codes = self._codes[font, text] = "".join(map(used.__getitem__, text))
            add(f"1 0 0 1 {x + dx:.2f} {y + dy:.2f} Tm <{codes}> Tj")

    def _use(self, font: WholeFont, size: float) -> tuple[str, UsedCharacters]:
        """The operator that sets `font`, and the codes of its characters in this document."""
        name = font.getSubsetInternalName(0, self._doc)
        self._fonts[font, size] = entry = (f"{name} {size:g} Tf", font.used(self._doc))
        return entry

    def line(self, text: str, x: float, middle: float, width: float, style: Style, align: Align = "left") -> None:
        """One line of text that is not broken."""
        for line in style.set(text, 1e6)[:1]:
            self.show(line, x + shift(line, width, align), middle, style)

    def block(self, lines: Iterable[SetLine], style: Style, align: Align = "left", leading: float = LEADING) -> None:
        """Lines from `y` downwards, on the next page where this one ends; `y` moves on."""
        step = style.size * leading
        for line in lines:
            if self.y + step > self.foot and not self.fresh:
                self.new_page()
            self.show(line, self.left + shift(line, self.width, align), self.y + step / 2, style)
            self.y += step


def shift(line: SetLine, width: float, align: Align) -> float:
    """How far `line` stands from the left edge of a box of `width`."""
    if align == "left":
        return 0.0
    return (width - line.width) / (2 if align == "centre" else 1)


def pdf_date(moment: datetime) -> str:
    """`moment` as PDF writes it; with the offset to UTC if it has one."""
    offset = moment.strftime("%z")
    return moment.strftime("D:%Y%m%d%H%M%S") + (f"{offset[:3]}'{offset[3:5]}'" if offset else "")
