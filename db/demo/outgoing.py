"""发文 of the demo year: drafted, signed and numbered, printed, published; the year before also filed."""

from __future__ import annotations

from datetime import date, datetime
from random import Random

from db.demo.office import OFFICE, People, Sender
from db.demo.steps import Almanac, Rows, Step, step
from db.demo.subjects import Subject, Topic, Wording, subjects
from db.registers.outgoing import Outgoing, Recipient, Reviewer
from db.rules.rulebook import Rulebook

SHARES = {"蓝政发": 23, "蓝政函": 96, "蓝政办发": 58, "蓝政办函": 106}  # of the documents of a year
WIRES = "蓝政办电"
VOID_SERIES, VOID_REASON = "蓝政办函", "文种有误，应为“通知”而误作“函”，已收回重发，号不复用"
UNSAID = 0.006  # share of documents whose 公开属性 was forgotten (待补全)
UNPUBLISHED_REASONS = ("内部事务信息", "过程性信息", "行政执法案卷信息")
_TRIES = 40  # until a title is taken twice
GOVERNMENT = "蓝山县人民政府"
_ALL_UNITS = "各乡镇人民政府、蓝山经济开发区管理委员会、县直及垂直管理各单位"
_NEIGHBOURS = ("宁远县人民政府办公室", "嘉禾县人民政府办公室", "江华瑶族自治县人民政府办公室")


