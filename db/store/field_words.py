"""field:word in a search: which fields of a register a name stands for, and the SQL that looks into them.

A name is a label (来文单位), a part of one (来文), the identifier (from_unit), a kind of field (单位, 人, 文号), a
kind of lines (批示), or one of 标题, 编号, 日期, 年, 月, 阶段, 时限.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

import peewee as pw

from db.record import (
    DateField,
    DocumentNumberField,
    FlagField,
    LineField,
    MomentField,
    PersonField,
    PersonsField,
    Record,
    Table,
    UnitField,
    UnitsField,
)
from db.store.clauses import Clause, joined
from db.store.index import fold

_UNITS, _PERSONS = (UnitField, UnitsField), (PersonField, PersonsField)
_KINDS: dict[str, tuple[type[pw.Field], ...]] = {
    "单位": _UNITS, "人": _PERSONS, "人员": _PERSONS, "姓名": _PERSONS, "文号": (DocumentNumberField,),
    "字号": (DocumentNumberField,),
}  # fmt: skip
YEAR, MONTH, STAGE, LIGHT, NUMBER = ("年", "年份"), ("月", "月份"), ("阶段", "状态"), ("时限", "灯"), ("编号",)
SUBJECT, DAY = ("标题", "题目"), ("日期",)
LIGHT_WORDS = {
    "逾期": "late", "今日到期": "due", "临期": "soon", "未办结": "open", "未结": "open", "待补全": "todo",
    "已办结": "done", "作废": "void",
}  # fmt: skip
_HIDDEN = {"stage", "year", "sequence", "due_rule", "uuid", "origin", "sort_due", "source_group"}
_RANGE = re.compile(r"(.+?)(?:\.\.+|~|至|到)(.+)")
_DATE = re.compile(r"(?:((?:19|20)[0-9]{2})(?:[-./年]|$))?(?:([0-9]{1,2})(?:[-./月]|$))?(?:([0-9]{1,2})[日号]?)?")
_NEAR = 4  # names offered in place of one that there is not

Names = Callable[[str], tuple[str, ...]]
Place = tuple[type[Table], pw.Field]


class Unknown(ValueError):
    """A name that no field has; `near` are those like it."""

    def __init__(self, name: str, near: tuple[str, ...]) -> None:
        also = f"，相近的有：{'、'.join(near)}" if near else ""
        super().__init__(f"没有“{name}”这一项{also}；已按原文查找")
        self.near = near


class Unreadable(ValueError):
    """A value that does not fit its field, in words."""


@lru_cache(maxsize=65_536)
def _folded(text: str | None) -> str:
    return fold(text) if text else ""


def teach(connection: sqlite3.Connection) -> None:
    """Let SQL compare text as searches do: folded(text)."""
    connection.create_function("folded", 1, _folded, deterministic=True)


@cache
def _fields(register: type[Record]) -> tuple[tuple[str, Place], ...]:
    """Every field of a register and its lines under its folded label and under its identifier."""
    found: list[tuple[str, Place]] = []
    for model in (register, *register.LINES):
        for field in model._meta.sorted_fields:
            if field.verbose_name and not (model is register and field.name in _HIDDEN):
                found += [(fold(field.verbose_name), (model, field)), (fold(field.name), (model, field))]
    return tuple(found)


@cache
def labels(register: type[Record]) -> tuple[str, ...]:
    """The names that are offered while one is typed, the most useful first."""
    present = [label for label, kinds in _KINDS.items() if _of_kind(register, kinds)]
    general = [SUBJECT[0], *dict.fromkeys(present), YEAR[0], MONTH[0], STAGE[0], LIGHT[0], NUMBER[0], DAY[0]]
    fields = [field.verbose_name for model in (register, *register.LINES) for field in model._meta.sorted_fields
              if field.verbose_name and field.name not in _HIDDEN]  # fmt: skip
    return tuple(dict.fromkeys((*general, *(kind.TITLE for kind in register.LINES), *fields)))


def _of_kind(register: type[Record], kinds: tuple[type[pw.Field], ...]) -> list[Place]:
    return [
        (model, field)
        for model in (register, *register.LINES)
        for field in model._meta.sorted_fields
        if isinstance(field, kinds)
    ]


def places(register: type[Record], name: str) -> list[Place]:
    """The fields that a name (folded) stands for.

    Raises:
        Unknown: when there are none.
    """
    if name in _KINDS and (found := _of_kind(register, _KINDS[name])):
        numbered = [(register, register._meta.fields["number"])] if name in ("文号", "字号") else []
        return [*numbered, *found]
    if name in (*SUBJECT, *DAY):
        key = register.SUBJECT if name in SUBJECT else register.BUSINESS_DATE
        return [(register, register._meta.fields[key])]
    known = _fields(register)
    exact = [place for label, place in known if label == name]
    if exact:
        return exact
    lines = [kind for kind in register.LINES if name in kind.TITLE or name == kind.key()]
    within = [(kind, field) for kind in lines for field in kind._meta.sorted_fields if isinstance(field, LineField)]
    found = within + [place for label, place in known if len(name) > 1 and name in label and place not in within]
    if not found:
        raise Unknown(name, near(register, name))
    return found


def near(register: type[Record], name: str) -> tuple[str, ...]:
    """The names most like one that there is not."""
    offered = labels(register)
    alike = difflib.get_close_matches(name, offered, _NEAR, 0.4)
    sharing = [label for label in offered if set(label) & set(name) and label not in alike]
    return tuple((*alike, *sharing)[:_NEAR])


def clause(register: type[Record], name: str, text: str, names: Names, light: Callable[[str], Any]) -> Clause:
    """The condition on the register's table t that a field called `name` holds `text` (both folded).

    `names` gives all that a unit is called which answers to a text; `light` the condition of a light by its key.

    Raises:
        Unknown: when there is no such field.
        Unreadable: when the text cannot be in it.
    """
    if name in YEAR:
        return joined("AND", [_day_is('t."listed_on"', text)])
    if name in MONTH and text.removesuffix("月").isdigit():
        return Clause('substr(t."listed_on", 6, 2) = ?', (f"{int(text.removesuffix('月')):02}",))
    if name in STAGE:
        keys = [stage.key for stage in register.STAGES if text in fold(stage.label)]
        if not keys:
            raise Unreadable(f"阶段里没有“{text}”；写到“阶段:”时，搜索框下会列出有哪些")
        return Clause(f"t.stage IN ({','.join('?' * len(keys))})", tuple(keys))
    if name in LIGHT and (key := LIGHT_WORDS.get(text)):
        found = light(key)
        return Clause(f"({found.sql})", found.values)
    return joined("OR", _held(register, places(register, name), text, names))


def _held(register: type[Record], found: list[Place], text: str, names: Names) -> Iterator[Clause]:
    wrong: Unreadable | None = None
    for model, field in found:
        column = f't."{field.column_name}"' if model is register else f'l."{field.column_name}"'
        try:
            held = _holds(column, field, text, names)
        except Unreadable as error:
            wrong = error
            continue
        if model is not register:
            held = Clause(
                f'EXISTS (SELECT 1 FROM "{model.key()}" l WHERE l.owner_id = t.id AND {held.sql})', held.values
            )
        wrong = None
        yield held
    if wrong:
        raise wrong


def _holds(column: str, field: pw.Field, text: str, names: Names) -> Clause:
    if isinstance(field, DateField):
        return _day_is(column, text)
    if isinstance(field, FlagField):
        if text not in ("是", "否", "1", "0"):
            raise Unreadable(f"{field.verbose_name}只有是、否，不能是“{text}”")
        return Clause(f"{column} = ?", (int(text in ("是", "1")),))
    if isinstance(field, pw.IntegerField | pw.DecimalField):
        return _number_is(column, text, field.verbose_name or "")
    spellings = (text, *names(text)) if isinstance(field, _UNITS) else (text,)
    return joined("OR", [Clause(f"instr(folded({column}), ?) > 0", (said,)) for said in dict.fromkeys(spellings)])


def _number_is(column: str, text: str, label: str) -> Clause:
    ends = _RANGE.fullmatch(text)
    try:
        low, high = (float(ends[1]), float(ends[2])) if ends else (float(text), float(text))
    except ValueError:
        raise Unreadable(f"{label}是数，看不懂“{text}”，可写 3 或 3..5") from None
    return Clause(f"{column} BETWEEN ? AND ?", (low, high))


def _day_is(column: str, text: str) -> Clause:
    """That a date is a year, a month, a day, a day of any year, or from one to another of these."""
    ends = _RANGE.fullmatch(text)
    if ends:
        low, high = _prefix(ends[1]), _prefix(ends[2])
        if low[0] and high[0]:
            return Clause(f"{column} >= ? AND {column} < ?", (low[0], high[0] + "~"))
    else:
        prefix, day = _prefix(text)
        if prefix:
            return Clause(f"{column} >= ? AND {column} < ?", (prefix, prefix + "~"))
        if day:
            return Clause(f"substr({column}, 6, {len(day)}) = ?", (day,))
    raise Unreadable(f"看不懂日期“{text}”，可写 2022、2022.3、2022.3.5、3月5日、2022.3.1..2022.3.31")


def _prefix(text: str) -> tuple[str, str]:
    """What a date begins with (2022-, 2022-03, 2022-03-05), or without a year what stands behind it (03-05)."""
    found = _DATE.fullmatch(text)
    if found is None or not any(found.groups()):
        return "", ""
    year, month, day = found.groups()
    if (month and not 1 <= int(month) <= 12) or (day and not 1 <= int(day) <= 31):
        return "", ""
    rest = "-".join(f"{int(part):02}" for part in (month, day) if part)
    if year:
        return f"{year}-{rest}", ""  # not 2022, which SQLite would compare with a column of dates as a number
    return "", rest if month else ""


def is_text(register: type[Record], name: str) -> bool:
    """Whether all fields that a name stands for hold text, so that what they hold stands in the text of the record."""
    if name in (*YEAR, *MONTH, *STAGE, *LIGHT):
        return False
    return all(isinstance(field, LineField | MomentField) for _model, field in places(register, name))
