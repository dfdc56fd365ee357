"""The rules of every register: what must be there, what is expected, deadlines, stages that follow the facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from db.catalogue import Catalogue
from db.directory.units import Unit
from db.errors import Refused
from db.record import Record
from db.registers.incoming import Circulation, Incoming, Instruction
from db.registers.legal_case import LegalCase
from db.registers.major_decision import MajorDecision
from db.registers.normative_document import NormativeDocument
from db.registers.outgoing import Outgoing, Reviewer
from db.registers.proposal import Proposal
from db.registers.publicity_event import PublicityEvent
from db.registers.rectification_plan import Measure, RectificationPlan
from db.registers.study_session import Attendance, StudyItem, StudySession
from db.registers.supervision_matter import SupervisionMatter
from db.registers.supervision_notice import SupervisionNotice
from db.store.search import Filter, Listing
from db.store.store import Store
from tests.db.office import (
    Clock,
    again,
    case,
    decision,
    draft,
    event,
    incoming,
    matter,
    norm,
    notice,
    outgoing,
    plan,
    problems,
    proposal,
    said,
    saved,
    study,
    with_lines,
)  # fmt: skip

Make = Callable[..., Any]
MAKERS: dict[type[Record], Make] = {
    Incoming: incoming, Outgoing: outgoing, StudySession: study, RectificationPlan: plan, LegalCase: case,
    PublicityEvent: event, MajorDecision: decision, SupervisionMatter: matter, SupervisionNotice: notice,
    NormativeDocument: norm, Proposal: proposal,
}  # fmt: skip
MUSTS = [(make, name) for register, make in MAKERS.items() for name in register.MUSTS]
EXPECTED = [(make, name) for register, make in MAKERS.items() for name in register.EXPECTED]


def without(record: Record, name: str) -> Record:
    """The record with one field, or one kind of lines, emptied."""
    if name in record._meta.fields:
        setattr(record, name, None if record._meta.fields[name].null else "")
    else:
        record.rows[name] = []
    return record


def listed(store: Store, register: type[Record], light: str) -> list[int]:
    """The ids of the records that show a light."""
    number = store.register_numbers[register.key()]
    wanted = Filter(light=light)
    return Listing(store.connection, register, number, wanted, store.rules.today, store.rules.days).ids()


def test_a_record_can_be_complete_when_it_is_entered(catalogue: Catalogue) -> None:
    """What is expected of every record stands in quick entry, or each one entered there would be 待补全."""
    for register in catalogue:
        assert set(register.EXPECTED) <= set(register.ENTRY), register.TITLE


def test_every_register_has_a_maker_here(catalogue: Catalogue) -> None:
    assert set(catalogue) == set(MAKERS)


@pytest.mark.parametrize("register", MAKERS)
def test_a_sound_record_has_no_problem(store: Store, register: type[Record]) -> None:
    record = MAKERS[register]()
    assert problems(store, record) == []
    assert record.missing == 0


@pytest.mark.parametrize(("make", "name"), MUSTS)
def test_what_must_be_there_is_asked_for(store: Store, make: Make, name: str) -> None:
    record = without(make(), name)
    assert said(problems(store, record), "must")[name] == f"请填写{record.label(name)}"
    assert record.id is None


@pytest.mark.parametrize(("make", "name"), EXPECTED)
def test_what_is_expected_marks_the_record_as_incomplete(store: Store, make: Make, name: str) -> None:
    record = without(make(), name)
    assert said(problems(store, record), "missing")[name] == f"待补{record.label(name)}"
    assert record.missing >= 1
    assert listed(store, type(record), "todo") == [record.id]


@pytest.mark.parametrize(
    ("values", "due"),
    [
        ({"kind": "函", "received_on": date(2022, 9, 28)}, date(2022, 10, 8)),
        ({"kind": "函", "received_on": date(2022, 12, 30)}, date(2023, 1, 5)),
        ({"kind": "函", "received_on": date(2022, 12, 24)}, date(2022, 12, 28)),
        ({"kind": "函", "received_on": date(2022, 9, 30), "urgency": "加急"}, date(2022, 10, 8)),
        ({"kind": "函", "received_on": date(2022, 12, 30), "urgency": "加急"}, date(2023, 1, 3)),
        ({"kind": "函", "received_on": date(2022, 12, 24), "urgency": "特急"}, date(2022, 12, 24)),
        ({"kind": "电报", "received_on": date(2022, 12, 23), "urgency": "特提"}, date(2022, 12, 23)),
        ({"kind": "请示", "received_on": date(2022, 9, 26)}, date(2022, 10, 13)),
        ({"kind": "请示", "received_on": date(2022, 12, 28)}, date(2023, 1, 12)),
        ({"kind": "请示", "received_on": date(2026, 9, 24)}, date(2026, 10, 15)),
        ({"kind": "请示", "received_on": date(2022, 12, 28), "urgency": "加急"}, date(2022, 12, 29)),
        ({"kind": "电话记录", "received_on": date(2022, 12, 28), "medium": "电话"}, date(2023, 1, 3)),
        ({"kind": "报告"}, None),
        ({"kind": "函", "handling": "阅件"}, None),
    ],
)
def test_the_deadline_of_a_paper_counts_working_days(store: Store, values: dict[str, Any], due: date | None) -> None:
    record = saved(store, incoming(**({"from_doc_on": None} | values)))
    assert record.due_on == due
    assert bool(record.due_basis) == bool(record.due_rule) == (due is not None)
    assert not record.is_provisional


def test_a_deadline_in_a_year_without_holidays_is_provisional(store: Store, clock: Clock) -> None:
    clock.go(date(2026, 12, 30))
    within = saved(store, incoming(from_doc_on=None, received_on=date(2026, 12, 28), kind="函"))
    beyond = saved(store, incoming(from_doc_on=None, received_on=date(2026, 12, 30), from_doc_no="塔政〔2026〕9号"))
    assert (within.due_on, within.is_provisional) == (date(2026, 12, 31), False)
    assert (beyond.due_on, beyond.is_provisional) == (date(2027, 1, 14), True)


def test_a_deadline_follows_the_paper_until_it_is_set_by_hand(store: Store, clock: Clock) -> None:
    record = saved(store, incoming(kind="函"))
    assert record.due_on == date(2023, 1, 3)
    clock.tick()
    record.urgency = "加急"
    store.save(record)
    assert (record.due_on, record.due_rule) == (date(2022, 12, 29), "incoming.urgent")
    clock.tick()
    record.handling = "阅件"
    store.save(record)
    assert (record.due_on, record.due_rule, record.due_basis) == (None, "", "")


def test_a_deadline_typed_with_a_new_record_stays(store: Store) -> None:
    record = saved(store, incoming(due_on=date(2022, 12, 31)))
    assert (record.due_on, record.due_rule) == (date(2022, 12, 31), "")


def test_what_is_to_be_published_is_due_twenty_working_days_after_its_date(store: Store, clock: Clock) -> None:
    day = date(2022, 12, 1)
    record = saved(store, outgoing(publicity="主动公开", doc_on=day, signed_on=day, printed_on=day))
    assert (record.due_on, record.is_open) == (date(2022, 12, 29), True)
    assert listed(store, Outgoing, "late") == [record.id]
    clock.tick()
    record.published_on = date(2022, 12, 30)
    store.save(record)
    assert (record.due_on, record.is_open) == (date(2022, 12, 29), False)
    assert listed(store, Outgoing, "late") == []


def test_what_is_not_to_be_published_has_no_deadline(store: Store) -> None:
    assert saved(store, outgoing()).due_on is None
    assert saved(store, draft(publicity="主动公开", title="关于春耕的通知")).due_on is None
    early = date(2019, 5, 14)
    record = saved(store, outgoing(publicity="主动公开", doc_on=early, signed_on=early, printed_on=early))
    assert record.due_on is None


def test_a_plan_is_due_with_its_last_measure(store: Store, clock: Clock) -> None:
    record = saved(
        store, plan(Measure(text="一", due_on=date(2023, 2, 1)), Measure(text="二", due_on=date(2023, 5, 1)))
    )
    assert record.due_on == date(2023, 5, 1)
    clock.tick()
    record.rows["measure"].pop()
    store.save(record)
    assert record.due_on == date(2023, 2, 1)
    clock.tick()
    record.due_on = date(2023, 6, 30)
    store.save(record)
    clock.tick()
    record.rows["measure"].append(Measure(text="三", due_on=date(2023, 9, 1)))
    store.save(record)
    assert record.due_on == date(2023, 6, 30)


@pytest.mark.parametrize(
    ("cycle", "last", "following"),
    [
        ("每季度", date(2022, 11, 30), date(2023, 2, 28)),
        ("每半年", date(2022, 8, 31), date(2023, 2, 28)),
        ("每年", date(2022, 3, 1), date(2023, 3, 1)),
    ],
)
def test_a_lasting_matter_is_reviewed_in_its_cycle_and_never_late(
    store: Store, clock: Clock, cycle: str, last: date, following: date
) -> None:
    lasting = {"rect_kind": "长期坚持", "review_cycle": cycle, "last_review_on": last, "found_on": date(2022, 1, 5)}
    record = saved(store, plan(**lasting))
    assert (record.next_review_on, record.due_on, record.stage) == (following, None, "lasting")
    assert record.time_limit == "长期坚持"
    clock.go(date(2025, 6, 3))
    assert listed(store, RectificationPlan, "late") == []


STEPS: list[tuple[Callable[[], Record], list[tuple[dict[str, Any], str]]]] = [
    (
        lambda: incoming(lead_unit=""),
        [
            ({}, "registered"), ({"proposed_opinion": "请县财政局研办"}, "proposed"),
            ({"instruction": [Instruction(leader="王堃", text="同意")]}, "instructed"),
            ({"lead_unit": "县财政局"}, "working"), ({"finished_on": date(2022, 12, 29)}, "working"),
            ({"result": "批复"}, "done"), ({"filed_on": date(2022, 12, 30)}, "filed"),
        ],
    ),
    (
        lambda: incoming(kind="报告", lead_unit=""),
        [
            ({"circulation": [Circulation(person="王堃")]}, "circulating"),
            ({"result": "阅存", "finished_on": date(2022, 12, 30)}, "done"),
        ],
    ),
    (incoming, [({"return_reasons": "多头主送、越级", "finished_on": date(2022, 12, 29)}, "returned")]),
    (lambda: incoming(result="阅存", finished_on=date(2022, 12, 29), filed_on=date(2022, 12, 30)), [({}, "filed")]),
    (
        draft,
        [
            ({}, "draft"), ({"reviewer": [Reviewer(person="李喆")]}, "reviewed"), ({"signer": "王堃"}, "reviewed"),
            ({"signed_on": date(2022, 12, 27)}, "signed"), ({"doc_on": date(2022, 12, 27)}, "numbered"),
            ({"printed_on": date(2022, 12, 28)}, "issued"), ({"filed_on": date(2022, 12, 30)}, "filed"),
        ],
    ),
    (
        lambda: with_lines(study(StudyItem(title="《宪法》"))),
        [
            ({}, "planned"), ({"announced_on": date(2022, 12, 5)}, "announced"),
            ({"attendance": [Attendance(person="王堃", status="出席")]}, "held"),
            ({"filed_on": date(2022, 12, 30)}, "filed"),
        ],
    ),
    (lambda: study(StudyItem(title="《宪法》")), [({"cancel_reason": "停电"}, "cancelled")]),
    (
        lambda: without(plan(), "measure"),
        [
            ({}, "new"), ({"measure": [Measure(text="订立计划")]}, "working"),
            ({"self_finished_on": date(2022, 12, 28)}, "finished"),
            ({"reviewer": "王堃", "reviewed_on": date(2022, 12, 29)}, "finished"),
            ({"closed_on": date(2022, 12, 30)}, "closed"),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("make", "steps"), STEPS)
def test_the_stage_follows_the_facts(
    store: Store, clock: Clock, make: Callable[[], Record], steps: list[tuple[dict[str, Any], str]]
) -> None:
    record = make()
    for values, stage in steps:
        clock.tick()
        for name, value in values.items():
            if isinstance(value, list):
                record.rows[name] = value
            else:
                setattr(record, name, value)
        store.save(record)
        assert record.stage == stage
        assert record.is_open == (not record.stage_of(stage).closed)


@pytest.mark.parametrize(
    ("make", "target", "stage", "emptied"),
    [
        (
            lambda: incoming(result="批复", finished_on=date(2022, 12, 29)),
            "working", "working", ("result", "finished_on"),
        ),
        (
            lambda: incoming(lead_unit="", return_reasons="越级", finished_on=date(2022, 12, 29)),
            "registered", "registered", ("return_reasons", "finished_on"),
        ),
        (lambda: with_lines(draft(), Reviewer(person="李喆")), "draft", "draft", ("reviewer",)),
        (lambda: plan(self_finished_on=date(2022, 12, 28)), "working", "working", ("self_finished_on",)),
        (plan, "mostly", "mostly", ()),
    ],
)  # fmt: skip
def test_a_clerk_moves_a_record_and_empties_what_no_longer_holds(
    store: Store, clock: Clock, make: Make, target: str, stage: str, emptied: tuple[str, ...]
) -> None:
    record = saved(store, make())
    clock.tick()
    store.move(record, target)
    moved = again(store, record)
    assert moved.stage == stage
    assert not any(moved.filled(name) for name in emptied)


def test_a_move_that_is_not_permitted_is_refused_in_words(store: Store) -> None:
    record = saved(store, incoming())
    with pytest.raises(Refused, match="从“承办中”不能直接到“签收”"):
        store.move(record, "received")
    with pytest.raises(Refused, match="办结前请填写办理结果"):
        store.move(record, "done")
    assert again(store, record).stage == "working"


def test_the_level_of_a_paper_comes_from_the_directory_of_units(store: Store) -> None:
    Unit.insert(name="县乡村振兴局", short_name="乡村振兴局", aliases="县扶贫办", level="县直部门").execute()
    store.forget_rules()
    for unit in ("县乡村振兴局", "乡村振兴局", "县扶贫办"):
        record = saved(store, incoming(from_unit=unit, source_level="", from_doc_no=""))
        assert (record.source_level, record.source_group, record.series) == ("县直部门", "下级", "下")


@pytest.mark.parametrize(
    ("kind", "handling"), [("请示", "办件"), ("报告", "阅件"), ("通知", "办件"), ("通报", "阅件"), ("电报", "办件")]
)
def test_the_kind_of_a_paper_says_how_it_is_handled(store: Store, kind: str, handling: str) -> None:
    assert saved(store, incoming(kind=kind)).handling == handling


def test_a_request_is_always_handled(store: Store) -> None:
    assert saved(store, incoming(kind="请示", handling="阅件")).handling == "办件"


def test_a_session_counts_its_members_and_takes_its_title_from_its_items(store: Store) -> None:
    record = saved(
        store,
        study(
            StudyItem(title="《宪法》"), StudyItem(title="《民法典》"), Attendance(person="王堃", status="出席"),
            Attendance(person="李喆", status="出席"), Attendance(person="龙䶮", status="请假（病假）"),
            Attendance(person="陈𫖯", status="列席"),
        ),
    )  # fmt: skip
    assert (record.title, record.expected, record.present) == ("《宪法》；《民法典》", 3, 2)
    assert record.attendance_rate == "66.7%"
    assert StudySession().attendance_rate == "—"
    assert StudySession(expected=16, present=1).attendance_rate == "6.3%"
