"""The lists of the monthly summary: what is late, what falls due, what the registers list; as it stood at the end.

A fact that is dated after the month is not yet known in it, even when the month is printed later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from db.figures import Figures, Period
from db.record import MonthList, NumberField, Record
from db.store.store import Store
from db.summaries.document import Align, Cell, Column, Records, Table
from db.summaries.wording import text_of

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?[%％]?")


class Matters:
    """Reads the lists of one month; `now` is the moment of printing."""

    def __init__(self, store: Store, figures: Figures, month: Period, now: datetime) -> None:
        self._store, self._figures, self._month, self._now = store, figures, month, now

    @property
    def end(self) -> date:
        """The day after the last of the month."""
        return self._month.end

    @property
    def late_before(self) -> date:
        """What fell due before this day was late at the end, or is now while the month runs."""
        return min(self._month.end, self._now.date())

    def running_at_end(self) -> Iterator[tuple[type[Record], Any]]:
        """Registers with a clock, and the condition that a record's clock was running at the end of the month."""
        end = min(self._month.end, date.fromordinal(self._now.date().toordinal() + 1))
        for register in self._store.catalogue:
            if not register.FINISHED:
                continue
            finished = register._meta.fields[register.FINISHED]
            live = register.deleted_at.is_null() & register.voided_on.is_null() & (register.listed_on < end)
            yield register, live & ((finished >= end) | register._meta.fields["is_open"])

    def overdue(self) -> Table:
        """What was late at the end, with the days and working days, and why where a register keeps it."""
        end = self.late_before
        last = date.fromordinal(end.toordinal() - 1) if end == self._month.end else end
        rows = []
        for at, (register, record) in enumerate(self._due_within(date.min, end), 1):
            due = record.due_on
            late = f"{(last - due).days}天\n{self._store.rules.days.between(due, last)}个工作日"
            rows.append(self._matter(at, register, record, late if due < last else "当日到期", self._why(record)))
        return Table(_matter_columns("办理时限", "逾期"), tuple(rows))

    def coming(self) -> Table:
        """What falls due in the month after."""
        start = self._month.end
        last = date.fromordinal(start.toordinal() - 1)
        rows = []
        matters = self._due_within(start, Period.month(start.year, start.month).end)
        for at, (register, record) in enumerate(matters, 1):
            left = f"{self._store.rules.days.between(last, record.due_on)}个工作日"
            rows.append(self._matter(at, register, record, left))
        return Table(_matter_columns("到期日", "剩余"), tuple(rows))

    def _due_within(self, start: date, end: date) -> list[tuple[type[Record], Any]]:
        """The records running at the end of the month whose deadline lies in [start, end), by deadline."""
        found: list[tuple[type[Record], Any]] = []
        for register, running in self.running_at_end():
            due = _due(register)
            records = register.select().where(running, due >= start, due < end, _ranked(register, start, end))
            found += [(register, record) for record in records]
        return sorted(found, key=lambda matter: matter[1].due_on)

    def _why(self, record: Record) -> str:
        """Why a record is late, in words that stand under its subject; empty when nobody wrote it."""
        name = record.SETBACK
        if not name:
            return ""
        text = _shown(self._store.load(type(record), record.id), name, self._month.end)
        return f"{record.label(name)}：{text}" if text else ""

    def _matter(self, at: int, register: type[Record], record: Record, clock: str, why: str = "") -> tuple[Cell, ...]:
        subject = "\n".join(filter(None, (getattr(record, register.SUBJECT), why)))
        return tuple(
            Cell(text, record_of(record) if text in (str(at), record.number, clock) else None)
            for text in (
                str(at), register.TITLE, record.number or "未编号", subject,
                getattr(record, register.HOLDER) if register.HOLDER else "",
                f"{record.due_on}{'（暂按）' if record.is_provisional else ''}", clock,
            )
        )  # fmt: skip

    def lists(self) -> Iterator[tuple[str, Table]]:
        """The lists that registers declare, with their headings, in the order of their figures; empty ones left out."""
        for register in sorted(self._store.catalogue, key=_place):
            for wanted in filter(None, (register.MONTH_LIST, register.MONTH_AHEAD)):
                table = self._list(register, wanted)
                if table.rows:
                    counted = f"（{len(table.rows)}件）" if wanted.figure else ""
                    yield f"{wanted.heading}{counted}", table

    def _list(self, register: type[Record], wanted: MonthList) -> Table:
        end, names = self._month.end, [name for name, _width in wanted.columns]
        numbers = self._behind(wanted) if wanted.figure else self._listed(register, wanted)
        records = (self.as_of_end(self._store.load(register, number)) for number in numbers)
        rows = tuple(tuple(_cell(record, name, _shown(record, name, end)) for name in names) for record in records)
        columns = tuple(Column(register.label(name), width, _align(register, name)) for name, width in wanted.columns)
        return Table(columns, rows)

    def _behind(self, wanted: MonthList) -> list[int]:
        """The records behind the figure of a list, the nearest date first."""
        register, figure = self._figures.register_of(wanted.figure), self._figures[wanted.figure]
        numbers = self._figures.rows(wanted.figure, self._month)
        day = register._meta.fields[getattr(figure, "on", "") or register.BUSINESS_DATE]
        return [row.id for row in register.select(register.id).where(register.id.in_(numbers)).order_by(day)]

    def as_of_end(self, record: Record) -> Record:
        """The record as it stood at the end: facts dated later are taken out, and the stage follows the rest."""
        end = self.end
        facts = {name for move in record.MOVES for name in move.needs if name in record._meta.fields}
        later = [name for name in facts if isinstance(day := getattr(record, name), date) and day >= end]
        if later:
            for name in later:
                setattr(record, name, None)
            record.stage = ""
            record.derive(self._store.rules)
            record.settle()
        return record

    def _listed(self, register: type[Record], wanted: MonthList) -> list[int]:
        period = self._month
        day = register._meta.fields[register.BUSINESS_DATE]
        live = register.deleted_at.is_null() & register.voided_on.is_null() & (day < period.end)
        if wanted.until:
            until = register._meta.fields[wanted.until]
            condition = until.is_null() | (until >= period.start)
        else:
            condition = day >= period.start
        query = register.select(register.id).where(live, condition).order_by(day, register.sequence)
        return [row.id for row in query]


