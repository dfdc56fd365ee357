"""What becomes of one row of a file: read cell by cell, found among what is there, checked by the register's rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from db.errors import Problem, Refused
from db.exchange.book import Cell
from db.exchange.cells import Reader
from db.exchange.dating import Dating
from db.exchange.doubting import Doubted, doubt, is_another
from db.exchange.flat import lines_of, listed_days, lists, told_of_several
from db.exchange.guessing import guess, guesses
from db.exchange.identity import Identities, twins_of
from db.exchange.layout import Layout
from db.exchange.leftover import added, has_remarks, keep_lost, set_aside, take_odd
from db.exchange.line_sheets import LineSheets, merge_lines
from db.exchange.pairs import apart
from db.exchange.periods import dated_targets, told
from db.exchange.procedure import Said
from db.exchange.readings import Both, DayOfYear, Reading
from db.exchange.rows import Options, Row
from db.exchange.spreading import spread
from db.exchange.targets import IDENTITY, MORE, Target, targets
from db.record import Line, Record
from db.store import index
from db.store.checking import Checking, awaits_number
from db.store.shapes import Shape, plain
from db.store.store import Store

BY_HAND = "手工指定"
Flat = dict[tuple[Any, ...], list[tuple[Target, Cell, Reading]]]  # (kind of lines, fixed fields) -> its columns
_Column = tuple[int, Target, Callable[[Cell], Reading]]  # place in the row's cells, target, what reads it
_MANIFOLD = frozenset((Both, Said))  # what a cell says of several fields
_KEPT_APART = frozenset(("updated_at", "updated_by"))


class Evaluator:
    """Evaluates the rows of one register; made anew when the columns or the options change."""

    def __init__(
        self, store: Store, register: type[Record], layouts: Sequence[Layout], options: Options, reader: Reader,
        identities: Identities, line_sheets: LineSheets, rows: Sequence[Row],
    ) -> None:  # fmt: skip
        self._store, self._register, self._options = store, register, options
        self._identities, self._reader, self._line_sheets = identities, reader, line_sheets
        self._shape: Shape = store.shapes[register]
        self._checking = Checking(store, gives_numbers=False, is_free=self._is_free, takes_any_number=True)
        self._numbering = register.numbering(store.rules)
        self._defaults = {one.name: one.default for one in register._meta.sorted_fields if one.name != "entry"}
        known = targets(register)
        self.targets = [dated_targets(known, layout.columns, layout.year or options.year) for layout in layouts]
        self._years = [layout.year or options.year for layout in layouts]
        self._dating = [Dating(register, year, layout.month) for year, layout in zip(self._years, layouts, strict=True)]
        self.read: list[list[Callable[[Cell], Reading]]] = [
            [
                self._read(one, column.label, (row.cells[place] for row in rows if row.layout == at))
                for place, (one, column) in enumerate(zip(taken, layout.columns, strict=True))
            ]
            for at, (taken, layout) in enumerate(zip(self.targets, layouts, strict=True))
        ]
        self._taken: list[list[_Column]] = [
            [(at, one, read) for at, (one, read) in enumerate(zip(row, reads, strict=True)) if one is not None]
            for row, reads in zip(self.targets, self.read, strict=True)
        ]
        self._telling = [_columns_of(row, {register.BUSINESS_DATE}.union(*register.TWINS)) for row in self._taken]
        self._naming = [_columns_of(row, {IDENTITY, "number"}) for row in self._taken]
        for at, named in enumerate(self._naming):
            if any(target.part for _place, target, _read in named):  # put together, with the day's year if it has none
                self._naming[at] = named + _columns_of(self._taken[at], {register.BUSINESS_DATE})
        self._given = self._constants(options.given)
        self._guesses, self._titles = list(guesses(register)), [layout.title for layout in layouts]
        self._told = frozenset(one.field for one in self._guesses if one.source == "remarks")
        self._subject = f'SELECT "{register.SUBJECT}" FROM "{register.key()}" WHERE id = ?'

    def _read(self, target: Target | None, label: str = "", cells: Iterable[Cell] = ()) -> Callable[[Cell], Reading]:
        if target is None:
            return _unread
        if target.beside:
            beside = (target.line or self._register)._meta.fields[target.beside]
            return self._reader.joined(target.model_field(self._register), beside, self._register)
        if target.key == MORE:
            return self._reader.noted(label, cells)
        read = self._reader.column(target.model_field(self._register), self._register, target.part, label, cells)
        return told(read, target)

    def _constants(self, given: Mapping[str, str]) -> dict[str, Any]:
        """The fields that every row holds unless it says something else.

        Raises:
            Refused: at the field, when such a value cannot be read.
        """
        found: dict[str, Any] = {}
        for key, text in given.items():
            target = targets(self._register).by_label(key)
            if target is None or target.line is not None:
                raise Refused(f"{self._register.TITLE}没有“{key}”这一项")
            reading = self._read(target)(text)
            if reading.problem:
                raise Refused([Problem(target.field, reading.problem)])
            found[target.field] = reading.value
        return found

    def readings(self, row: Row) -> list[Reading]:
        """What each cell of a row says."""
        return [read(cell) for read, cell in zip(self.read[row.layout], row.cells, strict=True)]

    def keys_of(self, row: Row) -> tuple[Any, ...]:
        """What tells the row from others of the file: ("uuid", …), ("number", …) or ("twin", place, …)."""
        values, _lines, _problems = self.values_of(row, self._naming[row.layout])
        uuid = values.get(IDENTITY)
        if uuid:
            return (("uuid", uuid),)
        number = values.get("number")
        if not number:
            values, _lines, _problems = self.values_of(row, self._telling[row.layout])
            return tuple(("twin", place, twin) for place, twin in twins_of(self._register, values))
        if self._is_short(number):
            values, _lines, _problems = self.values_of(row)
            self._complete_number(row, values)
            number = values["number"]
        parsed = self._numbering.parse(number) if self._numbering else None
        if parsed and not any(parsed[:2]):  # 第3次: every year has one
            values, _lines, _problems = self.values_of(row, self._telling[row.layout])
            parsed = ("", self._year_of(values) or 0, parsed[2])
        return (("number", parsed or number),)

    def values_of(
        self, row: Row, columns: Sequence[_Column] | None = None
    ) -> tuple[dict[str, Any], dict[str, list[Line]], list[Problem]]:
        """The values of the record's fields that a row gives, its lines, and the problems of its cells.

        `columns` are those looked at; None: all.
        """
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        parts: dict[str, dict[str, Any]] = {}
        flat: Flat = {}
        left: list[str] = []
        cells = row.cells
        for at, target, read in self._taken[row.layout] if columns is None else columns:
            cell = cells[at]
            if cell is None or cell == "":
                continue
            reading = read(cell)
            if target.line is not None:
                self._take_line(target, cell, reading, flat, problems)
            elif target.part and not reading.problem:
                parts.setdefault(target.field, {})[target.part] = reading.value
            elif type(reading.value) in _MANIFOLD:
                spread(self._register, target, reading.value, values)
            elif reading.value is not None and not reading.problem:
                values[target.field] = reading.value
            if (reading.problem and target.line is None) or reading.left:
                problems += take_odd(self._register, target, reading, left, self._reader.is_own, self._told)
        values = {**self._given, **values}
        self._dating[row.layout].assemble(parts, values, problems, self._reader)
        lines = self._lines(row, flat, values, problems) if flat else {}
        if left:
            values["remarks"] = added(values.get("remarks"), *left)
        return values, lines, problems

    def _take_line(self, target: Target, cell: Cell, reading: Reading, flat: Flat, problems: list[Problem]) -> None:
        """Keep a cell that holds lines; where the file has a sheet of such lines, that counts alone."""
        assert target.line is not None
        if target.line.key() not in self._line_sheets.kinds:
            if target.beside:
                if both := apart(self._register, target, reading):
                    flat.setdefault((target.line, target.fixed), []).extend(both)
                return
            cell = reading.text if type(cell) is float else cell
            flat.setdefault((target.line, target.fixed), []).append((target, cell, reading))
            if reading.problem and reading.value is None and not (lists(target) or listed_days(target, cell)):
                problems.append(Problem(target.key, reading.problem))

    def _lines(self, row: Row, flat: Flat, values: dict[str, Any], problems: list[Problem]) -> dict[str, list[Line]]:
        anchor, dating = values.get(self._register.BUSINESS_DATE), self._dating[row.layout]
        date_reader = self._reader.column(self._register._meta.fields["due_on"], self._register)

        def day(found: Any) -> date | None:
            value = date_reader(found).value if isinstance(found, str) else found
            if isinstance(value, DayOfYear):
                dated = dating.dated(value, anchor, None)
                return dated if isinstance(dated, date) else None
            return value

        lines: dict[str, list[Line]] = {}
        for (kind, _fixed), columns in flat.items():
            made, left = lines_of(columns, day)
            problems += told_of_several(columns[0][0], made)
            lines.setdefault(kind.key(), []).extend(made)
            if left and has_remarks(self._register):
                values["remarks"] = added(values.get("remarks"), f"{kind.TITLE}：{left}")
        return {key: made for key, made in lines.items() if made}

    def evaluate(self, row: Row) -> None:
        """Set the kind of a row, its problems, and what is to be written of it."""
        row.record, row.values, row.changes, row.lines, row.is_doubtful = None, (), None, None, False
        if row.is_skipped:
            row.kind, row.problems = "skipped", ()
            return
        values, lines, problems = self.values_of(row)
        uuid = values.pop(IDENTITY, None)
        if self._line_sheets:
            lines |= self._line_sheets.of(uuid, values.get("number"))
            problems += self._line_sheets.troubles(uuid, values.get("number"))
        self._complete_number(row, values)
        row.record = self._existing(uuid, values)
        if row.record is not None and self._is_doubtful(uuid, row.record, values):
            choice, row.is_doubtful = self.choice(row), True
            if choice == "skip":
                row.kind, row.problems = "doubted", (doubt(self._register, values),)
                return
            row.record = row.record if choice == "update" else None
        is_bad = any(problem.kind == "must" for problem in problems)
        try:
            if row.record is not None:
                problems += self._change(row, values, lines, is_bad)
            else:
                problems += self._make(row, values, lines, uuid, is_bad)
        except Refused as refused:
            problems += refused.problems
        unread = {
            problem.field for problem in problems if problem.kind == "must" and not problem.text.startswith("请填写")
        }
        row.problems = tuple(
            problem for problem in problems if problem.field not in unread or not problem.text.startswith("请填写")
        )
        if any(problem.kind == "must" for problem in problems):
            row.kind = "refused"

    def _is_free(self, record: Record) -> bool:
        """Whether it is known that no record has this number."""
        return self._identities.is_free((record.series, record.year, record.sequence or 0))

    def _year_of(self, values: Mapping[str, Any]) -> int | None:
        day = values.get(self._register.BUSINESS_DATE)
        return day.year if isinstance(day, date) else None

    def _complete_number(self, row: Row, values: dict[str, Any]) -> None:
        """Make the number of a row that is short for it (15, 2022-15, 信3) whole, so that its record is found."""
        if not self._is_short(values.get("number")):
            return
        told = {name: value for name, value in values.items() if name not in ("due_on", "first_due_on")}
        guess(self._guesses, self._register, told, self._titles[row.layout])
        record = self._new(told, {})
        with suppress(Refused):  # what is wrong with the row is told when it is evaluated
            self._checking.check(record, {})
        if self._numbering and self._numbering.parse(record.number):
            values["number"] = record.number

    def _is_short(self, number: str | None) -> bool:
        """Whether a number is whole only with what else the row says."""
        numbering = self._numbering
        return bool(number and numbering and not numbering.parse(number) and numbering.short(number))

    def _existing(self, uuid: str | None, values: dict[str, Any]) -> int | None:
        if uuid and (found := self._identities.by_uuid(uuid)) is not None:
            return found
        number = values.get("number")
        if number:
            return self._identities.by_number(number, self._numbering, self._year_of(values))
        for place, twin in twins_of(self._register, values):
            if (found := self._identities.by_twin(place, twin)) is not None:
                return found
        return None

    def choice(self, row: Row) -> Doubted:
        """What becomes of a row that bears the number of a record with another title."""
        return row.choice or self._options.doubted

    def title_of(self, row: Row) -> str:
        """The title that a row gives; empty where it gives none that can be read."""
        subject = self._register.SUBJECT
        values, _lines, _problems = self.values_of(
            row, [one for one in self._taken[row.layout] if one[1].key == subject]
        )
        return values.get(subject) or ""

    def _is_doubtful(self, uuid: str | None, record: int, values: dict[str, Any]) -> bool:
        """Whether the row is told to be a record by a number alone, and has another title than that."""
        title = values.get(self._register.SUBJECT)
        if not title or (uuid and self._identities.by_uuid(uuid) == record):
            return False
        held = self._store.connection.execute(self._subject, (record,)).fetchone()
        return is_another(index.fold(held[0] or ""), index.fold(title))

    def _make(
        self, row: Row, values: dict[str, Any], lines: dict[str, list[Line]], uuid: str | None, is_bad: bool
    ) -> list[Problem]:
        row.kind = "new"
        notes: list[Problem] = [*guess(self._guesses, self._register, values, self._titles[row.layout])]
        whole, is_told = dict(values), bool(values.get("stage"))
        record, found = self._with_deadline(values, lines)
        while not self._reader.is_own and (noted := set_aside(self._register, whole, found, is_told)):
            notes += noted
            values = dict(whole)
            record, found = self._with_deadline(values, lines)
        found = self._close(record, found, notes)
        notes += [] if self._reader.is_own else keep_lost(record, values)
        record.uuid = uuid or ""
        if not is_bad:
            row.awaits_number = awaits_number(record)
            row.values = tuple(self._shape.values(record).values())
            row.lines = {key: [*rows] for key, rows in record.rows.items() if rows} or None
        return [*notes, *found]

    def _with_deadline(self, values: dict[str, Any], lines: dict[str, list[Line]]) -> tuple[Record, list[Problem]]:
        """The new record, checked: its deadline by the rules where they give that of the file, else as set by hand."""
        due, first, basis = values.pop("due_on", None), values.pop("first_due_on", None), values.get("due_basis", "")
        record = self._new(values, lines)
        found = self._checking.check(record, {})
        for given in (first, due):
            is_by_rule = due == record.due_on and (not self._reader.is_own or basis == record.due_basis)
            if given is None or is_by_rule:
                continue
            words = basis if self._reader.is_own else basis or BY_HAND
            record = self._new({**values, "due_on": given, "due_basis": words}, lines)
            found = self._checking.check(record, {})
        return record, found

    def _new(self, values: dict[str, Any], lines: dict[str, list[Line]]) -> Record:
        record: Record = self._register(__no_default__=True)
        record.__data__ = {**self._defaults, **values}
        record.rows = {kind.key(): list(lines.get(kind.key(), ())) for kind in self._register.LINES}
        record.created_at = self._store.moment()
        return record

    def _close(self, record: Record, found: list[Problem], notes: list[Problem]) -> list[Problem]:
        """Take an old record as done, where the clerk has chosen so and the register has a stage for it."""
        before, day = self._options.done_before, record.business_date()
        stages = [stage for stage in record.STAGES if stage.closed and not stage.side]
        if not (before and stages and day and day < before) or record.stage_of(record.stage).closed:
            return found
        record.stage = stages[0].key
        notes.append(Problem("stage", f"{before}以前的，按所选记为{stages[0].label}", "note"))
        return self._checking.check(record, {})

    def _change(self, row: Row, values: dict[str, Any], lines: dict[str, list[Line]], is_bad: bool) -> list[Problem]:
        """What the row changes of a record that is there: blanks change nothing, lines are only added."""
        assert row.record is not None
        stored = self._store.connection.execute(self._shape.select, (row.record,)).fetchone()
        before = dict(zip(self._shape.names, stored, strict=True))
        differs = [name for name, value in values.items() if plain(value) != before[name]]
        row.kind = "same"
        if not (differs or lines) or is_bad:
            return []
        record = self._store.load(self._register, row.record)
        added = merge_lines(record, lines)
        if not (differs or added):
            return []
        for name in differs:
            setattr(record, name, values[name])
        found = self._checking.check(record, before)
        after = self._shape.values(record)
        changed = {name: after[name] for name in self._shape.names if after[name] != before[name]}
        if added or set(changed) - _KEPT_APART:
            row.kind = "changed"
            row.changes = {name: values[name] for name in differs}
            row.lines = {key: record.rows[key] for key in added} or None
        return found


def _columns_of(row: Iterable[_Column], names: Collection[str]) -> list[_Column]:
    """Those columns that fill one of these fields."""
    return [one for one in row if one[1].line is None and not {one[1].field, one[1].beside}.isdisjoint(names)]


def _unread(_cell: Cell) -> Reading:
    return Reading(None, "")
