"""What happens in the demo year, one step after the other, and the clock that walks with the steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from db.record import Line, Record, Table
from db.rules.workdays import Workdays

_OPEN, _NOON, _AFTERNOON, _LAST = 8 * 60 + 30, 12 * 60, 14 * 60 + 30, 17 * 60 + 20  # minutes of the office's day

Rows = Mapping[type[Line], list[Any]]


@dataclass(frozen=True)
class Step:
    """One saving of a record: when, by which clerk, which values are set on it (or on its lines) before.

    `sets` are (target, field, value); `rows` replace whole kinds of lines; `links` are (target, field, other record),
    set to the number that the other record has by then.
    """

    at: datetime
    by: str
    record: Record
    sets: tuple[tuple[Table, str, Any], ...] = ()
    rows: Rows = field(default_factory=dict[type[Line], list[Any]])
    links: tuple[tuple[Table, str, Record], ...] = ()

    def apply(self) -> Record:
        """Set what the step sets; give back the record with all its kinds of lines, ready to be saved."""
        for kind in self.record.LINES:
            self.record.rows.setdefault(kind.key(), [])
        for target, name, value in self.sets:
            setattr(target, name, value)
        for kind, lines in self.rows.items():
            self.record.rows[kind.key()] = lines
        for target, name, other in self.links:
            setattr(target, name, other.number)
        return self.record


def seeded(name: str) -> Random:
    """Chance that is the same in every build; each part of the demo has its own, so that one does not move another."""
    return Random(name)


def step(at: datetime, by: str, record: Record, rows: Rows | None = None, **values: Any) -> Step:
    """A step that sets fields of the record itself."""
    return Step(at, by, record, tuple((record, name, value) for name, value in values.items()), rows or {})


def joined(steps: Sequence[Step]) -> Step:
    """All steps of one record as one, at the moment of the first."""
    first = steps[0]
    sets = tuple(one for part in steps for one in part.sets)
    rows = {kind: lines for part in steps for kind, lines in part.rows.items()}
    return Step(first.at, first.by, first.record, sets, rows)


def outcomes(steps: Iterable[Step]) -> list[tuple[Record, dict[str, Any]]]:
    """Each record of the steps with what they set on it in the end, beside what it had before the first."""
    found: dict[int, tuple[Record, dict[str, Any]]] = {}
    for one in steps:
        record, values = found.setdefault(id(one.record), (one.record, {}))
        values.update({name: value for target, name, value in one.sets if target is record})
        values.setdefault("first_at", one.at)
        if "doc_on" in values:
            values.setdefault("numbered_at", one.at)
    return list(found.values())


class Almanac:
    """Working days and office hours, drawn at random but always the same for the same `rng`."""

    def __init__(self, days: Workdays, rng: Random) -> None:
        self.days, self._rng = days, rng
        self._months: dict[tuple[int, int], list[date]] = {}

    def of_month(self, year: int, month: int) -> list[date]:
        """The working days of a month."""
        if (year, month) not in self._months:
            first, following = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
            span = (first + timedelta(at) for at in range((following - first).days))
            self._months[year, month] = [day for day in span if self.days.is_workday(day)]
        return self._months[year, month]

    def spread(self, year: int, month: int, count: int) -> list[date]:
        """So many working days of a month, drawn with repetition, in their order."""
        return sorted(self._rng.choices(self.of_month(year, month), k=count))

    def last_of_year(self, year: int) -> date:
        """The last working day of a year."""
        return self.of_month(year, 12)[-1]

    def moment(self, day: date, after: datetime | None = None) -> datetime:
        """A moment in the office hours of a day, later than `after` when that lies on the same day."""
        earliest = _OPEN
        if after and after.date() == day:
            earliest = min(after.hour * 60 + after.minute + 1, _LAST)
        minute = self._rng.randint(earliest, _LAST)
        if _NOON <= minute < _AFTERNOON:
            minute = _AFTERNOON + (minute - _NOON) // 2
        at = datetime.combine(day, time(minute // 60, minute % 60, self._rng.randrange(60)))
        return at if after is None or at > after else after + timedelta(seconds=1 + self._rng.randrange(20))
