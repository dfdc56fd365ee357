"""普法 of the demo year: planned, held, filed; mostly for the office's own people, which its report names a problem."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from db.demo.office import People
from db.demo.steps import Almanac, Step, step
from db.registers.publicity_event import PublicityEvent, PublicityLaw
from db.resources import rows_of

_OWN = ("title", "place", "theme", "organiser", "partners", "form", "audience")


def events(rng: Random, almanac: Almanac, people: People, year: int, offset: int) -> Iterator[Step]:
    """The steps of the events of a year; `offset` is 0 for the demo year, -1 for the year before."""
    for row in rows_of("demo/events.csv"):
        if int(row["offset"]) == offset:
            yield from _event(rng, almanac, people, year, row)


def _event(rng: Random, almanac: Almanac, people: People, year: int, row: dict[str, str]) -> Iterator[Step]:
    days, clerk = almanac.days, people.clerk(rng, "综合股").name
    month, day = map(int, row["day"].split("-"))
    held = days.next_workday(date(year, month, day))
    planned = days.before(held, rng.randint(5, 12))
    record = PublicityEvent(
        held_on=held, venue_kinds=row["venue"], plan_item=row["plan"], contact=clerk,
        **{name: row[name] for name in _OWN},
    )  # fmt: skip
    laws = [PublicityLaw(title=title) for title in row["laws"].split("、")]
    first = step(almanac.moment(planned), clerk, record, {PublicityLaw: laws})
    counts = tuple((record, name, int(row[name])) for name in ("people", "views", "materials") if row[name])
    done = Step(almanac.moment(held, first.at), clerk, record, counts)
    filed = days.after(held, rng.randint(3, 8))
    yield from (first, done, step(almanac.moment(filed, done.at), clerk, record, filed_on=filed,
                                  summary=f"围绕“{row['theme']}”开展，资料已归档。"))  # fmt: skip
