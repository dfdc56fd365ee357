"""The figures of a catalogue: their values over periods and the rows behind each."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate
from typing import Any, Literal

from db.catalogue import Catalogue, counts_of
from db.figures.counting import Amount, Counting, Tally, column, spread, tally
from db.figures.periods import Period, Value, shares
from db.record import Count, Figure, Mean, Median, Rate, Record, Shares
from db.rules.workdays import Workdays

Side = Literal["", "part", "rest"]  # of a rate: its base, its part, what the base holds beside the part
EMPTY = "（空）"  # how a split names what has no value


@dataclass(frozen=True, eq=False)
class _Share:
    """One share of `whole`: that of `value`, whose records are those of `count`."""

    whole: Shares
    value: str
    count: Count


class Figures:
    """The figures of a catalogue over one connection."""

    def __init__(self, connection: sqlite3.Connection, catalogue: Catalogue, days: Workdays) -> None:
        self._counting = Counting(connection, days)
        self._declared: dict[str, list[tuple[type[Record], Figure]]] = {}
        self._shares: dict[str, _Share] = {}
        listed: list[str] = []
        for register, figure in catalogue.figures():
            listed.append(figure.key)
            for one in dict.fromkeys((figure, *counts_of(figure))):
                known = self._declared.setdefault(one.key, [])
                if (register, one) not in known:
                    known.append((register, one))
        self._listed = [self._declared[key][0][1] for key in dict.fromkeys(listed)]

    def __iter__(self) -> Iterator[Figure]:
        """The figures in the order in which they are declared, without the counts that they consist of."""
        return iter(self._listed)

    def every(self) -> Iterator[Figure]:
        """The figures with the counts that rates and means consist of, each once."""
        return iter([declared[0][1] for declared in self._declared.values()])

    def __getitem__(self, key: str) -> Figure:
        """The figure with a key, which may be that of one value of a split; KeyError when no register declares it."""
        return self._find(key)[0][1]

    def registers_of(self, key: str) -> tuple[type[Record], ...]:
        """The registers whose records are behind a figure: one, or several when it adds up."""
        return tuple(register for register, _figure in self._find(key))

    def register_of(self, key: str) -> type[Record]:
        """The first register that declares a figure."""
        return self.registers_of(key)[0]

    def _find(self, key: str) -> list[tuple[type[Record], Figure]]:
        """The declarations of a figure; those of one value of a split are made when it is first asked for."""
        if key not in self._declared:
            whole = max((one for one in self._listed if _by(one) and key.startswith(f"{one.key}_")),
                        key=lambda one: len(one.key), default=None)  # fmt: skip
            if whole is None:
                raise KeyError(key)
            (register, _figure), *_others = self._declared[whole.key]
            self._declared[key] = [(register, self._part(register, whole, key))]
        return self._declared[key]

    def _part(self, register: type[Record], whole: Figure, key: str) -> Figure:
        """The figure of one value of a split."""
        text = key.removeprefix(f"{whole.key}_")
        definition = f"{whole.definition.rstrip('。')}：{text}。"
        if isinstance(whole, Rate):
            part, base = (self._of_value(register, count, whole.by, text) for count in (whole.part, whole.base))
            return replace(whole, key=key, label=f"{whole.label}：{text}", definition=definition, part=part, base=base,
                           by="", monthly=0)  # fmt: skip
        of = whole.of if isinstance(whole, Shares) else whole
        assert isinstance(of, Count)
        count = replace(
            self._of_value(register, of, _by(whole), text), key=key, label=f"{whole.label}：{text}",
            definition=definition,
        )  # fmt: skip
        if isinstance(whole, Shares):
            self._shares[key] = _Share(whole, text, count)
        return count

    def _of_value(self, register: type[Record], of: Count, name: str, text: str) -> Count:
        """The part of a count that has one value of a field."""
        model: Any = of.of if of.of is not None and name in of.of._meta.fields else register
        field = model._meta.fields[name]
        same = (field == text) if text != EMPTY else (field.is_null() | (field == ""))
        where = same if of.where is None else (of.where & same)
        return replace(of, where=where, by="", monthly=0)

    def value(self, key: str, period: Period) -> Value:
        """One figure over one period."""
        return self.values([key], [period])[key, period]

    def values(self, keys: Iterable[str], periods: Sequence[Period]) -> dict[tuple[str, Period], Value]:
        """Many figures over many periods; counts over the same date of the same register share one pass."""
        return self.each(dict.fromkeys(keys, periods))

    def each(self, wanted: Mapping[str, Sequence[Period]]) -> dict[tuple[str, Period], Value]:
        """Figures over periods of their own, in one go: key -> periods."""
        plain: dict[Tally, list[Period]] = {}
        for key, periods in wanted.items():
            for one in self._plain_tallies(key):
                plain.setdefault(one, []).extend(periods)
        numbers = self._counting.numbers(plain)
        return {
            (key, period): value
            for key, periods in wanted.items()
            for period, value in self._assemble(key, self._find(key), periods, numbers).items()
        }

    def _plain_tallies(self, key: str) -> list[Tally]:
        """The tallies of a figure that are single numbers: neither split nor of different values."""
        if key in self._shares:
            return []
        found: list[Tally] = []
        for register, figure in self._find(key):
            if isinstance(figure, Mean):
                found.append(spread(register, figure, self._counting.spread))
            elif isinstance(figure, Count | Rate):
                counts = (count for count in counts_of(figure) if not (count.by or count.distinct))
                found += [tally(register, count) for count in counts]
        return found

    def _assemble(
        self,
        key: str,
        declared: list[tuple[type[Record], Figure]],
        periods: Sequence[Period],
        numbers: dict[tuple[Tally, Period], Any],
    ) -> dict[Period, Value]:
        register, figure = declared[0]
        if key in self._shares:
            return self._one_share(register, self._shares[key], periods)
        if isinstance(figure, Shares):
            return self._all_shares(register, figure, periods)
        if isinstance(figure, Mean):
            lengths = spread(register, figure, self._counting.spread)
            average = _median if isinstance(figure, Median) else _mean
            return {period: average(numbers[lengths, period]) for period in periods}
        if isinstance(figure, Rate):
            part, base = (self._number(register, count, periods, numbers) for count in (figure.part, figure.base))
            return {period: _rate(part[period], base[period]) for period in periods}
        if figure.by:
            split = self._split(register, figure, figure.by, periods)
            return {period: Value(sum(parts.values()), parts=_ordered(parts)) for period, parts in split.items()}
        every = [self._number(one, count, periods, numbers) for one, count in declared if isinstance(count, Count)]
        return {period: Value(sum(number[period] for number in every)) for period in periods}

    def _number(
        self,
        register: type[Record],
        count: Count,
        periods: Sequence[Period],
        numbers: dict[tuple[Tally, Period], Amount],
    ) -> dict[Period, Amount]:
        one = tally(register, count)
        if not count.distinct:
            return {period: numbers[one, period] for period in periods}
        # Titles count as the same with and without their marks.
        text = f"TRIM({column(register, count, count.distinct)}, '《》 ')"
        found = self._counting.groups(one, [text], periods)
        return {period: sum(value not in (None, "") for (value,) in found[period]) for period in periods}

    def _split(
        self, register: type[Record], count: Count, by: str, periods: Sequence[Period]
    ) -> dict[Period, Counter[str]]:
        found = self._counting.groups(tally(register, count), [column(register, count, by)], periods)
        split: dict[Period, Counter[str]] = {}
        for period in periods:
            split[period] = Counter()
            for (value,), number in found[period].items():
                split[period][str(value) if value not in (None, "") else EMPTY] += number
        return split

    def rates_by(self, key: str, periods: Sequence[Period]) -> dict[Period, dict[str, tuple[Amount, Amount]]]:
        """A rate that is split, over periods: (part, base) of each value of its field that has a base."""
        register, rate = self._find(key)[0]
        assert isinstance(rate, Rate)
        part, base = (self._split(register, count, rate.by, periods) for count in (rate.part, rate.base))
        return {period: {value: (part[period][value], number) for value, number in base[period].items()}
                for period in periods}  # fmt: skip

    def _all_shares(self, register: type[Record], figure: Shares, periods: Sequence[Period]) -> dict[Period, Value]:
        found: dict[Period, Value] = {}
        for period, counts in self._split(register, figure.of, figure.by, periods).items():
            told = {value: counts.pop(value, 0) for value in figure.values} | dict(_ordered(counts))
            base = sum(told.values())
            parts = tuple(shares(told).items()) or tuple((value, 0) for value in told)
            found[period] = Value(sum(share for _value, share in parts) if base else None, base, parts if base else ())
        return found

    def _one_share(self, register: type[Record], share: _Share, periods: Sequence[Period]) -> dict[Period, Value]:
        whole = self._all_shares(register, share.whole, periods)
        return {
            period: Value(dict(value.parts).get(share.value, Decimal(0)) if value.base else None, value.base)
            for period, value in whole.items()
        }

    def rows(self, key: str, period: Period, register: type[Record] | None = None, side: Side = "") -> list[int]:
        """The ids of the records behind a figure, newest first: those of one register, the first unless one is named.

        Behind a rate stand the records of its base, or by `side` those of its part, or the rest; behind a mean or
        shares those that they are taken of.
        """
        wanted = self.register_of(key) if register is None else register
        figure = next(figure for one, figure in self._find(key) if one is wanted)
        if not isinstance(figure, Rate):
            return self._counting.ids(tally(wanted, counts_of(figure)[0]), period)
        if side == "part":
            return self._counting.ids(tally(wanted, figure.part), period)
        base = self._counting.ids(tally(wanted, figure.base), period)
        if side != "rest":
            return base
        counted = set(self._counting.ids(tally(wanted, figure.part), period))
        return [number for number in base if number not in counted]

    def all_rows(self, key: str, period: Period, side: Side = "") -> list[tuple[str, int]]:
        """The records behind a figure in all its registers: (key of the register, id)."""
        registers = self.registers_of(key)
        return [(one.key(), number) for one in registers for number in self.rows(key, period, one, side)]


def part_key(figure: Figure, value: str) -> str:
    """The key of the figure of one value of a split."""
    return f"{figure.key}_{value}"


def _by(figure: Figure) -> str:
    return figure.by if isinstance(figure, Count | Shares | Rate) else ""


def _rate(part: Amount, base: Amount) -> Value:
    return Value(Decimal(part) * 100 / base if base else None, base)


def _ordered(parts: Counter[str]) -> tuple[tuple[str, Amount], ...]:
    """The values of a split, the most frequent first, then by name."""
    return tuple(sorted(parts.items(), key=lambda part: (-part[1], part[0])))


def _mean(lengths: Mapping[int, int]) -> Value:
    """The mean of lengths with how often each occurs."""
    total = sum(length * times for length, times in lengths.items())
    of = sum(lengths.values())
    return Value(Decimal(total) / of if of else None, of)


def _median(lengths: Mapping[int, int]) -> Value:
    """The median of lengths with how often each occurs: the middle one, or the mean of the two in the middle."""
    of = sum(lengths.values())
    if not of:
        return Value(None, 0)
    ordered = sorted(lengths)
    upto = list(accumulate(lengths[length] for length in ordered))
    lower, upper = (ordered[bisect_right(upto, at)] for at in ((of - 1) // 2, of // 2))
    return Value(Decimal(lower + upper) / 2, of)
