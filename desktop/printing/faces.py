"""Typefaces by role: the office's own face when it is installed, else the bundled one, with a fallback per character.

Roles, sizes and the reasons for the bundled faces: 小标宋 titles, 黑体 headings and table heads, 宋体 tables, labels
and figures, 仿宋 body, 楷体 second headings.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError

from desktop.printing.type0 import WholeFont

Role = Literal["小标宋", "黑体", "宋体", "仿宋", "楷体"]

BUNDLED = Path(__file__).resolve().parents[2] / "resources" / "fonts"
BUNDLED_FILES: Mapping[str, str] = {
    "小标宋": "NotoSerifSC-SemiBold.ttf",
    "黑体": "FandolHei-Regular.ttf",
    "宋体": "FandolSong-Regular.ttf",
    "仿宋": "FandolFang-Regular.ttf",
    "楷体": "FandolKai-Regular.ttf",
    "备用": "NotoSerifSC-Light.ttf",
}
# file names without ending, as Windows, UOS, 麒麟, 方正 and WPS install them; the first one found is taken
OFFICE_FILES: Mapping[str, tuple[str, ...]] = {
    "小标宋": ("方正小标宋简体", "fzxbsjw", "fzxbsjw--gb1-0", "方正小标宋_gbk", "fzxbsk", "fzxbsk--gbk1-0"),
    "黑体": ("simhei", "黑体", "方正黑体_gbk", "方正黑体简体", "fzhtk", "fzhtjw"),
    "宋体": ("simsun", "宋体", "方正书宋_gbk", "方正书宋简体", "fzssk", "fzssjw"),
    "仿宋": ("仿宋_gb2312", "fangsong_gb2312", "simfang", "仿宋", "方正仿宋_gbk", "方正仿宋简体", "fzfsk", "fzfsjw"),
    "楷体": ("楷体_gb2312", "kaiti_gb2312", "simkai", "楷体", "方正楷体_gbk", "方正楷体简体", "fzktk", "fzktjw"),
}
# what the standard asks for, what the role is used for, and what stands in for it when it is not installed
OFFICIAL: Mapping[str, tuple[str, str, str]] = {
    "小标宋": ("方正小标宋简体", "标题", "思源宋体"),
    "黑体": ("黑体", "小标题和表头", "Fandol黑体"),
    "宋体": ("宋体", "表格和数字", "Fandol宋体"),
    "仿宋": ("仿宋_GB2312", "正文", "Fandol仿宋"),
    "楷体": ("楷体_GB2312", "二级标题", "Fandol楷体"),
}
ENDINGS = frozenset({".ttf", ".ttc", ".otf"})
LATIN: Mapping[str, Role] = {"仿宋": "宋体", "楷体": "宋体"}  # two of 宋体's figures fill one cell; 仿宋's look foreign
RESTRICTED, NO_SUBSETS, BITMAPS_ONLY = 0x0002, 0x0100, 0x0200  # what a face's maker may forbid (fsType)
SAMPLE = "国田目"  # box-shaped ideographs: their outlines tell where the middle lies


@dataclass(frozen=True, eq=False)
class Face:
    """A loaded face; `centre` is the ideographs' middle over the base line in em."""

    font: WholeFont
    centre: float

    def has(self, char: str) -> bool:
        """Whether the face has a glyph for `char` (some tables map a code to glyph 0, the box)."""
        return self.font.face.charToGlyph.get(ord(char), 0) != 0

    def width(self, char: str) -> float:
        """The advance of `char` in em."""
        return self.font.face.getCharWidth(ord(char)) / 1000


