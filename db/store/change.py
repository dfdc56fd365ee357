"""One change of the store: rows, journal and search index written together, or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from db.errors import Problem, Refused
from db.record import Line, Record, Table
from db.store import clock, index, journal, links
from db.store.checking import Checking
from db.store.shapes import Shape

if TYPE_CHECKING:
    from db.store.store import Store

_BOOKKEEPING = ("updated_at", "updated_by")


class AsTyped:
    """Gives a record and its lines back as they were when the block fails, so that it can be mended and saved again."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def __enter__(self) -> None:
        rows = self._rows = {key: list(lines) for key, lines in self._record.rows.items()}
        held = (self._record, *(line for lines in rows.values() for line in lines))
        self._held = [(row, dict(row.__data__)) for row in held]

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        if kind is not None:
            self._record.rows = self._rows
            for row, values in self._held:
                row.__data__ = values


@dataclass
class Change:
    """An open transaction with a name; made by `Store.change()`.

    `keys` are the records that it touched, `id` its number in the journal once something was written, `head` how far
    the journal then goes.
    """

    store: Store
    connection: sqlite3.Connection
    title: str
    undoes: int | None = None
    id: int = 0
    keys: list[tuple[str, int]] = field(default_factory=list)
    notes: tuple[Problem, ...] = ()
    head: journal.Head | None = None

    def save(self, record: Record) -> int:
        """Check, number and write one record with its lines; give back its id.

        Raises:
            Refused: with every problem, when one of them must not be; nothing of the change is then written.
        """
        before = self._stored(record) if record.id else {}
        lines_before = self._lines(record) if before else {}
        at = self.store.moment()
        if not before:
            self.begin(record, at)
        problems = Checking(self.store).check(record, before)
        if any(problem.kind == "must" for problem in problems):
            raise Refused(problems)
        self.notes = tuple(problems)
        record.updated_at, record.updated_by = at, self.store.user
        number = self._write(record, before, lines_before)
        if record.COPY_FIELD:
            links.follow_copy(self, record, before.get(record.COPY_FIELD, ""))
        return number

    def enter_again(self, record: Record) -> int:
        """Write a record that is gone from the ledger as it was, with its number and identity, under a new id."""
        record.updated_at, record.updated_by = self.store.moment(), self.store.user
        return self._write(record, {}, {})

    def begin(self, record: Record, at: str) -> None:
        """Give a new record its lasting identity, and who made it when."""
        store = self.store
        record.uuid, record.origin = store.new_uuid(), store.rules.setting("office")
        record.created_at, record.created_by = at, store.user

    def _stored(self, record: Record) -> dict[str, Any]:
        shape = self.store.shapes[type(record)]
        row = self.connection.execute(shape.select_entered, (record.id,)).fetchone()
        if row is None:
            raise Refused("这条记录已不在台账里，没有保存；请刷新后再看")
        before: dict[str, Any] = dict(zip((*shape.names, "entry"), row, strict=True))
        if before["emptied_at"]:
            raise Refused("这条记录已从回收站清空，没有保存；要找回请用备份里的这一条")
        if before["updated_at"] != record.updated_at:
            raise Refused(f"您修改期间，{before['updated_by'] or '别处'}已改过这条记录，没有保存；请重新打开再改")
        return before

    def _lines(self, record: Record) -> dict[str, list[dict[str, Any]]]:
        """The lines that are stored, by kind.

        Those kinds that the record came without are put into it: rules and the search index look at all of them.
        """
        found: dict[str, list[dict[str, Any]]] = {}
        held: dict[str, list[Line]] = {}
        for kind in record.LINES:
            shape, key = self.store.shapes[kind], kind.key()
            rows = self.connection.execute(shape.of_owner, (record.id,)).fetchall()
            found[key] = [_line(shape, row) for row in rows]
            held[key] = [shape.revive(number, row) for number, *row in rows] if key not in record.rows else []
        record.rows = held | record.rows
        return found

    def _write(self, record: Record, before: dict[str, Any], lines_before: dict[str, Any]) -> int:
        shape, run = self.store.shapes[type(record)], self.connection.execute
        after, previous = shape.values(record), before.get("entry")
        if before:
            changed = [name for name in shape.names if after[name] != before[name]]
            if not set(changed) - set(_BOOKKEEPING) and not self._lines_differ(record, lines_before):
                record.updated_at, record.updated_by = before["updated_at"], before["updated_by"]
                return record.id
            entry = self._last(record.updated_at)[0] + 1  # so that the row names it without being written twice
            run(shape.update_entered(changed), (*(after[name] for name in changed), entry, record.id))
            old, new = ({name: row[name] for name in changed} for row in (before, after))
        else:
            entry = self._last(record.updated_at)[0] + 1
            record.id = cast("Any", run(shape.insert_entered, (*after.values(), entry)).lastrowid)
            old, new = {}, {name: value for name, value in after.items() if value != shape.defaults[name]}
        for kind in record.LINES:
            self._write_lines(record, kind, lines_before.get(kind.key(), []), old, new)
        self._enter(record.key(), record.id, old, new, (previous,))
        self._let_wait()
        return record.id

    def _lines_differ(self, record: Record, before: dict[str, Any]) -> bool:
        for kind in record.LINES:
            if kind.key() in record.rows:
                wanted = [self.line_values(kind, row, at) for at, row in enumerate(record.lines(kind))]
                if wanted != before.get(kind.key(), []):
                    return True
        return False

    def line_values(self, kind: type[Line], line: Line, position: int) -> dict[str, Any]:
        """A line's plain values with its id and place, as the journal keeps them; its `position` is set."""
        line.position = position
        values = self.store.shapes[kind].values(line)
        values.pop("owner")
        return {"id": line.id, **values}

    def _write_lines(
        self, record: Record, kind: type[Line], before: list[Any], old: dict[str, Any], new: dict[str, Any]
    ) -> None:
        """Bring one kind of lines to what the record holds; note old and new when they differ."""
        if kind.key() not in record.rows:
            return
        lines = record.lines(kind)
        wanted = [self.line_values(kind, line, at) for at, line in enumerate(lines)]
        if wanted == before:
            return
        self.put_lines(kind, record.id, before, wanted)
        for line, values in zip(lines, wanted, strict=True):
            line.id = values["id"]
        if before:
            old[kind.key()] = before
        new[kind.key()] = wanted

    def put_lines(self, kind: type[Line], owner: int, before: list[Any], wanted: list[Any]) -> None:
        """Write lines of one kind: delete those gone, update those changed, insert the new (their ids are set)."""
        shape = self.store.shapes[kind]
        known = {row["id"]: row for row in before}
        for gone in set(known) - {row["id"] for row in wanted}:
            self.connection.execute(f'DELETE FROM "{shape.table}" WHERE id = ?', (gone,))
        for row in wanted:
            values = [owner if name == "owner" else row[name] for name in shape.names]
            if row["id"] in known:
                if row != known[row["id"]]:
                    self.connection.execute(shape.update(list(shape.names)), (*values, row["id"]))
            else:
                row["id"] = self._insert_line(shape, values, row["id"])

    def _insert_line(self, shape: Shape, values: list[Any], line_id: int | None) -> int | None:
        if line_id is None:
            return self.connection.execute(shape.insert, values).lastrowid
        statement = shape.insert.replace("(", "(id,", 1).replace("VALUES (", "VALUES (?,", 1)
        return self.connection.execute(statement, (line_id, *values)).lastrowid

    def log(self, register: str, record: int, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Add the journal's entry about one record: what was and what is now, of the columns and lines that differ."""
        # Nobody asks for the history of a row of a table that the office edits.
        self._enter(register, record, old, new, () if register in self.store.register_numbers else (None,))

    def _last(self, at: str) -> journal.Head:
        """The journal's head, which the one writer knows once it has read it; its first entry comes at `at`."""
        if self.head is None:
            number, whole, before = journal.end(self.connection)
            clock.note(number, before, at)
            self.head = number, whole
        return self.head

    def _enter(
        self, register: str, record: int, old: dict[str, Any], new: dict[str, Any], previous: tuple[int | None, ...]
    ) -> None:
        """Add an entry; `previous` holds the one before about the same record, nothing when the record is to tell."""
        store, at = self.store, self.store.moment()
        last = self._last(at)
        row = (self.id, at, store.user, self.title, register, record, journal.dumps(old), journal.dumps(new),
               self.undoes, *previous)  # fmt: skip
        if previous:
            self.head = journal.append(self.connection, row, last)
        else:
            self.head = journal.add(self.connection, row, register, record, last)
        self.id = self.id or self.head[0]
        self.keys.append((register, record))

    def log_all(self, register: str, entries: Sequence[tuple[int, str, str, int | None]]) -> None:
        """Add the journal's entries about many records, whose rows name them already; see `journal.append_all`."""
        store, at = self.store, self.store.moment()
        last, head_of = self._last(at), (self.id, at, store.user, self.title, register)
        self.head = journal.append_all(self.connection, head_of, entries, self.undoes, last)
        self.id = self.id or last[0] + 1
        self.keys += [(register, entry[0]) for entry in entries]

    def put(self, row: Table) -> int:
        """Write one row of a table that the office edits, new or changed; journaled. Give back its id."""
        shape = self.store.shapes[type(row)]
        after = shape.values(row)
        if not row.id:
            row.id = cast("Any", self.connection.execute(shape.insert, tuple(after.values())).lastrowid)
            self.log(shape.table, row.id, {}, after)
            return row.id
        before = self._row(shape, row.id)
        changed = [name for name in shape.names if after[name] != before.get(name)]
        if changed:
            self.connection.execute(shape.update(changed), (*(after[name] for name in changed), row.id))
            self.log(shape.table, row.id, *({name: values[name] for name in changed} for values in (before, after)))
        return row.id

    def remove(self, row: Table) -> None:
        """Take one row of a table that the office edits away; the journal keeps what it held."""
        self.reset(type(row), row.id, {})

    def reset(self, model: type[Table], row: int, values: dict[str, Any]) -> None:
        """Make a row of an edited table hold these plain values: all of them for one that is gone, none to remove it.

        What undo does. Raises KeyError for a model that the office does not edit.
        """
        shape = self.store.shapes[model]
        before = self._row(shape, row)
        if not values:
            self.connection.execute(f'DELETE FROM "{shape.table}" WHERE id = ?', (row,))
        elif before:
            before = {name: before[name] for name in values}
            self.connection.execute(shape.update(list(values)), (*values.values(), row))
        else:
            self._insert_line(shape, [values[name] for name in shape.names], row)
        self.log(shape.table, row, before, values)

    def _row(self, shape: Shape, row: int) -> dict[str, Any]:
        """What a row holds; empty when it is gone."""
        found = self.connection.execute(shape.select, (row,)).fetchone()
        return dict(zip(shape.names, found, strict=True)) if found else {}

    def write_columns(self, record: Record, columns: dict[str, Any], lines: dict[str, list[Any]]) -> None:
        """Set stored columns and lines as they are, without rules: what undo and restore do. Journaled and indexed."""
        shape = self.store.shapes[type(record)]
        now = shape.values(record)
        columns = {**columns, "updated_at": self.store.moment(), "updated_by": self.store.user}
        old = {name: now[name] for name in columns}
        new = dict(columns)
        self.connection.execute(shape.update(list(columns)), (*columns.values(), record.id))
        for kind in record.LINES:
            if kind.key() in lines:
                before = [self.line_values(kind, line, at) for at, line in enumerate(record.lines(kind))]
                self.put_lines(kind, record.id, before, lines[kind.key()])
                old[kind.key()], new[kind.key()] = before, lines[kind.key()]
        self.log(record.key(), record.id, old, new)
        self._let_wait()

    def _let_wait(self) -> None:
        """A change of many records does not let too many of them wait for the search index."""
        if len(self.keys) % index.BATCH == 0:
            self.store.let_wait(self.connection, index.BATCH)


def _line(shape: Shape, row: tuple[Any, ...]) -> dict[str, Any]:
    values: dict[str, Any] = dict(zip(("id", *shape.names), row, strict=True))
    values.pop("owner")
    return values
