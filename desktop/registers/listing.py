"""Rows of a register as the list shows them: the light, and the text of each declared column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from db.record import (
    DateField,
    DecimalField,
    FlagField,
    NumberField,
    ParagraphField,
    PersonField,
    Record,
    TermField,
    UnitField,
)
from db.rules.lights import Clock, Light
from db.rules.rulebook import Rulebook
from db.store.conditions import is_day
from db.store.search import Listing
from desktop.registers.rows import LIGHT, Heading, Row

_Writer = Callable[[Iterable[Any]], list[str]]
_STATE = ("due_on", "is_open", "missing", "voided_on", "stage")
_WIDTHS = (
    (DateField, 4.6),
    (UnitField, 9.8),
    (ParagraphField, 16.0),
    (FlagField, 4.6),
    (PersonField, 5.2),
    (NumberField, 4.6),
    (TermField, 6.4),
)
_GIVES_WAY = ((PersonField, 1), (DateField, 3))  # the number goes second
_CELL = 1.8  # em of a cell's padding
_PLAIN_WIDTH, _LIGHT_WIDTH, _LONG_DATE_WIDTH, _MOMENT_WIDTH = 8.4, 9.4, 8.4, 11.4


def column_names(register: type[Record]) -> list[str]:
    """The fields that may be columns of a list: those it shows by itself, its form's, then all others with a label."""
    fields = register._meta.fields
    shown = (name for section in register.FORM for name in section.fields if name in fields)
    others = (name for name, field in fields.items() if field.verbose_name)
    return [name for name in dict.fromkeys((*register.COLUMNS, *shown, *others)) if fields[name].verbose_name]


def headings(
    register: type[Record], one_year: bool, names: Sequence[str] = (), widths: Mapping[str, float] | None = None
) -> list[Heading]:
    """The light, then the columns; person, number and date give way to the title in that order.

    Business dates in a list of one year are shown without it and take less room; others may lie in another year.
    Columns that the clerk has chosen (`names`, `LIGHT` among them) do not give way: the list scrolls. `widths` in em.
    """
    found: list[Heading] = []
    for name in names or (LIGHT, *register.COLUMNS):
        heading = Heading(LIGHT, "时限", _LIGHT_WIDTH) if name == LIGHT else _heading(register, name, one_year)
        if names:
            heading = replace(heading, gives_way=0)
        if widths and name in widths:
            heading = replace(heading, width_em=widths[name])
        found.append(heading)
    return found


def _heading(register: type[Record], name: str, one_year: bool) -> Heading:
    field = register._meta.fields[name]
    width = next((em for kind, em in _WIDTHS if isinstance(field, kind)), _PLAIN_WIDTH)
    if name == register.SUBJECT:
        width = 0.0
    elif is_day(field) and not isinstance(field, DateField):
        width = _MOMENT_WIDTH
    elif isinstance(field, DateField) and (field.planned or not one_year or name != register.BUSINESS_DATE):
        width = _LONG_DATE_WIDTH
    elif name == "number":
        width = _number_width(register)
    gives = 2 if name == "number" else next((at for kind, at in _GIVES_WAY if isinstance(field, kind)), 0)
    label = "日期" if name == register.BUSINESS_DATE else register.label(name)
    if width:
        width = max(width, len(label) + _CELL)
    return Heading(name, label, width, "right" if isinstance(field, NumberField | DecimalField) else "left", gives)


def _number_width(register: type[Record]) -> float:
    """Room for a number of four digits, in em with the padding of a cell: digits take a little over half an em."""
    numbering = register.NUMBERING
    sample = numbering.render(numbering.series, 2022, 1000) if numbering else "第1000号"
    return sum(0.65 if char.isascii() else 1.0 for char in sample) + _CELL


