"""Reads the State Council's yearly notice of holidays (国务院办公厅关于2026年部分节假日安排的通知) as it is pasted.

Every clause (“六、中秋节：9月25日（周五）至27日（周日）放假，共3天。”) becomes days off and make-up days and says where
it contradicts itself, the calendar or the law (放假办法 §2). Nothing is guessed: what contradicts waits for the clerk.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from db.rules.feasts import feast
from db.rules.workdays import Day

FEASTS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
WEEKDAYS = "一二三四五六日"
# Days off that the law gives since 2025-01-01, by feast (放假办法 §2 as amended on 2024-11-10).
STATUTORY: dict[str, int] = dict(zip(FEASTS, (1, 4, 1, 2, 1, 1, 3), strict=True))
_THIRTEEN_SINCE = 2025
_LONGEST = 15  # days of one holiday; more is a slip of the pen
_ONE = timedelta(1)
_SATURDAY = 5

_YEARS = (re.compile(r"关于(\d{4})年部分节假日"), re.compile(r"现将(\d{4})年"), re.compile(r"(\d{4})年[^。]*节假日"))
_NUMBER = re.compile(r"国办发(?:明电)?〔\d{4}〕\d+号")
_FEAST = "|".join((*FEASTS, "清明", "端午", "中秋", "国庆", "五一", "劳动", "新年"))
_HEAD = re.compile(rf"(?:^|(?<=[。\s]))(?:[一二三四五六七八九十]+、)?((?:{_FEAST})(?:[、和](?:{_FEAST}))*)[:：]")
_DATE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^()]*)\))?"
_SPAN = re.compile(rf"{_DATE}(?:(?:至|到|—|–|-|~){_DATE})?")
_COUNT = re.compile(r"(?:共|放假)(\d{1,2}|[一二三四五六七八九十]+)天")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_CHINESE = {word: value for value, word in enumerate("零一二三四五六七八九十")}


@dataclass(frozen=True)
class Doubt:
    """What is wrong with a clause, in one sentence. `is_fatal`: there is no day to take, so it must be mended."""

    text: str
    is_fatal: bool = False


@dataclass(frozen=True)
class Clause:
    """One feast's arrangement: its place in the pasted text (line from 1), names, days off, make-up days, doubts."""

    line: int
    names: tuple[str, ...]
    text: str
    rest: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def name(self) -> str:
        """The feasts of the clause as they are written: 国庆节、中秋节."""
        return "、".join(self.names)


@dataclass(frozen=True)
class Notice:
    """A notice that was read: its year (None when the text does not say it), clauses, and what the whole lacks."""

    year: int | None
    number: str
    clauses: tuple[Clause, ...]
    doubts: tuple[Doubt, ...]

    @property
    def title(self) -> str:
        """What the days are entered from: 国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）."""
        return f"国务院办公厅关于{self.year}年部分节假日安排的通知" + (f"（{self.number}）" if self.number else "")

    def days(self) -> list[Day]:
        """Every day off and every make-up day, by date."""
        found = {on: Day(on, False, clause.name, self.title) for clause in self.clauses for on in clause.rest}
        for clause in self.clauses:
            for on in clause.worked:
                found.setdefault(on, Day(on, True, clause.name, self.title))
        return [found[on] for on in sorted(found)]


def read_notice(text: str, year: int | None = None) -> Notice:
    """Read a pasted notice; `year` stands in when the text does not say which year it is for."""
    folded = _fold(text)
    said = next((int(found[1]) for pattern in _YEARS if (found := pattern.search(folded))), None)
    number = _NUMBER.search(folded)
    known = said or year
    pieces = list(_pieces(folded))
    if known is None:
        return Notice(None, "", (), (Doubt("看不出是哪一年的放假安排，请选年份", True),) if pieces else ())
    clauses = _cross_checked([_read_clause(line, names, body, known) for line, names, body in pieces])
    return Notice(known, number[0] if number else "", tuple(clauses), tuple(_lacks(clauses)))


