"""The files of attachments: copied into the ledger's folder under their SHA-256, compared with it, copied out again.

A file is written under a temporary name, flushed to the disk and only then named; a name that stands is a whole file.
It is never changed or removed again: the journal can bring every removed attachment back.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from db.directory.attachments import safe_name, size_words
from db.errors import Refused, StoreTrouble, Trouble, reason_of
from db.store.connecting import key_of
from db.store.keys import DataKey
from db.store.places import ATTACHMENTS, LEDGER
from db.store.sealed_files import Writer, opened

_CHUNK = 1 << 20  # bytes between two looks at whether to go on
_PART = ".part"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

Progress = Callable[[int, int], bool]


@dataclass(frozen=True)
class Copied:
    """A file that lies in the ledger's folder: the name that it came with, its size in bytes, its SHA-256."""

    name: str
    size: int
    sha256: str


def path_of(folder: Path, sha256: str) -> Path:
    """Where the file with this hash lies; what is no hash (a ledger from elsewhere) names a file that never is."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        return folder / ATTACHMENTS / "-"
    return folder / ATTACHMENTS / sha256[:2] / sha256


def copy_in(folder: Path, source: Path, most: int, progress: Progress | None = None) -> Copied:
    """Copy a file of at most `most` bytes into the ledger's folder, encrypted when the ledger is; for a worker, too.

    Raises:
        Refused: for what is no ordinary file, is empty or too large, or when `progress` gave False.
        StoreTrouble: when it cannot be read or the disk is full; nothing is left behind then.
    """
    name = safe_name(source.name)
    size = _look(source, name, most)
    place = folder / ATTACHMENTS
    part = place / f"{os.getpid()}-{hashlib.sha256(os.fsencode(source)).hexdigest()[:16]}{_PART}"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(place)
        digest, done = _copy(source, part, name, (size, most), progress, key_of(folder / LEDGER))
        target = path_of(folder, digest)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        part.replace(target)
        _flush_folder(target.parent)
    except OSError as error:
        raise _trouble(name, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return Copied(name, done, digest)


def _look(source: Path, name: str, most: int) -> int:
    """The size of an ordinary file; refuses everything else before a byte is read."""
    try:
        found = source.lstat()
    except OSError as error:
        raise _trouble(name, error) from error
    if stat.S_ISLNK(found.st_mode):
        raise Refused(f"“{name}”是快捷方式（链接），没有添加；请选它指向的文件本身")
    if stat.S_ISDIR(found.st_mode):
        raise Refused(f"“{name}”是文件夹，没有添加；请选里面的文件，或先打成压缩包")
    if not stat.S_ISREG(found.st_mode):
        raise Refused(f"“{name}”不是普通文件，没有添加")
    if not found.st_size:
        raise Refused(f"“{name}”是空文件（0字节），没有添加；请检查原文件是否完好")
    if found.st_size > most:
        raise Refused(_too_large(name, found.st_size, most))
    return found.st_size


def _too_large(name: str, size: int, most: int) -> str:
    return f"“{name}”有{size_words(size)}，超过附件上限{size_words(most)}，没有添加；上限可以在设置里改"


def _copy(
    source: Path, part: Path, name: str, sizes: tuple[int, int], progress: Progress | None, key: DataKey | None
) -> tuple[str, int]:
    """Copy and hash; give back the hash and the number of bytes."""
    size, most = sizes
    digest, done = hashlib.sha256(), 0
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    made = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(source, flags), "rb") as read, os.fdopen(os.open(part, made, 0o600), "wb") as written:
        writer = Writer(written, key)
        while chunk := read.read(_CHUNK):
            done += len(chunk)
            if done > most:  # it has grown since it was looked at
                raise Refused(_too_large(name, done, most))
            digest.update(chunk)
            writer.write(chunk)
            if progress and not progress(done, max(size, done)):
                raise Refused(f"已停止添加“{name}”，没有留下文件")
        writer.finish()
        written.flush()
        os.fsync(written.fileno())
    if not done:
        raise Refused(f"“{name}”是空文件（0字节），没有添加；请检查原文件是否完好")
    return digest.hexdigest(), done


def _flush_folder(folder: Path) -> None:
    """Let the new name reach the disk; systems that cannot flush a folder do so by themselves."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _trouble(name: str, error: OSError) -> StoreTrouble:
    safe = "已登记的内容和以前的附件都在，没有留下半个文件。"
    if error.errno in _NO_ROOM:
        return StoreTrouble(Trouble.FULL, f"没能添加“{name}”：磁盘已满", safe, "请删去磁盘上不用的文件，再试一次。")
    why = reason_of(error)
    return StoreTrouble(Trouble.UNREACHABLE, f"没能添加“{name}”", f"读写文件时出错（{why}）；{safe}",
                        "请检查原文件能不能打开、数据文件夹能不能写入。")  # fmt: skip


def save_as(path: Path, target: Path) -> None:
    """Write a copy of an attachment's file; one that is there stays whole until the new one is.

    Raises:
        StoreTrouble: when it cannot be written.
    """
    part = target.with_name(f".{hashlib.sha256(target.name.encode()).hexdigest()[:16]}{_PART}")
    try:
        with opened(path) as read, part.open("wb") as written:
            while chunk := read.read(_CHUNK):
                written.write(chunk)
            written.flush()
            os.fsync(written.fileno())
        part.replace(target)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise StoreTrouble(
            Trouble.FULL if error.errno in _NO_ROOM else Trouble.UNREACHABLE, "没能另存附件",
            f"{target}写不进去（{reason_of(error)}）；附件本身没有动。",
            "请换一个能写入的文件夹，或检查磁盘空间。",
        ) from error  # fmt: skip


def verdict(path: Path, digest: str) -> str:
    """What is wrong with a file; empty when it is whole."""
    found = hashlib.sha256()
    try:
        with opened(path) as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
    except FileNotFoundError:
        return "的文件不见了"
    except OSError as error:
        return f"的文件读不出来（{reason_of(error)}）"
    return "" if found.hexdigest() == digest else "的文件被改动过"


def _sweep(place: Path) -> None:
    """Remove what a copy left behind that was cut off by a crash; there is one writer, who copies one after another."""
    for path in place.glob(f"*{_PART}"):
        with suppress(OSError):
            path.unlink()
