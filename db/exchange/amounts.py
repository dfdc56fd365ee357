"""Reads cells that hold a number, a yes or no, or one of a few words."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from db.exchange.book import Cell
from db.exchange.readings import EMPTY, NOTHING, Both, Reading, line_text, plain_text
from db.record import Record
from db.rules.written_numbers import PERCENT, Folded, chinese_number, find

_YES = frozenset("是 有 √ ✓ ✔ ☑ 对 y yes true 1 o ○ ● 需 已 真".split())
_NO = frozenset("否 无 × ✗ ✘ x 不 不是 没有 n no false 0 未 不需 假 ☐ □".split())
_DONE = re.compile(r"(?:已|均已|全部)?(?:办结|完成|销号|结案|办毕|完结|办理完毕|整改完成|整改到位|落实到位)(?:销号)?")
_IN_HAND = re.compile(
    r"(?:正在|持续|加快|序时|有序)?(?:办理|推进|进行|整改|落实|实施)中?|在办|未(?:办结|完成|销号|结案)|尚未.{2,4}"
)
_APART = re.compile(r"[\s、,，;；/／|（）()]+")
_ROUGH = "约近逾余多"  # 300余人 is kept as 300, with a note
_AMOUNT = re.compile(
    r"[¥$]?([-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*(?:[余多]?([百千万亿])(?![分克米瓦字]))?(%|[^0-9.,%]{0,4})"
)
_SCALES = {"百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_OF_SHARES = re.compile(r"进[度展]|完成|落实|推进|比[例率]|百分|率$")  # headings over how much is done
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_IN_TEN_THOUSANDS = re.compile(r"万(?:元|人|次|份)")
HUNDRED = 100  # the scale of shares that are written as fractions of 1
_ORDINAL = re.compile(r"第\s*([0-9]+)\s*[号件项期次]?")
# 提案12号, 建议第12号, 提12, 第12号提案
_NAMED = re.compile(
    r"[㐀-鿿]{1,12}(?:第\s*([0-9]+)\s*号?|(?<!第)([0-9]+)\s*号|(?<=[提建案议])([0-9]+))|第?\s*([0-9]+)\s*号[㐀-鿿]{1,6}"
)
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


def _amount(cell: Cell, one: Any, scale: int) -> Decimal | str | None:
    """The number in a cell; the reason when there is none, None when the cell is empty."""
    if isinstance(cell, bool | date | time | timedelta):
        return f"{one.verbose_name}要写数字，这里是“{plain_text(cell)}”"
    unit = getattr(one, "unit", "")
    if isinstance(cell, int | float):
        found = Decimal(repr(cell)) if math.isfinite(cell) else Decimal(0)
        return _hundredths(found, scale) if unit == PERCENT else found * (scale or 1)
    text = unicodedata.normalize("NFKC", plain_text(cell)).strip().lstrip(_ROUGH)
    if text in NOTHING or text == "无":
        return None
    if unit == PERCENT:
        return _hundredths(Decimal(text), scale) if _PLAIN.fullmatch(text) else _share(text, one)
    found = _written(text, unit, scale)
    return found if found is not None else f"{one.verbose_name}要写数字，看不懂“{text[:20]}”"


def _hundredths(found: Decimal, scale: int) -> Decimal:
    """The percentage that a bare number is: a spreadsheet keeps 60% as 0.6; 1 is 100% only where others are such."""
    return found * 100 if 0 < found < 1 or (found == 1 and scale == HUNDRED) else found


def _share(text: str, one: Any) -> Decimal | str:
    """The percentage that a text is: 60%, 百分之六十."""
    if match := _AMOUNT.fullmatch(text):
        return Decimal(match[1].replace(",", ""))
    named = chinese_number(text.removeprefix("百分之").removesuffix(PERCENT))
    return f"{one.verbose_name}要写数字，看不懂“{text[:20]}”" if named is None else Decimal(named)


def scale_of(one: Any, label: str, cells: Iterable[Cell]) -> int:
    """What the numbers of a column count in: 10,000 under 万人; 1 is 100% where none of them is above it."""
    if getattr(one, "unit", "") == PERCENT and PERCENT not in unicodedata.normalize("NFKC", label):
        numbers = (unicodedata.normalize("NFKC", plain_text(cell)) for cell in cells if not isinstance(cell, bool))
        return 1 if any(_PLAIN.fullmatch(text) and Decimal(text) > 1 for text in numbers) else HUNDRED
    return 10_000 if _IN_TEN_THOUSANDS.search(label) else 1


def with_shares(read: Callable[[Cell], Reading], label: str, cells: Iterable[Cell]) -> Callable[[Cell], Reading]:
    """What reads the words of a column, in which 35% may stand as a spreadsheet keeps it, as 0.35 (完成情况)."""
    if not _OF_SHARES.search(label):
        return read
    numbers = [cell for cell in cells if isinstance(cell, int | float) and not isinstance(cell, bool)]
    if not any(0 < number < 1 for number in numbers):
        return read
    most = 1 if max(numbers) <= 1 else 0

    def read_share(cell: Cell) -> Reading:
        if isinstance(cell, bool) or not isinstance(cell, int | float) or not (0 < cell < 1 or 0 <= cell <= most):
            return read(cell)
        return read(shown_share(Decimal(repr(cell)) * 100))

    return read_share


def shown_share(found: Decimal) -> str:
    """A percentage in words, with two places at most: 33.33%."""
    return f"{found.quantize(Decimal('0.01')).normalize():f}{PERCENT}"


def _written(text: str, unit: str, scale: int) -> Decimal | None:
    """The number that a text is: 12件, 第3号, 1.2万, 十二."""
    if match := _ORDINAL.fullmatch(text):
        return Decimal(match[1])
    if match := _AMOUNT.fullmatch(text):
        return Decimal(match[1].replace(",", "")) * (_SCALES[match[2]] if match[2] else scale or 1)
    named = chinese_number(text.removesuffix(unit) if unit else text)
    return None if named is None else Decimal(named)


def _told(cell: Cell, one: Any) -> Decimal | None:
    """The one number that a cell tells in words: 提案12号, or one of the field's unit, 已完成45％."""
    unit = getattr(one, "unit", "")
    if not unit and isinstance(cell, str) and (match := _NAMED.fullmatch(unicodedata.normalize("NFKC", cell.strip()))):
        return Decimal(match[match.lastindex or 0])
    found = find(Folded.of(plain_text(cell))) if unit and isinstance(cell, str) else []
    return found[0].value if len(found) == 1 and found[0].unit.startswith(unit) else None


