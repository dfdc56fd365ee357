"""Takes changes back, and makes them again, from the journal; refuses where a later change stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.errors import Refused
from db.record import Record
from db.store import journal

if TYPE_CHECKING:
    from db.store.change import Change
    from db.store.store import Store

_INVISIBLE = {"updated_at", "updated_by"}


def invert(store: Store, target: int, word: str) -> Change:
    """Write the opposite of a change as a change of its own; undoing an undoing is a redoing.

    Raises:
        Refused: when there is no such change, or a later one stands in the way.
    """
    entries = journal.of_change(store.connection, target)
    if not entries:
        raise Refused("日志里没有这一步操作")
    title = entries[0].title.removeprefix("撤销：").removeprefix("重做：")
    with store.change(f"{word}：{title}", undoes=target) as change:
        for entry in reversed(entries):
            _invert_entry(store, change, entry)
    return change


def _invert_entry(store: Store, change: Change, entry: journal.Entry) -> None:
    register = store.catalogue[entry.register]
    record = store.load(register, entry.record)
    kinds = {kind.key(): kind for kind in register.LINES}
    now = store.shapes[register].values(record)
    for name, value in entry.after.items():
        held = (
            [change.line_values(kinds[name], line, at) for at, line in enumerate(record.lines(kinds[name]))]
            if name in kinds
            else now.get(name)
        )
        if name not in _INVISIBLE and held != value:
            label = register.label(name)
            raise Refused(f"{record.number or record.SUBJECT}之后又改过{label}，不能撤销；请在历史里逐项恢复")
    if entry.created:
        change.write_columns(record, _uncreated(store, register, record), {})
        return
    columns = {name: value for name, value in entry.before.items() if name not in kinds}
    lines = {name: entry.before.get(name, []) for name in kinds if name in entry.after}
    if columns.get("sequence") is not None and record.sequence is None:
        _require_free(register, columns)
    change.write_columns(record, columns, lines)


def _uncreated(store: Store, register: type[Record], record: Record) -> dict[str, Any]:
    """What undoing a creation sets: into the recycle bin; the last number of its series is free again."""
    columns: dict[str, Any] = {"deleted_at": store.moment(), "is_open": 0}
    last = record.sequence is not None and record.sequence + 1 == store.next_sequence(
        register, record.series, record.year
    )
    if last:
        columns |= {"number": "", "sequence": None}
    return columns


def _require_free(register: type[Record], columns: dict[str, Any]) -> None:
    row = register.get_or_none(
        register.series == columns.get("series", ""), register.number == columns.get("number", "")
    )
    if row is not None:
        raise Refused(f"{row.number}已给了别的记录，不能重做")
