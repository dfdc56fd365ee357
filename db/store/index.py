"""The search index: every 1, 2 and 3 characters of a record's text as one token each, newest record first.

Lines of the text that begin with MARK are tokens as they stand: the days that a record names (see `day_line`).

One contentless FTS5 table over all registers (reference/performance.md B): tokens are made here, `detail=none`, and the
row id is (day, register, id), so that the newest hits come first without a sort. The plain text stands beside it in
`search_text`, from which hits of four or more characters are verified and old tokens are taken out again.

A save does not write the tokens (300 of them cost it five times as many pages of the log as its row), nor make the text
(a quarter of its time): the journal tells what waits (see `waiting`). A search makes the texts of that out of the
records themselves. They are merged in when enough are waiting, in a pause, and when the ledger is closed; many at a
time also cost less each.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from db.rules.pinyin import normal

SCHEMA = """
CREATE TABLE IF NOT EXISTS register_number (register TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS search_text (
    key INTEGER PRIMARY KEY,
    text TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS search_merged (entry INTEGER NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5 (
    grams, content='', columnsize=0, detail=none, tokenize='unicode61 remove_diacritics 0'
);
CREATE TABLE IF NOT EXISTS search_attachment_text (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS search_attachment USING fts5 (
    grams, content='', columnsize=0, detail=none, tokenize='unicode61 remove_diacritics 0'
);
"""
# Pieces of the index are merged by sixteens, not by fours: a save seldom waits for a merge, and then for a small one.
MERGES = "INSERT INTO search (search, rank) VALUES ('automerge', 16)"
MOST_PENDING = 64  # entries of the journal after a change; to merge so many takes some 20 ms
BATCH = 1_000  # records of one change whose texts wait at most
FORMAT = "4"  # raise it when other texts or tokens are made of the same records: every ledger is then indexed anew
MARK = "\x01"
BINNED = "deleted_at IS NOT NULL AND emptied_at IS NULL"
BIN = 32  # added to the number of a register: what lies in its recycle bin
DAY_BITS, REGISTER_BITS = 40, 34  # id < 2**34, register number < 64, day ordinal above
ID_MASK = (1 << REGISTER_BITS) - 1  # of a row id: which record of its register (or bin)
RECORD_MASK = (1 << DAY_BITS) - 1  # which record of which register
REGISTER_MASK = RECORD_MASK - ID_MASK
EPOCH = date(1949, 1, 1).toordinal()


class Pending(NamedTuple):
    """A record that waits for its merging: the number of its register or bin, its id, its row id in the index so far.

    `key` is the row id under which its folded text is to stand; None: it is to be taken out.
    """

    register: int
    record: int
    merged: int | None
    key: int | None
    text: str


_BRACKETS = str.maketrans("〔〕[]【】{}〖〗〘〙〈〉", "()" * 7)
_ANY_BRACKET = re.compile(r"[〔〕\[\]【】{}〖〗〘〙〈〉]")
# 文号 with blanks: 发 〔 2022 〕 第 5 号 is compared as 发(2022)第5号.
_BLANK = r"[^\S\n]*"
_ANY_BLANK = re.compile(r"[^\S\n]")  # a text without any is not taken apart
_SPACED = re.compile(
    rf"{_BLANK}\({_BLANK}((?:19|20)[0-9]{{2}}){_BLANK}\)(?:{_BLANK}(第?){_BLANK}([0-9]+)(?:{_BLANK}(?=号))?)?"
)
_FIGURES = {ord("0") + figure: 0x10 + figure for figure in range(10)}
_PLAIN = {sign: figure for figure, sign in _FIGURES.items()}
_LETTERS_FROM = 0xA000  # Yi syllables stand for punctuation: the tokenizer would split at punctuation itself
_HANGUL_FROM, _HANGUL = 0xAC00, 11_172  # stand for characters whose class SQLite's tables may not know


def fold(text: str) -> str:
    """Text as it is compared: NFKC, lower case, every kind of bracket as ( ), no blanks within a document number."""
    if text.isascii():
        folded = text.lower().translate(_BRACKETS)
    else:
        folded = normal(text).lower()
        if _ANY_BRACKET.search(folded):  # to translate a text without any takes longer than to look
            folded = folded.translate(_BRACKETS)
    return _SPACED.sub(_unspaced, folded) if "(" in folded and _ANY_BLANK.search(folded) else folded


def _unspaced(found: re.Match[str]) -> str:
    return f"({found[1]}){found[2] or ''}{found[3] or ''}"


def day_line(day: str) -> str:
    """The line of a text that says that a record names a day (YYYY-MM-DD); no figure that is typed is found in it."""
    return f"{MARK}{day.replace('-', '').translate(_FIGURES)}"


def _letter(char: str) -> str:
    if (char.isascii() and char.isalnum()) or "一" <= char <= "鿿":
        return char
    code = ord(char)
    if code < 0x480:
        return chr(_LETTERS_FROM + code)
    return chr(_HANGUL_FROM + code % _HANGUL)


_NAME = 16  # characters of a line whose tokens are remembered


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
        found.update(_pieces_of_name(line) if len(line) <= _NAME else _pieces_of(line))
    return found


def _pieces_of(line: str) -> list[str]:
    if line.startswith(MARK):
        return [_token(line)]
    word = line.translate(_letters)
    pairs, triples = map("".join, pairwise(word)), map("".join, zip(word, word[1:], word[2:], strict=False))
    return [*word, *pairs, *triples]


@lru_cache(maxsize=8_192)  # names, chosen words and days come again and again
def _pieces_of_name(line: str) -> list[str]:
    return _pieces_of(line)


def _token(line: str) -> str:
    """The token of a marked line; longer than every gram."""
    return f"xday{line[1:].translate(_PLAIN)}"


def is_exact(word: str) -> bool:
    """Whether the index alone decides for this folded word: up to three characters, each with a letter of its own."""
    return word.startswith(MARK) or (len(word) <= 3 and all(char.isascii() or "一" <= char <= "鿿" for char in word))


def query_of(words: Iterable[Sequence[str]], register: int | None) -> str:
    """The FTS5 query for folded words (AND), of each of which one spelling must be there; in one register or in all."""
    parts = [" OR ".join(_grams_of(spelling) for spelling in spellings) for spellings in words]
    parts = [f"({part})" for part in parts]
    if register is not None:
        parts.append(f'"{register_token(register)}"')
    return " AND ".join(parts)


def _grams_of(word: str) -> str:
    grams = [_token(word)] if word.startswith(MARK) else _pieces(word.translate(_letters))
    joined = " AND ".join(f'"{gram}"' for gram in grams)
    return f"({joined})" if len(grams) > 1 else joined


def _pieces(word: str) -> list[str]:
    """Grams that cover a word; what they let through too much is found out by comparing it with the text."""
    return [word] if len(word) <= 3 else [word[at : at + 3] for at in (*range(0, len(word) - 3, 3), len(word) - 3)]


def register_token(register: int) -> str:
    """The token that marks every record of a register (or, with BIN added, of its recycle bin)."""
    return f"xregisterx{chr(97 + register // 26)}{chr(97 + register % 26)}"


def key_of(day: date | None, register: int, record: int) -> int:
    """The row id of a record in the index: later days sort higher."""
    ordinal = max((day.toordinal() if day else EPOCH) - EPOCH, 0)
    return ordinal << DAY_BITS | register << REGISTER_BITS | record


def day_of(listed: object) -> date | None:
    """The day by which a record with this `listed_on` has its place in the index; None: no day, or a spoilt one."""
    try:
        return date.fromisoformat(str(listed)[:10]) if listed else None
    except ValueError:
        return None


def record_of(key: int) -> int:
    """The record's id in a row id of the index."""
    return key & ID_MASK


def register_of(key: int) -> int:
    """The register's number in a row id of the index."""
    return key >> REGISTER_BITS & (1 << DAY_BITS - REGISTER_BITS) - 1


def register_numbers(connection: sqlite3.Connection, registers: Iterable[str]) -> dict[str, int]:
    """The lasting number of each register in the index; a new register gets the next one.

    Raises:
        sqlite3.IntegrityError: when the file is damaged, so that something else stands there.
    """
    known = dict(connection.execute("SELECT register, number FROM register_number"))
    if not all(isinstance(number, int) for number in known.values()):
        raise sqlite3.IntegrityError("register_number")
    for register in registers:
        if register not in known:
            known[register] = max(known.values(), default=0) + 1
            connection.execute("INSERT INTO register_number VALUES (?, ?)", (register, known[register]))
    return known


def _tokens(text: str, register: int) -> str:
    return f"{register_token(register)} {' '.join(grams(text))}"


def add(connection: sqlite3.Connection, register: int, texts: Iterable[tuple[int, date | None, str]]) -> None:
    """Put new records (id, day, folded text) into the index at once, without letting them wait."""
    add_sorted(connection, sorted((key_of(day, register, record), register, text) for record, day, text in texts))


def add_sorted(connection: sqlite3.Connection, texts: Sequence[tuple[int, int, str]]) -> None:
    """The same of records of several registers: (row id, register, folded text), by rising row id."""
    connection.executemany("INSERT INTO search_text VALUES (?, ?)", ((key, text) for key, _register, text in texts))
    connection.executemany(
        "INSERT INTO search (rowid, grams) VALUES (?, ?)",
        ((key, _tokens(text, register)) for key, register, text in texts),
    )


def shift(
    connection: sqlite3.Connection, source: int, target: int, texts: Iterable[tuple[int, date | None, date | None, str]]
) -> None:
    """Put records (id, day so far, day, folded text) from one register under another, without letting them wait.

    None of them may be waiting for its merging.
    """
    writes: list[tuple[str | None, int, str]] = []
    rows: list[tuple[int, str]] = []
    gone: list[tuple[int]] = []
    for record, before, day, text in texts:
        merged, key = key_of(before, source, record), key_of(day, target, record)
        held = connection.execute("SELECT text FROM search_text WHERE key = ?", (merged,)).fetchone()
        if held:
            old, new = _both(held[0], text)
            writes.append(("delete", merged, f"{register_token(source)} {old}"))
            gone.append((merged,))
        else:
            new = " ".join(grams(text))
        writes.append((None, key, f"{register_token(target)} {new}"))
        rows.append((key, text))
    writes.sort(key=lambda write: (write[1], write[0] is None))
    connection.executemany("INSERT INTO search (search, rowid, grams) VALUES (?, ?, ?)", writes)
    connection.executemany("DELETE FROM search_text WHERE key = ?", gone)
    rows.sort()
    connection.executemany("INSERT INTO search_text VALUES (?, ?)", rows)


def _both(old: str, new: str) -> tuple[str, str]:
    """The tokens of two texts that have most of their lines in common; those lines are taken apart once."""
    if old == new:
        return (joined := " ".join(grams(old))), joined
    before, after = set(old.split("\n")), set(new.split("\n"))
    common = grams("\n".join(before & after))
    return " ".join(common | grams("\n".join(before - after))), " ".join(common | grams("\n".join(after - before)))


def pending(connection: sqlite3.Connection) -> int:
    """How many entries of the journal, of records or of something else, are not merged so far."""
    sql = "SELECT ifnull((SELECT max(id) FROM journal), 0) - entry FROM search_merged"
    return connection.execute(sql).fetchone()[0]


def set_merged(connection: sqlite3.Connection, entry: int) -> None:
    """Note that the index holds all that the journal tells up to an entry; inside a transaction."""
    connection.execute("DELETE FROM search_merged")
    connection.execute("INSERT INTO search_merged VALUES (?)", (entry,))


class Backlog:
    """Merges when too many records wait; they are counted when they may be too many."""

    def __init__(self) -> None:
        self._at_most = MOST_PENDING

    def add(self, connection: sqlite3.Connection, records: int, merge_all: Callable[[], None]) -> None:
        """Take a change of so many records into account, inside its transaction."""
        self._at_most += records
        if self._at_most > MOST_PENDING:
            self._at_most = pending(connection)
            if self._at_most > MOST_PENDING:
                merge_all()
                self._at_most = 0


def merge(connection: sqlite3.Connection, waiting: Iterable[Pending]) -> None:
    """Bring the index up to date with the records that wait; inside a transaction."""
    writes: list[tuple[str | None, int, str]] = []  # command (None: a new row), row id, tokens
    texts: list[tuple[int, str]] = []
    gone: list[tuple[int]] = []
    for register, record, merged, key, text in waiting:
        if merged is not None:
            for stale, old in _held(connection, register, record, merged):
                gone.append((stale,))
                writes.append(("delete", stale, _tokens(old, register)))
        if key is not None:
            writes.append((None, key, _tokens(text, register)))
            texts.append((key, text))
    # In the order of row ids: FTS5 writes out what it has gathered whenever a row id is not above the last.
    writes.sort(key=lambda write: (write[1], write[0] is None))
    connection.executemany("INSERT INTO search (search, rowid, grams) VALUES (?, ?, ?)", writes)
    connection.executemany("DELETE FROM search_text WHERE key = ?", gone)
    connection.executemany("INSERT INTO search_text VALUES (?, ?)", texts)


def _held(connection: sqlite3.Connection, register: int, record: int, key: int) -> list[tuple[int, str]]:
    """The row ids and texts of a record in the index: by rule one, under `key`.

    Where the row or the journal was spoilt it may stand under another day; that is looked for among all.
    """
    held = connection.execute("SELECT key, text FROM search_text WHERE key = ?", (key,)).fetchall()
    other = "SELECT key, text FROM search_text WHERE key & ? = ?"
    return held or connection.execute(other, (RECORD_MASK, register << REGISTER_BITS | record)).fetchall()


def indexed(connection: sqlite3.Connection, register: int, waiting: Iterable[Pending]) -> int:
    """How many records of a register are found by searching, those that wait for their merging among them."""
    own = [one for one in waiting if one.register == register]
    sql = "SELECT count(*) FROM search_text WHERE key & ? = ? AND key & ? NOT IN (SELECT value FROM json_each(?))"
    waits = json.dumps([one.record for one in own])
    row = connection.execute(sql, (REGISTER_MASK, register << REGISTER_BITS, ID_MASK, waits)).fetchone()
    return row[0] + sum(one.key is not None for one in own)