def _fold(text: str) -> str:
    """Half-width digits, brackets and colons, no blanks within a line; the lines stay."""
    folded = unicodedata.normalize("NFKC", text).replace("[", "〔").replace("]", "〕")
    return "\n".join(re.sub(r"[^\S\n]+", "", line) for line in folded.splitlines())


def _pieces(text: str) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """(line, feasts, what is said of them) for every clause; the notice's last sentences belong to none."""
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads), len(text)][1:]
    for head, end in zip(heads, ends, strict=False):
        body = text[head.end() : end]
        paragraphs = body.split("\n")
        kept = [paragraphs[0], *(part for part in paragraphs[1:] if "上班" in part or "放假" in part[:40])]
        names = tuple(_full_name(name) for name in re.split("[、和]", head[1]))
        yield text.count("\n", 0, head.start(1)) + 1, names, "".join(kept)


def _full_name(name: str) -> str:
    if name in ("五一", "劳动"):
        return "劳动节"
    if name == "新年":
        return "元旦"
    return name if name in FEASTS else f"{name}节"


def _read_clause(line: int, names: tuple[str, ...], body: str, year: int) -> Clause:
    """Read one clause and check it by itself."""
    doubts: list[Doubt] = []
    rest: list[date] = []
    worked: list[date] = []
    for sentence in filter(None, re.split("[。;；]", body)):
        if "上班" in sentence:
            worked += _days_of(sentence, names, year, doubts)
        elif re.search("鼓励|建议|可结合|值班", sentence):
            continue
        elif re.search("放假|连休|公休|休息", sentence):
            off = _days_of(sentence, names, year, doubts)
            if "连休" in sentence and "调休" not in sentence:
                off = _with_weekend(off)
            doubts += _miscounted(sentence, off)
            rest += off
    if not rest and not any(doubt.is_fatal for doubt in doubts):
        doubts.append(Doubt("看不出哪几天放假", True))
    if "不调休" in body and worked:
        doubts.append(Doubt("写明不调休，却又有上班的日子"))
    clause = Clause(line, names, body, tuple(sorted(set(rest))), tuple(sorted(set(worked))))
    return replace(clause, doubts=(*doubts, *_checked(clause, year)))


def _days_of(sentence: str, names: tuple[str, ...], year: int, doubts: list[Doubt]) -> list[date]:
    """Every day that a sentence names, spans written out; what cannot be read is put among the doubts."""
    found: list[date] = []
    month: int | None = None
    for match in _SPAN.finditer(sentence):
        parts = match.groups()
        first = _day(parts[:4], year, month, names, doubts)
        month = int(parts[1]) if parts[1] else month
        last = first
        if parts[6]:
            month = int(parts[5]) if parts[5] else month
            last = _day(parts[4:], first.year if first else year, month, (), doubts)
        if first is None or last is None:
            continue
        if last < first and not parts[4]:
            last = _of_year(last, last.year + 1)
        if not first <= last <= first + _LONGEST * _ONE:
            doubts.append(Doubt(f"从{_said(first)}到{_said(last)}不像一个假期，请核对日期", True))
            continue
        found += [first + at * _ONE for at in range((last - first).days + 1)]
    return found


def _day(
    parts: Sequence[str | None], year: int, month: int | None, names: tuple[str, ...], doubts: list[Doubt]
) -> date | None:
    """The day that (year, month, day, what stands in brackets) names; the 元旦 of a year may begin in December."""
    wanted = int(parts[1]) if parts[1] else month
    is_eve = not parts[0] and "元旦" in names and wanted == 12
    try:
        day = date(int(parts[0]) if parts[0] else year - is_eve, wanted or 0, int(parts[2] or 0))
    except ValueError:
        said = f"{wanted}月{parts[2]}日" if wanted else f"{parts[2]}日"
        doubts.append(Doubt(f"没有{said}这一天" if wanted else f"“{said}”看不出是几月", True))
        return None
    weekday = _WEEKDAY.search(parts[3] or "")
    is_written = weekday[1].replace("天", "日") if weekday else ""
    if is_written and is_written != WEEKDAYS[day.weekday()]:
        doubts.append(Doubt(f"{_said(day)}写的是周{is_written}，{day.year}年这一天是周{WEEKDAYS[day.weekday()]}"))
    return day


