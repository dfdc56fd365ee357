"""What the print page was asked for, and the pages that are made of it on the worker."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from db.store.search import Filter
from db.summaries.book import Binding
from db.summaries.life import LIFE, life

if TYPE_CHECKING:
    from db.store.store import Store
    from db.summaries.document import Book, Forms, Printed, Summary
    from desktop.jobs import Job
    from desktop.printing.faces import Faces


MONTH, FORM, NUMBERS = "", "form", "numbers"
SHEETS = 2  # of a list by unit or person that are shown beside its text while it is edited
FIRST_ROWS, MORE_ROWS = 40, 2_000  # of a book: what is shown at once, and what is shown next


@dataclass(frozen=True)
class Wanted:
    """What is to be printed. `report` is MONTH, FORM, NUMBERS, LIFE, or the key of the register whose book it is.

    `form` is the form, or the register whose numbers are checked.

    `month` 0 is the whole year. `records` are (register, id): those that get a form each, or the one whose life it is;
    `group` the unit or person of a list, "" for all of them.
    """

    report: str
    title: str
    year: int
    month: int
    filter: Filter = field(default_factory=Filter)
    columns: tuple[str, ...] = ()
    form: str = ""
    records: tuple[tuple[str, int], ...] = ()
    group: str = ""
    binding: Binding = field(default_factory=Binding)


@dataclass(frozen=True)
class Made:
    """The pages, and the units or persons that a list can be made for.

    `is_part`: only the first pages, the rest is being made. `last` is the number of a book's last row, 0 for others.
    `left` tells how many of the wanted records the form is not meant for.
    """

    printed: Printed
    groups: tuple[str, ...] = ()
    is_part: bool = False
    last: int = 0
    left: int = 0


class Maker:
    """Makes pages on the worker, one job at a time; the typefaces are read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._faces: Faces | None = None

    def make(self, wanted: Wanted, now: datetime, job: Job) -> Made:
        """Make the pages, telling `job` how far they are and showing it the first ones before all are there.

        Raises:
            Refused: when there is nothing to print.
            Cancelled: when the job was cancelled.
        """
        from db.summaries.month import Month
        from db.summaries.numbers import numbers

        store, groups, left = self._store, list[str](), 0
        if wanted.report == MONTH:
            made = Month(store, wanted.year, wanted.month, now).summary()
        elif wanted.report == FORM:
            made, groups = self._forms(wanted, now)
            left = max(len(wanted.records) - len(made.forms), 0)
        elif wanted.report == NUMBERS:
            made = numbers(store, store.catalogue[wanted.form], wanted.year, now)
        elif wanted.report == LIFE and wanted.records:
            register, record = wanted.records[0]
            made = life(store, store.catalogue[register], record, now)
        else:
            return self._book(wanted, now, job)
        return Made(self._render(made, now, job), tuple(groups), left=left)

    def _render(self, made: Summary | Book | Forms, now: datetime, job: Job) -> Printed:
        from desktop.printing.faces import Faces
        from desktop.printing.pdf import render

        if self._faces is None:
            self._faces = Faces()
        return render(made, self._faces, printed_at=now, progress=job.progress)

    def _book(self, wanted: Wanted, now: datetime, job: Job) -> Made:
        """First a page or two, then more, then the whole: what is on show grows."""
        from db.summaries.book import book

        register, rows = self._store.catalogue[wanted.report], FIRST_ROWS
        while True:
            binding = replace(wanted.binding, most=rows)
            part = book(self._store, register, wanted.filter, now, wanted.columns, binding)
            made = Made(self._render(part, now, job), is_part=part.is_part, last=part.last_number)
            if not part.is_part:
                return made
            job.show(made)
            rows = MORE_ROWS if rows < MORE_ROWS else 0

    def _forms(self, wanted: Wanted, now: datetime) -> tuple[Forms, list[str]]:
        from db.figures import Period
        from db.summaries.forms import Chosen, FormMaker
        from db.summaries.office_forms import Templates

        period = Period.month(wanted.year, wanted.month) if wanted.month else Period.year(wanted.year)
        template = Templates(self._store).template(wanted.form)
        chosen, maker = Chosen(wanted.records, period, wanted.group), FormMaker(self._store, now)
        return maker.forms(template, chosen), maker.groups(template, chosen)

    def form_page(self, wanted: Wanted, text: str, now: datetime, job: Job) -> Printed:
        """The first sheets of a form by a text that is still edited: of the record that is wanted, or of the newest.

        Raises:
            Refused: with every fault of the text, or when there is no record to show it with.
        """
        from db.figures import Period
        from db.summaries.forms import Chosen, FormMaker
        from db.summaries.office_forms import Templates

        templates = Templates(self._store)
        template = templates.read(wanted.form, text)
        period = Period.month(wanted.year, wanted.month) if wanted.month else Period.year(wanted.year)
        records = wanted.records[:SHEETS]
        if template.is_single and not records:
            records = (templates.newest_record(template),)
        made = FormMaker(self._store, now).forms(template, Chosen(records, period, wanted.group))
        return self._render(replace(made, forms=made.forms[:SHEETS]), now, job)
