"""One process that draws a register book of N rows × 8 columns: `book` as the program does, `canvas` bare, `sheet`.

Prints the milliseconds for drawing and writing, without the making of the rows. `canvas` is a ReportLab canvas with
ReportLab's own TTFont, characters broken anywhere, one text object for each row; `sheet` writes the same rows as a flat
OpenDocument sheet for LibreOffice.
"""

from __future__ import annotations

import json
import random
import sys
import time
from itertools import accumulate
from pathlib import Path
from xml.sax.saxutils import escape

HOUSE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOUSE))

HEADS = ("编号", "收文日期", "来文单位", "来文字号", "标题", "紧急程度", "主办单位", "办结日期")
WIDTHS = (76.0, 54.0, 84.0, 100.0, 0.0, 34.0, 84.0, 54.0)
UNITS = ("县财政局", "县教育局", "县自然资源局", "塔峰镇人民政府", "县住房和城乡建设局", "县发展和改革局")
SUBJECTS = (
    "做好秋粮收购工作",
    "开展岁末年初安全生产重大隐患专项整治和督导检查",
    "拨付防汛抗旱经费",
    "推进农村人居环境整治提升",
)
WIDTH, FOOT, TOP, LEFT, SIZE, STEP = 756.8, 550.0, 75.0, 42.5, 9.0, 11.25  # points, of the book bound at the top


def rows(count: int) -> list[tuple[str, ...]]:
    """The same rows in every process."""
    chance = random.Random(5)
    found: list[tuple[str, ...]] = []
    for at in range(1, count + 1):
        unit, day = chance.choice(UNITS), f"2022-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        subject, kind = chance.choice(SUBJECTS), chance.choice(("请示", "报告", "通知"))
        title = f"{unit}关于{subject}的{kind}（{chance.randint(1, 999)}）"
        number = f"{unit[1:3]}字〔2022〕{chance.randint(1, 300)}号"
        found.append((f"上〔2022〕{at}号", day, unit, number, title, "平件", chance.choice(UNITS), day))
    return found


def draw_book(cells: list[tuple[str, ...]], target: Path) -> None:
    """The book as the program prints it."""
    from db.summaries.document import Book, Cell, Column
    from desktop.printing.faces import Faces
    from desktop.printing.pdf import render

    columns = tuple(Column(head, width) for head, width in zip(HEADS, WIDTHS, strict=True))
    texts = tuple(tuple(map(Cell, row)) for row in cells)
    book = Book("蓝山县人民政府办公室", "收文登记簿", "2022年度", "制表人", columns, texts)
    target.write_bytes(render(book, Faces(())).pdf)


class BareCanvas:
    """The same text and rules on a ReportLab canvas, with lines broken anywhere."""

    def __init__(self, target: Path) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont
        from reportlab.pdfgen.canvas import Canvas

        self._font = TTFont("CN", str(HOUSE / "resources" / "fonts" / "FandolSong-Regular.ttf"))
        pdfmetrics.registerFont(self._font)
        self._canvas = Canvas(str(target), pagesize=(841.89, 595.28), pageCompression=1)
        self._widths = [width or WIDTH - sum(WIDTHS) for width in WIDTHS]
        self._edges = list(accumulate(self._widths, initial=LEFT))
        self._ems: dict[str, float] = {}
        self._cache: dict[tuple[str, float], list[str]] = {}

    def _wrap(self, text: str, width: float) -> list[str]:
        found = self._cache.get((text, width))
        if found is None:
            found, start, x = [], 0, 0.0
            for at, char in enumerate(text):
                em = self._ems.get(char)
                if em is None:
                    em = self._ems[char] = self._font.face.getCharWidth(ord(char)) * SIZE / 1000
                if x + em > width and at > start:
                    found.append(text[start:at])
                    start, x = at, em
                else:
                    x += em
            found.append(text[start:])
            self._cache[text, width] = found
        return found

    def _row(self, row: tuple[str, ...], y: float) -> float:
        lines = [self._wrap(text, width - 5) for text, width in zip(row, self._widths, strict=True)]
        height = max(max(map(len, lines)) * STEP + 5, 19.0)
        text = self._canvas.beginText()
        text.setFont("CN", SIZE, STEP)
        for x, cell in zip(self._edges, lines, strict=False):
            top = y - (height - len(cell) * STEP) / 2 - SIZE
            for at, line in enumerate(cell):
                text.setTextOrigin(x + 2.5, top - at * STEP)
                text.textOut(line)
        self._canvas.drawText(text)
        return y - height

    def _grid(self, ys: list[float]) -> None:
        edges = self._edges
        self._canvas.setLineWidth(0.5)
        self._canvas.lines([(edges[0], y, edges[-1], y) for y in ys] + [(x, ys[0], x, ys[-1]) for x in edges])

    def draw(self, cells: list[tuple[str, ...]]) -> None:
        """All rows, with the head on each page."""
        page, ys = 1, [595.28 - TOP]
        ys.append(self._row(HEADS, ys[0]))
        for row in cells:
            if ys[-1] < 595.28 - FOOT + 30:
                self._grid(ys)
                self._canvas.setFont("CN", SIZE)
                self._canvas.drawString(LEFT, 20, f"第{page}页")
                self._canvas.showPage()
                page, ys = page + 1, [595.28 - TOP]
                ys.append(self._row(HEADS, ys[0]))
            ys.append(self._row(row, ys[-1]))
        self._grid(ys)
        self._canvas.save()


