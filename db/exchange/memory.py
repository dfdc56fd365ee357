"""Remembers what the columns of a file were taken for, by the set of its headings."""

from __future__ import annotations

import json
from collections.abc import Iterable

from db.directory.matches import ColumnMatch
from db.exchange.layout import Layout, Remembered
from db.exchange.targets import folded
from db.record import Record
from db.store.change import Change


def remembered(register: type[Record]) -> Remembered:
    """What the columns of files of this register were taken for: shape -> folded heading -> key of the target."""
    rows = ColumnMatch.select().where(ColumnMatch.register == register.key())
    return {row.shape: json.loads(row.columns) for row in rows}


def remember(change: Change, register: type[Record], layouts: Iterable[Layout]) -> None:
    """Keep what the columns of these sheets were taken for, where a heading alone does not tell; part of the change."""
    kept: dict[str, ColumnMatch] = {
        row.shape: row for row in ColumnMatch.select().where(ColumnMatch.register == register.key())
    }
    for layout in layouts:
        if not any(column.how in ("hand", "remembered") for column in layout.columns):
            continue
        row = kept.get(layout.shape) or ColumnMatch(register=register.key(), shape=layout.shape)
        row.columns = json.dumps({folded(column.label): column.key for column in layout.columns}, ensure_ascii=False)
        change.put(row)
        kept[layout.shape] = row
