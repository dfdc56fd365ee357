"""The disks and sticks that are plugged in, for finding the place of the second backup on them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStorageInfo

from db.store.second_place import Volume

_LOCAL = (b"/dev/", b"\\\\?\\Volume")  # how Linux and Windows name what is no network drive, which may not answer


def mounted() -> Sequence[Volume]:
    """Every local disk and stick that can be written, with its name; may be called on any thread."""
    return [
        Volume(Path(one.rootPath()), one.name() or Path(one.rootPath()).name)
        for one in QStorageInfo.mountedVolumes()
        if one.isValid() and one.isReady() and not one.isReadOnly() and bytes(one.device().data()).startswith(_LOCAL)
    ]
