"""Whether the open ledger is still the file that lies in its folder, and how work goes on when its disk was away.

A file that was deleted or whose drive went away can go on being written to by who has it open, and every commit
succeeds into nothing. A stick that is plugged in again is often another device with other file numbers, and what was
open on it is dead: the ledger there is opened anew, if its journal ends where the one that was open did.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from db.errors import SAFE, StoreTrouble, Trouble, named_troubles, trouble_of
from db.record import database
from db.store import backup, journal
from db.store.head_file import HeadFile
from db.store.journal import Head
from db.store.places import LEDGER, Identity, Lock, identity


class Presence:
    """The file of one open ledger; `returned` is called when it was opened anew on the thread that asked for it."""

    def __init__(self, folder: Path, lock: Lock | None, head_file: HeadFile) -> None:
        self._path, self._lock, self._head_file = folder / LEDGER, lock, head_file
        self._opened = identity(self._path)
        self._head: Head | None = None
        self._is_dead = self._may_be_damaged = False
        self._times, self._seen = 0, threading.local()  # how often it was opened anew; what each thread knows of it
        self.returned: Callable[[], object] = lambda: None

    def know(self, head: Head) -> None:
        """How far the journal goes, after each commit."""
        self._head, self._may_be_damaged = head, False

    def named(self, error: BaseException) -> StoreTrouble | None:
        """The named trouble behind an error; after one of the disk's, what is open on it may be dead.

        Of a disk that does not answer, SQLite says that the database is damaged (it takes EIO for that): the clerk is
        told so only when it says it again of the ledger opened anew.
        """
        trouble = trouble_of(error)
        if trouble is None or trouble.trouble not in (Trouble.UNREACHABLE, Trouble.DAMAGED, Trouble.NOT_A_LEDGER):
            return trouble
        is_first, self._is_dead = not self._may_be_damaged, True
        if trouble.trouble is Trouble.UNREACHABLE or not is_first:
            return trouble
        self._may_be_damaged = True
        return StoreTrouble(
            Trouble.UNREACHABLE, "读写磁盘出错", SAFE,
            "请检查磁盘或 U 盘是否还在，再试一次；再试还不行，程序会说明台账是不是坏了。",
        )  # fmt: skip

    def require(self) -> None:
        """Let only be written to the ledger that was opened; where its disk was away, it is opened anew.

        Raises:
            StoreTrouble: when it is gone, or another file has its place, or it still cannot be read.
        """
        now = identity(self._path)
        if now == self._opened and not self._is_dead and getattr(self._seen, "times", 0) == self._times:
            return
        if self._is_dead and now == self._opened and _answers():
            self._is_dead = False
        if now is not None and (self._is_dead or now != self._opened) and self._holds_what_was_saved():
            self._head_file.close()
            if self._lock:
                self._lock.take_again()
            self._opened, self._is_dead, self._times = now, False, self._times + 1
            self.returned()
        require(self._path, self._opened)
        if getattr(self._seen, "times", 0) != self._times:
            database.close()  # of this thread: it is opened at its next use
            self._seen.times = self._times

    def revive(self) -> bool:
        """After an error while reading: whether the ledger was opened anew, its disk being there."""
        with suppress(StoreTrouble):
            if self._is_dead:
                self.require()
        return not self._is_dead

    def require_still(self) -> None:
        """Let a transaction be committed only where it was begun. Raises StoreTrouble as `require`."""
        require(self._path, self._opened)

    def _holds_what_was_saved(self) -> bool:
        with named_troubles(), backup.snapshot(self._path) as connection:
            return journal.head(connection) == self._head


def _answers() -> bool:
    """Whether what is open on this thread can still be read from the disk, not from what is kept of it in memory."""
    connection = database.connection()
    try:
        connection.execute("PRAGMA shrink_memory")
        return connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0  # a dead file may look empty
    except sqlite3.Error:
        return False


def require(path: Path, opened: Identity | None) -> None:
    """Let only be written to what lies where it was opened.

    Raises:
        StoreTrouble: when it is gone, or another file has its place.
    """
    now = identity(path)
    if now == opened:
        return
    if now is None:
        raise StoreTrouble(
            Trouble.UNREACHABLE,
            "没能保存：台账文件不见了",
            f"{path}现在找不到：U 盘拔下了，或文件夹被移走、删去了。"
            "此前显示“已保存”的都写进了那个文件；您刚输入的内容还在窗口里。",
            "请插回 U 盘或把文件夹放回原处，窗口不要关，再保存一次。",
        )
    raise StoreTrouble(
        Trouble.UNREACHABLE,
        "没能保存：台账文件换成了另一个",
        f"{path}已不是打开时的那个文件；两个都没有改动，您刚输入的内容还在窗口里。",
        "请先把窗口里没保存的内容抄下来，再关闭程序重新打开。",
    )
