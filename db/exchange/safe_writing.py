"""A file written whole or not at all: under a name of its own beside the target, then moved into its place."""

from __future__ import annotations

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from db.errors import Refused, StoreTrouble, Trouble, reason_of

PART = ".part"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_LOCKS = (
    ".~lock.{}#",
    "~${}",
    ".~{}",
)  # what LibreOffice, Excel and WPS on Windows, WPS on Linux lay beside an open file
_SAFE = "台账没有动，也没有留下半个文件。"


@contextmanager
def whole(*targets: Path) -> Generator[list[Path]]:
    """Paths to write to, one for each target; moved there when the block ends well, removed when it does not.

    Raises:
        Refused: when a target is open in an office program or is a folder.
        StoreTrouble: when the folder cannot be written to or the disk is full.
    """
    parts = [target.with_name(f".{target.name[:60]}.{os.getpid()}{PART}") for target in targets]
    try:
        for target in targets:
            _look(target)
            target.parent.mkdir(parents=True, exist_ok=True)
        for part in parts:
            part.touch()  # says at once what would else be found out after a long time
        yield parts
        for part, target in zip(parts, targets, strict=True):
            part.replace(target)
    except OSError as error:
        raise trouble_of(error, targets[0]) from error
    finally:
        for part in parts:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _look(target: Path) -> None:
    """Refuse a target that an office program holds open: it would be overwritten under the clerk's hands."""
    if target.is_dir():
        raise Refused(f"{target}是文件夹，没有导出；请写明文件名")
    if not target.exists():
        return
    if any(target.with_name(mark.format(target.name)).exists() for mark in _LOCKS):
        raise Refused(f"“{target.name}”正在表格软件里打开着，没有导出，原来的文件没有动；请先关掉它，或换一个文件名")
    with target.open("r+b"):  # Windows forbids it while another program holds the file; a read-only file is kept
        pass


def trouble_of(error: OSError, target: Path) -> StoreTrouble:
    """What to say of an error while a file was written."""
    if error.errno in _NO_ROOM:
        return StoreTrouble(
            Trouble.FULL, "没能导出：磁盘已满", _SAFE, "请删去磁盘上不用的文件，或导出到另一个盘，再试一次。"
        )
    if error.errno in _FORBIDDEN:
        return StoreTrouble(
            Trouble.READ_ONLY, "没能导出：写不进去", f"{target}不让写入（只读，或正被别的程序打开）；{_SAFE}",
            "请关掉打开它的程序，或换一个能写入的文件夹、换一个文件名。",
        )  # fmt: skip
    return StoreTrouble(
        Trouble.UNREACHABLE, "没能导出", f"{target}写不出来（{reason_of(error)}）；{_SAFE}",
        "请检查文件夹和 U 盘是否还在，或换一个位置再试。",
    )  # fmt: skip
