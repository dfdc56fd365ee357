"""整改 of the demo year: the two problems that its report names, and three of the year before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from db.demo.steps import Almanac, Step, step
from db.registers.rectification_plan import Measure, Progress, RectificationPlan
from db.resources import rows_of

_OWN = ("source", "category", "title", "cause", "target", "lead_unit", "co_units")


def _day(text: str, year: int) -> date | None:
    """+0-12-21: 21 December of the demo year; -1: of the year before; None when empty."""
    if not text:
        return None
    offset, month, day = re.fullmatch(r"([+-]\d)-(\d\d)-(\d\d)", text).groups()
    return date(year + int(offset), int(month), int(day))


def plans(almanac: Almanac, year: int) -> Iterator[Step]:
    """The steps of all problems: found with their measures, progress reported, finished, closed."""
    lines: dict[str, list[dict[str, str]]] = {}
    for row in rows_of("demo/plan_lines.csv"):
        lines.setdefault(row["plan"], []).append(row)
    for row in rows_of("demo/plans.csv"):
        yield from _plan(almanac, year, row, lines[row["plan"]])


def _plan(almanac: Almanac, year: int, row: dict[str, str], lines: list[dict[str, str]]) -> Iterator[Step]:
    workday = almanac.days.next_workday
    found, clerk = workday(_day(row["found"], year)), row["person"]
    record = RectificationPlan(
        found_on=found, resp_leader=row["leader"], resp_person=row["person"], rect_kind=row["kind"],
        review_cycle=row["cycle"], due_on=_day(row["due"], year), **{name: row[name] for name in _OWN},
    )  # fmt: skip
    measures = [(line, Measure(text=line["text"], due_on=_day(line["on"], year))) for line in lines if line["line"] == "措施"]
    last = step(almanac.moment(found), clerk, record, {Measure: [measure for _line, measure in measures]})
    yield last
    reports: list[Progress] = []
    later = [(_day(line["on"], year), line) for line in lines if line["line"] == "进展"]
    for on, line in sorted(later, key=lambda pair: pair[0]):
        on = workday(on)
        reports.append(Progress(on=on, text=line["text"], percent=int(line["note"]) if line["note"] else None))
        sets = [(measure, "done_on", done) for row_, measure in measures if (done := _day(row_["done"], year)) and done <= on]
        sets += [(measure, "evidence", row_["note"]) for row_, measure in measures if row_["note"] and (measure, "done_on") in [s[:2] for s in sets]]
        if row["cycle"]:
            sets.append((record, "last_review_on", on))
        yield Step(almanac.moment(on), clerk, record, tuple(sets), {Progress: list(reports)})
    if row["closed"]:
        finished, closed = workday(_day(row["finished"], year)), workday(_day(row["closed"], year))
        yield step(almanac.moment(finished), clerk, record, self_finished_on=finished, evidence=row["evidence"])
        yield step(almanac.moment(closed), clerk, record, reviewer="厉芳", reviewed_on=closed, review_result="通过",
                   closed_on=closed)  # fmt: skip
