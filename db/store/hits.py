"""Where in a text the words of a search stand, and which text of a record tells why it was found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.record import DateField, LineField, MomentField, Record
from db.rules.pinyin import Initials
from db.store.index import MARK, day_line, fold
from db.store.spellings import letters_of

if TYPE_CHECKING:
    from db.store.matching import Matching

AROUND = 5  # characters of a text shown before a hit
LONGEST = 40  # characters of what is shown of it

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Span = tuple[int, int]


@dataclass(frozen=True)
class Hits:
    """The wanted words of a search: for each the spellings (folded) of which one is in the text."""

    words: tuple[tuple[str, ...], ...]
    initials: Initials

    def spans(self, text: str, is_folded: bool = False) -> list[Span]:
        """The pieces (from, to) of a text that are hits, in their order, none within another.

        A text of a file is kept folded (to fold it again would take 10 ms) and is not searched by initials.
        """
        found = [span for spelled in self.words for span in self._spans_of(text, spelled, is_folded)]
        merged: list[Span] = []
        for start, end in sorted(found):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

    def names_day(self, day: str) -> bool:
        """Whether a day (YYYY-MM-DD) is searched for."""
        return any(day_line(day) in spelled for spelled in self.words)

    def missing(self, texts: Sequence[str]) -> list[tuple[str, ...]]:
        """The words of which none of the texts holds anything."""
        return [spelled for spelled in self.words if not any(self._spans_of(text, spelled) for text in texts)]

    def _spans_of(self, text: str, spelled: tuple[str, ...], is_folded: bool = False) -> list[Span]:
        folded, places = (text, []) if is_folded else _folded(text)
        found: list[Span] = []
        for wanted in spelled:
            if wanted.startswith(MARK):
                continue
            at = folded.find(wanted)
            while at >= 0:
                end = at + len(wanted) - 1
                found.append((places[at], places[end] + 1) if places else (at, end + 1))
                at = folded.find(wanted, at + len(wanted))
        if not found and not is_folded and spelled[0].isascii() and not spelled[0].isdigit():
            found = self._by_letters(text, spelled[0])
        return found

    def _by_letters(self, text: str, word: str) -> list[Span]:
        if word not in letters_of(text):
            return []
        for is_short in (False, True):
            letters, places = self.initials.places(text, is_short)
            at = letters.find(word)
            if at >= 0:
                return [(places[at].start, places[at + len(word) - 1].stop)]
        return []

    def told(self, record: Record, shown: Sequence[str], attached: Sequence[tuple[str, str]] = ()) -> str:
        """Where the words stand that are in none of the texts on show: …批示内容：请公路局…; "" when all are.

        `attached` are name and (folded) text of the record's attachments.
        """
        for spelled in self.missing(shown):
            named = (("附件", f"《{name}》") for name, _text in attached)
            for label, text in (*_labelled(record), *named):
                spans = self._spans_of(text, spelled)
                if spans and (not _DAY.fullmatch(text) or self.names_day(text)):
                    return f"{label}：{_around(text, spans[0])}"
            for name, text in attached:
                if spans := self._spans_of(text, spelled, is_folded=True):
                    return f"附件《{name}》：{_around(text, spans[0])}"
        return ""

    def piece(self, text: str) -> str:
        """The first hit in the (folded) text of a file with a little around it; "" when there is none."""
        spans = self.spans(text, is_folded=True)
        return _around(text, spans[0]) if spans else ""


def hits_of(matching: Matching, initials: Initials) -> Hits | None:
    """The hits of a search; None when it looks for no words."""
    return Hits(tuple(matching.words), initials) if matching.words else None


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text and, unless it is as long as the text, from which character each of its characters came."""
    folded = fold(text)
    if len(folded) == len(text):
        return folded, []
    pieces = [fold(char) for char in text]
    return "".join(pieces), [at for at, piece in enumerate(pieces) for _char in piece]


def _labelled(record: Record) -> Iterator[tuple[str, str]]:
    """The texts and days of a record and its lines with what they are called."""
    for row in (record, *(line for kind in record.LINES for line in record.lines(kind))):
        for field in row._meta.sorted_fields:
            if field.verbose_name and field.name != "stage" and isinstance(field, LineField | MomentField | DateField):
                value = getattr(row, field.name)
                if value:
                    label = field.verbose_name if row is record else f"{row.TITLE}·{field.verbose_name}"
                    yield label, str(value)


def _around(text: str, span: Span) -> str:
    """A hit in its text on one line, with … where something is left out."""
    start = max(span[0] - AROUND, 0)
    end = max(start + LONGEST, span[1])
    piece = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{piece}{'…' if end < len(text) else ''}"
