"""Overwrites a plain file whose encrypted copy took its place: removing a name alone leaves the content on the disk.

It is done as well as a program can. A solid-state disk or a stick writes to other cells than those that held the old
content, and what a file held before it grew, or its log, lies somewhere else; the help says so.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from db.errors import Refused
from db.store.places import ATTACHMENTS

Progress = Callable[[int, int], bool]  # (KB done, of): False asks to stop

_LEFT = ".wiping"
_CHUNK = 1 << 20  # bytes
_STOPPED = "台账已加密；旧的明文还没有全部抹掉，备份和附件也可能没有转换完，打开台账时接着做"


@contextmanager
def replacing(path: Path, progress: Progress) -> Generator[None]:
    """Overwrite the file that is replaced in this block, once it was; where a disk knows no second name, it cannot be.

    Raises:
        Refused: when `progress` gave False; the next `sweep` goes on.
    """
    kept = path.with_name(path.name + _LEFT)
    with suppress(OSError):
        os.link(path, kept)
    try:
        yield
    except BaseException:
        with suppress(OSError):
            kept.unlink(missing_ok=True)  # only the second name: what was not replaced is in use
        raise
    wipe(kept, progress)


def sweep(folder: Path, progress: Progress) -> None:
    """Overwrite what an interruption left to be overwritten in a folder and those below. Raises as `replacing`."""
    for kept in sorted(folder.rglob(f"*{_LEFT}")):
        wipe(kept, progress)


def sweep_place(place: Path, progress: Progress) -> None:
    """The same in a place of backups, where other things lie too: only what bears the names that are ours."""
    with suppress(OSError):  # a stick that was pulled
        for kept in [*place.glob(f"*备份-*.db{_LEFT}"), *(place / ATTACHMENTS).rglob(f"*{_LEFT}")]:
            wipe(kept, progress)


def wipe(path: Path, progress: Progress) -> None:
    """Overwrite a file with zeros and remove it. One that has another name as well is in use: only this name goes."""
    try:
        found = path.lstat()
        if found.st_nlink == 1 and not path.is_symlink():
            _overwrite(path, found.st_size, progress)
        path.unlink()
    except FileNotFoundError:
        return
    except OSError:
        with suppress(OSError):
            path.unlink()


def _overwrite(path: Path, size: int, progress: Progress) -> None:
    with path.open("r+b", buffering=0) as file:
        for done in range(0, size, _CHUNK):
            if not progress(done >> 10, size >> 10):
                raise Refused(_STOPPED)
            file.write(bytes(min(_CHUNK, size - done)))
        os.fsync(file.fileno())
