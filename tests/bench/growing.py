"""How what one does with a list grows with the ledger: 10,000, 100,000 and as many records as the bench has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import ledger
from measuring import Result, median

SIZES = (10_000, 100_000)
MOST_MB = 40.0
_WORDS = {
    "open": "open to painted", "all": "all years to painted", "jump": "jump", "scroll": "page up",
    "sort": "sort by title, first rows", "filter": "filter by kind", "search": "keystroke to hits painted",
}  # fmt: skip

Measured = dict[str, list[float]]


def measure(bench: Path, rows: int, few: int, run: Callable[[Path], Measured]) -> Iterator[Result]:
    """`run` gives what a process measures over the ledger in a folder; the smallest ledger has `few` records."""
    counts = (few, *(size for size in SIZES if size < rows), rows)
    found = {}
    for count in counts:
        folder = ledger.ledger(bench, count)
        found[count] = run(folder)
        ledger.release(folder)
    big, small = found[rows], found[few]
    for name, words in _WORDS.items():
        steps = "; ".join(f"{count:,}: {median(found[count][name]):.1f} ms" for count in counts)
        limit = {"open": 2.0}.get(name)
        yield Result(f"{words}, {rows:,} : {few:,} rows", median(big[name]), median(small[name]), at_most_ratio=limit,
                     note=steps)  # fmt: skip
    for name in ("sort", "search"):
        steps = "; ".join(f"{count:,}: {median(found[count][f'{name}, all known']):.0f} ms" for count in counts)
        yield Result(f"{name}, until all ids are known", median(big[f"{name}, all known"]), note=steps)
    yield Result("repaint against QSqlTableModel", median(big["repaint"]), median(big["bare"]), at_most_ratio=2)
    growth = big["memory"][0] - small["memory"][0]
    yield Result(f"memory, growth from {few:,} to {rows:,} rows", growth, unit="MB", at_most=MOST_MB)
