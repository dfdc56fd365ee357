"""Makes the bundled fonts from their originals: TrueType outlines, only the tables that ReportLab reads.

usage: python resources/fonts/convert.py FANDOL_FOLDER NOTO_FOLDER OUT_FOLDER

FANDOL_FOLDER holds Fandol*-Regular.otf of Debian's texlive-lang-chinese (its dependencies are not needed):
    apt-get download texlive-lang-chinese
    dpkg -x texlive-lang-chinese_*_all.deb deb
    FANDOL_FOLDER=deb/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol
NOTO_FOLDER is the unpacked npm package @expo-google-fonts/noto-serif-sc:
    npm pack @expo-google-fonts/noto-serif-sc
    tar xzf expo-google-fonts-noto-serif-sc-*.tgz
    NOTO_FOLDER=package
OUT_FOLDER receives six .ttf files, the same bytes each time with the same fontTools (see ORIGIN.md).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

FANDOL = ("FandolFang-Regular", "FandolKai-Regular", "FandolHei-Regular", "FandolSong-Regular")
TABLES = {"cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post", "glyf", "loca"}
NAMES = {0, 1, 2, 4, 5, 6, 13}  # copyright, family, style, full name, version, PostScript name, licence
MAX_ERROR = 0.5  # units of 1000 per em: 0.09 dot at 22 pt and 600 dpi; a wider error saves little
MIDDLES = frozenset(map(ord, "国田目"))  # desktop/printing reads the ideographs' middle from these
ZERO_LIMITS = (
    "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
    "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints",
    "maxCompositeContours", "maxComponentDepth",
)  # fmt: skip


def slim(font: TTFont, target: Path) -> None:
    """Drops the tables and names that are not read and writes `font` without a time stamp."""
    for tag in set(font.keys()) - TABLES - {"GlyphOrder"}:
        del font[tag]
    font["name"].names = [name for name in font["name"].names if name.nameID in NAMES and name.platformID == 3]
    font["post"].formatType = 3.0  # no glyph names
    font.recalcTimestamp = False
    font.save(target)


def to_truetype(source: Path, target: Path) -> None:
    """Writes the CFF font `source` with quadratic outlines: ReportLab embeds no CFF."""
    font = TTFont(source)
    order, glyphs, outlines = font.getGlyphOrder(), font.getGlyphSet(), {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))  # TrueType fills clockwise
        outlines[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, outlines
    limits = font["maxp"]
    limits.tableVersion, limits.maxZones = 0x00010000, 1
    for name in ZERO_LIMITS:
        setattr(limits, name, 0)
    for name, (advance, _) in font["hmtx"].metrics.items():
        outline = outlines[name]
        outline.recalcBounds(font["glyf"])  # without it xMin is unset, the bearing 0, and every glyph slides left
        font["hmtx"][name] = (advance, outline.xMin if outline.numberOfContours else 0)
    font["post"].glyphOrder, font["head"].glyphDataFormat = None, 0
    font.sfntVersion = "\000\001\000\000"
    slim(font, target)


def keep(source: Path, target: Path, wanted: Callable[[int], bool]) -> None:
    """Writes the TrueType font `source` with the characters for which `wanted(code point)` holds."""
    font = TTFont(source)
    tool = subset.Subsetter(subset.Options(layout_features=[], hinting=False, notdef_outline=True))
    tool.populate(unicodes=filter(wanted, font.getBestCmap()))
    tool.subset(font)
    slim(font, target)


def characters_of(path: Path) -> frozenset[int]:
    """The code points that the font at `path` has glyphs for."""
    return frozenset(TTFont(path, lazy=True).getBestCmap())


def main(fandol: Path, noto: Path, out: Path) -> None:
    """Makes all six fonts in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for name in FANDOL:
        to_truetype(fandol / f"{name}.otf", out / f"{name}.ttf")
    known = frozenset.intersection(*(characters_of(out / f"{name}.ttf") for name in FANDOL))
    keep(
        noto / "300Light/NotoSerifSC_300Light.ttf",
        out / "NotoSerifSC-Light.ttf",
        lambda code: code in MIDDLES or code not in known,
    )
    keep(
        noto / "600SemiBold/NotoSerifSC_600SemiBold.ttf",
        out / "NotoSerifSC-SemiBold.ttf",
        lambda code: code < 0x3040 or 0x4E00 <= code <= 0x9FFF or code >= 0xFF00,  # no kana, Hangul, Extension A
    )


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*map(Path, sys.argv[1:]))