class Faces:
    """All typefaces of the program; a face is read from disk when its role is first used. Share one per process."""

    def __init__(
        self,
        search: Sequence[Path] | None = None,
        chosen: Mapping[str, Path] | None = None,
        bundled: Path = BUNDLED,
    ) -> None:
        """Looks for the office's faces in the folders `search`, deeply.

        None: the usual folders of the system; (): nowhere, so that only bundled faces are used. `chosen` names
        a file for a role and goes before everything found.
        """
        self._search = font_folders() if search is None else tuple(search)
        self._chosen = dict(chosen or {})
        self._bundled_folder = bundled
        self._installed: dict[str, Path] | None = None
        self._office_faces: dict[str, Face | None] = {}
        self._bundled_faces: dict[str, Face] = {}
        self.skipped: dict[Path, str] = {}  # installed faces that could not be used, and why

    def face(self, role: Role) -> Face:
        """The face that sets `role`. Raises OSError when the bundled fonts are not there."""
        return self._office(role) or self._bundled(role)

    def replaced(self, roles: Iterable[str]) -> tuple[str, ...]:
        """Which of the official faces of these roles are not installed, what for, and what replaces them."""
        used = set(roles)
        absent = (OFFICIAL[role] for role in OFFICIAL if role in used and self._office(role) is None)
        return tuple(f"{official}（{use}，改用{stands_in}）" for official, use, stands_in in absent)

    def find(self, role: Role, char: str) -> Face | None:
        """The face that sets `char` in text of `role`; None when no face has it."""
        roles: tuple[Role, ...] = (LATIN[role], role) if char < "\x80" and role in LATIN else (role,)
        return next((face for each in roles for face in self._chain(each) if face.has(char)), None)

    def _chain(self, role: Role) -> Iterator[Face]:
        """Faces in the order in which they are asked for a character; each is loaded only when it is reached."""
        office = self._office(role)
        if office:
            yield office
        yield self._bundled(role)
        yield self._bundled("备用")
        yield self._bundled("宋体")  # 备用 holds only what the Fandol faces lack; 小标宋 lacks kana

    def _bundled(self, role: str) -> Face:
        if role not in self._bundled_faces:
            self._bundled_faces[role] = load(self._bundled_folder / BUNDLED_FILES[role])
        return self._bundled_faces[role]

    def _office(self, role: str) -> Face | None:
        if role not in self._office_faces:
            self._office_faces[role] = next(filter(None, map(self._try, self._office_paths(role))), None)
        return self._office_faces[role]

    def _office_paths(self, role: str) -> Iterator[Path]:
        if role in self._chosen:
            yield self._chosen[role]
        if self._installed is None:
            self._installed = dict(font_files(self._search))
        for name in OFFICE_FILES.get(role, ()):
            if name in self._installed:
                yield self._installed[name]

    def _try(self, path: Path) -> Face | None:
        """The face at `path`, or None with the reason in `skipped`: foreign files may be CFF, locked, or broken."""
        try:
            return load(path)
        except (TTFError, OSError, struct.error, LookupError, ValueError, AssertionError) as error:
            self.skipped[path] = str(error) or type(error).__name__
            return None


def load(path: Path) -> Face:
    """Reads the font file `path`, in a collection the first face.

    Raises OSError if it is not there, TTFError if ReportLab cannot embed it (CFF outlines), ValueError if its maker
    forbids to embed a part of it or it has no Chinese; a broken file raises struct.error, LookupError, AssertionError.
    """
    path.stat()  # ReportLab would search its own folders, and answer with an error of its own
    font = WholeFont(path)
    glyphs = font.face.charToGlyph
    if not all(glyphs.get(ord(char), 0) for char in SAMPLE):
        raise ValueError(f"{path.name} has no Chinese characters")
    (licence,) = struct.unpack(">H", font.face.get_table("OS/2")[8:10])  # fsType of the OpenType specification
    if licence & 0x000F == RESTRICTED or licence & (NO_SUBSETS | BITMAPS_ONLY):
        raise ValueError(f"{path.name} forbids embedding (fsType {licence:#06x})")  # ReportLab does not refuse it
    pdfmetrics.registerFont(font)
    kept: Any = pdfmetrics.getFont(font.fontName)  # of two equal files ReportLab keeps the first
    return Face(kept, middle(kept))


def middle(font: WholeFont) -> float:
    """Height of the ideographs' middle over the base line in em: 0.30 in Fandol, 0.37 in Noto."""
    face = font.face
    start, _ = face.get_table_pos("glyf")
    middles: list[float] = []
    for char in SAMPLE:
        face.seek(start + face.glyphPos[face.charToGlyph[ord(char)]] + 2)
        _, bottom, _, top = (face.read_short() for _ in range(4))
        middles.append((bottom + top) / 2 / face.unitsPerEm)
    return sum(middles) / len(middles)


def font_folders() -> tuple[Path, ...]:
    """Where Windows, Linux and the program itself keep fonts; folders that do not exist do no harm."""
    own = BUNDLED / "office"  # an administrator may lay faces beside the bundled ones
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", "")) / "Microsoft" / "Windows" / "Fonts"
        return own, local, Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
    home = Path.home()
    return own, home / ".local/share/fonts", home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")


def font_files(folders: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """(file name in lower case without ending, path) of each font file under `folders`; earlier folders come last."""
    for folder in reversed(folders):
        for place, _, names in os.walk(folder):
            for name in names:
                path = Path(place, name)
                if path.suffix.lower() in ENDINGS:
                    yield path.stem.lower(), path
