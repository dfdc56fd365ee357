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
def letters_of(name: str) -> str:
    """All that finds a name by letters, a line each."""
    return bundled().readings(name)


@lru_cache(maxsize=8_192)
def _folded(name: str) -> str:
    return index.fold(name)


@lru_cache(maxsize=8_192)
def _named(
    name: str, short: str, aliases: str, pinyin: str
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """A unit's names (folded, the full one first), the letters of the full name, and those of all others."""
    names = tuple(filter(None, (name, short, *aliases.split("、"))))
    others = (pinyin.lower(), *(letters for other in names[1:] for letters in letters_of(other).split("\n")))
    return tuple(map(_folded, names)), tuple(letters_of(name).split("\n")), tuple(filter(None, others))


def spellings(connection: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """The folded word, and what else is to be found for it."""
    day = day_of(word)
    if day:
        return word, *(() if day == word else (day,)), index.day_line(day)
    if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
        return (word,)
    found: list[str] = []
    for row in connection.execute(_UNITS):
        names, _own, others = _named(*row)
        if any(letters.endswith(word) for letters in others):
            found += [name for name in names if word not in letters_of(name)]
    return word, *dict.fromkeys(found[:MOST])


def unit_names(connection: sqlite3.Connection, text: str) -> tuple[str, ...]:
    """All names (folded) of the units one of whose names, or its initials, holds a text."""
    is_letters = len(text) > 1 and text.isascii() and text.isalpha()
    found: list[str] = []
    for row in connection.execute(_UNITS):
        names, own, others = _named(*row)
        if any(text in name for name in names) or (is_letters and any(text in said for said in (*own, *others))):
            found += names
    return tuple(dict.fromkeys(found))
