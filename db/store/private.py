"""Files that are the user's alone on a machine that several people log in to: folders 0700, files 0600.

Only bits are taken away, never added, and only from what this user owns. Windows has no such bits: there a file takes
over the rights of its folder, and the folder of a user's programs is closed to others. A USB stick with FAT knows
neither; whoever holds the stick reads it.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

FOLDER, FILE = 0o700, 0o600


def make_private_folder(folder: Path, mark: str = "") -> None:
    """Make a folder for this user alone.

    One that is there is closed to others only if it is known to be ours: it is empty, or holds the file `mark`.

    Raises:
        OSError: when it cannot be made.
    """
    try:
        folder.mkdir(mode=FOLDER, parents=True)
    except FileExistsError:
        if not folder.is_dir():
            raise
        if not mark or (folder / mark).exists() or not any(folder.iterdir()):
            close_to_others(folder)


def make_private_file(path: Path) -> None:
    """Make an empty file for this user alone, or close to others the one that is there.

    What cannot be made is left to the one who will write to it, who says why.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, FILE))
        close_to_others(path)


def close_to_others(path: Path) -> None:
    """Take away what group and others may do with a file or folder of this user."""
    if os.name == "nt":
        return
    with suppress(OSError):
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode) or found.st_uid != os.geteuid() or not found.st_mode & 0o077:
            return
        path.chmod(found.st_mode & FOLDER)
