"""The second place of the backups is known by a marker that was left in it, not by its path.

A stick comes under another letter, and another stick comes under its letter: whoever plugs in a stranger's must not
get the whole office's records on it. The marker is a small file with a random number; which numbers are the office's
stands in the ledger's settings, so that its sticks are known on a new computer as well. Several ledgers may share a
place, and several sticks may take turns.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal, NamedTuple

from db.directory import settings as office
from db.store import backup

if TYPE_CHECKING:
    from db.store.store import Store

SECOND_FOLDER = "backup_folder"  # the setting: the path that was chosen
MARKS, NAMES, WITHIN = "backup_marks", "backup_volumes", "backup_within"  # numbers; volumes' names; path below the root
MARKER = "法治台账备份位置.txt"
_LENGTH = 32  # of a marker's number, in hexadecimal digits
_NOTE = "法治台账靠这个文件认得自己的第二备份位置，请不要删去、改动，也不要拷到别的盘上。"
_LONGEST = 1_024  # bytes of a marker that are looked at

State = Literal["here", "away", "new", "strange"]


class Volume(NamedTuple):
    """A disk or a stick that can be written: where it is mounted, and its name ("" without one)."""

    root: Path
    name: str


Volumes = Callable[[], Sequence[Volume]]


def no_volumes() -> Sequence[Volume]:
    """For those who only look where the place was."""
    return ()


@dataclass(frozen=True)
class Found:
    """Where the second place is, and whether it is the office's.

    `here`: it is, at `folder`; `away`: nothing is at its path, nor on another volume; `new`: the path is there and was
    never taken into use; `strange`: what is there bears none of the office's marks.
    """

    folder: Path
    state: State


class SecondPlace:
    """The second place as the settings of a ledger know it; every method reads disks and belongs on a worker."""

    def __init__(self, settings: Mapping[str, str], volumes: Volumes = no_volumes) -> None:
        chosen = settings.get(SECOND_FOLDER, "").strip()
        self.folder = Path(chosen) if chosen else None
        self._marks = tuple(settings.get(MARKS, "").split())
        self._names = _listed(settings.get(NAMES, ""))
        self._within, self._volumes = settings.get(WITHIN, ""), volumes

    @property
    def expected(self) -> str:
        """Which stick is waited for, as a sentence names it: by the names of its volume, or by the path."""
        return "或".join(f"“{name}”" for name in self._names) or str(self.folder or "")

    def find(self) -> Found | None:
        """Where it is now; None when none was chosen."""
        if self.folder is None:
            return None
        if not self._marks:
            return Found(self.folder, "new" if self.folder.is_dir() else "away")
        if mark_in(self.folder) in self._marks:
            return Found(self.folder, "here")
        for volume in self._volumes() if self._within else ():
            there = volume.root / self._within
            if there != self.folder and mark_in(there) in self._marks:
                return Found(there, "here")
        return Found(self.folder, "strange" if self.folder.is_dir() else "away")

    def take(self) -> dict[str, str]:
        """Take what is at the chosen path into use: it gets a marker, unless it has one; the settings that know it.

        Those that were in use before stay so.

        Raises:
            StoreTrouble: when the disk does not take it.
        """
        assert self.folder is not None
        mark = mark_in(self.folder) or uuid.uuid4().hex
        if not mark_in(self.folder):
            leave(self.folder, mark)
        volume = _volume_of(self.folder, self._volumes())
        within = self.folder.relative_to(volume.root) if volume else PurePath(self.folder.name)
        names = [*self._names, *([volume.name] if volume and volume.name else [])]
        return {
            MARKS: " ".join(dict.fromkeys((*self._marks, mark))),
            NAMES: "、".join(dict.fromkeys(names)),
            WITHIN: within.as_posix(),
        }

    def using(self, values: Mapping[str, str]) -> SecondPlace:
        """The same place after it was taken into use; `values` are what `take` gave."""
        return SecondPlace({SECOND_FOLDER: str(self.folder or ""), **values}, self._volumes)


def mark_in(folder: Path) -> str:
    """The number that a marker in a folder holds; "" when there is none, or it cannot be read."""
    try:
        with (folder / MARKER).open("rb") as file:
            first = file.read(_LONGEST).decode("utf-8", errors="replace").lstrip("\ufeff").split("\n", 1)[0].strip()
    except OSError:
        return ""
    return first if len(first) == _LENGTH and set(first) <= set("0123456789abcdef") else ""


def leave(folder: Path, mark: str) -> None:
    """Leave a marker in a folder.

    Raises:
        StoreTrouble: when the disk does not take it.
    """
    with backup.writing(folder / MARKER, "没能启用第二备份位置") as part:
        part.write_text(f"{mark}\n{_NOTE}\n", encoding="utf-8")


def keep(store: Store, values: Mapping[str, str]) -> None:
    """Write into the ledger by what the second place is known.

    Raises:
        StoreTrouble: when the machine cannot write.
    """
    with store.writing():
        for name, value in values.items():
            office.put(name, value)
    store.forget_rules()


def anew(values: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """Settings that are about to be written: with another second place, the marks of the one before are forgotten."""
    is_same = values.get(SECOND_FOLDER, settings.get(SECOND_FOLDER, "")) == settings.get(SECOND_FOLDER, "")
    return dict(values) if is_same else {MARKS: "", NAMES: "", WITHIN: "", **values}


def choose(store: Store, folder: Path, volumes: Volumes) -> None:
    """Make a folder, which is there, the second place, and take it into use.

    Raises:
        Refused: when whoever works here may not.
        StoreTrouble: when the folder or the ledger cannot be written.
    """
    store.require("settings")
    path = str(folder.resolve())
    keep(store, {SECOND_FOLDER: path, **SecondPlace({SECOND_FOLDER: path}, volumes).take()})


def _listed(names: str) -> tuple[str, ...]:
    return tuple(filter(None, names.split("、")))


def _volume_of(folder: Path, volumes: Iterable[Volume]) -> Volume | None:
    """The volume that a folder lies on: the one mounted nearest to it."""
    above = [volume for volume in volumes if folder.is_relative_to(volume.root)]
    return max(above, key=lambda volume: len(volume.root.parts), default=None)
