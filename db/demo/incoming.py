"""收文 of the demo year: requests and reports from below, documents, telegrams and calls from above, and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from db.demo.office import OFFICE, People, Sender
from db.demo.steps import Almanac, Step, joined, step
from db.demo.subjects import Desk, DocumentNumbers, Topic, Wording, subjects
from db.record import Line
from db.registers.incoming import Circulation, Incoming, Instruction, Urging
from db.rules.rulebook import Rulebook

STREAMS = {  # stream of volumes.csv -> list of subjects
    "请示": "requests", "报告": "reports", "上级来文": "above", "上级电报": "telegrams", "上级来电": "calls",
    "同级来文": "others",
}  # fmt: skip
LATE = {0: 0.024, -1: 0.042}  # share of 办件 that are finished after their time limit, by year
OVERDUE, RUNNING, LEFT_OPEN = 5, 12, 6  # at the end of the year: overdue, due in January, never finished in the demo
RETURNED, LEADLESS = 26, 12  # papers sent back, requests without a lead unit (待补全)
LETTERS = "群众来信"
_REASONS = ("请示报告不分", "多头主送", "越级", "一文多事", "无签发人", "无联系人", "格式不符", "未会签")
_URGENCY = (("平件", "加急", "特急"), (90, 8, 2))
_WIRES = (("平急", "加急", "特急"), (55, 35, 10))
_MEDIA = {"below": (("纸质公文", "电子公文"), (70, 30)),
          "above": (("电子公文", "纸质公文", "传真", "网络", "会议"), (70, 18, 4, 5, 3))}  # fmt: skip
_RESULTS = {
    "批示": (("领导批示转办", "会议研究"), (82, 18)),
    "请示": (("批复", "会议研究", "函复", "直接办理", "口头答复"), (34, 28, 14, 16, 8)),
    "函": (("函复", "转办", "直接办理"), (60, 25, 15)),
    "电话记录": (("直接办理", "口头答复", "转办"), (45, 30, 25)),
    "通知": (("转办", "直接办理", "会议研究"), (64, 33, 3)),
    "电报": (("转办", "直接办理"), (70, 30)),
    "其他": (("转办", "直接办理"), (80, 20)),
}
_ORDERS = (
    "同意。请{lead}按程序办理。", "请{lead}牵头研究，提出意见后报我。", "原则同意，请{lead}把关落实。",
    "请{lead}会同有关单位实地核实后办理。", "拟同意，请{mayor}县长审定。", "请{lead}阅办，抓好落实。",
    "提请县政府常务会议研究。",
)  # fmt: skip
_REMARKS = ("已阅。", "请政府办跟踪督办。", "很好，请继续抓紧抓实。", "问题要逐条整改到位。")
_CALLERS = ("综合科科长", "科员", "值班室干部", "办公室主任", "副科长", "四级主任科员")


@dataclass
class Paper:
    """One paper on its way: the record, when it came, when it is finished (None: not within the demo).

    `reason` is why it is sent back, empty for all but a few.
    """

    record: Incoming
    stream: str
    at: datetime
    by: str
    finished_on: date | None = None
    reason: str = ""


class Mail:
    """The incoming papers of one year; `offset` is 0 for the demo year, -1 for the year before."""

    def __init__(
        self, rng: Random, almanac: Almanac, rules: Rulebook, people: People, units: list[Sender], offset: int
    ) -> None:
        self._rng, self._almanac, self._rules, self._people, self._offset = rng, almanac, rules, people, offset
        self._days = rules.days
        self._wording = Wording(rng, units)
        self._numbers = DocumentNumbers(rng)
        self._desks = {stream: Desk(rng, self._wording, subjects(name), units) for stream, name in STREAMS.items()}
        self._letters = subjects("letters")

    def steps(self, year: int, volumes: dict[str, list[int]]) -> list[Step]:
        """All steps of the papers that come in a year; `volumes` are the numbers by stream and month."""
        slots = sorted(
            (self._almanac.moment(day), stream)
            for stream in (*STREAMS, LETTERS)
            for month, count in enumerate(volumes[stream], 1)
            for day in self._almanac.spread(year, month, count)
        )
        papers = [self._letter(at) if stream == LETTERS else self._paper(stream, at) for at, stream in slots]
        self._blemish(papers)
        self._close_year(papers, self._almanac.last_of_year(year))
        found = [one for paper in papers for one in self._life(paper)]
        return found + self._copies(papers, volumes["同文"])

    def _paper(self, stream: str, at: datetime) -> Paper:
        rng, record, day = self._rng, Incoming(), at.date()
        sender, topic = self._desks[stream].draw(day)
        clerk = self._people.clerk(rng, {"上级来电": "值班室", "上级电报": "机要股"}.get(stream, "文书股")).name
        record.from_unit, record.received_on, record.kind = sender.name, day, topic.kind
        record.title, record.lead_unit = topic.title, topic.lead
        record.source_level = sender.level
        if stream == "上级来电":
            self._call(record, topic, at, clerk)
        else:
            record.from_doc_no, record.from_doc_on = self._numbers.give(
                [f"{sender.codes[0].removesuffix('发')}电"] if stream == "上级电报" else sender.codes,
                self._days.before(day, rng.choices((0, 1, 2, 3, 5), (10, 30, 30, 20, 10))[0]),
            )
            record.medium = self._medium(stream)
            words, weights = _WIRES if stream == "上级电报" else _URGENCY
            record.urgency = rng.choices(words, weights)[0]
            record.copies = 1
        if record.urgency == "特急":
            record.received_time = f"{at:%H:%M}"
        record.derive(self._rules)
        self._plan(record, topic)
        return Paper(record, stream, at, clerk, self._finish(record))

    def _medium(self, stream: str) -> str:
        if stream == "上级电报":
            return "明传电报"
        words, weights = _MEDIA["below" if stream in ("请示", "报告") else "above"]
        return self._rng.choices(words, weights)[0]

    def _call(self, record: Incoming, topic: Topic, at: datetime, clerk: str) -> None:
        rng = self._rng
        record.medium, record.kind = "电话", "电话记录"
        record.title = topic.title.partition("，")[0]
        record.content = f"{topic.title}。"
        record.call_time, record.call_direction = f"{at:%Y-%m-%d %H:%M}", "来电"
        record.caller, record.caller_post = self._wording.person(), rng.choice(_CALLERS)
        record.caller_phone = f"0746-8000{rng.randrange(1000):03}"
        record.receiver, record.duty_leader = clerk, rng.choice(self._people.vice_directors).name

    def _plan(self, record: Incoming, topic: Topic) -> None:
        """Whom the paper is proposed to, and who of the office looks after it."""
        rng = self._rng
        if record.handling != "办件":
            record.lead_unit = ""
            return
        leader = self._people.leader(rng)
        title = "县长" if leader is self._people.mayor else "副县长"
        record.lead_unit = topic.lead or OFFICE
        asks = record.kind == "请示"
        record.proposed_opinion = f"拟请{leader.name}{title}" + (
            "阅示。" if asks else f"阅，转{record.lead_unit}研办。"
        )
        record.proposer = rng.choice(self._people.vice_directors).name
        record.handler = self._people.clerk(rng, "综合股" if record.medium != "电话" else "值班室").name

    def _letter(self, at: datetime) -> Paper:
        record, day = Incoming(), at.date()
        topic = self._wording.topic(self._rng.choice([row for row in self._letters if row.holds_in(day)]), "", day)
        record.from_unit = f"{self._wording.town()}居民{self._wording.word('姓')}某"
        record.received_on, record.source_level, record.kind, record.title = day, LETTERS, topic.kind, topic.title
        record.derive(self._rules)
        record.lead_unit = topic.lead
        return Paper(record, LETTERS, at, self._people.clerk(self._rng, "文书股").name, self._finish(record))

    def _finish(self, record: Incoming) -> date:
        """When the paper is finished: 办件 mostly within their time limit, 阅件 when they have been read."""
        rng, received, due = self._rng, record.received_on, record.due_on
        if due is None:
            return self._days.after(received, rng.choice((0, 0, 0, 1, 2, 3, 5)))
        if rng.random() < LATE[self._offset]:
            return self._days.after(due, rng.randint(1, 5))
        room = self._days.between(received, due)
        if record.medium == "电话" and rng.random() < 0.6:
            return received
        return self._days.after(received, min(room, round(rng.triangular(0, room, room * 0.6))))

    def _blemish(self, papers: list[Paper]) -> None:
        """Some papers are sent back, and some requests still lack their lead unit."""
        below = [paper for paper in papers if paper.stream in ("请示", "报告")]
        for paper in self._rng.sample(below, RETURNED):
            record = paper.record
            record.lead_unit = OFFICE if record.handling == "办件" else ""
            paper.reason = self._rng.choice(_REASONS)
            if paper.reason == _REASONS[0]:
                record.title = record.title.removesuffix(record.kind) + "请示报告"
            paper.finished_on = self._days.after(record.received_on, self._rng.randint(0, 2))
        requests = [paper for paper in below if paper.record.kind == "请示" and not paper.reason]
        for paper in self._rng.sample(requests, LEADLESS):
            paper.record.lead_unit = ""

    def _close_year(self, papers: list[Paper], last: date) -> None:
        """Let the year end with few papers overdue or running; the rest is finished before the year is over."""
        rng = self._rng
        mine = [(paper.record.due_on, paper) for paper in papers if paper.record.due_on and not paper.reason]
        late = self._mixed([paper for due, paper in mine if self._days.before(last, 12) <= due < last], OVERDUE)
        due_next = self._mixed([paper for due, paper in mine if due > last], RUNNING)
        kept = {id(paper) for paper in (*late, *due_next)}
        for paper in papers:
            runs_over = paper.finished_on is not None and paper.finished_on > last
            if id(paper) not in kept and runs_over and (paper.record.due_on or paper.reason):
                room = self._days.between(paper.record.received_on, last)
                paper.finished_on = self._days.after(paper.record.received_on, rng.randint(0, min(room, 4)))
        for paper in (*late, *due_next):
            paper.finished_on = self._days.after(last, rng.randint(2, 14))
        if self._offset == 0:
            for paper in (*late[:2], *due_next[: LEFT_OPEN - 2]):
                paper.finished_on = None

    def _mixed(self, papers: list[Paper], count: int) -> list[Paper]:
        """Some of the papers, two thirds of them requests from below where there are enough."""
        rng, requests = self._rng, [paper for paper in papers if paper.stream == "请示"]
        others = [paper for paper in papers if paper.stream != "请示"]
        few = min(count // 3, len(others))
        chosen = rng.sample(requests, count - few) + rng.sample(others, few)
        rng.shuffle(chosen)
        return chosen

    def _life(self, paper: Paper) -> list[Step]:
        """The steps of one paper: registered, instructed or circulated, urged when late, finished or sent back.

        What is finished on its first day is registered as finished. So are, to save time, the papers of the year
        before: of their way only the end is kept.
        """
        record, day, done = paper.record, paper.record.received_on, paper.finished_on
        rows = self._circulation(paper)
        steps = [step(paper.at, paper.by, record, {Circulation: rows} if rows else None)]
        share = 0.48 if paper.stream == "请示" else 0.06 if record.handling == "办件" else 0.02
        instructed = self._rng.random() < share and not paper.reason
        if instructed:
            on = self._days.after(day, self._rng.randint(0, min(2, self._days.between(day, done) if done else 2)))
            orders: list[Line] = [self._order(record, on)]
            steps.append(step(self._almanac.moment(on, steps[-1].at), paper.by, record, {Instruction: orders}))
        if record.due_on and (done is None or done > record.due_on):
            reply = self._rng.choice(("正在办理，尽快答复", "材料已齐，待主要领导签字", "需现场核实，申请延期"))
            urged = Urging(on=record.due_on, way="电话", person=record.handler or paper.by, reply=reply)
            steps.append(step(self._almanac.moment(record.due_on, steps[-1].at), paper.by, record, {Urging: [urged]}))
        if done:
            steps.append(self._finishing(paper, self._almanac.moment(done, steps[-1].at), rows, instructed))
        at_once = done == day and not instructed
        long_ago = self._offset == -1 and done is not None and done.year == day.year
        return [joined(steps)] if at_once or long_ago else steps

    def _circulation(self, paper: Paper) -> list[Circulation]:
        """For a third of the papers to be read: two or three leaders who have it."""
        rng = self._rng
        if paper.record.handling != "阅件" or paper.reason or rng.random() > 0.35:
            return []
        readers = rng.sample((self._people.mayor, *self._people.vice_mayors), rng.randint(2, 3))
        return [Circulation(person=reader.name, sent_on=paper.record.received_on) for reader in readers]

    def _order(self, record: Incoming, on: date) -> Instruction:
        rng, leader = self._rng, self._people.leader(self._rng)
        orders = _ORDERS if record.lead_unit else _REMARKS
        orders = [text for text in orders if leader is not self._people.mayor or "{mayor}" not in text]
        text = rng.choice(orders).format(lead=record.lead_unit, mayor=self._people.mayor.name[0])
        return Instruction(leader=leader.name, post=leader.post, text=text, on=on)

    def _finishing(self, paper: Paper, at: datetime, readers: list[Circulation], instructed: bool) -> Step:
        record, done = paper.record, paper.finished_on
        if paper.reason:
            text = f"{paper.reason}，请按规定重新行文。"
            return step(at, paper.by, record, return_reasons=paper.reason, finished_on=done, result_text=text)
        words, weights = _RESULTS.get("批示" if instructed else record.kind, _RESULTS["通知"])
        reading = record.handling == "阅件" and paper.stream != LETTERS
        result = "阅存" if reading and not instructed else self._rng.choices(words, weights)[0]
        sets = [(record, "result", result), (record, "finished_on", done)]
        sets += [(reader, "returned_on", done) for reader in readers]
        return Step(at, paper.by, record, tuple(sets))

    def _copies(self, papers: list[Paper], counts: list[int]) -> list[Step]:
        """Paper copies of documents that had come electronically: registered, marked 同文 and not counted again."""
        found = []
        for month, count in enumerate(counts, 1):
            first = [paper for paper in papers if paper.stream == "上级来文" and paper.record.medium == "电子公文"
                     and paper.record.received_on.month == month and paper.record.received_on.day < 20]  # fmt: skip
            for paper in self._rng.sample(first, count):
                record, original = Incoming(), paper.record
                for name in ("from_unit", "from_doc_no", "from_doc_on", "source_level", "kind", "title", "urgency"):
                    setattr(record, name, getattr(original, name))
                day = self._days.after(original.received_on, self._rng.randint(1, 3))
                record.received_on, record.finished_on, record.copies = day, day, 1
                record.handling, record.result = "阅件", "并案"
                at = self._almanac.moment(day)
                record.received_time = f"{at:%H:%M}" if record.urgency == "特急" else ""
                found.append(Step(at, paper.by, record, links=((record, "copy_of", original),)))
        return found
