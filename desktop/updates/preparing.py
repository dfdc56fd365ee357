"""An update from the stick to the moment when everything is closed, and the way back to the version before.

In the data folder, `updates` holds the packages of two versions, the one that runs and the one before; `kept.json` says
which backup of the ledger belongs to the older one, `pending.json` what the installer was last asked to do, until the
next start has seen what came of it. Both name files by their way from the data folder, which may lie on a stick that
another computer calls otherwise.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from db.errors import Refused
from db.store import backup, backup_files, journal
from db.store.backup import Progress, unwatched
from db.store.places import BACKUPS, LEDGER
from db.store.private import make_private_file, make_private_folder
from desktop.updates import container
from desktop.updates.container import Manifest, Update
from desktop.updates.installation import Installation
from desktop.updates.left_word import PENDING, UPDATES

KEPT = "kept.json"
_FILES = {"package", "backup"}  # the values that are paths


@dataclass(frozen=True)
class Kept:
    """The version before an upgrade: its number, its package (with SHA-256) and the backup of the ledger that it wrote.

    Both are paths as text, "" where there is none; a package that was not kept has to be brought.
    """

    version: str
    package: str
    sha256: str
    backup: str
    at: str


@dataclass(frozen=True)
class Pending:
    """What the installer was asked for: to go from one version to another; `backup` comes with the older one."""

    start: str
    goal: str
    backup: str
    is_back: bool


_Note = TypeVar("_Note", Kept, Pending)


@dataclass(frozen=True)
class Prepared:
    """Everything that has to be there before the installer is called. `kept` is the way back."""

    manifest: Manifest
    package: Path
    kept: Kept


def prepare(
    update: Update, folder: Path, installation: Installation, now: datetime, progress: Progress = unwatched
) -> Prepared:
    """Take the package out, back the ledger in `folder` up, keep what the way back needs; the program is not touched.

    Raises:
        Refused: when the update does not fit, is damaged, has no room, or the work was cancelled.
        StoreTrouble: when the backup fails or the disk does not take it.
    """
    installation.require_fit(update.manifest)
    ledger, place = folder / LEDGER, folder / UPDATES
    copies = ledger.stat().st_size if ledger.exists() else 0
    make_private_folder(place)
    installation.require_room(update.manifest, folder, copies + update.manifest.size)
    package = container.unpack(update, place, progress)
    made = ""
    if ledger.exists():
        made = str(backup.back_up(ledger, backup.free_name(folder / BACKUPS, now, backup.UPGRADE), progress))
        backup_files.beside(folder, Path(made), progress)
    kept = _with_package(
        Kept(installation.version, "", "", made, now.isoformat(timespec="seconds")), place, installation
    )
    _write(folder, KEPT, asdict(kept))
    _thin(place, package, Path(kept.package) if kept.package else None)
    return Prepared(update.manifest, package, kept)


def _with_package(kept: Kept, place: Path, installation: Installation) -> Kept:
    """The package of the version that runs: the one that its own update left, or the system's made again."""
    found = next((path for path in place.iterdir() if _is_of(path, installation)), None) or installation.keep_own(place)
    if found is None:
        return kept
    return Kept(kept.version, str(found), _sha256(found), kept.backup, kept.at)


def _is_of(path: Path, installation: Installation) -> bool:
    return container.named(path.name) == (installation.platform, installation.arch, installation.version)


def way_back(folder: Path, installation: Installation) -> Kept | None:
    """The version before the one that runs, when an upgrade led to this one; None without one."""
    kept = _noted(folder, KEPT, Kept)
    is_older = kept and container.number(kept.version) < container.number(installation.version)
    return kept if is_older else None


