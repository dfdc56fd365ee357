"""What a report is compared with: the figures that the registers declare and their values in its year."""

from __future__ import annotations

from collections.abc import Mapping

from db import catalogue as catalogue_module
from db.catalogue import counts_of
from db.figures import Figures, Period, Value
from db.record import Count, Figure
from db.store.store import Store
from db.summaries.annual.bindings import Reader, year_of
from db.summaries.annual.phrases import wordings
from db.summaries.annual.proposing import Marked, propose


def marked(text: str, store: Store | None, year: int | None = None) -> Marked:
    """A report with what its numbers are; without a store by its words alone. `year` is for one that names none."""
    if store is None:
        catalogue = catalogue_module.load()
        declared: dict[str, Figure] = {}
        for _register, figure in catalogue.figures():
            for one in (figure, *counts_of(figure)):
                declared.setdefault(one.key, one)
        return propose(text, Reader(declared.values()), "", [one.of.key for _register, one in catalogue.passages()])
    figures = Figures(store.connection, store.catalogue, store.rules.days)
    reader = Reader(figures.every(), values_of(figures, year or year_of(text)))
    passages = [one.of.key for _register, one in store.catalogue.passages()]
    return propose(text, reader, store.rules.setting("office"), passages)


def values_of(figures: Figures, year: int | None) -> Mapping[str, Value]:
    """The values of all figures that a report may tell, over a year; empty without one."""
    if year is None or not 1949 <= year <= 9998:
        return {}
    period = Period.year(year)
    keys = [wording.figure for wording in wordings(figures.every())]
    keys = [key for key in keys if not (isinstance(one := figures[key], Count) and one.by)]
    return {key: value for (key, _period), value in figures.values(keys, [period]).items()}
