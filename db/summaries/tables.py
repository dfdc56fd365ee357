"""The tables of forms: a row for each line of a record, for each record of a list, or for each value of a field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from db.figures import rounded
from db.record import Record
from db.rules import templates
from db.rules.templates import EACH_RECORD, Rows
from db.rules.wording import Passage, Value
from db.summaries.conditions import holds
from db.summaries.document import Cell, Column, Records, Table
from db.summaries.filling import Filler, Scope, parts_of
from db.summaries.matters import record_of
from db.summaries.names import COUNTED, ROW, SHARE
from db.summaries.wording import DASH

TOTAL = "合计"


def table_of(rows: Rows, scope: Scope, records: Sequence[Record], filler: Filler) -> Table:
    """The table of a template for a record with its lines, or for the records of a list."""
    if rows.counted:
        cells = _counted(rows, records, filler.today)
    elif rows.of == EACH_RECORD:
        scopes = (
            Scope(record, extra={**scope.extra, "序": str(at)}, long=False) for at, record in enumerate(records, 1)
        )
        cells = [_listed(rows, one, filler) for one in scopes]
    else:
        lines = filler.rows(scope, rows.of)
        scopes = [replace(scope, line=line, extra={**scope.extra, "序": str(at)}, long=False)
                  for at, line in enumerate(lines, 1)]  # fmt: skip
        cells = [[Cell(filler.text(column.text, one)) for column in rows.columns] for one in scopes]
    columns = tuple(Column(column.head, column.width, column.align) for column in rows.columns)
    return Table(
        columns * rows.beside, tuple(map(tuple, _padded(cells, rows))), rows.size, "无", 26.0 if rows.least else 0.0
    )


def _listed(rows: Rows, scope: Scope, filler: Filler) -> list[Cell]:
    """The cells of one record of a list; its place in the list and its number open it."""
    record = scope.record
    texts = [filler.text(column.text, scope) for column in rows.columns]
    if record is None:
        return list(map(Cell, texts))
    way = record_of(record)
    opens = (Value("序") in column.text or text == record.number
             for column, text in zip(rows.columns, texts, strict=True))  # fmt: skip
    return [Cell(text, way if text and is_way else None) for text, is_way in zip(texts, opens, strict=True)]


def _padded(cells: list[list[Cell]], rows: Rows) -> list[list[Cell]]:
    """At least so many rows, numbered on; halves side by side, the left one first."""
    width = len(rows.columns)
    counts = [Value("序") in column.text for column in rows.columns]
    most = max(rows.least * rows.beside, -(-len(cells) // rows.beside) * rows.beside)
    padded = cells + [
        [Cell(str(at + 1) if counts[place] else "") for place in range(width)] for at in range(len(cells), most)
    ]
    if rows.beside == 1:
        return padded
    deep = len(padded) // rows.beside
    return [[cell for half in range(rows.beside) for cell in padded[half * deep + at]] for at in range(deep)]


def _counted(rows: Rows, records: Sequence[Record], today: date) -> list[list[Cell]]:
    """A row for each value of the field with its counts, the most frequent first, and their total."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        for part in parts_of(record, rows.of) or ["（未填）"]:
            groups.setdefault(part, []).append(record)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    listed = [*ordered, (TOTAL, list(records))] if ordered else []
    return [
        [_count(column, value, own, "" if value == TOTAL else str(at), today) for column in rows.columns]
        for at, (value, own) in enumerate(listed, 1)
    ]


def _count(column: templates.Column, value: str, records: Sequence[Record], at: str, today: date) -> Cell:
    """One cell: {项}, {序}, {件数}, {件数（condition）：}, {占比（condition/condition）：}."""
    found: list[str] = []
    behind: Sequence[Record] | None = None
    for piece in column.text:
        if isinstance(piece, str):
            found.append(piece)
        elif piece.name == ROW:
            found.append(value)
        elif piece.name == "序":
            found.append(at)
        elif isinstance(piece, Passage) and piece.name in (COUNTED, SHARE):
            text, behind = _number(piece, records, today)
            found.append(text)
        elif piece.name == COUNTED:
            found.append(str(len(records)))
            behind = list(records)
    way = (
        Records(f"{value}：{column.head}", tuple((one.key(), one.id) for one in behind)) if behind is not None else None
    )
    return Cell("".join(found), way)


def _number(piece: Passage, records: Sequence[Record], today: date) -> tuple[str, list[Record]]:
    """How many records meet a condition, or their share of all, or of those that meet the one after the stroke.

    With the records behind it: those that are counted, or those that the share is taken of.
    """
    part, _stroke, base = piece.condition.partition("/")
    counted = [record for record in records if holds(record, part, today)]
    if piece.name == COUNTED:
        return str(len(counted)), counted
    whole = [record for record in records if holds(record, base, today)] if base else list(records)
    return f"{rounded(Decimal(len(counted) * 100) / len(whole))}%" if whole else DASH, whole
