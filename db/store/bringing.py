"""Brings one record back from a backup, with its lines, as a change that can be undone."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.errors import Refused
from db.record import Record
from db.store import backup
from db.store.change import Change
from db.store.obstacles import require_free
from db.store.shapes import Shape
from db.store.undo import following

if TYPE_CHECKING:
    from db.store.store import Store

_KEPT = {"updated_at", "updated_by"}


def bring(store: Store, path: Path, register: type[Record], record_id: int) -> Change:
    """Let a record be again what it is in the backup `path`; one that the ledger no longer has is entered anew.

    Raises:
        Refused: when the backup lacks it, when it stands so already, or when its number was given to another.
    """
    shape = store.shapes[register]
    with backup.reading(path) as connection:
        held, lines = _held(connection, store, register, record_id)
    now = store.connection.execute(shape.select, (record_id,)).fetchone()
    is_there = now is not None and dict(zip(shape.names, now, strict=True))["uuid"] == held["uuid"]
    with store.change("从备份恢复", may="restore_backup") as change:
        if is_there:
            _as_it_was(change, store.load(register, record_id), held, lines)
        else:
            _anew(change, register, held, lines)
    return change


def _held(
    connection: sqlite3.Connection, store: Store, register: type[Record], record_id: int
) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """The plain values of a record in a backup, and its lines with their ids."""
    found = _rows(connection, store.shapes[register], "id", record_id)
    if not found:
        raise Refused("这个备份里没有这条记录，没有改动")
    held = {name: value for name, value in found[0].items() if name != "id"}
    lines = {kind.key(): _rows(connection, store.shapes[kind], "owner_id", record_id) for kind in register.LINES}
    for rows in lines.values():
        for row in rows:
            row.pop("owner")
    return held, lines


def _rows(connection: sqlite3.Connection, shape: Shape, column: str, value: int) -> list[dict[str, Any]]:
    """Rows of a table by field name; what an older version did not know has its default."""
    there = {row[1] for row in connection.execute(f'PRAGMA table_info("{shape.table}")')}
    fields = {name: shape.model._meta.fields[name].column_name for name in shape.names}
    if column not in there:
        return []
    known = {name: of for name, of in fields.items() if of in there}
    order = "position, id" if "position" in there else "id"
    columns = ",".join(f'"{of}"' for of in ("id", *known.values()))
    sql = f'SELECT {columns} FROM "{shape.table}" WHERE "{column}" = ? ORDER BY {order}'
    defaults = {name: shape.defaults.get(name) for name in shape.names}
    return [
        {"id": number, **defaults, **dict(zip(known, values, strict=True))}
        for number, *values in connection.execute(sql, (value,))
    ]


def _as_it_was(change: Change, record: Record, held: dict[str, Any], lines: dict[str, list[dict[str, Any]]]) -> None:
    store = change.store
    now = store.shapes[type(record)].values(record)
    columns = {name: value for name, value in held.items() if name not in _KEPT and value != now[name]}
    kinds = {kind.key(): kind for kind in record.LINES}
    there = {
        key: [change.line_values(kind, line, at) for at, line in enumerate(record.lines(kind))]
        for key, kind in kinds.items()
    }
    other = {key: rows for key, rows in lines.items() if rows != there[key]}
    if not columns and not other:
        raise Refused("这条记录现在和备份里一样，没有改动")
    if not columns.keys().isdisjoint(("series", "year", "sequence")):
        require_free(change, record, now | columns)
    follows = following(store, record, now | columns | there | other)
    columns |= {name: value for name, value in follows.items() if value != now[name]}
    change.write_columns(record, columns, other)


def _anew(change: Change, register: type[Record], held: dict[str, Any], lines: dict[str, list[dict[str, Any]]]) -> None:
    store = change.store
    shape = store.shapes[register]
    record: Record = shape.revive(0, [held[name] for name in shape.names])
    for kind in register.LINES:
        line = store.shapes[kind]
        record.rows[kind.key()] = [line.revive(0, [row.get(name) for name in line.names]) for row in lines[kind.key()]]
        for row in record.rows[kind.key()]:
            row.id = None  # type: ignore[assignment]  it is a new row
    if register.get_or_none(register.uuid == record.uuid) is not None:
        raise Refused("台账里另有这条记录，没有再加；请在列表或回收站里找它")
    require_free(change, record, held)
    change.enter_again(record)
