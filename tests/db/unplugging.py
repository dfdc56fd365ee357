"""A disk that goes away under an open ledger, as far as that can be had without unmounting anything."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def unmount(folder: Path) -> None:
    """Every file that is open there is dead, as after a stick was pulled; the paths lead to what is plugged in now."""
    dead = os.open("/proc/self/mem", os.O_RDWR)  # nothing is mapped where a file begins: each read and write is EIO
    for found in Path("/proc/self/fd").iterdir():
        try:
            target = found.readlink()
        except OSError:
            continue
        if target.parent == folder:
            os.dup2(dead, int(found.name))
    os.close(dead)


def plugged_anew(folder: Path) -> None:
    """The stick is mounted as another device: the same files under other numbers."""
    unmount(folder)
    whole = folder.with_name("又插上的")
    shutil.copytree(folder, whole)
    folder.rename(folder.with_name("拔下的"))
    whole.rename(folder)
