"""Puts a backup in the place of the ledger: verified, compared in numbers, the present state backed up first.

What cannot be read is set aside untouched. The backup is copied beside the ledger, verified there and renamed over it,
so that a crash at any moment leaves either the old ledger or the new one.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from db.catalogue import Catalogue
from db.errors import Refused, StoreTrouble, Trouble, reason_of
from db.store import backup, backup_files, journal, recoding
from db.store.backup import Progress, unwatched
from db.store.backup_files import Copies
from db.store.connecting import connect, key_of
from db.store.foreign import require_own_schema
from db.store.head_file import HEAD
from db.store.keys import KEY_FILE, DataKey, adopt, is_plain, name_in, ring
from db.store.places import BACKUPS, LEDGER, LOCK, Lock, check_place
from db.store.private import close_to_others, make_private_folder
from db.store.schema import APPLICATION_ID
from db.store.upgrades import runner

ASIDE = "损坏的台账-%Y%m%d-%H%M%S.db"
_BESIDE = ("-wal", "-shm")


@dataclass(frozen=True)
class Counts:
    """What a ledger holds: records by register (its title -> how many, without those deleted), journal entries."""

    records: dict[str, int]
    entries: int

    @property
    def total(self) -> int:
        """All records."""
        return sum(self.records.values())

    def words(self) -> str:
        """The numbers in one phrase."""
        each = "、".join(f"{title}{count:,}" for title, count in self.records.items() if count)
        return f"共{self.total:,}条{f'（{each}）' if each else ''}"


@dataclass(frozen=True)
class Restored:
    """What was done: numbers before (None: there was no ledger, or it could not be read) and now, and what was kept."""

    before: Counts | None
    now: Counts
    kept: Path | None
    files: Copies = field(default_factory=Copies)

    def words(self) -> str:
        """What was done, in sentences."""
        before = f"恢复前{self.before.words()}；" if self.before else ""
        kept = f"恢复前的台账存为{self.kept}。" if self.kept else ""
        brought = f"补回附件{self.files.copied:,}个。" if self.files.copied else ""
        lost = f"有{len(self.files.lacking):,}个附件的文件在备份和数据文件夹里都没有。" if self.files.lacking else ""
        return f"已恢复：{before}现在{self.now.words()}。{brought}{lost}{kept}"


def restore(
    folder: Path, source: Path, catalogue: Catalogue, now: datetime, sure: bool = False,
    progress: Progress = unwatched,
) -> Restored:  # fmt: skip
    """Put the backup `source` in the place of the ledger in `folder`; `sure`: also when it holds less.

    The attachments beside the backup that the folder lacks come back with it.

    Raises:
        Refused: when the backup holds less than the present ledger and nobody said that this is meant, or when it was
            cancelled.
        StoreTrouble: when the backup is damaged, no ledger or of a newer version, when the ledger is open elsewhere,
            or when the disk does not take it; the present ledger is then as it was.
    """
    check_place(folder)
    found = counts_of_backup(source, catalogue, progress)
    try:
        make_private_folder(folder, LEDGER)
    except OSError as error:
        raise _unwritable(folder, error) from error
    lock = Lock(folder / LOCK)
    lock.take()
    is_done = False
    try:
        ledger = folder / LEDGER
        before, kept = _kept(ledger, found, catalogue, now, sure, progress)
        with backup.reading(source) as connection:
            wanted = backup_files.named(connection)
        key = _key_from_now_on(ledger, source)
        files = backup_files.bring_back(source.resolve().parent, folder.resolve(), wanted, progress, key)
        _put(source, ledger, key)
        is_done = True
        return Restored(before, found, kept, files)
    finally:
        lock.give_back(clean=is_done or lock.was_clean)


def _key_from_now_on(ledger: Path, source: Path) -> DataKey | None:
    """What the ledger will be encrypted with: an encrypted one stays so, else it will be as the backup is."""
    folder, coming = ledger.parent, key_of(source)
    if not is_plain(ledger) and (own := ring.named(name_in(folder / KEY_FILE))):
        return own
    if coming is not None:
        adopt(source.resolve().parent, folder, coming)
        recoding.mark(folder)  # what lies there already is encrypted at the next opening
    return coming


def counts_of_backup(source: Path, catalogue: Catalogue, progress: Progress = unwatched) -> Counts:
    """What a backup holds, after it was checked whole.

    Raises:
        StoreTrouble: when it is missing, damaged, no ledger or of a newer version.
        Refused: when it was cancelled.
    """
    if not source.is_file():
        raise StoreTrouble(
            Trouble.UNREACHABLE, "找不到这个备份", f"没有文件{source}；现有台账没有动。", "请检查路径，U 盘是否插上。"
        )
    backup.verify(source, progress)
    with backup.reading(source) as connection:
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        version = runner.version_of(connection)
        if mark != APPLICATION_ID or version < 1:
            raise StoreTrouble(
                Trouble.NOT_A_LEDGER, "这个文件不是法治台账的备份", f"{source}是别的数据库；现有台账没有动。",
                "请另选一个备份。",
            )  # fmt: skip
        if version > runner.SCHEMA_VERSION:
            raise StoreTrouble(
                Trouble.TOO_NEW, "备份由更新版本的程序写成",
                f"备份的版本是{version}，本程序只认识到{runner.SCHEMA_VERSION}；现有台账没有动。",
                "请安装新版程序后再恢复。",
            )  # fmt: skip
        require_own_schema(connection, source)
        return counts(connection, catalogue)


def counts(connection: sqlite3.Connection, catalogue: Catalogue) -> Counts:
    """What a ledger holds; a register that it does not know yet counts as empty."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    records = {
        register.TITLE: connection.execute(
            f'SELECT count(*) FROM "{register.key()}" WHERE deleted_at IS NULL'
        ).fetchone()[0]
        for register in catalogue
        if register.key() in there
    }
    return Counts(records, journal.head(connection)[0])


