"""Tables that are HTML under the name of .xls, as web systems hand them out."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from db.errors import Refused
from db.exchange import delimited
from db.exchange.book import Book, Cell, Merge, Sheet

_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)
_MOST_SPAN = 1_000
_MOST_SPANNED = 1_000_000  # places that cells of several rows or columns take together


class _Tables(HTMLParser):
    """Gathers the rows of every table, cells that span several places in their first."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[Cell]] = []
        self.merges: list[Merge] = []
        self._taken: set[tuple[int, int]] = set()
        self._text: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A row, a cell or a line break begins."""
        if tag == "tr":
            self._end_cell()
            self.rows.append([])
        elif tag in ("td", "th"):
            self._end_cell()
            if not self.rows:
                self.rows.append([])
            given = dict(attrs)
            self._span = (_number(given.get("rowspan")), _number(given.get("colspan")))
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A cell, a row or the table ends."""
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Text, which counts within a cell."""
        if self._text is not None:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is None:
            return
        at, row = len(self.rows) - 1, self.rows[-1]
        while (at, len(row)) in self._taken:
            row.append(None)
        column, (down, right) = len(row), self._span
        row.append(re.sub(r"[ \t\r]+", " ", "".join(self._text)).strip())
        if down > 1 or right > 1:
            if len(self._taken) + down * right > _MOST_SPANNED:
                raise Refused("表格里合并的单元格大得不正常，没有读；请在表格软件里取消合并再试")
            self.merges.append((at, column, at + down - 1, column + right - 1))
            self._taken.update(
                (at + below, column + beside) for below in range(down) for beside in range(right) if below or beside
            )
        self._text = None


def _number(text: str | None) -> int:
    return max(1, min(int(text), _MOST_SPAN)) if text and re.fullmatch("[0-9]{1,9}", text) else 1


def read_markup(path: Path) -> Book:
    """The tables of an HTML page as one sheet.

    Raises:
        Refused: when there is none, or it is the XML of another program.
    """
    content = path.read_bytes()
    given = _CHARSET.search(content[:4_096])
    try:
        text = content.decode(given[1].decode()) if given else delimited.decode(content)[0]
    except (UnicodeDecodeError, LookupError):
        text = delimited.decode(content)[0]
    sheet = table_of(text, path.stem)
    if not any(map(any, sheet.rows)):
        raise Refused(f"“{path.name}”不是表格文件，没有导入；请在表格软件里打开，另存为 .xlsx 再导入")
    note = f"“{path.name}”其实是网页表格，已按网页读"
    return Book(path.name, (sheet,), (note,))


def table_of(text: str, name: str) -> Sheet:
    """The tables of an HTML text as one sheet; empty when there is none."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    return Sheet(name, parser.rows, tuple(parser.merges))
