"""Whether two registers tell the same list: equal totals of two registers are a smell (domain reference §0)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from db.catalogue import Catalogue, references
from db.figures import Figures, Period
from db.record import Record


@dataclass(frozen=True)
class Same:
    """Two figures that stand for the same `count` matters, which ought not to be."""

    register: str
    one: str
    other: str
    count: int
    words: str


def same_lists(
    connection: sqlite3.Connection, catalogue: Catalogue, figures: Figures, period: Period
) -> Iterator[Same]:
    """Each pair of figures declared as NOT_THE_SAME whose lists are identical over a period.

    They are when they are equally long, not empty, and every record of one has a record of the other with the same
    title, or that names it or is named by it.
    """
    for register in catalogue:
        if register.NOT_THE_SAME is None:
            continue
        one, other = register.NOT_THE_SAME
        sides = [(figures.register_of(key), figures.rows(key, period)) for key in (one, other)]
        (mine, first), (theirs, second) = sides
        if len(first) != len(second) or not first:
            continue
        partners = _partners(connection, mine, first, theirs, second)
        if all(partners.get(record) for record in first) and len(set().union(*partners.values())) == len(second):
            words = f"{figures[one].label}和{figures[other].label}的清单完全相同（{len(first)}件），请核对"
            yield Same(register.key(), one, other, len(first), words)


def _partners(
    connection: sqlite3.Connection, mine: type[Record], first: list[int], theirs: type[Record], second: list[int]
) -> dict[int, set[int]]:
    """Record of the first list -> those of the second that are the same matter."""
    ours, others = _known(connection, mine, first), _known(connection, theirs, second)
    named_there = _named(connection, theirs, second, mine)
    named_here = _named(connection, mine, first, theirs)
    found: dict[int, set[int]] = {}
    for record, (title, number) in ours.items():
        found[record] = {
            other
            for other, (its_title, its_number) in others.items()
            if title == its_title
            or (number and number in named_there.get(other, ()))
            or (its_number and its_number in named_here.get(record, ()))
        }
    return found


def _known(connection: sqlite3.Connection, register: type[Record], ids: list[int]) -> dict[int, tuple[str, str]]:
    """Id -> title without its marks, number."""
    rows = _select(connection, register, f'"{register.SUBJECT}", number', ids)
    return {record: (title.strip("《》 "), number) for record, title, number in rows}


def _named(
    connection: sqlite3.Connection, register: type[Record], ids: list[int], other: type[Record]
) -> dict[int, set[str]]:
    """Id -> the numbers of the other register that it names."""
    names = [
        field.column_name for table, field in references(register)
        if table is register and field.register == other.key()
    ]  # fmt: skip
    if not names:
        return {}
    rows = _select(connection, register, ", ".join(f'"{name}"' for name in names), ids)
    return {record: {number for number in numbers if number} for record, *numbers in rows}


def _select(
    connection: sqlite3.Connection, register: type[Record], columns: str, ids: list[int]
) -> Iterator[tuple[Any, ...]]:
    marks = ", ".join("?" * len(ids))
    yield from connection.execute(f'SELECT id, {columns} FROM "{register.key()}" WHERE id IN ({marks})', ids)
