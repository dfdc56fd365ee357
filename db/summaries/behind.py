"""The records behind a printed number, whatever it is made of: a figure, several, or rows that were read for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from db.catalogue import Catalogue
from db.figures import Figures, Period
from db.store.search import Filter
from db.summaries.document import Origin, Records, Source

Row = tuple[str, int]


@dataclass(frozen=True)
class Behind:
    """What a number opens: what it is, how it is counted, and its records (key of the register, id), each once."""

    label: str
    words: str
    rows: tuple[Row, ...]


def behind(figures: Figures, origin: Origin) -> Behind:
    """The records behind a number."""
    rows = tuple(dict.fromkeys(_rows(figures, origin)))
    if not isinstance(origin, Source):
        return Behind(origin.label, "", rows)
    figure = figures[origin.figure]
    return Behind(f"{figure.label} {Period(origin.start, origin.end)}", figure.definition, rows)


def _rows(figures: Figures, origin: Origin) -> Iterator[Row]:
    if isinstance(origin, Records):
        yield from origin.rows
    elif isinstance(origin, Source):
        yield from figures.all_rows(origin.figure, Period(origin.start, origin.end), origin.side)
    else:
        for one in origin.each:
            yield from _rows(figures, one)


def lists(catalogue: Catalogue, rows: Iterable[Row], label: str) -> Iterator[tuple[str, Filter, str]]:
    """The list of each register that shows some records: its key, its filter, and what it says of them.

    The one with the most comes last, and so stays on show.
    """
    registers: dict[str, list[int]] = {}
    for register, record in rows:
        registers.setdefault(register, []).append(record)
    counts = {key: f"{catalogue[key].TITLE}{len(ids)}条" for key, ids in registers.items()}
    for key, ids in sorted(registers.items(), key=lambda pair: len(pair[1])):
        others = "".join(f"，另见{count}" for other, count in counts.items() if other != key)
        yield key, Filter(ids=tuple(ids)), f"{label}：{len(ids)}条{others}"
