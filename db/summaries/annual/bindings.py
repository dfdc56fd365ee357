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
from db.summaries.annual import phrases
from db.summaries.annual.phrases import Wording, bundled, wordings

SURE, PROPOSED = 0.8, 0.4  # from here on taken over without asking; below the second nothing is proposed
_TEXTS = frozenset({"《》", "heading"})  # what a wording of a text made of records stands for
_FILLER = re.compile(
    "(?:分别|共计|总计|合计|累计|总数|数量|件数|次数|比例|均|都|已|全部|也|共|计|达到|达|为|是|有|了|约|到|各类|各|等|活动|工作|会议|会|其中|办理|受理|"
    '收到|接收|处理|流转|完成|开展|召开|组织|举办|下发|印发|发出|发放|制发|[：“”"（）])*'
)
_COMPARED = re.compile(
    "(?:同比|较上年|比上年|较去年|比去年|环比|与上年相比|较202\\d年).{0,6}$|(?:增长|下降|上升|提高|增加|减少|提升|降低)了?$"
)
_PLANS = re.compile("下一步|下步|工作计划|工作打算|工作思路|工作安排|下一年度|今后|努力方向|主要安排")
_HEADING = re.compile(
    "(?:^|\n)(?:(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十]+部分)[^\n]{0,40}|[^\n。，；]{2,20}(?=\n))"
)
_YEAR = re.compile("(20\\d\\d)年")


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


@dataclass(frozen=True)
class _Match:
    """A wording found at a number: how far it is trusted, the words found, how long they are."""

    wording: Wording
    trust: float
    words: str
    why: str


