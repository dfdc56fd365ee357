"""Which records of the ledger the rows of a file are: by lasting identity, by number, or by what tells them apart."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from db.record import Record
from db.store.shapes import plain
from db.store.store import Store

Twin = tuple[Any, ...]
_MANY = 200  # numbers for which the table is read once instead of asked for each


class Identities:
    """Finds records that are there already. What is asked for is gathered first, so that the table is read once."""

    def __init__(self, store: Store, register: type[Record]) -> None:
        self._store, self._register = store, register
        self._by_uuid: dict[str, int] = {}
        self._twins: dict[tuple[int, Twin], int] = {}
        self._free: frozenset[Any] = frozenset()

    @property
    def _connection(self) -> sqlite3.Connection:
        """That of the thread that asks: a row may be evaluated again on another."""
        return self._store.connection

    def gather_uuids(self, wanted: Collection[str]) -> None:
        """Look for records with these identities."""
        known = frozenset(wanted)
        if known:
            rows = self._connection.execute(f'SELECT uuid, id FROM "{self._register.key()}" WHERE deleted_at IS NULL')
            self._by_uuid.update((uuid, record) for uuid, record in rows if uuid in known)

    def gather_numbers(self, wanted: Collection[Any]) -> None:
        """Look for records with these numbers, all at once where they are many.

        A number is (series, year, sequence), or the text of one of another form.
        """
        if len(wanted) > _MANY:
            known = frozenset(key for key in wanted if isinstance(key, tuple) and all(key))
            rows = self._connection.execute(
                f'SELECT series, year, sequence, id FROM "{self._register.key()}" WHERE sequence IS NOT NULL'
            )
            taken = {row[:3] for row in rows if row[:3] in known}
            self._free = known - taken
            if written := frozenset(key for key in wanted if isinstance(key, str)):
                texts = self._connection.execute(
                    f'SELECT number FROM "{self._register.key()}" WHERE sequence IS NULL AND deleted_at IS NULL'
                )
                self._free |= written - {text for (text,) in texts}

    def is_free(self, parsed: tuple[str, int, int]) -> bool:
        """Whether it was found that no record, not even one in the bin, has this number."""
        return parsed in self._free

    def gather_twins(self, wanted: Iterable[tuple[int, Twin]]) -> None:
        """Look for live records with these values in the fields of TWINS at these places; the newest counts."""
        by_place: dict[int, set[Twin]] = {}
        for place, twin in wanted:
            by_place.setdefault(place, set()).add(twin)
        for place, twins in by_place.items():
            names = self._register.TWINS[place]
            columns = ",".join(f'"{self._register._meta.fields[name].column_name}"' for name in names)
            rows = self._connection.execute(
                f'SELECT id, {columns} FROM "{self._register.key()}" WHERE deleted_at IS NULL AND voided_on IS NULL'
            )
            self._twins.update(((place, tuple(row[1:])), row[0]) for row in rows if tuple(row[1:]) in twins)

    def by_uuid(self, uuid: str) -> int | None:
        """The record with this identity, if it was gathered."""
        return self._by_uuid.get(uuid)

    def by_number(self, number: str, numbering: Any, year: int | None = None) -> int | None:
        """The record that has this number; where every year has such a one (第3次), that of `year`.

        Without a year it is known only if one record alone has the number.
        """
        parsed = numbering.parse(number) if numbering else None
        if (parsed or number) in self._free:
            return None
        if parsed is None:
            return self._by_written(number, year)
        series, told, sequence = parsed
        where = "sequence = ?" + (" AND series = ?" if series else "") + (" AND year = ?" if told else "")
        values = [sequence, *filter(None, (series, told))]
        if not series or not told:
            where, values = f"{where} AND number = ?", [*values, number]
        if not series and not told and year:
            where, values = f"{where} AND year = ?", [*values, year]
        rows = self._connection.execute(
            f'SELECT id FROM "{self._register.key()}" WHERE {where} AND deleted_at IS NULL LIMIT 2', values
        ).fetchall()
        return rows[0][0] if len(rows) == 1 else None

    def _by_written(self, number: str, year: int | None) -> int | None:
        """The one record that bears a number of another form (3-1号), in a year that is known."""
        rows = self._connection.execute(
            f'SELECT id FROM "{self._register.key()}" WHERE sequence IS NULL AND number = ? AND deleted_at IS NULL'
            " AND (? IS NULL OR year = ?) LIMIT 2",
            (number, year, year),
        ).fetchall()
        return rows[0][0] if len(rows) == 1 else None

    def by_twin(self, place: int, twin: Twin) -> int | None:
        """The record with these values, if it was gathered."""
        return self._twins.get((place, twin))


def twins_of(register: type[Record], values: Mapping[str, Any]) -> list[tuple[int, Twin]]:
    """The values by which a row is told from others, with their place in TWINS; only where all are given."""
    found: list[tuple[int, Twin]] = []
    for place, names in enumerate(register.TWINS):
        twin = tuple(plain(values.get(name)) for name in names)
        if all(value not in (None, "", "无号") for value in twin):
            found.append((place, twin))
    return found
