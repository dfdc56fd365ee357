"""Finds a record by what stands on its paper: its number, or the text of its QR code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from db.errors import Refused
from db.record import Record
from db.rules.numbering import mend
from db.store import links
from db.store.store import Store

CODE = "fazhi"


def code_of(record: Record) -> str:
    """The text of the QR code that finds a record again."""
    return f"{CODE}:{record.key()}:{record.uuid}"


def by_code(store: Store, text: str) -> tuple[str, int] | None:
    """The record that the text of a code names, as typed, pasted or scanned; None when it is no code.

    Raises:
        Refused: when it is a code, but of no record of this ledger.
    """
    parts = text.strip().replace("：", ":").split(":")
    if len(parts) != 3 or parts[0].lower() != CODE:
        return None
    key, uuid = parts[1].lower(), parts[2].lower()
    if key in set(store.catalogue.keys()):
        row = store.connection.execute(
            f'SELECT id FROM "{key}" WHERE uuid = ? AND deleted_at IS NULL', (uuid,)
        ).fetchone()
        if row:
            return key, row[0]
    raise Refused("这个二维码不是本台账里的记录：可能是另一个单位的，或者记录已删除")


def by_number(store: Store, registers: Iterable[str], number: str, year: int | None = None) -> tuple[str, int]:
    """The record of this number in one of the registers: of several years that of `year`, or else of the newest.

    Raises:
        Refused: when there is none.
    """
    registers = tuple(registers)
    found = all_by_number(store, registers, number)
    if year is not None:
        found = [one for one in found if one.year == year]
    if found:
        return found[0].register, found[0].record
    titles = "、".join(store.catalogue[key].TITLE for key in registers)
    raise Refused(f"{titles}里没有{f'{year}年的' if year is not None else ''}编号“{number}”")


@dataclass(frozen=True)
class Numbered:
    """A record with a number: where it is, and the year of its number."""

    register: str
    record: int
    year: int


def all_by_number(store: Store, registers: Iterable[str], number: str) -> list[Numbered]:
    """Every record with this number, the newest year first; numbers with a series are found by an index."""
    wanted, found = mend(number), list[Numbered]()
    for key in registers:
        record = links.by_number(store.connection, store.catalogue[key], wanted)
        condition, value = ("id = ?", record) if record is not None else ("number = ? AND deleted_at IS NULL", wanted)
        rows = store.connection.execute(f'SELECT id, year FROM "{key}" WHERE {condition}', (value,))
        found += [Numbered(key, *row) for row in rows]
    return sorted(found, key=lambda one: (-one.year, one.record))
