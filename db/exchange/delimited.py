"""Sheets as text: .csv and .txt files of Excel and WPS, and blocks of cells copied from them."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator

from db.errors import Refused
from db.exchange.book import Cell, Sheet
from db.exchange.guarding import APOSTROPHE, unguarded
from db.exchange.packages import MOST_CELLS, MOST_COLUMNS

MOST_CELL = 1_000_000  # characters of one cell; a quotation mark without its partner would swallow the file
_MARKS = "\t,;，|"
_SAMPLE = 20  # lines that tell by which mark the cells are parted


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file, and the name of its encoding: UTF-16 with a mark in front, UTF-8, or GB18030.

    Raises:
        Refused: when it is none of them; where lines are written in different encodings, the first odd one is named.
    """
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return _decoded(content, encoding), "UTF-16"
    if content.count(b"\0") > len(content) // 8:  # UTF-16 without its mark: every other byte of ASCII is zero
        return _decoded(content, "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"), "UTF-16"
    for encoding, name in (("utf-8-sig", "UTF-8"), ("gb18030", "GB18030")):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030":
            _refuse_mixed(content)
        return text, name
    _refuse_mixed(content)
    raise Refused("这个文件不是文字表格，也可能已损坏；请在表格软件里打开，另存为 .xlsx 再导入")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Refused("文件的文字编码不完整，可能没有下载完；请在表格软件里打开，另存为 .xlsx 再导入") from None


def _refuse_mixed(content: bytes) -> None:
    """Refuse a file whose lines with Chinese are partly UTF-8 and partly GB18030: one of them would come out wrong."""
    seen: dict[str, int] = {}
    for at, line in enumerate(content.splitlines(), 1):
        if line.isascii():
            continue
        encoding = _encoding_of(line)
        seen.setdefault(encoding, at)
        if encoding == "":
            raise Refused(f"第{at}行有认不出的文字编码，没有导入；请在表格软件里打开检查这一行，另存为 .xlsx 再导入")
        if len(seen) > 1:
            raise Refused(
                f"文件里混用两种文字编码：第{at}行与前面的不同，没有导入；请在表格软件里改好这一行，另存再导入"
            )


def _encoding_of(line: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return ""


def sheet_of(text: str, name: str, most_rows: int) -> Sheet:
    """The sheet that a text of parted cells is; comma, tab, semicolon or the clerk's ，, whichever parts most.

    Raises:
        Refused: with too many rows or columns, or a quotation mark that is never closed.
    """
    if text.count(_mark_of(text)) > MOST_CELLS:
        raise Refused(f"“{name}”的格子太多，不像台账，没有导入；请删去多余的列再导入")
    if text.count('"') % 2:  # one without its partner swallows all that follows
        line = next(at for at, line in enumerate(text.split("\n"), 1) if line.count('"') % 2)
        raise Refused(f"第{line}行的引号没有成对，没有导入；请在表格软件里打开改好，另存为 .xlsx 再导入")
    rows: list[list[Cell]] = []
    for row in _rows(text):
        rows.append([unguarded(cell) if cell.startswith(APOSTROPHE) else cell for cell in row])
        if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
            raise Refused(f"“{name}”用到第{len(row):,}列，没有导入；台账最多{MOST_COLUMNS:,}列，请删去多余的列再导入")
        if len(rows) > most_rows:
            raise Refused(f"“{name}”超过{most_rows:,}行，没有导入；请分成几个文件")
    return Sheet(name, rows)


def _rows(text: str) -> Iterator[list[str]]:
    mark = _mark_of(text)
    limit = csv.field_size_limit(MOST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=False)
    try:
        yield from reader
    except csv.Error:
        raise Refused(
            f"第{reader.line_num}行的引号没有成对，没有导入；请在表格软件里打开改好，另存为 .xlsx 再导入"
        ) from None
    finally:
        csv.field_size_limit(limit)


def _mark_of(text: str) -> str:
    """The mark that parts the cells: the one that the most of the first lines agree on."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:_SAMPLE]
    return max(_MARKS, key=lambda mark: _agreement(line.count(mark) for line in lines))


def _agreement(counts: Iterable[int]) -> tuple[int, int]:
    found = list(counts)
    return sum(count > 0 for count in found), sum(found)
