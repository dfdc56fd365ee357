"""What the words of a search find in one register, as SQL: through the index, among the texts that wait, by fields."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import date

from db.record import Record
from db.store import field_words, index, journal, waiting
from db.store.attachment_texts import any_text
from db.store.clauses import Clause, joined
from db.store.query import Word, parse, plain
from db.store.spellings import spellings, unit_names

MOST_MARKED = 200_000  # records of a register whose mark is looked for in the index: 2 ms; a key is compared in 0.1 µs
# As `index.day_of` reads it.
_DAY = "max(CAST(ifnull(julianday(substr(t.listed_on, 1, 10)), 0) - julianday('1949-01-01') AS INTEGER), 0)"


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
        self._by_fields: list[Clause] = []
        self._excluded: list[str] = []  # folded words
        self._known: tuple[journal.Head, list[index.Pending]] | None = None  # what waited when the journal went so far
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
                self._by_fields.append(Clause("0"))
                return
            else:
                return
        if word.is_excluded:
            self._excluded.append(word.text)
        else:
            self.words.append(spellings(self._connection, word.text))

    def _take_field(self, word: Word) -> None:
        found = field_words.clause(self._register, word.field, word.text, self._names, self._light)
        if "folded(" in found.sql:
            field_words.teach(self._connection)
        if word.is_excluded:
            self._by_fields.append(Clause(f"NOT ifnull({found.sql}, 0)", found.values))
            return
        self._by_fields.append(found)
        if "folded(" in found.sql and field_words.is_text(self._register, word.field):
            self.words.append(tuple(dict.fromkeys((word.text, *self._names(word.text)))))  # narrows by the index

    def _names(self, text: str) -> tuple[str, ...]:
        return unit_names(self._connection, text)

    @property
    def clauses(self) -> list[Clause]:
        """The conditions on the row t beside the wanted words, as the ledger stands now."""
        if not self._excluded:
            return self._by_fields
        text = self._text_of_row()
        without = (Clause(f"instr({text.sql}, ?) = 0", (*text.values, word)) for word in self._excluded)
        return [*self._by_fields, *without]

    def _waiting(self) -> list[index.Pending]:
        """What of the register (or of its bin) waits for the index; see `waiting.of_register`.

        One question asks several times: the texts are made once, until something is written. What is merged meanwhile
        is found once all the same.
        """
        head = journal.head(self._connection)
        if self._known is None or self._known[0] != head:
            found = waiting.of_register(self._connection, self._register, self._number & ~index.BIN)
            self._known = head, [one for one in found if one.register == self._number]
        return self._known[1]

    def _text_of_row(self) -> Clause:
        """The folded text of the row t, whether it waits or is merged."""
        number = self._number << index.REGISTER_BITS
        merged = f"SELECT text FROM search_text WHERE key = ({_DAY} << {index.DAY_BITS} | {number} | t.id)"
        made = {f"r{one.record}": one.text for one in self._waiting() if one.key is not None}
        if not made:
            return Clause(f"ifnull(({merged}), '')")
        ids = ",".join(key[1:] for key in made)
        pending = f"CASE WHEN t.id IN ({ids}) THEN json_extract(?, '$.r' || t.id) END"
        return Clause(f"coalesce({pending}, ({merged}), '')", (json.dumps(made),))

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
        pending = self._waiting()
        if not pending:
            return [merged, *attached]
        found, others = overlaid(pending, self.words)
        listed = "SELECT p.value AS key FROM json_each(?) p WHERE 1"
        return [
            Clause(f"{merged.sql} AND {others.sql}", (*merged.values, *others.values)),
            Clause(listed + keys.format("p.value"), (json.dumps(found),)),
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
        text = self._text_of_row()
        held = joined("AND", (_held(Clause("x.text"), word) for word in self.words))
        own = joined("AND", (_held(text, word) for word in self.words))
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


def _held(text: Clause, spelled: tuple[str, ...]) -> Clause:
    return joined("OR", (Clause(f"instr({text.sql}, ?) > 0", (*text.values, spelling)) for spelling in spelled))


def overlaid(pending: Sequence[index.Pending], words: list[tuple[str, ...]]) -> tuple[list[int], Clause]:
    """The keys of what waits and holds a spelling of every word; the condition that a merged row f does not wait."""
    found = [
        one.key
        for one in pending
        if one.key is not None and all(any(spelling in one.text for spelling in spelled) for spelled in words)
    ]
    waits = json.dumps([one.register << index.REGISTER_BITS | one.record for one in pending])
    return found, Clause(f"f.rowid & {index.RECORD_MASK} NOT IN (SELECT value FROM json_each(?))", (waits,))


def matching(words: list[tuple[str, ...]], register: int | None) -> Clause:
    """The statement that finds the merged records whose text holds a spelling of every word, in one register or all."""
    loose = [word for word in words if not all(map(index.is_exact, word))]
    if not loose:
        return Clause("SELECT f.rowid AS key FROM search f WHERE f.search MATCH ?", (index.query_of(words, register),))
    verify = joined("AND", (_held(Clause("s.text"), word) for word in loose))
    sql = (
        "SELECT f.rowid AS key FROM search f CROSS JOIN search_text s ON s.key = f.rowid "
        f"WHERE f.search MATCH ? AND {verify.sql}"
    )
    return Clause(sql, (index.query_of(words, register), *verify.values))
