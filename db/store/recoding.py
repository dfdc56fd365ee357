"""Copies a database into another state, encrypted or plain, and holds the copy against its source."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from db.errors import Refused, StoreTrouble, Trouble, reason_of
from db.store import backup, journal
from db.store.backup import CHECKED, Progress, unwatched
from db.store.connecting import attach, connect
from db.store.keys import CONVERTING, DataKey

_STOPPED = "转换已停止；台账没有动，和原来一样"
_NUMBERS = ("user_version", "application_id")  # what an export leaves out


def recode(source: Path, part: Path, key: DataKey | None, progress: Progress = unwatched) -> None:
    """Write a copy of a database that nobody writes, encrypted with `key` or plain, and hold it against its source.

    Raises:
        Refused: when it was cancelled.
        StoreTrouble: when the copy does not agree with its source, or the source is damaged.
        sqlite3.Error: when the disk does not take it.
    """
    os.truncate(part, 0)
    total = source.stat().st_size >> 10
    with closing(connect(source, backup.finished(source), ciphers=True, isolation_level=None)) as connection:
        attach(connection, part, "made", f"{part.resolve().as_uri()}?mode=rw", key)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536"):
            connection.execute(f"PRAGMA made.{pragma}")
        connection.set_progress_handler(lambda: int(not progress(part.stat().st_size >> 10, total)), CHECKED)
        try:
            connection.execute("SELECT sqlcipher_export('made')").fetchall()
            for number in _NUMBERS:
                kept = connection.execute(f"PRAGMA main.{number}").fetchone()[0]
                connection.execute(f"PRAGMA made.{number} = {int(kept)}")
            is_alike = _counted(connection, "main") == _counted(connection, "made")
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise Refused(_STOPPED) from None
            raise
        finally:
            connection.set_progress_handler(None, 0)
        head = journal.head(connection)
    if not progress(total, total):
        raise Refused(_STOPPED)
    if not is_alike or backup.verify(part, progress) != head:
        raise StoreTrouble(Trouble.DAMAGED, "转换出来的台账和原来的对不上", "台账没有动。", "请再试一次。")


def _counted(connection: sqlite3.Connection, place: str) -> list[tuple[str, str, int]]:
    """What a database declares, and the rows of each of its tables."""
    declared = f"SELECT name, sql, rootpage FROM {place}.sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    found = connection.execute(declared).fetchall()
    tables = {name for (name,) in connection.execute(f"SELECT name FROM {place}.sqlite_master WHERE type = 'table'")}
    return [
        (name, sql, connection.execute(f'SELECT count(*) FROM {place}."{name}"').fetchone()[0]
         if root and name in tables else 0)
        for name, sql, root in found
    ]  # fmt: skip


def mark(folder: Path) -> None:
    """Note that what lies beside the ledger is still to be brought to its state.

    Raises:
        StoreTrouble: when the disk does not take it.
    """
    try:
        (folder / CONVERTING).touch(mode=0o600)
    except OSError as error:
        raise unwritable(folder, error) from error


def unwritable(folder: Path, error: OSError) -> StoreTrouble:
    """What is said when the disk does not take what a conversion writes."""
    return StoreTrouble(
        Trouble.FULL if error.errno == errno.ENOSPC else Trouble.UNREACHABLE, "没能转换台账",
        f"{folder}写不进去（{reason_of(error)}）；台账和备份都在。", "请检查磁盘空间和文件夹的权限，再试一次。",
    )  # fmt: skip
