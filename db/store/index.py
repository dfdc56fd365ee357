"""The search index: every 1, 2 and 3 characters of a record's text as one token each, newest record first.

One contentless FTS5 table over all registers (reference/performance.md B): tokens are made here, `detail=none`, and the
row id is (day, register, id), so that the newest hits come first without a sort. The plain text stands beside it in
`search_text`, from which hits of four or more characters are verified and old tokens are taken out again.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

SCHEMA = """
CREATE TABLE IF NOT EXISTS register_number (register TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS search_text (
    key INTEGER PRIMARY KEY,
    text TEXT NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5 (
    grams, content='', columnsize=0, detail=none, tokenize='unicode61 remove_diacritics 0'
);
"""
# Pieces of the index are merged by sixteens, not by fours: a save seldom waits for a merge, and then for a small one.
MERGES = "INSERT INTO search (search, rank) VALUES ('automerge', 16)"
DAY_BITS, REGISTER_BITS = 40, 34  # id < 2**34, register number < 64, day ordinal above
EPOCH = date(1949, 1, 1).toordinal()

_BRACKETS = str.maketrans("〔〕[]【】{}［］｛｝", "()" * 6)
_LETTERS_FROM = 0xA000  # Yi syllables stand for punctuation: the tokenizer would split at punctuation itself
_HANGUL_FROM, _HANGUL = 0xAC00, 11_172  # stand for characters whose class SQLite's tables may not know


def fold(text: str) -> str:
    """Text as it is compared: NFKC, lower case, every kind of bracket around years as ( )."""
    return unicodedata.normalize("NFKC", text).lower().translate(_BRACKETS)


def _letter(char: str) -> str:
    if (char.isascii() and char.isalnum()) or "一" <= char <= "鿿":
        return char
    code = ord(char)
    if code < 0x480:
        return chr(_LETTERS_FROM + code)
    return chr(_HANGUL_FROM + code % _HANGUL)


class _Letters(dict[int, str]):
    """Character code -> the letter that stands for it in a token, worked out once for each."""

    def __missing__(self, code: int) -> str:
        self[code] = letter = _letter(chr(code))
        return letter


_letters = _Letters()


def grams(text: str) -> set[str]:
    """The 1-, 2- and 3-character tokens of a folded text, line by line."""
    found: set[str] = set()
    for line in text.split("\n"):
        word = line.translate(_letters)
        found.update(word)
        found.update(map("".join, pairwise(word)))
        found.update(map("".join, zip(word, word[1:], word[2:], strict=False)))
    return found


def is_exact(word: str) -> bool:
    """Whether the index alone decides for this folded word: up to three characters, each with a letter of its own."""
    return len(word) <= 3 and all(char.isascii() or "一" <= char <= "鿿" for char in word)


def query_of(words: Iterable[str], register: int | None) -> str:
    """The FTS5 query for folded words (AND), within one register when its number is given."""
    tokens = [f'"{gram}"' for word in words for gram in _pieces(word.translate(_letters))]
    if register is not None:
        tokens.append(f'"{register_token(register)}"')
    return " AND ".join(tokens)


def _pieces(word: str) -> list[str]:
    return [word] if len(word) <= 3 else [word[at : at + 3] for at in range(len(word) - 2)]


def register_token(register: int) -> str:
    """The token that marks every record of a register."""
    return f"xregisterx{chr(97 + register // 26)}{chr(97 + register % 26)}"


def key_of(day: date | None, register: int, record: int) -> int:
    """The row id of a record in the index: later days sort higher."""
    ordinal = max((day.toordinal() if day else EPOCH) - EPOCH, 0)
    return ordinal << DAY_BITS | register << REGISTER_BITS | record


def record_of(key: int) -> int:
    """The record's id in a row id of the index."""
    return key & (1 << REGISTER_BITS) - 1


def register_numbers(connection: sqlite3.Connection, registers: Iterable[str]) -> dict[str, int]:
    """The lasting number of each register in the index; a new register gets the next one."""
    known = dict(connection.execute("SELECT register, number FROM register_number"))
    for register in registers:
        if register not in known:
            known[register] = max(known.values(), default=0) + 1
            connection.execute("INSERT INTO register_number VALUES (?, ?)", (register, known[register]))
    return known


def _tokens(text: str, register: int) -> str:
    return f"{register_token(register)} {' '.join(grams(text))}"


def put(
    connection: sqlite3.Connection, register: int, record: int, before: date | None, day: date | None, text: str | None
) -> None:
    """Make the index hold `text` (folded) for the record on `day`; None takes the record out.

    `before` is the day under which it stands so far (None: it is new). Unchanged text costs one look.
    """
    key = key_of(day, register, record)
    if before is not None:
        old = key_of(before, register, record)
        row = connection.execute("SELECT text FROM search_text WHERE key = ?", (old,)).fetchone()
        if row and (old, row[0]) == (key, text):
            return
        if row:
            connection.execute(
                "INSERT INTO search (search, rowid, grams) VALUES ('delete', ?, ?)", (old, _tokens(row[0], register))
            )
            connection.execute("DELETE FROM search_text WHERE key = ?", (old,))
    if text is not None:
        connection.execute("INSERT INTO search (rowid, grams) VALUES (?, ?)", (key, _tokens(text, register)))
        connection.execute("INSERT INTO search_text VALUES (?, ?)", (key, text))


def indexed(connection: sqlite3.Connection, register: int) -> int:
    """How many records of a register the index holds."""
    mask = ((1 << DAY_BITS - REGISTER_BITS) - 1) << REGISTER_BITS
    sql = "SELECT count(*) FROM search_text WHERE (key & ?) = ?"
    return connection.execute(sql, (mask, register << REGISTER_BITS)).fetchone()[0]