def record_of(record: Record) -> Records:
    """The way from a line of a list to its record."""
    return Records(record.number or record.TITLE, ((record.key(), record.id),))


def _cell(record: Record, name: str, text: str) -> Cell:
    """A cell of a list; a click on the record's number, or on another number, opens the record."""
    return Cell(text, record_of(record) if name == "number" or _NUMBER.fullmatch(text) else None)


def _place(register: type[Record]) -> tuple[int, int]:
    """Where a register comes in the summary: by the first of its figures that stand there, then by its order."""
    return min((figure.monthly for figure in register.FIGURES if figure.monthly), default=999), register.ORDER


def _due(register: type[Record]) -> Any:
    return register._meta.fields["due_on"]


def _ranked(register: type[Record], start: date, end: date) -> Any:
    """The same deadlines by the index of urgency, where those of what is open and what is done stand apart."""
    ranges = [(register.sort_due >= f"{rank}{start}") & (register.sort_due < f"{rank}{end}") for rank in ("0", "2")]
    return ranges[0] | ranges[1]


def _matter_columns(day: str, clock: str) -> tuple[Column, ...]:
    """The columns of a list of matters with a deadline; `day` and `clock` head the last two."""
    return (Column("序号", 26, "centre"), Column("类别", 52, "centre"), Column("编号", 98, "centre"), Column("事项", 0),
            Column("承办单位", 74, "centre"), Column(day, 54, "centre"), Column(clock, 56, "centre"))  # fmt: skip


def _align(register: type[Record], name: str) -> Align:
    """Numbers right, running text left, everything else centred."""
    if name == register.SUBJECT or any(kind.key() == name for kind in register.LINES):
        return "left"
    return "right" if isinstance(register._meta.fields.get(name), NumberField) else "centre"


def _said_on(line: Any) -> date | None:
    return line.on


def _shown(record: Record, name: str, end: date) -> str:
    for kind in record.LINES:
        if kind.key() == name:
            if "on" in kind._meta.fields:  # dated lines: what was said last by then
                known = [line for line in record.lines(kind) if (said := _said_on(line)) and said < end]
                return getattr(max(known, key=lambda line: _said_on(line) or date.min), "text", "") if known else ""
            return "；".join(text_of(getattr(line, kind.COLUMNS[0])) for line in record.lines(kind))
    if name == "stage":
        return record.stage_of(record.stage).label
    return text_of(getattr(record, name))
