"""The whole search index made anew, as after a program that makes it otherwise."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from ledger import opened
from measuring import Result

from db.directory.settings import Setting
from db.store.indexing import MARK


def measure(folder: Path, rows: int) -> Iterator[Result]:
    """Open the ledger at `folder`, a copy, whose index an older program had made; the target is for a million rows."""
    with opened(folder):
        Setting.delete().where(Setting.name == MARK).execute()
    start, worked = time.perf_counter(), time.process_time()
    with opened(folder):
        taken, worked = time.perf_counter() - start, time.process_time() - worked
    note = f"processor {worked:.1f} s"
    limit = 60 * max(rows / 1_000_000, 0.05)
    yield Result(f"indexing {rows:,} rows anew", taken, unit="s", at_most=limit, note=note)
