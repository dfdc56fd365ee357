"""What lies in the recycle bin or was cleared out of it: by whom, when, by which step; as the journal tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.record import Record

if TYPE_CHECKING:
    from db.store.store import Store


class Deletion(NamedTuple):
    """Who put a record into the bin or cleared it out, when (to the minute), and what the step was called."""

    by: str
    at: str
    title: str


def deletion(store: Store, register: type[Record], record: int) -> Deletion | None:
    """How a record came into the bin or, once it was cleared out of it, that; None when the journal does not tell."""
    for entry in reversed(store.history(register, record)):
        if entry.after.get("deleted_at") or entry.after.get("emptied_at"):
            return Deletion(entry.by, entry.at[:16].replace("T", " "), entry.title)
    return None


def standing(store: Store, record: Record) -> str:
    """What is to be said behind the title of a record that is void or deleted; "" of any other."""
    if record.deleted_at:
        told = deletion(store, type(record), record.id)
        taken = "，号仍占用" if record.number else ""
        where = f"已从回收站清除{taken}" if record.emptied_at else "在回收站"
        return f"（{where}：{told.at}，{told.by}，{told.title}）" if told else f"（{where}）"
    return f"（作废：{record.void_reason}）" if record.voided_on else ""
