"""One Type 0 font per face, where ReportLab's TTFont makes one simple font per 256 characters.

Half as many font switches on a page, and copied text is right beyond the basic plane: TTFont writes five-digit
ToUnicode entries (<2B029>) that no reader understands.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString, PDFZCompress
from reportlab.pdfbase.ttfonts import TTEncoding, TTFNameBytes, TTFont

from desktop.printing.font_tables import TableFace

BLOCK = 100  # entries that PDF allows in one bfchar block


class UsedCharacters(dict[str, str]):
    """The characters of one document in one face: character -> its code as four hex digits, from 1 up by first use."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: list[int] = []  # code points; entry k has the code k + 1
        self.name = ""  # /F1, /F2, …: the font's name on the pages, once it is used

    def __missing__(self, char: str) -> str:
        self.codes.append(ord(char))
        self[char] = code = f"{len(self.codes):04X}"
        return code


class WholeFont(TTFont):
    """A TrueType face that is embedded as one Type 0 font (Identity-H) with the glyphs that the document uses.

    `fontName` is made of the PostScript name and the file's own check sum: ReportLab keeps fonts by both names and
    silently answers with the first one when two files carry the same PostScript name. The caller must not set a
    character that the face lacks (`face.charToGlyph`).
    """

    def __init__(self, path: Path, subfont: int = 0) -> None:
        """Reads `path`, in a collection its face number `subfont`.

        Raises reportlab's TTFError if there is no such file or ReportLab cannot embed it (CFF outlines).
        """
        # TTFont's own constructor would read the file by ReportLab's slower way.
        self.face: Any = TableFace(str(path), subfontIndex=subfont)
        self.encoding, self.state, self._asciiReadable, self.shapable = TTEncoding(), WeakKeyDictionary(), False, False
        self.postscript_name = self.face.name.decode("ascii")
        check_sum = self.face.get_table("head")[8:12].hex().upper()
        self.fontName = f"{self.postscript_name}-{check_sum}"
        self.face.name = TTFNameBytes(self.fontName.encode("ascii"))
        self._documents: WeakKeyDictionary[Any, UsedCharacters] = WeakKeyDictionary()
        self._subsetting = Lock()  # the face has one reading position; documents may be made in several threads

    def used(self, doc: Any) -> UsedCharacters:
        """The characters of `doc` (a PDFDocument) in this face; looking one up adds it."""
        if doc not in self._documents:
            self._documents[doc] = UsedCharacters()
        return self._documents[doc]

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:
        """All of `text` in the only subset, number 0, as ReportLab's own text objects ask for it."""
        return [(0, bytes.fromhex("".join(map(self.used(doc).__getitem__, text))))] if text else []

    def getSubsetInternalName(self, subset: int, doc: Any) -> str:
        """The font's name on the pages of `doc`; asks to be embedded when the document is finished."""
        used = self.used(doc)
        if not used.name:
            used.name = f"/F{len(doc.fontMapping) + 1}"
            doc.fontMapping[self.fontName] = used.name
            doc.delayedFonts.append(self)
        return used.name

    def addObjects(self, doc: Any) -> None:
        """Puts the font and what it refers to into `doc`."""
        used = self.used(doc)
        codes = used.codes
        name = f"{self._tag(codes)}+{self.postscript_name}"
        with self._subsetting:
            descriptor = self.face.addSubsetObjects(doc, name, codes)
        child = PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": PDFName(name),
                "DW": 1000,
                "CIDSystemInfo": PDFDictionary(
                    {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
                ),
                "CIDToGIDMap": doc.Reference(self._glyphs(codes), "glyphs:" + name),
                "FontDescriptor": descriptor,
                "W": PDFArray([1, PDFArray([self.face.getCharWidth(code) for code in codes])]),
            }
        )
        font = PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": PDFName(name),
                "Encoding": "/Identity-H",
                "DescendantFonts": PDFArray([doc.Reference(child, "cid:" + name)]),
                "ToUnicode": doc.Reference(to_unicode(codes), "toUnicode:" + name),
            }
        )
        # by reference: poppler does not find a font that is written in line
        doc.idToObject["BasicFonts"].dict[used.name[1:]] = doc.Reference(font, used.name)
        del self._documents[doc]

    def _tag(self, codes: list[int]) -> str:
        """Six capitals that differ between subsets; from the content, so that equal documents are equal bytes."""
        content = struct.pack(f">{len(codes)}L", *codes) + self.fontName.encode("ascii")
        number = zlib.crc32(content)
        return "".join(chr(65 + number // 26**place % 26) for place in range(6))

    def _glyphs(self, codes: list[int]) -> PDFStream:
        """CIDToGIDMap: makeSubset numbers the glyphs in order of first use, so characters may share one."""
        numbers: dict[int, int] = {0: 0}
        glyphs = [numbers.setdefault(self.face.charToGlyph[code], len(numbers)) for code in codes]
        return packed(struct.pack(f">{len(glyphs) + 1}H", 0, *glyphs))


def to_unicode(codes: list[int]) -> PDFStream:
    """The ToUnicode map of codes 1, 2, … that stand for the code points `codes`."""
    rows = [f"<{at:04X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for at, code in enumerate(codes, 1)]
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return packed("\n".join(lines))


def packed(content: str | bytes) -> PDFStream:
    """A compressed stream."""
    stream = PDFStream(content=content)
    stream.filters = [PDFZCompress]
    return stream
