"""How the sheets of a file are read: where the heading stands, what each column is, of which year the days are."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from db.errors import Refused
from db.exchange.book import Book, Cell
from db.exchange.columns import CHOICES, LINE_MARK, NOTES
from db.exchange.heading import MOST_HEADING_ROWS, Heading, find_headings, month_in, titles_over, year_in
from db.exchange.periods import progress_key, tells_progress
from db.exchange.settling import by_cells, by_limit, if_sensible, if_several, if_ticked
from db.exchange.split_numbers import joined_columns
from db.exchange.targets import LEFT_OUT, MORE, Targets, bare, folded, targets
from db.exchange.xlsx_writing import letters
from db.record import Record

How = Literal["label", "remembered", "similar", "hand", "none"]

ALIKE = 0.75  # how similar a heading must be to one that is known, from 0 to 1
_A_YEAR = re.compile(r"(?:19|20)[0-9]{2}\s*年?度?")
_PARTS_OF_DAY = ("年", "月", "日")
_COUNTED = re.compile(r"[（(][年月日][）)]$")
_OF_A_PERIOD = re.compile(r"第?[一二三四1-4]季度|(?:1?[0-9]|[一二三四五六七八九十]{1,2})月|[上下]半年")
_OF_A_DAY = re.compile(r"截[至止]|[制填]表|月\s*[0-9]{1,2}\s*[日号]")  # a title that names the day of something else
# Behind a known heading these make it another thing: 问题序号 is no 问题, 印发情况 no 印发日期.
_OTHER_THING = re.compile(
    r"(?:号|序|率|数|量|类|别|型|人|员|单位|部门|机关|时间|日期|期限|时限|年限|依据|来源|结果|情况|原因|地点|方式|电话|金额)$"
)
REASON = "不能导入的原因"  # the heading of the column that a file of refused rows carries; it is not read
IGNORED = frozenset(map(folded, (REASON, "序号", "序", "行号", "No", "序列")))


def is_telling(label: str) -> bool:
    """Whether what stands under a heading may matter: no serial number, no reason why a row was refused."""
    return folded(label) not in IGNORED


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its place from 0, its heading, the key of its target (LEFT_OUT: not imported).

    `is_named`: it has a heading; one without is called by its letter.
    """

    at: int
    label: str
    key: str
    how: How = "none"
    is_named: bool = True


@dataclass(frozen=True)
class Layout:
    """One table of records and how it is read: rows below `heading` are data, those before `until` (None: all).

    `title`: the lines over the heading, the names of sheet and file. `shape` names the set of headings, under which the
    match is remembered. `year` is that of days without one, and
    `month` that of days without a month; None when neither sheet, title nor file name tells.
    """

    sheet: int
    name: str
    heading: Heading
    columns: tuple[Column, ...]
    shape: str
    year: int | None = None
    month: int | None = None
    until: int | None = None
    title: str = ""

    def with_field(self, at: int, key: str) -> Layout:
        """The same with another target for the column at place `at`; a field holds one column, so another lets go."""
        columns = tuple(
            replace(one, key=key, how="hand")
            if one.at == at
            else replace(one, key=LEFT_OUT, how="none")
            if key and one.key == key and "." not in key
            else one
            for one in self.columns
        )
        return replace(self, columns=columns)


Remembered = Mapping[str, Mapping[str, str]]  # shape -> folded heading -> key


def lay_out(
    book: Book, register: type[Record], remembered: Remembered | None = None, sheets: Sequence[int] = ()
) -> tuple[Layout, ...]:
    """How a file is read: its best sheet, and those of the same shape (months as sheets); or the sheets asked for.

    Raises:
        Refused: when no sheet has a heading that the register knows.
    """
    known = targets(register)
    found: list[tuple[Layout, ...]] = []
    for at, sheet in enumerate(book.sheets):
        is_other = sheet.is_hidden or LINE_MARK in sheet.name or sheet.name in (NOTES, CHOICES)
        if at not in sheets if sheets else is_other:
            continue
        headings = find_headings(sheet, known)
        if headings:
            ends = [*(heading.first for heading in headings[1:]), None]
            above = [None, *headings[:1] * (len(headings) - 1)]
            found.append(
                tuple(
                    layout_of(book, at, heading, register, remembered, end, first)
                    for heading, end, first in zip(headings, ends, above, strict=True)
                )
            )
    if not found:
        words = "、".join(f"“{sheet.name}”" for sheet in book.sheets[:5])
        wanted = "、".join(register.label(name) for name in register.MUSTS)
        raise Refused(f"在{words}里没有找到{register.TITLE}的表头，没有导入；表头里要有{wanted}等列名")
    if not sheets:
        best = max(
            (first for first, *_more in found), key=lambda one: (len(_matched(one)), len(book.sheets[one.sheet].rows))
        )
        found = [
            one for one in found
            if one[0].shape == best.shape or _matched(one[0]) >= _matched(best) or _is_shorter(one[0], best, register)
        ]  # fmt: skip
    return tuple(table for tables in found for table in tables)


