"""Whether a row that bears the number of a record of the ledger speaks of another matter: its title is another one.

A clerk's slip in a title is no other matter; another year, amount or item is, however alike the rest may read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any, Literal

from db.errors import Problem
from db.exchange.identity import twins_of
from db.record import Record

Doubted = Literal["skip", "update", "new"]  # what becomes of such rows: left out, written over the record, a new record
DOUBTED_WORDS: Mapping[Doubted, str] = {"skip": "不导入", "update": "覆盖台账里的", "new": "另立一件"}
_ALIKE = 0.75  # share of two titles that must agree; 关于 … 的通知 alone makes up to 0.6 of short ones
_FIGURES = re.compile(r"[0-9]+")
_SIGNS = re.compile(r"[\W_]+")


def is_another(before: str, title: str) -> bool:
    """Whether two titles (folded, see `index.fold`) are those of different matters."""
    one, other = _SIGNS.sub("", before), _SIGNS.sub("", title)
    if not one or not other or one == other:
        return False
    if _FIGURES.findall(one) != _FIGURES.findall(other):
        return True
    return SequenceMatcher(None, one, other, autojunk=False).ratio() < _ALIKE


def doubt(register: type[Record], values: Mapping[str, Any]) -> Problem:
    """The note at a row that is another matter than the record whose number, or whose fields of TWINS, it bears."""
    names = ("number",) if values.get("number") else register.TWINS[twins_of(register, values)[0][0]]
    what = "、".join(register.label(name) for name in names)
    return Problem(names[-1], f"{what}相同，{register.label(register.SUBJECT)}不同", "note")
