"""The SQL of counts: compiled once for each declaration, run over one stretch of days after another.

A register lies in the table `t1`; under a count of lines, the lines are `t1` and their register is `t2`.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, partial
from itertools import pairwise
from typing import Any

import peewee as pw

from db.figures.periods import Period
from db.record import Count, Mean, Record, Sum
from db.rules.workdays import Workdays

Amount = int | Decimal
PLACES = 6


@dataclass(frozen=True, eq=False)
class Tally:
    """A count of one register in SQL.

    `source` is the FROM part; `live` leaves out voided and deleted records; `day` is the date that must lie in the
    period, `business` the business date of the record, `record` the alias of its table; `condition` is what else must
    be met, with its `values`; `amount` the column that is added up, empty when records or lines are counted. `index`
    is an indexed column that holds the same day, behind each of `prefixes`; empty when there is none; `known` leaves
    out those that it holds another day of, which have none of their own. `is_spread`:
    `amount` is an aggregate that tells how often each length occurs, see `_Spread`.
    """

    count: Count
    source: str
    record: str
    live: str
    day: str
    business: str
    until: str
    amount: str
    condition: str
    values: tuple[Any, ...]
    index: str
    prefixes: tuple[str, ...]
    known: str = ""
    is_spread: bool = False

    @property
    def is_stock(self) -> bool:
        """Whether only the end of a period matters."""
        return bool(self.count.until or self.count.ahead)

    def within(self, period: Period) -> str:
        """The condition that a row belongs to a period."""
        start, end = f"'{period.start}'", f"'{period.end}'"
        if not self.is_stock:
            return f"{self.day} >= {start} AND {self.day} < {end}"
        until = f" AND ({self.until} IS NULL OR {self.until} >= {end})" if self.until else ""
        if self.count.ahead:
            horizon = period.end + timedelta(self.count.ahead)
            return f"{self.day} >= {end} AND {self.day} < '{horizon}' AND {self.business} < {end}{until}"
        return f"{self.day} < {end}{until}"

    def number(self, also: str = "") -> str:
        """The aggregate that counts or adds up the rows that meet the condition (and one more)."""
        what = self.amount if self.is_spread else f"SUM({self.amount})" if self.amount else "COUNT(*)"
        return f"{what} FILTER (WHERE {self.condition}{f' AND {also}' if also else ''})"


@cache
def tally(register: type[Record], count: Count) -> Tally:
    """The SQL of a count."""
    line = count.of
    record = '"t1"' if line is None else '"t2"'
    source = f'"{register.key()}" AS "t1"'
    business = register._meta.fields[register.BUSINESS_DATE].column_name
    query: Any = register.select(pw.SQL("1"))
    if line is not None:
        source = f'"{register.key()}" AS "t2" CROSS JOIN "{line.key()}" AS "t1" ON "t1"."owner_id" = "t2"."id"'
        query = line.select(pw.SQL("1")).join(register, on=(line.owner == register.id))
    wanted = [count.where] if count.where is not None else []
    if count.stages:
        wanted.append(register._meta.fields["stage"].in_(count.stages))
    sql, values = query.where(*wanted).sql() if wanted else ("", [])
    day = column(register, count, count.on) if count.on else f'{record}."{business}"'
    index, prefixes, known = "", ("",), ""
    if day == f'{record}."{business}"':
        index, known = f'{record}."listed_on"', f" AND {day} IS NOT NULL"
    elif day == f'{record}."due_on"':
        index, prefixes = f'{record}."sort_due"', ("0", "2")  # see Record.rank
    return Tally(
        count=count,
        source=source,
        record=record,
        live=f'{record}."voided_on" IS NULL AND {record}."deleted_at" IS NULL',
        day=day,
        business=f'{record}."{business}"',
        until=column(register, count, count.until) if count.until else "",
        amount=column(register, count, count.field) if isinstance(count, Sum) else "",
        condition=f"({sql.partition(' WHERE ')[2] or '1'})",
        values=tuple(_plain(value) for value in values),
        index=index,
        prefixes=prefixes,
        known=known,
    )


@cache
def spread(register: type[Record], mean: Mean, function: str) -> Tally:
    """How many records of a mean took how many working days, of those that have both dates.

    `function` is the name of the SQL aggregate that tells it: one pass over the rows serves mean and median.
    """
    count = mean.of
    start, end = (column(register, count, name) for name in (mean.start, mean.end))
    plain = tally(register, count)
    condition = f"({plain.condition} AND {start} IS NOT NULL AND {end} IS NOT NULL)"
    return replace(plain, condition=condition, amount=f"{function}({start} || {end})", is_spread=True)


def column(register: type[Record], count: Count, name: str) -> str:
    """The column of a field: of the lines that are counted when they have it, else of their record."""
    if count.of is not None and name in count.of._meta.fields:
        return f'"t1"."{count.of._meta.fields[name].column_name}"'
    return f'"{"t1" if count.of is None else "t2"}"."{register._meta.fields[name].column_name}"'


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def stretches(periods: Iterable[Period]) -> list[Period]:
    """The stretches of days of which the periods consist: none overlaps another, each lies whole in a period or not."""
    whole = set(periods)
    edges = sorted({edge for period in whole for edge in (period.start, period.end)})
    between = (Period(start, end) for start, end in pairwise(edges))
    return [one for one in between if any(period.start <= one.start and one.end <= period.end for period in whole)]


class _WorkdayNumbers(dict[str, int]):
    """The working days numbered one after the other, a rest day as the one before it: day as text -> number."""

    def __init__(self, days: Workdays) -> None:
        super().__init__()
        self._days = days
        self._first: date | None = None

    def __missing__(self, text: str) -> int:
        day = date.fromisoformat(text)
        self._first = self._first or day
        self[text] = number = self._days.between(self._first, day)
        return number


class _Spread:
    """An SQL aggregate over start || end, two ISO days: how often each number of working days occurs, as `5:12,6:3`.

    A year has few different pairs of days, so they are only collected row by row, and worked out once each.
    """

    def __init__(self, numbers: _WorkdayNumbers) -> None:
        self._numbers, rows = numbers, list[str]()
        self._rows = rows
        self.step = rows.append

    def finalize(self) -> str:
        """Every length with how often it occurs."""
        found: Counter[int] = Counter()
        for pair, times in Counter(self._rows).items():
            found[self._numbers[pair[10:]] - self._numbers[pair[:10]]] += times
        return ",".join(f"{length}:{times}" for length, times in found.items())


def _merged(spreads: Iterable[str | None]) -> Counter[int]:
    """What several spreads tell together."""
    found: Counter[int] = Counter()
    for part in (part for told in spreads if told for part in told.split(",")):
        length, _colon, times = part.partition(":")
        found[int(length)] += int(times)
    return found


class Counting:
    """Runs tallies over a connection; `spread` is the SQL aggregate of working days by one calendar."""

    def __init__(self, connection: sqlite3.Connection, days: Workdays) -> None:
        self._connection = connection
        # Each calendar has a function of its own, which keeps it: one that is in use cannot be replaced.
        self.spread = f"workdays_{id(days):x}"
        try:
            connection.execute(f"SELECT {self.spread}('2022-01-012022-01-01')")
        except sqlite3.OperationalError:
            aggregate: Any = partial(_Spread, _WorkdayNumbers(days))
            connection.create_aggregate(self.spread, 1, aggregate)

    def numbers(self, wanted: Mapping[Tally, Iterable[Period]]) -> dict[tuple[Tally, Period], Any]:
        """Every tally over its periods, with one pass for all that count rows of one table by one date.

        An `Amount` each; of a spread a Counter: number of working days -> how many records took so many.
        """
        together: dict[tuple[str, str], list[Tally]] = {}
        for one in wanted:
            together.setdefault((one.source, "" if one.is_stock else one.day), []).append(one)
        found: dict[tuple[Tally, Period], Any] = {}
        for same in together.values():
            periods = list(dict.fromkeys(period for one in same for period in wanted[one]))
            if same[0].is_stock:
                found |= self._stocks(same, periods)
            else:
                found |= self._flows(same, periods)
        return found

    def _flows(self, same: list[Tally], periods: Sequence[Period]) -> dict[tuple[Tally, Period], Any]:
        parts = stretches(periods)
        rows = self._by_index(same, parts) if same[0].index else self._in_one_scan(same, parts)
        places = _places(same)
        found: dict[tuple[Tally, Period], Any] = {}
        for period in periods:
            inside = [row for part, row in rows if period.start <= part.start and part.end <= period.end]
            for at, alike in enumerate(places.values()):
                values = [row[at] for row in inside]
                amount = _merged(values) if alike[0].is_spread else exact(sum(value or 0 for value in values))
                found.update(((one, period), amount) for one in alike)
        return found

    def _by_index(self, same: list[Tally], parts: list[Period]) -> list[tuple[Period, tuple[Any, ...]]]:
        """One range of the index for each stretch: nothing is sorted, and no row outside is looked at."""
        first = same[0]
        sql = (
            f"SELECT {', '.join(number for number, _values in _places(same))} FROM {first.source} WHERE {first.live} "
            f"AND {first.index} >= ? AND {first.index} < ?{first.known}"
        )
        values = [value for _number, some in _places(same) for value in some]
        return [
            (part, self._connection.execute(sql, (*values, f"{prefix}{part.start}", f"{prefix}{part.end}")).fetchone())
            for part in parts
            for prefix in first.prefixes
        ]

    def _in_one_scan(self, same: list[Tally], parts: list[Period]) -> list[tuple[Period, tuple[Any, ...]]]:
        """One scan for a date without an index, grouped by month when every stretch consists of months."""
        first, span = same[0], Period(parts[0].start, parts[-1].end)
        length = 7 if all(part.start.day == part.end.day == 1 for part in parts) else 10
        numbers = ", ".join(number for number, _values in _places(same))
        either = " OR ".join(alike[0].condition for alike in _places(same).values())
        sql = (
            f"SELECT substr({first.day}, 1, {length}), {numbers} FROM {first.source} "
            f"WHERE {first.live} AND {first.within(span)} AND ({either}) GROUP BY 1"
        )
        values = [value for _number, some in _places(same) for value in some]
        rows = self._connection.execute(sql, (*values, *values)).fetchall()
        return [
            (part, row[1:])
            for part in parts
            for row in rows
            if part.start.isoformat()[:length] <= row[0] < part.end.isoformat()[:length]
        ]

    def _stocks(self, same: list[Tally], periods: Sequence[Period]) -> dict[tuple[Tally, Period], Any]:
        """One scan for all ends of periods."""
        by_end = {period.end: period for period in periods}
        wanted = [(one, end) for one in same for end in by_end]
        sums = ", ".join(one.number(one.within(by_end[end])) for one, end in wanted)
        sql = f"SELECT {sums} FROM {same[0].source} WHERE {same[0].live}"
        values = [value for one, _end in wanted for value in one.values]
        row = self._connection.execute(sql, values).fetchone()
        numbers = dict(zip(wanted, row, strict=True))
        return {
            (one, period): _merged([value]) if one.is_spread else exact(value or 0)
            for one in same
            for period in periods
            for value in (numbers[one, period.end],)
        }

    def groups(
        self, one: Tally, columns: Sequence[str], periods: Sequence[Period]
    ) -> dict[Period, Counter[tuple[Any, ...]]]:
        """A tally split by columns: for each period, the values of the columns with how many rows hold them."""
        parts = list(dict.fromkeys(periods)) if one.is_stock else stretches(periods)
        found = {part: Counter(self._groups(one, columns, part)) for part in parts}
        if one.is_stock:
            return found
        return {
            period: sum(
                (found[part] for part in parts if period.start <= part.start and part.end <= period.end), Counter()
            )
            for period in periods
        }

    def _groups(self, one: Tally, columns: Sequence[str], period: Period) -> dict[tuple[Any, ...], Amount]:
        what = f"SUM({one.amount})" if one.amount else "COUNT(*)"
        sql = (
            f"SELECT {', '.join(columns)}, {what} FROM {one.source} WHERE {self._where(one, period)} "
            f"GROUP BY {', '.join(columns)}"
        )
        return {tuple(row[:-1]): exact(row[-1] or 0) for row in self._connection.execute(sql, one.values)}

    def _where(self, one: Tally, period: Period) -> str:
        within = one.within(period)
        if one.index and not one.is_stock:
            ranges = (
                f"({one.index} >= '{prefix}{period.start}' AND {one.index} < '{prefix}{period.end}')"
                for prefix in one.prefixes
            )
            within = f"({' OR '.join(ranges)}){one.known}"
        return f"{one.live} AND {within} AND {one.condition}"

    def ids(self, one: Tally, period: Period) -> list[int]:
        """The ids of the records behind a tally, newest first."""
        sql = (
            f'SELECT DISTINCT {one.record}."id" FROM {one.source} WHERE {self._where(one, period)} '
            f'ORDER BY {one.record}."listed_on" DESC, {one.record}."id" DESC'
        )
        return [row[0] for row in self._connection.execute(sql, one.values)]

    def texts(self, one: Tally, columns: Sequence[str], period: Period) -> list[tuple[Any, ...]]:
        """The id of the record and these columns of every row behind a tally, oldest record first, lines in order."""
        place = "" if one.count.of is None else ', "t1"."position"'
        sql = (
            f'SELECT {one.record}."id", {", ".join(columns)} FROM {one.source} WHERE {self._where(one, period)} '
            f'ORDER BY {one.record}."listed_on", {one.record}."id"{place}'
        )
        return self._connection.execute(sql, one.values).fetchall()


def _places(same: Iterable[Tally]) -> dict[tuple[str, tuple[Any, ...]], list[Tally]]:
    """The aggregates of tallies over one source, each once, with those who want it: in_done and in_finished are one."""
    places: dict[tuple[str, tuple[Any, ...]], list[Tally]] = {}
    for one in same:
        places.setdefault((one.number(), one.values), []).append(one)
    return places


def exact(number: Any) -> Amount:
    """A sum from SQLite without the errors of binary fractions: no field has more than so many decimals."""
    return Decimal(repr(round(number, PLACES))) if isinstance(number, float) else number
