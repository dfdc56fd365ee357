"""The order of a list in SQL: by any column, groups together, what is empty last, equal ones newest first.

Words of a vocabulary and stages stand in the office's order; other Chinese text by pinyin as GB 18030 has it (the 3,755
common characters lie there by their sound, rarer ones behind), as long as a column holds no more than MOST_RANKED
different texts; beyond that by code point, which SQLite does by itself.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from db.fields import LineField, TermField, TermsField
from db.record import Record
from db.store.conditions import is_day

MOST_RANKED = 20_000
_NEWEST = "listed_on DESC, id DESC"


@dataclass(frozen=True)
class Order:
    """What follows ORDER BY, and the tables that it needs beside the register's, with their values."""

    sql: str
    joins: str = ""
    values: tuple[Any, ...] = ()


class Sorting:
    """Orders for the lists of one register; reads which texts a column holds when it must rank them."""

    def __init__(self, connection: sqlite3.Connection, register: type[Record]) -> None:
        self._connection, self._register = connection, register

    def order(self, name: str, descending: bool, group: str = "") -> Order:
        """The order by a field ("": newest first), within the groups of the field `group` if one is named."""
        parts: list[Order] = []
        if group:
            parts.append(self._by(group, self.group_expression(group), descending=is_day(self._field(group)), at=0))
        parts.append(self._own(name, descending))
        return Order(
            ", ".join(part.sql for part in parts),
            " ".join(part.joins for part in parts),
            tuple(value for part in parts for value in part.values),
        )

    def groups(self, name: str) -> Order:
        """The order of the groups by a field."""
        return self._by(name, self.group_expression(name), is_day(self._field(name)), at=0)

    def group_expression(self, name: str) -> str:
        """What records of one group have in common: the value, or the month of a day. In SQL; never NULL."""
        kind = self._field(name)
        column = f'"{kind.column_name}"'
        return f"ifnull(substr({column}, 1, 7), '')" if is_day(kind) else f"ifnull({column}, '')"

    def _field(self, name: str) -> Any:
        return self._register._meta.fields[name]

    def _own(self, name: str, descending: bool) -> Order:
        """The order without groups; those that lists are mostly read in are written as their indexes are."""
        way = "DESC" if descending else "ASC"
        if name == "number":
            return Order(f"series {way}, year {way}, sequence {way}, id {way}")
        if name == "due_on":
            way = "ASC" if descending else "DESC"
            return Order(f"sort_due {way}, id {way}")
        if name in ("", "listed_on", self._register.BUSINESS_DATE) or name not in self._register._meta.fields:
            return Order(f"listed_on {way}, id {way}")
        if name == "created_at":
            return Order(f"id {way}")  # ids are given in the order of entry
        kind = self._field(name)
        order = self._by(name, f'"{kind.column_name}"', descending, at=1)
        return Order(f"{order.sql}, {_NEWEST}", order.joins, order.values)

    def _by(self, name: str, expression: str, descending: bool, at: int) -> Order:
        """By one expression, what is empty last; `at` tells the ranks of two orders apart."""
        way = "DESC" if descending else "ASC"
        empty = f"{expression} IS NULL OR {expression} = ''"
        ranks = self._ranks(name)
        if not ranks:
            return Order(f"{empty}, {expression} {way}")
        # LIMIT keeps SQLite from merging the ranks into the join, where it would read them through for every record.
        table = f"(SELECT value AS worth{at}, key AS rank{at} FROM json_each(?) LIMIT {len(ranks)})"
        join = f"LEFT JOIN {table} ON worth{at} = {expression}"
        sql = f"{empty}, rank{at} IS NULL, rank{at} {way}, {expression} {way}"
        return Order(sql, join, (json.dumps(ranks, ensure_ascii=False),))

    def _ranks(self, name: str) -> list[str]:
        """The texts of a field in the order that a clerk expects; empty where SQLite's own order will do."""
        kind = self._field(name)
        if name == "stage":
            return [stage.key for stage in self._register.STAGES]
        if not isinstance(kind, LineField) or is_day(kind):
            return []
        words = list(self._words(kind))
        texts = self._texts(kind.column_name)
        known = set(words)
        return [*words, *by_pinyin(text for text in texts if text not in known)] if texts or words else []

    def _words(self, kind: Any) -> Iterator[str]:
        if isinstance(kind, TermField) and not isinstance(kind, TermsField):
            sql = "SELECT word FROM term WHERE vocabulary = ? ORDER BY position"
            yield from (row[0] for row in self._connection.execute(sql, (kind.vocabulary,)))

    def _texts(self, column: str) -> list[str]:
        sql = f'SELECT DISTINCT "{column}" FROM "{self._register.key()}" WHERE "{column}" <> \'\' LIMIT ?'
        found = [row[0] for row in self._connection.execute(sql, (MOST_RANKED + 1,))]
        return found if len(found) <= MOST_RANKED else []


def by_pinyin(texts: Iterable[str]) -> list[str]:
    """Texts in the order of their pinyin as GB 18030 has it, digits and Latin letters before."""
    return sorted(texts, key=lambda text: (text.encode("gb18030", "replace"), text))
