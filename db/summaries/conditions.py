"""The conditions of a form: which records it is for, and which a list takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from db.record import Record
from db.summaries.names import COMMON, names_of
from db.summaries.wording import text_of

_WITHIN = re.compile(r"(.+)≤(\d+)日")
_EQUAL = re.compile(r"(.+?)([=≠])(.*)")


def holds(record: Record, condition: str, today: date) -> bool:
    """Whether a record meets one condition of a template.

    逾期, 未结, 已结; 有X, 无X (filled or not); X=a、b; X≠a; X≤180日 (a date up to so many days ahead of today).
    """
    names = names_of(type(record))
    if condition in ("逾期", "未结", "已结"):
        is_late = record.due_on is not None and record.due_on < today
        return record.is_open is (condition != "已结") and (condition != "逾期" or is_late)
    if within := _WITHIN.fullmatch(condition):
        day = getattr(record, names.get(within[1], ""), None)
        return isinstance(day, date) and day <= today + timedelta(int(within[2]))
    if equal := _EQUAL.fullmatch(condition):
        name = names.get(equal[1].strip(), "")
        value = record.stage_of(record.stage).label if name == "stage" else text_of(getattr(record, name, None))
        found = value.split("、")
        return bool(set(found) & set(equal[3].split("、"))) is (equal[2] == "=")
    name, wanted = condition[1:], condition.startswith("有")
    return name in names and record.filled(names[name]) is wanted


def unknown_in(condition: str, register: type[Record] | None) -> Iterator[str]:
    """The names in a condition that mean nothing in a register (None: several), with the stroke of a share."""
    known = {*COMMON, *names_of(Record), *(names_of(register) if register else ())}
    for part in condition.split("/"):
        found = _WITHIN.fullmatch(part) or _EQUAL.fullmatch(part)
        name = found[1].strip() if found else part.removeprefix("有").removeprefix("无")
        if part not in ("逾期", "未结", "已结", "") and name not in known:
            yield name
