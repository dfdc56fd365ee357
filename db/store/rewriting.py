"""Columns of many records set at once, without rules, as `Change.write_columns` does of one: for a large undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from db.record import Line, Record
from db.store import index, indexing, journal
from db.store.texts import names_beside

if TYPE_CHECKING:
    from db.store.change import Change
    from db.store.store import Store


@dataclass(slots=True)
class Held:
    """A record as the ledger holds it: itself with its lines, its plain values, and its last entry in the journal."""

    record: Record
    values: dict[str, Any]
    entry: int | None


def fetch(store: Store, register: type[Record], ids: Sequence[int]) -> dict[int, Held]:
    """Records with all their lines by id, in a few queries; those that are gone are left out."""
    shape, run, marks = store.shapes[register], store.connection.execute, ",".join("?" * len(ids))
    columns = ",".join(f'"{column}"' for column in ("id", *shape.columns, "entry"))
    found: dict[int, Held] = {}
    for number, *row, entry in run(f'SELECT {columns} FROM "{shape.table}" WHERE id IN ({marks})', ids):
        found[number] = Held(shape.revive(number, row), dict(zip(shape.names, row, strict=True)), entry)
    for kind in register.LINES:
        lines = store.shapes[kind]
        rows: dict[int, list[Line]] = {number: [] for number in found}
        columns = ",".join(f'"{column}"' for column in ("owner_id", "id", *lines.columns))
        for owner, line, *row in run(
            f'SELECT {columns} FROM "{lines.table}" WHERE owner_id IN ({marks}) ORDER BY owner_id, position, id', ids
        ):
            rows[owner].append(lines.revive(line, row))
        for number, held in found.items():
            held.record.rows[kind.key()] = rows[number]
    return found


def rewrite(change: Change, register: type[Record], written: Sequence[tuple[Held, dict[str, Any]]]) -> None:
    """Set columns of records, each with the columns to set; their lines stay. Journaled and indexed.

    Each record may stand there once.
    """
    store, connection, shape = change.store, change.connection, change.store.shapes[register]
    indexing.merge(store, connection)
    marked = {"updated_at": store.moment(), "updated_by": store.user}
    names = sorted({name for _held, columns in written for name in columns} | set(marked))
    first = journal.head(connection)[0] + 1
    rows: list[tuple[Any, ...]] = []
    entries: list[tuple[int, str, str, int | None]] = []
    for entry, (held, columns) in enumerate(written, first):
        after = {**columns, **marked}
        before = {name: held.values[name] for name in after}
        whole = held.values | after
        rows.append((*(whole[name] for name in names), entry, held.record.id))
        entries.append((held.record.id, journal.dumps(before), journal.dumps(after), held.entry))
    connection.executemany(shape.update_entered(names), rows)
    change.log_all(shape.table, entries)
    _index(change, register, written)


def _index(change: Change, register: type[Record], written: Sequence[tuple[Held, dict[str, Any]]]) -> None:
    """Tell the search index: the texts go over between the register and its recycle bin."""
    store, connection, shape = change.store, change.connection, change.store.shapes[register]
    beside = names_beside(connection, register.key(), [held.record.id for held, _columns in written])
    moved: dict[tuple[int, int], list[tuple[int, date | None, date | None, str]]] = {}
    for held, columns in written:
        values, number = held.values | columns, held.record.id
        lines = (line for rows in held.record.rows.values() for line in rows)
        text = store.shapes.joined(register, [values[name] for name in shape.names], lines, beside.get(number, ()))
        way = _place(store, shape.table, held.values), _place(store, shape.table, values)
        days = index.day_of(held.values["listed_on"]), index.day_of(values["listed_on"])
        moved.setdefault(way, []).append((number, *days, text))
    for (source, target), texts in moved.items():
        index.shift(connection, source, target, texts)
    index.set_merged(connection, journal.head(connection)[0])


def _place(store: Store, table: str, values: dict[str, Any]) -> int:
    """The number under which a record with these values is indexed: its register's, or that of the recycle bin."""
    return store.register_numbers[table] + (index.BIN if values["deleted_at"] else 0)
