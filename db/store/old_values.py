"""Puts one old value of a record back, as the journal kept it; all else stays as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.errors import Problem, Refused
from db.record import Record
from db.store.change import Change
from db.store.journal import Entry

if TYPE_CHECKING:
    from db.store.store import Store


def may_be_put_back(register: type[Record], entry: Entry, name: str) -> bool:
    """Whether what a field or a kind of lines held before an entry can be put back by itself.

    What follows from other fields, numbers and stages have their own ways.
    """
    if entry.created or name not in entry.before:
        return False
    if any(kind.key() == name for kind in register.LINES):
        return True
    own = name in register._meta.fields and name not in Record._meta.fields
    return own and name not in register.DERIVED and any(name in section.fields for section in register.FORM)


def put_back(store: Store, register: type[Record], record_id: int, entry_id: int, name: str) -> Change:
    """Let a field, or a kind of lines, hold again what it held before an entry of the journal.

    Raises:
        Refused: when there is no such old value, when it stands there already, or when the rules forbid it today.
    """
    entry = next((one for one in store.history(register, record_id) if one.id == entry_id), None)
    if entry is None or not may_be_put_back(register, entry, name):
        raise Refused("历史里没有可以恢复的这一项，没有改动")
    record = store.load(register, record_id)
    kinds = {kind.key(): kind for kind in register.LINES}
    shape = store.shapes[register]
    if name in kinds:
        line = store.shapes[kinds[name]]
        record.rows[name] = [
            line.revive(row["id"], [row.get(field) for field in line.names]) for row in entry.before[name]
        ]
    else:
        held = shape.values(record) | {name: entry.before[name]}
        rows, record = record.rows, shape.revive(record_id, [held[field] for field in shape.names])
        record.rows = rows
    change = store.save(record, f"恢复{register.label(name)}")
    if not change.keys:
        raise Refused([Problem(name, f"{register.label(name)}现在就是这个内容，没有改动")])
    return change
