"""Old ledgers written as real .xlsx files, planned, and what their rows would hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from db.exchange.planning import Plan
from db.exchange.reading import read
from db.record import Line
from db.store.store import Store

Rows = list[list[Any]]


def planned(
    store: Store, folder: Path, register: str, rows: Rows, merges: tuple[str, ...] = (), name: str = "台账",
    formats: dict[str, str] | None = None,
) -> Plan:  # fmt: skip
    """The dry run of a file of one sheet; `merges` are ranges whose first cell says all, `formats` those of cells."""
    path = folder / f"{name}.xlsx"
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Sheet1")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    for place in merges:
        sheet.merge_range(place, "")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, [one if one is not None else "" for one in row])
    for place, shown in (formats or {}).items():
        column, row = ord(place[0]) - ord("A"), int(place[1:]) - 1
        sheet.write(place, rows[row][column], book.add_format({"num_format": shown}))
    book.close()
    return Plan(store, store.catalogue[register], read(path))


def kinds(plan: Plan) -> list[str]:
    """The kind of each row, and why it is refused."""
    return [row.kind if row.kind != "refused" else f"refused: {plan.row(at).reason}"
            for at, row in enumerate(plan.rows())]  # fmt: skip


def held(store: Store, plan: Plan, at: int = 0) -> dict[str, Any]:
    """What the record of a row holds, by field."""
    return dict(zip(store.shapes[plan.register].names, plan.rows()[at].values, strict=True))


def lines(plan: Plan, kind: str, at: int = 0) -> list[dict[str, Any]]:
    """What the lines of one kind hold in a row, without what is empty."""
    found: list[Line] = (plan.rows()[at].lines or {}).get(kind, [])
    return [
        {name: value for name, value in line.__data__.items() if value not in (None, "") and name != "position"}
        for line in found
    ]
