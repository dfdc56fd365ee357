"""Attachments beside backups: each file once, under its SHA-256, copied only when the place lacks it.

Beside the backups of a place lies a folder like the ledger's own. A file counts as there when it was copied, read back
and agreed with its name; it goes when neither the ledger nor any backup of the place names it any more.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from db.errors import Refused, StoreTrouble, Trouble, reason_of
from db.store import backup
from db.store.backup import Progress, unwatched
from db.store.connecting import key_of
from db.store.files import path_of, verdict
from db.store.keys import DataKey
from db.store.places import ATTACHMENTS, LEDGER
from db.store.private import make_private_file, make_private_folder
from db.store.sealed_files import Unopened, Writer, key_name, opened

_HASH = re.compile("[0-9a-f]{64}")
_NAMED = re.compile('"sha256":"([0-9a-f]{64})"')
_CHUNK = 1 << 20  # bytes between two looks at whether to go on
DAMAGED = "损坏的附件"  # the folder of files that were altered, beside the good ones that took their place


@dataclass(frozen=True)
class Copies:
    """What became of the files: how many were copied, and the hashes of those that no good file could be found for."""

    copied: int = 0
    lacking: tuple[str, ...] = ()


def named(connection: sqlite3.Connection) -> dict[str, int]:
    """The files that the records of a ledger name: hash -> bytes."""
    there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'attachment'").fetchone()
    return dict(connection.execute("SELECT sha256, max(size) FROM attachment GROUP BY sha256")) if there else {}


def copy_new(folder: Path, place: Path, wanted: Mapping[str, int], progress: Progress = unwatched) -> Copies:
    """Bring every attachment of the ledger in `folder` to a backup's folder that lacks it; those named are `wanted`.

    Files that no record names now are brought as well: the journal can bring the attachment back.

    Raises:
        Refused: when it was cancelled; what was copied stays.
        StoreTrouble: when the place cannot be written.
    """
    if folder == place:
        return Copies(0, tuple(digest for digest in wanted if not path_of(folder, digest).exists()))
    key = key_of(folder / LEDGER)
    found = {path.name: path.stat().st_size for path in files_in(folder)}
    new = [digest for digest, size in found.items() if not _is_there(path_of(place, digest), size, key)]
    copied = _bring(folder, place, new, sum(found[digest] for digest in new), progress, key)
    return Copies(copied, tuple(digest for digest in wanted if not path_of(place, digest).exists()))


def beside(folder: Path, made: Path, progress: Progress = unwatched) -> Copies:
    """Bring the attachments of the ledger in `folder` beside a backup that was just made of it; see `copy_new`."""
    with backup.reading(made) as connection:
        wanted = named(connection)
    return copy_new(folder.resolve(), made.resolve().parent, wanted, progress)


def bring_back(
    place: Path, folder: Path, wanted: Mapping[str, int], progress: Progress = unwatched, key: DataKey | None = None
) -> Copies:
    """Bring back to a ledger's folder the files that it lacks or holds altered; an altered one is set aside.

    `key`: what the ledger in the folder is encrypted with.

    Raises:
        Refused: when it was cancelled; what was copied stays.
        StoreTrouble: when the folder cannot be written.
    """
    bad = [digest for digest in wanted if verdict(path_of(folder, digest), digest)]
    if folder == place:
        return Copies(0, tuple(bad))
    good = [digest for digest in bad if path_of(place, digest).exists()]
    with _writing(folder):
        for digest in good:
            _set_aside(folder, digest)
    copied = _bring(place, folder, good, sum(wanted[digest] for digest in good), progress, key)
    return Copies(copied, tuple(digest for digest in bad if not path_of(folder, digest).exists()))


def thin(place: Path, folder: Path) -> int:
    """Remove the files of a place that neither the ledger in `folder` nor a backup in the place names; how many.

    Nothing is removed while a backup in the place cannot be read.
    """
    spare = {path.name for path in files_in(place)} - {path.name for path in files_in(folder)}
    try:
        for path in place.glob("*.db") if spare else ():
            with backup.reading(path) as connection:
                spare -= set(_ever_named(connection))
    except backup.UNREADABLE:
        return 0
    for digest in spare:
        with suppress(OSError):
            path_of(place, digest).unlink()
    return len(spare)


def _ever_named(connection: sqlite3.Connection) -> Iterator[str]:
    """The files that the records or the journal of a ledger name."""
    yield from named(connection)
    sql = "SELECT before, after FROM journal WHERE instr(before, '\"sha256\"') OR instr(after, '\"sha256\"')"
    for before, after in connection.execute(sql):
        yield from _NAMED.findall(before)
        yield from _NAMED.findall(after)


def files_in(folder: Path) -> Iterator[Path]:
    """The files of attachments in a folder; what else lies there is left alone."""
    return (path for path in (folder / ATTACHMENTS).glob("*/*") if _HASH.fullmatch(path.name) and path.is_file())


def _is_there(path: Path, size: int, key: DataKey | None) -> bool:
    """Whether a file lies there that was written as this ledger's are: of this size, and with its key."""
    try:
        return path.stat().st_size == size and (key is None or key_name(path) == key.name)
    except OSError:
        return False


def _bring(
    source: Path, target: Path, digests: Iterable[str], total: int, progress: Progress, key: DataKey | None
) -> int:
    """Copy files from one folder to another; one that is missing or altered is left out. How many were copied."""
    done = copied = 0
    for digest in digests:
        for count in copy(path_of(source, digest), path_of(target, digest), digest, key):
            done += count
            if not progress(done >> 10, max(total >> 10, 1)):
                raise Refused("已停止复制附件；台账和以前的备份都没有动")
        copied += path_of(target, digest).exists()
    return copied


def copy(source: Path, target: Path, digest: str, key: DataKey | None) -> Iterator[int]:
    """Copy one file, in steps of so many bytes, encrypted with `key` when there is one.

    It gets its name only when what was written agrees with its hash.
    """
    part = target.with_suffix(".part")
    with _writing(target.parent):
        try:
            make_private_folder(target.parent.parent)
            make_private_folder(target.parent)
            make_private_file(part)
            found = hashlib.sha256()
            with opened(source) as read, part.open("wb") as written:
                writer = Writer(written, key)
                while chunk := read.read(_CHUNK):
                    found.update(chunk)
                    writer.write(chunk)
                    yield len(chunk)
                writer.finish()
                written.flush()
                os.fsync(written.fileno())
            if found.hexdigest() == digest and not verdict(part, digest):
                part.replace(target)
        except (FileNotFoundError, Unopened):
            return
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _set_aside(folder: Path, digest: str) -> None:
    altered = path_of(folder, digest)
    if altered.exists():
        aside = folder / DAMAGED
        aside.mkdir(mode=0o700, exist_ok=True)
        altered.replace(aside / digest)


@contextmanager
def _writing(folder: Path) -> Generator[None]:
    """Names the machine's errors while files are written to a folder."""
    try:
        yield
    except OSError as error:
        raise StoreTrouble(
            Trouble.UNREACHABLE,
            "附件没有全部备到",
            f"写{folder}时出错（{reason_of(error)}）；台账和原来的附件都没有动，已备到的也都在。",
            "请检查那个磁盘还有没有空间、能不能写。",
        ) from error
