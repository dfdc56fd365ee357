"""Files that belong to a record: what they are called, and which of them may be opened.

The name is only ever shown and proposed for saving; the file itself lies under its SHA-256 (db/store/attachments.py).
"""

from __future__ import annotations

import unicodedata

import peewee as pw

from db.fields import LastingIdField
from db.record import Table

LONGEST = 200  # bytes of UTF-8 in a name; file systems take 255
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_OPENED = frozenset(
    "pdf ofd doc docx wps rtf txt xls xlsx et csv ppt pptx dps odt ods odp jpg jpeg png gif bmp tif tiff webp "
    "mp3 wav m4a mp4".split()
)
PICTURES = frozenset("jpg jpeg png gif bmp tif tiff webp".split())


class Attachment(Table):
    """One file of a record; several records may hold the same file."""

    TITLE = "附件"

    id = LastingIdField()
    register = pw.TextField()
    record = pw.IntegerField()
    name = pw.TextField()
    size = pw.IntegerField()
    sha256 = pw.TextField()
    added_at = pw.TextField()
    added_by = pw.TextField(default="")

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        indexes = ((("register", "record"), False), (("sha256",), False))


def safe_name(given: str) -> str:
    """A name as it may be shown and saved on any system: no path, no control or direction characters, not too long.

    The last part of a path is taken, whichever way its slashes lean; names that Windows keeps for devices get a line
    before them; what is too long loses characters before its ending.
    """
    text = given.encode("utf-8", "replace").decode("utf-8")
    last = text.replace("\\", "/").rstrip("/ .").rpartition("/")[2]
    kept = "".join(char for char in last if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    name = " ".join(kept.translate(_FORBIDDEN).split()).strip(". ")
    if not name:
        return "附件"
    if name.partition(".")[0].strip().upper() in _RESERVED:
        name = f"_{name}"
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > 20:
        stem, dot, ending = name, "", ""
    room = LONGEST - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending


def ending_of(name: str) -> str:
    """The kind of a file by its name: the letters after the last dot, in lower case."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def may_be_opened(name: str) -> bool:
    """Whether a file of this name is a document, a picture or a recording; all others are stored, never opened."""
    return ending_of(name) in _OPENED


def size_words(size: int) -> str:
    """A size in bytes as it is read: 812 B, 36 KB, 1.2 MB."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"
