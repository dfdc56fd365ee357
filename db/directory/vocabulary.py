"""The office's words: vocabularies that choices are taken from."""

from __future__ import annotations

import peewee as pw

from db.record import Table
from db.rules.rulebook import Term


class TermRow(Table):
    """One word of a vocabulary; `group` is what figures count by, `series` the prefix of numbers."""

    vocabulary = pw.TextField()
    word = pw.TextField()
    group = pw.TextField(default="")
    series = pw.TextField(default="")
    position = pw.IntegerField(default=0)
    is_active = pw.BooleanField(default=True)

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        table_name = "term"
        indexes = ((("vocabulary", "word"), True),)


def terms() -> dict[str, tuple[Term, ...]]:
    """All words by vocabulary, in the office's order; those no longer offered are marked."""
    found: dict[str, list[Term]] = {}
    for row in sorted(TermRow.all_rows(), key=lambda row: (row.vocabulary, row.position)):
        found.setdefault(row.vocabulary, []).append(Term(row.word, row.group, row.series, row.is_active))
    return {vocabulary: tuple(words) for vocabulary, words in found.items()}
