"""Drafts the report of a year: a template filled in from the registers, its claims checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from db.store.store import Store
from db.summaries.annual.checklist import findings
from db.summaries.annual.claims import checked
from db.summaries.annual.facts import Facts
from db.summaries.annual.report import Claim, Claimed, Fact, Paragraph, Report, Run, Told, Words
from db.summaries.annual.template import WORDS, Guarded, Piece, Plain, Slot, Template, read
from db.summaries.annual.templates import TemplateText, template
from db.summaries.wording import long_date, period_words

_FIRST = re.compile("[一二三四五六七八九十]+、")
_SECOND = re.compile("（[一二三四五六七八九十]+）")
_THIRD = re.compile(r"\d+[.．、](?!\d)")
_DATE = re.compile("20\\d\\d年\\d{1,2}月\\d{1,2}日")
_LONGEST_HEADING = 60
_MOST_TITLE_LINES, _ENDS_TITLE = 4, ("报告", "总结")


class Draft:
    """Drafts the report of `year`; `now` is the moment at which it is drafted."""

    def __init__(self, store: Store, year: int, now: datetime, chosen: TemplateText | None = None) -> None:
        """Raises Refused when `chosen` is not given and no template is there."""
        self._store, self._year, self._now = store, year, now
        self._chosen = chosen or template()
        self._facts = Facts(store, year, now.date())
        self._known: dict[str, Fact] = {}
        self._claims: list[Claim] = []

    def report(self) -> Report:
        """The draft."""
        read_text = read(self._chosen.text, self._facts.names())
        keys = [key for key in read_text.figures() if key not in WORDS]
        self._known = {fact.key: fact for fact in self._facts.read(keys)}
        title, body = _parted(read_text)
        paragraphs = tuple(self._paragraphs(body))
        office = self._store.rules.setting("office")
        paragraphs, signed, dated = _signature(paragraphs, office, long_date(self._now.date()))
        period = self._facts.period
        is_running = self._now.date() < period.end
        drafted = Report(
            office=office, year=self._year, start=period.start, end=period.end, is_running=is_running,
            title=tuple("".join(run.text for run in self._runs(line, 0)) for _number, line in title),
            paragraphs=paragraphs, signed=signed, dated=dated, facts=tuple(self._known.values()),
            claims=tuple(self._claims), findings=(), template=self._chosen.name,
        )  # fmt: skip
        told = findings(drafted, read_text, self._facts, self._store)
        return replace(drafted, findings=tuple(told))

    def _paragraphs(self, lines: Iterable[tuple[int, Sequence[Piece]]]) -> Iterator[Paragraph]:
        for at, (number, line) in enumerate(lines):
            yield paragraph(tuple(self._runs(line, at)), number)

    def _runs(self, line: Sequence[Piece], at: int) -> Iterator[Run]:
        for piece in line:
            if not isinstance(piece, Guarded):
                yield self._run(piece)
                continue
            runs = tuple(map(self._run, piece.pieces))
            text = "".join(run.text for run in runs)
            runs = tuple(_linked(runs, piece, self._known))
            self._claims.append(checked(piece, text, self._known, self._facts, at))
            yield Claimed(runs, len(self._claims) - 1)

    def _run(self, piece: Plain | Slot) -> Words | Told:
        if isinstance(piece, Plain):
            return Words(piece.text)
        if piece.name in WORDS:
            return Words(self._word(piece.name))
        fact = self._known[piece.name]
        shown = {"": fact.shown, "同比": fact.change, "增减": fact.difference}.get(piece.aspect)
        if shown is None:
            shown = "—" if fact.before is None else str(fact.before)
        return Told(shown, fact.key)

    def _word(self, name: str) -> str:
        rules, period = self._store.rules, self._facts.period
        return {
            "year": str(self._year), "last_year": str(self._year - 1), "next_year": str(self._year + 1),
            "office": rules.setting("office"), "county": rules.setting("county"), "period": period_words(period),
            "date": long_date(self._now.date()),
        }[name]  # fmt: skip


def _linked(runs: Sequence[Words | Told], piece: Guarded, facts: dict[str, Fact]) -> Iterator[Words | Told]:
    """The words of a claim; a value of its first figure that stands in them as 100% leads to its rows as well."""
    key = piece.conditions[0].figure
    for run in runs:
        match = re.search("100[%％]", run.text) if isinstance(run, Words) and facts[key].unit == "%" else None
        if match is None:
            yield run
            continue
        parts = (run.text[: match.start()], match[0], run.text[match.end() :])
        yield from (one for one in (Words(parts[0]), Told(parts[1], key), Words(parts[2])) if one.text)


def _parted(template_read: Template) -> tuple[list[tuple[int, tuple[Piece, ...]]], list[tuple[int, tuple[Piece, ...]]]]:
    """The lines of the title (those before the first that is a sentence or a heading), and the rest; no blank ones."""
    lines = [(number, line) for number, line in enumerate(template_read.lines, 1) if not _is_blank(line)]
    title: list[tuple[int, tuple[Piece, ...]]] = []
    for number, line in lines[:_MOST_TITLE_LINES]:
        text = "".join(piece.text if isinstance(piece, Plain) else "某某" for piece in line).strip()
        is_told = any(not isinstance(piece, Plain) and getattr(piece, "name", "") not in WORDS for piece in line)
        if is_told or len(text) > _LONGEST_HEADING or re.search("[。，：；]", text) or _FIRST.match(text):
            break
        title.append((number, line))
        if text.endswith(_ENDS_TITLE):
            break
    return title, lines[len(title) :]


def _is_blank(line: Sequence[Piece]) -> bool:
    return all(isinstance(piece, Plain) and not piece.text.strip() for piece in line)


def paragraph(runs: tuple[Run, ...], line: int) -> Paragraph:
    """A paragraph of runs: its level by how it begins, its heading parted from the rest."""
    runs = _stripped(runs)
    text = "".join(run.text for run in runs)
    if _FIRST.match(text) and len(text) <= _LONGEST_HEADING and "。" not in text.rstrip("。"):
        return Paragraph(1, runs, (), line)
    if _SECOND.match(text):
        stop = text.find("。") + 1
        if not stop and len(text) <= _LONGEST_HEADING:
            stop = len(text)
        if 0 < stop <= _LONGEST_HEADING:
            return Paragraph(2, *_split(runs, stop), line)
    return Paragraph(3 if _THIRD.match(text) else 0, (), runs, line)


def _stripped(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs without the blanks before the first and after the last word."""
    found = list(runs)
    if found and isinstance(found[0], Words):
        found[0] = Words(found[0].text.lstrip(" \t　"))
    if found and isinstance(found[-1], Words):
        found[-1] = Words(found[-1].text.rstrip(" \t　"))
    return tuple(run for run in found if run.text)


def _split(runs: tuple[Run, ...], at: int) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """The runs of the first `at` characters, and the rest; a number or a claim is never cut."""
    head: list[Run] = []
    left = at
    for place, run in enumerate(runs):
        if left <= 0:
            return tuple(head), runs[place:]
        if len(run.text) > left and isinstance(run, Words):
            return (*head, Words(run.text[:left])), (Words(run.text[left:]), *runs[place + 1 :])
        head.append(run)
        left -= len(run.text)
    return tuple(head), ()


def _signature(paragraphs: tuple[Paragraph, ...], office: str, today: str) -> tuple[tuple[Paragraph, ...], str, str]:
    """The text without the signature and date that stand at its end, and these; the office and today without them."""
    signed, dated = office, today
    if paragraphs and _DATE.fullmatch(paragraphs[-1].text.strip()):
        paragraphs, dated = paragraphs[:-1], paragraphs[-1].text.strip()
    if paragraphs and paragraphs[-1].text.strip() == office:
        paragraphs = paragraphs[:-1]
    return paragraphs, signed, dated
