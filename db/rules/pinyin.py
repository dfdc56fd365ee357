"""Pinyin initials from a small bundled table: 蓝山县政府 -> lsxzf."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Self


class _Table(dict[int, str | None]):
    """A table for str.translate in which every character that is not listed falls out."""

    def __missing__(self, key: int) -> None:
        return None


class Initials:
    """Turns Chinese text into the first letters of its syllables; phrases with a reading of their own come first."""

    def __init__(self, letters: Mapping[str, str], phrases: Mapping[str, str]) -> None:
        """Take the letter of each character and the initials of each phrase, in lower case."""
        self._table = _Table({ord(char): letter for char, letter in letters.items()})
        self._table.update({ord(char): char.lower() for char in string.ascii_letters + string.digits})
        self._phrases = dict(phrases)
        longest_first = sorted(self._phrases, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read lines `a 阿啊…`, then a line `---`, then lines `长沙 cs`; lines with # are notes.

        Raises:
            OSError: when the file cannot be read.
        """
        letters: dict[str, str] = {}
        phrases: dict[str, str] = {}
        singles, _rule, multiples = path.read_text(encoding="utf-8").partition("\n---\n")
        for line in singles.splitlines():
            if line and not line.startswith("#"):
                letter, chars = line.split(" ", 1)
                letters.update(dict.fromkeys(chars, letter))
        for line in multiples.splitlines():
            if line and not line.startswith("#"):
                phrase, reading = line.split()
                phrases[phrase] = reading
        return cls(letters, phrases)

    def of(self, text: str) -> str:
        """The initials in lower case; Latin letters and digits stay, everything else falls out."""
        if not text.isascii():
            text = unicodedata.normalize("NFKC", text)
        if self._pattern:
            text = self._pattern.sub(self._reading, text)
        return text.translate(self._table)

    def _reading(self, found: re.Match[str]) -> str:
        return self._phrases[found[0]]
