"""What lies in the recycle bin: who put it there, when, by which step; as the journal tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.record import Record

if TYPE_CHECKING:
    from db.store.store import Store


class Deletion(NamedTuple):
    """Who put a record into the bin, when (to the minute), and what the step was called."""

    by: str
    at: str
    title: str


def deletion(store: Store, register: type[Record], record: int) -> Deletion | None:
    """How a record came into the bin; None when the journal does not tell."""
    for entry in reversed(store.history(register, record)):
        if entry.after.get("deleted_at"):
            return Deletion(entry.by, entry.at[:16].replace("T", " "), entry.title)
    return None


def standing(store: Store, record: Record) -> str:
    """What is to be said behind the title of a record that is void or deleted; "" of any other."""
    if record.deleted_at:
        told = deletion(store, type(record), record.id)
        return f"（在回收站：{told.at}，{told.by}，{told.title}）" if told else "（在回收站）"
    return f"（作废：{record.void_reason}）" if record.voided_on else ""
