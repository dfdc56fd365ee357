"""What stands around a number of a report, and how far the words found there are trusted to name it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from db.rules.written_numbers import PERCENT, Folded, Written
from db.summaries.annual import phrases
from db.summaries.annual.phrases import Wording

PROPOSED = 0.4  # below this nothing is proposed
YEAR = re.compile("(20\\d\\d)年")
_FILLER = re.compile(
    "(?:分别|共计|总计|合计|累计|总数|数量|件数|次数|比例|均|都|已|全部|也|共|计|达到|达|为|是|有|了|约|到|各类|各|等|活动|工作|会议|会|其中|办理|受理|"
    '收到|接收|处理|流转|完成|开展|召开|组织|举办|下发|印发|发出|发放|制发|[：“”"（）])*'
)
_PLANS = re.compile("下一步|下步|工作计划|工作打算|工作思路|工作安排|下一年度|今后|努力方向|主要安排")
_HEADING = re.compile(
    "(?:^|\n)(?:(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十]+部分)[^\n]{0,40}|[^\n。，；]{2,20}(?=\n))"
)


@dataclass(frozen=True)
class Match:
    """A wording found at a number: how far it is trusted, the words found, how long they are."""

    wording: Wording
    trust: float
    words: str
    why: str


@dataclass(frozen=True)
class Around:
    """What stands around a number.

    `before` goes back to the number before it or to the start of the part, `after` up to the next mark; `sentence` is
    what lies between its start (at `opening` of the text) and there. `most` is how far any match may be trusted,
    `doubts` why.
    """

    before: str
    after: str
    sentence: str
    earlier: str
    opening: int
    most: float
    doubts: tuple[str, ...]

    @classmethod
    def of(cls, folded: Folded, numbers: Sequence[Written], at: int, year: int | None) -> Around:
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
        earlier = re.split("[。！？]", text[text.rfind("\n", 0, opening) + 1 : max(opening - 1, 0)])[-1]
        most, doubts = _held_down(text[: number.left], before, sentence, year)
        return cls(before, after, sentence, earlier, folded.places[opening], most, doubts)

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
    years = YEAR.findall(before) or YEAR.findall(sentence)
    if year and years and int(years[-1]) != year:
        most, doubts = min(most, 0.45), [*doubts, f"说的是{years[-1]}年"]
    return most, tuple(doubts)


def matched(wording: Wording, around: Around) -> Match | None:
    """The best place at which a wording is found around a number."""
    joined = around.before + around.after
    best: tuple[float, int, str, int] | None = None
    for loss, patterns in ((0.0, wording.phrases), (_loss_of_weak(wording, around), wording.weak)):
        if loss is None:
            continue
        for pattern in patterns:
            for found in pattern.finditer(joined):
                trust = _trust(found.start(), found.end(), around) - loss
                if best is None or (trust, len(found[0])) > best[:2]:
                    best = (trust, len(found[0]), found[0], found.start())
    if best is None or best[0] < PROPOSED - 0.1:
        return None
    trust, _length, words, start = best
    words = words.lstrip("，、；：")
    if _is_another(wording, joined, start, around):
        return None
    return Match(wording, trust, words, f"“{words}”")


def _loss_of_weak(wording: Wording, around: Around) -> float | None:
    """How much less words are trusted that name a figure only beside others; None when these are not there.

    A rate may stand in a sentence of its own after the one that tells what it is of: 承办建议89件。满意率98.9%。
    """
    if any(word in around.sentence for word in wording.with_):
        return 0.25
    if PERCENT not in wording.units or any(word in around.earlier for word in wording.without):
        return None
    return 0.35 if any(word in around.earlier for word in wording.with_) else None


def _trust(start: int, end: int, around: Around) -> float:
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


def _is_another(wording: Wording, joined: str, start: int, around: Around) -> bool:
    """Whether a word in the clause makes it another thing: 清理规范性文件, 转发文件."""
    if PERCENT in wording.units:  # what a rate is of stands clauses before it: 受理热线诉求8631件，办结率99.2%
        return any(word in around.sentence.rpartition("；")[2] for word in wording.without)
    junction = len(around.before)
    clause = max((joined.rfind(mark, 0, min(start, junction)) for mark in "，；、"), default=-1) + 1
    return any(word in joined[clause:] for word in wording.without)
