"""Opens a ledger: place, lock, pragmas, check after an unclean end, version gate, new tables - in that order."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import peewee as pw

from db.catalogue import Catalogue
from db.errors import StoreTrouble, Trouble, named_troubles
from db.record import database
from db.store import backup, index, schema
from db.store.places import BACKUPS, LEDGER, LOCK, Lock, check_place
from db.store.upgrades import runner

_PRAGMAS = {"foreign_keys": 1, "synchronous": "full", "cache_size": -65_536, "temp_store": "memory"}


@dataclass
class Opened:
    """An open ledger: where it lies, its lock, why it is read-only (empty when it is not), numbers in the index."""

    folder: Path
    lock: Lock | None
    read_only: str
    register_numbers: dict[str, int]

    def close(self) -> None:
        """Close every connection of this thread and give the lock back."""
        done = False
        try:
            if not self.read_only:
                database.connection().execute("PRAGMA optimize")
                database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            done = True
        finally:
            database.close()
            if self.lock:
                self.lock.give_back(clean=done)


def open_ledger(folder: Path, catalogue: Catalogue, now: Callable[[], datetime]) -> Opened:
    """Open the ledger in `folder`, making folder and file when there are none.

    Raises:
        StoreTrouble: NETWORK_DRIVE, IN_USE, UNREACHABLE, READ_ONLY, NOT_A_LEDGER, DAMAGED or TOO_NEW, each with a way
            on. READ_ONLY only when there is no ledger yet; one that cannot be written is opened for reading.
    """
    check_place(folder)
    _make(folder)
    lock = Lock(folder / LOCK)
    path = folder / LEDGER
    try:
        lock.take()
        _require_writable(path)
    except StoreTrouble as trouble:
        lock.give_back(lock.was_clean)
        if trouble.trouble is Trouble.READ_ONLY and path.exists():
            with _closing_on_error(), named_troubles():
                return _open_for_reading(folder, catalogue, trouble)
        raise
    try:
        with _closing_on_error(), named_troubles():
            _connect(path)
            return Opened(folder, lock, "", _bring_up(path, catalogue, now, checked=lock.was_clean))
    except BaseException:
        lock.give_back(lock.was_clean)
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
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreTrouble(
            Trouble.UNREACHABLE,
            "建不了数据文件夹",
            f"{folder}不能建立（{error.strerror or error}）；程序没有改动任何文件。",
            "请另选一个能写入的文件夹。",
        ) from error


def _connect(path: Path) -> None:
    database.initialize(pw.SqliteDatabase(str(path), pragmas=_PRAGMAS, timeout=5))
    if path.exists() and path.stat().st_size:
        _require_ledger(path)
    database.connect(reuse_if_open=True)
    mode = database.connection().execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StoreTrouble(
            Trouble.UNREACHABLE,
            "这个磁盘不支持台账的安全写入",
            "程序没有改动任何文件。",
            "请把数据文件夹放在本机硬盘上。",
        )


def _require_writable(path: Path) -> None:
    if path.exists() and not os.access(path, os.W_OK):
        raise StoreTrouble(
            Trouble.READ_ONLY, "台账文件只能读", f"{path}没有写入权限；程序没有改动它。", "请检查文件的权限。"
        )


def _require_ledger(path: Path) -> None:
    """Refuse a file that is no SQLite database or another program's database, before anything is written to it."""
    with path.open("rb") as file:
        start = file.read(100)
    mark = int.from_bytes(start[68:72], "big")
    if not start.startswith(b"SQLite format 3\x00") or (mark != schema.APPLICATION_ID and (mark or _is_foreign(path))):
        raise StoreTrouble(
            Trouble.NOT_A_LEDGER,
            "这个文件不是法治台账的数据库",
            f"{path}是别的文件；程序没有改动它。",
            "请另选数据文件夹，或用备份恢复。",
        )


def _is_foreign(path: Path) -> bool:
    """Whether a database without a mark holds tables; a ledger's mark may still stand in its write-ahead log."""
    with closing(sqlite3.connect(_for_reading(path), uri=True)) as connection:
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        return not mark and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0


def _for_reading(path: Path) -> str:
    """The URI under which a database is only read; without a log, SQLite need not write beside it."""
    log = path.with_name(f"{path.name}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    return f"{path.resolve().as_uri()}?mode=ro{'' if has_log else '&immutable=1'}"


def _open_for_reading(folder: Path, catalogue: Catalogue, trouble: StoreTrouble) -> Opened:
    """Open a ledger that cannot be written: everything is shown, nothing can be changed."""
    path = folder / LEDGER
    _require_ledger(path)
    database.initialize(pw.SqliteDatabase(_for_reading(path), uri=True, pragmas={"query_only": 1}))
    database.connect(reuse_if_open=True)
    connection = database.connection()
    if _gate(folder, connection) < runner.SCHEMA_VERSION or schema.is_short(connection, catalogue):
        raise StoreTrouble(
            Trouble.READ_ONLY,
            "台账要先升级，现在却只能读",
            trouble.text,
            "请把台账放到能写入的位置，打开一次，升级后才能查看。",
        )
    return Opened(folder, None, trouble.text, index.register_numbers(connection, catalogue.keys()))


def _bring_up(path: Path, catalogue: Catalogue, now: Callable[[], datetime], checked: bool) -> dict[str, int]:
    connection = database.connection()
    if not checked:
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise StoreTrouble(
                Trouble.DAMAGED,
                "上次没有正常关闭，台账文件已损坏",
                f"检查结果：{verdict}。程序没有改动它，备份也没有动。",
                f"请用备份恢复；最近的备份：{_newest(path.parent)}。",
            )
    version = _gate(path.parent, connection)
    if 0 < version < runner.SCHEMA_VERSION:
        backup.back_up(connection, path.parent / BACKUPS / now().strftime(backup.NAME))
        runner.upgrade(connection, runner.steps(), runner.SCHEMA_VERSION)
    return schema.complete(connection, catalogue, is_new=version == 0)


def _gate(folder: Path, connection: sqlite3.Connection) -> int:
    version = runner.version_of(connection)
    if version > runner.SCHEMA_VERSION:
        raise StoreTrouble(
            Trouble.TOO_NEW,
            "台账由更新版本的程序建立",
            f"台账的版本是{version}，本程序只认识到{runner.SCHEMA_VERSION}；没有改动它。",
            f"请安装新版程序；能用的最近备份：{_newest(folder, runner.SCHEMA_VERSION)}。",
        )
    return version


def _newest(folder: Path, up_to: int | None = None) -> str:
    """The name of the newest backup, of a version not above `up_to` when given; 没有 when there is none."""
    for path in backup.backups_in(folder / BACKUPS):
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
                if up_to is None or runner.version_of(connection) <= up_to:
                    return path.name
        except sqlite3.Error:
            continue
    return "没有"
