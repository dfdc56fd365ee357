"""What the print page was asked for, and the pages that are made of it on the worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from db.store.search import Filter

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.store.store import Store
    from db.summaries.document import Forms, Printed

MONTH, FORM, NUMBERS = "", "form", "numbers"


@dataclass(frozen=True)
class Wanted:
    """What is to be printed. `report` is MONTH, FORM, NUMBERS, or the key of the register whose book it is.

    `form` is the form, or the register whose numbers are checked.

    `month` 0 is the whole year. `record` is (register, id) for a form of one record; `group` the unit or person of a
    list, "" for all of them.
    """

    report: str
    title: str
    year: int
    month: int
    filter: Filter = field(default_factory=Filter)
    columns: tuple[str, ...] = ()
    form: str = ""
    record: tuple[str, int] | None = None
    group: str = ""


@dataclass(frozen=True)
class Made:
    """The pages, and the units or persons that a list can be made for."""

    printed: Printed
    groups: tuple[str, ...] = ()


def make(store: Store, wanted: Wanted, now: datetime, progress: Callable[[int, int], bool]) -> Made:
    """Make the pages. Raises Refused when there is nothing to print, Cancelled when `progress` answers False."""
    from db.summaries.book import book
    from db.summaries.month import Month
    from db.summaries.numbers import numbers
    from desktop.printing.faces import Faces
    from desktop.printing.pdf import render

    groups: tuple[str, ...] = ()
    if wanted.report == MONTH:
        made = Month(store, wanted.year, wanted.month, now).summary()
    elif wanted.report == FORM:
        made, groups = _forms(store, wanted, now)
    elif wanted.report == NUMBERS:
        made = numbers(store, store.catalogue[wanted.form], wanted.year, now)
    else:
        made = book(store, store.catalogue[wanted.report], wanted.filter, now, wanted.columns)
    return Made(render(made, Faces(), printed_at=now, progress=progress), groups)


def _forms(store: Store, wanted: Wanted, now: datetime) -> tuple[Forms, tuple[str, ...]]:
    from db.figures import Period
    from db.summaries.forms import Chosen, FormMaker
    from db.summaries.office_forms import Templates

    period = Period.month(wanted.year, wanted.month) if wanted.month else Period.year(wanted.year)
    template = Templates(store).template(wanted.form)
    chosen, maker = Chosen(wanted.record, period, wanted.group), FormMaker(store, now)
    return maker.forms(template, chosen), tuple(maker.groups(template, chosen))
