"""The units ranked by how much they finished in time (按时办结率), and the charts of the same rates.

A unit with too few matters due has no rank; equals share one, and the next follows after them (1, 2, 2, 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from db.directory.units import UnitNames
from db.figures import EMPTY, Figures, Period, Side, Value, part_key
from db.figures.counting import Amount
from db.record import Rate
from db.summaries.document import Cell, Chart, Column, Note, Series, Source, Sources, Table
from db.summaries.wording import number

TOO_FEW, UNRANKED = "样本不足", "—"
CHARTED = 12  # units that the chart has room for
_SIDES: dict[Side, str] = {"": "应办结", "part": "按时办结", "rest": "超期办结或逾期未结"}
Pair = tuple[Amount, Amount]


@dataclass
class Standing:
    """One unit: in time and due over all registers, the same by rate, and its names in each."""

    unit: str
    part: Amount = 0
    base: Amount = 0
    each: dict[str, Pair] = field(default_factory=dict[str, Pair])
    names: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    rank: int | None = None

    def add(self, rate: str, name: str, part: Amount, base: Amount) -> None:
        """Count what one register knows of the unit under one of its names."""
        before = self.each.get(rate, (0, 0))
        self.each[rate] = (before[0] + part, before[1] + base)
        self.part, self.base = self.part + part, self.base + base
        self.names.setdefault(rate, set()).add(name)

    @property
    def rate(self) -> Decimal:
        """What was finished in time, in per cent; the base must not be zero."""
        return Decimal(self.part) * 100 / Decimal(self.base)


def standings(rates: Mapping[str, Mapping[str, Pair]], units: UnitNames, least: int, merges: bool) -> list[Standing]:
    """The units by rank, then those with fewer than `least` matters due; `rates` are rate -> unit -> (part, base).

    Short names and aliases count as the unit; with `merges`, predecessors as their successor of today.
    """
    found: dict[str, Standing] = {}
    for rate, by_unit in rates.items():
        for name, (part, base) in by_unit.items():
            if name == EMPTY:
                continue
            unit = units.merged_name(name) if merges else units.full_name(name)
            found.setdefault(unit, Standing(unit)).add(rate, name, part, base)
    with_base = sorted((one for one in found.values() if one.base), key=lambda one: (-one.rate, -one.base, one.unit))
    ranked = [one for one in with_base if one.base >= least]
    for at, one in enumerate(ranked, 1):
        before = ranked[at - 2] if at > 1 else None
        one.rank = before.rank if before is not None and before.rate == one.rate else at
    return ranked + [one for one in with_base if one.base < least]


class Ranking:
    """The ranking of one month, with the rate of the year so far beside it; registers declare the rates (`Rate.by`)."""

    def __init__(
        self, figures: Figures, month: Period, year: Period, units: UnitNames, least: int, merges: bool
    ) -> None:
        """`least` is the smallest number of matters due that is ranked."""
        self._figures, self._month, self._year, self._least = figures, month, year, least
        self._rates = [one for one in figures if isinstance(one, Rate) and one.by]
        found = {rate.key: figures.rates_by(rate.key, [month, year]) for rate in self._rates}
        self._month_rates = {key: by_period[month] for key, by_period in found.items()}
        self.units = standings(self._month_rates, units, least, merges)
        so_far = standings({key: by_period[year] for key, by_period in found.items()}, units, least, merges)
        self._so_far = {one.unit: one for one in so_far}
        self._merges = merges
        self._used = [rate for rate in self._rates if any(rate.key in one.each for one in self.units)]

    def table(self) -> Table:
        """Rank, unit, matters due and in time, the rate, the same by register, the rate of the year so far."""
        titles = [self._figures.register_of(rate.key).TITLE for rate in self._used]
        split = len(titles) > 1
        columns = (
            Column("名次", 28, "centre"), Column("单位", 0), Column("应办结", 40, "right"),
            Column("按时办结", 46, "right"),
            Column("按时办结率（%）", 52, "right"),
            *(Column(f"其中：\n{title}", 50, "centre") for title in titles if split),
            Column("本年累计（%）", 52, "right"),
        )  # fmt: skip
        return Table(columns, tuple(self._row(one, split) for one in self.units))

    def _row(self, one: Standing, split: bool) -> tuple[Cell, ...]:
        rate = number(Value(one.rate)) if one.rank is not None else TOO_FEW
        year = self._so_far.get(one.unit)
        due, done = self._sources(one, self._month), self._sources(one, self._month, "part")
        return (
            Cell(str(one.rank) if one.rank is not None else UNRANKED, due), Cell(one.unit), Cell(str(one.base), due),
            Cell(str(one.part), done), Cell(rate, due),
            *(self._share(key.key, one) for key in self._used if split),
            Cell(number(Value(year.rate)) if year is not None and year.rank is not None else UNRANKED,
                 self._sources(year, self._year) if year is not None else None),
        )  # fmt: skip

    def _share(self, rate: str, one: Standing) -> Cell:
        part, base = one.each.get(rate, (0, 0))
        return Cell(f"{part}／{base}", self._sources(one, self._month, rates=(rate,))) if base else Cell("")

    def _sources(self, one: Standing, period: Period, side: Side = "", rates: Iterable[str] = ()) -> Sources:
        """The rows behind a unit's number: of every rate, or of some, under all names that count as the unit."""
        each = tuple(
            Source(part_key(self._figures[rate], name), period.start, period.end, side)
            for rate in rates or one.each
            for name in sorted(one.names[rate])
        )
        return Sources(f"{one.unit}：{_SIDES[side]}", each)

    def notes(self) -> Iterable[Note]:
        """What the ranking counts, and what it leaves out."""
        least = f"应办结不足{self._least}件的不排名，记“{TOO_FEW}”；" if self._least > 1 else ""
        merges = "更名、合并的单位并入现单位；" if self._merges else ""
        counted = "、".join(f"{self._figures.register_of(rate.key).TITLE}" for rate in self._used)
        yield Note(
            f"注：按时办结率＝时限在本月内的事项中按时办结的÷时限在本月内的事项（{counted}）；{least}{merges}"
            "比率相同的名次并列；分列为按时／应办结。"
        )
        nobody = sum(int(by_unit.get(EMPTY, (0, 0))[1]) for by_unit in self._month_rates.values())
        if nobody:
            yield Note(f"另有{nobody}件没有写明承办单位，不在排名内。")

    def chart(self) -> Chart | None:
        """What was due, by unit, in time and not; those with most. None when nothing was due."""
        most = sorted(self.units, key=lambda one: (-one.base, one.unit))[:CHARTED]
        if not most:
            return None
        done, rest = (tuple(self._sources(one, self._month, side) for one in most) for side in ("part", "rest"))
        return Chart(
            "件",
            tuple(one.unit for one in most),
            (
                Series(_SIDES["part"], tuple(int(one.part) for one in most), done),
                Series(_SIDES["rest"], tuple(int(one.base - one.part) for one in most), rest),
            ),
        )


def whole_number(text: str, otherwise: int) -> int:
    """A setting that is a number of at least 1, or what holds otherwise."""
    return max(int(text), 1) if text.strip().isdecimal() else otherwise
