"""Links between records of any registers: made, removed, and read from both ends.

Where a register names a COPY_FIELD, the link 同文 and that field say the same: the one follows the other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.directory.links import KINDS, SAME, Link
from db.errors import Problem, Refused
from db.record import DocumentNumberField, Record, Table
from db.store import annexes

if TYPE_CHECKING:
    from db.store.change import Change
    from db.store.store import Store

_BRIEF = 20  # characters of a title in a sentence of one line
_LINK = "SELECT id, register, record, kind, other_register, other_record, made_at, made_by FROM link "


@dataclass(frozen=True)
class Linked:
    """A record at the other end, as seen from here. `link` is None when only a number in the field `kind` names it."""

    link: int | None
    kind: str
    record: Record


def of_record(store: Store, record: Record) -> list[Linked]:
    """Every record linked with this one, the oldest link first, then those that its number fields name."""
    found: list[Linked] = []
    for number, register, owner, kind, other_register, other, _at, _by in _rows(store.connection, record):
        if (register, owner) != (record.key(), record.id):
            kind, other_register, other = store.rules.term(KINDS, kind).group or kind, register, owner  # noqa: PLW2901
        found.append(Linked(number, kind, store.load(store.catalogue[other_register], other)))
    known = {(linked.record.key(), linked.record.id) for linked in found}
    for linked in _named(store, record):
        if (linked.record.key(), linked.record.id) not in known:
            known.add((linked.record.key(), linked.record.id))
            found.append(linked)
    return found


def count(connection: sqlite3.Connection, record: Record) -> int:
    """How many links a record has."""
    return len(_rows(connection, record))


def _rows(connection: sqlite3.Connection, record: Record) -> list[tuple[Any, ...]]:
    either = "WHERE register = ? AND record = ? UNION ALL {} WHERE other_register = ? AND other_record = ? ORDER BY id"
    key = (record.key(), record.id)
    return connection.execute(_LINK + either.format(_LINK), (*key, *key)).fetchall()


def _named(store: Store, record: Record) -> Iterator[Linked]:
    """The records that a number field of this one names, then those that name this one."""
    rows: list[Table] = [record, *(line for kind in record.LINES for line in record.lines(kind))]
    for row in rows:
        for field in row._meta.sorted_fields:
            if isinstance(field, DocumentNumberField) and field.name != "number" and getattr(row, field.name):
                yield from _of_number(store, record, field.verbose_name, getattr(row, field.name))
    for register, other in record.referrers():
        yield Linked(None, "提到本条", store.load(register, other))


def _of_number(store: Store, record: Record, label: str, number: str) -> Iterator[Linked]:
    for register in store.catalogue:
        other = by_number(store.connection, register, number)
        if other is not None and (register.key(), other) != (record.key(), record.id):
            yield Linked(None, label, store.load(register, other))


def by_number(connection: sqlite3.Connection, register: type[Record], number: str) -> int | None:
    """The id of the record with this number; None when the register numbers otherwise or has none of it."""
    numbering = register.NUMBERING
    parsed = numbering.parse(number) if numbering and "{series}" in numbering.mask else None
    if parsed is None:
        return None
    sql = f'SELECT id FROM "{register.key()}" WHERE series = ? AND year = ? AND sequence = ?'
    row = connection.execute(sql, parsed).fetchone()
    return row[0] if row else None


def called(record: Record) -> str:
    """How a record is named in a sentence: register, number, title."""
    title = f"《{getattr(record, record.SUBJECT).strip('《》')}》"
    return f"{record.TITLE}{record.number}{title}"


def brief(record: Record) -> str:
    """The title of a record in a sentence of one line: of a long one what all titles of an office begin with goes."""
    title = getattr(record, record.SUBJECT).strip("《》")
    if len(title) > _BRIEF and (at := title.find("关于")) > 0:
        title = f"…{title[at:]}"
    return f"《{title if len(title) <= _BRIEF else f'{title[:_BRIEF]}…'}》"


def link(store: Store, record: Record, other: Record, kind: str) -> Change:
    """Link two records; `kind` is what the other is to the first.

    Raises:
        Refused: with itself, a second time, by an unknown kind, or where one of the two may hold nothing.
    """
    if (record.key(), record.id) == (other.key(), other.id):
        raise Refused("不能与自己关联，没有改动；请另选一条")
    if kind not in store.rules.known_words(KINDS):
        raise Refused(f"关联的种类里没有“{kind[:20]}”，没有改动")
    for end in (record, other):
        if end.is_placeholder:
            raise Refused(f"{end.number}是涉密文件占的号，不能关联")
    with store.change(f"关联{kind}") as change:
        known = next((row for row in _rows(change.connection, record) if _joins(row, other)), None)
        if known:
            raise Refused(f"已与{called(other)}关联过（{known[3]}），没有再加")
        if kind == SAME and record.key() == other.key() and record.COPY_FIELD:
            record, other = sorted((record, other), key=_age, reverse=True)
            _mark(change, record, other)
        _add(change, record, other, kind)
    return change


def _joins(row: tuple[Any, ...], other: Record) -> bool:
    return (other.key(), other.id) in ((row[1], row[2]), (row[4], row[5]))


def _age(record: Record) -> tuple[str, int]:
    return str(record.listed_on or ""), record.id


def _mark(change: Change, later: Record, earlier: Record) -> None:
    """Say in the later record's field which one it is a copy of."""
    name = later.COPY_FIELD
    if not earlier.number:
        raise Refused(f"{called(earlier)}还没有编号，不能标为同文；请先编号")
    if getattr(later, name):
        raise Refused(f"{later.number}已标为{getattr(later, name)}的同文；请先取消那一条，再标这一条")
    change.write_columns(later, {name: earlier.number}, {})


