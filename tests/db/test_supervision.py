"""督查: time limits, stages and mistakes of matters under supervision and of the notices that name them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.errors import Refused
from db.record import Record
from db.registers.supervision_matter import MatterExtension, MatterProgress, MatterUrging, SupervisionMatter
from db.registers.supervision_notice import NoticeItem, SupervisionNotice
from db.store.store import Store
from tests.db.office import Clock, again, figure, matter, notice, problems, said, saved

DAY = date(2022, 12, 28)


def handed(*lines: Any, **values: Any) -> SupervisionMatter:
    """A matter that was handed to its unit."""
    return matter(*lines, **({"handed_on": date(2022, 12, 21)} | values))


def report(on: date, percent: int | None = None, **values: Any) -> MatterProgress:
    """One report of the unit."""
    return MatterProgress(on=on, text="推进中", percent=percent, **values)


def closed(**values: Any) -> SupervisionMatter:
    """A matter that was reported done and struck off."""
    sound = {"finished_on": DAY, "reviewer": "王堃", "review_result": "通过", "closed_on": date(2022, 12, 29)}
    return handed(report(DAY, 100), **(sound | values))


def longer(**values: Any) -> MatterExtension:
    """An approved extension to the middle of 2023."""
    sound: dict[str, Any] = {
        "asked_on": date(2023, 3, 20), "reason": "管材到货晚", "until_on": date(2023, 6, 30), "approver": "王堃",
        "approved_on": date(2023, 3, 22),
    }  # fmt: skip
    return MatterExtension(**(sound | values))


@pytest.mark.parametrize(
    ("start", "due"),
    [(date(2022, 9, 28), date(2022, 10, 1)), (date(2022, 12, 29), date(2023, 1, 1))],
)
def test_an_urgent_matter_is_due_after_three_calendar_days(store: Store, start: date, due: date) -> None:
    record = saved(store, handed(set_up_on=start, handed_on=start, urgency="加急", due_on=None))
    assert (record.due_on, record.due_basis) == (due, "急件办理：3日")


def test_a_limit_that_the_office_sets_stays(store: Store) -> None:
    record = saved(store, handed(urgency="特急"))
    assert (record.due_on, record.due_rule) == (date(2023, 3, 31), "")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2022, 9, 28), date(2022, 10, 10)),  # Saturday and Sunday after National Day are worked
        (date(2022, 12, 28), date(2023, 1, 5)),
        (date(2026, 2, 13), date(2026, 2, 27)),
    ],
)
def test_a_decision_of_a_meeting_is_first_reported_on_after_five_working_days(
    store: Store, start: date, due: date
) -> None:
    record = handed(set_up_on=start, handed_on=start, due_on=None)
    record.follow(store.rules)
    assert record.next_report_on == due


@pytest.mark.parametrize(
    ("cycle", "last", "following"),
    [
        ("每周", date(2022, 12, 28), date(2023, 1, 4)),
        ("每旬", date(2022, 12, 25), date(2023, 1, 4)),
        ("每月", date(2022, 12, 31), date(2023, 1, 31)),
        ("每季", date(2022, 11, 30), date(2023, 2, 28)),
        ("一次性", date(2022, 12, 28), None),
    ],
)
def test_later_reports_follow_the_cycle(store: Store, cycle: str, last: date, following: date | None) -> None:
    record = handed(report(last, 30), report(date(2022, 11, 1), 10), report_cycle=cycle)
    record.follow(store.rules)
    assert (record.next_report_on, record.reported_on, record.percent) == (following, last, 30)
    record.finished_on = date(2023, 1, 10)
    record.follow(store.rules)
    assert record.next_report_on is None


def test_a_unit_returns_what_is_not_its_own_within_three_working_days(store: Store) -> None:
    start = date(2022, 9, 30)
    on_time = handed(set_up_on=start, handed_on=start, returned_on=date(2022, 10, 10), return_reason="不属本局")
    assert "returned_on" not in said(problems(store, on_time), "note")
    late = handed(set_up_on=start, handed_on=start, returned_on=date(2022, 10, 11), return_reason="不属本局")
    words = "退回日期2022-10-11晚于2022-10-10：不属本单位的退回：3个工作日（本办督查规定（可改））"
    assert said(problems(store, late), "note")["returned_on"] == words
    assert late.stage == "returned"


def test_an_objection_has_thirty_calendar_days_and_so_has_its_review(store: Store) -> None:
    """政府督查工作条例 §17."""
    record = closed(conclusion_on=date(2022, 11, 29), objected_on=date(2022, 12, 29))
    assert problems(store, record) == []
    assert record.review_due_on == date(2023, 1, 28)
    late = closed(conclusion_on=date(2022, 11, 28), objected_on=date(2022, 12, 29))
    words = "申请复核2022-12-29晚于2022-12-28：对结论申请复核：30日（政府督查工作条例第17条）"
    assert said(problems(store, late), "note")["objected_on"] == words
    undecided = closed(conclusion_on=date(2022, 11, 1), objected_on=date(2022, 11, 29))
    assert said(problems(store, undecided), "missing")["decided_on"] == "复核决定应在2022-12-29前作出"


def test_an_approved_extension_moves_the_limit_and_the_rate_is_taken_over_the_new_one(
    store: Store, clock: Clock
) -> None:
    clock.go(date(2023, 3, 22))
    record = saved(store, handed(report(date(2023, 3, 1), 60), longer()))
    assert (record.due_on, record.first_due_on) == (date(2023, 6, 30), date(2023, 3, 31))
    clock.go(date(2023, 6, 29))
    record.finished_on, record.reviewer, record.closed_on = date(2023, 6, 29), "王堃", date(2023, 7, 3)
    store.save(record)
    assert (record.due_on, record.first_due_on) == (date(2023, 6, 30), date(2023, 3, 31))
    assert [figure(store, key, "2023") for key in ("sup_due", "sup_ontime", "sup_extended")] == [1, 1, 1]
    assert figure(store, "sup_due", "2023-03") == 0


def test_an_extension_that_was_entered_after_the_limit_is_marked(store: Store) -> None:
    record = handed(longer(asked_on=date(2023, 4, 3)))
    words = "延期申请2023-04-03晚于原定时限2023-03-31：应在到期前提出"
    assert said(problems(store, record), "missing")["matter_extension"] == words


STEPS: list[tuple[dict[str, Any], str]] = [
    ({}, "proposed"), ({"set_up_on": date(2022, 12, 20)}, "set_up"), ({"handed_on": date(2022, 12, 21)}, "handed"),
    ({"matter_progress": [report(DAY, 60)]}, "working"), ({"finished_on": DAY}, "reported"),
    ({"reviewer": "王堃"}, "reported"), ({"closed_on": date(2022, 12, 30)}, "closed"),
]  # fmt: skip


def put(record: Record, values: dict[str, Any]) -> None:
    """Set fields and kinds of lines of a record."""
    for name, value in values.items():
        if isinstance(value, list):
            record.rows[name] = value
        else:
            setattr(record, name, value)


def test_a_matter_is_numbered_when_set_up_and_closed_only_by_the_reviewer(store: Store, clock: Clock) -> None:
    record = matter(set_up_on=None)
    for values, stage in STEPS:
        clock.tick()
        put(record, values)
        store.save(record)
        assert record.stage == stage
        assert record.is_open == (stage != "closed")
        assert record.number == ("" if stage == "proposed" else "督〔2022〕1号")


def test_what_the_unit_has_reported_done_is_not_yet_done(store: Store, clock: Clock) -> None:
    record = saved(store, handed(report(DAY, 100), finished_on=DAY))
    assert (figure(store, "sup_finished"), figure(store, "sup_closed"), figure(store, "sup_done_rate")) == (1, 0, 0)
    assert (figure(store, "sup_open"), record.is_open) == (1, True)
    clock.tick()
    store.move(record, "redo")
    assert (record.stage, again(store, record).finished_on) == ("redo", None)


def test_a_lasting_matter_has_a_cycle_and_is_never_late(store: Store, clock: Clock) -> None:
    start = date(2022, 1, 5)
    record = saved(
        store,
        handed(
            report(date(2022, 12, 1)),
            set_up_on=start, handed_on=start, due_on=date(2022, 3, 31), report_cycle="每季",
            lasting_on=date(2022, 3, 1),
        ),
    )  # fmt: skip
    assert (record.stage, record.due_on, record.next_report_on) == ("lasting", None, date(2023, 3, 1))
    assert (record.number, record.time_limit) == ("督〔2022〕1号", "长期坚持")
    assert [figure(store, key) for key in ("sup_overdue", "sup_longterm", "sup_open", "sup_due")] == [0, 1, 1, 0]
    saved(store, handed(set_up_on=start, handed_on=start, due_on=date(2022, 3, 31)))
    assert [figure(store, key) for key in ("sup_overdue", "sup_not_urged")] == [1, 1]
    clock.tick()
    record.report_cycle = "一次性"
    assert said(problems(store, record), "missing")["report_cycle"] == "长期坚持的要定反馈周期"


def test_a_matter_that_was_stopped_ends(store: Store, clock: Clock) -> None:
    record = saved(store, handed(stopped_on=DAY, stop_reason="并入另一事项"))
    assert (record.stage, record.ended_on, record.number) == ("stopped", DAY, "督〔2022〕1号")
    assert [figure(store, key) for key in ("sup_open", "sup_matter", "sup_closed")] == [0, 1, 0]
    clock.tick()
    store.move(record, "set_up")
    assert (record.stage, record.ended_on, record.is_open) == ("handed", None, True)


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"due_on": date(2022, 12, 19)}, "due_on", "办理时限2022-12-19早于立项日期2022-12-20"),
    ({"handed_on": date(2022, 12, 19)}, "handed_on", "交办日期2022-12-19早于立项日期2022-12-20"),
    ({"handed_on": None}, "handed_on", "还没有交办就报结：请先填交办日期"),
    ({"handed_on": date(2022, 12, 29)}, "finished_on", "报结日期2022-12-28早于交办日期2022-12-29"),
    ({"set_up_on": None}, "set_up_on", "交办前要先立项：请填立项日期"),
    ({"finished_on": None}, "finished_on", "销号前要有承办单位的报结日期"),
    ({"reviewer": ""}, "reviewer", "销号要有审核人：承办单位报办结不等于销号"),
    ({"review_result": "退回"}, "review_result", "审核结论为“退回”，不能销号"),
    ({"closed_on": date(2022, 12, 27)}, "closed_on", "销号日期2022-12-27早于报结日期2022-12-28"),
    (
        {"conclusion_on": DAY, "objected_on": date(2022, 12, 27)},
        "objected_on", "申请复核2022-12-27早于结论送达2022-12-28",
    ),
    ({"source": "梦到"}, "source", "任务来源没有“梦到”这一项"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "field", "words"), REFUSED)
def test_a_matter_that_cannot_be_true_is_refused(store: Store, values: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Refused):
        store.save(closed(**values))
    assert said(problems(store, closed(**values)), "must")[field] == words


def test_percentages_fall_only_with_a_reason_and_stop_at_a_hundred(store: Store) -> None:
    record = handed(report(date(2022, 12, 22), 60), report(DAY, 40))
    words = "2022-12-28的进度从60%降到40%：请写回落原因"
    assert said(problems(store, record), "missing")["matter_progress"] == words
    explained = handed(report(date(2022, 12, 22), 60), report(DAY, 40, setback="塌方返工"))
    assert "matter_progress" not in said(problems(store, explained), "missing")
    assert said(problems(store, handed(report(DAY, 101))), "must")["matter_progress"] == "进度不能超过100%"


def test_a_late_matter_that_nobody_urged_is_marked(store: Store, clock: Clock) -> None:
    start = date(2022, 11, 1)
    record = saved(store, handed(set_up_on=start, handed_on=start, due_on=date(2022, 12, 29)))
    clock.go(date(2022, 12, 30))
    words = "已过办理时限2022-12-29，还没有催办记录"
    assert said(problems(store, record), "missing")["matter_urging"] == words
    clock.tick()
    record.rows["matter_urging"] = [MatterUrging(on=date(2022, 12, 30), way="电话", person="李喆")]
    assert "matter_urging" not in said(problems(store, record), "missing")
    assert record.urged_on == date(2022, 12, 30)


def test_a_matter_handed_over_needs_a_limit(store: Store) -> None:
    found = said(problems(store, handed(due_on=None)), "missing")
    assert found["due_on"] == "交办的事项要有办理时限；长期坚持的填转长期日期"


def test_the_working_days_from_handing_to_report_are_averaged(store: Store) -> None:
    saved(store, closed(set_up_on=date(2022, 9, 26), handed_on=date(2022, 9, 30), finished_on=date(2022, 10, 10)))
    assert figure(store, "sup_avg_wd") == 3
    assert (figure(store, "sup_report_rate"), figure(store, "sup_done_rate")) == (100, 100)


@pytest.mark.parametrize(
    ("issued", "due"),
    [
        (date(2022, 9, 28), date(2022, 10, 10)),
        (date(2022, 12, 28), date(2023, 1, 5)),
        (date(2022, 12, 24), date(2022, 12, 30)),  # a Saturday
    ],
)
def test_a_notice_is_answered_within_five_working_days(store: Store, issued: date, due: date) -> None:
    record = saved(store, notice(issued_on=issued))
    assert (record.due_on, record.due_basis, record.number) == (due, "回复", "督办〔2022〕1号")


def test_the_next_answer_of_several_is_the_deadline_and_all_close_the_notice(store: Store, clock: Clock) -> None:
    record = notice(
        NoticeItem(matter="督〔2022〕1号", requirement="报进度", due_on=date(2023, 1, 20)),
        NoticeItem(matter="督〔2022〕2号", requirement="报方案"),
        reply_due_on=date(2023, 1, 10),
    )
    saved(store, record)
    assert (record.title, record.due_on, record.stage) == ("报进度等2项", date(2023, 1, 10), "issued")
    clock.tick()
    record.received_on = date(2022, 12, 27)
    record.lines(NoticeItem)[1].replied_on = date(2022, 12, 30)
    store.save(record)
    assert (record.due_on, record.stage, record.replied_on) == (date(2023, 1, 20), "received", None)
    clock.tick()
    record.lines(NoticeItem)[0].replied_on = date(2022, 12, 29)
    store.save(record)
    assert (record.due_on, record.stage, record.replied_on) == (None, "replied", date(2022, 12, 30))
    assert [figure(store, key) for key in ("sup_notice", "sup_notice_items", "sup_notice_reply_rate")] == [1, 2, 100]


def test_a_notice_without_a_matter_is_marked(store: Store) -> None:
    words = "督办事项第1行没有对应的督查事项编号：先立项，再发通知"
    assert said(problems(store, notice(NoticeItem(requirement="报进度"))), "missing")["notice_item"] == words
    record = SupervisionNotice(kind="约谈", to_unit="县住建局")
    assert said(problems(store, record), "missing")["notice_item"] == "待补督办事项"
    assert (record.stage, record.number) == ("draft", "")


def test_a_matter_that_no_notice_names_is_noted_and_a_second_notice_urges(store: Store, clock: Clock) -> None:
    start = date(2022, 11, 1)
    record = saved(store, matter(set_up_on=start, due_on=date(2022, 12, 29)))
    clock.tick()
    record.handed_on = start
    found = problems(store, record)
    assert said(found, "note")["handed_on"] == "已交办，但还没有督办通知列入本事项"
    assert "matter_urging" in said(found, "missing")
    saved(store, notice(NoticeItem(matter=record.number, requirement="报进度"), kind="交办通知", issued_on=start))
    clock.tick()
    record.remarks = "一"
    found = problems(store, record)
    assert (said(found, "note"), "matter_urging" in said(found, "missing")) == ({}, True)
    second = saved(store, notice(NoticeItem(matter=record.number, requirement="报进度"), kind="催办通知"))
    clock.tick()
    record.remarks = "二"
    assert "matter_urging" not in said(problems(store, record), "missing")
    assert record.referrers()[0] == (SupervisionNotice, second.id)


NOT_BEFORE: list[tuple[dict[str, Any], str, str]] = [
    ({"reply_due_on": date(2022, 12, 25)}, "reply_due_on", "回复时限2022-12-25早于印发日期2022-12-26"),
    ({"received_on": date(2022, 12, 25)}, "received_on", "签收日期2022-12-25早于印发日期2022-12-26"),
    ({"replied_on": date(2022, 12, 25)}, "replied_on", "回复日期2022-12-25早于印发日期2022-12-26"),
]


@pytest.mark.parametrize(("values", "field", "words"), NOT_BEFORE)
def test_nothing_comes_before_its_notice(store: Store, values: dict[str, Any], field: str, words: str) -> None:
    assert said(problems(store, notice(**values)), "must")[field] == words


def test_no_matter_is_due_or_answered_before_its_notice_or_named_twice(store: Store) -> None:
    early = NoticeItem(matter="督〔2022〕1号", requirement="报进度", due_on=date(2022, 12, 1))
    words = "督办事项第1行回复时限2022-12-01早于印发日期2022-12-26"
    assert said(problems(store, notice(early)), "must")["notice_item"] == words
    twice = [NoticeItem(matter="督〔2022〕1号", requirement=text) for text in ("报进度", "报方案")]
    assert said(problems(store, notice(*twice)), "note")["notice_item"] == "督〔2022〕1号在本通知里写了2次"
