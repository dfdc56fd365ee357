"""The text of a report with places that the program fills in.

    {{out_total}}                    the figure of the report's year, by its key or its Chinese label: {{印发文件}}
    {{out_total.同比}}                its change against last year in per cent; .增减 by how much; .上年 the value then
    {{year}} {{office}} {{county}}   words about the report: see WORDS, with their Chinese names
    {{study_titles}} {{problems}}    texts that are made of records: see `Record.PASSAGES`
    {{reply_rate=100：办复率均达100%}}  a claim: words that must be true. Conditions are joined by 且 (= ≥ ≤ > <)

Nothing of a template is ever lost: what cannot be understood stays as it is written, and is told at its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

OPEN, CLOSE = "{{", "}}"
ASPECTS = ("同比", "增减", "上年")
WORDS: Mapping[str, str] = {  # name -> its Chinese name; {{上年}} and {{上一年}} are the year before, as a number
    "year": "年份", "last_year": "上一年", "next_year": "下一年", "office": "机关", "county": "县名", "period": "期间",
    "date": "日期",
}  # fmt: skip
_CONDITION = r"[^{}=<>≥≤：:且]+?\s*(?:>=|<=|≥|≤|=|>|<)\s*\d+(?:\.\d+)?%?"
_CLAIM = re.compile(
    rf"\s*(?P<conditions>{_CONDITION}(?:\s*(?:且|和|&|，)\s*{_CONDITION})*)\s*[：:](?P<words>.*)", re.DOTALL
)
_ONE = re.compile(r"\s*(?P<name>.+?)\s*(?P<sign>>=|<=|≥|≤|=|>|<)\s*(?P<number>\d+(?:\.\d+)?)%?\s*")
_SIGNS = {">=": "≥", "<=": "≤"}


@dataclass(frozen=True)
class Plain:
    """Words that are printed as they stand."""

    text: str


@dataclass(frozen=True)
class Slot:
    """A place that is filled in: `name` is the key of a figure or passage, or one of WORDS; `aspect` one of ASPECTS."""

    name: str
    aspect: str = ""


@dataclass(frozen=True)
class Condition:
    """One condition of a claim: figure, sign (= ≥ ≤ > <), number (rates in per cent)."""

    figure: str
    sign: str
    number: Decimal

    def holds(self, value: int | Decimal) -> bool:
        """Whether a value meets it."""
        return {
            "=": value == self.number, "≥": value >= self.number, "≤": value <= self.number,
            ">": value > self.number, "<": value < self.number,
        }[self.sign]  # fmt: skip


@dataclass(frozen=True)
class Guarded:
    """Words that claim something, and the conditions under which they are true; `written` is all as it stands."""

    conditions: tuple[Condition, ...]
    pieces: tuple[Plain | Slot, ...]
    written: str = ""


Piece = Plain | Slot | Guarded


@dataclass(frozen=True)
class Fault:
    """What cannot be understood in a template: line and column from 1, the words there, and what is wrong."""

    line: int
    column: int
    words: str
    text: str

    def __str__(self) -> str:
        return f"第{self.line}行第{self.column}字“{self.words}”：{self.text}"


@dataclass(frozen=True)
class Template:
    """A template read: the pieces of each line, and its faults."""

    lines: tuple[tuple[Piece, ...], ...]
    faults: tuple[Fault, ...]

    def slots(self) -> Iterator[Slot]:
        """Every place that is filled in."""
        for piece in (piece for line in self.lines for piece in line):
            inner = piece.pieces if isinstance(piece, Guarded) else (piece,)
            yield from (one for one in inner if isinstance(one, Slot))

    def claims(self) -> Iterator[Guarded]:
        """Every claim."""
        yield from (piece for line in self.lines for piece in line if isinstance(piece, Guarded))

    def figures(self) -> list[str]:
        """The names of all that is filled in or claimed, each once, in the order of the text."""
        names = [condition.figure for claim in self.claims() for condition in claim.conditions]
        return list(dict.fromkeys((*(slot.name for slot in self.slots()), *names)))


class Names:
    """The names that a template may use: keys of figures and passages with their labels, and WORDS."""

    def __init__(self, labels: Iterable[tuple[str, str]]) -> None:
        """`labels` are (key, Chinese label); of a label that several have, the first is meant."""
        self._keys: dict[str, str] = {}
        for key, label in labels:
            self._keys.setdefault(key, key)
            self._keys.setdefault(label, key)
        for name, chinese in WORDS.items():
            self._keys[name] = self._keys[chinese] = name

    def key(self, name: str) -> str | None:
        """The key that a name stands for; None when nothing is called so."""
        return self._keys.get(name.strip())

    def like(self, name: str) -> str:
        """Names that share most with one that is unknown, for the message; empty when none does."""
        wanted = set(name)
        close = sorted(self._keys, key=lambda known: -len(wanted & set(known)) / len(wanted | set(known)))
        return "、".join(known for known in close[:2] if len(wanted & set(known)) * 2 > len(wanted))


def read(text: str, names: Names) -> Template:
    """Read a template; every fault is kept with its place, and what is faulty stays as it is written."""
    lines: list[tuple[Piece, ...]] = []
    faults: list[Fault] = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        reader = _Line(line, number, names)
        lines.append(tuple(_joined(reader.pieces())))
        faults += reader.faults
    return Template(tuple(lines), tuple(faults))


class _Line:
    """One line of a template being read."""

    def __init__(self, line: str, number: int, names: Names) -> None:
        self._line, self._number, self._names = line, number, names
        self.faults: list[Fault] = []

    def pieces(self) -> Iterator[Piece]:
        """The pieces of the line, in their order."""
        at = 0
        while (start := self._line.find(OPEN, at)) >= 0:
            if start > at:
                yield from self._plain(at, start)
            end = self._end(start)
            if end < 0:
                self._fault(start, self._line[start : start + 20], "少了结尾的 }}，请补上；这一段照原样保留")
                yield Plain(self._line[start:])
                return
            yield self._inside(start, end)
            at = end
        yield from self._plain(at, len(self._line))

    def _plain(self, start: int, end: int) -> Iterator[Plain]:
        text = self._line[start:end]
        if CLOSE in text:
            self._fault(start + text.index(CLOSE), CLOSE, "多了一个 }}，前面没有对应的 {{；照原样保留")
        if text:
            yield Plain(text)

    def _end(self, start: int) -> int:
        """The place behind the }} that closes the {{ at `start`; -1 when there is none."""
        depth, at = 0, start
        while at < len(self._line):
            if self._line.startswith(OPEN, at):
                depth, at = depth + 1, at + 2
            elif self._line.startswith(CLOSE, at):
                depth, at = depth - 1, at + 2
                if not depth:
                    return at
            else:
                at += 1
        return -1

    def _inside(self, start: int, end: int) -> Piece:
        whole, inside = self._line[start:end], self._line[start + 2 : end - 2]
        claim = _CLAIM.fullmatch(inside)
        if claim:
            return self._claim(start, whole, claim)
        if OPEN in inside:
            self._fault(start, whole[:20], "{{ }} 里面又有 {{；只有断言的文字里可以再放数字")
            return Plain(whole)
        name, _dot, aspect = inside.strip().partition(".")
        key = self._names.key(name)
        if key is None or (aspect and (aspect not in ASPECTS or key in WORDS)):
            what = f"没有“{name.strip()}”这个数字" if key is None else f"不认识“.{aspect}”，可用：{'、'.join(ASPECTS)}"
            close = self._names.like(name.strip()) if key is None else ""
            self._fault(start, whole, f"{what}{f'，是不是{close}' if close else ''}；照原样保留")
            return Plain(whole)
        return Slot(key, aspect)

    def _claim(self, start: int, whole: str, claim: re.Match[str]) -> Piece:
        conditions: list[Condition] = []
        for one in re.split("且|和|&|，", claim["conditions"]):
            found = _ONE.fullmatch(one)
            key = self._names.key(found["name"]) if found else None
            if found is None or key is None or key in WORDS:
                self._fault(start, one.strip(), "断言里没有这个数字；照原样保留")
                return Plain(whole)
            conditions.append(Condition(key, _SIGNS.get(found["sign"], found["sign"]), Decimal(found["number"])))
        inner = _Line(claim["words"], self._number, self._names)
        pieces = tuple(piece for piece in inner.pieces() if not isinstance(piece, Guarded))
        shift = start + 2 + claim.start("words")
        self.faults += [Fault(one.line, one.column + shift, one.words, one.text) for one in inner.faults]
        return Guarded(tuple(conditions), pieces, whole)

    def _fault(self, at: int, words: str, text: str) -> None:
        self.faults.append(Fault(self._number, at + 1, words, text))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces with neighbouring words put together."""
    words = ""
    for piece in pieces:
        if isinstance(piece, Plain):
            words += piece.text
            continue
        if words:
            yield Plain(words)
            words = ""
        yield piece
    if words:
        yield Plain(words)
