"""Whether the open ledger is still the file that lies in its folder.

A file that was deleted or whose drive went away can go on being written to by who has it open, and every commit
succeeds into nothing.
"""

from __future__ import annotations

from pathlib import Path

from db.errors import StoreTrouble, Trouble

Identity = tuple[int, int]  # device and number of the file


def identity(path: Path) -> Identity | None:
    """Which file lies at a path; None when there is none or it cannot be reached."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


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
