"""The diagnostic package: what somebody who is to find a fault needs, and nothing of what the office has entered.

Versions, the system, logs, the structure of the ledger with its counts. It is written on demand to a file of the
clerk's choice and sent by nobody but the clerk.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from desktop import __version__, paths
from desktop.errors import blind

_MOST_ERRORS = 400  # lines
_BEGUN = re.compile(r"^[0-9-]{10} [0-9:,]+ (\w+) ")
# Older logs have the words of an error behind its name; they may quote a record.
_QUOTING = re.compile(r"^((?:\w+\.)*\w+): (?!SQLITE_\w+$|errno \w+$|\w+$).*")
_SAID = """法治台账诊断包
里面有：程序和系统的版本、运行日志、最近的错误、台账的表结构和条数、备份的时间和大小。
里面没有：登记的任何内容、附件、附件名、单位名、人名、密码、数据文件夹的位置。
都是文字文件，发出前可以自己打开看。
"""


def add(commands: Any, now: Callable[[], datetime]) -> None:
    """Declare `diagnose`."""
    parser = commands.add_parser("diagnose", help="写一个诊断包：版本、日志、表结构与条数，没有登记的内容")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.set_defaults(run=partial(_run, now))


def _run(now: Callable[[], datetime], folder: Path, options: argparse.Namespace) -> int:
    write_package(folder, options.output, now())
    sys.stdout.write(f"诊断包已写到{options.output}；里面没有登记的内容\n")
    return 0


def write_package(folder: Path, target: Path, at: datetime) -> Path:
    """Write the package of the ledger in `folder`, which may be in use or damaged, to a .zip file; for a worker.

    Raises:
        StoreTrouble: when the file cannot be written.
        Refused: when its name is that of a folder.
    """
    import zipfile

    from db.exchange.safe_writing import whole
    from db.store import diagnosis
    from db.store.private import close_to_others

    place = paths.log_folder(folder)
    logs = sorted(place.glob("fazhi-ledger.log*"), reverse=True)  # the oldest first
    texts = {path.name: list(_seen(path)) for path in [*logs, place / "crash.txt"] if path.is_file()}
    lines = [line for path in logs for line in texts[path.name]]
    with whole(target) as (part,), zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("说明.txt", _SAID)
        packed.writestr("版本.txt", _text(_versions(at)))
        packed.writestr("台账结构.txt", _text(diagnosis.structure(folder)))
        packed.writestr("磁盘和备份.txt", _text(diagnosis.surroundings(folder)))
        packed.writestr("最近的错误.txt", _text(list(_errors(lines))[-_MOST_ERRORS:]))
        for name, said in texts.items():
            packed.writestr(f"日志/{name}.txt", _text(said))
    close_to_others(target)
    return target


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _versions(at: datetime) -> Iterator[str]:
    import locale
    import platform
    import sqlite3

    from PySide6.QtCore import qVersion

    yield f"写于 {at:%Y-%m-%d %H:%M}"
    yield f"法治台账 {__version__}"
    yield f"Python {platform.python_version()}，Qt {qVersion()}，SQLite {sqlite3.sqlite_version}"
    yield f"{platform.platform()}，{platform.machine()}，{'.'.join(filter(None, locale.getlocale()))}"


def _seen(path: Path) -> Iterator[str]:
    """The lines of a log without what may come from a record and without the user's name in paths."""
    home = str(Path.home())
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        yield blind(_QUOTING.sub(r"\1", line.replace(home, "~")))


def _errors(lines: Iterable[str]) -> Iterator[str]:
    """The records of level WARNING or above with the lines that belong to them."""
    is_bad = False
    for line in lines:
        if begun := _BEGUN.match(line):
            is_bad = begun[1] in ("WARNING", "ERROR", "CRITICAL")
        if is_bad:
            yield line