def year_of(text: str) -> int | None:
    """The year that a report is about: the first that its head names; None when it names none."""
    found = _YEAR.search(Folded.of(text[:400]).text)
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
            around = _Around.of(folded, numbers, at, year)
            told = [one for one in found if one.start >= around.opening and not one.comparison]
            found.append(self._binding(number, around, told[-1] if told else None))
        return _once_each(found)

    def _binding(self, number: Written, around: _Around, last: Binding | None) -> Binding:
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

    def _best(self, matches: Sequence[_Match], number: Written) -> _Match:
        """The most trusted match; of those that are as good, the one with the longest words, then with the value."""
        first = matches[0]
        alike = [one for one in matches if one.trust >= first.trust - 0.05]
        longest = max(len(one.words) for one in alike)
        alike = [one for one in alike if len(one.words) == longest]
        return next((one for one in alike if self._is_value(one.wording.figure, number)), alike[0])

    def _matches(self, number: Written, around: _Around) -> Iterator[_Match]:
        is_rate = number.unit == PERCENT
        for wording in self.wordings:
            if number.unit not in wording.units or is_rate != (PERCENT in wording.units):
                continue
            match = _match(wording, around)
            if match:
                yield match

    def _weighed(
        self, key: str, number: Written, around: _Around, trust: float, reasons: list[str]
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

    def _by_value(self, plain: Binding, number: Written, around: _Around) -> Binding:
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


@dataclass(frozen=True)
class _Around:
    """What stands around a number.

    `before` goes back to the number before it or to the start of the part, `after` up to the next mark; `sentence` is
    what lies between its start (at `opening` of the text) and there. `most` is how far any match may be trusted,
    `doubts` why.
    """

    before: str
    after: str
    sentence: str
    opening: int
    most: float
    doubts: tuple[str, ...]

    @classmethod
    def of(cls, folded: Folded, numbers: Sequence[Written], at: int, year: int | None) -> _Around:
        """Look around number `at`."""
        text, number = folded.text, numbers[at]
        start = max(text.rfind(mark, 0, number.left) for mark in "。！？；\n") + 1
        opening = max(text.rfind(mark, 0, number.left) for mark in "。！？\n") + 1
        begin = max(start, numbers[at - 1].right) if at and numbers[at - 1].right > start else start
        before = text[begin : number.left]
        limit = numbers[at + 1].left if at + 1 < len(numbers) else len(text)
        after = re.split("[，。；、！？\n]", text[number.right : min(limit, number.right + 20)], maxsplit=1)[0]
        if limit - number.right == len(after) and limit < len(text):
            after = ""  # what leads straight to the next number belongs to that one
        sentence = text[opening : number.right] + after
        most, doubts = _held_down(text[: number.left], before, sentence, year)
        return cls(before, after, sentence, folded.places[opening], most, doubts)

    def noun(self) -> str:
        """The words before a number, without those that only lead to it."""
        clause = re.split("[，。；、：\n]", self.before)[-1]
        return clause[-10:] or self.after[:8]

    def told(self, number: Written, words: str) -> str:
        """The number with its words as they stand there."""
        whole = self.before
        at = whole.rfind(words) if words else -1
        left = whole[at:] if at >= 0 else self.noun() if self.noun() and whole.endswith(self.noun()) else ""
        right = self.after[: self.after.find(words) + len(words)] if at < 0 and words and words in self.after else ""
        unit = "" if number.unit == PERCENT else number.unit
        return f"{left}{number.text}{unit}{right}"


def _held_down(head: str, before: str, sentence: str, year: int | None) -> tuple[float, tuple[str, ...]]:
    most, doubts = 1.0, list[str]()
    headings = _HEADING.findall(head)
    if headings and _PLANS.search(headings[-1]):
        most, doubts = 0.3, ["在下一步计划里"]
    for doubt in phrases.doubts():
        if doubt.words.search(before):
            most, doubts = min(most, doubt.most), [*doubts, doubt.why]
    years = _YEAR.findall(before) or _YEAR.findall(sentence)
    if year and years and int(years[-1]) != year:
        most, doubts = min(most, 0.45), [*doubts, f"说的是{years[-1]}年"]
    return most, tuple(doubts)


def _match(wording: Wording, around: _Around) -> _Match | None:
    """The best place at which a wording is found around a number."""
    joined = around.before + around.after
    best: tuple[float, int, str, int] | None = None
    for is_weak, patterns in ((False, wording.phrases), (True, wording.weak)):
        if is_weak and not any(word in around.sentence for word in wording.with_):
            continue
        for pattern in patterns:
            for found in pattern.finditer(joined):
                trust = _trust(found.start(), found.end(), around) - (0.25 if is_weak else 0)
                if best is None or (trust, len(found[0])) > best[:2]:
                    best = (trust, len(found[0]), found[0], found.start())
    if best is None or best[0] < PROPOSED - 0.1:
        return None
    trust, _length, words, start = best
    if _is_another(wording, joined, start, around):
        return None
    return _Match(wording, trust, words, f"“{words}”")


def _trust(start: int, end: int, around: _Around) -> float:
    """How far words at a place around a number are trusted to name it."""
    junction = len(around.before)
    if start < junction < end:
        return 0.85
    if start >= junction:
        lead = around.after[: start - junction]
        return 0.8 if len(lead) <= 4 else 0.55 if len(lead) <= 8 else 0.35
    gap = around.before[end:]
    if _FILLER.fullmatch(gap):
        return 0.85
    first, mark, rest = gap.partition("，")
    if mark and "，" not in rest and len(first) <= 6 and _FILLER.fullmatch(rest):
        return 0.7
    return 0.6 if len(gap) <= 6 and not re.search("[，、]", gap) else 0.35


def _is_another(wording: Wording, joined: str, start: int, around: _Around) -> bool:
    """Whether a word in the clause makes it another thing: 清理规范性文件, 转发文件."""
    if PERCENT in wording.units:  # what a rate is of stands clauses before it: 受理热线诉求8631件，办结率99.2%
        return any(word in around.sentence.rpartition("；")[2] for word in wording.without)
    junction = len(around.before)
    clause = max((joined.rfind(mark, 0, min(start, junction)) for mark in "，；、"), default=-1) + 1
    return any(word in joined[clause:] for word in wording.without)


def _once_each(found: list[Binding]) -> list[Binding]:
    """A figure has one value in a year: of numbers that tell different ones, the most trusted keeps it."""
    best: dict[str, Binding] = {}
    for one in found:
        if one.figure and not one.comparison and one.confidence > getattr(best.get(one.figure), "confidence", 0):
            best[one.figure] = one
    kept: list[Binding] = []
    for one in found:
        first = best.get(one.figure or "")
        if first and not one.comparison and one.number != first.number:
            reason = f"前后不一：{one.reason}；同一数字另有“{first.text}”"
            kept.append(replace(one, figure=None, confidence=0.0, reason=reason))
        else:
            kept.append(one)
    return kept


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
