"""收文 of the demo year: requests and reports from below, documents, telegrams and calls from above, and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from db.demo.office import OFFICE, People, Sender
from db.demo.steps import Almanac, Step
from db.demo.subjects import Desk, DocumentNumbers, Topic, Wording, subjects
from db.registers.incoming import Incoming
from db.rules.rulebook import Rulebook

STREAMS = {  # stream of volumes.csv -> list of subjects
    "请示": "requests", "报告": "reports", "上级来文": "above", "上级电报": "telegrams", "上级来电": "calls",
    "同级来文": "others",
}  # fmt: skip
LATE = {0: 0.024, -1: 0.042}  # share of 办件 that are finished after their time limit, by year
OVERDUE, RUNNING, LEFT_OPEN = 5, 12, 6  # at the end of the year: overdue, due in January, never finished in the demo
RETURNED, LEADLESS = 26, 12  # papers sent back, requests without a lead unit (待补全)
_REASONS = ("请示报告不分", "多头主送", "越级", "一文多事", "无签发人", "无联系人", "格式不符", "未会签")
_URGENCY = (("平件", "加急", "特急"), (90, 8, 2))
_WIRES = (("平急", "加急", "特急"), (55, 35, 10))
_MEDIA = {"below": (("纸质公文", "电子公文"), (70, 30)),
          "above": (("电子公文", "纸质公文", "传真", "网络", "会议"), (70, 18, 4, 5, 3))}  # fmt: skip
_RESULTS = {
    "请示": (("领导批示转办", "批复", "会议研究", "函复", "口头答复"), (42, 24, 22, 7, 5)),
    "函": (("函复", "转办", "直接办理"), (60, 25, 15)),
    "电话记录": (("直接办理", "口头答复", "转办"), (45, 30, 25)),
    "通知": (("转办", "直接办理", "会议研究"), (60, 32, 8)),
    "电报": (("转办", "直接办理"), (70, 30)),
    "其他": (("转办", "直接办理"), (80, 20)),
}
_ORDERS = (
    "同意。请{lead}按程序办理。", "请{lead}牵头研究，提出意见后报我。", "原则同意，请{lead}把关落实。",
    "请{lead}会同有关单位实地核实后办理。", "拟同意，请{mayor}县长审定。", "请{lead}阅办，抓好落实。",
    "提请县政府常务会议研究。",
)  # fmt: skip
_CALLERS = ("综合科科长", "科员", "值班室干部", "办公室主任", "副科长", "四级主任科员")


@dataclass
class Paper:
    """One paper on its way: the record, when it came, and when it is finished (None: not within the demo)."""

    record: Incoming
    stream: str
    at: datetime
    by: str
    finished_on: date | None = None


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
        papers = []
        for stream in (*STREAMS, "群众来信"):
            for month, count in enumerate(volumes[stream], 1):
                for day in self._almanac.spread(year, month, count):
                    papers.append(self._letter(day) if stream == "群众来信" else self._paper(stream, day))
        papers.sort(key=lambda paper: paper.at)
        self._blemish(papers)
        self._close_year(papers, self._almanac.last_of_year(year))
        found = [one for paper in papers for one in self._life(paper)]
        return found + self._copies(papers, volumes["同文"])

    def _paper(self, stream: str, day: date) -> Paper:
        rng, record = self._rng, Incoming()
        sender, topic = self._desks[stream].draw(day)
        at = self._almanac.moment(day)
        clerk = self._people.clerk(rng, {"上级来电": "值班室", "上级电报": "机要股"}.get(stream, "文书股")).name
        record.from_unit, record.received_on, record.kind = sender.name, day, topic.kind
        record.title, record.lead_unit = topic.title, topic.lead
        record.source_level = sender.level
        if stream == "上级来电":
            self._call(record, topic, at, clerk)
        else:
            record.from_doc_no, record.from_doc_on = self._numbers.give(
                [f"{sender.codes[-1]}电"] if stream == "上级电报" else sender.codes,
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
        record.proposed_opinion = (
            f"拟请{leader.name}{title}阅示。" if record.kind == "请示" else f"拟请{title}{leader.name}阅，转{record.lead_unit}研办。"
        )
        record.proposer = rng.choice(self._people.vice_directors).name
        record.handler = self._people.clerk(rng, "综合股" if record.medium != "电话" else "值班室").name

    def _letter(self, day: date) -> Paper:
        record, at = Incoming(), self._almanac.moment(day)
        fitting = [row for row in self._letters if row.holds_in(day)]
        town = self._wording.topic(subjects_town, "", day).title
        topic = self._wording.topic(self._rng.choice(fitting), "", day)
        record.from_unit, record.received_on = f"{town}居民{self._wording.word('姓')}某", day
        record.source_level, record.kind, record.title = "群众来信", topic.kind, topic.title
        record.derive(self._rules)
        record.lead_unit = topic.lead
        return Paper(record, "群众来信", at, self._people.clerk(self._rng, "文书股").name, self._finish(record))

    def _finish(self, record: Incoming) -> date:
        """When the paper is finished: 办件 mostly within their time limit, 阅件 when they have been read."""
        rng, received, due = self._rng, record.received_on, record.due_on
        if due is None:
            return self._days.after(received, rng.randint(0, 6))
        if rng.random() < LATE[self._offset]:
            return self._days.after(due, rng.randint(1, 5))
        room = self._days.between(received, due)
        return self._days.after(received, min(room, round(rng.triangular(0, room, room * 0.6))))
