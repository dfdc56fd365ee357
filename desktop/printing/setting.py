"""Chinese text set in lines: breaking by GB/T 15834—2011, justification by squeezing punctuation or spreading.

1. No line begins with a closing mark or stop, none ends with an opening one.
2. —— and …… are never halved; —— may open a line, the single dash of a range may not and keeps its right number.
3. Numbers, Latin words and codes stay whole, a number keeps its 年, 月, 件 …; only a word longer than a line is cut.
4. Where the natural end is forbidden, up to two more characters are squeezed in (at most half of the marks' blank is
   taken: more looks crowded), else the line ends earlier and is spread if `justify` is asked for.
5. A last line of one or two characters is squeezed into the line above when there is room (孤字不成行).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import NamedTuple

from desktop.printing.faces import Faces, Role
from desktop.printing.type0 import WholeFont

OPEN = frozenset("（《〈「『【〔［｛“‘")
CLOSE = frozenset("）》〉」』】〕］｝”’")
STOPS = frozenset("，。、；：？！")
NOT_FIRST = CLOSE | STOPS | frozenset(" ·～—…々％%℃‰,.;:?!)]}")
NOT_LAST = OPEN | frozenset("([{")
WORD = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,:/_-+%'@")
DIGITS = frozenset("0123456789")
UNITS = frozenset("年月日时分号件次项个场期条")  # a number stays with these
BLANK = dict.fromkeys(OPEN | CLOSE | frozenset("，。、"), 0.5) | dict.fromkeys("；：？！", 0.25)  # em inside a mark
TAIL = dict.fromkeys(CLOSE | STOPS, 0.5) | {" ": 0.5}  # em of the last character that may lie over the edge
MOST_SQUEEZED = 0.5  # share of the blank
MORE = 2  # characters that are squeezed in at most
CLOSE_ENOUGH = 0.01  # points
SUBSTITUTE = "〓"
IDEOGRAPHS = "⺀"  # characters from here on are centred on the ideographs' middle, others stand on the base line

_BLANKS = "\t\xa0"
_ODD = re.compile(  # line ends, blanks, and what prints nothing: controls, marks of direction, variation selectors
    "\r\n|[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
_LINE_ENDS = frozenset(("\r\n", *"\r\x0b\x0c\x85\u2028\u2029"))


class Line(NamedTuple):
    """A line of a text: characters start … end, width in points as drawn, space after each character, squeeze.

    `squeeze` is the share of BLANK that is taken from each mark but the last.
    """

    start: int
    end: int
    width: float
    gap: float
    squeeze: float


class Run(NamedTuple):
    """Characters in one face: offset from the line's left edge and above its base line in points, space after each."""

    font: WholeFont
    dx: float
    dy: float
    text: str
    gap: float


@dataclass(frozen=True, eq=False, slots=True)
class Place:
    """A face, and how far its ideographs are shifted in points; equal places of one style are the same object."""

    font: WholeFont
    shift: float


class SetLine(NamedTuple):
    """A line ready to be drawn and its width in points."""

    runs: tuple[Run, ...]
    width: float


def plain(text: str) -> str:
    r"""`text` with line ends as \\n, tabs and odd blanks as spaces, and without characters that print nothing."""
    return _ODD.sub(_replacement, text) if _ODD.search(text) else text


def _replacement(found: re.Match[str]) -> str:
    odd = found[0]
    return "\n" if odd in _LINE_ENDS else " " if odd in _BLANKS else ""


def can_break(text: str, at: int) -> bool:
    """Whether a line may end before text[at], 0 < at < len(text)."""
    before, after = text[at - 1], text[at]
    if after == "—" and before != "—" and before not in NOT_LAST:
        return text[at : at + 2] == "——"
    if after in NOT_FIRST or before in NOT_LAST:
        return False
    if (before in WORD and after in WORD) or (before in DIGITS and after in UNITS):
        return False
    return not (before == "—" and after in DIGITS)


class _Widths(dict[str, float]):
    """Width of a character in points; at its first use its place is noted in `place`.

    A fallback face draws its ideographs higher or lower than the role's own: they are shifted to the same middle.
    """

    def __init__(self, faces: Faces, role: Role, size: float, missing: set[str]) -> None:
        super().__init__()
        self._faces, self._size, self._missing = faces, size, missing
        self._role: Role = role
        self._centre = faces.face(role).centre
        self.place: dict[str, Place] = {}
        self._places: dict[tuple[WholeFont, float], Place] = {}
        self.absent: set[str] = set()

    def __missing__(self, char: str) -> float:
        found = self._faces.find(self._role, char)
        shown = char
        if found is None:
            self.absent.add(char)
            self._missing.add(char)
            shown = SUBSTITUTE
            found = self._faces.find(self._role, shown) or self._faces.face(self._role)
        shift = (self._centre - found.centre) * self._size if shown >= IDEOGRAPHS else 0.0
        self.place[char] = self._places.setdefault((found.font, shift), Place(found.font, shift))
        self[char] = width = found.width(shown) * self._size
        return width


