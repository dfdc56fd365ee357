"""Reads a file of sheets, whatever program wrote it; what cannot be read is refused in plain words.

Macros are never run, links to other files never followed: what is read are the values that stand in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from glob import escape
from pathlib import Path
from typing import Any

from db.errors import Refused
from db.exchange import delimited, packages
from db.exchange.book import Book, Cell, Sheet, Unreadable
from db.exchange.columns import LINE_MARK

MOST_BYTES = 300 << 20
MOST_ROWS = 400_000  # filled rows of one sheet
_MOST_BESIDE = 30  # files of lines beside a .csv
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
)


def read(path: Path) -> Book:
    """The sheets of an .xlsx, .xlsm, .xls, .ods, .csv or .txt file; the content decides, not the ending.

    Raises:
        Refused: when it cannot be read, with the reason: locked by a password, damaged, too large, no table.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4_096)
    except OSError as error:
        raise Refused(_unopened(path, error)) from error
    if not size:
        raise Refused(f"“{path.name}”是空文件，没有导入")
    if size > MOST_BYTES:
        raise Refused(f"“{path.name}”有{size >> 20:,}MB，最多{MOST_BYTES >> 20:,}MB，没有导入；请分成几个文件")
    if head.startswith(_ZIP):
        return _packaged(path)
    if head.startswith(_OLE):
        return _binary(path)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        from db.exchange.markup import read_markup

        return read_markup(path)
    for mark, kind in _OTHERS:
        if head.startswith(mark):
            raise Refused(f"“{path.name}”是{kind}，不是表格，没有导入")
    return _text(path)


def _unopened(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"找不到文件“{path.name}”，没有导入"
    if isinstance(error, IsADirectoryError):
        return f"“{path.name}”是文件夹，不是表格，没有导入"
    return f"打不开“{path.name}”，没有导入：可能正在 WPS 或 Excel 里打开；请先关掉它，或另存一份再导入"


def _locked_notes(path: Path) -> tuple[str, ...]:
    """That somebody has the file open: the office programs leave a mark beside it."""
    marks = (f"~${path.name}", f".~{path.name}", f".~lock.{path.name}#", f"~${path.name[2:]}")
    if any((path.parent / mark).exists() for mark in marks):
        return (f"“{path.name}”正在表格软件里打开；读的是上次保存的内容，没有保存的改动不在其中",)
    return ()


def _text(path: Path) -> Book:
    text, encoding = delimited.decode(path.read_bytes())
    sheet = delimited.sheet_of(text, path.stem, MOST_ROWS)
    notes = (
        (f"“{path.name}”其实是文字表格（{encoding}），已按文字读",) if path.suffix.lower() in (".xls", ".xlsx") else ()
    )
    return Book(path.name, (sheet, *_lines_beside(path)), (*_locked_notes(path), *notes))


def _lines_beside(path: Path) -> Iterator[Sheet]:
    """The lines that an export to .csv has written into files of their own: 收文-领导批示.csv beside 收文.csv.

    They are hidden, so that none of them is taken for a ledger.
    """
    for other in sorted(path.parent.glob(f"{escape(path.stem)}-*{escape(path.suffix)}"))[:_MOST_BESIDE]:
        with suppress(Refused, OSError):
            if other.stat().st_size <= MOST_BYTES:
                name = f"{LINE_MARK}{other.stem.removeprefix(f'{path.stem}-')}"
                yield replace(
                    delimited.sheet_of(delimited.decode(other.read_bytes())[0], name, MOST_ROWS), is_hidden=True
                )


def _packaged(path: Path) -> Book:
    package = packages.Package(path)
    try:
        if "content.xml" in package.names and "xl/workbook.xml" not in package.names:
            if package.is_locked:
                raise packages.locked()
            package.check_ods()
            return _sheets(path, _locked_notes(path))
        if not any(name.startswith("xl/workbook.") for name in package.names):
            kind = "文字文档" if "word/document.xml" in package.names else "压缩包"
            raise Refused(f"“{path.name}”是{kind}，不是表格，没有导入；请另存为 .xlsx 再导入")
        notes = [*_locked_notes(path)]
        if package.has_macros:
            notes.append("文件带有宏；程序只读表格里的内容，不运行宏")
        if package.has_external_links:
            notes.append("有的单元格取自别的文件；读的是上次算好的值")
        parts = package.sheet_parts()
        holes = {name: package.holes(name, part) for name, part in parts.items()}
        hidden = ((name, package.hidden_rows(part)) for name, part in parts.items())
        notes += [f"工作表“{name}”有 {rows:,} 行隐藏着（或被筛选掉），也一起读了" for name, rows in hidden if rows]
        return _sheets(path, tuple(notes), holes, package.is_1904)
    finally:
        package.close()


def _binary(path: Path) -> Book:
    content = path.read_bytes()
    if _ENCRYPTED in content:
        raise packages.locked()
    return _sheets(path, _locked_notes(path))


def _sheets(
    path: Path, notes: tuple[str, ...], holes: dict[str, list[packages.Hole]] | None = None, is_1904: bool = False
) -> Book:
    import python_calamine as calamine

    from db.exchange.trial import try_reading

    try_reading(path)
    try:
        book = calamine.load_workbook(path)
        found = [_sheet(book, meta, (holes or {}).get(meta.name, [])) for meta in _worksheets(book)]
    except calamine.PasswordError:
        raise packages.locked() from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Refused(
            "文件已损坏、没有下载完，或不是表格，没有导入；请在表格软件里试着打开，另存为 .xlsx 再导入"
        ) from error
    if not found:
        raise Refused(f"“{path.name}”里没有工作表，没有导入")
    return Book(path.name, tuple(found), notes, is_1904)


def _worksheets(book: Any) -> Iterator[Any]:
    import python_calamine as calamine

    for meta in book.sheets_metadata:
        if meta.typ == calamine.SheetTypeEnum.WorkSheet:
            yield meta


def _sheet(book: Any, meta: Any, holes: list[packages.Hole]) -> Sheet:
    import python_calamine as calamine

    sheet = book.get_sheet_by_name(meta.name)
    packages.check_width(meta.name, (sheet.end or (0, 0))[1] + 1)
    rows: list[list[Cell]] = []
    before: list[Cell] = [None] * (sheet.start[1] if sheet.start else 0)  # the reader leaves empty columns in front out
    for row in sheet.iter_rows():
        rows.append([*before, *row] if before else row)
        if len(rows) > MOST_ROWS:
            raise Refused(f"工作表“{meta.name}”超过{MOST_ROWS:,}行，没有导入；请分成几个文件")
    for hole in holes:
        _fill(rows, hole)
    merges = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
    return Sheet(meta.name, rows, merges, meta.visible != calamine.SheetVisibleEnum.Visible)


def _fill(rows: list[list[Cell]], hole: packages.Hole) -> None:
    while len(rows) <= hole.row:
        rows.append([])
    row = rows[hole.row]
    row.extend([None] * (hole.column + 1 - len(row)))
    row[hole.column] = Unreadable(hole.text, hole.reason)
