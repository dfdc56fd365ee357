"""Looking at the demo year: its figures and its records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from db.figures import Figures, Period
from db.record import Record
from db.store.store import Store

YEAR = 2022
NOW = datetime(2023, 2, 1, 9, 0)


def figures(store: Store) -> Figures:
    """The figures of the open ledger."""
    return Figures(store.connection, store.catalogue, store.rules.days)


def whole_year(store: Store, key: str, year: int = YEAR) -> Any:
    """A figure of a whole year."""
    return figures(store).value(key, Period.year(year)).value


def rows_of(register: type[Record], *conditions: Any) -> Any:
    """The records of a register, all of them or those that meet the conditions."""
    query = register.select()
    return query.where(*conditions) if conditions else query