def _kept(
    ledger: Path, found: Counts, catalogue: Catalogue, now: datetime, sure: bool, progress: Progress
) -> tuple[Counts | None, Path | None]:
    """Keep the present ledger before it is replaced: as a verified backup, or set aside when it cannot be read."""
    if not ledger.exists() or not ledger.stat().st_size:
        return None, None
    try:
        with backup.snapshot(ledger) as connection:
            verdict = backup.quick_check(connection, progress)
            before = counts(connection, catalogue) if verdict == "ok" else None
    except backup.UNREADABLE:
        before = None
    if before is None:
        return None, _set_aside(ledger, now)
    if not sure and (found.total < before.total or found.entries < before.entries):
        raise Refused(
            f"没有恢复：备份里{found.words()}、日志{found.entries:,}条，比现有台账少，"
            f"现有{before.words()}、日志{before.entries:,}条。现有台账没有动。确实要换成这个备份，请加上 --yes"
        )
    return before, backup.back_up(ledger, backup.free_name(ledger.parent / BACKUPS, now, backup.BEFORE), progress)


def _set_aside(ledger: Path, now: datetime) -> Path:
    """Copy a ledger that cannot be read, with its log, byte for byte."""
    aside = ledger.parent / backup.name_at(now, ASIDE)
    try:
        copy_with_log(ledger, aside)
    except OSError as error:
        raise _unwritable(ledger.parent, error) from error
    return aside


def copy_with_log(ledger: Path, target: Path) -> None:
    """Copy a database that cannot be read, with its log, byte for byte."""
    for end in ("", *_BESIDE):
        beside = ledger.with_name(ledger.name + end)
        if beside.exists():
            close_to_others(Path(shutil.copy2(beside, target.with_name(target.name + end))))


def _put(source: Path, ledger: Path, key: DataKey | None) -> None:
    """Copy a verified backup beside the ledger, verify the copy, and let it take the ledger's place.

    What is encrypted otherwise than with `key` is encrypted with it on the way.

    The old log goes first: SQLite would apply it to the new file. All that it held has been kept before.
    """
    with backup.writing(ledger) as part:
        if key_of(source) == key:
            shutil.copyfile(source, part)
        else:
            recoding.recode(source, part, key)
        backup.verify(part)
        _fold_log(ledger)
        ledger.with_name(HEAD).unlink(missing_ok=True)  # it tells of the ledger that goes


def _fold_log(ledger: Path) -> None:
    """Bring what the log holds into the ledger and remove the log; a ledger that cannot be read loses only its log."""
    with suppress(*backup.UNREADABLE):
        connection = connect(ledger)
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
    for end in _BESIDE:
        ledger.with_name(ledger.name + end).unlink(missing_ok=True)


def _unwritable(folder: Path, error: OSError) -> StoreTrouble:
    return StoreTrouble(
        Trouble.UNREACHABLE, "没能恢复", f"{folder}写不进去（{reason_of(error)}）；现有台账没有动。",
        "请检查磁盘空间和文件夹的权限。",
    )  # fmt: skip
