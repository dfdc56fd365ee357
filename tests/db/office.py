"""An office for the tests of the store: its clock, sound records of each register, and what a whole ledger holds."""

from __future__ import annotations

import resource
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import pytest

from db.errors import Kind, Problem, Refused
from db.figures import Figures, Period
from db.record import Line, Record
from db.registers.incoming import Incoming
from db.registers.legal_case import LegalCase
from db.registers.major_decision import DecisionExpert, MajorDecision
from db.registers.normative_document import NormativeDocument
from db.registers.outgoing import Outgoing
from db.registers.proposal import Assignment, Proposal, Proposer, Reply
from db.registers.publicity_event import PublicityEvent, PublicityLaw
from db.registers.rectification_plan import Measure, RectificationPlan
from db.registers.study_session import Attendance, StudyItem, StudySession
from db.registers.supervision_matter import SupervisionMatter
from db.registers.supervision_notice import NoticeItem, SupervisionNotice
from db.store import passwords
from db.store.store import Store
from db.store.tries import Watches

R = TypeVar("R", bound=Record)

NOON = datetime(2022, 12, 30, 10, 0)  # a Friday; the last working day of the year
MEMBERS = ("李喆", "王堃", "龙䶮", "陈𫖯", "盘𬀩")


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def tick(self, seconds: float = 1) -> None:
        """Let some seconds pass."""
        self.at += timedelta(seconds=seconds)

    def go(self, day: date) -> None:
        """Make it ten o'clock of another day."""
        self.at = datetime(day.year, day.month, day.day, 10)


class Computer:
    """A clock that can be turned, and a computer that runs on whatever it says."""

    def __init__(self, clock: Clock, tells_runs: bool = True) -> None:
        self.clock, self.uptime, self.runs, self._tells_runs = clock, 9_000.0, 1, tells_runs

    def pass_(self, seconds: float) -> None:
        """Time passes."""
        self.uptime += seconds
        self.clock.tick(seconds)

    def start_anew(self, off: float = 60.0) -> None:
        """It is switched off, and on again."""
        self.clock.tick(off)
        self.uptime, self.runs = 0.0, self.runs + 1

    def watches(self) -> Watches:
        """How it tells the time."""
        return Watches(self.clock, lambda: self.uptime, str(self.runs) if self._tells_runs else "")


def with_lines(record: R, *lines: Line) -> R:
    """The record with these lines under it, each kind in the order given."""
    for line in lines:
        record.rows.setdefault(type(line).key(), []).append(line)
    return record


def outgoing(**values: Any) -> Outgoing:
    """A document that is issued and complete."""
    sound = {
        "title": "蓝山县人民政府办公室关于做好秋粮收购工作的通知", "series": "蓝政办发", "kind": "通知",
        "drafter": "李喆", "signer": "王堃", "signed_on": date(2022, 12, 26), "doc_on": date(2022, 12, 26),
        "printed_on": date(2022, 12, 27), "main_to": "各乡镇人民政府", "publicity": "依申请公开",
    }  # fmt: skip
    return Outgoing(**(sound | values))


def draft(**values: Any) -> Outgoing:
    """A document that has no number yet."""
    return outgoing(**({"signer": "", "signed_on": None, "doc_on": None, "printed_on": None} | values))


def incoming(**values: Any) -> Incoming:
    """A request of a township that is being handled."""
    sound = {
        "from_unit": "塔峰镇人民政府", "from_doc_no": "塔政〔2022〕7号", "from_doc_on": date(2022, 12, 27),
        "received_on": date(2022, 12, 28), "source_level": "乡镇（街道）", "kind": "请示", "lead_unit": "县财政局",
        "title": "塔峰镇人民政府关于拨付防汛经费的请示",
    }  # fmt: skip
    return Incoming(**(sound | values))


def study(*lines: Line, **values: Any) -> StudySession:
    """A session of the leading group that was held, with one item and five members unless lines are given."""
    sound = {"held_on": date(2022, 12, 9), "host": "王堃", "recorder": "李喆", "hours": 2}
    members = [Attendance(person=name, status="出席") for name in MEMBERS]
    return with_lines(
        StudySession(**(sound | values)), *(lines or (StudyItem(title="《中华人民共和国宪法》"), *members))
    )