def layout_of(
    book: Book, at: int, heading: Heading, register: type[Record], remembered: Remembered | None = None,
    until: int | None = None, first: Heading | None = None,
) -> Layout:  # fmt: skip
    """How one table is read below its heading, up to a row; `first` is the heading of the sheet's first one."""
    sheet = book.sheets[at]
    labels = [(column, labels) for column, labels in enumerate(heading.labels) if labels]
    shape = _shape(labels[0] for _column, labels in labels)
    known = targets(register)
    columns = _match(labels, known, (remembered or {}).get(shape, {}))
    rows = sheet.rows[heading.last + 1 : until]
    columns = _parts_of_day(columns, heading, known, register)
    columns = tuple(if_sensible(one, rows, known, register) for one in columns)
    columns = tuple(by_limit(one, columns, rows, known, register) for one in columns)
    columns = tuple(by_cells(one, columns, rows, known, register) for one in columns)
    columns = tuple(if_ticked(one, columns, heading, rows, known, register) for one in columns)
    unnamed = _unnamed(heading, rows)
    columns = tuple(sorted((*columns, *unnamed), key=lambda one: one.at)) if unnamed else columns
    columns = tuple(if_several(one, known) for one in joined_columns(columns, rows, known, register))
    titles = titles_over(sheet, heading, first)
    spanning = [said[-1] for _column, said in labels if _A_YEAR.fullmatch(said[-1])]
    year = year_in(sheet.name, *titles, *spanning, book.name)
    months = filter(None, map(month_in, (sheet.name, *(title for title in titles if not _OF_A_DAY.search(title)))))
    title = "\n".join((*titles, sheet.name, book.name))
    return Layout(at, sheet.name, heading, columns, shape, year, next(months, None), until, title)


def _parts_of_day(
    columns: tuple[Column, ...], heading: Heading, known: Targets, register: type[Record]
) -> tuple[Column, ...]:
    """年, 月 and 日 over columns beside one another are the business date, where no other column is."""
    name = register.BUSINESS_DATE
    is_told = any((target := known.by_key.get(one.key)) and target.field == name for one in columns)
    lowest = [heading.labels[one.at][:2][-1].strip() for one in columns]
    places = {label: at for at, label in enumerate(lowest) if not columns[at].key and label in _PARTS_OF_DAY}
    month, day = places.get("月"), places.get("日")
    if is_told or month is None or day != month + 1:
        return columns
    wanted = {month: "月", day: "日"} | ({month - 1: "年"} if places.get("年") == month - 1 else {})
    return tuple(
        replace(one, key=f"{name}/{wanted[at]}", how="label") if at in wanted else one for at, one in enumerate(columns)
    )


def _unnamed(heading: Heading, rows: Sequence[Sequence[Cell]]) -> list[Column]:
    """The columns that hold something under no heading."""
    return [
        Column(at, f"{letters(at)}列（没有列名）", LEFT_OUT, is_named=False)
        for at in range(max(map(len, rows), default=0))
        if not heading.label(at) and any(at < len(row) and row[at] not in (None, "") for row in rows)
    ]


def _matched(layout: Layout) -> frozenset[str]:
    return frozenset(column.key for column in layout.columns if column.key)


def _is_shorter(layout: Layout, best: Layout, register: type[Record]) -> bool:
    """Whether a sheet has the headings of another but for some that it leaves out."""
    said = {folded(label) for labels in best.heading.labels for label in labels} | IGNORED
    matched = _matched(layout)
    return (
        register.SUBJECT in matched
        and matched <= _matched(best)
        and all(not labels or not said.isdisjoint(map(folded, labels)) for labels in layout.heading.labels)
    )


def _shape(labels: Iterable[str]) -> str:
    """The name of a set of headings, whatever their order."""
    return hashlib.sha256("\n".join(sorted(set(map(folded, labels)))).encode()).hexdigest()[:32]


