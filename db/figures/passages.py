"""The texts of the annual report that are made of records: what is told of each, and the rows behind it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from db.catalogue import Catalogue
from db.figures.counting import Counting, column, tally
from db.figures.periods import Period
from db.record import Passage, Record
from db.rules.workdays import Workdays


@dataclass(frozen=True)
class Told:
    """What one record (or line) tells: the id of the record, and the text of each field of the passage."""

    record: int
    texts: tuple[str, ...]


class Passages:
    """The passages of a catalogue over one connection."""

    def __init__(self, connection: sqlite3.Connection, catalogue: Catalogue, days: Workdays) -> None:
        self._counting = Counting(connection, days)
        self._declared = {passage.of.key: (register, passage) for register, passage in catalogue.passages()}

    def __contains__(self, key: object) -> bool:
        return key in self._declared

    def __getitem__(self, key: str) -> Passage:
        """The passage with a key; KeyError when no register declares it."""
        return self._declared[key][1]

    def register_of(self, key: str) -> type[Record]:
        """The register whose records make a passage."""
        return self._declared[key][0]

    def told(self, key: str, period: Period) -> list[Told]:
        """What the records of a period tell, in the order of their dates, lines in theirs."""
        register, passage = self._declared[key]
        columns = [column(register, passage.of, name) for name in passage.fields]
        rows = self._counting.texts(tally(register, passage.of), columns, period)
        return [Told(number, tuple(str(text or "") for text in texts)) for number, *texts in rows]
