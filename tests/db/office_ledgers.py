"""Whole ledgers as county offices keep them, written as real files, with what a careful clerk reads in each."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

Rows = list[list[Any]]
Values = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One sheet: its name, rows and merges; rows (from 1) and columns that are hidden, and a filter over a range."""

    name: str
    rows: Rows
    merges: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    filtered: str = ""


@dataclass(frozen=True)
class Ledger:
    """A file and what is to be read of it.

    `records`: of each row that is a record its kind and some of its values. `left`: why other rows are none.
    `told`: what the notes on the whole file must say. `encoding`: written as text in it; else as .xlsx.
    """

    register: str
    pages: tuple[Page, ...]
    records: tuple[tuple[str, Values], ...]
    left: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    encoding: str = ""
    name: str = "台账"


def write(ledger: Ledger, folder: Path) -> Path:
    """Write a ledger as a file of its kind."""
    path = folder / f"{ledger.name}{'.csv' if ledger.encoding else '.xlsx'}"
    if ledger.encoding:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(ledger.pages[0].rows)
        path.write_bytes(text.getvalue().encode(ledger.encoding))
        return path
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for page in ledger.pages:
        sheet = book.create_sheet(page.name)
        for row in page.rows:
            sheet.append(row)
        for place in page.merges:
            sheet.merge_cells(place)
        for row in page.hidden_rows:
            sheet.row_dimensions[row].hidden = True
        for column in page.hidden_columns:
            sheet.column_dimensions[column].hidden = True
        if page.filtered:
            sheet.auto_filter.ref = page.filtered
    book.save(path)
    return path


def new(*records: Values) -> tuple[tuple[str, Values], ...]:
    """Records that are all to be new, by some of their values."""
    return tuple(("new", values) for values in records)
