"""今日: what burns in all registers, and what the year lacks. One indexed query for each register and question."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from db.catalogue import Catalogue
from db.directory.numbers import NumberReason
from db.figures import Figures, Period
from db.record import Record
from db.rules.lights import Clock, Light
from db.rules.numbering import gaps
from db.rules.rulebook import Rulebook
from db.summaries.sameness import same_lists
from db.summaries.wording import in_ranges
from db.tables import open_duty

AHEAD = 5  # working days that the third group looks ahead
SHOWN = 100  # matters of one register in a group; the count beside the heading is exact all the same
NAMED_GAPS = 4  # missing numbers that are named, of more only how many there are
Order = Literal["day", "register", "unit"]


@dataclass(frozen=True)
class Matter:
    """One record with a deadline; `holder` is the unit or person that has it, `duty` what is due if not the record."""

    register: str
    title: str
    record: int
    light: Light
    due_on: date
    number: str
    subject: str
    holder: str
    is_provisional: bool
    duty: str = ""


@dataclass(frozen=True)
class Group:
    """Matters of one urgency, the most urgent first; `count` is exact, `matters` hold at most `SHOWN` a register."""

    key: Literal["late", "due", "soon"]
    heading: str
    count: int
    matters: tuple[Matter, ...]


@dataclass(frozen=True)
class Gap:
    """Something that the year lacks, with the word for its one fix.

    `action` names what the fix opens, `register` and `target` where: todo (records to complete), new (entry), figure
    (rows behind the figure `target`), calendar, numbers, draft, backup (make one).
    """

    kind: Literal["todo", "soon", "late"]
    words: str
    fix: str
    action: Literal["todo", "new", "figure", "calendar", "numbers", "draft", "backup"]
    register: str = ""
    target: str = ""


@dataclass(frozen=True)
class Pulse:
    """Records of one register month by month, this year and last (12 counts each)."""

    register: str
    title: str
    this_year: tuple[int, ...]
    last_year: tuple[int, ...]


class Board:
    """Reads the board over one connection; `rules` give the day, the calendar and the office's settings."""

    def __init__(self, connection: sqlite3.Connection, catalogue: Catalogue, rules: Rulebook) -> None:
        self._connection, self._catalogue, self._rules = connection, catalogue, rules

    @property
    def today(self) -> date:
        """The day that the board is for."""
        return self._rules.today

    def groups(self) -> tuple[Group, ...]:
        """Overdue, due today, due in the next five working days."""
        today = self.today
        last = self._rules.days.after(today, AHEAD)
        return (
            self._group("late", "逾期", "", today.isoformat()),
            self._group("due", "今天到期", today.isoformat(), f"{today.isoformat()}~"),
            self._group("soon", "接下来五个工作日", f"{today.isoformat()}~", f"{last.isoformat()}~"),
        )

    def _group(self, key: Any, heading: str, start: str, end: str) -> Group:
        count, found = 0, list[Matter]()
        for register in self._catalogue:
            table = register.key()
            inside = "deleted_at IS NULL AND sort_due >= ? AND sort_due < ?"
            edges = (f"0{start}", f"0{end}")
            number = self._connection.execute(f'SELECT count(*) FROM "{table}" WHERE {inside}', edges).fetchone()[0]
            count += number
            if number:
                holder = f'"{register.HOLDER}"' if register.HOLDER else "''"
                sql = (
                    f'SELECT id, due_on, number, "{register.SUBJECT}", {holder}, is_provisional FROM "{table}" '
                    f"WHERE {inside} ORDER BY sort_due, id LIMIT {SHOWN}"
                )
                found += [self._matter(register, *row) for row in self._connection.execute(sql, edges)]
            for day, done in register.ALSO_DUE:
                more, matters = self._duties(register, day, done, start, end)
                count += more
                found += matters
        found.sort(key=lambda matter: matter.due_on)
        return Group(key, heading, count, tuple(found))

    def _duties(self, register: type[Record], day: str, done: str, start: str, end: str) -> tuple[int, list[Matter]]:
        """How many duties of a kind are due from `start` until before `end`, and the first of them."""
        columns = {name: field.column_name for name, field in register._meta.fields.items()}
        inside = f'{open_duty(columns[day], columns.get(done, ""))} AND "{columns[day]}" >= ? AND "{columns[day]}" < ?'
        run, table = self._connection.execute, register.key()
        count = run(f'SELECT count(*) FROM "{table}" WHERE {inside}', (start, end)).fetchone()[0]
        holder = f'"{register.HOLDER}"' if register.HOLDER else "''"
        sql = (
            f'SELECT id, "{columns[day]}", number, "{register.SUBJECT}", {holder}, 0 FROM "{table}" '
            f'WHERE {inside} ORDER BY "{columns[day]}", id LIMIT {SHOWN}'
        )
        rows = run(sql, (start, end)).fetchall() if count else []
        return count, [replace(self._matter(register, *row), duty=register.label(day)) for row in rows]

    def _matter(self, register: type[Record], record: int, due: str, *texts: Any) -> Matter:
        on = date.fromisoformat(due)
        number, subject, holder, provisional = texts
        shown = self._rules.light(Clock(on, True, 0, False, ""))
        return Matter(register.key(), register.TITLE, record, shown, on, number, subject, holder, bool(provisional))

    def gaps(self) -> tuple[Gap, ...]:
        """What the year lacks: numbers, months without a session, records to complete, what a figure warns of."""
        return (*self._missing_numbers(), *self._empty_months(), *self._incomplete(), *self._warnings())

    def _missing_numbers(self) -> Iterator[Gap]:
        year = self.today.year
        for register in self._catalogue:
            if register.NUMBERING is None:
                continue
            sql = (
                f'SELECT series, sequence FROM "{register.key()}" WHERE year = ? AND sequence IS NOT NULL '
                "AND series IN (SELECT series FROM counted)"
            )
            counted = (
                f'WITH counted AS (SELECT series FROM "{register.key()}" WHERE year = ? AND sequence IS NOT NULL '
                "GROUP BY series HAVING count(*) < max(sequence)) "
            )
            reasons = self._explained(register, year)
            used: dict[str, list[int]] = {}
            for series, sequence in self._connection.execute(counted + sql, (year, year)):
                used.setdefault(series, []).append(sequence)
            for series, numbers in sorted(used.items()):
                missing = [n for first, last in gaps(numbers) for n in range(first, last + 1)]
                explained = reasons.get(series, ())
                missing = [n for n in missing if not any(first <= n <= last for first, last in explained)]
                if not missing:
                    continue
                named = "、".join(map(str, missing[:NAMED_GAPS])) + ("……" if len(missing) > NAMED_GAPS else "")
                words = f"{series or register.TITLE}第{named}号空缺"
                if len(missing) > NAMED_GAPS:
                    words += f"，共{len(missing)}个"
                yield Gap("todo", words, "核查", "numbers", register.key(), series)

    def _explained(self, register: type[Record], year: int) -> dict[str, list[tuple[int, int]]]:
        """Series -> the runs of missing numbers of a year for which the office has written the reason."""
        sql = f'SELECT series, first, last FROM "{NumberReason.key()}" WHERE register = ? AND year = ?'
        found: dict[str, list[tuple[int, int]]] = {}
        for series, first, last in self._connection.execute(sql, (register.key(), year)):
            found.setdefault(series, []).append((first, last))
        return found

    def _empty_months(self) -> Iterator[Gap]:
        """Past months of the year in which a figure that every month should have is zero (a month without study)."""
        months = [Period.month(self.today.year, month) for month in range(1, self.today.month)]
        figures = Figures(self._connection, self._catalogue, self._rules.days)
        for register in self._catalogue:
            key = register.EVERY_MONTH
            if not key or not months or not self._began(register):
                continue
            values = figures.values([key], months)
            empty = [period.start.month for period in months if not values[key, period].value]
            if empty:
                yield Gap("todo", f"{in_ranges(empty)}月没有{figures[key].label}记录", "补录", "new", register.key())

    def _began(self, register: type[Record]) -> bool:
        """Whether anything was ever recorded there: an office that does not keep a register is not asked for it."""
        sql = f'SELECT EXISTS (SELECT 1 FROM "{register.key()}" WHERE deleted_at IS NULL)'
        return bool(self._connection.execute(sql).fetchone()[0])

    def _incomplete(self) -> Iterator[Gap]:
        for register in self._catalogue:
            sql = (
                f'SELECT count(*) FROM "{register.key()}" WHERE missing > 0 AND voided_on IS NULL '
                "AND deleted_at IS NULL"
            )
            count = self._connection.execute(sql).fetchone()[0]
            if count:
                yield Gap("todo", f"{count:,} 条{register.TITLE}待补全", "查看", "todo", register.key())

    def _warnings(self) -> Iterator[Gap]:
        """Figures that a register wants to be seen as long as they are not zero (documents about to expire)."""
        figures = Figures(self._connection, self._catalogue, self._rules.days)
        now = Period(date(self.today.year, 1, 1), self.today + timedelta(1))
        for register in self._catalogue:
            for key in register.WARNED:
                value = figures.value(key, now).value
                if value:
                    words = f"{figures[key].label} {value:,} {figures[key].unit}"
                    yield Gap("soon", words, "查看", "figure", register.key(), key)
        for same in same_lists(self._connection, self._catalogue, figures, now):
            yield Gap("soon", same.words, "查看", "figure", same.register, same.one)

    def pulses(self) -> tuple[Pulse, ...]:
        """The registers that want it, month by month; those that hold nothing in two years are left out."""
        found = (self._pulse(register) for register in self._catalogue if register.PULSE)
        return tuple(pulse for pulse in found if any((*pulse.this_year, *pulse.last_year)))

    def _pulse(self, register: type[Record]) -> Pulse:
        year = self.today.year
        return Pulse(register.key(), register.TITLE, self._months(register, year), self._months(register, year - 1))

    def _months(self, register: type[Record], year: int) -> tuple[int, ...]:
        sql = f'SELECT count(*) FROM "{register.key()}" WHERE deleted_at IS NULL AND listed_on >= ? AND listed_on < ?'
        spans = [Period.month(year, month) for month in range(1, 13)]
        return tuple(
            self._connection.execute(sql, (span.start.isoformat(), span.end.isoformat())).fetchone()[0]
            for span in spans
        )


def arranged(group: Group, order: Order) -> list[tuple[str, tuple[Matter, ...]]]:
    """The matters of a group by day (one part without a name), by register or by unit, the most urgent part first."""
    if order == "day":
        return [("", group.matters)]
    parts: dict[str, list[Matter]] = {}
    for matter in group.matters:
        name = matter.title if order == "register" else matter.holder or "未定单位"
        parts.setdefault(name, []).append(matter)
    return [(name, tuple(matters)) for name, matters in parts.items()]
