"""Takes changes back, and makes them again, from the journal; refuses where a later change stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from db.directory.tables import EDITED
from db.errors import Cancelled, Refused
from db.record import Record, Table
from db.store import annexes, guard, journal

if TYPE_CHECKING:
    from db.store.change import Change
    from db.store.store import Store

Progress = Callable[[int, int], bool]  # (done, of): False asks to stop

_STEP = 64  # entries between two tellings of progress
_FOLLOWING = ("missing", "listed_on", "is_open", "sort_due")
_TABLES = {model.key(): model for model in EDITED}
_INVISIBLE = {"updated_at", "updated_by", *_FOLLOWING}  # no change of a clerk's, so nothing that stands in the way


def invert(store: Store, target: int, word: str, progress: Progress = lambda _done, _of: True) -> Change:
    """Write the opposite of a change as a change of its own; undoing an undoing is a redoing.

    Raises:
        Refused: when there is no such change, or a later one stands in the way.
        Cancelled: when `progress` gave False; nothing is undone.
    """
    entries = journal.of_change(store.connection, target)
    if not entries:
        raise Refused("日志里没有这一步操作")
    title = entries[0].title.removeprefix("撤销：").removeprefix("重做：")
    with store.change(f"{word}：{title}", undoes=target) as change:
        done: set[str] = set()
        for at, entry in enumerate(reversed(entries)):
            if at % _STEP == 0 and not progress(at, len(entries)):
                raise Cancelled
            if annexes.is_annex(entry):
                annexes.invert(change, entry, done)
            else:
                _invert_entry(store, change, entry)
    return change


def _invert_row(store: Store, change: Change, model: type[Table], entry: journal.Entry) -> None:
    """Give a row of one of the office's tables back what it held; one that was new is taken away again."""
    shape = store.shapes[model]
    found = store.connection.execute(shape.select, (entry.record,)).fetchone()
    held = dict(zip(shape.names, found, strict=True)) if found else {}
    if any(held.get(name) != value for name, value in entry.after.items()) or bool(held) != bool(entry.after):
        raise Refused("这一项之后又改过，不能撤销；请直接改成要的内容")
    change.reset(model, entry.record, entry.before)


def _invert_entry(store: Store, change: Change, entry: journal.Entry) -> None:
    table = _TABLES.get(entry.register)
    if table is not None:
        _invert_row(store, change, table, entry)
        return
    register = store.catalogue[entry.register]
    record = store.load(register, entry.record)
    kinds = {kind.key(): kind for kind in register.LINES}
    held = store.shapes[register].values(record)
    for name, kind in kinds.items():
        held[name] = [change.line_values(kind, line, at) for at, line in enumerate(record.lines(kind))]
    changed = [name for name, value in entry.after.items() if name not in _INVISIBLE and held.get(name) != value]
    if changed:
        # A column that only follows from others has no label of its own.
        label = next((label for name in changed if (label := register.label(name)) != name), "别的内容")
        later = _later(store, entry, changed)
        raise Refused(f"{_called(record)}之后又改过{label}，不能撤销{later}；请在历史里逐项恢复")
    lines: dict[str, list[Any]] = {}
    if entry.created:
        columns = _uncreated(store, record)
    else:
        columns = {name: value for name, value in entry.before.items() if name not in kinds}
        lines = {name: entry.before.get(name, []) for name in kinds if name in entry.after}
        if not columns.keys().isdisjoint(("series", "year", "sequence")):
            _require_free(register, record, held | columns)
        if columns.get("sequence", 0) is None and not _is_last(store, record):
            raise Refused(f"{record.number}之后已编了别的号，不能撤销编号；不用的请作废")
    follows = _following(store, record, held | columns | lines)
    columns |= {name: value for name, value in follows.items() if value != held[name] or name in columns}
    change.write_columns(record, columns, lines)


def _later(store: Store, entry: journal.Entry, changed: list[str]) -> str:
    """Which later change stands in the way of taking an entry back: by whom, when, what."""
    for one in reversed(journal.of_record(store.connection, entry.register, entry.record)):
        if one.id > entry.id and not one.after.keys().isdisjoint(changed):
            return f"（{one.at[:16].replace('T', ' ')}，{one.by}，{one.title}）"
    return ""


def _following(store: Store, record: Record, values: dict[str, Any]) -> dict[str, Any]:
    """The columns that follow from the others, for a record with these plain values and lines."""
    shape = store.shapes[type(record)]
    wanted: Record = shape.revive(record.id, [values[name] for name in shape.names])
    for kind in record.LINES:
        line = store.shapes[kind]
        wanted.rows[kind.key()] = [
            line.revive(row["id"], [row.get(name) for name in line.names]) for row in values[kind.key()]
        ]
    wanted.missing = sum(problem.kind == "missing" for problem in guard.problems(wanted, store.rules))
    wanted.rank()
    found = shape.values(wanted)
    return {name: found[name] for name in _FOLLOWING}


def _uncreated(store: Store, record: Record) -> dict[str, Any]:
    """What undoing a creation sets: into the recycle bin; the last number of its series is free again."""
    columns: dict[str, Any] = {"deleted_at": store.moment(), "is_open": 0}
    if _is_last(store, record):
        columns |= {"number": "", "sequence": None}
    return columns


def _is_last(store: Store, record: Record) -> bool:
    """Whether the record has the last number of its series, so that giving it back leaves no gap."""
    following = store.next_sequence(type(record), record.series, record.year)
    return record.sequence is not None and record.sequence + 1 == following


def _require_free(register: type[Record], record: Record, columns: dict[str, Any]) -> None:
    if columns["sequence"] is None:
        return
    row = register.get_or_none(
        register.series == columns["series"],
        register.year == columns["year"],
        register.sequence == columns["sequence"],
        register.id != record.id,
    )
    if row is not None:
        raise Refused(f"{row.number}已给了{_called(row, by_number=False)}，不能再用")


def _called(record: Record, by_number: bool = True) -> str:
    return (by_number and record.number) or f"《{getattr(record, record.SUBJECT).strip('《》')}》"
