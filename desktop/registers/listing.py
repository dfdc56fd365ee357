"""Rows of a register as the list shows them: the light, and the text of each declared column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from db.record import DateField, NumberField, PersonField, Record, TermField, UnitField
from db.rules.deadlines import Deadlines
from db.rules.lights import Clock, Light, light
from db.store.search import Listing
from desktop.registers.rows import LIGHT, Heading, Row

_STATE = ("due_on", "is_open", "missing", "voided_on", "stage")
_WIDTHS = ((DateField, 4.6), (UnitField, 8.4), (PersonField, 5.2), (NumberField, 4.6), (TermField, 6.4))
_GIVES_WAY = ((PersonField, 1), (DateField, 3))  # the number goes second
_CELL = 1.8  # em of a cell's padding
_PLAIN_WIDTH, _LIGHT_WIDTH, _LONG_DATE_WIDTH = 8.4, 8.6, 8.4


def headings(register: type[Record], one_year: bool) -> list[Heading]:
    """The light, then the declared columns; person, number and date give way to the title in that order.

    Business dates in a list of one year are shown without it and take less room; others may lie in another year.
    """
    found = [Heading(LIGHT, "时限", _LIGHT_WIDTH)]
    for name in register.COLUMNS:
        field = register._meta.fields[name]
        width = next((em for kind, em in _WIDTHS if isinstance(field, kind)), _PLAIN_WIDTH)
        if name == register.SUBJECT:
            width = 0.0
        elif isinstance(field, DateField) and (field.planned or not one_year or name != register.BUSINESS_DATE):
            width = _LONG_DATE_WIDTH
        elif name == "number":
            width = _number_width(register)
        gives = 2 if name == "number" else next((at for kind, at in _GIVES_WAY if isinstance(field, kind)), 0)
        label = "日期" if name == register.BUSINESS_DATE else register.label(name)
        if isinstance(field, DateField):
            width = max(width, len(label) + _CELL)
        found.append(Heading(name, label, width, "right" if isinstance(field, NumberField) else "left", gives))
    return found


def _number_width(register: type[Record]) -> float:
    """Room for a number of four digits, in em with the padding of a cell: digits take a little over half an em."""
    numbering = register.NUMBERING
    sample = numbering.render(numbering.series, 2022, 1000) if numbering else "第1000号"
    return sum(0.65 if char.isascii() else 1.0 for char in sample) + _CELL


class RegisterRows:
    """The pages of a listing as text; dates of one year without the year, nothing as —."""

    def __init__(self, listing: Listing, deadlines: Deadlines, today: date, near: int) -> None:
        self._listing, self._deadlines, self._today, self._near = listing, deadlines, today, near
        register = listing.register
        self._names = (*_STATE, *register.COLUMNS)
        self._labels = {stage.key: stage.label for stage in register.STAGES}
        one_year = listing.filter.year
        self._texts: list[Callable[[Any], str]] = [
            partial(_short_date, str(one_year))
            if isinstance(register._meta.fields[name], DateField) and one_year
            else _text
            for name in register.COLUMNS
        ]
        self._ids: list[int] | None = None

    def count(self) -> int:
        """The exact number of rows."""
        return self._listing.count() if self._ids is None else len(self._ids)

    def know_ids(self, ids: list[int]) -> None:
        """Serve pages from a list of all ids, read by a job, instead of by offset."""
        self._ids = ids

    def page(self, start: int, size: int) -> list[Row]:
        """Rows as (id, light, texts)."""
        if self._ids is not None:
            rows = self._listing.values(self._names, self._ids[start : start + size])
        else:
            rows = self._listing.rows(self._names, start, size)
        return [self._row(row) for row in rows]

    def _row(self, row: tuple[Any, ...]) -> Row:
        due, is_open, missing, voided, stage = row[1:6]
        clock = Clock(date.fromisoformat(due) if due else None, bool(is_open), missing, bool(voided),
                      self._labels.get(stage, ""))  # fmt: skip
        texts = [make(value) for make, value in zip(self._texts, row[6:], strict=True)]
        return (row[0], light(clock, self._today, self._deadlines, self._near), *texts)


def light_of(record: Record, deadlines: Deadlines, today: date, near: int) -> Light:
    """The light of one record."""
    label = record.stage_of(record.stage).label if record.stage else ""
    clock = Clock(record.due_on, record.is_open, record.missing, bool(record.voided_on), label)
    return light(clock, today, deadlines, near)


def _text(value: Any) -> str:
    return "—" if value in (None, "") else str(value)


def _short_date(year: str, value: Any) -> str:
    """A day of that year as 03-05, of another one in full."""
    return (value[5:] if value[:4] == year else value) if value else "—"
