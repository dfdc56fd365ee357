"""复议应诉: every limit with the article that it follows, who went to court, what closes a case."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.figures import Figures, Period
from db.registers.legal_case import Agent, CaseExtension, Hearing, LegalCase, Letter
from db.store.store import Store
from tests.db.office import Clock, again, case, problems, said, saved

RECONSIDERED = "复议（作被申请人）"
DECIDES = "复议（县政府为机关）"


@pytest.fixture(autouse=True)
def in_autumn(clock: Clock) -> None:
    """A day in the autumn of 2025, before National Day."""
    clock.go(date(2025, 9, 29))


def figure(store: Store, key: str) -> Any:
    """The value of one figure of 2025."""
    return Figures(store.connection, store.catalogue, store.rules.days).value(key, Period.year(2025)).value


@pytest.mark.parametrize(
    ("values", "due", "label"),
    [
        # 行政复议法 §48 with §88: working days; National Day and the make-up days 9-28 and 10-11 lie between.
        ({"kind": RECONSIDERED, "received_on": date(2025, 9, 26)}, date(2025, 10, 16), "复议答复"),
        ({"kind": RECONSIDERED, "received_on": date(2025, 9, 26), "procedure": "简易"}, date(2025, 10, 10), "复议答复"),
        # §58 with §88
        ({"kind": "规范性文件附带审查", "received_on": date(2025, 9, 5)}, date(2025, 9, 19), "审查答复"),
        # 行政诉讼法 §67: calendar days, rolled over National Day (民诉法 §85)
        ({"kind": "行政诉讼一审", "received_on": date(2025, 9, 16)}, date(2025, 10, 9), "答辩举证"),
        ({"kind": "行政诉讼一审", "received_on": date(2025, 9, 10)}, date(2025, 9, 25), "答辩举证"),
        ({"kind": "行政诉讼二审", "received_on": date(2025, 9, 10)}, date(2025, 9, 25), "答辩"),
        ({"kind": "民事诉讼", "received_on": date(2025, 9, 13)}, date(2025, 9, 28), "答辩"),
        # 法释〔2018〕6号 §21: two months, to the end of a shorter month
        ({"kind": "检察建议", "received_on": date(2024, 12, 31)}, date(2025, 2, 28), "书面回复"),
        # 行政复议法 §62: 60 and 30 calendar days from acceptance, over the year's end
        (
            {"kind": DECIDES, "received_on": date(2025, 8, 1), "accepted_on": date(2025, 8, 5)},
            date(2025, 10, 9), "复议决定",
        ),
        (
            {"kind": DECIDES, "received_on": date(2024, 12, 2), "accepted_on": date(2024, 12, 5), "procedure": "简易"},
            date(2025, 1, 6), "复议决定",  # 4 January is a Saturday
        ),
    ],
)  # fmt: skip
def test_the_first_duty_is_due_by_the_law_of_its_kind(
    store: Store, values: dict[str, Any], due: date, label: str
) -> None:
    record = saved(store, case(**values))
    assert (record.due_on, record.due_basis) == (due, label)


def test_a_defence_is_never_counted_in_working_days(store: Store) -> None:
    record = saved(store, case(received_on=date(2025, 9, 1)))
    assert record.answer_due_on == date(2025, 9, 16)


def test_before_2024_the_answer_was_due_in_ten_calendar_days(store: Store) -> None:
    record = saved(store, case(kind=RECONSIDERED, received_on=date(2023, 12, 20)))
    assert (record.answer_due_on, record.due_version) == (date(2024, 1, 2), 1)  # 12-30 rolls over New Year


def test_an_approved_extension_moves_the_decision_and_no_other_limit(store: Store) -> None:
    longer = CaseExtension(
        asked_on=date(2025, 9, 20), reason="案情复杂", until_on=date(2025, 11, 8), approver="王堃",
        approved_on=date(2025, 9, 22),
    )  # fmt: skip
    record = saved(store, case(longer, kind=DECIDES, received_on=date(2025, 8, 1), accepted_on=date(2025, 8, 5)))
    assert (record.due_on, record.first_due_on) == (date(2025, 11, 8), date(2025, 10, 9))
    record = again(store, record)
    record.decided_on, record.outcome, record.must_perform = date(2025, 9, 28), "责令履行", True
    record.perform_by = date(2025, 10, 20)
    store.save(record)
    assert (record.due_on, record.due_basis, record.first_due_on) == (date(2025, 10, 20), "履行", None)


@pytest.mark.parametrize(
    ("served", "form", "due"),
    [
        (date(2025, 9, 8), "判决", date(2025, 9, 23)),  # 行政诉讼法 §85: 15 days from service
        (date(2025, 9, 19), "裁定", date(2025, 9, 29)),
        (date(2025, 9, 18), "判决", date(2025, 10, 9)),  # 10-03 rolls over National Day
        (date(2025, 12, 20), "判决", date(2026, 1, 4)),  # a Sunday that is worked
    ],
)
def test_an_appeal_is_due_from_service_not_from_the_date_of_the_judgment(
    store: Store, clock: Clock, served: date, form: str, due: date
) -> None:
    clock.go(date(2025, 12, 29))
    record = saved(
        store,
        case(received_on=date(2025, 6, 2), answered_on=date(2025, 6, 10), outcome="维持", judgment_form=form,
             decided_on=date(2025, 9, 1), served_on=served),
    )  # fmt: skip
    assert (record.appeal_due_on, record.due_on, record.due_basis) == (due, due, "决定是否上诉")
    record = again(store, record)
    record.appeal = "不上诉"
    store.save(record)
    assert record.due_on is None


def test_the_courts_own_limits_are_shown(store: Store) -> None:
    day = date(2025, 3, 31)
    first = saved(store, case(received_on=day, accepted_on=day))
    assert first.trial_limit_on == date(2025, 9, 30)  # §81: six months
    summary = saved(store, case(received_on=day, accepted_on=day, procedure="简易", title="乙"))
    assert summary.trial_limit_on == date(2025, 5, 15)  # §83: 45 days
    second = saved(store, case(received_on=day, accepted_on=day, kind="行政诉讼二审", title="丙"))
    assert second.trial_limit_on == date(2025, 6, 30)  # §88: three months


def test_an_opinion_asks_for_a_report_in_sixty_days(store: Store) -> None:
    record = saved(
        store,
        case(Letter(kind="行政复议意见书", received_on=date(2025, 8, 4)), answered_on=date(2025, 9, 3),
             kind=RECONSIDERED, received_on=date(2025, 8, 28)),
    )  # fmt: skip
    assert (record.due_on, record.due_basis) == (date(2025, 10, 9), "回复行政复议意见书")  # 行政复议法 §76
    record = again(store, record)
    record.lines(Letter)[0].replied_on = date(2025, 9, 26)
    store.save(record)
    assert record.due_on is None


def test_a_hearing_is_a_deadline_until_it_is_known_who_went(store: Store) -> None:
    ahead = Hearing(on=date(2025, 10, 14), notice_on=date(2025, 9, 28))
    record = saved(store, case(ahead, received_on=date(2025, 9, 1), answered_on=date(2025, 9, 12)))
    assert (record.due_on, record.due_basis, record.stage) == (date(2025, 10, 14), "开庭", "answered")


def test_one_attendance_of_a_leader_is_enough_at_an_instance(store: Store) -> None:
    absent = Hearing(on=date(2025, 9, 8), role="未出庭", absence="他人不能代替的公务", staff="李喆")
    attended = Hearing(on=date(2025, 9, 22), role="副职", leader="王堃")
    saved(store, case(absent, attended, received_on=date(2025, 8, 1), answered_on=date(2025, 8, 12)))
    below = Hearing(on=date(2025, 9, 9), role="下级负责人", leader="龙䶮")
    saved(store, case(below, received_on=date(2025, 8, 1), answered_on=date(2025, 8, 12), title="乙"))
    assert (figure(store, "case_heard"), figure(store, "leader_court"), figure(store, "leader_court_rate")) == (
        2,
        1,
        50,
    )


def test_a_case_goes_its_way_from_receipt_to_closing(store: Store) -> None:
    record = saved(store, case(Agent(person="李喆"), received_on=date(2025, 7, 1), act_unit="", handler=""))
    assert record.stage == "received"
    for stage, values in (
        ("assigned", {"act_unit": "县自然资源局", "handler": "李喆"}),
        ("answered", {"answered_on": date(2025, 7, 11)}),
        ("decided", {"outcome": "确认违法", "decided_on": date(2025, 9, 1)}),
        ("performing", {"served_on": date(2025, 9, 3), "judgment_form": "判决", "appeal": "不上诉"}),
        ("closed", {"closed_on": date(2025, 9, 26)}),
    ):
        record = again(store, record)
        for name, value in values.items():
            setattr(record, name, value)
        store.save(record)
        assert record.stage == stage
    assert (record.verdict, record.is_open) == ("败诉", False)
    assert (figure(store, "case_lost"), figure(store, "case_lost_rate"), figure(store, "case_closed")) == (1, 100, 1)


def test_the_body_that_decides_does_not_lose(store: Store) -> None:
    record = saved(store, case(kind=DECIDES, received_on=date(2025, 7, 1), outcome="撤销", decided_on=date(2025, 9, 1)))
    assert (record.verdict, figure(store, "case_lost")) == ("", 0)


@pytest.mark.parametrize(
    ("record", "field", "sentence"),
    [
        (lambda: case(closed_on=date(2025, 9, 26)), "outcome", "结案要写结果"),
        (
            lambda: case(
                outcome="责令履行", must_perform=True, decided_on=date(2025, 9, 1), closed_on=date(2025, 9, 26)
            ),
            "performed_on", "须履行的案件，没有履行日期不能结案",
        ),
        (
            lambda: case(received_on=date(2025, 9, 2), answered_on=date(2025, 9, 1)),
            "answered_on", "答复日期2025-09-01早于收到日期2025-09-02",
        ),
        (
            lambda: case(decided_on=date(2025, 9, 2), served_on=date(2025, 9, 1)),
            "served_on", "送达日期2025-09-01早于裁判日期2025-09-02",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(store: Store, record: Any, field: str, sentence: str) -> None:
    assert said(problems(store, record()), "must")[field] == sentence


@pytest.mark.parametrize(
    ("hearing", "sentence"),
    [
        (Hearing(on=date(2025, 9, 8), role="未出庭", staff="李喆"), "开庭第1行负责人未出庭，要写事由"),
        (
            Hearing(on=date(2025, 9, 8), role="未出庭", absence="不可抗力"),
            "开庭第1行负责人未出庭，也没有工作人员出庭",
        ),
        (Hearing(on=date(2025, 9, 8), staff="李喆"), "开庭第1行已开庭，请填负责人是否出庭"),
        (Hearing(on=date(2025, 9, 8), role="正职"), "开庭第1行请填出庭负责人姓名"),
    ],
)
def test_who_was_in_court_is_asked_for(store: Store, hearing: Hearing, sentence: str) -> None:
    record = case(hearing, received_on=date(2025, 8, 1), answered_on=date(2025, 8, 12))
    assert said(problems(store, record), "missing")["hearing"] == sentence


def test_what_is_unusual_is_noted(store: Store) -> None:
    late = case(received_on=date(2025, 8, 1), answered_on=date(2025, 8, 19))
    assert said(problems(store, late), "note")["answered_on"] == "答复日期2025-08-19晚于期限2025-08-18"  # 08-16 rolls
    short = Hearing(on=date(2025, 9, 8), notice_on=date(2025, 9, 6), role="正职", leader="王堃")
    noted = said(problems(store, case(short, received_on=date(2025, 8, 1), answered_on=date(2025, 8, 12))), "note")
    assert noted["hearing"] == "开庭第1行通知送达不足开庭3日前"
    below = Hearing(on=date(2025, 9, 8), role="下级负责人", leader="龙䶮")
    noted = said(problems(store, case(below, received_on=date(2025, 8, 1), answered_on=date(2025, 8, 12))), "note")
    assert noted["hearing"] == "开庭第1行下级或受委托组织的负责人不算负责人出庭"
    assert LegalCase.label("hearing") == "开庭"
