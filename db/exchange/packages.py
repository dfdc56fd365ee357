"""What a workbook's package (a zip file) holds, looked at before it is unpacked: size, extent, formulas, password.

The reader of sheets is fast and trusts the file: one value in the last corner of a sheet makes it ask for terabytes,
and a formula without a value reads as an empty cell. Both are seen here first.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from db.errors import Refused

MOST_UNPACKED = 1 << 30  # bytes
MOST_RATIO, FREE = 150, 100 << 20  # what is packed tighter than that is refused beyond so many bytes
MOST_PARTS = 20_000
MOST_COLUMNS, MOST_CELLS = 1_000, 40_000_000

# No pattern may look at one byte again and again: `[^<>]` ends at the next tag, `(?>` and `+` do not go back.
_FORMULA = re.compile(
    rb"<c\b([^<>]*+)>\s*+<f\b(?:[^<>]*+(?<=/)>|[^<>]*+>[^<]*+</f>)\s*+(?:<v\s*+/>|<v>\s*+</v>)?\s*+</c>"
)
_ERROR = re.compile(rb"<c\b([^<>]*+)>\s*+(?:<f\b(?:[^<>]*+(?<=/)>|[^<>]*+>[^<]*+</f>)\s*+)?<v>(#[^<]*+)</v>")
_IS_ERROR = re.compile(rb'\bt="e"')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_FILLED = re.compile(rb'<c\b(?>[^<>]*?\br="([A-Z]{1,9})[0-9]{1,9}")[^<>]*+(?<!/)>')
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^<>]*+>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^<>]*+>")
_HIDDEN_ROW = re.compile(rb'<row\b(?>[^<>]*?\bhidden="(?:1|true)")[^<>]*+>')
_ODS_REPEATED = re.compile(rb'number-(rows|columns)-repeated="([0-9]{1,18})"(?>[^<>]*?office:value)')


@dataclass(frozen=True)
class Hole:
    """A cell whose value the file does not tell: row and column from 0, what stands there, why it cannot be read."""

    row: int
    column: int
    text: str
    reason: str


class Package:
    """A workbook as a zip file, checked on opening.

    Raises:
        Refused: when it is damaged, locked by a password, or would unpack to more than a ledger ever is.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            parts = self._zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise _damaged() from None
        self.names = {part.filename for part in parts}
        packed, unpacked = sum(part.compress_size for part in parts), sum(part.file_size for part in parts)
        if any(part.flag_bits & 1 for part in parts):
            raise locked()
        is_tight = unpacked > FREE and unpacked > packed * MOST_RATIO
        if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or is_tight:
            raise Refused(
                f"这个文件解开有{unpacked >> 20:,}MB，不像正常的台账，没有导入；"
                "请在表格软件里删去空白行和图片，另存再导入"
            )

    def part(self, name: str) -> bytes:
        """One part of the package; empty when there is none.

        Raises:
            Refused: when it is damaged.
        """
        if name not in self.names:
            return b""
        try:
            return self._zip.read(name)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError):
            raise _damaged() from None

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    @property
    def has_macros(self) -> bool:
        """Whether it carries macros, which nobody here runs."""
        return any(name.lower().endswith("vbaproject.bin") for name in self.names)

    @property
    def has_external_links(self) -> bool:
        """Whether it takes values from other files; the values that were last worked out stand in it."""
        return any(name.startswith("xl/externalLinks/") for name in self.names)

    @property
    def is_1904(self) -> bool:
        """Whether its days are counted from 1904."""
        return re.search(rb'date1904="(?:1|true)"', self.part("xl/workbook.xml")) is not None

    @property
    def is_locked(self) -> bool:
        """Whether an .ods is encrypted."""
        return b"manifest:encryption-data" in self.part("META-INF/manifest.xml")

    def sheet_parts(self) -> dict[str, str]:
        """The name of each sheet of an .xlsx and the part that holds it."""
        targets: dict[str, str] = {}
        for found in _RELATION.findall(self.part("xl/_rels/workbook.xml.rels")):
            key, target = _attribute(found, b"Id"), _attribute(found, b"Target")
            targets[key] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        sheets = _SHEET.findall(self.part("xl/workbook.xml"))
        return {_attribute(sheet, b"name"): targets.get(_attribute(sheet, b"r:id"), "") for sheet in sheets}

    def holes(self, name: str, part: str) -> list[Hole]:
        """The cells of a sheet whose value the file does not tell.

        Raises:
            Refused: when a value stands so far out that the sheet cannot be read.
        """
        xml = self.part(part)
        _check_extent(name, xml)
        found = [
            Hole(*place, "#公式", "公式没有算出的值；请在表格软件里打开算好，保存后再导入")
            for attributes in (_FORMULA.findall(xml) if b"<f" in xml else ())
            if (place := _place(attributes))
        ]
        for attributes, text in _ERROR.findall(xml) if b't="e"' in xml else ():
            if _IS_ERROR.search(attributes) and (place := _place(attributes)):
                shown = text.decode(errors="replace")
                found.append(Hole(*place, shown, f"表格里是错误值{shown}；请改好再导入"))
        return found

    def hidden_rows(self, part: str) -> int:
        """How many rows of a sheet with something in them are hidden, or filtered out."""
        xml = self.part(part)
        return sum(not found.endswith(b"/>") for found in _HIDDEN_ROW.findall(xml)) if b'hidden="' in xml else 0

    def check_ods(self) -> None:
        """Refuse an .ods in which a value is repeated more often than a sheet has room."""
        for _which, times in _ODS_REPEATED.findall(self.part("content.xml")):
            if int(times) > MOST_COLUMNS:
                raise Refused("表格里有一个值重复了几千格，不像正常的台账，没有导入；请在表格软件里删去再导入")


