"""A piece of SQL with the values that are bound in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Clause:
    """A condition, or a whole statement."""

    sql: str
    values: tuple[Any, ...] = ()


NOTHING = Clause("0")


def joined(word: str, clauses: Iterable[Clause], empty: Clause = NOTHING) -> Clause:
    """The clauses in brackets with AND or OR between them; `empty` when there are none."""
    found = list(clauses)
    if not found:
        return empty
    sql = f" {word} ".join(clause.sql for clause in found)
    return Clause(f"({sql})", tuple(value for clause in found for value in clause.values))
