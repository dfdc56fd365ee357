"""Tells two things apart that stand in one cell: a result and its day, a person and the post."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from typing import Any

from db.exchange.book import Cell
from db.exchange.readings import EMPTY, NOTHING, Both, Reading, line_text
from db.exchange.targets import Target, targets
from db.exchange.unit_and_person import person_and_post
from db.record import DateField, LineField, ParagraphField, PersonField, Record, TermField

Read = Callable[[Cell], Reading]

# One without a year is 3月6日 anywhere, 3.6 only where it stands by itself: 完成率9.5 is no day.
_DAY = re.compile(
    r"(?<![0-9.])(?:(?:19|20)?[0-9]{2}\s*[-./年]\s*[0-9]{1,2}\s*[-./月]\s*[0-9]{1,2}\s*[日号]?"
    r"|[0-9]{1,2}月[0-9]{1,2}[日号]?"
    r"|(?<![㐀-鿿])[0-9]{1,2}[./-][0-9]{1,2})(?![0-9.%％])"
    r"(?:\s*[上下]午)?(?:\s*[0-9]{1,2}[:：时点](?:[0-9]{1,2}分?)?)?"
)
_AROUND = " \t\r\n　：:，,、；;/／|（(【["
_CLOSED = _AROUND + "）)】]"


def holds_words(one: Any) -> bool:
    """Whether a field takes any text."""
    return type(one) in (LineField, ParagraphField)


def reader_of_two(own: Any, beside: Any, column: Callable[[Any], Read], people: Collection[str]) -> Read | None:
    """What reads the cells that hold a field and a day, or a person and the post; `column` gives what reads a field."""
    if not isinstance(beside, DateField):
        word = column(beside)
        return (lambda cell: read_post(cell, beside, word, people)) if isinstance(own, PersonField) else None
    first, day, is_text = column(own), column(beside), holds_words(own)
    return lambda cell: read_dated(cell, beside, first, day, is_text)


def read_dated(cell: Cell, beside: Any, read_own: Read, read_day: Read, is_text: bool) -> Reading:
    """What a cell says of a field and of a day: A类，2022.6.5. What cannot be told apart is left over.

    `is_text`: the field takes any text, so that it keeps the sentence amid which the day stands.
    """
    text, whole = line_text(cell, keep_lines=True), line_text(cell)
    if text in NOTHING:
        return EMPTY
    if not isinstance(cell, str) and isinstance((alone := read_day(cell)).value, date):
        return alone._replace(value=Both(None, alone.value))
    found = list(_DAY.finditer(text))
    day = read_day(found[0][0]) if len(found) == 1 else EMPTY
    if day.problem or day.value is None:
        own = read_own(text)
        return Reading(Both(None if own.problem else own.value, None), whole, left=whole if own.problem else own.left)
    before, after = text[: found[0].start()].strip(_AROUND), text[found[0].end() :].strip(_CLOSED)
    is_amid = bool(before and after)
    rest = text if is_amid and is_text else before + after
    own = read_own(rest) if rest else EMPTY
    left = whole if own.problem or (is_amid and not is_text) else own.left
    note = f"{beside.verbose_name}记作“{found[0][0].strip()}”"
    return Reading(Both(None if own.problem else own.value, day.value), whole, note=note, left=left)


def read_post(cell: Cell, beside: Any, read_word: Read, people: Collection[str]) -> Reading:
    """What a cell says of a person and of the post: 李强（副县长）; a post that stands for a kind is left over too."""
    text = line_text(cell)
    if text in NOTHING:
        return EMPTY
    person, post = person_and_post(text, people)
    if not isinstance(beside, TermField):
        return Reading(Both(person or text, post if person else None), text)
    said = [read_word(one) for one in (post, post[-3:], post[-2:]) if one] if person else [read_word(text)]
    kind = next((one.value for one in said if not one.problem), None)
    is_held = (person or kind) and (not post or post == kind)
    note = f"{beside.verbose_name}记作“{kind}”" if kind else ""
    return Reading(Both(person or None, kind), text, note=note, left="" if is_held else text)


def apart(register: type[Record], target: Target, reading: Reading) -> list[tuple[Target, Cell, Reading]]:
    """The columns of lines that a cell of two of their fields stands for, each with what it holds."""
    if not isinstance(reading.value, Both):
        return []
    known = targets(register).by_key
    both = zip(target.key.split("+"), reading.value, strict=True)
    return [
        (replace(known[key], fixed=target.fixed), value, Reading(value, reading.text))
        for key, value in both
        if value is not None
    ]