class _Matching:
    """Gives columns their targets; a field takes one column, lines take several."""

    def __init__(self, known: Targets) -> None:
        self.known = known
        self.found: dict[int, Column] = {}
        self.taken: set[str] = set()

    def take(self, at: int, label: str, key: str, how: How) -> None:
        """Let a column go to a target, if both are free. 有效期（年） counts years, and is no year."""
        target = self.known.by_key.get(key)
        if target is not None and target.part and _COUNTED.search(label):
            return
        if at not in self.found and target is not None and (key not in self.taken or target.is_many):
            self.found[at] = Column(at, label, key, how)
            self.taken.add(key)

    def take_parts(self, labels: Sequence[Labelled]) -> None:
        """收文月 and 收文日 beside one another are parts of 收文日期, though 收文日 alone would be all of it."""
        told = {at: texts[0] for at, texts in labels}
        for at, label in told.items():
            stem = folded(label).removesuffix("月")
            if not stem or folded(told.get(at + 1, "")) != f"{stem}日" or folded(label) == stem:
                continue
            for key in self.known.meant.get(f"{stem}日期", ()):
                for place, part in ((at - 1, "年"), (at, "月"), (at + 1, "日")):
                    if folded(told.get(place, "")) == f"{stem}{part}":
                        self.take(place, told[place], f"{key}/{part}", "label")

    def take_labelled(self, labels: Sequence[Labelled], fold: Callable[[str], str]) -> None:
        """Match by headings that are known as they stand, the most telling first."""
        for depth in range(MOST_HEADING_ROWS + 1):
            for at, said in labels:
                for key in self.known.meant.get(fold(said[depth]), ()) if depth < len(said) else ():
                    self.take(at, said[0], key, "label")


Labelled = tuple[int, tuple[str, ...]]  # the place of a column, and what it may be called


def _match(labels: Sequence[Labelled], known: Targets, kept: Mapping[str, str]) -> tuple[Column, ...]:
    """The target of each column: as remembered, by its heading, or by a similar one."""
    matching = _Matching(known)
    for at, said in labels:
        key = kept.get(folded(said[0]))
        if key == LEFT_OUT:
            matching.found[at] = Column(at, said[0], LEFT_OUT, "remembered")
        elif key is not None:
            matching.take(at, said[0], key, "remembered")
    named = [(at, said) for at, said in labels if is_telling(said[0])]
    for at, said in named:
        if tells_progress(said[0]) and (key := progress_key(known)):
            matching.take(at, said[0], key, "similar")  # 8月底 under 完成情况
    rest = [(at, said) for at, said in named if at not in matching.found]
    alone = {known.meant[word][0] for _at, said in rest for one in said if (word := folded(one)) in known.meant}
    for at, said in named:
        if not any(folded(one) in known.meant for one in said):
            both = known.by_key.get(next(filter(None, map(known.joined, said)), ""))
            is_told = both is not None and not alone.isdisjoint(both.key.split("+"))
            matching.take(at, said[0], MORE if is_told else both.key if both else LEFT_OUT, "label")
    matching.take_parts(named)
    matching.take_labelled(named, folded)
    matching.take_labelled(named, bare)
    for at, said in named:
        if at in matching.found:
            continue
        if _OF_A_PERIOD.match(said[0]) and MORE in known.by_key and _similar(said[0], known, set()):
            matching.take(at, said[0], MORE, "similar")  # 一季度进展, 二季度进展: the heading tells them apart
        else:
            matching.take(at, said[0], _similar(said[0], known, matching.taken), "similar")
    return tuple(matching.found.get(at) or Column(at, said[0], LEFT_OUT) for at, said in labels)


def _similar(label: str, known: Targets, taken: set[str]) -> str:
    """The free target whose heading is the most like a label; LEFT_OUT when none is near."""
    wanted = (bare(label) or folded(label)).replace("的", "")
    best, found = ALIKE, LEFT_OUT
    if len(wanted) < 2:
        return found
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for word, keys in known.meant.items():
        key = next((key for key in keys if key not in taken and "/" not in key), "")  # no part of a day or number
        if not key or len(word) < 2:
            continue
        matcher.set_seq1(word)
        alike = matcher.ratio() if matcher.real_quick_ratio() > best else 0
        if wanted.endswith(word) or (wanted.startswith(word) and not _OTHER_THING.search(wanted, len(word))):
            alike = max(alike, ALIKE + len(word) / 100)
        if alike > best:
            best, found = alike, key
    return found
