"""督查 of the demo year: matters set up and handed over by notices of which some cover several, pressed, closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from random import Random
from typing import Any

from db.demo.office import OFFICE, People, Sender
from db.demo.steps import Almanac, Step, step
from db.demo.subjects import Subject, Topic, Wording
from db.record import Record, Table
from db.registers.supervision_matter import MatterExtension, MatterProgress, MatterUrging, SupervisionMatter
from db.registers.supervision_notice import NoticeItem, SupervisionNotice
from db.resources import rows_of

EXTENDED = 0.08  # share of matters whose time limit is prolonged
_TRIES = 40  # until a title is taken twice
_STATES = (
    "已制定实施方案，明确了责任分工。",
    "正在按计划推进，完成阶段性任务。",
    "主体任务完成过半，剩余事项正在扫尾。",
)


class Supervision:
    """The matters and notices of one year."""

    def __init__(self, rng: Random, almanac: Almanac, people: People, units: Sequence[Sender]) -> None:
        self._rng, self._almanac, self._days, self._people = rng, almanac, almanac.days, people
        self._wording = Wording(rng, units)
        self._rows = [
            (Subject("", frozenset(range(1, 13)), (0, 9999), "其他", row["text"], row["lead"]), row)
            for row in rows_of("demo/matters.csv")
        ]
        self._taken: set[str] = set()

    def steps(self, year: int, matters: Sequence[int], notices: Sequence[int]) -> list[Step]:
        """The steps of the year; so many matters are set up and so many notices issued in each month.

        Every matter is handed over by a notice; in every other month one notice presses an old matter instead.
        """
        found: list[Step] = []
        running: list[tuple[SupervisionMatter, date]] = []
        for month in range(1, 13):
            days = self._almanac.spread(year, month, notices[month - 1])
            old = self._pressed(running, days[-1]) if month % 2 == 0 else None
            if old:
                found += self._press(old, days.pop())
            for day, size in zip(days, self._sizes(matters[month - 1], len(days)), strict=True):
                found += self._hand_over(day, size, running)
        return found

    def _sizes(self, matters: int, notices: int) -> list[int]:
        """How many matters each notice of a month hands over: at least one each."""
        sizes = [1] * notices
        for _more in range(matters - notices):
            sizes[self._rng.randrange(notices)] += 1
        return sizes

    def _pressed(self, running: Sequence[tuple[SupervisionMatter, date]], day: date) -> SupervisionMatter | None:
        """A matter handed over at least ten working days before that is still being handled on a day."""
        old = [matter for matter, until in running if until > day and self._days.between(matter.set_up_on, day) >= 10]
        return self._rng.choice(old) if old else None

    def _hand_over(self, day: date, size: int, running: list[tuple[SupervisionMatter, date]]) -> Iterator[Step]:
        """Matters set up the day before, the notice that hands them over, and what becomes of them."""
        clerk = self._people.clerk(self._rng, "督查室").name
        set_up = self._days.before(day, 1)
        lead = self._lead()
        steps, made = list[Step](), list[tuple[SupervisionMatter, str, int]]()
        at = self._almanac.moment(set_up)
        for _one in range(size):
            matter, requirement = self._matter(set_up, lead)
            steps.append(step(at, clerk, matter))
            at = self._almanac.moment(set_up, at)
            made.append((matter, requirement, self._rng.randint(18, 60)))
        yield from steps
        notice, items = self._notice(day, clerk, made)
        yield notice
        for (matter, _requirement, span), item in zip(made, items, strict=True):
            due = self._days.after(day, span)
            handed = step(self._almanac.moment(day, notice.at), clerk, matter, handed_on=day, due_on=due)
            yield handed
            life = list(self._life(matter, day, due, clerk, handed.at))
            running.append((matter, life[-1].at.date()))
            yield from life
            yield from self._answer(notice.record, item, day, clerk, handed.at)

    def _lead(self) -> str:
        return self._rng.choice([row["lead"] for _subject, row in self._rows if "{" not in row["lead"]])

    def _matter(self, day: date, lead: str) -> tuple[SupervisionMatter, str]:
        """A matter of a unit that no other of the year is called like, and what is asked of it."""
        rng, people = self._rng, self._people
        row, topic = self._topic(lead, day)
        leader = people.leader(rng).name
        unit = OFFICE if "督查室" in topic.lead else topic.lead
        is_cyclic = row["source"] in ("政府工作报告", "民生实事")
        matter = SupervisionMatter(
            set_up_on=day, source=row["source"], title=topic.title, content=row["requirement"],
            target="按时限要求办结并报告结果", approver=people.mayor.name,
            instructor=leader if row["source"] == "领导批示" else "", lead_unit=unit, resp_leader=leader,
            resp_person=self._wording.person(), kind="日常督办", methods="听取汇报、自查说明",
            report_cycle="每月" if is_cyclic else "一次性",
        )  # fmt: skip
        return matter, row["requirement"]

    def _topic(self, lead: str, day: date) -> tuple[dict[str, str], Topic]:
        """A row of the list and its topic: of the unit when it has one that is not taken, else of any."""
        own = [(subject, row) for subject, row in self._rows if row["lead"] == lead]
        drawn: list[tuple[dict[str, str], Topic]] = []
        for attempt in range(_TRIES):
            subject, row = self._rng.choice(own if attempt < _TRIES // 2 else self._rows)
            drawn.append((row, self._wording.topic(subject, lead, day)))
            if drawn[-1][1].title not in self._taken:
                break
        self._taken.add(drawn[-1][1].title)
        return drawn[-1]

    def _notice(
        self, day: date, clerk: str, made: Sequence[tuple[SupervisionMatter, str, int]], kind: str = "交办通知"
    ) -> tuple[Step, list[NoticeItem]]:
        """A notice with its matters, whose numbers are known by then."""
        first = made[0][0]
        notice = SupervisionNotice(
            kind=kind, to_unit=first.lead_unit, drafter=clerk, signer=self._people.director.name, issued_on=day,
            receiver=first.resp_person, received_on=day,
        )  # fmt: skip
        items = [NoticeItem(requirement=requirement) for _matter, requirement, _span in made]
        links: list[tuple[Table, str, Record]] = [
            (item, "matter", matter) for item, (matter, *_rest) in zip(items, made, strict=True)
        ]
        at = self._almanac.moment(day)
        return Step(at, clerk, notice, (), {NoticeItem: list[Any](items)}, tuple(links)), items

    def _answer(self, notice: Record, item: NoticeItem, day: date, clerk: str, after: datetime) -> Iterator[Step]:
        on = self._days.after(day, self._rng.randint(2, 5))
        sets: tuple[tuple[Table, str, Any], ...] = ((item, "replied_on", on),)
        yield Step(self._almanac.moment(on, after), clerk, notice, sets)

    def _press(self, matter: SupervisionMatter, day: date) -> Iterator[Step]:
        """A notice that presses a matter whose report is slow."""
        clerk = self._people.clerk(self._rng, "督查室").name
        requirement = "请说明进展缓慢的原因，抓紧办理并按时限书面反馈"
        notice, items = self._notice(day, clerk, [(matter, requirement, 0)], self._rng.choice(("催办通知", "督办通知")))
        yield notice
        yield from self._answer(notice.record, items[0], day, clerk, notice.at)

    def _life(self, matter: SupervisionMatter, day: date, due: date, clerk: str, after: datetime) -> Iterator[Step]:
        """Reports, perhaps an extension, the unit's report of the end, and the office's closing."""
        rng, days, at = self._rng, self._days, after
        span = max(days.between(day, due), 6)
        reports: list[MatterProgress] = []
        for part, text in zip((0.25, 0.5, 0.75), _STATES, strict=True):
            on = days.after(day, max(1, round(span * part)))
            reports.append(MatterProgress(on=on, text=text, percent=round(part * 100), reporter=matter.resp_person))
            last = step(self._almanac.moment(on, at), clerk, matter, {MatterProgress: list(reports)})
            at = last.at
            yield last
        if rng.random() < EXTENDED:
            asked = days.before(due, 2)
            due = days.after(due, 10)
            longer = MatterExtension(asked_on=asked, reason="前期手续办理时间较长", until_on=due,
                                     approver=self._people.mayor.name, approved_on=days.after(asked, 1))  # fmt: skip
            last = step(self._almanac.moment(days.after(asked, 1), at), clerk, matter, {MatterExtension: [longer]})
            at = last.at
            yield last
        is_late = rng.random() < 0.04
        finished = days.after(due, rng.randint(1, 4)) if is_late else days.before(due, rng.randint(0, 3))
        if is_late:
            urging = MatterUrging(on=days.after(due, 1), way="电话", person=clerk, reply="正在收尾")
            last = step(self._almanac.moment(days.after(due, 1), at), clerk, matter, {MatterUrging: [urging]})
            at = last.at
            yield last
        last = step(self._almanac.moment(finished, at), clerk, matter, finished_on=finished,
                    result_text="已按要求办结，有关材料已报送。")  # fmt: skip
        yield last
        closed = days.after(finished, rng.randint(2, 6))
        yield step(self._almanac.moment(closed, last.at), clerk, matter, reviewer=self._people.vice_directors[2].name,
                   review_result="通过", review_opinion="同意销号", closed_on=closed)  # fmt: skip
