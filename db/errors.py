"""What can go wrong, in three kinds.

`Refused`: the clerk's input breaks a rule; shown at the field. `StoreTrouble`: the machine cannot do it now; shown with
a way on. Every other exception is a defect of the program and goes to the crash net.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Kind = Literal["must", "missing", "note"]

_REASONS = {
    errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.EROFS: "只读", errno.ENOSPC: "磁盘已满",
    errno.ENOENT: "找不到", errno.EEXIST: "已经有了", errno.EBUSY: "正被占用", errno.ENOTDIR: "不是文件夹",
    errno.EISDIR: "是文件夹", errno.ENAMETOOLONG: "名字太长", errno.ENODEV: "设备不在了", errno.ENXIO: "设备不在了",
    errno.EMFILE: "打开的文件太多", errno.EFBIG: "文件太大", errno.EIO: "读写出错",
}  # fmt: skip


def reason_of(error: OSError) -> str:
    """Why the system refused, in Chinese; in its own words where the reason is a rare one."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


@dataclass(frozen=True)
class Fix:
    """A way out of a problem: the words on its button, and the value that it gives to a field."""

    label: str
    field: str
    value: str


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a record, in one Chinese sentence, at one field.

    `kind`: "must" refuses the record; "missing" lets it be saved as 待补全; "note" only warns.
    `other`: register key and id of the record that it clashes with, to be opened from the message. `fixes` are offered
    beside it. `at_once`: shown as soon as it is typed, not only when the record is to be saved. `asker`: the field
    whose value may not stand while `field` is empty; of an old ledger that has no such value it goes into the remarks.
    """

    field: str
    text: str
    kind: Kind = "must"
    other: tuple[str, int] | None = None
    fixes: tuple[Fix, ...] = ()
    at_once: bool = False
    asker: str = ""


class Refused(Exception):
    """The record breaks a rule that must hold; nothing was written.

    `problems` holds every problem found, also those that would not have refused the record.
    """

    def __init__(self, problems: Sequence[Problem] | str) -> None:
        self.problems = (Problem("", problems),) if isinstance(problems, str) else tuple(problems)
        super().__init__("；".join(problem.text for problem in self.problems if problem.kind == "must"))


class Cancelled(Exception):
    """Whoever asked for the work stopped it; nothing of it was kept."""


class Trouble(StrEnum):
    """The machine's troubles that the program knows by name."""

    BUSY = "busy"
    FULL = "full"
    READ_ONLY = "read_only"
    DAMAGED = "damaged"
    NOT_A_LEDGER = "not_a_ledger"
    TOO_NEW = "too_new"
    NETWORK_DRIVE = "network_drive"
    IN_USE = "in_use"
    UNREACHABLE = "unreachable"
    SEALED = "sealed"


class StoreTrouble(Exception):
    """The machine cannot do it now. `title` says what failed in ten words, `text` what is safe, `advice` what to do."""

    def __init__(self, trouble: Trouble, title: str, text: str, advice: str) -> None:
        super().__init__(f"{title}。{text}{advice}")
        self.trouble, self.title, self.text, self.advice = trouble, title, text, advice


class Sealed(sqlite3.DatabaseError):
    """A database is encrypted, and its password has not been given."""


SAFE = "已登记的内容都在，没有改动；您刚输入的内容还在窗口里。"
_SQLITE = {
    sqlite3.SQLITE_BUSY: (Trouble.BUSY, "另一个程序正占用台账文件", SAFE, "请稍等几秒再试一次。"),
    sqlite3.SQLITE_LOCKED: (Trouble.BUSY, "另一个程序正占用台账文件", SAFE, "请稍等几秒再试一次。"),
    sqlite3.SQLITE_FULL: (Trouble.FULL, "没能保存：磁盘已满", SAFE, "请删去磁盘上不用的文件，再试一次。"),
    sqlite3.SQLITE_READONLY: (
        Trouble.READ_ONLY,
        "没能保存：台账文件只能读",
        SAFE,
        "请检查数据文件夹的写入权限，或把台账放到可写的位置。",
    ),
    sqlite3.SQLITE_PERM: (Trouble.READ_ONLY, "没有写入数据文件夹的权限", SAFE, "请换一个有权限的文件夹。"),
    sqlite3.SQLITE_CORRUPT: (
        Trouble.DAMAGED,
        "台账文件已损坏",
        "程序没有改动这个文件，备份也没有动。",
        "请不要删除它，用最近的备份恢复，或与管理员联系。",
    ),
    sqlite3.SQLITE_NOTADB: (
        Trouble.NOT_A_LEDGER,
        "这个文件不是法治台账的数据库",
        "程序没有改动它。",
        "请另选数据文件夹，或用备份恢复。",
    ),
    sqlite3.SQLITE_IOERR: (Trouble.UNREACHABLE, "读写磁盘出错", SAFE, "请检查磁盘或 U 盘是否还在，再试一次。"),
    sqlite3.SQLITE_CANTOPEN: (
        Trouble.UNREACHABLE,
        "打不开台账文件",
        "程序没有改动任何文件。",
        "请检查数据文件夹是否还在、有没有权限。",
    ),
}


def trouble_of(error: BaseException) -> StoreTrouble | None:
    """The named trouble behind an error, SQLite's by its primary result code; None when it is a defect of ours.

    peewee's errors carry that of SQLite as `orig`.
    """
    if isinstance(error, PermissionError):
        return StoreTrouble(
            Trouble.READ_ONLY,
            "没有打开数据文件夹的权限",
            f"{error.filename or '文件'}属于别的用户；程序没有改动任何文件。",
            "请换一个有权限的文件夹，或请管理员给权限。",
        )
    origin = getattr(error, "orig", error)
    if isinstance(origin, Sealed):
        return StoreTrouble(
            Trouble.SEALED,
            "这份台账或备份加了密",
            "要先输入它的口令才能打开；程序没有改动任何文件。",
            "请输入加密时定的口令；忘了口令，可用打印的恢复码。",
        )
    code = sqlite3.SQLITE_CORRUPT if _is_nonsense(origin) else getattr(origin, "sqlite_errorcode", None)
    found = _SQLITE.get(code & 0xFF) if code is not None else None
    return StoreTrouble(*found) if found else None


def _is_nonsense(error: BaseException) -> bool:
    """Whether SQLite could make nothing of a damaged file but has no code for that; its words may be no text at all."""
    if isinstance(error, UnicodeDecodeError):
        return error.object.startswith(b"malformed database schema")
    said = ("unsupported file format", "Could not decode to UTF-8")  # the latter: of a text in a row
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith(said)


@contextmanager
def named_troubles() -> Generator[None]:
    """Raise StoreTrouble in place of an error that has a name."""
    try:
        yield
    except Exception as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        raise trouble from error
