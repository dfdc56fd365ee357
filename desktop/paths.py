"""Where things lie on this machine: the data folder and the logs, by the rules of each system (platformdirs).

Portable, everything lies beside the program: on a stick that goes from computer to computer. It is asked for by a
marker file in the program's folder, or by `--portable`.
"""

from __future__ import annotations

import os
from pathlib import Path

NAME = "fazhi-ledger"
_TREE = Path(__file__).resolve().parents[1]  # what holds desktop, db and resources; nothing of db is read for it
MARKERS = ("便携.txt", "portable.txt")
PORTABLE_DATA, PORTABLE_LOGS = "数据", "日志"


def program_folder(app: Path = _TREE) -> Path:
    """The folder that a clerk takes for the program: that of the launcher, or of the source.

    `app` lies as packaging/*/stage lays it: in the folder of the interpreter, which may lie in `program`.
    """
    if app.name != "app":
        return app
    return app.parent.parent if app.parent.name == "program" else app.parent


def portable_folder(app: Path | None = None, asked: bool = False) -> Path | None:
    """The data folder beside the program; None when nobody asked for it."""
    folder = program_folder(app or _TREE)
    if asked or any((folder / marker).is_file() for marker in MARKERS):
        return folder / PORTABLE_DATA
    return None


def data_folder(portable: bool = False) -> Path:
    """The folder of the ledger when none is named; `portable`: beside the program, marked or not."""
    if beside := portable_folder(asked=portable):
        return beside
    import platformdirs  # not needed by a start that names its folder until the frame stands

    return Path(platformdirs.user_data_dir(NAME, appauthor=False))


def is_portable(data: Path) -> bool:
    """Whether the ledger in `data` travels with the program: it lies beside it, whether marked or asked for."""
    return data.resolve() == (program_folder(_TREE) / PORTABLE_DATA).resolve()


def log_folder(data: Path | None = None) -> Path:
    """The folder of log and crash files; made when it is missing. `data`: the folder of the ledger, where it is known.

    Beside portable data, as long as that can be written: a stranger's computer keeps none.
    """
    import platformdirs

    beside = portable_folder(asked=data is not None and is_portable(data))
    folder = Path(platformdirs.user_log_dir(NAME, appauthor=False))
    if beside and os.access(beside if beside.exists() else beside.parent, os.W_OK):
        folder = beside / PORTABLE_LOGS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
