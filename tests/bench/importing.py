"""Import of 100,000 rows x 12 columns, checked, journaled and searchable, against openpyxl reading alone, and against
calamine with executemany and the same search index.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import rows as papers
from ledger import now, opened
from measuring import Result

from db.exchange.applying import apply
from db.exchange.planning import Plan
from db.exchange.reading import read
from db.store import index

ROWS = 100_000
OPENPYXL_ROWS = 20_000  # openpyxl takes 9 s for 100,000 rows, in proportion
NAMES = ("number", "received_on", "from_unit", "from_doc_no", "from_doc_on", "title", "kind", "source_level", "medium",
         "lead_unit", "handler", "finished_on")  # fmt: skip


def measure(bench: Path, rows: int) -> Iterator[Result]:
    """One import into an empty ledger, its floors in the same run."""
    rows = min(rows, ROWS)
    path, folder = bench / "import.xlsx", bench / "import"
    shutil.rmtree(folder, ignore_errors=True)
    with opened(folder) as store:
        register = next(iter(store.catalogue))
        _write(path, [register.label(name) for name in NAMES], rows)
        start = time.perf_counter()
        book = read(path)
        seen = time.perf_counter()
        plan = Plan(store, register, book)
        planned = time.perf_counter()
        apply(store, plan)
        ours = (time.perf_counter() - start) * 1e3
        assert plan.counts.new == rows
        parts = f"reading {seen - start:.1f} s, dry run {planned - seen:.1f} s, writing the rest"
        texts = [
            (row[0], date.fromisoformat(row[1]), row[2])
            for row in store.connection.execute(
                f'SELECT r.id, r.listed_on, t.text FROM "{register.key()}" r '
                "JOIN search_text t ON (t.key & ((1 << 34) - 1)) = r.id"
            )
        ]
    shutil.rmtree(folder)
    floor = _floor(folder, path, texts)
    shutil.rmtree(folder)
    yield Result(
        f"import {rows:,} rows, calamine + executemany + the same index", ours, floor, at_most_ratio=2.5, note=parts
    )
    slow = _openpyxl(path) * rows / min(rows, OPENPYXL_ROWS)
    note = f"floor: openpyxl (read_only) on {min(rows, OPENPYXL_ROWS):,} rows, in proportion; 5 times as fast is 0.2"
    yield Result(f"import {rows:,} rows, openpyxl reading alone", ours, slow, at_most_ratio=0.2, note=note)
    path.unlink()


def _write(path: Path, labels: list[str], rows: int) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, labels)
        for at, values in enumerate(papers.incoming(rows), 1):
            for column, name in enumerate(NAMES):
                if values[name] and name.endswith("_on"):
                    sheet.write_datetime(at, column, datetime.fromisoformat(values[name]), day)
                elif values[name]:
                    sheet.write_string(at, column, values[name])


def _floor(folder: Path, path: Path, texts: list[tuple[int, date, str]]) -> float:
    import python_calamine

    with opened(folder) as store:
        start = time.perf_counter()
        found = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()
        connection = store.connection
        connection.execute(f"CREATE TABLE floor ({','.join(NAMES)})")
        connection.execute("BEGIN")
        marks = ",".join("?" * len(NAMES))
        connection.executemany(f"INSERT INTO floor VALUES ({marks})", [[str(cell) for cell in row] for row in found])
        index.add(connection, 1, texts)
        connection.execute("COMMIT")
        return (time.perf_counter() - start) * 1e3


def _openpyxl(path: Path) -> float:
    import openpyxl

    start = time.perf_counter()
    book = openpyxl.load_workbook(path, read_only=True)
    for at, _row in enumerate(book.worksheets[0].iter_rows(values_only=True)):
        if at >= OPENPYXL_ROWS:
            break
    book.close()
    return (time.perf_counter() - start) * 1e3


if __name__ == "__main__":
    for result in measure(Path(sys.argv[1]), int(sys.argv[2])):
        sys.stdout.write(f"{result.what} {result.ours:.0f} {result.floor or 0:.0f} {result.ratio or 0:.2f} {now()}\n")
