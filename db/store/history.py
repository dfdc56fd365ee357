"""What an entry of the journal says in the clerk's words: each field from what to what."""

from __future__ import annotations

from typing import Any, NamedTuple

from db.record import FlagField, Line, Record
from db.store import annexes
from db.store.journal import Entry

_HIDDEN = {"id", "uuid", "origin", "sort_due", "is_open", "missing", "listed_on", "updated_at", "updated_by",
           "created_at", "created_by", "due_rule", "due_version", "is_provisional", "source_group", "position",
           "sequence", "year", "series"}  # fmt: skip
_EXTRA = {"deleted_at": "移入回收站", "emptied_at": "从回收站清空"}


class Difference(NamedTuple):
    """What one field, or kind of lines, held and holds, in the clerk's words; `name` as the journal calls it."""

    label: str
    old: str
    new: str
    name: str


def changes(register: type[Record], entry: Entry) -> list[Difference]:
    """What an entry changed."""
    kinds = {kind.key(): kind for kind in register.LINES}
    found = []
    for name, new in entry.after.items():
        old = entry.before.get(name)
        if name in _HIDDEN:
            continue
        if model := annexes.model_of(name):
            was, now = (old or {}).get(annexes.WORDS, ""), (new or {}).get(annexes.WORDS, "（取消）")
            found.append(Difference(model.TITLE, was, now, name))
            continue
        if name in kinds:
            found.append(Difference(kinds[name].TITLE, _rows(kinds[name], old), _rows(kinds[name], new), name))
        elif name in _EXTRA:
            found.append(Difference(_EXTRA[name], _words(register, name, old), _words(register, name, new), name))
        else:
            label = register.label(name)
            found.append(Difference(label, _words(register, name, old), _words(register, name, new), name))
    return found


def _words(register: type[Record], name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name == "stage":
        return next((stage.label for stage in register.STAGES if stage.key == value), str(value))
    if isinstance(register._meta.fields.get(name), FlagField):
        return "是" if value else "否"
    return str(value)[:16].replace("T", " ") if name in _EXTRA else str(value)


def _rows(kind: type[Line], rows: list[dict[str, Any]] | None) -> str:
    return "；".join(
        "，".join(str(row[name]) for name in kind.COLUMNS if row.get(name) not in (None, "")) for row in rows or ()
    )
