"""Backups by SQLite's online API: written, opened, checked and counted before they count; then thinned.

A file copy of a live write-ahead-log database loses committed rows; the online backup does not. What is being written
ends in `.part` and is renamed only when it has passed, so that a crash leaves no half backup under a backup's name.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Generator, Iterable
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from db.errors import Refused, Sealed, StoreTrouble, Trouble, named_troubles
from db.store import journal
from db.store.connecting import connect, key_of
from db.store.keys import copy_beside
from db.store.places import for_reading
from db.store.private import make_private_file, make_private_folder

NAME = "台账备份-%Y%m%d-%H%M%S.db"
BEFORE = "恢复前备份-%Y%m%d-%H%M%S.db"  # made before a restore; never thinned, so that a restore can be taken back
UPGRADE = (
    "升级前备份-%Y%m%d-%H%M%S.db"  # made before the program is upgraded; never thinned: the older version reads it
)
BEFORE_WORDS = {BEFORE: "恢复前", UPGRADE: "升级前"}
PAGES = 1_024  # copied in one step, so that progress is shown and cancelling is quick
HOURLY, DAILY, MONTHLY = 24, 30, 24
CHECKED = 200_000  # steps of SQLite's machine between two looks whether a check was cancelled
_CHUNK = 4 << 20  # bytes

UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)  # the latter: SQLite quotes what stands in a damaged file

Progress = Callable[[int, int], bool]  # (done, total) in pages, or (0, 0): no measure; False cancels
Head = tuple[int, str]


def unwatched(_done: int, _total: int) -> bool:
    """The progress that nobody looks at; never cancels."""
    return True


def written_at(path: Path, pattern: str = NAME) -> datetime | None:
    """When a backup was made, by its name; None when the file is no backup of ours."""
    try:
        return datetime.strptime(path.name, pattern)
    except ValueError:
        return None


def name_at(now: datetime, pattern: str) -> str:
    """The file name for a moment; strftime would put its Chinese into the code page of Windows, which may lack it."""
    return re.sub("%[A-Za-z]", lambda found: now.strftime(found[0]), pattern)


def free_name(folder: Path, now: datetime, pattern: str = NAME) -> Path:
    """The path of a backup made now; a second or more later when that name is taken: no backup is ever overwritten."""
    while (path := folder / name_at(now, pattern)).exists():
        now += timedelta(seconds=1)
    return path


def backups_in(folder: Path, pattern: str = NAME) -> list[Path]:
    """The backups in a folder, newest first; those made before a restore by their own pattern."""
    found = [(made, path) for path in folder.glob("*.db") if (made := written_at(path, pattern))]
    return [path for _made, path in sorted(found, reverse=True)]


def quick_check(connection: sqlite3.Connection, progress: Progress = unwatched) -> str:
    """SQLite's verdict on a whole database: "ok", or the first thing wrong.

    Raises:
        Refused: when it was cancelled.
    """
    connection.set_progress_handler(lambda: int(not progress(0, 0)), CHECKED)
    try:
        return connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise Refused("检查已取消；台账和备份都没有动") from None
        return str(error)
    except UnicodeDecodeError:
        return "读不懂文件的目录"
    finally:
        connection.set_progress_handler(None, 0)


def finished(path: Path) -> str:
    """The URI of a finished backup, which nobody writes; SQLite puts no file beside it."""
    return f"{path.resolve().as_uri()}?mode=ro&immutable=1"


@contextmanager
def reading(path: Path) -> Generator[sqlite3.Connection]:
    """A connection to a finished backup."""
    with closing(connect(path, finished(path))) as connection:
        yield connection


def read_through(path: Path, progress: Progress = unwatched) -> None:
    """Read a file from end to end, so that a check finds it in the system's cache.

    A check goes from page to page in its own order, which a cold cache makes as slow as the disk can be: 35 s were
    measured for 1.3 GB that are read from end to end in 1 s.

    Raises:
        Refused: when it was cancelled.
    """
    total, done, buffer = path.stat().st_size, 0, bytearray(_CHUNK)
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(buffer):
            done += count
            if not progress(done >> 10, total >> 10):
                raise Refused("检查已取消；台账和备份都没有动")


def verify(path: Path, progress: Progress = unwatched) -> Head:
    """Open a backup read-only, check it whole and give back its journal's length and head.

    Raises:
        StoreTrouble: when it is damaged or no ledger.
        Refused: when it was cancelled.
    """
    try:
        with reading(path) as connection:
            verdict = quick_check(connection, progress)
            head = journal.head(connection)
    except Sealed:
        with named_troubles():
            raise
    except UNREADABLE as error:
        verdict, head = str(error), (0, "")
    if verdict != "ok":
        raise StoreTrouble(
            Trouble.DAMAGED,
            "备份没有通过检查",
            f"{path.name}打不开或不完整，原台账没有动。",
            "请换一个备份，或再备份一次。",
        )
    return head


@contextmanager
def snapshot(ledger: Path, ciphers: bool = False) -> Generator[sqlite3.Connection]:
    """A connection that sees a ledger as it is at this moment, whatever is written meanwhile, and keeps no writer out.

    `ciphers`: an encrypted database will be attached to it, see `connecting.attach`.
    Without the snapshot the online backup would begin anew after each change.
    """
    with closing(_reader(ledger, ciphers)) as connection:
        yield connection


def _reader(ledger: Path, ciphers: bool) -> sqlite3.Connection:
    uris = (f"{ledger.resolve().as_uri()}?mode=ro", for_reading(ledger))  # the second: a folder that cannot be written
    for uri, is_last in zip(uris, (False, True), strict=True):
        connection = connect(ledger, uri, ciphers=ciphers, isolation_level=None)
        try:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except (sqlite3.Error, UnicodeDecodeError):
            connection.close()
            if is_last:
                raise
        else:
            return connection
    raise AssertionError("one of the two was returned or raised")


def back_up(ledger: Path, target: Path, progress: Progress = unwatched) -> Path:
    """Write a verified backup of a ledger, which may be open and in use, to `target`; no half backup ever stays.

    Raises:
        Refused: when it was cancelled.
        StoreTrouble: when the target cannot be written, the source is damaged or the copy fails its check.
    """
    with writing(target) as part, snapshot(ledger) as source:
        wanted, key = journal.head(source), key_of(ledger)
        if key is not None:
            copy_beside(ledger.parent, target.parent, key)
        with closing(connect(part, key=key)) as copy:
            # The part is synced as a whole afterwards; a journal of its own would cost a sync for each full cache.
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA synchronous = OFF")
            source.backup(copy, pages=PAGES, progress=_stepper(progress))
            copy.execute("PRAGMA journal_mode = DELETE")
        _require_whole(part, wanted, progress)
    return target


def copy_backup(source: Path, target: Path, progress: Progress = unwatched) -> Path:
    """Copy a finished backup to another place and verify the copy.

    Raises:
        Refused: when it was cancelled.
        StoreTrouble: when the target cannot be written or the copy fails its check.
    """
    wanted, key = _head_of(source), key_of(source)
    with writing(target) as part:
        if key is not None:
            copy_beside(source.parent, target.parent, key)
        total, done = source.stat().st_size, 0
        with source.open("rb") as read, part.open("wb") as write:
            while chunk := read.read(_CHUNK):
                write.write(chunk)
                done += len(chunk)
                _go_on(progress, done, total)
        _require_whole(part, wanted, progress)
    return target


@contextmanager
def writing(target: Path, title: str = "没能写出备份") -> Generator[Path]:
    """The `.part` to write for a target: synced and renamed when all went well, removed when not.

    Raises:
        StoreTrouble: when the disk does not take it.
    """
    part = target.with_suffix(".part")
    try:
        make_private_folder(target.parent)
        sweep(target.parent)
        make_private_file(part)
        yield part
        _sync(part)
        part.replace(target)
        _sync_folder(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise StoreTrouble(
            Trouble.UNREACHABLE,
            title,
            f"写{target.parent}时出错（{error}）；台账本身没有动，以前的备份也都在。",
            "请检查那个磁盘还有没有空间、能不能写。",
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what a crash in the middle of a backup left behind."""
    for left in folder.glob("*.part"):
        if any(written_at(left.with_suffix(".db"), pattern) for pattern in (NAME, *BEFORE_WORDS)):
            left.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name itself last; Windows has no such call, and some file systems refuse it."""
    if os.name == "nt":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _require_whole(part: Path, wanted: Head, progress: Progress) -> None:
    if verify(part, progress) != wanted:
        raise StoreTrouble(Trouble.DAMAGED, "备份缺少最后的记录", "原台账没有动。", "请再备份一次。")


def _head_of(path: Path) -> Head:
    with reading(path) as connection:
        return journal.head(connection)


def _go_on(progress: Progress, done: int, total: int) -> None:
    if not progress(done, total):
        raise Refused("备份已取消，没有留下文件；台账和以前的备份都没有动")


def _stepper(progress: Progress) -> Callable[[int, int, int], None]:
    def step(_status: int, remaining: int, total: int) -> None:
        _go_on(progress, total - remaining, total)

    return step


def kept(paths: Iterable[Path], now: datetime) -> set[Path]:
    """Which backups to keep: the newest of each of 24 hours, 30 days and 24 months back."""
    keep: set[Path] = set()
    spans = (
        ("%Y%m%d%H", timedelta(hours=HOURLY)),
        ("%Y%m%d", timedelta(days=DAILY)),
        ("%Y%m", timedelta(days=MONTHLY * 31)),
    )
    dated = sorted(((made, path) for path in paths if (made := written_at(path))), reverse=True)
    for pattern, reach in spans:
        seen: set[str] = set()
        for made, path in dated:
            slot = made.strftime(pattern)
            if now - made <= reach and slot not in seen:
                seen.add(slot)
                keep.add(path)
    if dated:
        keep.add(dated[0][1])
    return keep


def thin(folder: Path, now: datetime, ours: Callable[[Path], bool] | None = None) -> list[Path]:
    """Remove the backups that are not to be kept; give back those removed.

    `ours` tells the backups of this ledger from those of another that share the folder: only ours are looked at.
    """
    paths = [path for path in backups_in(folder) if ours is None or ours(path)]
    keep = kept(paths, now)
    gone = [path for path in paths if path not in keep]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def beginning(connection: sqlite3.Connection) -> str:
    """The hash of a ledger's first journal entry, by which its backups are told from another's; empty without one."""
    first = connection.execute("SELECT hash FROM journal WHERE id = 1").fetchone()
    return first[0] if first else ""


def begins_with(path: Path, first: str) -> bool:
    """Whether a backup is of the ledger whose journal begins with the hash `first`; False when it cannot be read."""
    try:
        with reading(path) as connection:
            return beginning(connection) == first
    except UNREADABLE:
        return False