def plan(*lines: Line, **values: Any) -> RectificationPlan:
    """A problem with one measure unless lines are given."""
    sound = {
        "found_on": date(2022, 12, 20), "source": "自查", "title": "学法用法不够经常", "cause": "重业务、轻学习",
        "target": "每月集体学法一次", "resp_leader": "王堃", "lead_unit": "县政府办", "resp_person": "李喆",
        "rect_kind": "限期整改",
    }  # fmt: skip
    measure = Measure(text="订立学法计划", due_on=date(2023, 3, 31))
    return with_lines(RectificationPlan(**(sound | values)), *(lines or (measure,)))


def case(*lines: Line, **values: Any) -> LegalCase:
    """A case that was just received and given to somebody."""
    sound = {
        "kind": "行政诉讼一审", "received_on": date(2022, 12, 26), "title": "李某不服征收补偿决定案",
        "organ": "蓝山县人民法院", "applicant": "李某", "respondents": "蓝山县人民政府", "cause": "征收",
        "act_unit": "县自然资源局", "handler": "李喆",
    }  # fmt: skip
    return with_lines(LegalCase(**(sound | values)), *lines)


def event(*lines: Line, **values: Any) -> PublicityEvent:
    """An event of the week of the Constitution that was held, with one law unless lines are given."""
    sound = {
        "held_on": date(2022, 12, 2), "title": "宪法宣传进乡村", "place": "塔峰镇", "theme": "学习宣传宪法",
        "organiser": "县司法局", "form": "宣讲、咨询", "audience": "群众", "people": 120,
    }  # fmt: skip
    return with_lines(PublicityEvent(**(sound | values)), *(lines or (PublicityLaw(title="《中华人民共和国宪法》"),)))


def matter(*lines: Line, **values: Any) -> SupervisionMatter:
    """A matter that is set up and not yet handed over."""
    sound = {
        "set_up_on": date(2022, 12, 20), "source": "常务会议", "title": "加快县城雨污分流管网改造",
        "content": "年底前完成主管网", "target": "完成主管网12公里", "approver": "王堃", "lead_unit": "县住建局",
        "resp_leader": "陈𫖯", "resp_person": "李喆", "due_on": date(2023, 3, 31),
    }  # fmt: skip
    return with_lines(SupervisionMatter(**(sound | values)), *lines)


def decision(*lines: Line, **values: Any) -> MajorDecision:
    """A matter of the catalogue of 2022 whose procedure has begun."""
    sound = {
        "proposed_on": date(2022, 1, 20), "agreed_on": date(2022, 2, 25), "catalogued_on": date(2022, 3, 1),
        "title": "蓝山县城乡供水一体化规划", "category": "经济社会发展重要规划", "source": "部门",
        "lead_unit": "县水利局", "legal_basis": "《城市供水条例》", "planned_on": date(2022, 12, 31),
        "started_on": date(2022, 4, 1),
    }  # fmt: skip
    return with_lines(MajorDecision(**(sound | values)), *lines)


def decided(**values: Any) -> MajorDecision:
    """A decision that went through the whole procedure up to its publication."""
    sound = {
        "drafted_on": date(2022, 5, 6), "public_from": date(2022, 5, 9), "public_to": date(2022, 6, 8),
        "received": 12, "adopted": 12, "expert_on": date(2022, 6, 15), "risk_unit": "县委政法委",
        "risk_on": date(2022, 6, 20), "risk_level": "低", "risk_result": "可控", "legal_sent_on": date(2022, 6, 22),
        "legal_done_on": date(2022, 7, 4), "legal_result": "合法", "meeting_kind": "常务会议",
        "decided_on": date(2022, 7, 12), "published_on": date(2022, 7, 15), "exec_unit": "县水利局",
    }  # fmt: skip
    expert = DecisionExpert(person="李喆", unit="湖南农业大学", opinion="可行")
    return decision(expert, **(sound | values))


def notice(*lines: Line, **values: Any) -> SupervisionNotice:
    """A notice that was issued, with one matter unless lines are given."""
    sound = {"kind": "督办通知", "to_unit": "县住建局", "signer": "王堃", "issued_on": date(2022, 12, 26)}
    item = NoticeItem(matter="督〔2022〕1号", requirement="报送管网改造进度")
    return with_lines(SupervisionNotice(**(sound | values)), *(lines or (item,)))


