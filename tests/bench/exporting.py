"""Export of 100,000 rows, reading the ledger included, against XlsxWriter writing the same cells from memory."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from ledger import now, opened
from measuring import Result, interleaved, median

from db.exchange.columns import record_names
from db.exchange.exporting import Selection, Source, export
from db.exchange.sheets import Sheet
from db.store.search import Filter
from db.store.store import Store

ROWS = 100_000
COLUMNS = 12  # of the floor's measure in performance.md


def measure(folder: Path, bench: Path, rows: int, rounds: int) -> Iterator[Result]:
    """Whole records and twelve columns of the newest papers, to .xlsx and .csv."""
    rows = min(rows, ROWS)
    with opened(folder) as store:
        register = next(iter(store.catalogue))
        ids = tuple(row[0] for row in store.connection.execute(
            f'SELECT id FROM "{register.key()}" WHERE deleted_at IS NULL ORDER BY listed_on DESC, id DESC LIMIT ?',
            (rows,),
        ))  # fmt: skip
        names = _names(store)
        for what, columns in ((f"{COLUMNS} columns", names), ("whole records", ())):
            chosen = Selection(register, Filter(ids=ids, order="number", descending=False), columns)
            cells = _cells(store, chosen)
            ours, floor = interleaved(rounds, [
                lambda chosen=chosen: _exported(store, chosen, bench / "export.xlsx"),
                lambda cells=cells: _written(cells, bench / "floor.xlsx"),
            ], warm_up=0)  # fmt: skip
            note = "floor: XlsxWriter (constant_memory) writing the same cells, already read"
            yield Result(
                f"export {rows:,} rows to .xlsx, {what}", median(ours), median(floor), at_most_ratio=1, note=note
            )
            csv = [_exported(store, chosen, bench / "export.csv") for _round in range(rounds)]
            yield Result(f"export {rows:,} rows to .csv, {what}", median(csv))
    for name in ("export.xlsx", "floor.xlsx", "export.csv"):
        (bench / name).unlink(missing_ok=True)


def _names(store: Store) -> tuple[str, ...]:
    """The first columns that most records fill."""
    register = next(iter(store.catalogue))
    some = list(register.select().limit(100))
    filled = [name for name in record_names(register) if sum(one.filled(name) for one in some) > len(some) / 2]
    return tuple(filled[:COLUMNS])


def _exported(store: Store, chosen: Selection, target: Path) -> float:
    start = time.perf_counter()
    export(store, [chosen], target)
    return (time.perf_counter() - start) * 1e3


def _cells(store: Store, chosen: Selection) -> list[tuple[str, list[str], list[tuple[object, ...]]]]:
    """Every sheet of an export as plain cells."""
    found: list[Sheet] = list(Source(store, chosen).sheets())
    return [
        (sheet.title, [one.label for one in sheet.columns], [tuple(row) for part in sheet.rows() for row in part])
        for sheet in found
    ]


def _written(sheets: list[tuple[str, list[str], list[tuple[object, ...]]]], target: Path) -> float:
    import xlsxwriter

    start = time.perf_counter()
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False})
    for title, labels, rows in sheets:
        page = book.add_worksheet(title)
        page.write_row(0, 0, labels)
        for at, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, str):
                    page.write_string(at, column, value)
                else:
                    page.write_number(at, column, value)  # type: ignore[arg-type]
    book.close()
    return (time.perf_counter() - start) * 1e3


if __name__ == "__main__":
    for result in measure(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), 3):
        sys.stdout.write(f"{result.what} {result.ours:.0f} {result.floor or 0:.0f} {result.ratio or 0:.2f} {now()}\n")
