"""What a register declares beside its fields: stages, moves, sections of the form, figures, the list in the month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from db.errors import Problem
from db.fields import APPLICABLE, NOT_APPLICABLE

if TYPE_CHECKING:
    from db.record import Record
    from db.tables import Line


@dataclass(frozen=True)
class Stage:
    """A station in the life of a record; a `closed` stage ends the clock, a `side` one lies beside the main line.

    In a `settled` one the office has done its part: the record is in force, or others carry it out.
    """

    key: str
    label: str
    closed: bool = False
    side: bool = False
    settled: bool = False


@dataclass(frozen=True)
class Move:
    """A permitted step from one stage to another.

    A move with `needs` happens by itself as soon as all those fields (or lines) are filled; one without is made by the
    clerk. `verb` is the word on its button; `clears` empties fields when a record is sent back.
    """

    source: str
    target: str
    needs: tuple[str, ...] = ()
    verb: str = ""
    clears: tuple[str, ...] = ()


def forward(*steps: tuple[str, tuple[str, ...], str]) -> tuple[Move, ...]:
    """Moves from every stage to every later one of the main line; steps are (stage, needs, verb) in their order.

    A paper may skip stations (a report that is filed at once), so each later stage is reachable by its own needs.
    """
    return tuple(
        Move(source, target, needs, verb)
        for at, (source, _needs, _verb) in enumerate(steps)
        for target, needs, verb in steps[at + 1 :]
    )


@dataclass(frozen=True)
class Clock:
    """One time limit that runs in a record, for registers in which several run one after or beside another.

    It counts from `start` by the deadline rule `key`, or is the day `on` that a paper or the clerk has fixed; it has
    not begun without either, and has ended with `done_on`. `label` says what is due (答复, 备案) and becomes the
    record's `due_basis`. `until` is the day to which an approved extension has moved it.
    """

    label: str
    key: str = ""
    start: date | None = None
    on: date | None = None
    done_on: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Section:
    """A titled group of fields (and of keys of lines) in the form.

    `when` = (field, values) shows the section only while that field is shown and holds one of the values. A section
    without a title goes on with the one before it.
    """

    title: str
    fields: tuple[str, ...]
    when: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Step:
    """One step of a statutory procedure: it is done with `done` filled, or does not apply for a reason in writing.

    `applies` names the `ApplicableField` that says whether it applies, `reason` the field for why not; a step without
    them always applies. `fields` stand in its section of the form, and only while it applies.
    """

    title: str
    fields: tuple[str, ...]
    done: tuple[str, ...]
    applies: str = ""
    reason: str = ""

    def sections(self) -> tuple[Section, ...]:
        """Its sections of the form: whether it applies, why not, and what is done in it."""
        if not self.applies:
            return (Section(self.title, self.fields),)
        return (
            Section(self.title, (self.applies,)),
            Section("", (self.reason,), when=(self.applies, (NOT_APPLICABLE,))),
            Section("", self.fields, when=(self.applies, (APPLICABLE,))),
        )

    def is_left_out(self, record: Record) -> bool:
        """Whether it does not apply to a record."""
        return bool(self.applies) and getattr(record, self.applies) == NOT_APPLICABLE

    def is_settled(self, record: Record) -> bool:
        """Whether it is done, or left out with a reason."""
        return all(map(record.filled, (self.reason,) if self.is_left_out(record) else self.done))

    def undone(self, record: Record, later: str) -> Iterator[Problem]:
        """That it should have been done, or left out with a reason, before the step `later` (集体讨论)."""
        if not self.is_settled(record):
            field, words = self.done[0], f"{later}前请填写{record.label(self.done[0])}"
            if self.applies:
                field = self.reason if self.is_left_out(record) else self.applies
                words = f"{later}前{record.label(self.applies)}没有完成，也没有写明不适用的理由"
            yield Problem(field, words, "missing")

    def problems(self, record: Record) -> Iterator[Problem]:
        """A step that is left out has a reason, and nothing was done in it."""
        if not self.is_left_out(record):
            return
        if not record.filled(self.reason):
            yield Problem(self.reason, f"{record.label(self.applies)}不适用的要写明理由", "missing")
        if all(map(record.filled, self.done)):
            yield Problem(self.applies, f"{record.label(self.applies)}标为不适用，却填有{record.label(self.done[0])}",
                          "note")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Count:
    """A figure that counts records, or lines when `of` is a class of lines.

    `on` names the date that must lie in the period (default: the business date of the record). `where` is a peewee
    expression over the fields; `stages` are those in which the record must be. In a count of lines, `on`, `until`,
    `by`, `distinct` and `field` name a field of the line when it has one of that name, else of the record.

    With `until`, the figure is the stock at the end of the period, whenever it began: `on` before its end, and the date
    `until` empty or not before it. With `ahead`, it is what comes up after the end: `on` within that many calendar days
    from it, of records whose business date lies before it (and whose `until`, when given, is empty or not before it).

    `distinct` counts the different values of a field (titles with and without 《》 are the same); `by` splits the count
    by a field: each value is a figure of its own under `key_value`, with its own rows. With `adds`, several registers
    may declare the same key: the figure is their sum, its rows are those of each. `nil` is the word that is printed
    for zero ("未发生").

    `monthly` is its place in the monthly summary (0: not there); `indent` sets it in by so many characters under the
    figure before it. `charted` draws it month by month: "stacked" on the other bars, or "beside" them.
    """

    key: str
    label: str
    definition: str
    unit: str = "件"
    on: str = ""
    where: Any = None
    stages: tuple[str, ...] = ()
    of: type[Line] | None = None
    until: str = ""
    ahead: int = 0
    distinct: str = ""
    by: str = ""
    adds: bool = False
    nil: str = ""
    monthly: int = 0
    indent: int = 0
    charted: Literal["", "stacked", "beside"] = ""


@dataclass(frozen=True, eq=False)
class Sum(Count):
    """A figure that adds up the number field `field` of the records, or of the lines when `of` is a class of lines."""

    field: str = ""


@dataclass(frozen=True, eq=False)
class Rate:
    """A ratio of two counts (or sums, of records or lines) in per cent; "—" where the base is zero.

    With `by`, a field of unit, the rate of each value is a figure of its own under `key_value`, and the monthly summary
    ranks the units by it, together with the rates of other registers that are split as well.
    """

    key: str
    label: str
    definition: str
    part: Count
    base: Count
    unit: str = "%"
    by: str = ""
    monthly: int = 0
    indent: int = 0


@dataclass(frozen=True, eq=False)
class Shares:
    """The shares of the values of the field `by` in the count `of`, in per cent; they add up to 100.0.

    They are rounded by the largest remainder, so that no column prints 99.9 or 100.1 (domain.md 15D, 17). Each share
    is a figure of its own under `key_value` (`Shares("class", ..., by="reply_class")` gives class_A, class_B, ...).
    `values` are those that are always told, in their order, also when nothing falls to them.
    """

    key: str
    label: str
    definition: str
    of: Count
    by: str
    values: tuple[str, ...] = ()
    unit: str = "%"
    monthly: int = 0
    indent: int = 0


@dataclass(frozen=True, eq=False)
class Mean:
    """The mean number of working days from the field `start` to the field `end`, over the records of `of`."""

    key: str
    label: str
    definition: str
    of: Count
    start: str
    end: str
    unit: str = "个工作日"
    monthly: int = 0
    indent: int = 0


@dataclass(frozen=True, eq=False)
class Median(Mean):
    """The median of the same: half of the records took no longer."""


Figure = Count | Rate | Shares | Mean


@dataclass(frozen=True, eq=False)
class Passage:
    """A text of the annual report that is made of a year's records.

    `of` says which records or lines, and gives the text its key, label and definition. `fields` are what is told of
    each. As titles, their different values follow one another in 《》; as points they are sentences (一是…。二是…。):
    the first field says what it is about, and none of them should be empty.
    """

    of: Count
    fields: tuple[str, ...]
    form: Literal["titles", "points"] = "points"


@dataclass(frozen=True)
class MonthList:
    """A list of a register's records in the monthly summary.

    `columns` are (name, width in points, 0 = the rest), a name being a field, a property of the record or a kind of
    lines: of lines with a date `on` the text of the last one by then, of others all. The records are those whose
    business date lies in the month, or with `until` those still standing at its end or ended (by that date) within it,
    or with `figure` those behind that figure of the register at its end.
    """

    heading: str
    columns: tuple[tuple[str, float], ...]
    until: str = ""
    figure: str = ""
