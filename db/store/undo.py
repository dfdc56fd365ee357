"""Takes changes back, and makes them again, from the journal; refuses where a later change stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from db.collection import uncollected
from db.directory.tables import ASKED, EDITED
from db.errors import Cancelled, Refused
from db.record import Record, Table
from db.store import annexes, births, guard, journal
from db.store.obstacles import require_free, require_unchanged

if TYPE_CHECKING:
    from db.store.change import Change
    from db.store.store import Store

Progress = Callable[[int, int], bool]  # (done, of): False asks to stop

_STEP = 64  # entries between two tellings of progress
_FOLLOWING = ("missing", "listed_on", "is_open", "sort_due")
_TABLES = {model.key(): model for model in EDITED}
_ASKED = {model.key(): permission for model, permission in ASKED.items()}
_LOOKED_AT = 2_000  # entries of a change that tell what it did: a longer one did the same to all
_VOIDED = ("voided_on", "deleted_at")


def asked(store: Store, target: int) -> tuple[str, ...]:
    """The permissions that taking back a change asks for; of one that others made also those that making it asked for.

    So nobody gets past his role by taking back what an administrator did, nor a voided record back into force.
    """
    row = store.connection.execute("SELECT by FROM journal WHERE id = ?", (target,)).fetchone()
    if row is None or row[0] == store.user:
        return ("save",)
    found = store.connection.execute(
        "SELECT register, before, after FROM journal WHERE id >= ? AND change = ? LIMIT ?", (target, target, _LOOKED_AT)
    )
    further: dict[str, None] = {}
    for register, before, after in found:
        if register in _ASKED:
            further[_ASKED[register]] = None
        elif any(f'"{name}":' in snapshot for name in _VOIDED for snapshot in (before, after)):
            further["void"] = None
    return ("undo_others", *further)


def invert(store: Store, target: int, word: str, progress: Progress = lambda _done, _of: True) -> Change:
    """Write the opposite of a change as a change of its own; undoing an undoing is a redoing.

    Raises:
        Refused: when there is no such change, a later one stands in the way, or whoever works here may not.
        Cancelled: when `progress` gave False; nothing is undone.
    """
    entries = journal.of_change(store.connection, target)
    if not entries:
        raise Refused("日志里没有这一步操作")
    if any(entry.after.get("emptied_at") and not entry.undoes for entry in entries):
        raise Refused("清空回收站不能撤销：内容已不在台账里；要找回某一条，请用“备份与恢复”里备份中的这一条")
    title = entries[0].title.removeprefix("撤销：").removeprefix("重做：")
    may, *further = asked(store, target)
    for permission in further:
        store.require(permission)
    with uncollected(), store.change(f"{word}：{title}", undoes=target, may=may) as change:
        done: set[str] = set()
        told = at = 0
        for run in births.runs(store, reversed(entries)):
            if at >= told:
                if not progress(at, len(entries)):
                    raise Cancelled
                told = at + _STEP
            if births.is_birth(store, run[0]):
                births.invert(change, run)
            elif annexes.is_annex(run[0]):
                annexes.invert(change, run[0], done)
            else:
                _invert_entry(store, change, run[0])
            at += len(run)
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
    if entry.register not in store.catalogue.keys():  # noqa: SIM118
        raise Refused("这一步改的台账，现在的程序里没有，不能撤销")
    register = store.catalogue[entry.register]
    record = store.load(register, entry.record)
    kinds = {kind.key(): kind for kind in register.LINES}
    held = store.shapes[register].values(record)
    for name, kind in kinds.items():
        held[name] = [change.line_values(kind, line, at) for at, line in enumerate(record.lines(kind))]
    require_unchanged(change, record, held, entry)
    columns = {name: value for name, value in entry.before.items() if name not in kinds}
    lines = {name: entry.before.get(name, []) for name in kinds if name in entry.after}
    if not columns.keys().isdisjoint(("series", "year", "sequence")):
        require_free(change, record, held | columns)
    if columns.get("sequence", 0) is None and not _is_last(store, record):
        raise Refused(f"{record.number}之后已编了别的号，不能撤销编号；不用的请作废")
    follows = following(store, record, held | columns | lines)
    columns |= {name: value for name, value in follows.items() if value != held[name] or name in columns}
    change.write_columns(record, columns, lines)


def following(store: Store, record: Record, values: dict[str, Any]) -> dict[str, Any]:
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


def _is_last(store: Store, record: Record) -> bool:
    """Whether the record has the last number of its series, so that giving it back leaves no gap."""
    following = store.next_sequence(type(record), record.series, record.year)
    return record.sequence is not None and record.sequence + 1 == following