class Dispatch:
    """The outgoing documents of one year; `offset` is 0 for the demo year, -1 for the year before."""

    def __init__(
        self, rng: Random, almanac: Almanac, rules: Rulebook, people: People, units: list[Sender], offset: int
    ) -> None:
        self._rng, self._almanac, self._days, self._people, self._offset = rng, almanac, rules.days, people, offset
        self._wording = Wording(rng, units)
        self._rows: dict[str, list[Subject]] = {}
        for row in subjects("outgoing"):
            self._rows.setdefault(row.series, []).append(row)
        self._taken: set[str] = set()

    def steps(self, year: int, volumes: dict[str, list[int]]) -> list[Step]:
        """All steps of the documents of a year; `volumes` are the numbers by stream and month."""
        deck = self._deck(sum(volumes["发文"]))
        found: list[Step] = []
        for month, count in enumerate(volumes["发文"], 1):
            for day in self._almanac.spread(year, month, count):
                found += self._life(deck.pop(), day)
            for day in self._almanac.spread(year, month, volumes["电报发文"][month - 1]):
                found += self._life(WIRES, day)
        if self._offset == 0:
            found += self._void(self._almanac.of_month(year, 6)[1])
        return found

    def _deck(self, count: int) -> list[str]:
        """So many 机关代字 in the usual shares, shuffled."""
        whole = sum(SHARES.values())
        deck = [series for series, share in SHARES.items() for _at in range(share * count // whole)]
        deck += ["蓝政办函"] * (count - len(deck))
        self._rng.shuffle(deck)
        return deck

    def _life(self, series: str, day: date) -> list[Step]:
        rng, record = self._rng, Outgoing()
        drafted = self._draft(record, series, day)
        clerk = self._people.clerk(rng, "文书股").name
        printed = self._days.after(day, rng.choices((0, 1, 2, 3), (35, 40, 15, 10))[0])
        steps = [drafted, self._signing(record, day, clerk, drafted.at)]
        copies = 1 if series == WIRES else rng.choice((15, 30, 60, 85, 110))
        steps.append(step(self._almanac.moment(printed, steps[-1].at), clerk, record, self._recipients(record, printed),
                          printed_on=printed, copies=copies, pages=rng.randint(1, 18)))  # fmt: skip
        if record.publicity == "主动公开":
            on = self._days.after(printed, rng.randint(0, 14))
            publisher = self._people.clerk(rng, "政务公开股").name
            steps.append(step(self._almanac.moment(on, steps[-1].at), publisher, record, published_on=on))
        if self._offset == -1:
            on = rng.choice(self._almanac.of_month(day.year + 1, rng.randint(4, 6)))
            term = "永久" if series == "蓝政发" else rng.choice(("30年", "10年"))
            steps.append(step(self._almanac.moment(on, steps[-1].at), clerk, record, filed_on=on, retention=term))
        return steps

    def _topic(self, series: str, day: date) -> Topic:
        """A subject of a series that no document of the year has had, where there is one."""
        rows = [row for row in self._rows[series] if row.holds_in(day)]
        topic = self._wording.topic(self._rng.choice(rows), "", day)
        for _try in range(_TRIES):
            if topic.title not in self._taken:
                break
            topic = self._wording.topic(self._rng.choice(rows), "", day)
        self._taken.add(topic.title)
        return topic

    def _draft(self, record: Outgoing, series: str, day: date) -> Step:
        """Choose the subject, and set all that a draft has."""
        rng, topic = self._rng, self._topic(series, day)
        subject = topic.subject
        record.series, record.kind = series, topic.kind
        record.title = f"{GOVERNMENT if series in ('蓝政发', '蓝政函') else OFFICE}{topic.title}"
        lead = OFFICE if topic.lead == "县政府办" else topic.lead
        record.draft_unit, record.publicity = lead, subject.publicity
        record.direction = "上行" if subject.to == "市政府" else "平行" if topic.kind == "函" else "下行"
        record.main_to = self._main_to(subject.to, lead)
        record.publicity_reason = rng.choice(UNPUBLISHED_REASONS) if subject.publicity == "不予公开" else ""
        record.urgency = "加急" if series == WIRES else rng.choices(("平件", "加急"), (94, 6))[0]
        record.publicity = "" if rng.random() < UNSAID else record.publicity
        record.is_normative = series == "蓝政发" and "办法》" in topic.title
        record.issue_method = "传真" if series == WIRES else rng.choices(("电子公文", "纸质"), (70, 30))[0]
        drafter = self._people.clerk(rng, "综合股").name if lead == OFFICE else self._wording.person()
        drafted = self._days.before(day, rng.randint(0, 1) if series == WIRES else rng.randint(1, 8))
        record.drafter, record.drafted_on = drafter, drafted
        return step(self._almanac.moment(drafted), self._people.clerk(rng, "文书股").name, record)

    def _main_to(self, to: str, lead: str) -> str:
        if to == "各单位":
            return _ALL_UNITS
        if to == "市政府":
            return "永州市人民政府"
        if to == "市局":
            return self._wording.superior(lead) or "永州市人民政府办公室"
        if to == "外县":
            return self._rng.choice(_NEIGHBOURS)
        return lead if to == "{领域局}" else to

    def _signing(self, record: Outgoing, day: date, clerk: str, after: datetime) -> Step:
        """Reviewed, signed and numbered on the day of the document."""
        rng, people = self._rng, self._people
        by_government = record.series in ("蓝政发", "蓝政函")
        signer = people.leader(rng) if by_government else rng.choice((people.director, *people.vice_directors[:2]))
        signer = people.mayor if record.series == "蓝政发" or record.direction == "上行" else signer
        reviewed = max(record.drafted_on, self._days.before(day, 1)) if record.drafted_on else day
        hands = (("核稿", people.clerk(rng, "综合股"), "已核"), ("审核", rng.choice(people.vice_directors), "拟同意"))
        reviewers = [
            Reviewer(role=role, unit=OFFICE, person=hand.name, opinion=opinion, on=reviewed)
            for role, hand, opinion in hands
        ]
        return step(self._almanac.moment(day, after), clerk, record, {Reviewer: reviewers}, signer=signer.name,
                    signed_on=day, doc_on=day)  # fmt: skip

    def _recipients(self, record: Outgoing, on: date) -> Rows:
        """For documents to one unit: who signed for them."""
        if "各" in record.main_to or record.issue_method != "纸质":
            return {}
        return {Recipient: [Recipient(unit=record.main_to, method="纸质", copies=2, received_on=on)]}

    def _void(self, day: date) -> list[Step]:
        """One document whose number was given and then voided; it enters no figure, and the number stays used."""
        record = Outgoing()
        drafted = self._draft(record, VOID_SERIES, day)
        clerk = self._people.clerk(self._rng, "文书股").name
        signed = self._signing(record, day, clerk, drafted.at)
        on = self._days.after(day, 1)
        voided = step(self._almanac.moment(on, signed.at), clerk, record, voided_on=on, void_reason=VOID_REASON)
        return [drafted, signed, voided]
