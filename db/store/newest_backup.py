"""Finds the newest good backup of a damaged ledger, wherever it may lie now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from db.errors import StoreTrouble
from db.store import backup
from db.store.places import BACKUPS
from db.store.second_place import SecondPlace, Volumes, mark_in


def newest_of(
    folder: Path, settings: Mapping[str, str], known: Mapping[int, str], volumes: Volumes
) -> Path | None:  # fmt: skip
    """The newest backup that is whole and of the ledger in `folder`; None when there is none.

    It may lie in the data folder, beside it, in the second place of the `settings`, or in any place on the `volumes`
    that bears the marker of one. Several ledgers may share a place: `known` are hashes of entries of this one's journal
    by their numbers. When none could be read, its own backups tell how it begins.
    """
    own = folder / BACKUPS
    known = known or next(({1: first} for path in backup.backups_in(own) if (first := _beginning(path))), {})
    places = dict.fromkeys(place.resolve() for place in (own, *_elsewhere(folder, settings, volumes)))
    found = [path for place in places for path in backup.backups_in(place)]
    for path in sorted(found, key=lambda path: path.name, reverse=True):
        with suppress(StoreTrouble):
            if _is_of(path, known):
                backup.verify(path)
                return path
    return None


def _elsewhere(folder: Path, settings: Mapping[str, str], volumes: Volumes) -> Iterator[Path]:
    yield from (folder, folder.parent)
    if found := SecondPlace(settings, volumes).find():
        yield found.folder
    for volume in volumes():
        with suppress(OSError):  # a stick that is pulled meanwhile
            yield from (there for there in (volume.root, *volume.root.iterdir()) if mark_in(there))


def _beginning(path: Path) -> str:
    with suppress(StoreTrouble, *backup.UNREADABLE), backup.reading(path) as connection:
        return backup.beginning(connection)
    return ""


def _is_of(path: Path, known: Mapping[int, str]) -> bool:
    """Whether a backup holds one of the entries, or nothing is known to tell it by."""
    with suppress(*backup.UNREADABLE), backup.reading(path) as connection:
        entry = "SELECT 1 FROM journal WHERE id = ? AND hash = ?"
        return not known or any(connection.execute(entry, pair).fetchone() for pair in known.items())
    return False
