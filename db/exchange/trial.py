"""Reads a workbook once in a process of its own, before the program itself does.

The reader of sheets makes room for every place between the first and the last value, and for as many texts as the file
claims to hold: a file of a kilobyte can ask for terabytes, upon which the whole process ends, with the window and
whatever stands half-typed in it. Here only the child ends.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from db.errors import Refused
from db.exchange.packages import MOST_CELLS

SECONDS = 90
MEMORY = 3 << 30  # bytes; MOST_CELLS take half of it
_DONE, _LARGE = 0, 3
# What the reader itself refuses is no danger: the program meets the same error and says it in its own words.
_CHILD = f"""
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
    resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except (ImportError, ValueError, OSError):
    pass
import python_calamine as calamine
try:
    book = calamine.load_workbook(sys.argv[1])
    for meta in book.sheets_metadata:
        if meta.typ == calamine.SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.total_height * sheet.total_width > {MOST_CELLS}:
                sys.exit({_LARGE})
except (calamine.CalamineError, OSError, ValueError):
    pass
"""


def try_reading(path: Path) -> None:
    """Read a workbook in a child with limits on memory and time, and forget what was read.

    Raises:
        Refused: when that needs more than a ledger ever does, or ends the reader.
    """
    if getattr(sys, "frozen", False):  # such a program has no interpreter that takes a text
        return
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    command = [sys.executable, "-c", _CHILD, str(path.resolve())]
    try:
        status = subprocess.run(  # noqa: S603  our own interpreter and text; the path is an argument, no shell
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=SECONDS, check=False, creationflags=flags,
        ).returncode  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Refused(
            f"“{path.name}”读了{SECONDS}秒还没读完，不像正常的台账，没有导入；请在表格软件里另存为 .xlsx 再导入"
        ) from None
    if status == _LARGE:
        raise Refused(f"“{path.name}”的表格大得不像台账，没有导入；请删去最下面、最右边多余的内容再导入")
    if status != _DONE:
        raise Refused(
            f"“{path.name}”读不了：文件已损坏，或做得不正常，没有导入；"
            "请在表格软件里打开，把内容复制到新文件里，另存为 .xlsx 再导入"
        )