def _of_year(day: date, year: int) -> date:
    return day + _ONE if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _with_weekend(days: list[date]) -> list[date]:
    """The days with the rest days of the weekend that touch them."""
    found = set(days)
    for day in days:
        for step in (_ONE, -_ONE):
            near = day + step
            while near.weekday() >= _SATURDAY:
                found.add(near)
                near += step
    return sorted(found)


def _miscounted(sentence: str, days: Sequence[date]) -> Iterator[Doubt]:
    written = _COUNT.search(sentence)
    if written and days:
        count = int(written[1]) if written[1].isdecimal() else _CHINESE.get(written[1], 0)
        if count != len(set(days)):
            yield Doubt(f"写的是{count}天，{_said(days[0])}至{_said(days[-1])}却是{len(set(days))}天")


def _checked(clause: Clause, year: int) -> Iterator[Doubt]:
    """What contradicts the calendar or the law within one clause."""
    for on in clause.worked:
        if on in clause.rest:
            yield Doubt(f"{_said(on)}又放假又上班")
        elif on.weekday() < _SATURDAY:
            yield Doubt(f"{_said(on)}是周{WEEKDAYS[on.weekday()]}，本来就上班，不用补")
    for on in (*clause.rest, *clause.worked):
        if abs(on.year - year) > 1 or (on.year != year and "元旦" not in clause.names):
            yield Doubt(f"{on.year}年{_said(on)}不是{year}年的日子")
            return
    if clause.rest:
        yield from _against_the_law(clause, year)


def _against_the_law(clause: Clause, year: int) -> Iterator[Doubt]:
    """Feast days that are not among the days off; more or fewer days off, net of make-up days, than the law gives."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    off = set(clause.rest)
    for day in map(date.fromordinal, range(first, last + 1)):
        if feast(day) in clause.names and day not in off:
            yield Doubt(f"{_said(day)}是{feast(day)}，不在放假的日子里")
    if year >= _THIRTEEN_SINCE:
        weekdays = sum(day.weekday() < _SATURDAY for day in off)
        lawful = sum(STATUTORY[name] for name in clause.names)
        made_up = sum(day.weekday() >= _SATURDAY for day in clause.worked)
        if weekdays - made_up != lawful:
            yield Doubt(f"占{weekdays}个工作日、补班{made_up}天，净放{weekdays - made_up}天；法定是{lawful}天")


def _cross_checked(clauses: list[Clause]) -> list[Clause]:
    """The clauses with what they say against one another: a day in two holidays, a make-up day in another's holiday."""
    found: list[Clause] = []
    for clause in clauses:
        doubts = list(clause.doubts)
        for other in clauses:
            if other is clause:
                continue
            doubts += [Doubt(f"{_said(on)}上班，却在{other.name}的假期里") for on in clause.worked if on in other.rest]
            both = sorted(set(clause.rest) & set(other.rest))
            if both and clause.line > other.line:
                doubts.append(Doubt(f"{_said(both[0])}也在{other.name}的假期里"))
            if clause.line > other.line and set(clause.names) & set(other.names):
                doubts.append(Doubt(f"{clause.name}前面已经写过"))
        found.append(replace(clause, doubts=tuple(dict.fromkeys(doubts))))
    return found


def _lacks(clauses: Sequence[Clause]) -> Iterator[Doubt]:
    """Feasts that no clause names, and clauses out of their order."""
    named = {name for clause in clauses for name in clause.names}
    for name in FEASTS:
        if clauses and name not in named:
            yield Doubt(f"没有写{name}")
    for before, after in pairwise([clause for clause in clauses if clause.rest]):
        if after.rest[0] < before.rest[0] and not set(after.names) & set(before.names):
            yield Doubt(f"{after.name}写在{before.name}之后，日子却更早")