def draw_canvas(cells: list[tuple[str, ...]], target: Path) -> None:
    """The same text and rules on a bare canvas."""
    BareCanvas(target).draw(cells)


def write_sheet(cells: list[tuple[str, ...]], target: Path) -> None:
    """The same rows as a sheet, across A4, fitted to its width, with the head repeated."""
    widths = [width or WIDTH - sum(WIDTHS) for width in WIDTHS]
    styles = "".join(
        f'<style:style style:name="c{at}" style:family="table-column"><style:table-column-properties '
        f'style:column-width="{width}pt"/></style:style>' for at, width in enumerate(widths)
    )  # fmt: skip
    columns = "".join(f'<table:table-column table:style-name="c{at}"/>' for at in range(len(widths)))

    def line(row: tuple[str, ...]) -> str:
        texts = "".join(
            f'<table:table-cell table:style-name="w" office:value-type="string"><text:p>{escape(text)}</text:p>'
            "</table:table-cell>" for text in row
        )  # fmt: skip
        return f"<table:table-row>{texts}</table:table-row>"

    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"' for short, long in
        (("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"), ("fo", "xsl-fo-compatible"))
    )  # fmt: skip
    body = "".join(map(line, cells))
    target.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {names} office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:automatic-styles>'
        f'{styles}<style:style style:name="w" style:family="table-cell"><style:table-cell-properties '
        'fo:wrap-option="wrap" fo:border="0.5pt solid #000000"/><style:text-properties fo:font-size="9pt" '
        'style:font-size-asian="9pt"/></style:style><style:page-layout style:name="p"><style:page-layout-properties '
        'fo:page-width="297mm" fo:page-height="210mm" style:print-orientation="landscape" style:scale-to-X="1"/>'
        '</style:page-layout><style:style style:name="t" style:family="table" style:master-page-name="m"/>'
        '</office:automatic-styles><office:master-styles><style:master-page style:name="m" '
        'style:page-layout-name="p"/></office:master-styles><office:body><office:spreadsheet>'
        f'<table:table table:name="登记簿" table:style-name="t">{columns}<table:table-header-rows>{line(HEADS)}'
        f"</table:table-header-rows>{body}</table:table></office:spreadsheet></office:body></office:document>",
        encoding="utf-8",
    )


def main() -> None:
    """`paper_child.py book|canvas|sheet ROWS TARGET`."""
    mode, count, target = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    cells = rows(count)
    draw = {"book": draw_book, "canvas": draw_canvas, "sheet": write_sheet}[mode]
    start = time.perf_counter()
    draw(cells, target)
    sys.stdout.write(json.dumps((time.perf_counter() - start) * 1e3) + "\n")


if __name__ == "__main__":
    main()
