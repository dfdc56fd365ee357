"""The plan of an import (the dry run): what would become of every row, before anything is written.

    book = read(path)
    plan = Plan(store, register, book)
    plan.counts, plan.indexes("refused"), plan.row(3)
    plan.edit(3, 0, "2022-03-05"); plan.set_column(2, "title"); plan.skip(5)
    apply(store, plan)                                            # db/exchange/applying.py

The plan reads the ledger, so it belongs to the thread whose connection it uses; it keeps no transaction open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, cast

from db.collection import uncollected
from db.directory.people import Person
from db.directory.units import unit_names
from db.errors import Cancelled, Problem
from db.exchange.book import Book, Cell
from db.exchange.cells import Reader, word_synonyms
from db.exchange.doubting import Doubted, twice
from db.exchange.evaluating import Evaluator
from db.exchange.gathering import LeftOut, gather
from db.exchange.guessing import Guessed
from db.exchange.identity import Identities
from db.exchange.layout import Layout, lay_out
from db.exchange.line_sheets import LineSheets
from db.exchange.memory import remembered
from db.exchange.outcome import CellPlan, Counts, PlanColumn, RowPlan
from db.exchange.procedure import Said
from db.exchange.readings import Reading, plain_text
from db.exchange.rows import Kind, Options, Row
from db.exchange.summing import (
    Guesses,
    guess_note,
    guesses,
    lacking,
    lacking_note,
    unread,
    unread_note,
    unread_sheets,
    unread_sheets_note,
)
from db.exchange.targets import IDENTITY, Target, targets
from db.record import Record
from db.store import journal
from db.store.connecting import one_state
from db.store.store import Store

Progress = Callable[[int, int], bool]  # (done, of): False asks to stop
_STEP = 256  # rows between two tellings of progress


class Plan:
    """The dry run of an import; see the module's docstring.

    Raises:
        Refused: when no heading is found, or a value of `options.given` cannot be read.
        Cancelled: when `progress` gave False.
    """

    def __init__(
        self, store: Store, register: type[Record], book: Book, layouts: Sequence[Layout] = (),
        options: Options | None = None, progress: Progress | None = None,
    ) -> None:  # fmt: skip
        self.store, self.register, self.book = store, register, book
        self.layouts = tuple(layouts) or lay_out(book, register, remembered(register))
        self.options = options or Options()
        self.left_out: tuple[LeftOut, ...] = ()
        self._rows: list[Row] = []
        self._counts: Counts | None = None
        self._guesses: tuple[Guesses, ...] | None = None
        self._notes: tuple[str, ...] | None = None
        self._groups: dict[Any, list[int]] = {}
        with uncollected():
            self._gather()
            self._evaluate_all(progress)

    @property
    def columns(self) -> tuple[PlanColumn, ...]:
        """The columns of the first sheet, then those that other sheets have besides."""
        known = targets(self.register)
        found: list[PlanColumn] = []
        for label, key, how in self._columns:
            target = known.by_key.get(key)
            found.append(PlanColumn(label, key, target.field if target else "", target.label if target else "", how))
        return tuple(found)

    @property
    def counts(self) -> Counts:
        """How many rows of each kind there are; counted once after each change."""
        if self._counts is None:
            self._counts = Counts(**Counter(row.kind for row in self._rows), left_out=len(self.left_out))
        return self._counts

    @property
    def notes(self) -> tuple[str, ...]:
        """What the clerk should know of the file as a whole; said once after each change."""
        if self._notes is None:
            lacks = [lacking_note(self.register, name, rows) for name, rows in self.lacks.items()]
            guessed = [guess_note(self.register, one) for one in self.guesses]
            strange = unread(self.layouts, self._rows)
            sheets = unread_sheets(self.book, self.layouts)
            told = [unread_sheets_note(sheets)] if sheets else []
            self._notes = (*self.book.notes, *told, *lacks, *guessed, *([unread_note(strange)] if strange else ()))
        return self._notes

    @property
    def guesses(self) -> tuple[Guesses, ...]:
        """What was told from other fields, by field; counted once after each change."""
        if self._guesses is None:
            self._guesses = guesses(self._rows)
        return self._guesses

    @property
    def lacks(self) -> dict[str, int]:
        """How many rows are refused for want of each of the `missing_columns`, where any are."""
        return lacking(self._rows, self.missing_columns)

    @property
    def needs_year(self) -> bool:
        """Whether days without a year were found and nothing tells theirs."""
        asked = any(layout.year is None for layout in self.layouts) and self.options.year is None
        return asked and any("没有写年份" in problem.text for row in self._rows for problem in row.problems)

    @property
    def missing_columns(self) -> tuple[str, ...]:
        """Fields that a record must have and no column gives; `Options.given` can set them for every row."""
        named = [target for row in self._evaluator.targets for target in row if target and target.line is None]
        there = {name for target in named for name in (target.field, target.beside)}
        there |= {target.field for key in self.options.given if (target := targets(self.register).by_label(key))}
        return tuple(name for name in self.register.MUSTS if name not in there)

    def __len__(self) -> int:
        return len(self._rows)

    def indexes(self, kind: Kind | None = None) -> list[int]:
        """The indexes of the rows of one kind, or of all, in the order of the file."""
        return [at for at, row in enumerate(self._rows) if kind is None or row.kind == kind]

    def kind(self, index: int) -> Kind:
        """The kind of a row."""
        return self._rows[index].kind

    def row(self, index: int) -> RowPlan:
        """What becomes of one row, worked out for showing it."""
        row = self._rows[index]
        before, record = self._stored(row)
        cells: list[CellPlan] = [CellPlan("")] * len(self._columns)
        for at, (target, reading) in enumerate(
            zip(self._evaluator.targets[row.layout], self._evaluator.readings(row), strict=True)
        ):
            cells[self._places[row.layout][at]] = self._cell(row, at, target, reading, before)
        sheet = self.layouts[row.layout].name
        existing = f"{before.get('number') or '未编号'}《{before[self.register.SUBJECT]}》" if before else ""
        return RowPlan(
            index, sheet, row.number, row.kind, tuple(cells), row.problems, record, existing, row.is_doubtful,
            self._guessed(row),
        )  # fmt: skip

    def edit(self, index: int, column: int, text: str) -> set[int]:
        """Type something else over a cell (column of `columns`); give back the indexes of the rows that changed."""
        row = self._rows[index]
        at = self._places[row.layout].index(column)
        row.cells = (*row.cells[:at], text, *row.cells[at + 1 :])
        row.carried -= {at}
        return self._again(index)

    def skip(self, index: int, is_skipped: bool = True) -> set[int]:
        """Leave a row out, or take it in again; give back the indexes of the rows that changed."""
        self._rows[index].is_skipped = is_skipped
        return self._again(index)

    def choose(self, index: int, choice: Doubted) -> set[int]:
        """Say what becomes of a row whose number is that of a record with another title, or of a row before it.

        Gives back the indexes of the rows that changed.
        """
        self._rows[index].choice, self._rows[index].is_skipped = choice, False
        return self._again(index)

    def set_column(self, column: int, key: str, progress: Progress | None = None) -> None:
        """Give a column another target (its key, or LEFT_OUT); every row is evaluated again."""
        label = self._columns[column][0]
        self.layouts = tuple(
            next((layout.with_field(one.at, key) for one in layout.columns if one.label == label), layout)
            for layout in self.layouts
        )
        self._gather()
        self._evaluate_all(progress)

    def set_options(self, options: Options, progress: Progress | None = None) -> None:
        """Choose something else for the whole file; every row is evaluated again."""
        self.options = options
        self._evaluate_all(progress)

    def set_layouts(self, layouts: Sequence[Layout], options: Options, progress: Progress | None = None) -> None:
        """Match all columns anew; what was edited or skipped stays so. The sheets and headings are the same as before.

        Raises as the constructor does.
        """
        self.layouts, self.options = tuple(layouts), options
        self._gather()
        self._evaluate_all(progress)

    def let_go(self) -> None:
        """Give the rows of plan and file back bit by bit: at one go they would keep other threads waiting."""
        for rows in (self._rows, *(sheet.rows for sheet in self.book.sheets)):
            while isinstance(rows, list) and rows:
                del rows[-_STEP:]

    def rows(self) -> Sequence[Row]:
        """The rows as they are to be written; for `apply`."""
        return self._rows

    def is_current(self) -> bool:
        """Whether nothing was written to the ledger since the rows were evaluated."""
        return self._head == journal.head(self.store.connection)

    def refresh(self, progress: Progress | None = None) -> None:
        """Evaluate every row again, after the ledger was changed."""
        self._evaluate_all(progress)

    def _gather(self) -> None:
        self._counts = self._guesses = self._notes = None
        left: list[LeftOut] = []
        edited = {(row.layout, row.number): row for row in self._rows}
        rows: list[Row] = []
        for at, layout in enumerate(self.layouts):
            known = targets(self.register).by_key
            down = [
                place for place, column in enumerate(layout.columns)
                if (target := known.get(column.key)) and target.part in ("年", "月")
            ]  # fmt: skip
            for found in gather(self.book.sheets[layout.sheet], layout, down):
                if isinstance(found, LeftOut):
                    left.append(found)
                    continue
                kept = edited.get((at, found.number))
                if kept is not None:
                    rows.append(
                        Row(at, found.number, kept.cells, kept.carried, is_skipped=kept.is_skipped, choice=kept.choice)
                    )
                else:
                    rows.append(Row(at, found.number, found.cells, found.carried))
        self._rows, self.left_out = rows, tuple(left)
        self._columns, self._places = _united(self.layouts)

    def _evaluate_all(self, progress: Progress | None) -> None:
        self._head = journal.head(self.store.connection)
        self._identities = Identities(self.store, self.register)
        reader = self._reader()
        self._evaluator = Evaluator(
            self.store, self.register, self.layouts, self.options, reader, self._identities,
            LineSheets(self.book, self.register, reader), self._rows,
        )  # fmt: skip
        self._groups = {}
        for at, row in enumerate(self._rows):
            row.keys = self._evaluator.keys_of(row)
            for key in row.keys:
                self._groups.setdefault(key, []).append(at)
        self._identities.gather_uuids({key[1] for key in self._groups if key[0] == "uuid"})
        self._identities.gather_twins((key[1], key[2]) for key in self._groups if key[0] == "twin")
        self._identities.gather_numbers({key[1] for key in self._groups if key[0] == "number"})
        total = len(self._rows)
        with uncollected(), one_state(self.store.connection):
            for at in range(total):
                self._evaluate(at)
                if progress and at % _STEP == 0 and not progress(at, total):
                    raise Cancelled
        if progress:
            progress(total, total)

    def _reader(self) -> Reader:
        is_own = any(column.key == IDENTITY for layout in self.layouts for column in layout.columns)
        people = frozenset(person.name for person in Person.select(Person.name))
        rules = self.store.rules
        return Reader(
            rules, unit_names(), people, self.book.is_1904, is_own, word_synonyms(), rules.setting("county")
        )  # fmt: skip

    def _evaluate(self, index: int) -> None:
        self._counts = self._guesses = self._notes = None
        row = self._rows[index]
        self._evaluator.evaluate(row)
        if row.kind == "skipped":
            return
        for key in row.keys:
            if key[0] == "twin" and row.kind == "new" and self._evaluator.choice(row) == "new":
                continue  # the clerk has said that it is another matter
            first = next(at for at in self._groups[key] if at == index or not self._rows[at].is_skipped)
            if first != index:
                other = self._rows[first]
                sheet = "" if other.layout == row.layout else f"工作表“{self.layouts[other.layout].name}”"
                title, above = self._evaluator.title_of(row), self._evaluator.title_of(other)
                text = twice(self.register, key, f"{sheet}第{other.number}行", title, above)
                row.kind, row.problems = "refused", (*row.problems, Problem(self._field_of(key), text))
                row.is_doubtful = key[0] == "twin"
                break

    def _field_of(self, key: tuple[Any, ...]) -> str:
        return self.register.TWINS[key[1]][-1] if key[0] == "twin" else key[0]

    def _again(self, index: int) -> set[int]:
        """Evaluate a row again, and those that it stood in the way of or now stands in the way of."""
        row = self._rows[index]
        touched = {index}
        for key in row.keys:
            touched.update(self._groups[key])
            self._groups[key].remove(index)
        row.keys = self._evaluator.keys_of(row)
        for key in row.keys:
            group = self._groups.setdefault(key, [])
            group.append(index)
            group.sort()
            touched.update(group)
        self._identities.gather_uuids({key[1] for key in row.keys if key[0] == "uuid"})
        self._identities.gather_twins((key[1], key[2]) for key in row.keys if key[0] == "twin")
        for at in touched:
            self._evaluate(at)
        return touched

    def _stored(self, row: Row) -> tuple[dict[str, Any], int | None]:
        if row.record is None:
            return {}, None
        shape = self.store.shapes[self.register]
        found = self.store.connection.execute(shape.select, (row.record,)).fetchone()
        return (dict(zip(shape.names, found, strict=True)) if found else {}), row.record

    def _cell(self, row: Row, at: int, target: Target | None, reading: Reading, before: dict[str, Any]) -> CellPlan:
        text = plain_text(row.cells[at])
        if target is None:
            return CellPlan(text)
        problem = next(
            (one.text for one in row.problems if one.kind == "must" and one.field in (target.field, target.key)), ""
        ) if row.kind == "refused" else ""  # fmt: skip
        note = "；".join(filter(None, (
            reading.note, "取自上面一行" if at in row.carried else "",
            *(one.text for one in row.problems if one.kind == "note" and one.field == target.field),
        )))  # fmt: skip
        if target.is_many or target.part:
            is_kept = target.part and before and target.field not in (row.changes or {})
            return CellPlan(text, text if is_kept else "", "" if problem else text, problem, note)
        held = self._shown(target, before.get(target.field)) if before else ""
        after = held
        if row.kind == "new" and row.values:
            names = self.store.shapes[self.register].names
            after = self._shown(target, row.values[names.index(target.field)])
        elif row.changes and target.field in row.changes:
            after = self._shown(target, row.changes[target.field])
        elif row.kind == "doubted" and target.field == self.register.SUBJECT:
            after = text  # both titles are shown, so that the clerk can tell
        if isinstance(reading.value, Said) and reading.value.days:
            after = f"{after}：{text}"  # the days go into fields of their own
        return CellPlan(text, held, "" if problem else after, problem, note)

    def _guessed(self, row: Row) -> dict[str, CellPlan]:
        """What was guessed for fields that no column of the file gives."""
        there = {target.field for target in self._evaluator.targets[row.layout] if target}
        return {
            problem.field: CellPlan("", after=problem.word, note=problem.text)
            for problem in row.problems
            if isinstance(problem, Guessed) and problem.field not in there and row.kind == "new"
        }

    def _shown(self, target: Target, value: Any) -> str:
        """A stored value as a cell shows it."""
        if target.field == "stage" and value:
            return self.register.stage_of(value).label
        kind = type(target.model_field(self.register)).__name__
        if kind == "FlagField":
            return "是" if value else "否"
        return plain_text(cast("Cell", value))


def _united(layouts: Sequence[Layout]) -> tuple[list[tuple[str, str, str]], list[list[int]]]:
    """The columns of all sheets, those of one heading or one field once; and where those of each sheet stand there."""
    columns: list[tuple[str, str, str]] = []
    places: list[list[int]] = []
    for layout in layouts:
        own: list[int] = []
        for column in layout.columns:
            free = [at for at in range(len(columns)) if at not in own]
            place = next((at for at in free if columns[at][0] == column.label), None)
            if place is None and column.key:
                place = next((at for at in free if columns[at][1] == column.key), None)
            if place is None:
                place = len(columns)
                columns.append((column.label, column.key, column.how))
            own.append(place)
        places.append(own)
    return columns, places