class RegisterRows:
    """The pages of a listing as text; dates of one year without the year, nothing as —.

    `names` are the fields shown, in their order.
    """

    def __init__(self, listing: Listing, rules: Rulebook, names: Sequence[str]) -> None:
        self.listing, self.names = listing, tuple(names)
        self._rules = rules
        register = listing.register
        self._labels = {stage.key: stage.label for stage in register.STAGES}
        self._lights: dict[tuple[Any, ...], Light] = {}  # of the states met so far, which are few
        self._texts = [self._writer(register, name, listing.filter.year) for name in self.names]
        self.ids: Sequence[int] | None = None
        self._top: list[int] = []

    def _writer(self, register: type[Record], name: str, one_year: int | None) -> _Writer:
        """What writes the plain values of a field."""
        field = register._meta.fields[name]
        if name == "stage":
            return self._stages
        if isinstance(field, FlagField):
            return _flags
        if isinstance(field, DateField):
            return partial(_short_dates, str(one_year)) if one_year else _words
        return _moments if is_day(field) else _words

    def _stages(self, values: Iterable[Any]) -> list[str]:
        return [self._labels.get(value, "—") for value in values]

    def count(self) -> int:
        """The exact number of rows."""
        return self.listing.count() if self.ids is None else len(self.ids)

    def records(self) -> int:
        """How many records are known to be listed."""
        return len(self.ids) if self.ids is not None else len(self._top)

    def know_ids(self, ids: Sequence[int]) -> None:
        """Serve pages from all ids, read by a job, instead of by offset."""
        self.ids = ids

    def know_top(self, ids: list[int]) -> None:
        """The ids of the first page."""
        self._top = ids

    def ids_of(self, stretches: Sequence[range]) -> list[int]:
        """The ids of the records in some rows, once all ids are known."""
        ids = self.ids or []
        return [one for rows in stretches for one in ids[rows.start : rows.stop]]

    def rows_on_show(self, records: Collection[int]) -> list[int]:
        """The rows in which some records stand, once all ids are known."""
        return [row for row, record in enumerate(self.ids or ()) if record in records]

    def records_in(self, stretches: Sequence[range]) -> int:
        """How many records stand in some rows."""
        return sum(map(len, stretches))

    def page(self, start: int, size: int) -> list[Row]:
        """Rows as (id, light, texts)."""
        if self.ids is not None:
            return self.rows_of(self.ids[start : start + size])
        if start + size <= len(self._top):
            return self.rows_of(self._top[start : start + size])
        return self._shown(self.listing.rows((*_STATE, *self.names), start, size))

    def rows_of(self, ids: Sequence[int]) -> list[Row]:
        """The rows of certain records, in the order of `ids`."""
        return self._shown(self.listing.values((*_STATE, *self.names), ids))

    def _shown(self, found: list[tuple[Any, ...]]) -> list[Row]:
        """The rows of some plain values; written column by column, which takes half the time."""
        if not found:
            return []
        ids, *columns = zip(*found, strict=True)
        lights = [self._light(*state) for state in zip(*columns[: len(_STATE)], strict=True)]
        texts = [write(column) for write, column in zip(self._texts, columns[len(_STATE) :], strict=True)]
        return list(zip(ids, lights, *texts, strict=True))

    def _light(self, due: str | None, is_open: int, missing: int, voided: str | None, stage: str) -> Light:
        state = (due if is_open else None, is_open, missing, voided is None, stage)  # what is closed heeds no deadline
        shown = self._lights.get(state)
        if shown is None:
            day = date.fromisoformat(due) if due else None
            clock = Clock(day, bool(is_open), missing, bool(voided), self._labels.get(stage, ""))
            shown = self._lights[state] = self._rules.light(clock)
        return shown


def light_of(record: Record, rules: Rulebook) -> Light:
    """The light of one record."""
    label = record.stage_of(record.stage).label if record.stage else ""
    clock = Clock(record.due_on, record.is_open, record.missing, bool(record.voided_on), label)
    return rules.light(clock)


def _words(values: Iterable[Any]) -> list[str]:
    return ["—" if value is None or value == "" else str(value) for value in values]


def _flags(values: Iterable[Any]) -> list[str]:
    return ["是" if value else "—" for value in values]


def _moments(values: Iterable[Any]) -> list[str]:
    """Days and times to the minute."""
    return [str(value)[:16].replace("T", " ") if value else "—" for value in values]


def _short_dates(year: str, values: Iterable[Any]) -> list[str]:
    """Days of that year as 03-05, of another one in full."""
    return [(value[5:] if value[:4] == year else value) if value else "—" for value in values]
