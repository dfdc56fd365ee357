"""Opens a ledger: place, lock, check after an unclean end, pragmas, version gate, what it lacks - in order."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db.catalogue import Catalogue
from db.errors import StoreTrouble, Trouble, named_troubles, reason_of, trouble_of
from db.record import database
from db.store import backup, index, indexing, keys, leavings, schema
from db.store.backup import Progress, unwatched
from db.store.connecting import LedgerDatabase, connect, key_of
from db.store.foreign import require_own_schema
from db.store.places import BACKUPS, LEDGER, LOCK, MAGIC, Lock, check_place, for_reading
from db.store.private import make_private_file, make_private_folder
from db.store.upgrades import runner

# 16 MB of pages for each of the two connections: the system keeps the file in memory anyhow, at 64 MB the window grew
# by 80 MB with a big ledger. What writes very much takes more for its time (bulk.cached).
_PRAGMAS = {"foreign_keys": 1, "synchronous": "full", "cache_size": -16_384, "temp_store": "memory"}


@dataclass(frozen=True)
class Watch:
    """Who looks on while a ledger is brought up: told each part in plain words, and how far it is (False stops it)."""

    part: Callable[[str], None]
    progress: Progress


UNWATCHED = Watch(lambda _words: None, unwatched)


@dataclass
class Opened:
    """An open ledger: where it lies, its lock, why it is read-only (empty when it is not), numbers in the index."""

    folder: Path
    lock: Lock | None
    read_only: str
    register_numbers: dict[str, int]

    @contextmanager
    def first_look(self) -> Generator[None]:
        """Name what keeps the open ledger from being read, and give the lock back: what was unclean stays so."""
        try:
            with _closing_on_error(), named_troubles():
                yield
        except BaseException:
            if self.lock:
                self.lock.give_back(self.lock.was_clean)
            raise

    def close(self) -> None:
        """Close every connection of this thread and give the lock back."""
        done = False
        try:
            if not self.read_only:
                database.connection().execute("PRAGMA analysis_limit = 400")  # rows; a full look takes 1 s at a million
                database.connection().execute("PRAGMA optimize")
                database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            done = True
        except sqlite3.Error as error:  # the disk is gone: what was saved is there, and the next start checks it
            if trouble_of(error) is None:
                raise
        finally:
            database.close()
            if self.lock:
                self.lock.give_back(clean=done)


class Opening:
    """A ledger being opened: place and lock at once; `check` after an unclean end, `bring_up` after an older program.

    These two read the whole file (2.4 s and minutes at a million records), so a window runs them on its worker, with
    the lock held and before anything is shown; `must_bring_up` and `finish` belong to the thread that uses the ledger.
    """

    def __init__(self, folder: Path, catalogue: Catalogue, now: Callable[[], datetime]) -> None:
        """Make folder and file when there are none, and take the lock.

        Raises:
            StoreTrouble: NETWORK_DRIVE, IN_USE, UNREACHABLE or READ_ONLY; READ_ONLY only when there is no ledger yet.
        """
        self._folder, self.catalogue, self._now = folder, catalogue, now
        self._read_only: StoreTrouble | None = None
        self._lacks: bool | None = None  # unknown before this thread is connected
        self._is_new = False
        check_place(folder)
        _make(folder)
        self._lock = Lock(folder / LOCK)
        try:
            self._lock.take()
            _require_writable(folder / LEDGER)
            leavings.sweep(folder, unwatched)
        except StoreTrouble as trouble:
            self.give_up()
            if trouble.trouble is not Trouble.READ_ONLY or not _is_seen(folder / LEDGER):
                raise
            self._read_only = trouble

    @property
    def must_check(self) -> bool:
        """Whether the last run did not end in order, so that the file has to be checked before it is used."""
        return self._read_only is None and not self._lock.was_clean

    def check(self, progress: Progress = unwatched) -> None:
        """Check the file, on any thread, over a connection of its own; at the end the file is as it was.

        Raises:
            StoreTrouble: DAMAGED, with the newest backup, or NOT_A_LEDGER.
            Refused: when it was cancelled.
        """
        path = self._folder / LEDGER
        if not path.exists() or not path.stat().st_size:
            return
        with named_troubles():
            _require_ledger(path)
            backup.read_through(path, progress)
            verdict = _verdict(path, progress)
        if verdict != "ok":
            raise damaged(self._folder, verdict, "上次没有正常关闭，台账文件已损坏")

    def must_bring_up(self) -> bool:
        """Connect this thread, and tell whether an older program left the ledger, so that work waits that may last.

        Raises:
            StoreTrouble: NOT_A_LEDGER, DAMAGED, TOO_NEW or UNREACHABLE, each with a way on; the lock is given back.
        """
        if self._read_only:
            return False
        with _giving_up(self), _closing_on_error(), named_troubles():
            self._look()
            if self._lacks and not self._is_new:
                database.close()
        return (bool(self._lacks) and not self._is_new) or keys.is_unfinished(self._folder)

    def bring_up(self, watch: Watch = UNWATCHED) -> None:
        """Back the ledger up and upgrade it, complete its tables, index it anew: what of this it needs.

        Before that, an encryption or decryption that was cut off is brought to its end; when the disk does not take it,
        the next opening tries again.

        On any thread, over a connection of its own. What was stopped or broken off is done again at the next opening.

        Raises:
            StoreTrouble: when the disk does not take it.
            Refused: when it was stopped; the ledger is as it was.
        """
        from db.store.bringing_up import bring_up  # seldom needed, so not read at every start

        path = self._folder / LEDGER
        if keys.is_unfinished(self._folder):
            from db.store import sealing

            watch.part("上次加密或解密没有做完，正在接着转换备份和附件")
            with suppress(StoreTrouble):
                sealing.settle(self._folder, watch.progress)
        with _closing_on_error(), named_troubles():
            _connect(path)
            bring_up(path, self.catalogue, self._now, watch)
            database.close()
        self._lacks = None

    def _look(self) -> None:
        _connect(self._folder / LEDGER)
        connection = database.connection()
        version = _gate(self._folder, connection)
        self._is_new = version == 0
        self._lacks = version < runner.SCHEMA_VERSION or not (
            schema.is_complete(connection, self.catalogue) and indexing.is_current(connection)
        )

    def finish(self) -> Opened:
        """Open the ledger on this thread: pragmas, version gate; a new one gets its tables. Read-only when it must be.

        Raises:
            StoreTrouble: NOT_A_LEDGER, DAMAGED, TOO_NEW or UNREACHABLE, each with a way on; the lock is given back.
        """
        if self._read_only:
            with _closing_on_error(), named_troubles():
                return _open_for_reading(self._folder, self.catalogue, self._read_only)
        with _giving_up(self), _closing_on_error(), named_troubles():
            if self._lacks is None:
                self._look()
            if self._lacks:
                database.close()
                self.bring_up()
                self._look()
            try:
                numbers = index.register_numbers(database.connection(), self.catalogue.keys())
            except sqlite3.IntegrityError as error:  # a table and its own index tell different things
                raise damaged(self._folder, str(error)) from error
            return Opened(self._folder, self._lock, "", numbers)

    def give_up(self) -> None:
        """Give the lock back without having opened; what was unclean stays marked so."""
        self._lock.give_back(self._lock.was_clean)


def open_ledger(folder: Path, catalogue: Catalogue, now: Callable[[], datetime], watch: Watch = UNWATCHED) -> Opened:
    """Open the ledger in `folder` in one go, making folder and file when there are none.

    Raises:
        StoreTrouble: NETWORK_DRIVE, IN_USE, UNREACHABLE, READ_ONLY, NOT_A_LEDGER, DAMAGED or TOO_NEW, each with a way
            on. READ_ONLY only when there is no ledger yet; one that cannot be written is opened for reading.
    """
    opening = Opening(folder, catalogue, now)
    if opening.must_check:
        with _giving_up(opening):
            opening.check()
    if opening.must_bring_up():
        with _giving_up(opening):
            opening.bring_up(watch)
    return opening.finish()


@contextmanager
def _giving_up(opening: Opening) -> Generator[None]:
    try:
        yield
    except BaseException:
        opening.give_up()
        raise


@contextmanager
def _closing_on_error() -> Generator[None]:
    try:
        yield
    except BaseException:
        if database.obj is not None and not database.is_closed():
            database.close()
        raise


def _make(folder: Path) -> None:
    try:
        make_private_folder(folder, LEDGER)
    except OSError as error:
        raise StoreTrouble(
            Trouble.UNREACHABLE,
            "建不了数据文件夹",
            f"{folder}不能建立（{reason_of(error)}）；程序没有改动任何文件。",
            "请另选一个能写入的文件夹。",
        ) from error


def _connect(path: Path) -> None:
    database.initialize(LedgerDatabase(path, pragmas=_PRAGMAS, timeout=5))
    if path.exists() and path.stat().st_size:
        _require_ledger(path)
    make_private_file(path)  # SQLite gives its log the same rights
    database.connect(reuse_if_open=True)
    mode = database.connection().execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StoreTrouble(
            Trouble.UNREACHABLE,
            "这个磁盘不支持台账的安全写入",
            "程序没有改动任何文件。",
            "请把数据文件夹放在本机硬盘上。",
        )


def damaged(folder: Path, verdict: str, title: str = "台账文件已损坏") -> StoreTrouble:
    """The trouble of a ledger that cannot be used, with the newest backup."""
    return StoreTrouble(
        Trouble.DAMAGED,
        title,
        f"检查结果：{verdict}。程序没有改动它，备份也没有动。",
        f"请用备份恢复；最近的备份：{_newest(folder)}。",
    )


def _verdict(path: Path, progress: Progress) -> str:
    """SQLite's verdict on a ledger, also when not even its table of contents can be read."""
    try:
        with backup.snapshot(path) as connection:
            return backup.quick_check(connection, progress)
    except backup.UNREADABLE as error:
        found = trouble_of(error)
        if not found or found.trouble is not Trouble.DAMAGED:
            raise
        return str(error) if isinstance(error, sqlite3.Error) else "读不懂文件的目录"


