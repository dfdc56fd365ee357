"""Many records in one change: rows, journal and search index written in batches, as a save would each."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from db.record import Line, Record
from db.store import index, indexing, journal

if TYPE_CHECKING:
    from db.store.change import Change

BATCH = 2_000
_CACHE = -65_536  # KiB; with 2 MB three hundred thousand rows take a quarter longer (reference/performance.md)


@contextmanager
def cached(connection: sqlite3.Connection) -> Generator[None]:
    """With four times the page cache, which many new rows fill; it is given back at the end."""
    (kept,) = connection.execute("PRAGMA cache_size").fetchone()
    connection.execute(f"PRAGMA cache_size = {_CACHE}")
    try:
        yield
    finally:
        with suppress(sqlite3.ProgrammingError):  # closed: the disk was away, and the ledger was opened anew
            connection.execute(f"PRAGMA cache_size = {kept}")


@dataclass(slots=True)
class NewRecord:
    """A checked record to be written: its plain values in the order of its shape, its lines by kind.

    `awaits_number`: it gets the next number of its series.
    """

    values: Sequence[Any]
    lines: dict[str, list[Line]] = field(default_factory=dict[str, list[Line]])
    awaits_number: bool = False


class Numbers:
    """The next number of each series, with those in mind that the records to be written bring themselves."""

    def __init__(self, change: Change, register: type[Record], brought: Iterable[tuple[str, int, int]]) -> None:
        self._change, self._register = change, register
        self._highest: dict[tuple[str, int], int] = {}
        for series, year, sequence in brought:
            self._highest[series, year] = max(self._highest.get((series, year), 0), sequence)
        self._last: dict[tuple[str, int], int] = {}

    def next(self, series: str, year: int) -> int:
        """The number that comes next in a series."""
        key = series, year
        if key not in self._last:
            following = self._change.store.next_sequence(self._register, series, year)
            self._last[key] = max(following - 1, self._highest.get(key, 0))
        self._last[key] += 1
        return self._last[key]


class _Lines:
    """New lines of one kind, which wait until the records that they stand under are written."""

    def __init__(self, change: Change, kind: type[Line]) -> None:
        self._change, self._kind, self._shape = change, kind, change.store.shapes[kind]
        columns = ",".join(f'"{column}"' for column in ("id", *self._shape.columns))
        marks = ",".join("?" * (len(self._shape.columns) + 1))
        self._insert = f'INSERT INTO "{self._shape.table}" ({columns}) VALUES ({marks})'
        given = change.connection.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", (self._shape.table,)
        ).fetchone()
        self._next = (given[0] if given else 0) + 1  # an id is never given twice
        self._rows: list[tuple[Any, ...]] = []

    def add(self, owner: int, lines: list[Line]) -> list[dict[str, Any]]:
        """Take the lines of a record; give them back as the journal keeps them."""
        found: list[dict[str, Any]] = []
        for at, line in enumerate(lines):
            line.id = self._next
            self._next += 1
            values = self._change.line_values(self._kind, line, at)
            self._rows.append((line.id, *(owner if name == "owner" else values[name] for name in self._shape.names)))
            found.append(values)
        return found

    def flush(self) -> None:
        """Write what waits."""
        self._change.connection.executemany(self._insert, self._rows)
        self._rows.clear()


class Inserter:
    """Writes new records of one register within a change."""

    def __init__(self, change: Change, register: type[Record], brought: Iterable[tuple[str, int, int]] = ()) -> None:
        store = change.store
        self._change, self._register = change, register
        self._shape = shape = store.shapes[register]
        self._numbers, self._numbering = Numbers(change, register, brought), register.numbering(store.rules)
        self._at = {name: place for place, name in enumerate(shape.names)}
        columns = ",".join(f'"{column}"' for column in ("id", *shape.columns, "entry"))
        self._insert = f'INSERT INTO "{shape.table}" ({columns}) VALUES ({",".join("?" * (len(shape.columns) + 2))})'
        self._defaults = tuple(shape.defaults[name] for name in shape.names)
        self._next = (
            self._change.connection.execute(f'SELECT ifnull(max(id), 0) FROM "{shape.table}"').fetchone()[0] + 1
        )
        self._lines = {kind.key(): _Lines(change, kind) for kind in register.LINES}
        self._moment, self._office = store.moment(), store.rules.setting("office")

    def write(self, records: Sequence[NewRecord]) -> list[int]:
        """Write a batch of records, at most BATCH at a time to keep memory low; give back their ids."""
        change, store, connection = self._change, self._change.store, self._change.connection
        indexing.merge(store, connection)
        rows: list[tuple[Any, ...]] = []
        entries: list[tuple[int, str, str, int | None]] = []
        texts: list[tuple[int, date | None, str]] = []
        entry = journal.head(connection)[0]
        for record in records:
            number, entry = self._next, entry + 1
            self._next += 1
            values = self._completed(record)
            after = {
                name: value
                for name, value, default in zip(self._shape.names, values, self._defaults, strict=True)
                if value != default
            }
            held: list[Line] = []
            for key, lines in record.lines.items():
                after[key] = self._lines[key].add(number, lines)
                held += lines
            rows.append((number, *values, entry))
            entries.append((number, "{}", journal.dumps(after), None))
            listed = values[self._at["listed_on"]]
            texts.append(
                (
                    number,
                    date.fromisoformat(listed) if listed else None,
                    store.shapes.joined(self._register, values, held),
                )
            )
        connection.executemany(self._insert, rows)
        for lines in self._lines.values():
            lines.flush()
        change.log_all(self._shape.table, entries)
        index.add(connection, store.register_numbers[self._shape.table], texts)
        index.set_merged(connection, entry)
        return [row[0] for row in rows]

    def _completed(self, record: NewRecord) -> list[Any]:
        """The values with identity, number, and who wrote them when."""
        store, at, values = self._change.store, self._at, list(record.values)
        values[at["uuid"]] = values[at["uuid"]] or store.new_uuid()
        values[at["origin"]] = values[at["origin"]] or self._office
        values[at["created_at"]] = values[at["updated_at"]] = self._moment
        values[at["created_by"]] = values[at["updated_by"]] = store.user
        if record.awaits_number and self._numbering:
            series, year = values[at["series"]], values[at["year"]]
            sequence = self._numbers.next(series, year)
            values[at["sequence"]], values[at["number"]] = sequence, self._numbering.render(series, year, sequence)
        return values
