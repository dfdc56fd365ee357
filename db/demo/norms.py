"""规范性文件 of the demo year: reviewed, registered, published, filed; old ones run out or are cleaned up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from db.demo.course import Course, course, meeting_day, meeting_number
from db.demo.issued import Issued, Paper
from db.demo.office import OFFICE, People, Sender
from db.demo.outgoing import GOVERNMENT
from db.demo.steps import Almanac, Step, joined, step
from db.demo.subjects import Wording
from db.record import Record, Table
from db.registers.normative_document import NormativeDocument
from db.resources import rows_of
from db.rules.deadlines import add_months

_ISSUERS = {"县政府": GOVERNMENT, "县政府办": OFFICE}
_LEGAL = "县司法局"
_NO_MARKET = "不涉及市场主体经济活动"
_FAIR = "未发现排除、限制竞争的内容，可以出台"


@dataclass(frozen=True)
class Norm:
    """One document as others need it: its record, when it was published, and the moment of that."""

    record: NormativeDocument
    paper: Paper | None
    published_on: date
    at: datetime


class Norms:
    """The normative documents of all years; `made` are those that put a decision into force, by its key."""

    def __init__(self, rng: Random, almanac: Almanac, people: People, units: Sequence[Sender], year: int) -> None:
        self._rng, self._almanac, self._days, self._people, self._year = rng, almanac, almanac.days, people, year
        self._wording = Wording(rng, units)
        self._codes = {unit.name: unit.codes[0] for unit in units}
        self._rows = list(rows_of("demo/norms.csv"))
        self._records = {row["text"]: self._record(row) for row in self._rows}
        self.made: dict[str, Norm] = {}

    def steps(self, issued: Mapping[int, Issued], decisions: Mapping[str, Record]) -> list[Step]:
        """All steps; what is older than the ledger is entered in its first days, in the order of registration."""
        found: list[Step] = []
        opening = self._almanac.of_month(self._year - 1, 1)[1]
        at = self._almanac.moment(opening)
        for row in self._rows:
            life = list(self._life(row, issued, decisions))
            old = [one for one in life if one.at.date() < opening]
            if old:
                at += timedelta(minutes=4)
                links = tuple(link for one in old for link in one.links)
                life = [replace(joined(old), at=at, links=links), *life[len(old) :]]
            found += life
        return found

    def _life(
        self, row: dict[str, str], issued: Mapping[int, Issued], decisions: Mapping[str, Record]
    ) -> Iterator[Step]:
        year, moment = self._year + int(row["offset"]), self._almanac.moment
        on = meeting_day(self._days, year, row["on"])
        way = course(self._days, on, row["decision"] or row["text"])
        clerk = self._people.clerk(self._rng, "文书股").name
        record = self._records[row["text"]]
        decision = decisions.get(row["decision"])
        links: list[tuple[Table, str, Record]] = [(record, "decision_number", decision)] if decision else []
        first = Step(moment(way.drafted_on), clerk, record, ((record, "drafted_on", way.drafted_on),), {}, tuple(links))
        yield first
        last = first
        for day, values in self._procedure(row, way):
            last = step(moment(day, last.at), clerk, record, **values)
            yield last
        issue = list(self._issue(row, record, clerk, last, on, issued.get(year)))
        yield from issue
        yield from self._clean_up(row, record, clerk, issue[-1].at)

    def _record(self, row: dict[str, str]) -> NormativeDocument:
        text, by = row["text"], row["issuer"]
        issuer = _ISSUERS.get(by, f"蓝山{by}")
        title = text if "人民政府关于" in text else f"{issuer}关于印发《{text}》的通知"
        record = NormativeDocument(title=title, issuer=issuer if by in _ISSUERS else by, draft_unit=row["lead"],
                                   issuer_kind=by if by in _ISSUERS else "县直部门",
                                   drafter=self._wording.person())  # fmt: skip
        record.fair, record.fair_reason = ("适用", "") if row["fair"] else ("不适用", _NO_MARKET)
        if row["public_reason"]:
            record.public, record.public_reason = "不适用", row["public_reason"]
        return record

    def _procedure(self, row: dict[str, str], way: Course) -> Iterator[tuple[date, dict[str, Any]]]:
        """What is done by the day of the meeting."""
        rng = self._rng
        if not row["public_reason"]:
            yield way.public_from, {"public_from": way.public_from, "public_to": way.public_to}
            received = rng.randint(2, 26)
            yield way.public_to, {"received": received, "adopted": rng.randint(0, received // 2)}
        if row["fair"]:
            yield way.expert_on, {"fair_on": way.expert_on, "fair_result": _FAIR}
        number = f"蓝司审〔{way.legal_done_on.year}〕{way.legal_done_on.timetuple().tm_yday // 4 + 1}号"
        yield way.legal_sent_on, {"legal_sent_on": way.legal_sent_on, "legal_reviewer": _LEGAL}
        result = rng.choices(("合法", "修改后合法"), (60, 40))[0]
        yield way.legal_done_on, {"legal_done_on": way.legal_done_on, "legal_number": number, "legal_result": result}
        kind, meeting = "常务会议", meeting_number(way.decided_on)
        if row["issuer"] not in _ISSUERS:
            kind, meeting = "办公会议", f"{way.decided_on.year}年第{way.decided_on.month}次"
        yield way.decided_on, {"discussed_on": way.decided_on, "meeting_kind": kind, "meeting_no": meeting}

    def _issue(
        self, row: dict[str, str], record: NormativeDocument, clerk: str, last: Step, on: date, issued: Issued | None
    ) -> Iterator[Step]:
        """Signed, registered, published, filed, and what the filing organs say."""
        rng, days, moment = self._rng, self._days, self._almanac.moment
        paper = None
        by_office, by_department = row["issuer"] == "县政府办", row["issuer"] not in _ISSUERS
        signed = days.after(on, rng.randint(2, 6))
        signer, number = self._people.director.name if by_office else self._people.mayor.name, ""
        if by_department:
            signer = self._wording.person()
            number = f"{self._codes[row['lead']]}〔{signed.year}〕{signed.timetuple().tm_yday // 7 + 2}号"
        elif issued:
            paper = issued.take(days.after(on, 1), by_office, row["text"], row["lead"])
            paper.record.is_normative, paper.record.is_decision = True, bool(row["decision"])
            signed, signer = paper.doc_on, paper.signer
        else:
            code = "蓝政办发" if by_office else "蓝政发"
            number = f"{code}〔{signed.year}〕{signed.timetuple().tm_yday // (6 if by_office else 16) + 1}号"
        registered = step(moment(signed, max(last.at, paper.at) if paper else last.at), clerk, record,
                          signed_on=signed, signer=signer, registered_on=signed, doc_number=number)  # fmt: skip
        yield replace(registered, links=((record, "doc_number", paper.record),)) if paper else registered
        published = paper.published_on if paper else days.after(signed, rng.randint(1, 5))
        effective, until = self._validity(row, published)
        last = step(moment(published, registered.at), clerk, record, published_on=published, effective_on=effective,
                    stated_until=until, channels="政府网站" if by_department else "政府网站、政府公报")  # fmt: skip
        yield last
        if row["decision"]:
            self.made[row["decision"]] = Norm(record, paper, published, last.at)
        filed = days.after(published, rng.randint(3, 6))
        to = "县人民政府" if by_department else "市人民政府、县人大常委会"
        last = step(moment(filed, last.at), clerk, record, filed_on=filed, filed_to=to)
        yield last
        answered = days.after(filed, rng.randint(10, 20))
        yield step(moment(answered, last.at), clerk, record, filing_result="准予")

    def _validity(self, row: dict[str, str], published: date) -> tuple[date, date]:
        """In force from the first of the month after thirty days, notices at once; the last day of validity."""
        later = published + timedelta(30)
        effective = published if "人民政府关于" in row["text"] else add_months(later.replace(day=1), 1)
        return effective, add_months(effective, 12 * int(row["years"])) - timedelta(1)

    def _clean_up(self, row: dict[str, str], record: NormativeDocument, clerk: str, after: datetime) -> Iterator[Step]:
        """Evaluated before its end, or on a list of the yearly clean-up."""
        if not row["result"]:
            return
        offset, month_and_day = row["cleaned"][:2], row["cleaned"][3:]
        on = meeting_day(self._days, self._year + int(offset), month_and_day)
        result, _colon, successor = row["result"].partition("：")
        values: dict[str, Any] = {"reviewed_on": on, "review_result": result,
                                  "cleanup_list": f"{on.year}年规范性文件清理结果目录（{result}）"}  # fmt: skip
        cleaned = step(self._almanac.moment(on, after), clerk, record, **values)
        if successor:
            cleaned = replace(cleaned, links=((record, "successor", self._records[successor]),))
        if result == "继续有效":
            sets = (*cleaned.sets, (record, "extended_until", self._prolonged(row)))
            cleaned = replace(cleaned, sets=sets)
        yield cleaned

    def _prolonged(self, row: dict[str, str]) -> date:
        """Another span of the same years, to the end of the month."""
        year, month = self._year + int(row["offset"]) + 2 * int(row["years"]), int(row["on"][:2])
        return add_months(date(year, month, 1), 3) - timedelta(1)
