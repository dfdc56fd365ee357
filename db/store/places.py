"""Where a ledger may lie: its files, the places that would corrupt it, and the lock that keeps a second writer out."""

from __future__ import annotations

import errno
import getpass
import json
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from db.errors import StoreTrouble, Trouble, reason_of

MAGIC = b"SQLite format 3\x00"  # how every database file begins
LEDGER, LOCK, BACKUPS, ATTACHMENTS = "ledger.db", "ledger.lock", "backups", "attachments"
_NETWORK = {"cifs", "smb3", "smbfs", "nfs", "nfs4", "9p", "fuse.sshfs", "davfs", "fuse.davfs2", "afs", "ncpfs"}
_SYNCED = ("onedrive", "dropbox", "坚果云", "nutstore", "百度网盘", "baidunetdisk", "微云", "icloud", "google drive",
           "wps云盘", "wpsdrive")  # fmt: skip
_NOT_PERMITTED = (errno.EACCES, errno.EPERM, errno.EROFS)
_DRIVE_REMOTE = 4  # GetDriveTypeW: DRIVE_REMOTE


Identity = tuple[int, int]  # device and number of a file


def identity(path: Path) -> Identity | None:
    """Which file lies at a path; None when there is none or it cannot be reached."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def mount_type(folder: Path) -> str:
    """The file system's type of the mount that a folder lies on (Linux); empty when it cannot be told."""
    best, found = "", ""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    for mount in mounts.splitlines():
        _device, point, kind = mount.split(" ")[:3]
        point = point.replace("\\040", " ")
        if (str(folder) + "/").startswith(point.rstrip("/") + "/") and len(point) >= len(best):
            best, found = point, kind
    return found


def _is_network(folder: Path) -> bool:
    if sys.platform == "win32":
        import ctypes

        anchor = folder.anchor
        return anchor.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(anchor) == _DRIVE_REMOTE
    return mount_type(folder) in _NETWORK


def check_place(folder: Path) -> None:
    """Refuse a folder in which SQLite's write-ahead log would be torn: a network share or a synchronised folder.

    Raises:
        StoreTrouble: naming the reason.
    """
    real = folder.resolve()
    if _is_network(real):
        raise StoreTrouble(
            Trouble.NETWORK_DRIVE,
            "台账不能放在网络共享盘上",
            f"{folder}在网络盘上，断线时会损坏台账；程序没有动任何文件。",
            "请把数据文件夹放在本机硬盘上。",
        )
    for part in real.parts:
        if any(name in part.lower() for name in _SYNCED):
            raise StoreTrouble(
                Trouble.NETWORK_DRIVE,
                "台账不能放在同步盘文件夹里",
                f"“{part}”会自动同步文件，会把正在写的台账搞坏；程序没有动任何文件。",
                "请把数据文件夹放在同步盘以外；备份可以放进同步盘。",
            )


def for_reading(path: Path) -> str:
    """The URI under which a database is only read; without a log, SQLite need not write beside it."""
    log = path.with_name(f"{path.name}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    return f"{path.resolve().as_uri()}?mode=ro{'' if has_log else '&immutable=1'}"


class Lock:
    """The lock file of a ledger with user, host and process; held while the program runs.

    `was_clean` tells whether the last run ended in order. The operating system drops the lock when a process dies, so a
    file left behind by a crash holds nobody out.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None
        self.was_clean = True

    def take(self) -> None:
        """Take the lock.

        Raises:
            StoreTrouble: when another program holds it; it says who. Also when the disk does not take the file.
        """
        file = None
        try:
            file = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600), "r+b", 0)
            holder = file.read().decode(errors="replace")
            if not _try_lock(file):
                file.close()
                raise StoreTrouble(
                    Trouble.IN_USE,
                    "台账已在另一处打开",
                    f"{_said(holder)}正在使用这个台账；您这边没有改动任何内容。",
                    "请到那个窗口里继续，或等对方关闭后再打开。",
                )
            holder_now = {"user": getpass.getuser(), "host": socket.gethostname(), "pid": os.getpid()}
            _write(file, json.dumps(holder_now, ensure_ascii=False))
        except OSError as error:
            if file:
                file.close()
            raise _unwritable(self.path.parent, error) from error
        self.was_clean = not holder.strip()
        self._file = file

    def take_again(self) -> None:
        """Take the lock anew on a disk that was away, which has dropped it; how the last run ended is known already.

        Raises:
            StoreTrouble: when another program has taken it meanwhile.
        """
        was_clean = self.was_clean
        if self._file:
            with suppress(OSError):
                self._file.close()
            self._file = None
        self.take()
        self.was_clean = was_clean

    def give_back(self, clean: bool = True) -> None:
        """Give the lock back and mark a clean end; without `clean` the mark of the holder stays.

        It also stays when the disk is gone or broken: the next start then checks the ledger.
        """
        if self._file:
            if clean:
                with suppress(OSError):
                    _write(self._file, "")
            with suppress(OSError):
                _unlock(self._file)
            self._file.close()
            self._file = None


def _write(file: IO[bytes], text: str) -> None:
    """Put the text in place of what was there: first written, then cut, so that the mark is missing at no moment."""
    whole = text.encode()
    file.seek(0)
    if whole:
        file.write(whole)
    file.truncate(len(whole))


def _unwritable(folder: Path, error: OSError) -> StoreTrouble:
    if error.errno == errno.ENOSPC:
        return StoreTrouble(
            Trouble.FULL, "打不开台账：磁盘已满", f"{folder}已没有空间；已登记的内容都在，没有改动。",
            "请删去磁盘上不用的文件，再打开。",
        )  # fmt: skip
    return StoreTrouble(
        Trouble.READ_ONLY if error.errno in _NOT_PERMITTED else Trouble.UNREACHABLE,
        "数据文件夹不能写入",
        f"{folder}写不进去（{reason_of(error)}）；程序没有改动任何文件。",
        "请检查文件夹的权限，或另选一个数据文件夹。",
    )


def _said(holder: str) -> str:
    try:
        known = json.loads(holder)
    except ValueError:
        return "另一个程序"
    return f"{known.get('host', '')}上的{known.get('user', '')}"


def _try_lock(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(1_000_000)  # beyond the text, which others may still read
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(0)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _unlock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(1_000_000)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_UN)
