"""Which figure each number of a report is, by the words around it and by its value in that year.

Only what is well attested is proposed with confidence: a phrase that stands at the number and a value that the
registers give as well. What speaks of another year, of a plan, of the whole county, or of what was only examined is
held down, and the clerk decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from db.figures import Value, rounded
from db.record import Figure
from db.rules.written_numbers import PERCENT, Folded, Written, find
from db.summaries.annual.around import PROPOSED, YEAR, Around, Match, matched
from db.summaries.annual.phrases import bundled, wordings

SURE = 0.8  # from here on taken over without asking
_TEXTS = frozenset({"《》", "heading"})  # what a wording of a text made of records stands for
_COMPARED = re.compile(
    "(?:同比|较上年|比上年|较去年|比去年|环比|与上年相比|较202\\d年).{0,6}$|(?:增长|下降|上升|提高|增加|减少|提升|降低)了?$"
)
_SUMS = frozenset("合计 总计 共计 共 计".split())


@dataclass(frozen=True)
class Binding:
    """One number of a report, or one claim without a number, and the figure that it is taken for.

    `start` … `end` are its characters in the report; `text` is the number with its words. `figure` is None when nothing
    is proposed, `comparison` 同比 or 增减 when the number tells the change of the figure; `confidence` runs to 1.
    """

    text: str
    start: int
    end: int
    number: Decimal | None
    unit: str
    noun: str
    figure: str | None
    confidence: float
    reason: str
    comparison: str = ""


def year_of(text: str) -> int | None:
    """The year that a report is about: the first that its head names; None when it names none."""
    found = YEAR.search(Folded.of(text[:400]).text)
    return int(found[1]) if found else None


class Reader:
    """Proposes the figures of reports. `figures` are all that the registers declare, `values` those of the year."""

    def __init__(self, figures: Iterable[Figure], values: Mapping[str, Value] | None = None) -> None:
        self.figures = {figure.key: figure for figure in figures}
        self.wordings = wordings(self.figures.values())
        self.passages = tuple(one for one in bundled() if one.units & _TEXTS)
        self._values = values or {}

    def bindings(self, text: str) -> list[Binding]:
        """A proposal for every number of a report."""
        folded = Folded.of(text)
        numbers = find(folded)
        year = year_of(text)
        found: list[Binding] = []
        for at, number in enumerate(numbers):
            around = Around.of(folded, numbers, at, year)
            told = [one for one in found if one.start >= around.opening and not one.comparison]
            parts = _parts_of(number, around, told)
            if parts:
                found = [_as_part(one, number) if one in parts else one for one in found]
                found.append(self._sum(number, around, parts))
            else:
                found.append(self._binding(number, around, told[-1] if told else None))
        return _once_each([_without_parts(one, found, text) for one in found])

    def _sum(self, number: Written, around: Around, parts: Sequence[Binding]) -> Binding:
        """What the numbers before it add up to is the figure that their words name."""
        key, *others = {one.figure for one in parts if one.figure}
        assert not others
        trust, reasons = self._weighed(key or "", number, around, 0.85, ["前面各数的合计"])
        return Binding(
            around.told(number, ""), number.start, number.end, number.value, number.unit, around.noun(),
            key if trust >= PROPOSED else None, round(trust, 2), "；".join(reasons),
        )  # fmt: skip

    def _binding(self, number: Written, around: Around, last: Binding | None) -> Binding:
        plain = Binding(
            around.told(number, ""), number.start, number.end, number.value, number.unit, around.noun(), None, 0.0,
            "没有对应的统计数字",
        )  # fmt: skip
        if _COMPARED.search(around.before):
            return self._compared(plain, number, last)
        matches = sorted(self._matches(number, around), key=lambda match: (-match.trust, -len(match.words)))
        if not matches:
            return self._by_value(plain, number, around)
        best = self._best(matches, number)
        rivals = [
            one for one in matches
            if one.wording is not best.wording and one.trust >= best.trust - 0.05 and len(one.words) >= len(best.words)
        ]  # fmt: skip
        trust, reasons = best.trust, [best.why]
        if rivals and not self._is_value(best.wording.figure, number):
            trust = min(trust, 0.5)
            reasons.append(f"也可能是{self.figures[rivals[0].wording.figure].label}")
        trust, reasons = self._weighed(best.wording.figure, number, around, trust, reasons)
        found = replace(plain, text=around.told(number, best.words), noun=best.words, confidence=round(trust, 2))
        if trust < PROPOSED:
            label = self.figures[best.wording.figure].label
            return replace(found, confidence=0.0, reason=f"像{label}，但{'；'.join(reasons[1:]) or '依据不足'}")
        return replace(found, figure=best.wording.figure, reason="；".join(reasons))

    def _best(self, matches: Sequence[Match], number: Written) -> Match:
        """The most trusted match; of those that are as good, the one with the longest words, then with the value."""
        first = matches[0]
        alike = [one for one in matches if one.trust >= first.trust - 0.05]
        longest = max(len(one.words) for one in alike)
        alike = [one for one in alike if len(one.words) == longest]
        return next((one for one in alike if self._is_value(one.wording.figure, number)), alike[0])

    def _matches(self, number: Written, around: Around) -> Iterator[Match]:
        is_rate = number.unit == PERCENT
        for wording in self.wordings:
            if number.unit not in wording.units or is_rate != (PERCENT in wording.units):
                continue
            found = matched(wording, around)
            if found:
                yield found

    def _weighed(
        self, key: str, number: Written, around: Around, trust: float, reasons: list[str]
    ) -> tuple[float, list[str]]:
        """The trust in a match after everything that speaks for it and against it."""
        most, told = around.most, [*reasons, *around.doubts]
        if number.is_rough:
            trust -= 0.1
            told.append("原文是约数，改用准数")
        if not number.unit:
            trust -= 0.1
        if len(number.text) == 1 and not number.text.isdigit():
            most = min(most, 0.6)
        value = self._values.get(key)
        label = self.figures[key].label
        if value is None or not value.value:
            return min(trust, most), told
        if self._is_value(key, number):
            bonus = 0.05 if number.is_rough else 0.12
            return min(trust + bonus, most + 0.15, 0.98), [*told, f"与台账该年的{label}一致"]
        return min(trust, most, 0.5), [*told, f"台账该年的{label}是{shown(value)}"]

    def _is_value(self, key: str, number: Written) -> bool:
        """Whether the registers give the same number for that year; a rough number may be up to a tenth below."""
        value = self._values.get(key)
        if value is None or value.value is None or not number.value:
            return False
        told = rounded(Decimal(value.value))
        if number.is_rough:
            return number.value <= told <= number.value * Decimal("1.1")
        return told == rounded(number.value)

    def _compared(self, plain: Binding, number: Written, last: Binding | None) -> Binding:
        """The change against last year of the figure before it."""
        if last is None or not last.figure or last.confidence < SURE:
            return replace(plain, reason="与上年相比的数，前面没有认准的数字")
        comparison = "同比" if number.unit == PERCENT else "增减"
        return replace(
            plain, figure=last.figure, comparison=comparison, confidence=0.6, noun=last.noun,
            reason=f"{self.figures[last.figure].label}与上年相比的数",
        )  # fmt: skip

    def _by_value(self, plain: Binding, number: Written, around: Around) -> Binding:
        """A figure of the same value whose label shares words with the sentence; never with confidence."""
        if number.value < 20 or number.is_rough or around.most < PROPOSED:
            return plain
        near = around.before[-14:] + around.after
        found = [
            key for key in self._values
            if self._is_value(key, number) and (self.figures[key].unit == PERCENT) == (number.unit == PERCENT)
            and any(pair in near for pair in _pairs(self.figures[key].label))
        ]  # fmt: skip
        if len(found) != 1:
            return plain
        return replace(
            plain, figure=found[0], confidence=0.45, reason=f"数值与台账该年的{self.figures[found[0]].label}一致"
        )


def _parts_of(number: Written, around: Around, told: Sequence[Binding]) -> tuple[Binding, ...]:
    """The numbers of the sentence just before a 合计 that add up to it and of which one figure is named; else none."""
    if around.noun() not in _SUMS:
        return ()
    alike = [one for one in told if one.unit == number.unit and one.number is not None]
    for most in range(2, len(alike) + 1):
        parts = alike[-most:]
        if sum(one.number or 0 for one in parts) == number.value:
            return tuple(parts) if len({one.figure for one in parts if one.figure}) == 1 else ()
    return ()


def _as_part(one: Binding, number: Written) -> Binding:
    return replace(one, figure=None, confidence=0.0, reason=f"只是合计{number.text}{number.unit}的一部分")


def _without_parts(one: Binding, found: Sequence[Binding], text: str) -> Binding:
    """A number after 其中 is a part of the one before it of the same figure, and no other value of it."""
    for whole in found:
        if whole.start >= one.start:
            break
        between = text[whole.end : one.start]
        is_part = "其中" in between and not re.search("[。！？]", between)
        if is_part and whole.figure and whole.figure == one.figure and not one.comparison:
            return replace(one, figure=None, confidence=0.0, reason=f"只是“{whole.text}”的一部分")
    return one


def _once_each(found: list[Binding]) -> list[Binding]:
    """A figure has one value in a year: of numbers that tell different ones, the most trusted keeps it."""
    best: dict[str, Binding] = {}
    for one in found:
        if one.figure and not one.comparison and one.confidence > getattr(best.get(one.figure), "confidence", 0):
            best[one.figure] = one
    kept: list[Binding] = []
    for one in found:
        first = best.get(one.figure or "")
        rival = next((other for other in found if one is first and _rivals(other, one)), None)
        if rival:  # as well attested: which of them it is, only the clerk knows
            reason = f"{one.reason}；另有“{rival.text}”"
            kept.append(replace(one, confidence=min(one.confidence, 0.6), reason=reason))
        elif first and not one.comparison and one.number != first.number:
            reason = f"前后不一：{one.reason}；同一数字另有“{first.text}”"
            kept.append(replace(one, figure=None, confidence=0.0, reason=reason))
        else:
            kept.append(one)
    return kept


def _rivals(other: Binding, first: Binding) -> bool:
    """Whether another number tells another value of the same figure, as well attested as the first."""
    return (
        other.figure == first.figure and not other.comparison and other.number != first.number
        and other.confidence >= first.confidence
    )  # fmt: skip


def _pairs(label: str) -> set[str]:
    plain = re.sub("[（）()：]", "", label)
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def shown(value: Value) -> str:
    """A value as a sentence tells it: 283, 97.9%, 100% (only the sign tells a rate apart; see `in_text`)."""
    return "—" if value.value is None else in_text(value.value, "%" if value.base is not None else "")


def in_text(value: int | Decimal, unit: str) -> str:
    """A number as running text has it: no decimals where there are none; 100 is no rate that only rounds to it."""
    if isinstance(value, int):
        return f"{value}{PERCENT if unit == PERCENT else ''}"
    for places in (1, 2, 3, 4):
        told = rounded(value, places)
        if told != 100 or value == 100:
            break
    text = f"{told:f}".rstrip("0").rstrip(".") if "." in f"{told:f}" else f"{told:f}"
    return f"{text}{PERCENT if unit == PERCENT else ''}"
