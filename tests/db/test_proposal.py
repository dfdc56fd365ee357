"""建议提案: limits of replies, returns and promises, who must reply, and how replies and ratings are counted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from db.directory.vocabulary import TermRow
from db.errors import Refused
from db.figures import Figures, Period
from db.record import Record
from db.registers.proposal import Assignment, Promise, Proposal, Rehandling, Reply, SentBack
from db.store.store import Store
from tests.db.office import Clock, figure, problems, proposal, reply, said, saved


def split() -> list[Assignment]:
    """Two units that each reply."""
    return [Assignment(unit=unit, role="分办") for unit in ("县水利局", "县财政局")]


def answered(*lines: Any, **values: Any) -> Proposal:
    """A suggestion that was talked over and replied to by its unit."""
    replies = [] if any(isinstance(line, Reply) for line in lines) else [reply(date(2022, 3, 30))]
    return proposal(*replies, *lines, **({"assigned_on": date(2022, 1, 20), "met_on": date(2022, 3, 10)} | values))


@pytest.mark.parametrize(
    ("kind", "assigned", "is_difficult", "due"),
    [
        ("人大代表建议", date(2022, 1, 20), False, date(2022, 4, 20)),
        ("人大代表建议", date(2025, 11, 30), False, date(2026, 2, 28)),
        ("闭会期间建议", date(2022, 10, 5), False, date(2023, 1, 5)),
        ("人大代表建议", date(2022, 7, 1), False, date(2022, 10, 1)),  # a feast: counted by months, not rolled forward
        ("集体提案", date(2022, 1, 31), False, date(2022, 4, 30)),
        ("人大代表建议", date(2022, 1, 20), True, date(2022, 7, 20)),
        ("个人提案", date(2026, 3, 31), True, date(2026, 9, 30)),
    ],
)
def test_a_reply_is_due_three_months_after_handing_over_or_six_if_difficult(
    store: Store, kind: str, assigned: date, is_difficult: bool, due: date
) -> None:
    """代表法 (2025) §51; 3 and 6 months for 提案 by local rules."""
    record = proposal(kind=kind, assigned_on=assigned, is_difficult=is_difficult)
    record.follow(store.rules)
    assert (record.due_on, record.reply_due_on, record.due_basis) == (due, due, "答复")
    assert (record.first_due_on is not None) == is_difficult
    assert record.is_provisional is False


def test_a_proposal_numbered_nought_is_refused(store: Store) -> None:
    record = proposal(sequence=0)
    assert said(problems(store, record), "must")["sequence"] == "编号从1起，不能是0"
    assert record.id is None


def test_a_longer_limit_says_who_agreed_and_was_told_in_time(store: Store) -> None:
    record = proposal(assigned_on=date(2022, 9, 20), is_difficult=True, told_on=date(2022, 12, 21))
    found = problems(store, record)
    assert said(found, "missing")["agreed_by"] == "延长到六个月的要写同意人"
    words = "告知日期2022-12-21晚于2022-12-20：代表建议答复：3个月（代表法（2025）第51条）"
    assert said(found, "note")["told_on"] == words
    assert record.first_due_on == date(2022, 12, 20)


def test_a_return_stops_the_clock_and_handing_over_anew_restarts_it(store: Store, clock: Clock) -> None:
    clock.go(date(2022, 10, 12))
    back = SentBack(unit="县水利局", returned_on=date(2022, 10, 10), reason="属县住建局")
    record = saved(store, proposal(back, assigned_on=date(2022, 9, 29)))
    assert (record.stage, record.due_on, record.reply_due_on) == ("returned", None, None)
    clock.go(date(2022, 10, 14))
    back.reassigned_on = date(2022, 10, 14)
    record.lines(Assignment)[0].unit = "县住建局"
    store.save(record)
    assert (record.stage, record.due_on, record.lead_unit) == ("working", date(2023, 1, 14), "县住建局")


@pytest.mark.parametrize(
    ("returned", "is_late"),
    [(date(2022, 10, 10), False), (date(2022, 10, 11), False), (date(2022, 10, 12), True)],
)
def test_a_unit_returns_within_five_working_days(store: Store, returned: date, is_late: bool) -> None:
    """From 29 September: 30 September and, Saturday and Sunday being worked, 8 to 11 October."""
    back = SentBack(unit="县水利局", returned_on=returned, reason="属县住建局")
    found = said(problems(store, proposal(back, assigned_on=date(2022, 9, 29))), "note")
    assert found.get("sent_back") == ("退办2022-10-12超过期限2022-10-11" if is_late else None)


def test_the_opinion_of_a_joint_unit_comes_first(store: Store) -> None:
    joint = Assignment(unit="县财政局", role="会办", accepted_on=date(2022, 1, 31))
    lead = Assignment(unit="县水利局", role="主办")
    record = saved(store, proposal(lead, joint, assigned_on=date(2022, 1, 20)))
    assert (record.due_on, record.due_basis, record.lead_unit) == (date(2022, 2, 28), "会办意见", "县水利局")
    joint.opinion_on = date(2022, 2, 20)
    record.follow(store.rules)
    assert (record.due_on, record.due_basis) == (date(2022, 4, 20), "答复")


def test_a_split_proposal_is_answered_only_when_every_unit_has_replied(store: Store, clock: Clock) -> None:
    first = reply(date(2022, 3, 1), unit="县水利局")
    record = answered(*split(), first)
    found = said(problems(store, record), "missing")
    assert found["reply"] == "还有单位没有答复，不算办复：县财政局"
    assert (record.replied_on, record.stage, figure(store, "reply_rate")) == (None, "met", 0)
    clock.tick()
    record.rows["reply"].append(reply(date(2022, 4, 21), "C", unit="县财政局"))
    store.save(record)
    assert (record.replied_on, record.stage, record.reply_class) == (date(2022, 4, 21), "replied", "C")
    assert [figure(store, key) for key in ("reply_rate", "ontime_reply_rate", "prop_total")] == [100, 0, 1]
    assert figure(store, "prop_by_unit") == 2
    assert figure(store, "meet_rate") is None


STEPS: list[tuple[dict[str, Any], str]] = [
    ({}, "waiting"), ({"assigned_on": date(2022, 12, 20)}, "assigned"),
    ({"assignment": [Assignment(unit="县水利局", role="主办")]}, "working"), ({"met_on": date(2022, 12, 26)}, "met"),
    (
        {"reply": [reply(date(2022, 12, 27), "B")], "promise": [Promise(text="明年加固", due_on=date(2023, 6, 30))]},
        "replied",
    ),
    ({"asked_on": date(2022, 12, 28)}, "asking"),
    ({"attitude": "满意", "result": "不满意", "feedback_on": date(2022, 12, 29)}, "asking"),
    ({"rehandling": [Rehandling(opinion_on=date(2022, 12, 29))]}, "rehandling"),
    (
        {"rehandling": [Rehandling(opinion_on=date(2022, 12, 29), replied_on=date(2022, 12, 30), feedback="满意")]},
        "tracking",
    ),
    ({"promise": [Promise(text="明年加固", done_on=date(2022, 12, 30))]}, "done"),
    ({"filed_on": date(2022, 12, 30)}, "filed"),
]  # fmt: skip


def test_a_proposal_goes_from_waiting_to_filed_through_a_second_round_and_a_promise(store: Store, clock: Clock) -> None:
    record = proposal(assigned_on=None)
    record.rows["assignment"] = []
    for values, stage in STEPS:
        clock.tick()
        for name, value in values.items():
            if isinstance(value, list):
                record.rows[name] = value
            else:
                setattr(record, name, value)
        store.save(record)
        assert record.stage == stage
        assert record.is_open == (stage not in ("done", "filed"))
    assert (record.number, record.satisfaction, record.settled_on) == ("十八届二次建议45号", "满意", date(2022, 12, 30))


def test_a_reply_that_was_just_typed_lets_the_clerk_move_on(store: Store, clock: Clock) -> None:
    record = saved(store, proposal(met_on=date(2022, 12, 26)))
    clock.tick()
    record.rows["reply"] = [reply(date(2022, 12, 28))]
    store.move(record, "replied")
    assert (record.stage, record.replied_on) == ("replied", date(2022, 12, 28))
    clock.tick()
    record.result = "不满意"
    with pytest.raises(Refused, match="办结前请填写对结果"):
        store.move(record, "done")


def test_another_round_is_due_a_month_after_the_opinion_and_a_promise_on_its_day(store: Store) -> None:
    record = answered(
        Rehandling(opinion_on=date(2022, 10, 31)), Promise(text="加固", due_on=date(2023, 6, 30)), result="不满意"
    )
    record.follow(store.rules)
    assert (record.due_on, record.due_basis) == (date(2022, 11, 30), "再次答复")
    record.lines(Rehandling)[0].replied_on, record.lines(Rehandling)[0].feedback = date(2022, 11, 20), "基本满意"
    record.follow(store.rules)
    assert (record.due_on, record.due_basis, record.stage) == (date(2023, 6, 30), "承诺兑现", "tracking")


def test_the_number_of_a_session_is_given_once_whatever_the_year(store: Store, clock: Clock) -> None:
    first = saved(store, proposal())
    assert first.number == "十八届二次建议45号"
    clock.tick()
    assert "已被" in said(problems(store, proposal()), "must")["number"]
    clock.go(date(2023, 2, 1))
    later = proposal(assigned_on=date(2023, 1, 30))
    found = said(problems(store, later), "must")
    assert found["sequence"] == "十八届二次建议45号已登记过：关于加固舜水河堤的建议"
    assert saved(store, proposal(kind="个人提案")).number == "十八届二次提案45号"
    assert saved(store, proposal(session="十八届三次")).number == "十八届三次建议45号"
    store.void(type(first), first.id, "重复")
    assert "号不复用" in said(problems(store, proposal()), "must")["number"]


def test_the_classes_of_replies_are_those_of_the_session(store: Store) -> None:
    with_d = {"reply": [reply(date(2022, 3, 30), "D")]}
    refused = said(problems(store, answered(*with_d["reply"])), "must")
    assert refused["reply"] == "十八届二次的答复类别没有“D”，只有A、B、C"
    TermRow.insert(vocabulary="proposal_session", word="十九届一次", group="四类").execute()
    store.forget_rules()
    record = saved(store, answered(*with_d["reply"], session="十九届一次"))
    assert (record.reply_class, record.class_meaning) == ("D", "留作参考")


ASSIGNED: list[tuple[list[str], str, str]] = [
    (["主办", "主办"], "must", "主办单位只能有一个，现有2个：县水利局、县财政局"),
    (["主办", "分办"], "must", "有主办单位就不能再有分办单位：要么一个主办，要么全部分办"),
    (["会办", "会办"], "missing", "没有主办单位：要有一个主办，或者全部分办"),
]


@pytest.mark.parametrize(("roles", "kind", "words"), ASSIGNED)
def test_one_unit_leads_or_all_reply(store: Store, roles: list[str], kind: str, words: str) -> None:
    units = [Assignment(unit=unit, role=role) for unit, role in zip(("县水利局", "县财政局"), roles, strict=True)]
    assert said(problems(store, proposal(*units)), kind)["assignment"] == words


def test_a_reply_without_a_class_is_marked_and_counts_as_none(store: Store) -> None:
    record = answered(reply(date(2022, 3, 30), ""))
    assert said(problems(store, record), "missing")["reply"] == "答复第1行没有类别"
    assert (figure(store, "reply_rate"), figure(store, "class_base")) == (100, 0)


WRONG: list[tuple[Record, str, str, str]] = [
    (answered(reply(date(2022, 1, 19))), "must", "reply", "答复第1行日期2022-01-19早于交办日期2022-01-20"),
    (answered(met_on=None), "missing", "met_on", "答复前应当面商：请填面商日期"),
    (answered(result="不满意"), "missing", "rehandling", "对结果不满意的要再次办理"),
    (answered(reply(date(2022, 3, 30), "B")), "missing", "promise", "B类（列入计划）要登记承诺事项"),
    (answered(feedback_on=date(2022, 3, 1)), "must", "feedback_on", "反馈日期2022-03-01早于办复日期2022-03-30"),
    (answered(received_on=date(2022, 1, 21)), "must", "assigned_on", "交办日期2022-01-20早于收到日期2022-01-21"),
    (
        answered(
            Assignment(unit="县水利局", role="主办"),
            Assignment(unit="县财政局", role="会办", opinion_on=date(2022, 4, 1)),
        ),
        "note", "assignment", "县财政局的会办意见2022-04-01晚于答复2022-03-30",
    ),
    (
        answered(Rehandling(opinion_on=date(2022, 5, 1), replied_on=date(2022, 4, 30))),
        "must", "rehandling", "再次办理第1行再答复2022-04-30早于收到意见2022-05-01",
    ),
    (
        proposal(SentBack(returned_on=date(2022, 12, 1), reason="不属")),
        "must", "sent_back", "退办2022-12-01早于交办日期2022-12-20",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("record", "kind", "field", "words"), WRONG)
def test_what_is_wrong_is_said(store: Store, record: Record, kind: str, field: str, words: str) -> None:
    assert said(problems(store, record), kind)[field] == words


def test_a_year_is_counted_with_its_bases_and_shares_of_a_hundred(store: Store) -> None:
    ratings = ("满意", "满意", "基本满意", "不满意", "未反馈", "")
    for at, (rating, letter) in enumerate(zip(ratings, "AAABBC", strict=True)):
        kind = "人大代表建议" if at < 4 else "集体提案"
        promise = [Promise(text="加固")] if letter == "B" else []
        saved(store, answered(reply(date(2022, 3, 30), letter), *promise, kind=kind, sequence=at + 1, result=rating))
    saved(store, proposal(sequence=9, assigned_on=date(2022, 1, 20)))
    values = {key: figure(store, key) for key in (
        "npc_total", "cppcc_total", "prop_open", "prop_overdue", "npc_reply_rate", "cppcc_reply_rate", "sat_base",
    )}  # fmt: skip
    assert values == {
        "npc_total": 5, "cppcc_total": 2, "prop_open": 1, "prop_overdue": 1, "npc_reply_rate": 80,
        "cppcc_reply_rate": 100, "sat_base": 4,
    }  # fmt: skip
    assert (figure(store, "sat_rate"), figure(store, "sat_fair_rate")) == (50, 75)
    shares = [figure(store, f"class_{letter}") for letter in "ABCD"]
    assert shares == [Decimal("50.0"), Decimal("33.3"), Decimal("16.7"), 0]
    assert sum(shares) == 100


def test_the_office_may_count_the_slips_that_never_came_back(store: Store) -> None:
    saved(store, answered(result="满意"))
    saved(store, answered(sequence=2, result="未反馈"))
    assert figure(store, "sat_rate") == 100
    store.set_office({"feedback_base": "含未反馈"}, [])
    assert figure(store, "sat_rate") == 50
    rows = Figures(store.connection, store.catalogue, store.rules.days).rows("sat_rate", Period.year(2022))
    assert len(rows) == 2