def _add(change: Change, record: Record, other: Record, kind: str) -> None:
    store = change.store
    row = {"register": record.key(), "record": record.id, "kind": kind, "other_register": other.key(),
           "other_record": other.id, "made_at": store.moment(), "made_by": store.user}  # fmt: skip
    annexes.put(change, Link, None, row, _ends(store, record, other, kind))


def _ends(store: Store, record: Record, other: Record, kind: str) -> dict[annexes.Key, str]:
    back = store.rules.term(KINDS, kind).group or kind
    return {
        (record.key(), record.id): f"{kind}：{called(other)}",
        (other.key(), other.id): f"{back}：{called(record)}",
    }


def unlink(store: Store, number: int) -> Change:
    """Remove a link by its id; a copy that is none any more counts again.

    Raises:
        Refused: when it is gone already.
    """
    with store.change("取消关联") as change:
        _remove(change, number)
    return change


def _remove(change: Change, number: int, unmark: bool = True) -> None:
    store = change.store
    row = annexes.read(change.connection, Link, number)
    if row is None:
        raise Refused("这个关联已经取消了")
    record, other = (
        store.load(store.catalogue[row[register]], row[owner])
        for register, owner in (("register", "record"), ("other_register", "other_record"))
    )
    name = record.COPY_FIELD if row["kind"] == SAME and record.key() == other.key() else ""
    if unmark and name and getattr(record, name) == other.number:
        change.write_columns(record, {name: ""}, {})
    annexes.put(change, Link, number, None, _ends(store, record, other, row["kind"]))


def remove_all(change: Change, record: Record) -> None:
    """Remove every link of a record that goes; what others say of it in their fields stays, as does its number."""
    for row in _rows(change.connection, record):
        _remove(change, row[0], unmark=False)


def follow_copy(change: Change, record: Record, before: str) -> None:
    """After a record was saved: the link 同文 follows what its COPY_FIELD says now; `before` is what it said so far.

    Raises:
        Refused: when it names the record itself.
    """
    name = record.COPY_FIELD
    number = getattr(record, name)
    if number == before:
        return
    for row in _rows(change.connection, record) if before else ():
        if row[3] == SAME and (row[1], row[2], row[4]) == (record.key(), record.id, record.key()):
            _remove(change, row[0], unmark=False)
    other = by_number(change.connection, type(record), number) if number else None
    if other == record.id:
        label = record.label(name)
        raise Refused([Problem(name, f"{label}要写另一份的编号，不能写自己的；没有保存")])
    if other is not None:
        twin = change.store.load(type(record), other)
        if not any(_joins(row, twin) for row in _rows(change.connection, record)):
            _add(change, record, twin, SAME)
