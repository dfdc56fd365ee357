"""What a row says and its record cannot hold goes into the remarks, with a note: nothing that was written is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from db.errors import Problem
from db.exchange.readings import Reading
from db.exchange.targets import MORE, Target
from db.record import DateField, DecimalField, NumberField, Record, TermField
from db.store.shapes import plain

# How long, or how often, not until when.
_SPAN = re.compile(r"[0-9一二两三四五六七八九十]+(?:年|个月|天|日|个工作日)(?:内|有效)?|每.*")
_MONTH = re.compile(r"(?:[0-9]{4}[年./-])?[0-9]{1,2}月份?|[0-9]{4}[年./-](?:[0-9]{1,2}月?)?")  # no day of it

_FIGURE, _OF_A_DAY = re.compile(r"\d"), re.compile(r"\d{4}|\d\s*[-./月日号年]")  # 第12次会议 is no day


def has_remarks(register: type[Record]) -> bool:
    """Whether there is a place for what is left over."""
    return "remarks" in register._meta.fields


def added(remarks: str | None, *said: str) -> str:
    """The remarks with more behind."""
    return "；".join(filter(None, (remarks, *said)))


def take_odd(
    register: type[Record], target: Target, reading: Reading, left: list[str], is_own: bool, told: frozenset[str]
) -> list[Problem]:
    """Take what a cell says beside its value, or that it cannot be read.

    What is beside the value is left over; so are words where a day, a number or a word of a vocabulary may stand, but
    need not: 长期坚持, 若干. Where an empty field means something (密级), and in a file of the program's own, they are
    refused. `told` are fields that must be filled and are told from what the remarks then say, if from nothing better.
    """
    text = reading.left
    if target.key == MORE:
        left.append(text)
        return []
    field = target.model_field(register)
    is_counted = isinstance(field, DateField | NumberField | DecimalField) and not target.part
    if reading.problem:
        figures = _OF_A_DAY if isinstance(field, DateField) else _FIGURE
        is_vague = _SPAN.fullmatch(reading.text) or (
            target.field != register.BUSINESS_DATE and _MONTH.fullmatch(reading.text)
        )
        has_figures = is_counted and not is_vague and figures.search(reading.text)
        is_wanted = has_figures or target.field in set(register.MUSTS) - told
        is_word = isinstance(field, TermField) and not (field.default or is_own)
        if not (is_counted or is_word) or is_wanted or not has_remarks(register):
            return [Problem(target.field, reading.problem)]
        text = reading.text
    left.append(f"{target.label}：{text}")
    return [_noted(target.field, text)]


def set_aside(register: type[Record], values: dict[str, Any], found: Sequence[Problem], is_told: bool) -> list[Problem]:
    """Move one value into the remarks that may not stand without another which an old ledger does not have.

    A 报结日期 without 交办日期 would refuse the row. The record gets the stage to which the value leads, unless the row
    names one (`is_told`). Gives back the note; none when there is no such value.
    """
    for problem in found if has_remarks(register) else ():
        name = problem.asker
        if problem.kind != "must" or values.get(name) in (None, "") or values.get(problem.field) not in (None, ""):
            continue
        label, said = register.label(name), plain(values.pop(name))
        values["remarks"] = added(values.get("remarks"), f"{label}：{said}")
        text = f"没有{register.label(problem.field)}，{label}“{said}”写在备注里"
        stage = next((move.target for move in register.MOVES if move.needs[-1:] == (name,)), "")
        if stage and not is_told:
            values["stage"] = stage
            text = f"{text}，记为{register.stage_of(stage).label}"
        return [Problem(name, text, "note")]
    return []


def keep_lost(record: Record, values: Mapping[str, Any]) -> list[Problem]:
    """Put into the remarks of a new record what its row says in a field that follows from others (from reports)."""
    register = type(record)
    notes: list[Problem] = []
    for name, value in values.items() if has_remarks(register) else ():
        field: Any = register._meta.fields[name]
        held: Any = record
        is_counted_otherwise = isinstance(field, NumberField) and getattr(record, name) != value
        is_held = getattr(record, name) == value or (record.filled(name) and not is_counted_otherwise)
        if value in (None, "") or is_held or f"{register.label(name)}：" in (held.remarks or ""):
            continue
        said = f"{plain(value)}{getattr(field, 'unit', '')}"
        held.remarks = added(held.remarks, f"{register.label(name)}：{said}")
        notes.append(_noted(name, said))
    return notes


def _noted(field: str, text: str) -> Problem:
    return Problem(field, f"“{text[:20]}”写在备注里", "note")
