"""Backups by SQLite's online API: written, opened, checked and counted before they count; then thinned.

A file copy of a live write-ahead-log database loses committed rows; the online backup does not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path

from db.errors import Refused, StoreTrouble, Trouble
from db.store import journal

NAME = "台账备份-%Y%m%d-%H%M%S.db"
PAGES = 2_048  # copied in one step, so that progress is shown and a writer is not kept waiting
HOURLY, DAILY, MONTHLY = 24, 30, 24


def written_at(path: Path) -> datetime | None:
    """When a backup was made, by its name; None when the file is no backup of ours."""
    try:
        return datetime.strptime(path.name, NAME)
    except ValueError:
        return None


def backups_in(folder: Path) -> list[Path]:
    """The backups in a folder, newest first."""
    found = [(made, path) for path in folder.glob("*.db") if (made := written_at(path))]
    return [path for _made, path in sorted(found, reverse=True)]


def verify(path: Path) -> tuple[int, str]:
    """Open a backup read-only, check it whole and give back its journal's length and head.

    Raises:
        StoreTrouble: when it is damaged or no ledger.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            head = journal.head(connection)
    except sqlite3.DatabaseError as error:
        verdict, head = str(error), (0, "")
    if verdict != "ok":
        raise StoreTrouble(
            Trouble.DAMAGED,
            "备份没有通过检查",
            f"{path.name}打不开或不完整，原台账没有动。",
            "请换一个备份，或再备份一次。",
        )
    return head


def back_up(source: sqlite3.Connection, target: Path, progress: Callable[[int, int], bool] | None = None) -> Path:
    """Write a verified backup of an open ledger to `target`; an unfinished or bad one is removed.

    `progress(done, total)` is told the pages and may give back False to cancel.

    Raises:
        Refused: when it was cancelled.
        StoreTrouble: when the target cannot be written, the source is damaged or the copy fails its check.
    """
    part = target.with_suffix(".part")
    wanted = journal.head(source)[0]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(part)) as copy:
            source.backup(copy, pages=PAGES, progress=_stepper(progress))
            copy.execute("PRAGMA journal_mode = DELETE")
        if verify(part)[0] < wanted:
            raise StoreTrouble(Trouble.DAMAGED, "备份缺少最后的记录", "原台账没有动。", "请再备份一次。")
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreTrouble(
            Trouble.UNREACHABLE,
            "没能写出备份",
            f"写{target.parent}时出错（{error}）；台账本身没有动，以前的备份也都在。",
            "请检查那个磁盘还有没有空间、能不能写。",
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def _stepper(progress: Callable[[int, int], bool] | None) -> Callable[[int, int, int], None]:
    def step(_status: int, remaining: int, total: int) -> None:
        if progress and not progress(total - remaining, total):
            raise Refused("备份已取消，没有留下文件；台账和以前的备份都没有动")

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


def thin(folder: Path, now: datetime) -> list[Path]:
    """Remove the backups that are not to be kept; give back those removed."""
    paths = backups_in(folder)
    keep = kept(paths, now)
    gone = [path for path in paths if path not in keep]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone
