"""Running text with places in braces that a record fills: `{拟办意见}`, `{签发日期：……}`, `{督办事项：{序}、{要求}}`.

- `{name}` is the value of a field, `{name□}` all its words with the chosen one ticked, `{name→other}` the field `other`
  of the record whose number stands in `name`.
- `{name：text}` is `text` when the field is filled, or once for each line when `name` is a kind of lines (with
  `{name（field=word）：text}` of those lines only); `{无name：text}` is `text` when it is empty.

Pure: what the names mean is known to whoever fills them in (db/summaries/filling.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

OPEN, CLOSE, SEPARATOR, TICKS, FOLLOWS, WITHOUT = "{", "}", "：", "□", "→", "无"


@dataclass(frozen=True)
class Value:
    """A place that a value fills; `ticks`: all words of its vocabulary, `other`: a field of the record it refers to."""

    name: str
    ticks: bool = False
    other: str = ""


@dataclass(frozen=True)
class Passage:
    """Text for each line of `name`, or once when it is filled; with `word` only lines whose `field` holds it."""

    name: str
    pieces: Wording
    field: str = ""
    word: str = ""

    @property
    def condition(self) -> str:
        """What stands in brackets behind the name: `field=word`, or a condition without a word."""
        return f"{self.field}={self.word}" if self.word else self.field


Piece = str | Value | Passage
Wording = tuple[Piece, ...]


def parse(text: str) -> Wording:
    """Read running text with places in braces.

    Raises:
        ValueError: in Chinese, when a brace has no partner or nothing stands between two.
    """
    pieces, rest = _read(text, nested=False)
    assert not rest
    return pieces


def _read(text: str, nested: bool) -> tuple[Wording, str]:
    """The pieces up to the brace that closes the place around them, and what follows it."""
    pieces: list[Piece] = []
    while text:
        at = min((place for mark in (OPEN, CLOSE) if (place := text.find(mark)) >= 0), default=len(text))
        if at:
            pieces.append(text[:at])
        if at == len(text):
            break
        mark, text = text[at], text[at + 1 :]
        if mark == CLOSE:
            if not nested:
                raise ValueError("多了一个“}”：花括号要成对")
            return tuple(pieces), text
        piece, text = _place(text)
        pieces.append(piece)
    if nested:
        raise ValueError("少了一个“}”：花括号要成对")
    return tuple(pieces), ""


def _place(text: str) -> tuple[Piece, str]:
    """The place whose opening brace has just been read, and what follows it."""
    ends = [place for mark in (OPEN, CLOSE, SEPARATOR) if (place := text.find(mark)) >= 0]
    at = min(ends, default=len(text))
    name = text[:at].strip()
    if at == len(text):
        raise ValueError(f"“{{{name[:20]}”没有写完：少了一个“}}”")
    if not name or text[at] == OPEN:
        raise ValueError("花括号里要先写项目名称，如{标题}")
    if text[at] == SEPARATOR:
        pieces, rest = _read(text[at + 1 :], nested=True)
        name, _bracket, condition = name.partition("（")
        field, _equals, word = condition.removesuffix("）").partition("=")
        return Passage(name.strip(), pieces, field.strip(), word.strip()), rest
    name, _arrow, other = name.partition(FOLLOWS)
    ticks = name.endswith(TICKS)
    return Value(name.removesuffix(TICKS).strip(), ticks, other.strip()), text[at + 1 :]


def values(wording: Wording) -> Iterator[tuple[tuple[str, ...], Value | Passage]]:
    """Every place with the names of the passages that it stands in, outermost first."""
    for piece in wording:
        if isinstance(piece, str):
            continue
        yield (), piece
        if isinstance(piece, Passage):
            for around, inner in values(piece.pieces):
                yield (piece.name, *around), inner
