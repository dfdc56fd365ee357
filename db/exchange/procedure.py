"""Reads a column of a procedure's step, such as 专家论证: the days on which it was done, or whether it applies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from db.exchange.amounts import read_flag
from db.exchange.book import Cell
from db.exchange.days import days_amid
from db.exchange.readings import EMPTY, NOTHING, Reading, line_text
from db.fields import APPLICABLE, NOT_APPLICABLE
from db.record import DateField, Record, Step

_LEFT_OUT = re.compile(r"(?:不适用|不需要?|无需|不涉及|免(?!费))[：:，,。；;\s]*(.*)")
ASKS = re.compile(r"适用|需要|应当|涉及")  # a heading over yes and no that says whether the step applies


@dataclass(frozen=True)
class Said:
    """What a cell says of a step: 适用, 不适用 or nothing, why not, and the days on which it was begun and done."""

    applies: str = ""
    reason: str = ""
    days: tuple[Any, ...] = ()


def step_of(register: type[Record], name: str) -> Step | None:
    """The step of which a field says whether it applies."""
    return next((step for step in register.STEPS if step.applies == name), None)


def read_step(cell: Cell, dated: Reading, takes_span: bool) -> Reading:
    """What a cell says of a step; `dated` is the cell read as a day. What finds no place in the record is left over.

    `takes_span`: the step has a first and a last day.
    """
    text = line_text(cell)
    if text in NOTHING:
        return EMPTY
    if dated.value is not None:
        return Reading(Said(APPLICABLE, days=(dated.value,)), text, left=dated.left)
    if text == APPLICABLE:
        return Reading(Said(APPLICABLE), text)
    if left_out := _LEFT_OUT.fullmatch(text):
        left = "" if left_out[1] or text == NOT_APPLICABLE else text
        return Reading(Said(NOT_APPLICABLE, left_out[1]), text, left=left)
    days, is_whole = days_amid(text)
    if days:
        is_held = is_whole and (takes_span or len(days) == 1)
        return Reading(Said(APPLICABLE, days=days if takes_span else days[-1:]), text, left="" if is_held else text)
    return Reading(Said(APPLICABLE if read_flag(cell).value else ""), text, left=text)


def first_day(register: type[Record], step: Step) -> str:
    """The field of the day on which a step that takes a while begins; empty for none."""
    fields = register._meta.fields
    return next((one for one in step.fields if one.endswith("_from") and isinstance(fields[one], DateField)), "")


def put_step(register: type[Record], name: str, said: Said, values: dict[str, Any]) -> None:
    """Put what was said of a step, see `step_of`, into its fields; a day that a column of its own gives stays."""
    step = step_of(register, name)
    assert step is not None
    values |= {name: said.applies} if said.applies else {}
    values |= {step.reason: said.reason} if said.reason else {}
    done = next(one for one in reversed(step.done) if isinstance(register._meta.fields[one], DateField))
    names = (first_day(register, step), done) if len(said.days) > 1 else (done,)
    for one, day in zip(names, said.days, strict=False):
        values.setdefault(one, day)
