"""What may be told of a ledger to somebody who is to find a fault: its structure and its counts, no value in it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from db.store import backup
from db.store.places import BACKUPS, LEDGER, mount_type

_PRAGMAS = ("application_id", "user_version", "journal_mode", "page_size", "page_count", "freelist_count", "encoding")


def structure(folder: Path) -> Iterator[str]:
    """The ledger in `folder`, line by line: pragmas, check, tables with columns and counts. A ledger may be in use.

    What cannot be read is said so; nothing is raised for a ledger that is missing or damaged.
    """
    path = folder / LEDGER
    if not path.is_file():
        yield "没有台账文件"
        return
    yield f"文件 {path.stat().st_size} 字节"
    try:
        with backup.snapshot(path) as connection:
            yield from _structure(connection)
    except sqlite3.Error as error:
        yield f"读不了：{type(error).__name__} {getattr(error, 'sqlite_errorname', '')}"


def _structure(connection: sqlite3.Connection) -> Iterator[str]:
    for name in _PRAGMAS:
        yield f"{name} {connection.execute(f'PRAGMA {name}').fetchone()[0]}"
    yield f"检查 {'完好' if backup.quick_check(connection) == 'ok' else '有损坏'}"
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    for (name,) in tables:
        columns = [f"{row[1]} {row[2]}" for row in connection.execute(f'PRAGMA table_info("{name}")')]
        yield f"表 {name}：{_count(connection, name)}；列 {'，'.join(columns)}"
    for kind, count in connection.execute("SELECT type, count(*) FROM sqlite_master GROUP BY type"):
        yield f"{kind} {count}"


def _count(connection: sqlite3.Connection, name: str) -> str:
    """How many rows a table has; an index without contents of its own cannot be counted."""
    try:
        count = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
    except sqlite3.Error as error:
        return f"数不了 {getattr(error, 'sqlite_errorname', '')}"
    return f"{count} 条"


def surroundings(folder: Path) -> Iterator[str]:
    """The disk and the backups in the data folder: sizes and times, no path."""
    try:
        yield f"磁盘剩余 {shutil.disk_usage(folder).free >> 20} MB，文件系统 {mount_type(folder.resolve())}"
    except OSError as error:
        yield f"磁盘读不了：errno {error.errno}"
    for path in backup.backups_in(folder / BACKUPS):
        found = path.stat()
        yield f"备份 {datetime.fromtimestamp(found.st_mtime):%Y-%m-%d %H:%M}，{found.st_size} 字节"
