"""The program's table of pinyin initials, read once."""

from __future__ import annotations

from functools import cache

from db.resources import RESOURCES
from db.rules.pinyin import Initials

_FOLDER = RESOURCES / "pinyin"


@cache
def bundled() -> Initials:
    """The table that comes with the program."""
    return Initials.from_file(_FOLDER / "initials.txt", _FOLDER / "short_forms.txt")