def read_whole(cell: Cell, one: Any, scale: int = 1) -> Reading:
    """A whole number, also with its unit glued on, with commas, or as text: 12件, 1,204, 十二, 1.2万.

    `scale` is what the column counts in, see `scale_of`; 0: the file was written by this program, so that numbers
    stand for themselves.
    """
    return _number(cell, one, scale, _whole)


def read_decimal(cell: Cell, one: Any, scale: int = 1) -> Reading:
    """A decimal number, rounded to the places that the field has; `scale` as for `read_whole`."""
    return _number(cell, one, scale, _rounded)


def _number(cell: Cell, one: Any, scale: int, shaped: Callable[[Decimal, str, Any], Reading]) -> Reading:
    found, text = _amount(cell, one, scale), plain_text(cell)
    if found is None:
        return EMPTY
    if isinstance(found, str):
        told = _told(cell, one) if scale else None
        if told is None:
            return Reading(None, text, found)
        taken = shaped(told, text, one)
        return taken if taken.problem else taken._replace(note=f"“{text[:20]}”记作{taken.value}", left=text)
    return shaped(found, text, one)


def _whole(found: Decimal, text: str, one: Any) -> Reading:
    if getattr(one, "unit", "") == PERCENT and found != found.to_integral_value() and abs(found) <= _MOST:
        value = int(found.quantize(Decimal(1), ROUND_HALF_UP))
        said = shown_share(found)
        return Reading(value, text, note=f"{said}记作{value}", left=said)
    if found != found.to_integral_value():
        return Reading(None, text, f"{one.verbose_name}要写整数，这里是{text[:20]}")
    if abs(found) > _MOST:
        return Reading(None, text, f"{one.verbose_name}{text[:20]}太大")
    is_rough = any(map(text.count, (*_ROUGH, *_SCALES)))
    return Reading(int(found), text, note=f"“{text[:20]}”记作{int(found)}" if is_rough else "")