def locked() -> Refused:
    """That the file cannot be opened without its password."""
    return Refused("文件设了打开密码，没有导入；请在表格软件里打开，去掉密码后另存再导入")


def _damaged() -> Refused:
    return Refused("文件已损坏或没有下载完，没有导入；请在表格软件里试着打开，另存为 .xlsx 再导入")


def _attribute(tag: bytes, name: bytes) -> str:
    from html import unescape

    found = re.search(rb"\s" + name + rb'="([^"]*)"', tag)
    return unescape(found[1].decode("utf-8", "replace")) if found else ""


def _place(attributes: bytes) -> tuple[int, int] | None:
    found = _PLACE.search(attributes)
    return (int(found[2]) - 1, column_number(found[1].decode())) if found else None


def column_number(letters: str) -> int:
    """A -> 0, Z -> 25, AA -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def check_width(name: str, columns: int) -> None:
    """Refuse a sheet with more columns than a ledger has."""
    if columns > MOST_COLUMNS:
        raise Refused(f"工作表“{name}”用到第{columns:,}列，没有导入；台账最多{MOST_COLUMNS:,}列，请删去多余的列再导入")


def _check_extent(name: str, xml: bytes) -> None:
    """Refuse a sheet with a value far out: the reader makes room for everything between."""
    columns = max((column_number(letters.decode()) for letters in set(_FILLED.findall(xml))), default=0) + 1
    check_width(name, columns)
    last = max(xml.rfind(b"<v>"), xml.rfind(b"<is>"), xml.rfind(b"<t>"))
    row = re.search(rb'"([0-9]{1,9})"=r (?:[^<>]{0,400}\s)?wor<', xml[last::-1]) if last >= 0 else None
    rows = int(row[1][::-1]) if row else 0
    if rows * columns > MOST_CELLS:
        raise Refused(f"工作表“{name}”用到第{rows:,}行、{columns:,}列，没有导入；请删去最下面、最右边多余的内容再导入")
