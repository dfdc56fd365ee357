"""Finds a record by what stands on its paper: its number, or the text of its QR code."""

from __future__ import annotations

from collections.abc import Iterable

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


def by_number(store: Store, registers: Iterable[str], number: str) -> tuple[str, int]:
    """The record of this number in one of the registers.

    Raises:
        Refused: when there is none.
    """
    wanted, registers = mend(number), tuple(registers)
    for key in registers:
        found = id_of(store, store.catalogue[key], wanted)
        if found is not None:
            return key, found
    titles = "、".join(store.catalogue[key].TITLE for key in registers)
    raise Refused(f"{titles}里没有编号“{number}”")


def id_of(store: Store, register: type[Record], number: str) -> int | None:
    """The id of the record with this number; None when there is none. Numbers with a series are found by an index."""
    found = links.by_number(store.connection, register, number)
    if found is None:
        sql = f'SELECT id FROM "{register.key()}" WHERE number = ? AND deleted_at IS NULL'
        row = store.connection.execute(sql, (number,)).fetchone()
        found = row[0] if row else None
    return found
