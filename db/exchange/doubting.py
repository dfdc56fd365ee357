"""Whether a row that bears the number of a record of the ledger speaks of another matter: its title is another one.

Blanks and signs make no other title, one other word does: 城东 and 城西, 拨付 and 收回 differ by as little as a slip. A
record that was written over is not seen again, while a slip that is asked about costs one click.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from db.errors import Problem
from db.exchange.identity import twins_of
from db.record import Record
from db.store import index

Doubted = Literal["skip", "update", "new"]  # what becomes of such rows: left out, written over the record, a new record
DOUBTED_WORDS: Mapping[Doubted, str] = {"skip": "不导入", "update": "覆盖台账里的", "new": "另立一件"}
_SIGNS = re.compile(r"(?<![0-9])[\W_]+|[\W_]+(?![0-9])")  # one between figures tells: 1.5 is not 15
_BETWEEN = re.compile(r"[\W_]+")


def is_another(before: str, title: str) -> bool:
    """Whether two titles (folded, see `index.fold`) are those of different matters."""
    one, other = (_BETWEEN.sub(".", _SIGNS.sub("", text)) for text in (before, title))
    return bool(one and other) and one != other


def doubt(register: type[Record], values: Mapping[str, Any]) -> Problem:
    """The note at a row that is another matter than the record whose number, or whose fields of TWINS, it bears."""
    names = ("number",) if values.get("number") else register.TWINS[twins_of(register, values)[0][0]]
    what = "、".join(register.label(name) for name in names)
    return Problem(names[-1], f"{what}相同，{register.label(register.SUBJECT)}不同", "note")


def twice(register: type[Record], key: tuple[Any, ...], place: str, title: str, above: str) -> str:
    """Why a row is refused that is, by `key` (see `Evaluator.keys_of`), that at `place` once more: with both titles."""
    kind = key[0]
    what = {"uuid": "记录标识", "number": register.label("number")}.get(kind) or "、".join(
        map(register.label, register.TWINS[key[1]])
    )
    if title and above and not is_another(index.fold(above), index.fold(title)):
        told = f"；两行都是《{title}》"
    else:
        told = "".join(f"，{row}是《{said}》" for row, said in ((place, above), ("这一行", title)) if said)
    return f"与{place}{what}重复{told}"
