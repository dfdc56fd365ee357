"""What waits for the search index: the records of which the journal tells more than has been merged.

A save writes nothing for the index (a note of its own cost it a page of the log): `search_merged` holds the number of
the last entry that is merged, and the entries after it tell which records changed, and where in the index they stand.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from db.directory.attachments import Attachment
from db.record import Record
from db.store import index
from db.store.index import Pending
from db.store.shapes import Shape, shape_of
from db.store.texts import texts_of

_STANDING = ("listed_on", "deleted_at", "emptied_at")  # by these columns a record has its place in the index
_ATTACHED = f"{Attachment.key()}:"  # so an entry names an attachment that came or went; see `annexes`


@dataclass(slots=True)
class _Touched:
    """A record that entries tell of: its standing now, what of it was otherwise when the index took it in last."""

    now: dict[str, Any]
    otherwise: dict[str, Any] = field(default_factory=dict[str, Any])
    is_new: bool = False
    concerns_index: bool = False

    def take(self, shape: Shape, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        """Take one entry in; they come oldest first. None: it cannot be read, so it may tell of anything."""
        if before is None or after is None:
            self.concerns_index = True
            return
        self.is_new = self.is_new or (not before and "uuid" in after)
        for name in _STANDING:
            if name in before:
                self.otherwise.setdefault(name, before[name])
        names = (*before, *after)
        self.concerns_index = (
            self.concerns_index
            or not shape.searched.isdisjoint(names)
            or any(name.startswith(_ATTACHED) for name in names)
        )


def of_register(connection: sqlite3.Connection, register: type[Record], number: int) -> list[Pending]:
    """What of a register, whose number in the index is given, and of its recycle bin waits, by rising id.

    One that goes over to the bin or comes back from there stands twice: as taken out, and as put in.
    """
    rows = connection.execute(
        "SELECT j.record, CAST(j.before AS BLOB), CAST(j.after AS BLOB), t.listed_on, t.deleted_at, t.emptied_at "
        f'FROM journal j JOIN "{register.key()}" t ON t.id = j.record '
        "WHERE j.id > (SELECT entry FROM search_merged) AND j.register = ? ORDER BY j.id",
        (register.key(),),
    ).fetchall()
    shape, found = shape_of(register), dict[int, _Touched]()
    for record, before, after, *now in rows:
        touched = found.setdefault(record, _Touched(dict(zip(_STANDING, now, strict=True))))
        touched.take(shape, _read(before), _read(after))
    moves: list[tuple[int, tuple[int, int] | None, tuple[int, int] | None]] = []
    for record, touched in sorted(found.items()):
        if touched.concerns_index:
            so_far = None if touched.is_new else _place(number, record, touched.now | touched.otherwise)
            moves.append((record, so_far, _place(number, record, touched.now)))
    texts = texts_of(connection, register, [record for record, _so_far, now in moves if now])
    pending: list[Pending] = []
    for record, so_far, now in moves:
        stays = so_far and now and so_far[0] == now[0]
        if so_far and not stays:
            pending.append(Pending(so_far[0], record, so_far[1], None, ""))
        if now:
            merged = so_far[1] if so_far and stays else None
            pending.append(Pending(now[0], record, merged, now[1], texts[record]))
    return pending


def _read(snapshot: bytes) -> dict[str, Any] | None:
    """What an entry of the journal holds; None when it was damaged, of which `health` tells."""
    try:
        found = json.loads(snapshot)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _place(number: int, record: int, standing: dict[str, Any]) -> tuple[int, int] | None:
    """Under which number (the register's or its bin's) and row id a record stands in the index; None: nowhere."""
    if standing["deleted_at"] and standing["emptied_at"]:
        return None
    number += index.BIN if standing["deleted_at"] else 0
    return number, index.key_of(index.day_of(standing["listed_on"]), number, record)


def of_all(connection: sqlite3.Connection, registers: Iterable[tuple[int, type[Record]]]) -> list[Pending]:
    """The same of all registers, each with its number in the index."""
    told = "SELECT DISTINCT register FROM journal WHERE id > (SELECT entry FROM search_merged)"
    touched = {register for (register,) in connection.execute(told)}
    return [
        one
        for number, register in registers
        if register.key() in touched
        for one in of_register(connection, register, number)
    ]
