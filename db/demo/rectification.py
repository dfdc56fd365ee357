"""整改 of the demo year: the two problems that its report names, and three of the year before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from db.demo.steps import Almanac, Step, step
from db.record import Table
from db.registers.rectification_plan import Measure, Progress, RectificationPlan
from db.resources import rows_of

REVIEWER = "厉芳"
_OWN = ("source", "category", "title", "cause", "target", "lead_unit", "co_units")


def _day(text: str, year: int) -> date:
    """+0-12-21: 21 December of the demo year; -1: of the year before."""
    found = re.fullmatch(r"([+-]\d)-(\d\d)-(\d\d)", text)
    if found is None:
        raise ValueError(f"not a day of the demo: {text}")
    offset, month, day = map(int, found.groups())
    return date(year + offset, month, day)


def plans(almanac: Almanac, year: int) -> Iterator[Step]:
    """The steps of all problems: found with their measures, progress reported, finished, closed."""
    lines: dict[str, list[dict[str, str]]] = {}
    for row in rows_of("demo/plan_lines.csv"):
        lines.setdefault(row["plan"], []).append(row)
    for row in rows_of("demo/plans.csv"):
        yield from _plan(almanac, year, row, lines[row["plan"]])


def _plan(almanac: Almanac, year: int, row: dict[str, str], lines: list[dict[str, str]]) -> Iterator[Step]:
    workday = almanac.days.next_workday
    found = workday(_day(row["found"], year))
    record = RectificationPlan(
        found_on=found, resp_leader=row["leader"], resp_person=row["person"], rect_kind=row["kind"],
        review_cycle=row["cycle"], due_on=_day(row["due"], year) if row["due"] else None,
        **{name: row[name] for name in _OWN},
    )  # fmt: skip
    planned = [line for line in lines if line["line"] == "措施"]
    measures = [Measure(text=line["text"], due_on=_day(line["on"], year)) for line in planned]
    yield step(almanac.moment(found), row["person"], record, {Measure: measures})
    reports: list[Progress] = []
    for line in sorted((line for line in lines if line["line"] == "进展"), key=lambda line: _day(line["on"], year)):
        on = workday(_day(line["on"], year))
        reports.append(Progress(on=on, text=line["text"], percent=int(line["note"]) if line["note"] else None))
        sets: list[tuple[Table, str, Any]] = list(_done(measures, planned, on, year))
        if row["cycle"]:
            sets.append((record, "last_review_on", on))
        yield Step(almanac.moment(on), row["person"], record, tuple(sets), {Progress: list(reports)})
    if row["closed"]:
        finished, closed = (workday(_day(row[name], year)) for name in ("finished", "closed"))
        first = step(almanac.moment(finished, datetime.combine(finished, time(17))), row["person"], record,
                     self_finished_on=finished, evidence=row["evidence"])  # fmt: skip
        yield first
        yield step(almanac.moment(closed, first.at), row["person"], record, reviewer=REVIEWER, reviewed_on=closed,
                   review_result="通过", closed_on=closed)  # fmt: skip


def _done(
    measures: list[Measure], planned: list[dict[str, str]], on: date, year: int
) -> Iterator[tuple[Measure, str, Any]]:
    """What a report of the day `on` sets on the measures that were carried out by then."""
    for measure, line in zip(measures, planned, strict=True):
        if line["done"] and _day(line["done"], year) <= on:
            yield measure, "done_on", _day(line["done"], year)
            yield measure, "evidence", line["note"]
