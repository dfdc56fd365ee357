"""A verified backup of a ledger that lies open, against copying and syncing its file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from measuring import Result, interleaved, median, taken

from db.store import backup
from db.store.places import LEDGER


def _copied(source: Path, target: Path) -> None:
    with source.open("rb") as read, target.open("wb") as write:
        shutil.copyfileobj(read, write, 4 << 20)
        write.flush()
        os.fsync(write.fileno())


def measure(folder: Path, bench: Path, rounds: int) -> Iterator[Result]:
    """Backup with its check, and the check alone, of the ledger at `folder`; written under `bench`."""
    source, target = folder / LEDGER, bench / "backup.db"

    def back_up() -> float:
        target.unlink(missing_ok=True)
        return taken(lambda: backup.back_up(source, target))

    def copy() -> float:
        target.unlink(missing_ok=True)
        return taken(lambda: _copied(source, target))

    checked = backup.back_up(source, bench / "checked.db")
    ours, floor, check = interleaved(rounds, [back_up, copy, lambda: taken(lambda: backup.verify(checked))], warm_up=1)
    target.unlink()
    checked.unlink()
    yield Result("backup, verified, against copy and sync of the file", median(ours), median(floor), at_most_ratio=4)
    yield Result("check of a backup, against copy and sync", median(check), median(floor))