def go_back(
    folder: Path, installation: Installation, given: Path | None = None, progress: Progress = unwatched
) -> tuple[Kept, Path]:
    """See that the version before can come back with its ledger; what is to be installed then.

    `given`: its package, when none was kept.

    Raises:
        Refused: when there is no version before, its package is missing or was changed.
        StoreTrouble: when its backup is damaged.
    """
    kept = way_back(folder, installation)
    if kept is None:
        raise Refused("没有可以退回的上一版：这台电脑上没有用升级文件升过级。没有改动")
    package = given or (Path(kept.package) if kept.package else None)
    if package is None or not package.is_file():
        raise Refused(f"没有{kept.version}的安装包，没有改动；请插上有它的U盘，再指明文件")
    if container.named(package.name) != (installation.platform, installation.arch, kept.version):
        raise Refused(f"“{package.name}”不是{kept.version}的安装包；没有改动")
    if kept.sha256 and _sha256(package) != kept.sha256:
        raise Refused(f"“{package.name}”和升级时留下的不一样，没有改动；请向发放的人要{kept.version}的安装包")
    if kept.backup:
        backup.verify(Path(kept.backup), progress)
    return kept, package


def lost_by(folder: Path, kept: Kept) -> int:
    """How many changes were journaled since the backup that comes back; 0 when the ledger cannot be read."""
    if not kept.backup:
        return 0
    try:
        with backup.reading(Path(kept.backup)) as old, backup.snapshot(folder / LEDGER) as new:
            return max(journal.head(new)[0] - journal.head(old)[0], 0)
    except (sqlite3.Error, OSError, UnicodeDecodeError):
        return 0


def note_upgrade(folder: Path, installation: Installation, prepared: Prepared) -> None:
    """Leave word for the next start of what the installer was asked for."""
    goal = prepared.manifest.version
    _write(folder, PENDING, asdict(Pending(installation.version, goal, prepared.kept.backup, is_back=False)))


def note_going_back(folder: Path, installation: Installation, kept: Kept) -> None:
    """Leave word for the older version: the backup takes the ledger's place when it starts."""
    _write(folder, PENDING, asdict(Pending(installation.version, kept.version, kept.backup, is_back=True)))


def coming_back(folder: Path, version: str) -> Path | None:
    """The backup that this version, to which an office has gone back, puts in the ledger's place; None otherwise."""
    pending = _noted(folder, PENDING, Pending)
    if pending is None or not pending.is_back or pending.goal != version or not pending.backup:
        return None
    return Path(pending.backup)


def settle(folder: Path, version: str) -> str:
    """What came of the last upgrade or way back, in words, once; "" when there was none."""
    pending = _noted(folder, PENDING, Pending)
    if pending is None:
        return ""
    (folder / UPDATES / PENDING).unlink(missing_ok=True)
    if version != pending.goal:
        again = "要退回，请再点一次“退回”，装好旧版之前不要打开程序。" if pending.is_back else ""
        what = "退回" if pending.is_back else "升级到"
        return f"没有{what}{pending.goal}，仍是{version}。台账没有动，可以照常使用。{again}"
    if pending.is_back:
        (folder / UPDATES / KEPT).unlink(missing_ok=True)
        return f"已退回{version}。"
    kept = f"升级前的台账备份是{Path(pending.backup).name}。" if pending.backup else ""
    return f"已从{pending.start}升级到{version}。{kept}新版有问题，可以在帮助的“升级”里退回{pending.start}。"


def _thin(place: Path, *wanted: Path | None) -> None:
    """Remove the packages of older versions."""
    for path in place.iterdir():
        if container.named(path.name) and path not in wanted:
            with suppress(OSError):
                path.unlink()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(folder: Path, name: str, told: dict[str, object]) -> None:
    path = folder / UPDATES / name
    for key in _FILES & told.keys():
        if told[key] and (file := Path(str(told[key]))).is_relative_to(folder):
            told[key] = file.relative_to(folder).as_posix()
    part = path.with_suffix(".part")
    make_private_file(part)
    part.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(path)


def _noted(folder: Path, name: str, kind: type[_Note]) -> _Note | None:
    """What stands in one of the two files, its paths as they are here; None when it is missing or no such note."""
    try:
        told = json.loads((folder / UPDATES / name).read_text(encoding="utf-8"))
        here: dict[str, Any] = {key: str(folder / told[key]) for key in _FILES & told.keys() if told[key]}
        return kind(**(told | here))
    except (OSError, ValueError, TypeError, AttributeError):
        return None
