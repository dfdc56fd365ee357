"""The tables of forms: a row for each line of a record, for each record of a list, or for each value of a field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from db.figures import rounded
from db.record import Record
from db.rules.templates import EACH_RECORD, Rows
from db.rules.wording import Passage, Value, Wording
from db.summaries.conditions import holds
from db.summaries.document import Cell, Column, Table
from db.summaries.filling import Filler, Scope, parts_of
from db.summaries.names import COUNTED, ROW, SHARE
from db.summaries.wording import DASH

TOTAL = "合计"


def table_of(rows: Rows, scope: Scope, records: Sequence[Record], filler: Filler) -> Table:
    """The table of a template for a record with its lines, or for the records of a list."""
    if rows.counted:
        texts = _counted(rows, records, filler.today)
    elif rows.of == EACH_RECORD:
        scopes = (
            Scope(record, extra={**scope.extra, "序": str(at)}, long=False) for at, record in enumerate(records, 1)
        )
        texts = [[filler.text(column.text, one) for column in rows.columns] for one in scopes]
    else:
        lines = filler.rows(scope, rows.of)
        texts = [
            [filler.text(column.text, replace(scope, line=line, extra={**scope.extra, "序": str(at)}, long=False))
             for column in rows.columns]
            for at, line in enumerate(lines, 1)
        ]  # fmt: skip
    texts = _padded(texts, rows)
    columns = tuple(Column(column.head, column.width, column.align) for column in rows.columns)
    return Table(
        columns * rows.beside, tuple(tuple(map(Cell, row)) for row in texts), rows.size, "无",
        26.0 if rows.least else 0.0,
    )  # fmt: skip


def _padded(texts: list[list[str]], rows: Rows) -> list[list[str]]:
    """At least so many rows, numbered on; halves side by side, the left one first."""
    width = len(rows.columns)
    counts = [Value("序") in column.text for column in rows.columns]
    most = max(rows.least * rows.beside, -(-len(texts) // rows.beside) * rows.beside)
    padded = texts + [
        [str(at + 1) if counts[place] else "" for place in range(width)] for at in range(len(texts), most)
    ]
    if rows.beside == 1:
        return padded
    deep = len(padded) // rows.beside
    return [[text for half in range(rows.beside) for text in padded[half * deep + at]] for at in range(deep)]


def _counted(rows: Rows, records: Sequence[Record], today: date) -> list[list[str]]:
    """A row for each value of the field with its counts, the most frequent first, and their total."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        for part in parts_of(record, rows.of) or ["（未填）"]:
            groups.setdefault(part, []).append(record)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    listed = [*ordered, (TOTAL, list(records))] if ordered else []
    return [
        [_count(column.text, value, own, "" if value == TOTAL else str(at), today) for column in rows.columns]
        for at, (value, own) in enumerate(listed, 1)
    ]


def _count(wording: Wording, value: str, records: Sequence[Record], at: str, today: date) -> str:
    """One cell: {项}, {序}, {件数}, {件数（condition）：} and {占比（condition/condition）：}."""
    found: list[str] = []
    for piece in wording:
        if isinstance(piece, str):
            found.append(piece)
        elif piece.name == ROW:
            found.append(value)
        elif piece.name == "序":
            found.append(at)
        elif isinstance(piece, Passage) and piece.name in (COUNTED, SHARE):
            found.append(_number(piece, records, today))
        elif piece.name == COUNTED:
            found.append(str(len(records)))
    return "".join(found)


def _number(piece: Passage, records: Sequence[Record], today: date) -> str:
    """How many records meet a condition; or their share of all, or of those that meet the one after the stroke."""
    part, _stroke, base = piece.condition.partition("/")
    count = sum(holds(record, part, today) for record in records)
    if piece.name == COUNTED:
        return str(count)
    whole = sum(holds(record, base, today) for record in records) if base else len(records)
    return f"{rounded(Decimal(count * 100) / whole)}%" if whole else DASH
