"""Conditions in the clerk's words, on a chip and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import peewee as pw

from db.record import Record
from db.store.conditions import LIGHT, Condition, is_day

LIGHT_WORDS = {"late": "逾期", "due": "今日到期", "soon": "临期", "open": "未办结", "todo": "待补全", "done": "已办结",
               "void": "作废"}  # fmt: skip
NOTHING = "（空白）"
MOST_SAID = 3  # values that a condition names; of more it says how many


def field_label(register: type[Record], name: str) -> str:
    """What a field is called in conditions and groups."""
    if name == LIGHT:
        return "时限"
    if name == "series":
        return "分册"
    return register.label(name)


def value_words(register: type[Record], name: str, value: str) -> str:
    """One value of a field as the clerk knows it; a day's beginning as year, month or day."""
    if name == LIGHT:
        return LIGHT_WORDS.get(value, value)
    if name == "stage":
        return next((stage.label for stage in register.STAGES if stage.key == value), value) or NOTHING
    kind = register._meta.fields[name]
    if isinstance(kind, pw.BooleanField):
        return "是" if value == "1" else "否"
    if not value:
        return NOTHING
    if is_day(kind) and len(value) < 10:
        year, _dash, month = value.partition("-")
        return f"{year}年{int(month)}月" if month else f"{year}年"
    return value


def said(register: type[Record], condition: Condition, sign: str = "：", most: int = MOST_SAID) -> str:
    """A condition in words: 来文单位：县财政局; with `sign` ＝ as it stands on paper. `most` 0: all values."""
    label = field_label(register, condition.name)
    words = _words(register, condition, most)
    if condition.test == "mine":
        return f"不是我{_verb(label)}的" if condition.negated else f"我{_verb(label)}的"
    if condition.test == "blank":
        return f"{label}不为空" if condition.negated else f"{label}为空"
    if condition.test == "holds":
        return f"{label}{'不含' if condition.negated else '含'}{words}"
    if condition.negated:
        return f"{label}{'≠' if sign == '＝' else '排除'}{words}"
    speaks_for_itself = condition.name == LIGHT or (condition.name == "stage" and sign != "＝")
    return words if speaks_for_itself else f"{label}{sign}{words}"


def _verb(label: str) -> str:
    """登记人 -> 登记."""
    return label.removesuffix("人") or label


def _words(register: type[Record], condition: Condition, most: int) -> str:
    values = condition.values
    if condition.test in ("span", "when"):
        return "至".join(_ends(*values)) if condition.test == "span" else values[0]
    if condition.test == "holds":
        return "、".join(f"“{value}”" for value in values)
    if most and len(values) > most:
        first = "、".join(value_words(register, condition.name, value) for value in values[: most - 1])
        return f"{first}等{len(values)}项"
    return "、".join(value_words(register, condition.name, value) for value in values)


def _ends(first: str, last: str) -> Iterator[Any]:
    if first and last:
        yield from (first,) if first == last else (first, last)
    else:
        yield f"{first}起" if first else f"{last}止" if last else "不限"
