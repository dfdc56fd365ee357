"""Creations taken back, and made again, many at a time: an import of 100,000 rows is undone like one deed.

A creation taken back goes into the recycle bin, and its number is free again when it is the last of its series.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from db.errors import Refused
from db.record import Record
from db.store import journal, rewriting
from db.store.bulk import BATCH
from db.store.obstacles import require_free, require_unchanged
from db.store.rewriting import Held

if TYPE_CHECKING:
    from db.store.change import Change
    from db.store.store import Store

_RANKED = ("listed_on", "is_open", "sort_due")  # what follows from the rest; what is missing stays as it is
_PUT_AWAY = {"deleted_at", "is_open", "number", "sequence", "updated_at", "updated_by", *_RANKED}


def runs(store: Store, entries: Iterable[journal.Entry]) -> Iterator[list[journal.Entry]]:
    """Entries of a change in their order, those together that `invert` takes back at once; the others one by one."""
    run: list[journal.Entry] = []
    seen: set[int] = set()
    for entry in entries:
        fits = bool(run) and entry.register == run[0].register and entry.created == run[0].created
        if run and not (fits and is_birth(store, entry) and entry.record not in seen and len(run) < BATCH):
            yield run
            run, seen = [], set()
        run.append(entry)
        seen.add(entry.record)
        if not is_birth(store, entry):
            yield run
            run, seen = [], set()
    if run:
        yield run


def is_birth(store: Store, entry: journal.Entry) -> bool:
    """Whether an entry made a record, or is the undoing of one that did."""
    if entry.register not in store.catalogue.keys():  # noqa: SIM118
        return False
    return entry.created or (
        entry.undoes is not None
        and entry.before.keys() <= _PUT_AWAY
        and entry.before.get("deleted_at", "") is None
        and bool(entry.after["deleted_at"])
    )


def invert(change: Change, run: Sequence[journal.Entry]) -> None:
    """Take back a run of `runs` in which each entry is a birth.

    Raises:
        Refused: when a later change stands in the way, or a number was given to another.
    """
    store = change.store
    register = store.catalogue[run[0].register]
    found = rewriting.fetch(store, register, [entry.record for entry in run])
    last, moment = _LastNumbers(change, register), store.moment()
    written: list[tuple[Held, dict[str, Any]]] = []
    for entry in run:
        held = found.get(entry.record)
        if held is None:
            raise Refused("这条记录已不在台账里")
        require_unchanged(change, held.record, _with_lines(change, held, entry), entry)
        if entry.created:
            columns: dict[str, Any] = {"deleted_at": moment, "is_open": 0}
            if last.take(held.record):
                columns |= {"number": "", "sequence": None}
        else:
            columns = dict(entry.before)
            require_free(change, held.record, held.values | columns)
        written.append((held, columns | _ranked(store, register, held, columns)))
    rewriting.rewrite(change, register, written)


def _with_lines(change: Change, held: Held, entry: journal.Entry) -> dict[str, Any]:
    """The plain values of a record, with those kinds of lines that the entry tells of."""
    record = held.record
    return held.values | {
        kind.key(): [change.line_values(kind, line, at) for at, line in enumerate(record.lines(kind))]
        for kind in record.LINES
        if kind.key() in entry.after
    }


def _ranked(store: Store, register: type[Record], held: Held, columns: dict[str, Any]) -> dict[str, Any]:
    """The columns by which lists sort, as they follow once `columns` are set; only those that change."""
    shape = store.shapes[register]
    values = held.values | columns
    wanted: Record = shape.revive(held.record.id, [values[name] for name in shape.names])
    wanted.rows = held.record.rows
    wanted.rank()
    ranked = shape.values(wanted)
    return {name: ranked[name] for name in _RANKED if ranked[name] != held.values[name] or name in columns}


class _LastNumbers:
    """The numbers of each series from the last one down, of which those are given back that no other follows."""

    def __init__(self, change: Change, register: type[Record]) -> None:
        self._change = change
        self._sql = (
            f'SELECT sequence FROM "{register.key()}" WHERE series = ? AND year = ? AND sequence IS NOT NULL '
            f"ORDER BY sequence DESC LIMIT {BATCH}"
        )
        self._left: dict[tuple[str, int], list[int]] = {}

    def take(self, record: Record) -> bool:
        """Whether the record has the last number of its series; that number counts as given back then."""
        key = record.series, record.year
        if key not in self._left:
            self._left[key] = [row[0] for row in self._change.connection.execute(self._sql, key)][::-1]
        left = self._left[key]
        if record.sequence is None or not left or left[-1] != record.sequence:
            return False
        left.pop()
        return True
