"""Sticks for the second backup: those that the office knows bear its marker, strangers do not."""

from __future__ import annotations

from pathlib import Path

from db.store.second_place import MARKS, SECOND_FOLDER, leave, mark_in

MARK = "0123456789abcdef" * 2


def known(stick: Path) -> dict[str, str]:
    """The settings of a ledger that took this stick into use; if it is plugged in, it bears the marker."""
    if stick.is_dir() and not mark_in(stick):
        leave(stick, MARK)
    return {SECOND_FOLDER: str(stick), MARKS: MARK}