def norm(**values: Any) -> NormativeDocument:
    """A normative document that was issued, filed and is in force."""
    sound = {
        "title": "蓝山县农村自建房管理办法", "issuer": "蓝山县人民政府", "issuer_kind": "县政府",
        "draft_unit": "县住建局", "drafted_on": date(2022, 4, 1), "public_from": date(2022, 4, 11),
        "public_to": date(2022, 5, 11),
        "fair": "不适用", "fair_reason": "不涉及市场主体经济活动", "legal_sent_on": date(2022, 6, 1),
        "legal_done_on": date(2022, 6, 15), "legal_result": "合法", "discussed_on": date(2022, 7, 12),
        "signed_on": date(2022, 7, 20), "registered_on": date(2022, 7, 25), "doc_number": "蓝政发〔2022〕9号",
        "published_on": date(2022, 8, 1), "channels": "政府网站", "effective_on": date(2022, 9, 1),
        "filed_to": "市人民政府、县人大常委会", "filed_on": date(2022, 8, 10), "filing_result": "准予",
    }  # fmt: skip
    return NormativeDocument(**(sound | values))


def drafted(**values: Any) -> NormativeDocument:
    """A normative document of which only the draft is there."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("public_from", "public_to", "legal_sent_on", "legal_done_on", "discussed_on", "signed_on", "registered_on",
         "published_on", "effective_on", "filed_on")
    )  # fmt: skip
    return norm(**(nothing | {"legal_result": "", "filing_result": "", "doc_number": "", "filed_to": ""} | values))


def proposal(*lines: Line, **values: Any) -> Proposal:
    """A suggestion that was handed to one unit; `lines` come on top of its proposer, and of that unit unless given."""
    sound = {
        "kind": "人大代表建议", "session": "十八届二次", "sequence": 45, "title": "关于加固舜水河堤的建议",
        "topic": "农业农村", "assigned_on": date(2022, 12, 20),
    }  # fmt: skip
    units = [] if any(isinstance(line, Assignment) for line in lines) else [Assignment(unit="县水利局", role="主办")]
    return with_lines(Proposal(**(sound | values)), Proposer(person="盘𬀩", delegation="塔峰代表团"), *units, *lines)


def reply(on: date, reply_class: str = "A", **values: Any) -> Reply:
    """One signed reply."""
    return Reply(on=on, signer="王堃", reply_class=reply_class, **values)


def saved(store: Store, record: R, title: str = "") -> R:
    """The record after it was saved."""
    store.save(record, title)
    return record


def again(store: Store, record: R) -> R:
    """The record as it stands in the ledger, with its lines."""
    found = store.load(type(record), record.id)
    assert isinstance(found, type(record))
    return found


def problems(store: Store, record: Record) -> list[Problem]:
    """Every problem that saving a record meets: those that refuse it, or those that only mark it."""
    try:
        return list(store.save(record).notes)
    except Refused as refused:
        return list(refused.problems)


def figure(store: Store, key: str, period: str = "2022") -> Any:
    """The value of one figure."""
    return Figures(store.connection, store.catalogue, store.rules.days).value(key, Period.parse(period)).value


def said(found: Iterable[Problem], kind: str) -> dict[str, str]:
    """The problems of one kind: field -> sentence."""
    return {problem.field: problem.text for problem in found if problem.kind == kind}


def by_kind(refused: Iterable[Any], marked: Iterable[Any], noted: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Cases (make, field, words) of three tables, each under the kind of its problem."""
    tables = (("must", refused), ("missing", marked), ("note", noted))
    return [(kind, *case) for kind, table in tables for case in table]


def assert_told(store: Store, record: Record, kind: Kind, field: str, words: str) -> None:
    """Saving the record tells this problem at this field; only what must not be keeps it from being saved."""
    found = problems(store, record)
    assert said(found, kind)[field] == words
    if kind == "must":
        assert record.id is None
    else:
        assert said(found, "must") == {}
        assert (again(store, record).missing >= 1) == bool(said(found, "missing"))


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the search index, to compare a ledger with itself."""
    names = store.connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%'"
    )
    return {
        name: store.connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall()
        for (name,) in names.fetchall()
    }


@contextmanager
def no_room(limit: int) -> Generator[None]:
    """Let no file of this process grow beyond `limit` bytes for a while."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let hashes of passwords cost little: the tests make many."""
    cheap = replace(passwords.limits(), passes=1, memory=8 * 1024)
    monkeypatch.setattr(passwords, "limits", lambda: cheap)
