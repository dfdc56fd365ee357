"""What an upgrade, or the way back, left word of for the next start; imports nothing while there is none."""

from __future__ import annotations

from pathlib import Path

UPDATES, PENDING = "updates", "pending.json"


def coming_back(folder: Path) -> Path | None:
    """The backup that comes back with the version to which the office has gone back; mostly None."""
    if not (folder / UPDATES / PENDING).exists():
        return None
    from desktop import __version__
    from desktop.updates import preparing

    return preparing.coming_back(folder, __version__)


def settle(folder: Path) -> str:
    """What came of the last upgrade or way back, in words, once; mostly ""."""
    if not (folder / UPDATES / PENDING).exists():
        return ""
    from desktop import __version__
    from desktop.updates import preparing

    return preparing.settle(folder, __version__)