def _require_writable(path: Path) -> None:
    if path.exists() and not os.access(path, os.W_OK):
        raise StoreTrouble(
            Trouble.READ_ONLY, "台账文件只能读", f"{path}没有写入权限；程序没有改动它。", "请检查文件的权限。"
        )


def _require_ledger(path: Path) -> None:
    """Refuse a file that is no SQLite database or another program's database, before anything is written to it."""
    if key_of(path) is not None:
        _require_sealed_ledger(path)
        return
    with path.open("rb") as file:
        start = file.read(100)
    mark = int.from_bytes(start[68:72], "big")
    if not start.startswith(MAGIC) or (mark != schema.APPLICATION_ID and (mark or _is_foreign(path))):
        raise _not_a_ledger(path)


def _not_a_ledger(path: Path) -> StoreTrouble:
    return StoreTrouble(
        Trouble.NOT_A_LEDGER,
        "这个文件不是法治台账的数据库",
        f"{path}是别的文件；程序没有改动它。",
        "请另选数据文件夹，或用备份恢复。",
    )


def _require_sealed_ledger(path: Path) -> None:
    """Refuse an encrypted database that its key does not open, or that is no ledger."""
    try:
        with closing(connect(path, for_reading(path))) as connection:
            mark = connection.execute("PRAGMA application_id").fetchone()[0]
    except backup.UNREADABLE as error:
        found = trouble_of(error)
        if found and found.trouble not in (Trouble.NOT_A_LEDGER, Trouble.DAMAGED):
            raise
        raise damaged(path.parent, "用口令解不开文件的开头") from error
    if mark not in (schema.APPLICATION_ID, 0):
        raise _not_a_ledger(path)


