"""Settles what a column is by what stands in it: days or words, ticks, a time limit, several things at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from db.exchange.amounts import read_stage
from db.exchange.book import Cell
from db.exchange.heading import Heading, text_of
from db.exchange.pairs import holds_words
from db.exchange.readings import plain_text
from db.exchange.targets import LEFT_OUT, MORE, Target, Targets, folded
from db.record import ApplicableField, DateField, FlagField, Record, TermField
from db.rules.typed_dates import read_written

if TYPE_CHECKING:
    from db.exchange.layout import Column

_OF_AN_END, _LIMIT = re.compile(r"完成|办结|销号|落实"), re.compile(r"(?:[底前末内]|季度|半年|长期|持续)$")
_ASKING = ("是否", "有无")
_YES_AND_NO = frozenset("是 否 有 无 √ × ✓ ✔ 已 未 对 错 Y N".split())
_WHOLE_AND_PARTS = 2  # labels of a column over which no other one spans
_LOOKED_AT = 20  # cells of a column that tell whether it holds days


def if_sensible(column: Column, rows: Sequence[Sequence[Cell]], known: Targets, register: type[Record]) -> Column:
    """A column that is but like a field's heading is not that field's when it holds yes and no where others hold words.

    是否销号 is no 销号日期, and 归档 with 是 in it no 归档号. What names several things (办理去向及结果) is but text.
    """
    if column.how != "similar" or not column.key:
        return column
    field = known.by_key[column.key].model_field(register)
    if known.names_several(column.label) and not _is_first_text(column, known, register):
        return replace(column, key=LEFT_OUT, how="none")
    is_asking = column.label.startswith(_ASKING) or set(_texts(column, rows)) <= _YES_AND_NO
    takes_answers = isinstance(field, FlagField | ApplicableField | TermField)
    return replace(column, key=LEFT_OUT, how="none") if is_asking and not takes_answers else column


def _is_first_text(column: Column, known: Targets, register: type[Record]) -> bool:
    """Whether a column is the first text of those that its heading names: 任务来源及依据 is 依据, a text, not 来源."""
    keys = (known.meant.get(part, (LEFT_OUT,))[0] for part in known.parts_of(column.label))
    texts = [key for key in keys if key and holds_words(known.by_key[key].model_field(register))]
    return holds_words(known.by_key[column.key].model_field(register)) and texts[:1] in ([], [column.key])


def if_several(column: Column, known: Targets) -> Column:
    """A column whose heading names several things of which one is known (承办单位及代理律师) goes into the remarks."""
    is_left = column.how == "none" and not column.key and column.is_named and MORE in known.by_key
    return (
        replace(column, key=MORE, how="similar")
        if is_left and known.names_several(column.label, is_known=True)
        else column
    )


def if_ticked(
    column: Column, columns: Sequence[Column], heading: Heading, rows: Sequence[Sequence[Cell]], known: Targets,
    register: type[Record],
) -> Column:  # fmt: skip
    """A column of ticks under a part of a label says which part: 正在推进 under 完成情况; 已完成 is the stage."""
    labels = heading.labels[column.at]
    is_part = len(labels) > _WHOLE_AND_PARTS and column.how in ("label", "similar", "none") and MORE in known.by_key
    target = known.by_key.get(column.key)
    is_free = target is None or holds_words(target.model_field(register))
    texts = set(_texts(column, rows)) if is_part and is_free else set[str]()
    if not texts or not texts <= _YES_AND_NO:
        return column
    stage = read_stage(labels[1], register).value
    is_end = stage and register.stage_of(stage).closed and all(one.key != "stage" for one in columns)
    return replace(column, key="stage" if is_end else MORE, how="similar")


def _texts(column: Column, rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The first texts that stand in a column."""
    found = (text_of(row[column.at]) for row in rows if column.at < len(row))
    return list(islice(filter(None, found), _LOOKED_AT))


def by_cells(
    column: Column, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], known: Targets, register: type[Record]
) -> Column:
    """A column whose heading means a time of day as well as a day (收文时间) is the day when it holds days."""
    keys = known.meant.get(folded(column.label), ())
    if column.how != "label" or column.key not in keys or _is_day(known.by_key[column.key], register):
        return column
    taken = {one.key for one in columns}
    day = next((key for key in keys if key not in taken and _is_day(known.by_key[key], register)), None)
    filled = (row[column.at] for row in rows if column.at < len(row) and text_of(row[column.at]))
    cells = [*islice(filled, _LOOKED_AT)]
    if day is None or not cells or 2 * sum(map(_holds_day, cells)) <= len(cells):
        return column
    return replace(column, key=day)


def by_limit(
    column: Column, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], known: Targets, register: type[Record]
) -> Column:
    """A day by which a thing was done (完成时间) is the time limit when it holds 12月底 and 9月10日前."""
    is_asked = column.how in ("label", "similar") and column.key and _OF_AN_END.search(column.label)
    if not is_asked or not _is_day(known.by_key[column.key], register) or "due_on" not in known.by_key:
        return column
    field = known.by_key[column.key].model_field(register)
    texts = _texts(column, rows)
    limits = sum(bool(_LIMIT.search(text)) for text in texts)
    if field.planned or any(one.key == "due_on" for one in columns) or 2 * limits <= len(texts):
        return column
    return replace(column, key="due_on")


def _is_day(target: Target, register: type[Record]) -> bool:
    return isinstance(target.model_field(register), DateField) and not target.part


def _holds_day(cell: Cell) -> bool:
    if isinstance(cell, date):
        return True
    if isinstance(cell, float | int) and cell > 366:  # a day as Excel counts it; a time of day is below 1
        return True
    try:
        read_written(plain_text(cell))
    except ValueError:
        return False
    return True
