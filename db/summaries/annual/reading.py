"""The text of a report that somebody wrote: .txt in the encodings of Chinese offices, .docx without any of its risks.

A .docx is a zip of XML from anywhere: sizes are limited before anything is unpacked, and a document that declares
entities is refused, so that none is ever expanded.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.parsers import expat

from db.errors import Refused, reason_of

MOST_BYTES = 20 * 1024 * 1024  # of a file
MOST_XML = 40 * 1024 * 1024  # of its text when unpacked
MOST_CHARACTERS = 500_000
_BODY = "word/document.xml"
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the compound file of Word 97-2003, and of an encrypted .docx
_ENCODINGS = ("utf-8-sig", "gb18030")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main "
_ADVICE = "请用 Word 或 WPS 打开，另存为“Word 文档（.docx）”或“纯文本（.txt）”，再选一次"


def report_text(path: Path) -> str:
    """The text of a report, one paragraph a line.

    Raises:
        Refused: when the file cannot be read, is no text, an old .doc, damaged, or too large; the sentence says which
            and what to do.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"打不开“{path.name}”（{reason_of(error)}）；请检查文件是否还在、有没有权限") from error
    if len(content) > MOST_BYTES:
        raise Refused(f"“{path.name}”超过{MOST_BYTES // 1024 // 1024}MB，不像一份报告；请只留正文再选一次")
    if content.startswith(_OLD_WORD):
        what = "是旧格式的 Word 文件（.doc）" if path.suffix.lower() != ".docx" else "设了密码，或其实是旧格式的 .doc"
        raise Refused(f"“{path.name}”{what}，读不出文字；{_ADVICE}")
    if content.startswith(b"PK"):
        return _limited(_docx(content, path.name), path.name)
    if path.suffix.lower() in {".docx", ".doc", ".wps"}:
        raise Refused(f"“{path.name}”已损坏，或不是 Word 文件；{_ADVICE}")
    if content.startswith((b"%PDF", b"{\\rtf")):
        raise Refused(f"“{path.name}”不是文本也不是 .docx；{_ADVICE}")
    return _limited(_decoded(content, path.name), path.name)


def _limited(text: str, name: str) -> str:
    if not text.strip():
        raise Refused(f"“{name}”里没有文字（可能全是图片）；请换一份，或把正文粘贴进来")
    if len(text) > MOST_CHARACTERS:
        raise Refused(f"“{name}”有{len(text)}字，不像一份报告；请只留正文再选一次")
    return text


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Refused(f"“{name}”不是文本文件；{_ADVICE}")


def _docx(content: bytes, name: str) -> str:
    damaged = f"“{name}”已损坏，读不出文字；{_ADVICE}"
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            entry = package.getinfo(_BODY)
            if entry.file_size > MOST_XML:
                raise Refused(f"“{name}”解开后太大，不像一份报告；请只留正文再选一次")
            with package.open(entry) as body:
                xml = body.read(MOST_XML + 1)
    except KeyError as error:
        raise Refused(f"“{name}”是压缩文件，但不是 Word 文档；{_ADVICE}") from error
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise Refused(damaged) from error  # RuntimeError: a password, or a compression that Python does not know
    if len(xml) > MOST_XML:
        raise Refused(f"“{name}”解开后太大，不像一份报告；请只留正文再选一次")
    try:
        return _Body().text(xml)
    except expat.ExpatError as error:
        raise Refused(damaged) from error


class _Body:
    """The paragraphs of word/document.xml; cells of a table row stand in one line, parted by tabs."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._cells: list[list[str]] = []
        self._is_text, self._hidden = False, 0

    def text(self, xml: bytes) -> str:
        """The text. Raises ExpatError for XML that is not well formed, Refused for one with entities of its own."""
        parser: Any = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = parser.StartDoctypeDeclHandler = self._refuse
        parser.Parse(xml, True)
        return "\n".join(self._lines)

    def _refuse(self, *_declared: object) -> None:
        raise Refused("这份 Word 文档里带有自定义实体，可能不安全，没有打开；请另存为纯文本（.txt）再选一次")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        tag = _tag(name)
        if tag == "t":
            self._is_text = True
        elif tag in ("tab", "br", "cr"):
            self._line.append("\t" if tag == "tab" else "\n")
        elif tag in ("del", "moveFrom", "Fallback"):  # what was struck out, and what stands there twice
            self._hidden += 1
        elif tag == "tr":
            self._cells.append([])

    def _end(self, name: str) -> None:
        tag = _tag(name)
        if tag == "t":
            self._is_text = False
        elif tag in ("del", "moveFrom", "Fallback"):
            self._hidden -= 1
        elif tag == "p":
            line = "".join(self._line).strip("\n")
            self._line.clear()
            (self._cells[-1] if self._cells else self._lines).append(line)
        elif tag == "tr":
            row = self._cells.pop()
            (self._cells[-1] if self._cells else self._lines).append("\t".join(filter(None, row)))

    def _characters(self, text: str) -> None:
        if self._is_text and not self._hidden:
            self._line.append(text)


def _tag(name: str) -> str:
    """The tag of WordprocessingML without its name space; other tags under their whole name."""
    if name.endswith(" Fallback"):
        return "Fallback"
    return name.removeprefix(_W).removeprefix(_STRICT)
