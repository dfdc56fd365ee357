"""Reads cells that hold a number, a yes or no, or one of a few words."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from db.exchange.book import Cell
from db.exchange.readings import EMPTY, NOTHING, Reading, line_text, plain_text
from db.record import Record
from db.rules.written_numbers import chinese_number

_YES = frozenset("是 有 √ ✓ ✔ ☑ 对 y yes true 1 o ○ ● 需 已 真".split())
_NO = frozenset("否 无 × ✗ ✘ x 不 不是 没有 n no false 0 未 不需 假 ☐ □".split())
_ROUGH = "约近逾余多"  # 300余人 is kept as 300, with a note
_AMOUNT = re.compile(r"([-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*(%|[^0-9.,%]{0,4})")
_ORDINAL = re.compile(r"第\s*([0-9]+)\s*[号件项期次]?")
_MOST, _MOST_EXACT = 2_000_000_000, 10**15  # beyond it a float, as SQLite keeps a decimal number, is not exact


def read_flag(cell: Cell) -> Reading:
    """Whether a cell says yes or no: 是, √, ×."""
    text = plain_text(cell).lower()
    if isinstance(cell, bool):
        return Reading(cell, text)
    word = unicodedata.normalize("NFKC", text)
    if word in _YES or word in _NO:
        return Reading(word in _YES, text)
    return EMPTY if text in NOTHING else Reading(None, text, f"“{text[:20]}”看不出是或否，请写是、否")


def _amount(cell: Cell, one: Any) -> Decimal | str | None:
    """The number in a cell; the reason when there is none, None when the cell is empty."""
    if isinstance(cell, bool | date | time | timedelta):
        return f"{one.verbose_name}要写数字，这里是“{plain_text(cell)}”"
    unit = getattr(one, "unit", "")
    if isinstance(cell, int | float):
        found = Decimal(repr(cell)) if math.isfinite(cell) else Decimal(0)
        return found * 100 if unit == "%" and 0 < found < 1 else found
    text = unicodedata.normalize("NFKC", plain_text(cell)).strip().lstrip(_ROUGH)
    if text in NOTHING or text == "无":
        return None
    match = _ORDINAL.fullmatch(text) or _AMOUNT.fullmatch(text)
    if match:
        try:
            return Decimal(match[1].replace(",", ""))
        except InvalidOperation:
            pass
    named = chinese_number(text.removesuffix(unit) if unit else text)
    if named is not None:
        return Decimal(named)
    return f"{one.verbose_name}要写数字，看不懂“{text[:20]}”"


def read_whole(cell: Cell, one: Any) -> Reading:
    """A whole number, also with its unit glued on, with commas, or as text: 12件, 1,204, 十二."""
    found, text = _amount(cell, one), plain_text(cell)
    if found is None:
        return EMPTY
    if isinstance(found, str):
        return Reading(None, text, found)
    if found != found.to_integral_value():
        return Reading(None, text, f"{one.verbose_name}要写整数，这里是{text[:20]}")
    if abs(found) > _MOST:
        return Reading(None, text, f"{one.verbose_name}{text[:20]}太大")
    return Reading(int(found), text, note=f"“{text[:20]}”记作{int(found)}" if any(map(text.count, _ROUGH)) else "")


def read_decimal(cell: Cell, one: Any) -> Reading:
    """A decimal number, rounded to the places that the field has."""
    found, text = _amount(cell, one), plain_text(cell)
    if found is None:
        return EMPTY
    if isinstance(found, str):
        return Reading(None, text, found)
    if abs(found) > _MOST_EXACT:
        return Reading(None, text, f"{one.verbose_name}{text[:20]}太大")
    rounded = found.quantize(Decimal(1).scaleb(-one.decimal_places))
    return Reading(rounded, text, note=f"{text}记作{rounded}" if rounded != found else "")


def read_choice(cell: Cell, one: Any) -> Reading:
    """One of the words that a field offers."""
    text = line_text(cell)
    words = [word for word, _label in one.choices]
    if text in NOTHING:
        return EMPTY
    flag = read_flag(cell)
    word = text if text in words else words[0 if flag.value else 1] if flag.value is not None else None
    return (
        Reading(word, text)
        if word
        else Reading(text, text, f"{one.verbose_name}没有“{text[:20]}”这一项，可写{'、'.join(words)}")
    )


def read_stage(cell: Cell, register: type[Record]) -> Reading:
    """The stage that a word names: 办结, 已办结."""
    text = line_text(cell)
    if text in NOTHING:
        return EMPTY
    wanted = text.removeprefix("已").removeprefix("正在")
    for stage in register.STAGES:
        if text in (stage.label, stage.key) or wanted == stage.label.removeprefix("已"):
            return Reading(stage.key, text)
    return Reading(
        None,
        text,
        f"{register.label('stage')}没有“{text[:20]}”，可写{'、'.join(stage.label for stage in register.STAGES)}",
    )