class Style:
    """A role at a size in points: widths, lines, runs. Characters that no face has are collected in `missing`."""

    def __init__(self, faces: Faces, role: Role, size: float, missing: set[str]) -> None:
        self.size = size
        self.centre = faces.face(role).centre * size  # the ideographs' middle over the base line, in points
        self._widths = _Widths(faces, role, size, missing)

    def width(self, text: str) -> float:
        """Width of `text` on one line in points."""
        return sum(map(self._widths.__getitem__, text))

    def lines(self, text: str, width: float, first: float = 0.0, justify: bool = False) -> list[Line]:
        r"""Breaks one paragraph (no \\n) at `width` points, its first line at `width - first`; at least one line."""
        sums = list(accumulate(map(self._widths.__getitem__, text), initial=0.0))
        count, start, room = len(text), 0, width - first
        found: list[Line] = []
        while sums[count] - sums[start] > room + CLOSE_ENOUGH:
            line = self._line(text, sums, start, room, justify)
            found.append(line)
            start, room = line.end, width
            if start == count:
                return found
        return [*found, Line(start, count, sums[count] - sums[start], 0.0, 0.0)]

    def _line(self, text: str, sums: Sequence[float], start: int, room: float, justify: bool) -> Line:
        """The line that begins at `start`, of a text that does not fit into `room`."""
        count = len(text)
        natural = max(bisect_right(sums, sums[start] + room + CLOSE_ENOUGH, start + 1) - 1, start + 1)
        end = natural
        if natural < count and (not can_break(text, natural) or count - natural <= MORE):
            squeezed = self._squeezed(text, sums, start, natural, room)
            if squeezed:
                return squeezed
            while end > start + 1 and not can_break(text, end):
                end -= 1
            if end == start + 1 and not can_break(text, end):
                end = natural  # a word longer than the line is cut
        used, gaps = sums[end] - sums[start], end - start - 1
        gap = (room - used) / gaps if justify and end < count and gaps else 0.0
        return Line(start, end, room if gap else used, gap, 0.0)

    def _squeezed(self, text: str, sums: Sequence[float], start: int, natural: int, room: float) -> Line | None:
        """The line with one or two more characters than fit, or with the whole rest of the text."""
        count = len(text)
        ends = range(natural + 1, min(natural + MORE, count) + 1)
        for end in ends if not can_break(text, natural) else (count,):
            if end < count and not can_break(text, end):
                continue
            give = sum(BLANK.get(char, 0.0) for char in text[start : end - 1]) * self.size
            need = sums[end] - sums[start] - room - TAIL.get(text[end - 1], 0.0) * self.size
            if need <= give * MOST_SQUEEZED:
                return Line(start, end, room, 0.0, max(need, 0.0) / give if give else 0.0)
        return None

    def runs(self, text: str, line: Line) -> SetLine:
        """`line`, one of `lines(text, …)`, as runs of equal face; squeezed marks stand alone."""
        piece = text[line.start : line.end]
        widths, place, absent = self._widths, self._widths.place, self._widths.absent
        if not line.squeeze and not absent:
            places = set(map(place.__getitem__, piece))
            if len(places) == 1:
                (only,) = places
                return SetLine((Run(only.font, 0.0, only.shift, piece, line.gap),), line.width)
        runs: list[Run] = []
        x = 0.0
        for part in self._parts(piece, line.squeeze > 0):
            here = place[part[0]]
            blank = BLANK.get(part[0], 0.0) * line.squeeze * self.size
            if part[0] in OPEN:  # its blank half is the left one
                x -= blank
                blank = 0.0
            shown = "".join(SUBSTITUTE if char in absent else char for char in part) if absent else part
            runs.append(Run(here.font, x, here.shift, shown, line.gap))
            x += sum(map(widths.__getitem__, part)) + line.gap * len(part) - blank
        return SetLine(tuple(runs), line.width)

    def _parts(self, piece: str, squeezed: bool) -> Iterator[str]:
        """`piece` cut where the face changes, and around each mark that gives blank away."""
        place = self._widths.place
        if not squeezed:
            for _, chars in groupby(piece, place.__getitem__):
                yield "".join(chars)
            return
        for (_, mark), chars in groupby(piece, lambda char: (place[char], char in BLANK)):
            if mark:
                yield from chars
            else:
                yield "".join(chars)

    def set(self, text: str, width: float, first: float = 0.0, justify: bool = False) -> list[SetLine]:
        """All lines of `text`, paragraph by paragraph, ready to be drawn. `first` indents each first line (points)."""
        return [
            self.runs(paragraph, line)
            for paragraph in plain(text).split("\n")
            for line in self.lines(paragraph, width, first, justify)
        ]


class Wrap(dict[str, tuple[SetLine, ...]]):
    """Text -> its lines at one width in one style, remembered: registers repeat units, states and dates."""

    def __init__(self, style: Style, width: float) -> None:
        super().__init__()
        self.style, self.width = style, width

    def __missing__(self, text: str) -> tuple[SetLine, ...]:
        self[text] = lines = tuple(self.style.set(text, self.width)) if text else ()
        return lines
