"""What the words of a search find in one register, as SQL: through the index, among the texts that wait, by fields."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date

from db.record import Record
from db.store import field_words, index
from db.store.attachment_texts import any_text
from db.store.clauses import Clause, joined
from db.store.query import Word, parse, plain
from db.store.spellings import spellings, unit_names

MOST_MARKED = 200_000  # records of a register whose mark is looked for in the index: 2 ms; a key is compared in 0.1 µs
_DAY = "max(CAST(julianday(ifnull(t.listed_on, '1949-01-01')) - julianday('1949-01-01') AS INTEGER), 0)"


class Matching:
    """The records of a register that hold every wanted word and none of the excluded.

    `words`: for each wanted word all spellings (folded) of which one must be in the text. `notes` are sentences about
    what could not be understood.
    """

    def __init__(
        self, connection: sqlite3.Connection, register: type[Record], number: int, text: str,
        light: Callable[[str], Clause],
    ) -> None:  # fmt: skip
        """`number` is the register's in the index, or that of its bin; `light` the condition of a light by its key."""
        self._connection, self._register, self._number, self._light = connection, register, number, light
        self.words: list[tuple[str, ...]] = []
        self.notes: tuple[str, ...] = ()
        self.clauses: list[Clause] = []
        for word in parse(text) if text else ():
            self._take(word)

    def _take(self, word: Word) -> None:
        if word.field:
            try:
                self._take_field(word)
            except field_words.Unknown as error:
                self.notes += (str(error),)
                word = plain(word)
            except field_words.Unreadable as error:
                self.notes += (str(error),)
                self.clauses.append(Clause("0"))
                return
            else:
                return
        if word.is_excluded:
            self.clauses.append(Clause(f"instr({self._text_of_row()}, ?) = 0", (word.text,)))
        else:
            self.words.append(spellings(self._connection, word.text))

    def _take_field(self, word: Word) -> None:
        found = field_words.clause(self._register, word.field, word.text, self._names, self._light)
        if "folded(" in found.sql:
            field_words.teach(self._connection)
        if word.is_excluded:
            self.clauses.append(Clause(f"NOT ifnull({found.sql}, 0)", found.values))
            return
        self.clauses.append(found)
        if "folded(" in found.sql and field_words.is_text(self._register, word.field):
            self.words.append(tuple(dict.fromkeys((word.text, *self._names(word.text)))))  # narrows by the index

    def _names(self, text: str) -> tuple[str, ...]:
        return unit_names(self._connection, text)

    def _text_of_row(self) -> str:
        """The folded text of the row t, whether it waits or is merged."""
        number = self._number << index.REGISTER_BITS
        waiting = f"SELECT text FROM search_pending WHERE record = ({number} | t.id)"
        merged = f"SELECT text FROM search_text WHERE key = ({_DAY} << {index.DAY_BITS} | {number} | t.id)"
        return f"coalesce(({waiting}), ({merged}), '')"

    def finding(self, since: date | None = None, before: date | None = None) -> list[Clause]:
        """The statements that find records by key: the merged ones, newest first, then those that wait.

        Only records listed `since` a day and `before` another one need be found.
        """
        keys = ""
        if since:
            keys += f" AND {{0}} >= {index.key_of(since, 0, 0)}"
        if before:
            keys += f" AND {{0}} < {index.key_of(before, 0, 0)}"
        is_large = self._is_large()
        matches = matching(self.words, None if is_large else self._number)
        own = f" AND f.rowid & {index.REGISTER_MASK} = {self._number << index.REGISTER_BITS}" if is_large else ""
        merged = Clause(matches.sql + own + keys.format("f.rowid"), matches.values)
        attached = [self._in_attachments()] if any_text(self._connection) else []
        if not index.pending(self._connection):
            return [merged, *attached]
        only = " AND f.rowid NOT IN (SELECT merged FROM search_pending WHERE merged IS NOT NULL)"
        held = joined("AND", (_held("p.text", word) for word in self.words), Clause("1"))
        waiting = (
            f"SELECT p.key AS key FROM search_pending p WHERE p.record >> {index.REGISTER_BITS} = ? AND {held.sql}"
        )
        return [
            Clause(merged.sql + only, merged.values),
            Clause(waiting + keys.format("p.key"), (self._number, *held.values)),
            *attached,
        ]

    def _is_large(self) -> bool:
        """Whether the mark of this register stands with so many records that their keys tell it sooner.

        The index would go through every record with the mark between two hits: 9 ms for a million. In a small register
        the mark spares it the hits of all others.
        """
        if self._number & index.BIN:
            return False
        last = self._connection.execute(f'SELECT max(id) FROM "{self._register.key()}"').fetchone()[0]
        return (last or 0) > MOST_MARKED

    def _in_attachments(self) -> Clause:
        """The statement that finds the records one of whose attachments holds every word, while their text does not."""
        bin_bit = self._number & index.BIN
        key = f"({_DAY} << {index.DAY_BITS} | {self._number << index.REGISTER_BITS} | t.id)"
        held = joined("AND", (_held("x.text", word) for word in self.words))
        own = joined("AND", (_held(self._text_of_row(), word) for word in self.words))
        files = (
            "SELECT a.record FROM search_attachment f "
            "CROSS JOIN search_attachment_text x ON x.id = f.rowid JOIN attachment a ON a.sha256 = x.sha256 "
            f"WHERE f.search_attachment MATCH ? AND a.register = ? AND {held.sql}"
        )
        return Clause(
            f'SELECT {key} AS key FROM "{self._register.key()}" t WHERE t.id IN ({files}) '
            f"AND t.deleted_at IS {'NOT NULL' if bin_bit else 'NULL'} AND NOT {own.sql}",
            (index.query_of(self.words, None), self._register.key(), *held.values, *own.values),
        )


def _held(text: str, spelled: tuple[str, ...]) -> Clause:
    return joined("OR", (Clause(f"instr({text}, ?) > 0", (spelling,)) for spelling in spelled))


def matching(words: list[tuple[str, ...]], register: int | None) -> Clause:
    """The statement that finds the merged records whose text holds a spelling of every word, in one register or all."""
    loose = [word for word in words if not all(map(index.is_exact, word))]
    if not loose:
        return Clause("SELECT f.rowid AS key FROM search f WHERE f.search MATCH ?", (index.query_of(words, register),))
    verify = joined("AND", (_held("s.text", word) for word in loose))
    sql = (
        "SELECT f.rowid AS key FROM search f CROSS JOIN search_text s ON s.key = f.rowid "
        f"WHERE f.search MATCH ? AND {verify.sql}"
    )
    return Clause(sql, (index.query_of(words, register), *verify.values))
