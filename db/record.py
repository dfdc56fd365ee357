"""All that a register may declare: its fields, stages, moves, columns, form, lines, numbers and figures.

A register is one class derived from `Record`, in one file of `db/registers`; lines under a record are classes derived
from `Line` in the same file. Labels and hints are peewee's own `verbose_name` and `help_text`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, ClassVar, Self, TypeVar, cast

import peewee as pw

from db.checks import Checks, fold, malformed
from db.declarations import (
    Clock,
    Count,
    Figure,
    Mean,
    Median,
    MonthList,
    Move,
    Passage,
    Rate,
    Section,
    Shares,
    Stage,
    Step,
    Sum,
    forward,
)
from db.errors import Fix, Problem
from db.fields import (
    ApplicableField,
    DateField,
    DecimalField,
    DocumentNumberField,
    FlagField,
    LineField,
    MomentField,
    NumberField,
    ParagraphField,
    PersonField,
    PersonsField,
    ReferenceField,
    TermField,
    TermsField,
    UnitField,
    UnitsField,
    YearField,
)
from db.rules import secrecy
from db.rules.numbering import Numbering
from db.rules.rulebook import Rulebook
from db.tables import Extension, Line, Table, database

__all__ = [
    "ApplicableField", "Clock", "Count", "DateField", "DecimalField", "DocumentNumberField", "Extension", "Figure",
    "Fix", "FlagField", "Line", "LineField", "Mean", "Median", "MomentField", "MonthList", "Move", "NumberField",
    "Numbering", "ParagraphField", "Passage", "PersonField", "PersonsField", "Problem", "Rate", "Record",
    "ReferenceField", "Rulebook", "Section", "Shares", "Stage", "Step", "Sum", "Table", "TermField", "TermsField",
    "UnitField", "UnitsField", "YearField", "database", "forward",
]  # fmt: skip

LineT = TypeVar("LineT", bound=Line)


class Record(Table, Checks):
    """One row of a register; see the module's docstring for what a register declares."""

    SUBJECT: ClassVar[str] = "title"
    ABOUT: ClassVar[str] = ""
    VERB: ClassVar[str] = "登记"
    ICON: ClassVar[str] = "book"
    ORDER: ClassVar[int] = 100
    BUSINESS_DATE: ClassVar[str] = ""
    YEAR: ClassVar[str] = ""  # the field with the year under which a list shows a record; empty: that of its date
    STAGES: ClassVar[tuple[Stage, ...]] = ()
    MOVES: ClassVar[tuple[Move, ...]] = ()
    COLUMNS: ClassVar[tuple[str, ...]] = ()
    BOOK: ClassVar[tuple[str, ...]] = ()
    BOOK_TITLE: ClassVar[str] = ""
    """What the printed book is called; empty: the register's title with 登记簿."""
    FORM: ClassVar[tuple[Section, ...]] = ()
    ENTRY: ClassVar[tuple[str, ...]] = ()
    PINNED: ClassVar[tuple[str, ...]] = ()
    DERIVED: ClassVar[tuple[str, ...]] = ()
    """Fields that follow from others and stand in the form to be read; what is shown and not here may be typed."""
    LINES: ClassVar[tuple[type[Line], ...]] = ()
    STEPS: ClassVar[tuple[Step, ...]] = ()
    MUSTS: ClassVar[tuple[str, ...]] = ()
    EXPECTED: ClassVar[tuple[str, ...]] = ()
    NUMBERING: ClassVar[Numbering | None] = None
    FIGURES: ClassVar[tuple[Figure, ...]] = ()
    PASSAGES: ClassVar[tuple[Passage, ...]] = ()
    PRESET: ClassVar[bool] = True
    """Whether a new record's business date is today unless the clerk says otherwise."""
    FINISHED: ClassVar[str] = ""
    HOLDER: ClassVar[str] = ""
    ALSO_DUE: ClassVar[tuple[tuple[str, str], ...]] = ()
    """(day, day on which it was done or "") of duties beside `due_on`: the board lists those that are open."""
    COPY_FIELD: ClassVar[str] = ""
    EVERY_MONTH: ClassVar[str] = ""
    """The key of a figure that no month should leave at zero; the board names the months that do."""
    WARNED: ClassVar[tuple[str, ...]] = ()
    """Keys of figures that the board shows as long as they are not zero."""
    NOT_THE_SAME: ClassVar[tuple[str, str] | None] = None
    """Keys of two figures of different registers whose lists of records should differ; the board tells when not."""
    PULSE: ClassVar[bool] = False
    """Whether the board draws the register month by month."""
    MONTH_GROUP: ClassVar[str] = ""
    """The heading above the register's figures in the monthly summary; registers that follow one another share one."""
    MONTH_LIST: ClassVar[MonthList | None] = None
    MONTH_AHEAD: ClassVar[MonthList | None] = None
    """What comes up after the month (documents about to expire, cases with a deadline)."""
    SETBACK: ClassVar[str] = ""
    """The field that says why a record is late; the list of what is overdue prints it."""
    REFERRED_BY: ClassVar[tuple[tuple[type[Record], type[Table], str], ...]] = ()
    """Set by the catalogue: (register, it or its kind of lines, column) of every reference to this register."""

    uuid = pw.TextField(default="")
    origin = pw.TextField(default="")
    series = LineField("系列")
    year = pw.IntegerField(default=0, verbose_name="年份")
    sequence = pw.IntegerField(null=True, verbose_name="顺序号")
    number = LineField("编号", "留空则保存时自动编号")
    stage = LineField("阶段")
    due_on = DateField("办理时限", planned=True)
    first_due_on = DateField("原定时限", planned=True)
    due_basis = LineField("时限依据")
    due_rule = pw.TextField(default="")
    due_version = pw.IntegerField(default=0)
    is_provisional = FlagField("暂按")
    is_open = FlagField("未结", default=True)
    missing = pw.IntegerField(default=0)
    sort_due = pw.TextField(default="")
    listed_on = pw.DateField(null=True)
    created_at = pw.TextField(default="", verbose_name="登记时间")
    created_by = pw.TextField(default="", verbose_name="登记人")
    updated_at = pw.TextField(default="", verbose_name="修改时间")
    updated_by = pw.TextField(default="", verbose_name="修改人")
    entry = pw.IntegerField(null=True)
    """The number of the journal's last entry about the record; only the store's journal reads and writes it."""
    voided_on = DateField("作废日期")
    void_reason = LineField("作废原因")
    deleted_at = pw.TextField(null=True)
    emptied_at = pw.TextField(null=True)  # what is left of it holds the id and the number; see `store.emptying`

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.rows: dict[str, list[Line]] = {}
        self._is_clocked = False

    def lines(self, kind: type[LineT]) -> list[LineT]:
        """The lines of one kind, in their order; empty when none were loaded or set."""
        return cast("list[LineT]", self.rows.get(kind.key(), []))

    def filled(self, name: str) -> bool:
        """Whether a field, or a kind of lines, holds anything."""
        if name in self.__data__:
            return self.__data__[name] not in (None, "")
        if name in self.rows or name in _line_keys(type(self)):
            return bool(self.rows.get(name))
        return getattr(self, name) not in (None, "")

    def business_date(self) -> date | None:
        """The date by which the record is counted and listed."""
        return getattr(self, self.BUSINESS_DATE)

    @classmethod
    def numbering(cls, rules: Rulebook) -> Numbering | None:
        """How the office writes this register's numbers; None when it has none."""
        own = cls.NUMBERING
        return own.like(rules.setting(own.setting)) if own and own.setting else own

    @classmethod
    @cache
    def stage_of(cls, key: str) -> Stage:
        """The stage with this key; KeyError when the register has none."""
        return {stage.key: stage for stage in cls.STAGES}[key]

    def follow(self, rules: Rulebook) -> None:
        """Let everything follow that follows from what is filled in: the year of the number, derived columns, stage."""
        if not (self.number and self.year):
            day = self.business_date()
            self.year = day.year if day else rules.today.year
        self.derive(rules)
        self.extend()
        self.settle()

    def derive(self, rules: Rulebook) -> None:
        """Set the stored columns that follow from others (series, due date); a register overrides what it needs."""

    @classmethod
    @cache
    def security_field(cls) -> str:
        """The field that holds 密级; empty when the register has none."""
        fields = cls._meta.sorted_fields
        return next((f.name for f in fields if isinstance(f, TermField) and f.vocabulary == secrecy.VOCABULARY), "")

    @property
    def is_placeholder(self) -> bool:
        """Whether the record keeps nothing but the number of a classified paper; see `db.store.guard`."""
        name = self.security_field()
        return bool(name) and getattr(self, name) == secrecy.RESERVED

    def problems(self, rules: Rulebook) -> Iterator[Problem]:
        """Yield what is wrong; a register adds its own after `yield from super().problems(rules)`."""
        labels = self._meta.fields
        for name in self.MUSTS:
            if not self.filled(name):
                yield Problem(name, f"请填写{labels[name].verbose_name}")
        for name in self.EXPECTED:
            if not self.filled(name):
                yield Problem(name, f"待补{self.label(name)}", "missing")
        for step in self.STEPS:
            yield from step.problems(self)
        yield from self._malformed(rules)
        yield from self._late_extensions()
        yield from self._of_locked_month(rules)

    @classmethod
    def label(cls, name: str) -> str:
        """The Chinese label of a field, of a kind of lines, or of a property (its docstring up to the first stop)."""
        for kind in cls.LINES:
            if kind.key() == name:
                return kind.TITLE
        if name in cls._meta.fields:
            return cls._meta.fields[name].verbose_name or name
        return (getattr(cls, name).__doc__ or name).partition("：")[0]

    def _malformed(self, rules: Rulebook) -> Iterator[Problem]:
        for name, text in malformed(self, rules):
            yield Problem(name, text)
        for kind in self.LINES:
            for position, line in enumerate(self.lines(kind), 1):
                for _name, text in malformed(line, rules):
                    yield Problem(kind.key(), f"{kind.TITLE}第{position}行{text}")
                for name in kind.MUSTS:
                    if getattr(line, name) in (None, ""):
                        yield Problem(kind.key(), f"{kind.TITLE}第{position}行缺{kind._meta.fields[name].verbose_name}")

    def twin(self, *names: str, told: tuple[str, ...]) -> Self | None:
        """Another live record of this register with the same non-empty values in these fields; None most often.

        Only its id and the fields `told` of are read.
        """
        if not all(self.filled(name) for name in names):
            return None
        values = [self._meta.fields[name].db_value(getattr(self, name)) for name in names]
        row = database.connection().execute(_twin_query(type(self), names, told), (*values, self.id)).fetchone()
        return self.of_row(dict(zip(("id", *told), row, strict=True))) if row else None

    def normalise(self) -> None:
        """Fold what was typed, in the record and its lines: see `db.checks.fold`."""
        for row in (self, *(line for rows in self.rows.values() for line in rows)):
            fold(row)

    @classmethod
    @cache
    def moves_from(cls, stage: str) -> Sequence[Move]:
        """The moves that are permitted at a stage."""
        return tuple(move for move in cls.MOVES if move.source == stage)

    def settle(self) -> None:
        """Let the stage follow the facts: make every move whose needs are filled, as far as they lead."""
        if not self.stage and self.STAGES:
            self.stage = self.STAGES[0].key
        passed = {self.stage}
        moved = True
        while moved:
            moved = False
            for move in self.moves_from(self.stage):
                if move.needs and move.target not in passed and all(map(self.filled, move.needs)):
                    self.stage, moved = move.target, True
                    passed.add(move.target)
                    break

    def set_due(self, rules: Rulebook, key: str, start: date | None) -> None:
        """Compute `due_on` by the deadline rule `key` from `start`, unless the clerk has set a date by hand.

        A date without `due_rule` is the clerk's own and stays; an empty key takes the computed date away.
        """
        if self.due_on and not self.due_rule:
            return
        rule = rules.deadlines.rule(key, start) if key else None
        due = rules.due(key, start) if rule else None
        self.due_on, self.due_rule, self.due_version = (due.on, due.rule, due.version) if due else (None, "", 0)
        self.is_provisional = bool(due and due.provisional)
        self.due_basis = rule.label if due and rule else ""

    def set_next_due(self, rules: Rulebook, *clocks: Clock) -> None:
        """Make `due_on` the earliest deadline of the clocks that run, with its label; none runs: no deadline.

        Of equal deadlines the first clock counts. A stopped clock (a matter sent back) is one without a start.
        """
        self._is_clocked, self.first_due_on = True, None
        self.due_on, self.due_rule, self.due_version, self.is_provisional, self.due_basis = None, "clocks", 0, False, ""
        for clock in clocks:
            due = rules.due(clock.key, clock.start) if clock.key else None
            first = clock.on or (due.on if due else None)
            on = clock.until if first and clock.until else first
            if on is None or clock.done_on or (self.due_on and self.due_on <= on):
                continue
            self.due_on, self.due_basis = on, clock.label
            self.first_due_on = first if on != first else None
            computed = due if due and on == due.on else None
            self.due_rule, self.due_version = (computed.rule, computed.version) if computed else ("clocks", 0)
            self.is_provisional = bool(computed and computed.provisional)

    def extensions(self) -> list[Extension]:
        """The extensions of the time limit, in their order; empty where the register has none."""
        return [line for kind in self.LINES if issubclass(kind, Extension) for line in self.lines(kind)]

    def prolonged_until(self) -> date | None:
        """The day to which the last approved extension has moved the limit; None without one."""
        approved = [line.until_on for line in self.extensions() if line.approved_on and line.until_on]
        return approved[-1] if approved else None

    def extend(self) -> None:
        """Let the last approved extension set `due_on`; `first_due_on` keeps what stood there before.

        Where clocks set the deadline, the clock that is prolonged says so itself (`Clock.until`).
        """
        if self._is_clocked:
            return
        until = self.prolonged_until()
        is_fresh = self.due_rule or not self.first_due_on  # computed just now, or never extended so far
        first = self.due_on if is_fresh else self.first_due_on
        self.due_on, self.first_due_on = (until, first) if until and first else (first, None)

    def _late_extensions(self) -> Iterator[Problem]:
        """An extension is asked for before the limit that it moves has passed, and moves it ahead."""
        limit = self.first_due_on or self.due_on
        for line in self.extensions():
            if line.asked_on and limit and line.asked_on > limit:
                yield Problem(
                    type(line).key(), f"延期申请{line.asked_on}晚于原定时限{limit}：应在到期前提出", "missing"
                )
            if line.until_on and limit and line.until_on <= limit and line.approved_on:
                yield Problem(type(line).key(), f"延至{line.until_on}不晚于原定时限{limit}")
            if line.approved_on:
                if not line.approver:
                    yield Problem(type(line).key(), "批准延期要写批准人", "missing")
                limit = line.until_on or limit

    def _of_locked_month(self, rules: Rulebook) -> Iterator[Problem]:
        """A page of its month was signed: the record goes in all the same, and is named on the page from then on."""
        day = self.business_date()
        if day and rules.is_locked(day):
            listed = "改动将列入更正" if self.id else "本条将列入补录"
            text = f"{day.year}年{day.month}月已锁定，{listed}"
            yield Problem(self.BUSINESS_DATE, text, "note", at_once=True)

    def referrers(self) -> list[tuple[type[Record], int]]:
        """The live records that name this one by its number, as (register, id); the newest first in each register."""
        found: dict[tuple[type[Record], int], None] = {}
        for register, table, column in self.REFERRED_BY if self.number else ():
            owner = "n.id" if table is register else "n.owner_id"
            sql = (
                f'SELECT r.id FROM "{table.key()}" n JOIN "{register.key()}" r ON r.id = {owner} '
                f'WHERE n."{column}" = ? AND n."{column}" <> \'\' AND r.deleted_at IS NULL AND r.voided_on IS NULL '
                "ORDER BY r.id DESC"
            )
            found |= dict.fromkeys((register, row[0]) for row in database.execute_sql(sql, (self.number,)))
        return list(found)

    def is_finished(self) -> bool:
        """Whether the clock has ended; a register overrides it when a closed stage still leaves a duty."""
        return bool(self.STAGES) and self.stage_of(self.stage).closed

    def rank(self) -> None:
        """Set the columns by which lists and boards sort: listing date, open or not, order of urgency."""
        self.listed_on = self.business_date() or self.listed_on or date.fromisoformat(self.created_at[:10])
        self.is_open = not (self.is_finished() or self.voided_on or self.deleted_at or self.is_placeholder)
        if self.is_open:
            self.sort_due = f"0{self.due_on.isoformat()}" if self.due_on else "1"
        else:
            # What is done keeps its deadline, so that the same index finds all that fell due within some days.
            self.sort_due = "3" if self.voided_on else f"2{self.due_on or '-'}"


@cache
def _line_keys(register: type[Record]) -> frozenset[str]:
    return frozenset(kind.key() for kind in register.LINES)


@cache
def _twin_query(register: type[Record], names: tuple[str, ...], told: tuple[str, ...]) -> str:
    """The statement behind `twin`; quicker than through peewee."""
    columns = ",".join(f'"{register._meta.fields[name].column_name}"' for name in ("id", *told))
    wanted = " AND ".join(f'"{register._meta.fields[name].column_name}" = ?' for name in names)
    live, table = "deleted_at IS NULL AND voided_on IS NULL", f'"{register.key()}"'
    return f"SELECT {columns} FROM {table} WHERE {wanted} AND {live} AND id IS NOT ? LIMIT 1"