def _rounded(found: Decimal, text: str, one: Any) -> Reading:
    if abs(found) > _MOST_EXACT:
        return Reading(None, text, f"{one.verbose_name}{text[:20]}太大")
    rounded = found.quantize(Decimal(1).scaleb(-one.decimal_places))
    is_told = rounded != found or any(map(text.count, _SCALES))
    return Reading(rounded, text, note=f"{text}记作{rounded.normalize():f}" if is_told else "")


def with_unit(read: Callable[[Cell], Reading], unit: str) -> Callable[[Cell], Reading]:
    """A number that is no day keeps the unit that stands in the heading of its column."""

    def read_counted(cell: Cell) -> Reading:
        found = read(cell)
        return found._replace(text=f"{found.text}{unit}") if found.problem and found.text.isdecimal() else found

    return read_counted


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


def read_two(cell: Cell, own: Any, beside: Any, word_of: Callable[[str, str], tuple[str | None, str]]) -> Reading:
    """The words of two vocabularies that stand in one cell, in any order: 秘密/特急, 平件.

    `word_of` gives the word of a vocabulary that a text means. What both know is the first one's, if that is free.
    """
    text, whole = line_text(cell, keep_lines=True), line_text(cell)
    if text in NOTHING:
        return EMPTY
    meant = [
        [(one.name, word) for one in (own, beside) if (word := word_of(part, one.vocabulary)[0])]
        for part in filter(None, _APART.split(text))
    ]
    found: dict[str, str] = {}
    for words in sorted(meant, key=len):
        name, word = next(((name, word) for name, word in words if name not in found), ("", ""))
        if not name:
            said = f"“{whole[:20]}”分不清{own.verbose_name}和{beside.verbose_name}"
            return Reading(None, whole, f"{said}，请只写两样，如无/平件")
        found[name] = word
    return Reading(Both(found.get(own.name), found.get(beside.name)), whole, note=f"记作“{'、'.join(found.values())}”")


def read_stage(cell: Cell, register: type[Record]) -> Reading:
    """The stage that a word names: 办结, 已办结; or whether it is done: √ and ×."""
    text = line_text(cell)
    ended = next((stage for stage in register.STAGES if stage.closed and not stage.side), None)
    flag = read_flag(cell).value
    if text in NOTHING or (flag is False and ended):
        return EMPTY
    if ended and _DONE.fullmatch(text) and not any(text in (stage.label, stage.key) for stage in register.STAGES):
        return Reading(ended.key, text, note=f"“{text}”记作{ended.label}")
    if flag and ended:  # 是否办结
        return Reading(ended.key, text, note=f"“{text}”记作{ended.label}")
    wanted = text.removeprefix("已").removeprefix("正在")
    for stage in register.STAGES:
        if text in (stage.label, stage.key) or wanted == stage.label.removeprefix("已"):
            return Reading(stage.key, text)
    if _IN_HAND.fullmatch(text):
        return Reading(None, text, left=text)
    return Reading(
        None,
        text,
        f"{register.label('stage')}没有“{text[:20]}”，可写{'、'.join(stage.label for stage in register.STAGES)}",
    )
