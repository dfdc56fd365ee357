"""复议应诉 of the demo year: received, answered within the limit, heard, decided, served, closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from db.demo.office import People
from db.demo.steps import Almanac, Step, step
from db.registers.legal_case import Agent, Hearing, LegalCase
from db.resources import rows_of

_OWN = ("kind", "title", "organ", "applicant", "respondents", "cause", "act_unit", "procedure")
_ANSWERED_AFTER = (4, 7)  # working days: within each limit, those of calendar days included


def cases(rng: Random, almanac: Almanac, people: People, year: int, offset: int) -> Iterator[Step]:
    """The steps of the cases of a year; `offset` is 0 for the demo year, -1 for the year before."""
    for row in rows_of("demo/cases.csv"):
        if int(row["offset"]) == offset:
            yield from _case(rng, almanac, people, year, row)


def _day(almanac: Almanac, year: int, text: str) -> date:
    """The working day on or after month and day (MM-DD) of a year."""
    month, day = map(int, text.split("-"))
    return almanac.days.next_workday(date(year, month, day))


def _case(rng: Random, almanac: Almanac, people: People, year: int, row: dict[str, str]) -> Iterator[Step]:
    days, clerk = almanac.days, people.clerk(rng, "综合股").name
    received = _day(almanac, year, row["received"])
    record = LegalCase(
        received_on=received, organ_case_no=row["case_no"], act_challenged=row["act"], accepted_on=received,
        handler=clerk, **{name: row[name] for name in _OWN},
    )  # fmt: skip
    lawyer = Agent(kind="公职律师", person=people.clerk(rng, "综合股股长").name, unit="蓝山县人民政府办公室")
    last = step(almanac.moment(received), clerk, record, {Agent: [lawyer]})
    yield last
    if row["respondents"] == "蓝山县人民政府":
        answered = days.after(received, rng.randint(*_ANSWERED_AFTER))
        last = step(almanac.moment(answered, last.at), clerk, record, answered_on=answered, evidence_on=answered)
        yield last
    if row["hearing"]:
        on = _day(almanac, year, row["hearing"])
        told = days.before(on, 6)
        hearing = Hearing(on=on, place=row["organ"], notice_on=told)
        last = step(almanac.moment(told, last.at), clerk, record, {Hearing: [hearing]})
        yield last
        sets = [(hearing, "role", row["leader_role"]), (hearing, "staff", clerk), (hearing, "absence", row["absence"])]
        if not row["absence"]:
            leader = people.mayor if row["leader_role"] == "正职" else rng.choice(people.vice_mayors)
            sets.append((hearing, "leader", leader.name))
        last = Step(almanac.moment(on, last.at), clerk, record, tuple(sets))
        yield last
    yield from _ending(rng, almanac, clerk, record, last, year, row)


def _ending(
    rng: Random, almanac: Almanac, clerk: str, record: LegalCase, last: Step, year: int, row: dict[str, str]
) -> Iterator[Step]:
    """Decided, served and closed; a recommendation that only asks for an answer is closed with it."""
    days = almanac.days
    if not row["decided"]:
        on = days.after(last.at.date(), 15)
        yield step(almanac.moment(on, last.at), clerk, record, outcome="终止", closed_on=on)
        return
    decided = _day(almanac, year, row["decided"])
    served = days.after(decided, rng.randint(1, 4))
    in_court = "诉讼" in row["kind"]
    verdict = "胜诉" if in_court and row["outcome"] in ("维持", "驳回") else ""
    form = ("裁定" if "撤诉" in row["outcome"] else "判决") if in_court else ""
    appeal = ("对方上诉" if "林地" in row["title"] else "不上诉") if row["kind"] == "行政诉讼一审" else ""
    told = step(almanac.moment(served, last.at), clerk, record, outcome=row["outcome"], decided_on=decided,
                judgment_form=form, served_on=served, verdict=verdict, appeal=appeal)  # fmt: skip
    closed = days.after(served, rng.randint(3, 9))
    yield told
    yield step(almanac.moment(closed, told.at), clerk, record, closed_on=closed)
