"""Tells the units and the people apart that stand in one cell: 县水利局 张三, 县水利局（张三）."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache
from typing import Any, NamedTuple

from db.directory.units import UnitNames
from db.exchange.book import Cell
from db.exchange.readings import EMPTY, NOTHING, Both, Reading, line_text
from db.resources import RESOURCES

_BETWEEN = re.compile(r"[\s/／|、，,：:；;()（）【】\[\]]+|(?<![0-9])[—–-]+|[—–-]+(?![0-9])")
_BESIDE = re.compile(r"[\s／|]+|(?<=[局委办镇乡道院会])[和与及]")
_CAPTION = re.compile(r"(?:责任|承办|牵头|主办|办理|联系|经办|具体)?(?:单位|部门|负责人|责任人|承办人|联系人|经办人)")
_PHONE = re.compile(r"[0-9][0-9-]{6,}")
_PLAIN = re.compile(r"[㐀-鿿𠀀-𪛟·]+")
_OFFICE = re.compile(
    r".+(?:局|委|办|镇|乡|街道|政府|法院|检察院|医院|学院|学校|中心|公司|单位|部门|办公室|管委会|联合会)"
)
_LIKE_OFFICE = re.compile(r".+(?:会|社|馆|站|所|队|村|场|室|科|股|部|处|团|厂|组|区|县|市|校|院|联|行|园)")
_POST = re.compile(
    r"(?:党组|党委|常务)?副?(?:书记|局长|主任|镇长|乡长|县长|部长|科长|股长|站长|所长|院长|校长|处长|主席|主任科员|科员)"
)
_SHORTEST_OFFICE = 3
_NAME = range(2, 4)  # characters of a name with a single surname; one with a double surname has one more


@cache
def _surnames() -> frozenset[str]:
    return frozenset((RESOURCES / "exchange" / "surnames.txt").read_text(encoding="utf-8").split())


class Told(NamedTuple):
    """The units and people of a text in their order; `is_all`: it says nothing besides."""

    units: tuple[str, ...]
    people: tuple[str, ...]
    is_all: bool


def tell_apart(text: str, units: UnitNames, people: Collection[str]) -> Told | None:
    """What of a text is a unit and what a person; None when any of it is not certain."""
    found: dict[str, list[str]] = {"unit": [], "person": []}
    is_all = True
    for piece in filter(None, _BETWEEN.split(text)):
        if _CAPTION.fullmatch(piece):
            continue
        if _PHONE.fullmatch(piece) or _POST.fullmatch(piece):
            is_all = False
            continue
        parts = _parts(piece, units, people)
        if parts is None:
            return None
        for kind, name, is_bare in parts:
            found[kind].append(name)
            is_all = is_all and is_bare
    told = Told(tuple(dict.fromkeys(found["unit"])), tuple(dict.fromkeys(found["person"])), is_all)
    return told if told.units or told.people else None


def units_beside(text: str) -> list[str]:
    """The units that stand beside one another in a text (县教育局 县财政局, 县教育局和县财政局); else the text alone.

    Each must be the name of an office by its last word: 县人力资源和社会保障局 is one.
    """
    names = [name for name in _BESIDE.split(text.strip()) if name]
    return names if len(names) > 1 and all(map(_OFFICE.fullmatch, names)) else [text]


def person_and_post(text: str, people: Collection[str]) -> tuple[str, str]:
    """The one person that a text names, and what else it says (李强（副县长）); empty when none is certain."""
    pieces = [piece for piece in _BETWEEN.split(text) if piece]
    found = [(at, person[1]) for at, piece in enumerate(pieces) if (person := _person(piece, people))]
    if len(found) != 1:
        return "", ""
    at, name = found[0]
    rest = pieces[at].replace(name, "", 1)
    return name, "".join([*pieces[:at], rest, *pieces[at + 1 :]])


def read_both(
    cell: Cell, unit: Any, person: Any, read_unit: Callable[[Cell], Reading], units: UnitNames, people: Collection[str]
) -> Reading:
    """What a cell says of the fields `unit` and `person`; what is not certain stays whole in that of the unit."""
    text = line_text(cell, keep_lines=True)
    if text in NOTHING:
        return EMPTY
    told, whole = tell_apart(text, units, people), line_text(cell)
    if told is None:
        note = f"分不清单位和人，全文记在{unit.verbose_name}"
        return Reading(Both(whole, None), whole, note=note)
    named = "、".join(str(read_unit(name).value) for name in told.units)
    called = "、".join(told.people)
    is_held = told.is_all and (not told.people or len(told.units) <= 1 >= len(told.people))
    left = "" if is_held else whole
    note = f"{person.verbose_name}记作“{called}”" if called else ""
    return Reading(Both(named, called), whole, note=note, left=left)


def _parts(piece: str, units: UnitNames, people: Collection[str]) -> list[tuple[str, str, bool]] | None:
    """The unit, the person, or one behind the other that a piece without marks is, each with whether it is bare."""
    if _is_unit(piece, units) and piece not in people:
        return [("unit", piece, True)]
    if person := _person(piece, people):
        return [person]
    for at in range(len(piece) - 2, 2, -1):  # 县水利局张三: the longest name of a unit
        person = _person(piece[at:], people) if _is_unit(piece[:at], units) else None
        if person:
            return [("unit", piece[:at], True), person]
    return None


def _is_unit(text: str, units: UnitNames) -> bool:
    if units.knows(text):
        return True
    if len(text) < _SHORTEST_OFFICE or not _PLAIN.fullmatch(text):
        return False
    is_named_alike = text[0] in _surnames() and len(text) in _NAME
    return bool(_OFFICE.fullmatch(text) or (_LIKE_OFFICE.fullmatch(text) and not is_named_alike))


def _person(text: str, people: Collection[str]) -> tuple[str, str, bool] | None:
    """The name that a text is, with a post before or behind it or none."""
    if is_name(text, people):
        return ("person", text, True)
    for post in (*_POST.finditer(text),):
        rest = text[: post.start()] if post.end() == len(text) else text[post.end() :] if not post.start() else ""
        if rest and is_name(rest, people):
            return ("person", rest, False)
    return None


def is_name(text: str, people: Collection[str] = ()) -> bool:
    """Whether a text is the name of a person, by its surname or since it is one of `people`."""
    if text in people:
        return True
    if not _PLAIN.fullmatch(text):
        return False
    is_double = text[:2] in _surnames() and len(text) - 1 in _NAME
    is_short_for_office = _OFFICE.fullmatch(text) or (
        len(text) == 2 and text[1] in "局委办镇乡所队站院部联会校团"
    )  # 王局, 李镇
    return (is_double or (text[0] in _surnames() and len(text) in _NAME)) and not is_short_for_office
