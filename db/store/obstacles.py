"""What stands in the way of taking a change of a record back: a later change, a number that was given since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from db.errors import Refused
from db.record import Record
from db.store import journal

if TYPE_CHECKING:
    from db.store.change import Change

# No change of a clerk's, so nothing that stands in the way.
_INVISIBLE = {"updated_at", "updated_by", "missing", "listed_on", "is_open", "sort_due"}


def require_unchanged(change: Change, record: Record, held: Mapping[str, Any], entry: journal.Entry) -> None:
    """Let only what an entry of the journal left be taken back; `held` are the plain values and lines of the record.

    Raises:
        Refused: when something of it was changed since.
    """
    require_not_emptied(record)
    changed = [name for name, value in entry.after.items() if name not in _INVISIBLE and held.get(name) != value]
    if changed:
        # A column that only follows from others has no label of its own.
        label = next((label for name in changed if (label := record.label(name)) != name), "别的内容")
        later = _later(change, entry, changed)
        raise Refused(f"{_called(record)}之后又改过{label}，不能撤销{later}；请在历史里逐项恢复")


def require_not_emptied(record: Record) -> None:
    """Let only what was not emptied out of the recycle bin be changed.

    Raises:
        Refused: saying when it was.
    """
    if record.emptied_at:
        when = str(record.emptied_at)[:16].replace("T", " ")
        raise Refused(f"{_called(record)}已于{when}从回收站清空，内容不在台账里了，没有改动；要找回请用备份里的这一条")


def _later(change: Change, entry: journal.Entry, changed: list[str]) -> str:
    """Which later change stands in the way of taking an entry back: by whom, when, what."""
    for one in reversed(journal.of_record(change.connection, entry.register, entry.record)):
        if one.id > entry.id and not one.after.keys().isdisjoint(changed):
            return f"（{one.at[:16].replace('T', ' ')}，{one.by}，{one.title}）"
    return ""


def require_free(change: Change, record: Record, values: Mapping[str, Any]) -> None:
    """Let a record have a number back only when no other has it; `values` are to be the plain ones of the record.

    Raises:
        Refused: when another has it.
    """
    if values["sequence"] is None:
        return
    found = change.connection.execute(
        f'SELECT id FROM "{record.key()}" WHERE series = ? AND year = ? AND sequence = ? AND id <> ?',
        (values["series"], values["year"], values["sequence"], record.id),
    ).fetchone()
    if found is not None:
        other = change.store.load(type(record), found[0])
        raise Refused(f"{other.number}已给了{_called(other, by_number=False)}，不能再用")


def _called(record: Record, by_number: bool = True) -> str:
    return (by_number and record.number) or f"《{getattr(record, record.SUBJECT).strip('《》')}》"
