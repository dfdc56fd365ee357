"""Lines of a record that stand in one cell: several units, titles or measures, an instruction with name and date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from db.errors import Problem
from db.exchange.book import Cell
from db.exchange.days import written_day
from db.exchange.readings import NOTHING, DayOfYear, Reading, line_text
from db.exchange.targets import Target
from db.exchange.unit_and_person import is_name, units_beside
from db.record import DateField, Line, LineField, ParagraphField, PersonField, TermField, UnitField

_TITLES = re.compile(r"《[^《》]+》[^《》、，,；;\n]*")
_PARTED = re.compile(r"[、,，;；/\n]+")
_ITEMS = re.compile(r"\n+|(?<=[。；;])\s*(?=(?:[0-9]{1,2}[.、．]|[（(][0-9一二三四五六七八九十]+[)）]))")
_ORDINAL = re.compile(
    r"^\s*(?:[0-9]{1,2}[.、．](?![0-9])|[（(][0-9一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、)\s*"
)
_SAID = re.compile(
    r"(?P<name>[㐀-鿿𠀀-𪛟·]{2,5}?)(?P<post>[㐀-鿿]{0,8}?)(?:同志)?(?:批示)?\s*[:：]\s*(?P<text>.+)", re.DOTALL
)
# With a day beside it: 同意。王建国, and 王建国 同意.
_SIGNED = re.compile(r"(?P<text>.*[。；;！!，,\s])(?P<name>[㐀-鿿𠀀-𪛟·]{2,4})", re.DOTALL)
_BY = re.compile(r"(?P<name>[㐀-鿿𠀀-𪛟·]{2,4})\s+(?P<text>.+)", re.DOTALL)
_DATED = re.compile(r"[（(\s]*((?:(?:19|20)?[0-9]{2}[-./年])?[0-9]{1,2}[-./月][0-9]{1,2}[日号]?)[)）\s。]*$")
_BEGUN = re.compile(r"^[（(\s]*((?:(?:19|20)[0-9]{2}[-./年])?[0-9]{1,2}[-./月][0-9]{1,2}[日号]?)[)）\s]*[:：，,]?\s*")
_NAMES = re.compile(r"[㐀-鿿𠀀-𪛟·]{2,4}(?:\s+[㐀-鿿𠀀-𪛟·]{2,4})+")
_AND_OTHERS = re.compile(r"[、，,\s]*等\s*(?:[0-9一二三四五六七八九十]+\s*余?[人名位])?(?:同志|代表|委员)?$")
# These name no person but many, whom the cell does not list.
_MANY = re.compile(r"^(?:全体|各|相关|有关|其他)|(?:成员|人员|负责人|领导|干部|职工|党员|单位|部门|班子|负责同志)$")
_POST = re.compile("(?:常务)?(?:副)?(?:县长|书记|主任|局长|镇长|乡长|秘书长|科长|股长|部长|主席|组长)$")

Day = Callable[[Any], Any]  # a date or DayOfYear -> the date, None when its year is not known


def lines_of(columns: Sequence[tuple[Target, Cell, Reading]], day: Day) -> tuple[list[Line], str]:
    """The lines that the columns of one kind (and one set of fixed fields) hold, and what could not be taken.

    `columns` are those with anything in them. A column is taken apart into as many lines as it lists; columns of
    several fields give lines together, those of one field (领衔人, 附议人) each their own.
    """
    kind = columns[0][0].line
    assert kind is not None
    by_field: dict[str, list[tuple[Target, Cell, Reading]]] = {}
    for column in columns:
        if not _names_many(kind, column[0], column[1]):
            by_field.setdefault(column[0].field, []).append(column)
    listed = {name: [one for column in same for one in _entries(kind, *column, day)] for name, same in by_field.items()}
    found = (listed.popitem()[1] if len(listed) == 1 else _together(kind, by_field, listed, day)) if listed else []
    first = columns[0][0]
    fixed = {name: day(said) if isinstance(said, DayOfYear) else said for name, said in first.fixed}
    fixed |= dict(first.several) if len(found) > 1 else {}
    lines: list[Line] = []
    left = [
        text
        for target, cell, _reading in columns
        if (text := line_text(cell)) and (_counts_others(kind, target, text) or _names_many(kind, target, cell))
    ]
    for values in found:
        whole = {name: value for name, value in (fixed | values).items() if value not in (None, "")}
        if all(whole.get(name) not in (None, "") or _default(kind, name) for name in kind.MUSTS):
            lines.append(kind(**whole))
        else:
            caption = f"{first.label}：" if "on" in fixed else ""
            left.append(caption + "，".join(str(value) for value in values.values() if value not in (None, "")))
    return lines, "；".join(left)


def told_of_several(target: Target, made: Sequence[Line]) -> list[Problem]:
    """The note that lines got another word, since the column lists several: two units under 主办 are 分办 both."""
    if len(made) < 2 or not target.several:
        return []
    said, held = ("、".join(word for _name, word in pairs) for pairs in (target.fixed, target.several))
    called = made[0]._meta.fields[target.field].verbose_name
    return [Problem(target.key, f"{said}的有{len(made)}个{called}，都记作{held}", "note")]


def _counts_others(kind: type[Line], target: Target, text: str) -> bool:
    """Whether names end with how many there are besides: 王堃、李喆等12人."""
    return isinstance(kind._meta.fields[target.field], PersonField) and _AND_OTHERS.search(text) is not None


def _names_many(kind: type[Line], target: Target, cell: Cell) -> bool:
    """Whether a cell of people names groups of them: 领导班子成员、各单位负责人."""
    if not isinstance(kind._meta.fields[target.field], PersonField):
        return False
    return any(map(_MANY.search, map(str.strip, _PARTED.split(line_text(cell, keep_lines=True)))))


def _together(
    kind: type[Line], by_field: dict[str, list[tuple[Target, Cell, Reading]]], listed: dict[str, list[dict[str, Any]]],
    day: Day,
) -> list[dict[str, Any]]:  # fmt: skip
    """The lines that columns of several fields give: one for each that the telling one of them lists.

    The other columns go to the line in their place where they list as many, else to the first.
    """
    main = next((name for name in kind.MUSTS if name in listed and lists(by_field[name][0][0])), None)
    found = [dict(one) for one in listed[main]] if main else [{}]
    found = found or [{}]
    for name, columns in by_field.items():
        entries = listed[name]
        if name == main:
            continue
        if len(found) > 1 and len(entries) == len(found) and lists(columns[0][0]):
            for line, entry in zip(found, entries, strict=True):
                line.update(entry)
        else:
            found[0][name] = _value(columns[0][2], day)
            found += [entry for column in columns[1:] for entry in _entries(kind, *column, day)]
    return found


def lists(target: Target) -> bool:
    """Whether a cell of this target is taken apart by itself, so that it need not read as one value."""
    model: Any = target.line._meta.fields[target.field] if target.line else None
    return isinstance(model, LineField) and not isinstance(model, TermField)


def listed_days(target: Target, cell: Cell) -> list[Reading]:
    """The days that a cell lists, 3月5日、4月6日, each for a line of its own; none where it says anything else."""
    if not (target.line and isinstance(target.line._meta.fields[target.field], DateField) and isinstance(cell, str)):
        return []
    parts = [part for part in map(str.strip, _PARTED.split(cell)) if part]
    days = [written_day(part, part) for part in parts]
    return [] if len(days) < 2 or any(one.problem for one in days) else days


def _default(kind: type[Line], name: str) -> bool:
    return bool(kind._meta.fields[name].default)


def _value(reading: Reading, day: Day) -> Any:
    return day(reading.value) if isinstance(reading.value, DayOfYear) else reading.value


def _entries(kind: type[Line], target: Target, cell: Cell, reading: Reading, day: Day) -> Iterator[dict[str, Any]]:
    model: Any = kind._meta.fields[target.field]
    text = line_text(cell, keep_lines=True)
    if text in NOTHING or text == "无":
        return
    if isinstance(model, ParagraphField) or not isinstance(model, LineField):
        if isinstance(model, ParagraphField):
            for item in _items(text):
                yield _told(kind, target.field, item, day)
        elif reading.problem and (days := listed_days(target, cell)):
            yield from ({target.field: on} for one in days if (on := _value(one, day)))
        else:
            yield {target.field: _value(reading, day)}
        return
    if isinstance(model, TermField):
        yield {target.field: reading.value}
        return
    parts = [part for item in _ITEMS.split(text) for part in _listed(item, model)]
    for part in dict.fromkeys(filter(None, (_ORDINAL.sub("", part).strip(" 。") for part in parts))):
        yield {target.field: " ".join(part.split())}


def _listed(text: str, model: Any) -> list[str]:
    """What one item of a cell lists: titles in 《》, else parts; names that stand beside one another are several."""
    is_people = isinstance(model, PersonField)
    titles = _TITLES.findall(text)
    if titles:
        return titles if len(titles) > 1 else [text]
    parts = _PARTED.split(_AND_OTHERS.sub("", text) if is_people else text)
    if isinstance(model, UnitField):
        return [name for part in parts for name in units_beside(part)]
    return [
        name for part in parts for name in (part.split() if is_people and _NAMES.fullmatch(part.strip()) else [part])
    ]


def _items(text: str) -> list[str]:
    """What a cell lists; a line that is but a day belongs to the one before."""
    items: list[str] = []
    for item in filter(None, (_ORDINAL.sub("", part).strip().rstrip("；;") for part in _ITEMS.split(text))):
        if items and _DATED.fullmatch(item):
            items[-1] = f"{items[-1]} {item}"
        else:
            items.append(item)
    return items


def _told(kind: type[Line], field: str, text: str, day: Day) -> dict[str, Any]:
    """An entry with the name before its colon and the day at its begin or end, where the kind of lines has them."""
    fields = kind._meta.sorted_fields
    person = next((one.name for one in fields if isinstance(one, PersonField) and one.name in kind.MUSTS), "")
    dated = next((one.name for one in fields if isinstance(one, DateField) and one.name == "on"), "")
    found: dict[str, Any] = {}
    if dated:
        for pattern in (_BEGUN, _DATED):
            match = pattern.search(text)
            if match and (on := day(match[1])) is not None:
                found[dated] = on
                text = (text[: match.start()] + text[match.end() :]).strip()
                break
    signed = _SIGNED.fullmatch(text) or _BY.fullmatch(text) if person and dated in found else None
    if signed and is_name(signed["name"]):
        return {**found, person: signed["name"], field: signed["text"].strip()}
    if person and (said := _SAID.fullmatch(text)):
        name = said["name"] + said["post"]
        post = _POST.search(name)
        found[person] = name[: post.start()] if post and post.start() > 1 else name
        if post and post.start() > 1 and "post" in kind._meta.fields:
            found["post"] = post[0]
        text = said["text"].strip()
    return {**found, field: text}
