"""Packs the program as a folder for a stick: a zip, the same bytes for the same input.

usage: .venv/bin/python packaging/portable.py STAGED BESIDE TARGET.zip

The one folder of the zip is 法治台账. STAGED becomes `program` there, and what lies in BESIDE (launchers, the marker)
stands next to it, as desktop/paths.py looks for it. SOURCE_DATE_EPOCH is the time of every file.
"""

from __future__ import annotations

import os
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

TOP = "法治台账"
_PLAIN, _PROGRAM = 0o100644, 0o100755


def files_of(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file under a folder and its way from there, in one order."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise SystemExit(f"{path}：U盘上没有符号链接")
        if path.is_file():
            yield path, path.relative_to(folder).as_posix()


def pack(staged: Path, beside: Path, target: Path) -> None:
    """Write the zip; a stick's file system may know no leave to run, the zip does."""
    at = time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))[:6]
    with zipfile.ZipFile(target, "w") as packed:
        for folder, prefix in ((beside, TOP), (staged, f"{TOP}/program")):
            for path, name in files_of(folder):
                entry = zipfile.ZipInfo(f"{prefix}/{name}", at)
                entry.create_system = 3  # Unix: the mode below is one
                entry.external_attr = (_PROGRAM if path.stat().st_mode & 0o100 else _PLAIN) << 16
                packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 6)


if __name__ == "__main__":
    pack(*map(Path, sys.argv[1:]))
    sys.stdout.write(f"{sys.argv[3]}\n")
