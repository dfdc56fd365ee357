"""学习 of the demo year: one session of the study group each month, with what was studied and who was there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random

from db.demo.office import People
from db.demo.steps import Almanac, Step, step
from db.registers.study_session import PRESENT, Attendance, Speaker, StudyItem, StudySession
from db.resources import rows_of

PLACE = "县政府三楼会议室"
_EXCUSES = ("请假（公务）", "请假（出差）", "请假（公务）", "请假（病假）", "请假（休假）", "请假（学习培训）")


def sessions(rng: Random, almanac: Almanac, people: People, year: int, offset: int) -> Iterator[Step]:
    """The steps of the twelve sessions of a year; `offset` is 0 for the demo year, -1 for the year before."""
    items: dict[int, list[dict[str, str]]] = {}
    for row in rows_of("demo/study.csv"):
        if int(row["year"]) == offset:
            items.setdefault(int(row["month"]), []).append(row)
    for month in range(1, 13):
        middle = [day for day in almanac.of_month(year, month) if 10 <= day.day <= 24]
        yield from _session(rng, almanac, people, rng.choice(middle), items[month])


def _session(rng: Random, almanac: Almanac, people: People, day: date, items: list[dict[str, str]]) -> Iterator[Step]:
    days, clerk = almanac.days, people.clerk(rng, "综合股干部").name
    announced = days.before(day, 3)
    record = StudySession(
        held_on=day, started_at="9:00", ended_at="11:00", place=PLACE, host=people.director.name, recorder=clerk,
        secretary=people.clerk(rng, "综合股股长").name, hours=Decimal(2), announced_on=announced,
    )  # fmt: skip
    studied = [StudyItem(title=row["title"], kind=row["kind"]) for row in items]
    first = step(almanac.moment(announced), clerk, record, {StudyItem: studied})
    there = _attendance(rng, people)
    speakers = [
        Speaker(person=person.name, topic=row["topic"])
        for row, person in zip(items, rng.sample(people.group, len(items)), strict=True)
    ]
    held = step(almanac.moment(day, first.at), clerk, record, {Attendance: there, Speaker: speakers}, outcome="纪要",
                summary="围绕学习内容交流研讨，结合办公室职责提出贯彻意见。")  # fmt: skip
    yield from (first, held)
    made_up = days.after(day, rng.randint(2, 7))
    absent = [row for row in there if row.status != PRESENT]
    if absent:
        sets = tuple((row, "made_up_on", made_up) for row in absent)
        yield Step(almanac.moment(made_up, held.at), clerk, record, sets)
    filed = almanac.of_month(day.year + 1, 1)[8]
    yield step(almanac.moment(filed, held.at), clerk, record, filed_on=filed)


def _attendance(rng: Random, people: People) -> list[Attendance]:
    """All members of the group; none, one or two of them excused, never the host."""
    missing = set(rng.sample(people.group[1:], rng.choices((0, 1, 2), (35, 50, 15))[0]))
    return [
        Attendance(person=one.name, post=one.post, status=rng.choice(_EXCUSES) if one in missing else PRESENT)
        for one in people.group
    ]
