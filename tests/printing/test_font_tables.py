"""The tables of a face are read as ReportLab reads them, at once."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfbase.ttfonts import TTFontFace

from desktop.printing.faces import BUNDLED, BUNDLED_FILES
from desktop.printing.font_tables import TableFace, _of_segments

FILES = sorted(BUNDLED / name for name in BUNDLED_FILES.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bundled_face_is_read_as_reportlab_reads_it(path: Path) -> None:
    face: Any = TableFace(str(path))
    theirs: Any = TTFontFace(str(path))
    assert len(face.charToGlyph) > 6_000
    for name in ("charToGlyph", "charWidths", "defaultWidth", "hmetrics", "glyphPos", "ascent", "bbox", "flags"):
        assert getattr(face, name) == getattr(theirs, name), name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_older_format_of_a_character_map_tells_the_same_glyphs(path: Path) -> None:
    face: Any = TableFace(str(path))
    table = face.get_table("cmap")
    (count,) = struct.unpack(">H", table[2:4])
    places = [struct.unpack(">L", table[at + 8 : at + 12])[0] for at in range(0, 8 * count, 8)]
    older = next(place for place in places if table[place : place + 2] == b"\0\4")
    found = {char: glyph for char, glyph in _of_segments(table[older:]) if glyph}
    whole = {char: glyph for char, glyph in face.charToGlyph.items() if glyph and char < 0xFFFF and char != 0xA0}
    assert {char: glyph for char, glyph in found.items() if char != 0xA0} == whole


def test_a_character_map_of_a_rare_format_is_left_to_reportlab(tmp_path: Path) -> None:
    whole = bytearray(FILES[0].read_bytes())
    face: Any = TableFace(str(FILES[0]))
    start, _length = face.get_table_pos("cmap")
    (count,) = struct.unpack(">H", whole[start + 2 : start + 4])
    small = struct.pack(">HHHHH", 6, 12, 0, 0x56FD, 1) + struct.pack(">H", 7)  # format 6: one character
    (last,) = struct.unpack(">L", whole[start + 4 + 8 * (count - 1) + 4 : start + 12 + 8 * (count - 1)])
    whole[start + last : start + last + len(small)] = small
    path = tmp_path / "rare.ttf"
    path.write_bytes(whole)
    read: Any = TableFace(str(path))
    theirs: Any = TTFontFace(str(path))
    assert read.charToGlyph == theirs.charToGlyph
    assert len(read.charToGlyph) < 10
