"""What an interrupted rescue, restore or conversion left beside a ledger; of an encrypted one it may be legible.

It is overwritten before it goes; see `wiping`. A running rescue holds the ledger's lock, so that whoever has taken it
sweeps nobody's work away.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from db.errors import StoreTrouble, Trouble
from db.store.keys import is_plain
from db.store.places import LEDGER, LOCK, Lock
from db.store.wiping import Progress, wipe

ASIDE = "受损文件-%Y%m%d-%H%M%S"  # the folder of one rescue
WORK = "正在救"  # within it, what is needed while it lasts
_WORKS = f"受损文件-*/{WORK}"


def are_legible(folder: Path) -> bool:
    """Whether something of an encrypted ledger may lie there that everybody can read."""
    return not is_plain(folder / LEDGER) and (_copy_of(folder).exists() or any(folder.glob(_WORKS)))


def sweep(folder: Path, progress: Progress) -> None:
    """Remove all of it; the caller holds the lock.

    Raises:
        Refused: when `progress` gave False; the next opening goes on.
    """
    is_sealed = not is_plain(folder / LEDGER)
    works = list(folder.glob(_WORKS))
    if is_sealed:
        for path in [_copy_of(folder), *(path for work in works for path in work.rglob("*") if path.is_file())]:
            wipe(path, progress)
    with suppress(OSError):
        _copy_of(folder).unlink(missing_ok=True)
    for work in works:
        shutil.rmtree(work, ignore_errors=True)


def sweep_first(folder: Path, progress: Progress) -> None:
    """The same before the ledger is opened, whose password is not needed for it; nothing when another program has it.

    Raises:
        Refused: see `sweep`.
        StoreTrouble: when the folder cannot be written.
    """
    lock = Lock(folder / LOCK)
    try:
        lock.take()
    except StoreTrouble as trouble:
        if trouble.trouble is Trouble.IN_USE:
            return
        raise
    try:
        sweep(folder, progress)
    finally:
        lock.give_back(clean=lock.was_clean)


def _copy_of(folder: Path) -> Path:
    """What a restore or a conversion writes before it takes the ledger's place."""
    return (folder / LEDGER).with_suffix(".part")
