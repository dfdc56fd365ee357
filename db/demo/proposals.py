"""建议提案 of the demo year: handed over after the two sessions, met about, answered, rated, promises kept or open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from random import Random

from db.demo.office import People, Sender
from db.demo.slips import Slip, Slips
from db.demo.steps import Almanac, Rows, Step, joined, step
from db.demo.subjects import Wording
from db.registers.proposal import Assignment, Promise, Proposal, Proposer, Rehandling, Reply, SentBack
from db.rules.deadlines import add_months

SESSIONS = {("建议", 0): "十八届二次", ("建议", -1): "十七届六次", ("提案", 0): "十届二次", ("提案", -1): "九届六次"}
CAME_ON, HANDED_OVER_ON = (2, 21), (3, 10)  # the working days on or after: from 人大 and 政协, meeting of all units
BAD = {0: 5, -1: 7}  # rated 不满意 at first, by year
KEPT = {0: 0.94, -1: 0.98}  # share of promises that are kept by their time
DIFFICULT, LATE = {0: 5, -1: 4}, {0: 0, -1: 2}
_SENT_BACK, _SPLIT, _KEYS, _UNMET = 6, 8, 18, 3
_NO_PROMISE, _PROMISE = (("A", "C"), (82, 18)), (("B", "A"), (64, 36))
_RATED = (("满意", "基本满意", "未反馈"), (914, 66, 20))
_FORMS = (("当面", "电话", "视频"), (78, 19, 3))
_NOTES = (
    "到现场查看并当面介绍办理打算，提出人表示理解。", "通报了前期工作和资金情况，听取了补充意见。",
    "就答复初稿征求意见，提出人没有不同意见。", "座谈听取意见，商定了分步解决的办法。",
)  # fmt: skip


@dataclass
class _Case:
    """One slip on its way, with the days on which things happen to it."""

    record: Proposal
    slip: Slip
    clerk: str
    entered: datetime
    assigned_on: date
    lead: str
    started_on: date = date.min  # when the clock last started
    replied_on: date = date.min
    is_difficult: bool = False
    is_split: bool = False
    is_sent_back: bool = False
    is_bad: bool = False
    is_met: bool = True
    units: list[Assignment] = field(default_factory=list[Assignment])
    replies: list[Reply] = field(default_factory=list[Reply])


class Proposals:
    """The suggestions and proposals of one year; `offset` is 0 for the demo year, -1 for the year before."""

    def __init__(self, rng: Random, almanac: Almanac, people: People, units: Sequence[Sender], offset: int) -> None:
        self._rng, self._almanac, self._days, self._people = rng, almanac, almanac.days, people
        self._offset = offset
        self._slips = Slips(rng, units, people)
        self._codes = {unit.name: unit.codes[0].removesuffix("发").removesuffix("政") for unit in units}
        wording = Wording(Random("单位负责人"), units)  # the same heads in both years
        self._heads = {unit.name: wording.person() for unit in units}

    def steps(self, year: int, volumes: Mapping[str, Sequence[int]]) -> list[Step]:
        """All steps of a year; so many are handed over in each month, those of March after the sessions."""
        cases = [one for group in ("建议", "提案") for one in self._cases(year, group, volumes[group])]
        self._choose(cases)
        for case in cases:
            self._plan(case)
        self._number_replies(cases)
        found: list[Step] = []
        for case in cases:
            life = self._life(case, year)
            found += _in_short(life) if self._offset == -1 else life
        return found

    def _cases(self, year: int, group: str, counts: Sequence[int]) -> Iterator[_Case]:
        """The slips with their numbers: of the session entered in the days after they came, then those off season."""
        days, session = self._days, counts[2]
        came = days.next_workday(date(year, *CAME_ON))
        handed_over = days.next_workday(date(year, *HANDED_OVER_ON))
        moments = sorted(
            self._almanac.moment(days.after(came, self._rng.randint(0, 7))) for _one in range(session)
        )  # fmt: skip
        slips = self._slips.of_session(group, session, handed_over)
        for number, (slip, at) in enumerate(zip(slips, moments, strict=True), 1):
            yield self._case(slip, group, number, came, at, handed_over)
        months = [month for month, count in enumerate(counts, 1) for _one in range(count) if month != 3]
        for number, month in enumerate(months, 1):
            on = self._rng.choice(self._almanac.of_month(year, month)[3:])
            came = days.before(on, 2)
            yield self._case(self._slips.off_season(on), group, number, came, self._almanac.moment(came), on)

    def _case(self, slip: Slip, group: str, number: int, came: date, at: datetime, handed_over: date) -> _Case:
        record = Proposal(kind=slip.kind, session=SESSIONS[group, self._offset], sequence=number, title=slip.title,
                          topic=slip.topic, received_on=came)  # fmt: skip
        return _Case(record, slip, self._people.clerk(self._rng, "督查室").name, at, handed_over, slip.lead)

    def _choose(self, cases: Sequence[_Case]) -> None:
        """Which of them are difficult, sent back, handled by several units each, under a leader, rated bad, not met."""
        rng = self._rng
        session = [case for case in cases if case.assigned_on.month == 3]
        for case in rng.sample([one for one in session if one.slip.promise], DIFFICULT[self._offset]):
            case.is_difficult = True
        plain = [one for one in session if not one.is_difficult]
        shared = rng.sample([one for one in plain if one.slip.joint], _SPLIT)
        for case in shared:
            case.is_split = True
        alone = [one for one in plain if not one.is_split]
        for case in rng.sample(alone, _SENT_BACK):
            case.is_sent_back = True
        for case in rng.sample([one for one in alone if not one.slip.promise], BAD[self._offset]):
            case.is_bad = True
        for case in rng.sample([one for one in alone if not one.is_bad], _UNMET):
            case.is_met = False
        leaders = (self._people.mayor, *self._people.vice_mayors)
        for at, case in enumerate(rng.sample([one for one in session if not one.is_bad], _KEYS)):
            case.record.is_key, case.record.key_leader = True, leaders[at % len(leaders)].name
        late = rng.sample([one for one in alone if not one.is_sent_back], LATE[self._offset])
        for case in cases:
            case.replied_on = date.max if case in late else date.min

    def _plan(self, case: _Case) -> None:
        """When it is answered, and by whom."""
        rng, days = self._rng, self._days
        case.started_on = case.assigned_on
        if case.is_sent_back:
            case.started_on = days.after(case.assigned_on, rng.randint(4, 6))
        due = add_months(case.started_on, 6 if case.is_difficult else 3)
        if case.replied_on == date.max:
            case.replied_on = days.after(due, rng.randint(2, 6))
        else:
            first = add_months(case.started_on, 4) if case.is_difficult else days.after(case.started_on, 25)
            room = days.between(first, due)
            case.replied_on = days.after(first, min(room, round(rng.triangular(1, room, room * 0.7))))
        slip = case.slip
        roles = ("分办", "分办") if case.is_split else ("主办", "会办")
        case.units = [Assignment(unit=slip.lead, role=roles[0])]
        case.units += [Assignment(unit=unit, role=roles[1]) for unit in slip.joint]
        words, weights = _PROMISE if slip.promise else _NO_PROMISE
        answer = "B" if case.is_difficult else rng.choices(words, weights)[0]
        for at, unit in enumerate(case.units if case.is_split else case.units[:1]):
            on = days.before(case.replied_on, rng.randint(0, 4) if at else 0)
            case.replies.append(Reply(unit=unit.unit, on=on, signer=self._heads[unit.unit], reply_class=answer))

    def _number_replies(self, cases: Sequence[_Case]) -> None:
        """The units number their replies as they sign them."""
        counts: dict[str, int] = {}
        for reply in sorted((one for case in cases for one in case.replies), key=lambda reply: reply.on):
            counts[reply.unit] = counts.get(reply.unit, 0) + 1
            reply.number = f"{self._codes[reply.unit]}建提〔{reply.on.year}〕{counts[reply.unit]}号"

    def _life(self, case: _Case, year: int) -> list[Step]:
        """Entered, handed over, signed for, met about, answered, rated, filed."""
        moment, record, clerk, days = self._almanac.moment, case.record, case.clerk, self._days
        life = [step(case.entered, clerk, record, {Proposer: list(case.slip.proposers)})]
        if case.is_sent_back:
            life += self._sent_back(case, life[-1].at)
        else:
            units: Rows = {Assignment: list(case.units)}
            at = moment(case.assigned_on, life[-1].at)
            life.append(step(at, clerk, record, units, assigned_on=case.assigned_on))
        signed = days.after(case.started_on, 2)
        signs = ((unit, "accepted_on", days.after(case.started_on, self._rng.randint(0, 2))) for unit in case.units)
        life.append(Step(moment(signed, life[-1].at), clerk, record, tuple(signs)))
        life += self._handling(case, life[-1].at)
        promise = self._promise(case, year) if case.replies[-1].reply_class == "B" else None
        answers: Rows = {Reply: list(case.replies), Promise: [promise] if promise else []}
        answered = step(moment(case.replied_on, life[-1].at), clerk, record, answers, asked_on=case.replied_on)
        life.append(answered)
        life += self._rated(case, answered.at)
        life += self._end(case, promise, life[-1].at)
        return life

    def _sent_back(self, case: _Case, after: datetime) -> Iterator[Step]:
        """Handed to a unit that it does not concern, returned within the limit, handed over anew."""
        moment, days, record = self._almanac.moment, self._days, case.record
        wrong = next((unit for unit in case.slip.joint), "") or self._other(case.lead)
        case.units = [unit for unit in case.units if unit.unit != wrong]
        case.units[0].unit = wrong
        rows: Rows = {Assignment: list(case.units)}
        first = step(moment(case.assigned_on, after), case.clerk, record, rows, assigned_on=case.assigned_on)
        yield first
        returned = days.before(case.started_on, self._rng.randint(1, 2))
        line = SentBack(unit=wrong, returned_on=returned, reason=f"职能不在本单位，建议交{case.lead}办理")
        second = step(moment(returned, first.at), case.clerk, record, {SentBack: [line]})
        yield second
        sets = ((line, "reassigned_on", case.started_on), (case.units[0], "unit", case.lead))
        yield Step(moment(case.started_on, second.at), case.clerk, record, sets)

    def _other(self, unit: str) -> str:
        return "县发展和改革局" if unit != "县发展和改革局" else "县财政局"

    def _handling(self, case: _Case, after: datetime) -> Iterator[Step]:
        """Opinions of the other units, the extension of a difficult one, the meeting with those who signed."""
        rng, days, moment, record = self._rng, self._days, self._almanac.moment, case.record
        joint = [unit for unit in case.units if unit.role == "会办"]
        if joint:
            sent = [(unit, "opinion_on", days.after(case.started_on, rng.randint(9, 17))) for unit in joint]
            on = max(day for _unit, _name, day in sent)
            last = Step(moment(on, after), case.clerk, record, tuple(sent))
            after = last.at
            yield last
        if case.is_difficult:
            told = days.before(add_months(case.started_on, 3), rng.randint(5, 12))
            last = step(moment(told, after), case.clerk, record, is_difficult=True,
                        agreed_by=self._people.mayor.name, told_on=told)  # fmt: skip
            after = last.at
            yield last
        if case.is_met:
            first = max(after.date(), days.after(case.started_on, 12))
            room = max(days.between(first, case.replies[0].on) - 2, 0)
            on = days.after(first, rng.randint(0, room))
            note = rng.choice(_NOTES) if rng.random() < 0.6 else ""
            words, weights = _FORMS
            yield step(moment(on, after), case.clerk, record, met_on=on, meet_note=note,
                       meet_form=rng.choices(words, weights)[0])  # fmt: skip

    def _promise(self, case: _Case, year: int) -> Promise:
        due = date(year + 1, 3, 31) if self._rng.random() < 0.45 else self._almanac.last_of_year(year)
        return Promise(text=case.slip.promise, due_on=due, state="推进中")

    def _rated(self, case: _Case, after: datetime) -> Iterator[Step]:
        """The opinion on attitude and result; what is bad is handled again within a month."""
        rng, days, moment, record = self._rng, self._days, self._almanac.moment, case.record
        words, weights = _RATED
        result = "不满意" if case.is_bad else rng.choices(words, weights)[0]
        back = days.after(case.replied_on, rng.randint(4, 18))
        if result == "未反馈":
            back = days.after(case.replied_on, 22)
            yield step(moment(back, after), case.clerk, record, attitude=result, result=result)
            return
        attitude = "满意" if result == "满意" or rng.random() < 0.6 else "基本满意"
        values = {"feedback_on": back, "attitude": attitude, "result": result}
        again = Rehandling(opinion_on=back)
        rows: Rows = {Rehandling: [again]} if case.is_bad else {}
        last = step(moment(back, after), case.clerk, record, rows, **values)
        yield last
        if case.is_bad:
            on = days.after(back, rng.randint(10, 18))
            sets = ((again, "replied_on", on), (again, "feedback", rng.choice(("满意", "基本满意", "基本满意"))))
            yield Step(moment(on, last.at), case.clerk, record, sets)

    def _end(self, case: _Case, promise: Promise | None, after: datetime) -> Iterator[Step]:
        """Promises are kept by their time, but for some; what is through is filed at the end of the year."""
        rng, days, moment, record = self._rng, self._days, self._almanac.moment, case.record
        year = after.year
        if promise:
            kept = days.before(days.next_workday(promise.due_on), rng.randint(3, 30))
            is_kept = rng.random() < KEPT[self._offset]
            if not is_kept or kept <= after.date() or (self._offset == 0 and kept.year > year):
                return
            sets = ((promise, "done_on", kept), (promise, "state", "已兑现"))
            last = Step(moment(kept, after), case.clerk, record, sets)
            after = last.at
            yield last
        filed = max(days.next_workday(date(after.year, 12, 5)), days.after(after.date(), 2))
        filed = days.after(filed, rng.randint(0, 8))
        if filed <= self._almanac.last_of_year(after.year):
            yield step(moment(filed, after), case.clerk, record, filed_on=filed)


def _in_short(life: Sequence[Step]) -> list[Step]:
    """Of the year before, to save time: as entered, and as it stood at the end of each year."""
    entered, years = life[0], dict[int, list[Step]]()
    for one in life[1:]:
        years.setdefault(one.at.year, []).append(one)
    return [entered, *(replace(joined(steps), at=steps[-1].at) for steps in years.values())]
