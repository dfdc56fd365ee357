"""Pinyin initials from a small bundled table: 蓝山县政府 -> lsxzf."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Self


@lru_cache(maxsize=32)  # a text is folded and read by its letters one after the other
def normal(text: str) -> str:
    """A text in the form in which texts are compared (NFKC)."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


class _Table(dict[str, str]):
    """A table of letters in which every character that is not listed falls out; it learns which those are."""

    def __missing__(self, key: str) -> str:
        self[key] = ""
        return ""


# What falls out between two figures keeps them apart: 〔2022〕8号 is not read 20228h.
_BETWEEN_FIGURES = re.compile(r"(?<=[0-9])[^\w]+(?=[0-9])")


class Initials:
    """Turns Chinese text into the first letters of its syllables; phrases with a reading of their own come first."""

    def __init__(
        self, letters: Mapping[str, str], phrases: Mapping[str, str], short_forms: Mapping[str, str] | None = None
    ) -> None:
        """Take the letter of each character and the initials of each phrase, in lower case.

        `short_forms`: the initials of what is commonly said for a phrase (人民政府: zf, as in 县政府).
        """
        self._table = _Table(letters)
        self._table.update({char: char.lower() for char in string.ascii_letters + string.digits})
        self._phrases = dict(phrases)
        self._pattern = _any_of(self._phrases)
        self._short_forms = dict(short_forms or {})
        self._shortened = _any_of(self._short_forms)
        self._both = _any_of(self._short_forms | self._phrases)

    @classmethod
    def from_file(cls, path: Path, short_forms: Path | None = None) -> Self:
        """Read lines `a 阿啊…`, then a line `---`, then lines `长沙 cs`; lines with # are notes.

        `short_forms` is a file of lines like `人民政府 zf`.

        Raises:
            OSError: when the file cannot be read.
        """
        letters: dict[str, str] = {}
        singles, _rule, multiples = path.read_text(encoding="utf-8").partition("\n---\n")
        for line in singles.splitlines():
            if line and not line.startswith("#"):
                letter, chars = line.split(" ", 1)
                letters.update(dict.fromkeys(chars, letter))
        phrases = _pairs(multiples)
        return cls(letters, phrases, _pairs(short_forms.read_text(encoding="utf-8")) if short_forms else None)

    def of(self, text: str) -> str:
        """The initials in lower case; Latin letters and digits stay, everything else falls out."""
        return self._of(normal(text))

    def _of(self, text: str) -> str:
        """The same of a text that is normalised."""
        if self._pattern:
            text = self._pattern.sub(self._reading, text)
        return "".join(map(self._table.__getitem__, text))  # half as long as str.translate takes

    def readings(self, text: str) -> str:
        """All that finds a text by letters, a line each: its initials and those of its short form."""
        text = normal(text)
        whole = [text]
        if self._shortened and self._shortened.search(text):
            whole.append(self._shortened.sub(self._short_form, text))
        return "\n".join(filter(None, (self._of(part) for said in whole for part in _BETWEEN_FIGURES.split(said))))

    def places(self, text: str, is_short: bool = False) -> tuple[str, list[range]]:
        """The initials of a text (of its short form), and for each letter the characters that it stands for."""
        letters: list[str] = []
        places: list[range] = []
        at = 0
        words = self._phrases | self._short_forms if is_short else self._phrases
        pattern = self._both if is_short else self._pattern
        found = list(pattern.finditer(text)) if pattern else []
        for match in [*found, None]:
            end = match.start() if match else len(text)
            for place in range(at, end):
                said = self.of(text[place])
                letters.append(said)
                places += [range(place, place + 1)] * len(said)
            if match:
                letters.append(words[match[0]])
                places += [range(*match.span())] * len(words[match[0]])
                at = match.end()
        return "".join(letters), places

    def _reading(self, found: re.Match[str]) -> str:
        return self._phrases[found[0]]

    def _short_form(self, found: re.Match[str]) -> str:
        return self._short_forms[found[0]]


def fit(text: str, keys: str, typed: str) -> int | None:
    """How well what was typed means a text, 0 best; None when it does not. `keys`: the letters that find it, in lines.

    It is the text, begins it, is its letters, begins them, stands in the text, stands in its letters. A lone letter
    means beginnings only: it stands in the middle of almost anything, and would choose what nobody thought of.
    """
    text, keys, typed = text.casefold(), keys.casefold(), typed.casefold()
    if text.startswith(typed):
        return 0 if text == typed else 1
    lines = f"\n{keys}\n"
    if f"\n{typed}" in lines:
        return 2 if f"\n{typed}\n" in lines else 3
    if len(typed) == 1 and typed.isascii() and typed.isalpha():
        return None
    return 4 if typed in text else 5 if typed in keys else None


def _any_of(phrases: Mapping[str, str]) -> re.Pattern[str] | None:
    """A pattern that finds any of the phrases, the longest first; None when there are none."""
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None


def _pairs(text: str) -> dict[str, str]:
    """Lines `长沙 cs` as a table; lines with # are notes."""
    lines = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return dict(line[:2] for line in lines)
