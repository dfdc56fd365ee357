"""A workbook of .xlsx: XlsxWriter makes its shell (styles, widths, print titles), the cells are streamed into it here.

Written cell by cell XlsxWriter takes ten times as long. Texts are inline strings (ECMA-376 part 1, 18.4.6), so that
nothing is held in memory; they are texts whatever they begin with, and stay so when a clerk edits the cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from db.exchange.columns import NO, YES, SheetColumn
from db.exchange.sheets import Marked, Sheet, Steps, Values, widths

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LONGEST = 32_767  # UTF-16 units that a cell holds (Excel's limit)
_EPOCH = date(1899, 12, 30).toordinal()
_FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a day that there never was
_REMEMBERED = 20_000  # different values of a column whose cells are kept
_SMALL = 300_000  # rows up to which a sheet surely stays below 2 GB, so that no ZIP64 is needed
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@"},
    "wide": {"num_format": "@", "text_wrap": True},
    "paragraph": {"text_wrap": True},
    "quoted": {"num_format": "@", "text_wrap": True, "quote_prefix": True},
    "marked": {"num_format": "@", "text_wrap": True, "quote_prefix": True, "bg_color": "#FBE3E0"},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},  # at the right it would touch the text of the next column
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "center"},
    "number": {"num_format": "0"},
    "decimal": {},
}
_HEAD = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#EAE8E1", "bottom": 1}
_MUST = {**_HEAD, "font_color": "#B42318"}
_WIDE = 24.0  # half-width characters from which a column of text breaks its lines
_PAGE = 240.0  # half-width characters on a landscape page that can still be read
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_MARKED = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_DATA = re.compile(r'<dimension ref="[^"]*"/>')
_STYLES = re.compile(r'<c r="[A-Z]+2"(?: s="(\d+)")?')

Decorate = Callable[["Workbook", "Worksheet", Sheet], None]


def write(
    target: Path, sheets: Sequence[Sheet], office: str, steps: Steps, decorate: Decorate | None = None
) -> list[str]:
    """Write a workbook; give back a sentence for each text that was too long for a cell.

    `decorate` may add to the shell of a sheet (the drop-downs of a template).

    Raises:
        OSError: when it cannot be written.
        Cancelled: when the steps say so.
    """
    shell, notes = _shell(sheets, office, decorate), list[str]()
    with zipfile.ZipFile(shell) as parts, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name in parts.namelist():
            found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
            sheet = sheets[int(found[1]) - 1] if found and int(found[1]) <= len(sheets) else None
            if sheet is None or not sheet.count:
                made.writestr(name, parts.read(name))
                continue
            with made.open(name, "w", force_zip64=sheet.count > _SMALL) as file:
                _write_sheet(file, parts.read(name).decode(), sheet, steps, notes)
    return notes


def _shell(sheets: Sequence[Sheet], office: str, decorate: Decorate | None) -> io.BytesIO:
    """A workbook with headings and one row of blank cells under them, which shows the number of each style."""
    import xlsxwriter  # 40 ms, needed by no start

    shell = io.BytesIO()
    book = xlsxwriter.Workbook(shell, {"in_memory": True})
    book.set_properties({"author": office, "company": office})
    formats = {name: book.add_format({"valign": "vcenter", **wanted}) for name, wanted in _FORMATS.items()}
    head, must = book.add_format(_HEAD), book.add_format(_MUST)
    for sheet in sheets:
        page = book.add_worksheet(sheet.title)
        for at, column in enumerate(sheet.columns):
            page.write_string(0, at, column.label, must if column.name in sheet.required else head)
        _lay_out(page, sheet, formats)
        if sheet.count:
            for at, style in enumerate(_FORMATS):
                page.write_blank(1, at, None, formats[style])
        if decorate:
            decorate(book, page, sheet)
    book.close()
    return shell


def _lay_out(page: Worksheet, sheet: Sheet, formats: dict[str, Format]) -> None:
    """Column widths and formats, the heading that stays, filter, and pages that print it on each of them."""
    whole = 0.0
    for at, (column, width) in enumerate(zip(sheet.columns, widths(sheet), strict=True)):
        whole += width
        hidden = {"hidden": True} if column.name.endswith("uuid") else {}
        page.set_column(at, at, width, formats[style_of(column, width)], hidden)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(sheet.count, 1), len(sheet.columns) - 1)
    page.repeat_rows(0)
    page.hide_gridlines(0)  # they are printed: a ledger on paper has its lines
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(max(1, round(whole / _PAGE)), 0)  # the columns of a whole record would be too small on one
    page.repeat_columns("A:A")
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.set_footer("&L&A&R第 &P 页 / 共 &N 页")


def style_of(column: SheetColumn, width: float) -> str:
    """The name of the format of a column."""
    if column.kind == "flag" or column.words:
        return "text"
    return "wide" if column.kind == "text" and width >= _WIDE else column.kind


def _write_sheet(file: IO[bytes], xml: str, sheet: Sheet, steps: Steps, notes: list[str]) -> None:
    start, end = xml.index('<row r="2"'), xml.index("</sheetData>")
    numbers = [int(number or 0) for number in _STYLES.findall(xml, start, end)]
    styles = dict(zip(_FORMATS, numbers, strict=True))
    names = [letters(at) for at in range(len(sheet.columns))]
    whole = f'<dimension ref="A1:{names[-1]}{sheet.count + 1}"/>'
    file.write(_DATA.sub(whole, xml[:start], count=1).encode())
    cells = [
        _Cells(column, styles, style_of(column, width))
        for column, width in zip(sheet.columns, widths(sheet), strict=True)
    ]
    row = 1
    for rows in sheet.rows():
        steps.step(len(rows))
        file.write("".join(_xml_of(rows, row, list(zip(names, cells, strict=True)))).encode())
        for at, made in enumerate(cells):
            notes += [_too_long(sheet, row, rows, at, text) for text in made.cut]
            made.cut.clear()
            if len(made) > _REMEMBERED:
                made.clear()
        row += len(rows)
    file.write(xml[end:].encode())


def _xml_of(rows: Sequence[Values], row: int, columns: list[tuple[str, _Cells]]) -> Iterator[str]:
    for values in rows:
        row += 1
        yield f'<row r="{row}">'
        for (letter, cells), value in zip(columns, values, strict=True):
            if value is not None and value != "":
                yield f'<c r="{letter}{row}"{cells[value]}'
        yield "</row>"


class _Cells(dict[Any, str]):
    """Value -> what follows the reference in a cell's XML; made once for equal values of a column.

    `cut` are the texts that were too long since it was emptied.
    """

    def __init__(self, column: SheetColumn, styles: dict[str, int], style: str) -> None:
        super().__init__()
        self.cut: list[str] = []
        self._words = dict(column.words)
        self._style, self._quoted, self._marked = f' s="{styles[style]}"', styles["quoted"], styles["marked"]
        made: dict[str, Callable[[Any], str]] = {
            "date": self._date, "moment": self._moment, "number": self._number, "decimal": self._number,
            "flag": self._flag,
        }  # fmt: skip
        self._make = made.get(column.kind, self._text)

    def __missing__(self, value: Any) -> str:
        made = self._make(value)
        if len(made) < LONGEST:
            self[value] = made
        return made

    def _text(self, value: Any) -> str:
        if isinstance(value, Marked):
            content = f' t="inlineStr"><is>{self._inline(value.text)}</is></c>' if value.text else "/>"
            return f' s="{self._marked}"{content}'
        text = self._words.get(value, value) if self._words else value
        text = text if isinstance(text, str) else str(text)
        style = f' s="{self._quoted}"' if text.startswith(_FORMULA) else self._style
        return f'{style} t="inlineStr"><is>{self._inline(text)}</is></c>'

    def _inline(self, text: str) -> str:
        """A text as XML; what Excel cannot hold is cut and told, control characters are written as it writes them."""
        if len(text) > LONGEST // 2:
            units = text.encode("utf-16-le")
            if len(units) > 2 * LONGEST:
                self.cut.append(text)
                text = units[: 2 * LONGEST].decode("utf-16-le", "ignore")
        keep = "" if text == text.strip() else ' xml:space="preserve"'
        return f"<t{keep}>{_MARKED.sub(_written, text) if _MARKED.search(text) else text}</t>"

    def _date(self, value: str) -> str:
        day = date.fromisoformat(value)
        return self._serial(str(day.toordinal() - _EPOCH)) if day >= _FIRST_DAY else self._text(value)

    def _moment(self, value: str) -> str:
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return self._text(value)
        if at.date() < _FIRST_DAY:
            return self._text(value)
        share = (at.hour * 3600 + at.minute * 60 + at.second) / 86400
        return self._serial(repr(at.toordinal() - _EPOCH + share))

    def _number(self, value: float | str) -> str:
        return self._text(value) if isinstance(value, str) else self._serial(repr(value))

    def _serial(self, number: str) -> str:
        return f"{self._style}><v>{number}</v></c>"

    def _flag(self, value: Any) -> str:
        return self._text(YES if value else NO)


def _written(found: re.Match[str]) -> str:
    """A character that XML does not hold, or what would be read as one, as office programs write it: _x000B_."""
    text = found[0]
    if text in _ENTITIES:
        return _ENTITIES[text]
    return f"_x{ord(text):04X}_" if len(text) == 1 else f"_x005F{text}"


def _too_long(sheet: Sheet, row: int, rows: Sequence[Values], at: int, text: str) -> str:
    place = next(row + 1 + n for n, values in enumerate(rows) if values[at] == text)
    return (
        f"“{sheet.title}”第{place}行“{sheet.columns[at].label}”有{len(text):,}字，单元格最多{LONGEST:,}字，"
        "只写了前面的；要全文请导出成 CSV"
    )


def letters(at: int) -> str:
    """The letters of a column counted from 0: A to Z, AA and so on."""
    found = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        found = chr(65 + rest) + found
    return found
