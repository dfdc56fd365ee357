"""Brings a ledger that an older program left up to this one: upgrade after a backup, tables, search index.

Each part is a transaction of its own and knows by its own mark that it was done, so that what was stopped or killed is
done again at the next opening.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import peewee as pw

from db.catalogue import Catalogue
from db.errors import Refused
from db.record import database
from db.store import backup, indexing, schema
from db.store.opening import Watch
from db.store.places import BACKUPS
from db.store.reindexing import index_anew
from db.store.upgrades import runner


def bring_up(path: Path, catalogue: Catalogue, now: Callable[[], datetime], watch: Watch) -> None:
    """Do over this thread's connection what the ledger needs.

    Raises:
        Refused: when `watch` stopped it.
        StoreTrouble: when the backup before an upgrade cannot be written.
    """
    connection = database.connection()
    version = runner.version_of(connection)
    if 0 < version < runner.SCHEMA_VERSION:
        watch.part("先备份一份，并检查这份备份")
        target = backup.free_name(path.parent / BACKUPS, now())
        backup.back_up(path, target, watch.progress)
    with _stoppable(connection, watch) as progress:
        if 0 < version < runner.SCHEMA_VERSION:
            watch.part("升级台账")
            runner.upgrade(connection, runner.steps(), runner.SCHEMA_VERSION)
        watch.part("补上新的栏目和目录")
        numbers = schema.complete(connection, catalogue, is_new=version == 0)
        if not indexing.is_current(connection):
            watch.part("重新编制查找用的目录")
            index_anew(connection, catalogue, numbers, progress)
        watch.part("写入磁盘")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # else the first save would wait for it


@contextmanager
def _stoppable(connection: sqlite3.Connection, watch: Watch) -> Generator[backup.Progress]:
    """Ask during long statements too whether to stop; gives the progress to be told between them."""
    last = [0, 0]

    def progress(done: int, total: int) -> bool:
        last[:] = done, total
        return watch.progress(done, total)

    connection.set_progress_handler(lambda: int(not watch.progress(*last)), backup.CHECKED)
    try:
        yield progress
    except (sqlite3.DatabaseError, pw.DatabaseError) as error:
        if getattr(getattr(error, "orig", error), "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise Refused("整理台账已停止；登记的内容没有动，下次打开时再做") from None
        raise
    finally:
        connection.set_progress_handler(None, 0)
