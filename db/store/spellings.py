"""Other ways to write what a search word stands for: days in figures, units by the names that the directory gives them.

What was written is always found as it was written. Only letters (xzjj, zjj) are led from a unit's short name
or alias, whole or without its beginning, to records that call it otherwise: typed 汉字 are to find just themselves;
单位:住建局 asks for the unit.
"""

from __future__ import annotations

import sqlite3
from functools import lru_cache

from db.store import index
from db.store.initials import bundled
from db.store.query import day_of

SHORTEST = 3  # letters from which units are looked up by their other names
MOST = 12  # names of units that one word may stand for

_UNITS = "SELECT name, short_name, aliases, pinyin FROM unit"


@lru_cache(maxsize=8_192)
def _letters(name: str) -> str:
    return bundled().readings(name)


@lru_cache(maxsize=8_192)
def _folded(name: str) -> str:
    return index.fold(name)


def _units(connection: sqlite3.Connection) -> list[tuple[tuple[str, ...], str]]:
    """Every unit's names, the full one first, and what is typed for it where the table would be wrong."""
    return [
        (tuple(filter(None, (name, short, *aliases.split("、")))), pinyin.lower())
        for name, short, aliases, pinyin in connection.execute(_UNITS)
    ]


def spellings(connection: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """The folded word, and what else is to be found for it."""
    day = day_of(word)
    if day:
        return word, *(() if day == word else (day,)), index.day_line(day)
    if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
        return (word,)
    found: list[str] = []
    for names, pinyin in _units(connection):
        others = [pinyin, *(letters for name in names[1:] for letters in _letters(name).split("\n"))]
        if any(letters.endswith(word) for letters in others):
            found += [_folded(name) for name in names if word not in _letters(name)]
    return word, *dict.fromkeys(found[:MOST])


def unit_names(connection: sqlite3.Connection, text: str) -> tuple[str, ...]:
    """All names (folded) of the units one of whose names, or its initials, holds a text."""
    is_letters = len(text) > 1 and text.isascii() and text.isalpha()
    found: list[str] = []
    for names, pinyin in _units(connection):
        folded = [_folded(name) for name in names]
        if any(text in name for name in folded) or (
            is_letters and any(text in said for said in (pinyin, *map(_letters, names)))
        ):
            found += folded
    return tuple(dict.fromkeys(found))
