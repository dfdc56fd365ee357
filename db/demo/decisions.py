"""重大决策 of the demo year: on the catalogue, drafted, put before the public and experts, decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from db.demo.course import Course, course, meeting_day, meeting_number
from db.demo.issued import Issued, Paper
from db.demo.norms import Norm
from db.demo.office import People, Sender
from db.demo.steps import Almanac, Rows, Step, joined, step
from db.demo.subjects import Wording
from db.record import Record, Table
from db.registers.major_decision import DecisionExpert, MajorDecision
from db.resources import rows_of

_FAIR, _NO_MARKET = "未发现排除、限制竞争的内容，可以出台", "不涉及市场主体经济活动"
_NO_PARTY = "不属于须请示报告的事项"
_URL = "http://www.lanshan.gov.cn"
# Where those stand that were not decided: the day of the meeting that they head for (month, day of the year after,
# or of the year itself for the suspended one), and the last step that they reached.
_HEADING = {"reviewed": (1, 1, 5), "consulted": (1, 2, 20), "drafted": (1, 3, 27), "suspended": (0, 11, 23)}
_LAST = {"reviewed": "legal_done_on", "consulted": "public_from", "drafted": "drafted_on", "suspended": "received"}
_SUBJECTS = ("规划", "法学", "工程", "公共管理", "财政", "社会学", "环境科学")
_UNITS = ("湖南科技学院", "永州职业技术学院", "永州市规划勘测设计院", "湖南省水利水电勘测设计规划研究总院",
          "永州市发展研究中心", "湖南人文科技学院")  # fmt: skip
_RISKS = {
    "低": ("个别群众对政策了解不够", "加强政策解读，公布咨询电话"),
    "中": ("部分群众对标准、补偿和时间安排有不同意见", "分批入户宣讲，设置过渡期，落实信访包保"),
    "高": ("选址周边群众意见较多，可能引发信访", "优化选址和交通组织，组织群众代表考察，落实维稳预案"),
}
_FILES = {"启动材料": "", "草案和说明": "", "公众参与材料": "public", "专家论证材料": "expertise",
          "风险评估材料": "risk", "合法性审查材料": "", "集体讨论材料": "", "公布解读材料": "publish"}  # fmt: skip


class Decisions:
    """The decisions of both years and of the catalogues before."""

    def __init__(self, rng: Random, almanac: Almanac, people: People, units: Sequence[Sender], year: int) -> None:
        self._rng, self._almanac, self._days, self._people, self._year = rng, almanac, almanac.days, people, year
        self._wording = Wording(rng, units)
        self._rows = list(rows_of("demo/decisions.csv"))
        self._records = [self._record(row) for row in self._rows]
        self.linked: Mapping[str, Record] = {
            row["key"]: record for row, record in zip(self._rows, self._records, strict=True) if row["key"]
        }

    def _record(self, row: dict[str, str]) -> MajorDecision:
        record = MajorDecision(title=row["title"].replace("{年}", str(self._year)), lead_unit=row["lead"],
                               co_units=row["co"], category=row["category"], source=row["source"],
                               legal_basis=row["basis"])  # fmt: skip
        record.fair, record.fair_reason = ("适用", "") if row["fair"] else ("不适用", _NO_MARKET)
        record.party, record.party_reason = ("适用", "") if row["party"] else ("不适用", _NO_PARTY)
        for applies, reason, column in (
            ("expertise", "expert_reason", "expert_reason"), ("risk", "risk_reason", "risk_reason"),
            ("public", "public_reason", "secret"), ("publish", "publish_reason", "secret"),
        ):  # fmt: skip
            if row[column]:
                setattr(record, applies, "不适用")
                setattr(record, reason, row[column])
        record.is_secret, record.secret_reason = bool(row["secret"]), row["secret"]
        return record

    def steps(self, issued: Mapping[int, Issued], norms: Mapping[str, Norm]) -> list[Step]:
        """All steps; what happened before the ledger was opened is entered in its first days."""
        found: list[Step] = []
        opening = self._almanac.of_month(self._year - 1, 1)[0]
        at = self._almanac.moment(opening)
        numbers: dict[int, int] = {}
        for row, record in zip(self._rows, self._records, strict=True):
            year = self._year + int(row["catalogue"])
            numbers[year] = record.catalogue_no = numbers.get(year, 0) + 1
            record.catalogue_year = year
            life = list(self._life(row, record, issued, norms))
            old = [one for one in life if one.at.date() <= opening]
            if old:
                at += timedelta(minutes=6)
                life = [replace(joined(old), at=at), *life[len(old) :]]
            found += life
        return found

    def _life(
        self, row: dict[str, str], record: MajorDecision, issued: Mapping[int, Issued], norms: Mapping[str, Norm]
    ) -> Iterator[Step]:
        moment, clerk = self._almanac.moment, self._people.clerk(self._rng, "综合股").name
        if row["decided"]:
            on = meeting_day(self._days, self._year + int(row["decided"][:2]), row["decided"][3:])
        else:
            offset, month, day = _HEADING[row["reached"]]
            on = self._days.next_workday(date(self._year + offset, month, day))
        way = course(self._days, on, row["key"] or record.title)
        record.planned_on = on + timedelta(self._rng.randint(6, 40))
        last: Step | None = None
        for day, values in (
            *self._catalogue(row, record.catalogue_no or 1, issued, way),
            *self._procedure(row, record, way),
        ):
            rows: Rows = {DecisionExpert: self._experts()} if "expert_on" in values else {}
            last = step(moment(day, last.at if last else None), clerk, record, rows, **values)
            yield last
            if not row["decided"] and _LAST[row["reached"]] in values:
                break
        assert last
        if row["decided"]:
            yield from self._issue(row, record, clerk, last, issued.get(on.year), norms)
        elif row["reached"] == "suspended":
            stopped = self._days.after(way.public_to, 12)
            yield step(moment(stopped, last.at), clerk, record, stage="suspended", change_on=stopped,
                       change_reason="公开征求意见中分歧较大，资产权属需进一步清理")  # fmt: skip

    def _catalogue(
        self, row: dict[str, str], number: int, issued: Mapping[int, Issued], way: Course
    ) -> Iterator[tuple[date, dict[str, Any]]]:
        """Proposed in January, agreed by the Party committee, published, started."""
        days, year = self._days, self._year + int(row["catalogue"])
        proposed = days.after(date(year, 1, 3), number)
        known = issued[year].catalogued_on if year in issued else None
        published = known or days.next_workday(date(year, 3, 18))
        agreed = days.before(published, 6)
        yield proposed, {"proposed_on": proposed}
        yield published, {"agreed_on": agreed, "catalogued_on": published}
        started = min(max(way.started_on, days.after(published, 2)), way.drafted_on)
        yield started, {"started_on": started, "started_by": self._people.mayor.name}

    def _experts(self) -> list[DecisionExpert]:
        rng = self._rng
        return [
            DecisionExpert(person=self._wording.person(), unit=unit, subject=rng.choice(_SUBJECTS), opinion="同意")
            for unit in rng.sample(_UNITS, 3)
        ]

    def _procedure(
        self, row: dict[str, str], record: MajorDecision, way: Course
    ) -> Iterator[tuple[date, dict[str, Any]]]:
        """The steps of the law in their order."""
        rng, days = self._rng, self._days
        yield way.drafted_on, {"drafted_on": way.drafted_on, "versions": rng.randint(2, 5),
                               "consulted_units": row["co"]}  # fmt: skip
        if not row["secret"]:
            yield from self._public(row, way)
        if row["fair"]:
            yield way.public_to, {"fair_on": way.public_to, "fair_result": _FAIR}
        if not row["expert_reason"]:
            form = "委托咨询论证" if "规划" in record.title else rng.choice(("论证会", "论证会", "书面咨询"))
            yield way.expert_on, {"expert_on": way.expert_on, "expert_form": form, "expert_signed": True,
                                  "expert_opinion": "决策必要、可行，修改完善后同意提请审议"}  # fmt: skip
        if not row["risk_reason"]:
            points, measures = _RISKS[row["risk"] or "低"]
            yield way.risk_on, {"risk_on": way.risk_on, "risk_unit": row["lead"], "risk_level": row["risk"] or "低",
                                "risk_result": "可控", "risk_points": points, "risk_measures": measures}  # fmt: skip
        yield way.legal_sent_on, {"legal_sent_on": way.legal_sent_on, "legal_reviewer": "县司法局"}
        result = rng.choices(("合法", "修改后合法"), (65, 35))[0]
        yield way.legal_done_on, {"legal_done_on": way.legal_done_on, "legal_result": result,
                                  "legal_counsel": self._wording.person()}  # fmt: skip
        if row["party"]:
            asked = days.before(way.decided_on, rng.randint(1, 2))
            yield asked, {"party_on": asked}
        leaders = rng.sample(self._people.vice_mayors, 5)
        present = "、".join(one.name for one in (self._people.mayor, *leaders, self._people.director))
        yield way.decided_on, {"decided_on": way.decided_on, "meeting_kind": "常务会议", "attendees": present,
                               "meeting_no": meeting_number(way.decided_on), "exec_unit": row["lead"],
                               "dissent": "无"}  # fmt: skip

    def _public(self, row: dict[str, str], way: Course) -> Iterator[tuple[date, dict[str, Any]]]:
        """The draft is published for at least thirty days; a hearing where the row says so."""
        rng, days = self._rng, self._days
        methods = ["公开征求意见", *rng.sample(("座谈会", "书面征求意见", "实地走访", "问卷调查"), rng.randint(1, 2))]
        hearing: dict[str, Any] = {}
        if row["hearing"]:
            heard = days.before(way.public_to, rng.randint(2, 5))
            methods.append("听证会")
            hearing = {"materials_on": days.before(heard, rng.randint(8, 10)), "heard_on": heard,
                       "participants_published": True, "record_signed": True}  # fmt: skip
        yield way.public_from, {"public_from": way.public_from, "public_to": way.public_to, "public_url": _URL,
                                "public_methods": "、".join(methods)}  # fmt: skip
        received = int(row["received"])
        adopted = round(received * rng.uniform(0.35, 0.7))
        note = "未采纳的意见主要涉及上位法已有规定或者超出事权，已逐条说明理由" if received > adopted else ""
        yield way.public_to, {"received": received, "adopted": adopted, "rejected": received - adopted,
                              "adoption_note": note, **hearing}  # fmt: skip

    def _issue(
        self, row: dict[str, str], record: MajorDecision, clerk: str, last: Step, issued: Issued | None,
        norms: Mapping[str, Norm],
    ) -> Iterator[Step]:  # fmt: skip
        """Published with its document or by an announcement, explained, carried out, filed."""
        rng, days, moment = self._rng, self._days, self._almanac.moment
        decided, norm, paper = last.at.date(), norms.get(row["key"]), self._paper(row, last.at.date(), issued)
        links: list[tuple[Table, str, Record]] = []
        after, published = last.at, days.after(decided, rng.randint(4, 9))
        if norm:
            paper, published, after = norm.paper, norm.published_on, norm.at
            links.append((record, "norm_number", norm.record))
        elif paper:
            published, after = paper.published_on, max(after, paper.at)
        if paper:
            links.append((record, "decision_number", paper.record))
        if row["secret"]:
            values: dict[str, Any] = {"executed_from": published}
        else:
            values = {"published_on": published, "channels": "政府网站、政府公报", "executed_from": published,
                      "interpreted_on": published, "interpretation": "起草单位文字解读，与公布同步上网"}  # fmt: skip
        out = replace(step(moment(published, after), clerk, record, **values), links=tuple(links))
        yield out
        files = [word for word, applies in _FILES.items() if not applies or getattr(record, applies) == "适用"]
        filed = days.after(published, rng.randint(12, 35))
        yield step(moment(filed, out.at), clerk, record, archived_on=filed, archived_files="、".join(files))

    def _paper(self, row: dict[str, str], decided: date, issued: Issued | None) -> Paper | None:
        """The document that puts it into force, when the row names one."""
        if not row["paper"] or not issued:
            return None
        text = row["paper"].replace("{年}", str(self._year))
        paper = issued.take(self._days.after(decided, 2), True, f"蓝山县{text}", row["lead"])
        paper.record.is_decision = True
        return paper
