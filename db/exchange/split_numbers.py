"""A document number that stands in two or three columns (蓝政办发 | 2022 | 5), and how it is put together again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from db.exchange.book import Cell
from db.exchange.heading import text_of
from db.exchange.readings import NOTHING
from db.exchange.targets import NUMBER_PARTS, Targets, folded, number_keys
from db.record import Record
from db.rules.numbering import bare_number, is_document_number, mend

if TYPE_CHECKING:
    from db.exchange.layout import Column

_LOOKED_AT = 40  # cells of a column that tell what it holds
_MOSTLY = 0.8
_NONE = NOTHING | {"无"}
_YEAR = re.compile(r"\D?\s*((?:19|20)[0-9]{2})\s*年?度?\s*\D?")
_SERIES = re.compile(r"[\u4e00-\u9fff]{2,12}第?(?:\s*[^\w\s]\s*(?:19|20)[0-9]{2}\s*年?\s*[^\w\s])?\s*第?")
_DATED = re.compile(r"〔[0-9]{4}〕$")
_NAMES_SERIES = re.compile(r"字$|代字|字头|文头|文号|字号")


def joined_columns(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], known: Targets, register: type[Record]
) -> tuple[Column, ...]:
    """The columns, with those that hold the parts of one number taken for its parts."""
    numbers = number_keys(register, known)
    found = list(columns)
    for at in range(len(columns) - 1):
        run = _run(found, at, rows, numbers)
        if run is None:
            continue
        own = {found[place].key for place in run.values()}
        key = next((key for key in numbers if key in own), None) or next(
            (key for key in known.meant.get("文号", ()) if key in numbers), None
        )
        if key is None or any(one.key == key for place, one in enumerate(found) if place not in run.values()):
            continue
        how = "label" if key in own else "similar"
        labels = [one.label for one in found]
        for part, place in run.items():
            one = found[place]
            is_again = one.label in labels[:place] or (place > at and not one.is_named)
            label = f"{found[at].label}（{part}）" if is_again else one.label
            found[place] = replace(one, key=f"{key}/{part}", how=how, label=label, is_named=True)
    return tuple(found)


def _run(
    columns: Sequence[Column], at: int, rows: Sequence[Sequence[Cell]], numbers: Sequence[str]
) -> dict[str, int] | None:
    """The places of the parts of a number whose 机关代字 stands at a place; None when it does not."""
    first = columns[at]
    is_free = first.how in ("none", "similar") and bool(_NAMES_SERIES.search(folded(first.label)))
    if not (is_free or first.key in (*numbers, "series")) or first.how in ("hand", "remembered"):
        return None
    if not _hold(first, rows, lambda text: bool(_SERIES.fullmatch(text))):
        return None

    def free(place: int, *keys: str) -> bool:
        one = columns[place] if 0 <= place < len(columns) else None
        return one is not None and (one.key in ("", *keys) or one.how == "similar") and one.how != "hand"

    def year(place: int) -> bool:
        return free(place, "year") and _hold(columns[place], rows, lambda text: bool(_YEAR.fullmatch(text)))

    def order(place: int) -> bool:
        return free(place, "sequence", *numbers) and _hold(columns[place], rows, _is_order)

    series, years, orders = NUMBER_PARTS
    if year(at + 1) and order(at + 2):
        return {series: at, years: at + 1, orders: at + 2}
    if order(at + 1):
        return {series: at, orders: at + 1} | ({years: at - 1} if year(at - 1) else {})
    return None


def _is_order(text: str) -> bool:
    return bool(bare_number(text) and not _YEAR.fullmatch(text)) or is_document_number(mend(text))


def _hold(column: Column, rows: Sequence[Sequence[Cell]], is_one: Callable[[str], bool]) -> bool:
    """Whether most of what stands first in a column is of a kind."""
    texts = (text_of(row[column.at]) for row in rows if column.at < len(row))
    told = [is_one(text) for text in islice((text for text in texts if text not in _NONE), _LOOKED_AT)]
    return bool(told) and sum(told) >= _MOSTLY * len(told)


def put_together(parts: Mapping[str, str], year: int | None) -> tuple[str, bool]:
    """The number whose parts stand apart, and whether it is more than a 机关代字; `year`: of numbers without one.

    What is no number stays as it is.
    """
    series, written, order = (parts.get(part, "").strip() for part in NUMBER_PARTS)
    counted = bare_number(order)
    if counted is None and (not series or not order[:1].isdecimal()):  # 3-1号 stands behind a series as 3 does
        return (series, False) if order in NOTHING else (order, True)
    head = mend(f"{series.removesuffix('第').rstrip()}1号").removesuffix("1号")
    told = _YEAR.fullmatch(written)
    if not _DATED.search(head):
        own_year = int(told[1]) if told else (counted[0] if counted else 0) or year
        head = f"{head}〔{own_year}〕" if own_year else head
    return f"{head}{counted[1]}号" if counted else f"{head}{order}", True
