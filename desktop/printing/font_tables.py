"""Reads the tables of a TrueType file whole, where ReportLab reads them two bytes at a time.

A Chinese face has 30,000 characters: ReportLab takes some 60 ms for each face, which is most of what the first page of
a preview waits for.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any

from reportlab.pdfbase.ttfonts import TTFontFace

_SEGMENTS, _GROUPS = 4, 12  # formats of a character map (OpenType specification, cmap)
_SPACE, _NO_BREAK_SPACE = 0x20, 0xA0


class TableFace(TTFontFace):
    """A face as `TTFontFace` reads it, but for `glyphToChar`, which only text shaping asks for and this leaves out.

    A character map of a rare format is left to ReportLab.
    """

    def extractInfo(self, charInfo: int = 1) -> None:
        """Read what the face says of itself and of its characters; raises what `TTFontFace` raises."""
        super().extractInfo(charInfo=0)
        if not charInfo:
            return
        glyphs = self._character_map()
        if glyphs is None:
            super().extractInfo(charInfo=1)
            return
        head, hhea = self.get_table("head"), self.get_table("hhea")
        (wide,) = struct.unpack(">H", hhea[34:36])
        count: int = self.numGlyphs
        metrics = _shorts(self.get_table("hmtx")[: 2 * (wide + count)])
        widths = metrics[0 : 2 * wide : 2]
        bearings = metrics[1 : 2 * wide : 2] + metrics[2 * wide :]
        # the last width stands for all glyphs that have none; ReportLab scales it as it comes to it
        scale: Any = self.__dict__["_pdfScale"]
        scaled = [scale(width) for width in widths]
        last = repeat(scaled[-1], count - wide)
        self.hmetrics = list(zip(chain(widths, last), bearings, strict=True))
        self.defaultWidth = scaled[0]
        scaled.extend(repeat(scaled[-1], count - wide))
        self.charToGlyph = glyphs
        self.charWidths = {char: scaled[glyph] for char, glyph in glyphs.items() if glyph < count}
        (is_long,) = struct.unpack(">H", head[50:52])
        places = self.get_table("loca")
        self.glyphPos = (
            list(struct.unpack(f">{count + 1}L", places[: 4 * (count + 1)]))
            if is_long
            else [2 * place for place in _shorts(places[: 2 * (count + 1)])]
        )
        for char, other in ((_SPACE, _NO_BREAK_SPACE), (_NO_BREAK_SPACE, _SPACE)):
            if char in glyphs:
                glyphs[other], self.charWidths[other] = glyphs[char], self.charWidths[char]
                break

    def _character_map(self) -> dict[int, int] | None:
        """Code point -> glyph, of the map that ReportLab would take; None for a format that is left to it."""
        table = self.get_table("cmap")
        (count,) = struct.unpack(">H", table[2:4])
        chosen, is_unicode = 0, False
        for place in range(4, 4 + 8 * count, 8):
            platform, encoding, offset = struct.unpack(">HHL", table[place : place + 8])
            if platform == 3 or (platform, encoding) == (1, 1) or (platform == 0 and encoding != 5):
                chosen, is_unicode = offset, True
            elif (platform, encoding) == (1, 0) and not is_unicode:
                chosen = offset
        if not chosen:
            return None
        (kind,) = struct.unpack(">H", table[chosen : chosen + 2])
        if kind == _GROUPS:
            return dict(_of_groups(table[chosen:]))
        return dict(_of_segments(table[chosen:])) if kind == _SEGMENTS else None


def _shorts(content: Any) -> tuple[int, ...]:
    return struct.unpack(f">{len(content) // 2}H", content)


def _of_groups(table: Any) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack(">L", table[12:16])
    numbers = struct.unpack(f">{3 * count}L", table[16 : 16 + 12 * count])
    for start, end, glyph in zip(numbers[0::3], numbers[1::3], numbers[2::3], strict=True):
        yield from zip(range(start, end + 1), range(glyph, glyph + end + 1 - start), strict=True)


def _of_segments(table: Any) -> Iterator[tuple[int, int]]:
    length, _language, doubled = struct.unpack(">HHH", table[2:8])
    words, count = _shorts(table[: length - length % 2]), doubled // 2
    ends, starts = words[7 : 7 + count], words[8 + count : 8 + 2 * count]
    deltas, first = words[8 + 2 * count : 8 + 3 * count], 8 + 3 * count
    for at, (start, end, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        offset = words[first + at]
        for char in range(start, end + 1):
            if not offset:
                yield char, (char + delta) & 0xFFFF
                continue
            place = first + at + offset // 2 + char - start
            glyph = words[place] if place < len(words) else 0
            yield char, (glyph + delta) & 0xFFFF if glyph else 0
