"""Steps of a statutory procedure: done, or left out for a reason; and what took too short or too long a time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.record import ApplicableField, DateField, LineField, Record, Section, Step
from db.store.store import Store

HEARING = Step("听证", ("heard_on",), ("heard_on",), "hearing", "hearing_reason")
VOTE = Step("表决", ("voted_on",), ("voted_on",))


class Petition(Record):
    """A register for these tests alone: a hearing that may be left out, and a vote that may not."""

    BUSINESS_DATE = "asked_on"
    STEPS = (HEARING, VOTE)

    asked_on = DateField("提出")
    hearing = ApplicableField("听证")
    hearing_reason = LineField("免听理由")
    heard_on = DateField("听证日期")
    voted_on = DateField("表决日期")
    title = LineField("事由")
    why = LineField("缘由")


def said(store: Store, **values: Any) -> list[tuple[str, str, str]]:
    """What is wrong with a petition: field, sentence, kind."""
    return [(one.field, one.text, one.kind) for one in Petition(**values).problems(store.rules)]


def test_a_step_is_settled_when_it_is_done_or_left_out_for_a_reason() -> None:
    assert not HEARING.is_settled(Petition())
    assert HEARING.is_settled(Petition(heard_on=date(2022, 5, 5)))
    assert not HEARING.is_settled(Petition(hearing="不适用"))
    assert HEARING.is_settled(Petition(hearing="不适用", hearing_reason="无人申请"))
    assert not VOTE.is_settled(Petition())
    assert VOTE.is_settled(Petition(voted_on=date(2022, 5, 5)))


def test_a_step_that_is_left_out_needs_a_reason(store: Store) -> None:
    assert said(store, hearing="不适用") == [("hearing_reason", "听证不适用的要写明理由", "missing")]
    assert said(store, hearing="不适用", hearing_reason="无人申请") == []


def test_a_step_that_is_left_out_and_yet_done_is_noted(store: Store) -> None:
    found = said(store, hearing="不适用", hearing_reason="无人申请", heard_on=date(2022, 5, 5))
    assert found == [("hearing", "听证标为不适用，却填有听证日期", "note")]


def test_a_step_that_is_not_settled_is_asked_for_before_the_next() -> None:
    def undone(step: Step, **values: Any) -> list[tuple[str, str]]:
        return [(one.field, one.text) for one in step.undone(Petition(**values), "讨论")]

    words = "讨论前听证没有完成，也没有写明不适用的理由"
    assert undone(HEARING) == [("hearing", words)]
    assert undone(HEARING, hearing="不适用") == [("hearing_reason", words)]
    assert undone(HEARING, heard_on=date(2022, 5, 5)) == []
    assert undone(VOTE) == [("voted_on", "讨论前请填写表决日期")]


def test_fields_that_are_to_be_filled_are_named_with_the_cause() -> None:
    petition = Petition(title="修路")
    assert [(one.field, one.text) for one in petition.expect("已听证的", "title", "heard_on")] == [
        ("heard_on", "已听证的，要写听证日期")
    ]
    assert [(one.field, one.text) for one in petition.together("title", "why")] == [("why", "写了事由，也要写缘由")]
    assert list(Petition().together("title", "why")) == []


def test_whether_a_step_applies_is_one_of_two_words(store: Store) -> None:
    assert said(store, hearing="也许") == [("hearing", "听证没有“也许”这一项", "must")]
    assert said(store, hearing="") == []


def test_a_step_makes_its_sections_of_the_form() -> None:
    assert HEARING.sections() == (
        Section("听证", ("hearing",)),
        Section("", ("hearing_reason",), when=("hearing", ("不适用",))),
        Section("", ("heard_on",), when=("hearing", ("适用",))),
    )
    assert VOTE.sections() == (Section("表决", ("voted_on",)),)


# 3 working days after 28 September 2022 is 8 October, a Saturday that was worked.
@pytest.mark.parametrize(("heard", "short"), [(date(2022, 10, 7), True), (date(2022, 10, 8), False)])
def test_a_time_that_is_too_short_is_told_with_the_rule(store: Store, heard: date, short: bool) -> None:
    petition = Petition(asked_on=date(2022, 9, 28), heard_on=heard)
    found = [one.text for one in petition.at_least(store.rules, "incoming.plain", "heard_on", "asked_on")]
    words = "听证日期2022-10-07早于2022-10-08：平件：3个工作日（本办文电办理规定（可改））"
    assert found == ([words] if short else [])


def test_a_time_may_be_shorter_for_a_reason(store: Store) -> None:
    petition = Petition(asked_on=date(2022, 9, 28), heard_on=date(2022, 10, 7))
    (problem,) = petition.at_least(store.rules, "incoming.plain", "heard_on", "asked_on", reason="why")
    assert (problem.field, problem.kind) == ("why", "missing")
    petition.why = "疫情"
    assert list(petition.at_least(store.rules, "incoming.plain", "heard_on", "asked_on", reason="why")) == []


@pytest.mark.parametrize(("heard", "late"), [(date(2022, 10, 8), False), (date(2022, 10, 9), True)])
def test_what_came_late_is_noted_with_the_rule(store: Store, heard: date, late: bool) -> None:
    petition = Petition(asked_on=date(2022, 9, 28), heard_on=heard)
    found = list(petition.at_most(store.rules, "incoming.plain", "heard_on", "asked_on", reason="why"))
    assert [one.text for one in found] == (
        ["听证日期2022-10-09晚于2022-10-08：平件：3个工作日（本办文电办理规定（可改））"] if late else []
    )
    petition.why = "疫情"
    assert list(petition.at_most(store.rules, "incoming.plain", "heard_on", "asked_on", reason="why")) == []


def test_dates_that_are_not_there_are_not_measured(store: Store) -> None:
    for values in ({}, {"asked_on": date(2022, 9, 28)}, {"heard_on": date(2022, 9, 28)}):
        petition = Petition(**values)
        assert list(petition.at_least(store.rules, "incoming.plain", "heard_on", "asked_on")) == []
        assert list(petition.at_most(store.rules, "incoming.plain", "heard_on", "asked_on")) == []
