"""Last year's report as the template of this year's: its numbers, claims, titles and years become places to fill in.

What is not sure stays as it is written; the report itself is kept beside the template, so that nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from db.rules.written_numbers import PERCENT, Folded, wraps
from db.summaries.annual.bindings import SURE, Binding, Reader, year_of
from db.summaries.annual.phrases import Wording, claim_words

_NO_CLAIM = re.compile("[人平年月日户]均|均[衡匀线价]|全部门")
_BLANKS = " \t　"  # between a number and its unit they are a slip: 86    件
_CLAUSE, _CLAUSE_END = "，。；：！？\n", "，。；！？\n"
_SENTENCE = "。！？；\n"
_TITLES = re.compile("(?:《[^《》\n]+》[、，和及与\\s]*){3,}")
_SECTION = re.compile("[一二三四五六七八九十]+、[^\n。]{2,40}")
_IN_TITLE = re.compile("《[^》\n]*》|〔[^〕\n]*〕|“[^”\n]*”|（[^（）\n]*—[^（）\n]*）")


@dataclass(frozen=True)
class Claim:
    """A clause of a report that claims something of every record, and the condition under which it is true.

    `condition` is written as a template has it (reply_rate=100); empty when no figure can tell.
    """

    start: int
    end: int
    text: str
    condition: str
    confidence: float
    reason: str


@dataclass(frozen=True)
class Place:
    """Characters of a report that become `written` in the template: years, the office, titles, the problems."""

    start: int
    end: int
    written: str


@dataclass(frozen=True)
class Marked:
    """A report with what it could be filled in by; `labels` are the figures that a number may be taken for."""

    text: str
    bindings: tuple[Binding, ...]
    claims: tuple[Claim, ...]
    places: tuple[Place, ...]
    labels: dict[str, str]

    def template(self, least: float = SURE, confirmed: Collection[int] = (), refused: Collection[int] = ()) -> str:
        """The template, with every binding that is trusted at least so far.

        `confirmed` and `refused` are the starts of those that the clerk has decided on.
        """
        taken: list[Place] = []
        spans = [
            *(Place(one.start, one.end, f"{{{{{one.condition}：{self.text[one.start : one.end]}}}}}")
              for one in self.claims if one.condition and one.confidence >= least),
            *(Place(one.start, one.end, _slot(one)) for one in self.bindings
              if one.figure and one.number is not None and one.start not in refused
              and (one.confidence >= least or one.start in confirmed)),
            *self.places,
            *(Place(at, at + 1, "") for at in wraps(self.text)),
        ]  # fmt: skip
        for span in spans:
            if all(span.end <= other.start or span.start >= other.end for other in taken):
                taken.append(span)
        text, joined = self.text, {"", *map(_slot, self.bindings)}
        for span in sorted(taken, key=lambda one: -one.start):
            rest = text[span.end :]
            text = f"{text[: span.start]}{span.written}{rest.lstrip(_BLANKS) if span.written in joined else rest}"
        return "\n".join(filter(None, (line.strip(_BLANKS) for line in text.split("\n"))))


def propose(text: str, reader: Reader, office: str = "", passages: Collection[str] = ()) -> Marked:
    """Everything that can be filled in in a report; `passages` are the keys of texts that are made of records."""
    bindings = tuple(reader.bindings(text))
    claims = tuple(_claims(text, reader, bindings))
    labels = {key: figure.label for key, figure in reader.figures.items()}
    return Marked(text, bindings, claims, tuple(_places(text, office, reader, passages)), labels)


def _slot(binding: Binding) -> str:
    return f"{{{{{binding.figure}{f'.{binding.comparison}' if binding.comparison else ''}}}}}"


def _claims(text: str, reader: Reader, bindings: tuple[Binding, ...]) -> Iterator[Claim]:
    folded = Folded.of(text)
    places = {place: at for at, place in enumerate(folded.places)}
    seen: set[tuple[int, int]] = set()
    for start, end, kind in _claiming(folded.text):
        clause = folded.text[start:end]
        if (start, end) in seen or not clause:
            continue
        seen.add((start, end))
        inside = [one for one in bindings if one.start in places and start <= places[one.start] < end]
        if kind == "all" and any(one.unit == PERCENT and one.number != 100 for one in inside):
            continue
        sentence = folded.text[max(folded.text.rfind(mark, 0, start) for mark in _SENTENCE) + 1 : end]
        condition, why = _condition(clause, sentence, kind, inside, reader)
        confidence = 0.85 if condition else 0.0
        first, last = folded.places[start], folded.places[end - 1] + 1
        yield Claim(first, last, text[first:last], condition, confidence, why)


def _claiming(text: str) -> Iterator[tuple[int, int, str]]:
    """The clauses that hold a word of claiming, or 100%."""
    words = [(word.word, word.kind) for word in claim_words()] + [("100%", "all"), ("百分之百", "all")]
    for word, kind in words:
        for found in re.finditer(re.escape(word), text):
            if _NO_CLAIM.match(text[max(found.start() - 1, 0) :]) or _NO_CLAIM.match(text[found.start() :]):
                continue
            start = max(text.rfind(mark, 0, found.start()) for mark in _CLAUSE) + 1
            ends = [at for mark in _CLAUSE_END if (at := text.find(mark, found.end())) >= 0]
            yield start, min(ends, default=len(text)), kind


def _condition(clause: str, sentence: str, kind: str, inside: list[Binding], reader: Reader) -> tuple[str, str]:
    """The condition under which a clause is true, and how it was found."""
    if kind == "none":
        found = _longest(clause, [one for one in reader.wordings if PERCENT not in one.units])
        if found and getattr(reader.figures[found.figure], "nil", ""):
            return f"{found.figure}=0", f"没有一件{reader.figures[found.figure].label}"
        return "", "说的是一件也没有，没有能核对它的数字，请自行核实"
    rates = [one for one in reader.wordings if PERCENT in one.units]
    told = [one for one in rates if _tells(one, clause, sentence)]
    bound = [one.figure for one in inside if one.figure and one.number == Decimal(100)]
    if bound:
        told = [one for one in rates if one.figure in bound] + [one for one in told if one.figure not in bound]
    elif any(one.unit == PERCENT for one in inside):
        return "", "说的是每一件，没有能核对它的数字，请自行核实"
    keys: list[str] = []
    for one in told:
        each = [key for key in one.each if key in reader.figures] if "均" in clause else []
        keys += each or [one.figure]
    keys = [key for key in dict.fromkeys(keys) if key in reader.figures]
    if not keys:
        return "", "说的是每一件，没有能核对它的数字，请自行核实"
    return "且".join(f"{key}=100" for key in keys), "、".join(reader.figures[key].label for key in keys)


def _tells(wording: Wording, clause: str, sentence: str) -> bool:
    """Whether a clause names a rate: by its own words, or by weak ones in a sentence that says what they are of."""
    if any(pattern.search(clause) for pattern in wording.phrases):
        return True
    is_weak = any(pattern.search(clause) for pattern in wording.weak)
    return (
        is_weak
        and any(word in sentence for word in wording.with_)
        and not any(word in sentence for word in wording.without)
    )


def _longest(clause: str, wordings: list[Wording]) -> Wording | None:
    """The wording of which the most words stand in a clause."""
    found = [(len(match[0]), one) for one in wordings for pattern in one.phrases if (match := pattern.search(clause))]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _places(text: str, office: str, reader: Reader, passages: Collection[str]) -> Iterator[Place]:
    names = [found.span() for found in _IN_TITLE.finditer(text)]
    year = year_of(text)
    if year:
        for shift, word in ((0, "year"), (-1, "last_year"), (1, "next_year")):
            for found in re.finditer(f"(?<![\\d—-]){year + shift}(?=年)", text):
                if not any(start < found.start() < end for start, end in names):
                    yield Place(*found.span(), f"{{{{{word}}}}}")
    if office:
        for found in re.finditer(re.escape(office), text):
            yield Place(*found.span(), "{{office}}")
    for wording in (one for one in reader.passages if one.figure in passages):
        yield from _titles(text, wording) if "《》" in wording.units else _section(text, wording)


def _titles(text: str, wording: Wording) -> Iterator[Place]:
    """A list of three titles or more that were studied."""
    for found in _TITLES.finditer(text):
        before = text[max(found.start() - 15, 0) : found.start()]
        if any(pattern.search(before) for pattern in wording.phrases):
            end = found.end() - (len(found[0]) - len(found[0].rstrip("、，和及与 \n\t　")))
            yield Place(found.start(), end, f"{{{{{wording.figure}}}}}")
            return


def _section(text: str, wording: Wording) -> Iterator[Place]:
    """What stands under a heading with these words, up to the next heading of the same rank."""
    heads = list(_SECTION.finditer(text))
    for at, head in enumerate(heads):
        if any(pattern.search(head[0]) for pattern in wording.phrases):
            end = heads[at + 1].start() if at + 1 < len(heads) else len(text)
            body = text[head.end() : end]
            start = head.end() + len(body) - len(body.lstrip())
            if body.strip():
                yield Place(start, start + len(body.strip()), f"{{{{{wording.figure}}}}}")
            return