def _is_seen(path: Path) -> bool:
    """Whether there is such a file; in another user's folder nothing is seen."""
    try:
        return path.exists()
    except PermissionError:
        return False


def _is_foreign(path: Path) -> bool:
    """Whether a database without a mark holds tables; a ledger's mark may still stand in its write-ahead log."""
    with closing(connect(path, for_reading(path))) as connection:
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        return not mark and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0


def _open_for_reading(folder: Path, catalogue: Catalogue, trouble: StoreTrouble) -> Opened:
    """Open a ledger that cannot be written: everything is shown, nothing can be changed."""
    path = folder / LEDGER
    _require_ledger(path)
    database.initialize(LedgerDatabase(path, for_reading(path), pragmas={"query_only": 1}))
    database.connect(reuse_if_open=True)
    connection = database.connection()
    is_old = _gate(folder, connection) < runner.SCHEMA_VERSION or schema.is_short(connection, catalogue)
    if is_old or not indexing.is_current(connection):
        raise StoreTrouble(
            Trouble.READ_ONLY,
            "台账要先升级，现在却只能读",
            trouble.text,
            "请把台账放到能写入的位置，打开一次，升级后才能查看。",
        )
    return Opened(folder, None, trouble.text, index.register_numbers(connection, catalogue.keys()))


def _gate(folder: Path, connection: sqlite3.Connection) -> int:
    version = runner.version_of(connection)
    if version > runner.SCHEMA_VERSION:
        raise StoreTrouble(
            Trouble.TOO_NEW,
            "台账由更新版本的程序建立",
            f"台账的版本是{version}，本程序只认识到{runner.SCHEMA_VERSION}；没有改动它。",
            f"请安装新版程序；能用的最近备份：{_newest(folder, runner.SCHEMA_VERSION)}。",
        )
    require_own_schema(connection, folder / LEDGER)
    return version


def _newest(folder: Path, up_to: int | None = None) -> str:
    """The name of the newest backup, of a version not above `up_to` when given; 没有 when there is none."""
    for path in backup.backups_in(folder / BACKUPS):
        try:
            with backup.reading(path) as connection:
                if up_to is None or runner.version_of(connection) <= up_to:
                    return path.name
        except backup.UNREADABLE:
            continue
    return "没有"
