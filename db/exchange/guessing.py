"""What a record must hold and a file does not say, told from another field: the kind from the title's last word.

The patterns are rows of resources/exchange/guesses.csv; each guess is told in a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.errors import Problem
from db.record import DateField, Record
from db.resources import rows_of

GUESSES = "exchange/guesses.csv"
TITLE = "表题"  # in place of a field: the title lines over the table, the names of its sheet and of the file


@dataclass(frozen=True)
class Guess:
    """A field that may be told from another: `pattern` finds the word, or stands for `word`.

    `given`: a field that must be filled for it; empty for none.
    """

    field: str
    source: str
    pattern: re.Pattern[str]
    word: str
    given: str = ""


@dataclass(frozen=True)
class Guessed(Problem):
    """The note about a guess: which word was told from which field."""

    word: str = ""
    source: str = ""


def guesses(register: type[Record]) -> Iterator[Guess]:
    """The guesses that may be made for a register, in their order."""
    for row in rows_of(GUESSES):
        if row["register"] == register.key():
            source, _asks, given = row["from"].partition("?")  # set_up_on?finished_on: of what is finished alone
            yield Guess(row["field"], source, re.compile(row["pattern"]), row["word"], given)


def told_from(register: type[Record], source: str) -> str:
    """What a guess was told from, in words."""
    return source if source == TITLE else register.label(source)


def guess(known: Sequence[Guess], register: type[Record], values: dict[str, Any], title: str) -> list[Guessed]:
    """Fill what is empty and another field, or the `title` of the table, tells; give back a note for each."""
    notes: list[Guessed] = []
    for one in known:
        source = title if one.source == TITLE else values.get(one.source)
        is_open = values.get(one.field) in (None, "") and (not one.given or values.get(one.given))
        match = one.pattern.search(str(source)) if source and is_open else None
        if match:
            word = one.word or "".join(filter(None, match.groups()))
            is_day = isinstance(register._meta.fields[one.field], DateField)
            values[one.field] = date.fromisoformat(word) if is_day else word
            label, told = register.label(one.field), told_from(register, one.source)
            shown = register.stage_of(word).label if one.field == "stage" else word
            text = f"表里没有写{label}，按{told}记作“{shown}”"
            notes.append(Guessed(one.field, text, "note", word=shown, source=one.source))
    return notes
