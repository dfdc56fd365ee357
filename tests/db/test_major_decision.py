"""重大行政决策: every step of 国务院令第713号, the days that it takes at least, and what may not be decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from db.errors import Kind, Refused
from db.figures import Figures, Period
from db.registers.major_decision import DecisionExpert, MajorDecision
from db.store.store import Store
from tests.db.office import Clock, again, assert_told, by_kind, decided, decision, problems, said, saved, with_lines

Make = Callable[[], MajorDecision]


def figure(store: Store, key: str, period: str = "2022") -> Any:
    """The value of one figure."""
    return Figures(store.connection, store.catalogue, store.rules.days).value(key, Period.parse(period)).value


def test_a_decision_with_its_whole_procedure_has_no_problem(store: Store) -> None:
    record = decided()
    assert problems(store, record) == []
    assert (record.stage, record.open_steps, record.due_on) == ("published", "", None)


@pytest.mark.parametrize(
    ("open_from", "open_to", "enough"),
    [
        # 30 calendar days, the first not counted: weekends and National Day count like other days.
        (date(2022, 5, 9), date(2022, 6, 8), True),
        (date(2022, 5, 9), date(2022, 6, 7), False),
        (date(2021, 12, 20), date(2022, 1, 19), True),
        (date(2021, 12, 20), date(2022, 1, 18), False),
        (date(2022, 9, 10), date(2022, 10, 10), True),
        (date(2022, 9, 10), date(2022, 10, 9), False),
    ],
)
def test_opinions_are_asked_for_at_least_thirty_days_unless_a_reason_is_given(
    store: Store, open_from: date, open_to: date, enough: bool
) -> None:
    record = decision(drafted_on=open_from, public_from=open_from, public_to=open_to, started_on=date(2021, 12, 1),
                      proposed_on=date(2021, 11, 1), agreed_on=None, catalogued_on=None)  # fmt: skip
    found = said(problems(store, record), "missing").get("public_short_reason", "")
    assert ("公开征求意见一般不少于30日（国务院令第713号第15条）" in found) == (not enough)
    record.public_short_reason = "汛期将至"
    assert "public_short_reason" not in said(record.problems(store.rules), "missing")


@pytest.mark.parametrize(
    ("sent", "done", "enough"),
    [
        (date(2022, 9, 28), date(2022, 10, 11), False),  # National Day; 8 and 9 October were worked
        (date(2022, 9, 28), date(2022, 10, 12), True),
        (date(2022, 1, 28), date(2022, 2, 11), True),  # Spring Festival; 29 and 30 January were worked
        (date(2022, 1, 28), date(2022, 2, 10), False),
        (date(2021, 12, 28), date(2022, 1, 7), True),  # over the turn of the year
        (date(2021, 12, 28), date(2022, 1, 6), False),
    ],
)
def test_the_legality_review_takes_at_least_seven_working_days_unless_a_reason_is_given(
    store: Store, sent: date, done: date, enough: bool
) -> None:
    record = decision(legal_sent_on=sent, legal_done_on=done, legal_result="合法")
    found = said(record.problems(store.rules), "missing").get("legal_short_reason", "")
    assert ("合法性审查一般不少于7个工作日（国务院令第713号第26条）" in found) == (not enough)
    record.legal_short_reason = "救灾急需"
    assert "legal_short_reason" not in said(record.problems(store.rules), "missing")


@pytest.mark.parametrize(("heard", "enough"), [(date(2022, 5, 16), False), (date(2022, 5, 17), True)])
def test_the_materials_of_a_hearing_are_delivered_seven_days_before(store: Store, heard: date, enough: bool) -> None:
    record = decision(public_methods="公开征求意见、听证会", materials_on=date(2022, 5, 10), heard_on=heard)
    found = said(problems(store, record), "missing").get("heard_on", "")
    assert ("听证材料提前7日送达（国务院令第713号第16条）" in found) == (not enough)


def test_a_hearing_is_looked_at_only_where_one_was_held(store: Store) -> None:
    record = decision(materials_on=date(2022, 5, 10), heard_on=date(2022, 5, 11))
    assert problems(store, record) == []
    record = decision(public_methods="听证会", heard_on=date(2022, 5, 11), title="蓝山县停车收费方案")
    assert said(problems(store, record), "missing")["materials_on"] == "举行听证会的，要写材料送达"


REFUSED: list[tuple[Make, str, str]] = [
    (
        lambda: decided(risk_result="不可控"),
        "decided_on", "风险评估结论为不可控：采取措施降至可控后才能作出决策（第24条）",
    ),
    (
        lambda: decided(legal_done_on=None),
        "legal_done_on", "没有合法性审查意见，不得提交集体讨论（第25条）；征求意见不能代替审查",
    ),
    (
        lambda: decided(legal_result="不合法"),
        "decided_on", "合法性审查结论为不合法，不得提交集体讨论（第25条）；探索性改革要明示法律风险",
    ),
    (
        lambda: decided(legal_result="不合法", is_exploratory=True),
        "decided_on", "合法性审查结论为不合法，不得提交集体讨论（第25条）；探索性改革要明示法律风险",
    ),
    (
        lambda: decided(decided_on=date(2022, 7, 1)),
        "decided_on", "讨论日期2022-07-01早于审查意见日2022-07-04",
    ),
    (lambda: decided(published_on=date(2022, 7, 11)), "published_on", "公布日期2022-07-11早于讨论日期2022-07-12"),
    (lambda: decided(risk_on=date(2022, 7, 13)), "decided_on", "讨论日期2022-07-12早于评估报告日2022-07-13"),
    (
        lambda: decided(catalogued_on=date(2022, 2, 24)),
        "catalogued_on", "目录公布2022-02-24早于党委同意2022-02-25",
    ),
    (lambda: decided(adopted=8, rejected=5), "received", "采纳和未采纳共13条，多于收到的12条"),
    (
        lambda: with_lines(decision(), DecisionExpert(person="王堃", has_conflict=True)),
        "decision_expert", "论证专家第1行“王堃”与决策事项有利害关系，不得参加论证（第20条）",
    ),
    (
        lambda: decided(assess="适用", assessor="县委政法委"),
        "assessor", "县委政法委承担过决策前的主要论证评估，不能再作后评估（第36条）",
    ),
    (lambda: decision(meeting_kind="专题会议"), "meeting_kind", "会议类别没有“专题会议”这一项"),
    (lambda: decision(risk="免"), "risk", "风险评估没有“免”这一项"),
    (lambda: decision(started_on=date(2022, 1, 1)), "started_on", "启动日期2022-01-01早于提出日期2022-01-20"),
]  # fmt: skip

MARKED: list[tuple[Make, str, str]] = [
    (lambda: decision(agreed_on=None), "agreed_on", "目录公布前应当经同级党委同意（第3条）"),
    (lambda: decision(public="不适用"), "public_reason", "公众参与不适用的要写明理由"),
    (lambda: decision(assess="不适用"), "assess_reason", "后评估不适用的要写明理由"),
    (lambda: decided(expert_on=None), "expertise", "集体讨论前专家论证没有完成，也没有写明不适用的理由"),
    (lambda: decided(risk="不适用"), "risk_reason", "集体讨论前风险评估没有完成，也没有写明不适用的理由"),
    (lambda: decided(exec_unit=""), "exec_unit", "已作出决定的，要写执行单位"),
    (lambda: decided(adopted=10, rejected=2), "adoption_note", "有意见未采纳的，要写采纳说明"),
    (lambda: decision(expert_on=date(2022, 6, 1)), "decision_expert", "专家论证要写明专家或者专业机构"),
    (lambda: decision(is_secret=True), "secret_reason", "依法不予公开的，要写不公开理由"),
    (lambda: decided(ended_on=date(2022, 12, 1)), "archived_on", "终结前应当归档（第33条），要写归档日期"),
    (
        lambda: decided(archived_on=date(2022, 12, 1), archived_files="启动材料、草案和说明、公众参与材料、"
                        "风险评估材料、合法性审查材料、集体讨论材料、公布解读材料"),
        "archived_files", "归档材料缺：专家论证材料",
    ),
    (lambda: decided(corrected="撤销"), "corrected_on", "写了被纠正，也要写纠正日期"),
]  # fmt: skip

NOTED: list[tuple[Make, str, str]] = [
    (lambda: decision(in_catalogue=False), "in_catalogue", "没有列入年度目录：请先按程序调整目录（第3条）"),
    (
        lambda: decision(catalogue_year=2021, started_on=None),
        "started_on", "2021年度目录的事项，年底还没有启动决策程序",
    ),
    (lambda: decided(legal_result="部分不合法"), "legal_result", "审查结论为部分不合法：应当修改后再提交集体讨论"),
    (lambda: decided(chief_last=False), "chief_last", "行政首长应当最后发表意见（第30条）"),
    (lambda: decided(risk_on=date(2022, 6, 23)), "legal_sent_on", "送审日期2022-06-22早于评估报告日2022-06-23"),
    (
        lambda: decided(risk="不适用", risk_reason="不涉及社会稳定"),
        "risk", "风险评估标为不适用，却填有评估报告日",
    ),
    (lambda: decided(decided_on=date(2022, 12, 31), published_on=None), "decided_on", "讨论日期2022-12-31在今天之后"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "make", "field", "words"), by_kind(REFUSED, MARKED, NOTED))
def test_each_mistake_is_refused_marked_or_noted_in_words(
    store: Store, kind: Kind, make: Make, field: str, words: str
) -> None:
    assert_told(store, make(), kind, field, words)


def test_an_exploratory_reform_may_be_decided_when_its_risk_is_stated(store: Store) -> None:
    record = decided(legal_result="不合法", is_exploratory=True, reform_risk="缺少上位法依据")
    assert said(problems(store, record), "must") == {}


def test_a_secret_matter_is_not_published_and_says_so(store: Store) -> None:
    record = saved(store, decided(is_secret=True, secret_reason="涉及国家安全", public_from=None, public_to=None,
                                  published_on=None, received=None, adopted=None))  # fmt: skip
    assert (record.public, record.public_reason) == ("不适用", "涉及国家安全")
    assert (record.publish, record.publish_reason) == ("不适用", "涉及国家安全")
    assert (record.open_steps, record.missing) == ("", 0)


def test_archived_files_of_a_step_that_does_not_apply_are_not_asked_for(store: Store) -> None:
    files = "启动材料、草案和说明、公众参与材料、风险评估材料、合法性审查材料、集体讨论材料、公布解读材料"
    record = decided(expertise="不适用", expert_reason="不涉及专业技术", expert_on=None,
                     archived_on=date(2022, 12, 1), archived_files=files)  # fmt: skip
    assert problems(store, record) == []


def test_the_stage_follows_the_steps_and_an_expert_opinion_or_a_risk_report_is_an_appraisal(
    store: Store, clock: Clock
) -> None:
    record = decision(catalogued_on=None, agreed_on=None, started_on=None)
    for values, stage in (
        ({}, "proposed"), ({"agreed_on": date(2022, 2, 25), "catalogued_on": date(2022, 3, 1)}, "catalogued"),
        ({"started_on": date(2022, 4, 1)}, "started"), ({"drafted_on": date(2022, 5, 6)}, "drafted"),
        ({"public_from": date(2022, 5, 9)}, "consulted"), ({"risk_on": date(2022, 6, 20)}, "appraised"),
        ({"legal_done_on": date(2022, 7, 4)}, "reviewed"), ({"decided_on": date(2022, 7, 12)}, "decided"),
        ({"published_on": date(2022, 7, 15)}, "published"), ({"executed_from": date(2022, 8, 1)}, "executing"),
        ({"assessed_on": date(2022, 12, 1)}, "assessed"), ({"ended_on": date(2022, 12, 20)}, "ended"),
    ):  # fmt: skip
        clock.tick()
        for name, value in values.items():
            setattr(record, name, value)
        store.save(record)
        assert record.stage == stage
        assert record.is_open == (stage != "ended")


def test_a_decision_is_suspended_and_taken_up_again_where_it_stood(store: Store, clock: Clock) -> None:
    record = saved(store, decision(drafted_on=date(2022, 5, 6)))
    clock.tick()
    store.move(record, "suspended")
    record = again(store, record)
    clock.tick()
    assert said(problems(store, record), "missing") == {"change_reason": "中止的，要写变动理由"}
    assert (record.stage, record.is_open, record.due_on) == ("suspended", True, None)  # its clock stands still
    clock.tick()
    store.move(record, "started")
    assert (again(store, record).stage, again(store, record).due_on) == ("drafted", date(2022, 12, 31))


def test_the_planned_end_is_the_deadline_until_it_is_decided(store: Store, clock: Clock) -> None:
    record = saved(store, decision())
    assert (record.due_on, record.due_basis) == (date(2022, 12, 31), "计划完成")
    clock.tick()
    record = saved(store, decided(title="蓝山县中心城区交通规划"))
    assert record.due_on is None


def test_the_number_belongs_to_the_year_of_the_catalogue(store: Store) -> None:
    assert saved(store, decision()).number == "决策〔2022〕1号"
    late = decision(proposed_on=date(2021, 12, 20), title="蓝山县养老服务规划")
    assert saved(store, late).number == "决策〔2022〕2号"
    assert (late.catalogue_year, late.year) == (2022, 2022)


def test_the_figures_of_decisions(store: Store) -> None:
    saved(store, decision(received=5, adopted=2, rejected=0, public_from=date(2022, 11, 1),
                          public_to=date(2022, 12, 1)))  # fmt: skip
    saved(store, decided(title="甲"))
    saved(store, decided(title="乙", risk="不适用", risk_reason="不涉及", risk_on=None, risk_result=""))
    saved(store, decided(title="丙", risk="不适用", risk_on=None, risk_result=""))
    saved(store, decided(title="丁", expert_on=None, corrected="责令改正", corrected_on=date(2022, 11, 1)))
    values = {key: figure(store, key) for key in ("dec_total", "dec_catalogue", "dec_carried", "dec_opinions",
                                                  "dec_opinions_adopted", "revoked")}  # fmt: skip
    assert values == {"dec_total": 4, "dec_catalogue": 5, "dec_carried": 1, "dec_opinions": 53,
                      "dec_opinions_adopted": 50, "revoked": 1}  # fmt: skip
    rates = {key: figure(store, f"dec_{key}") for key in ("step_full", "public_rate", "expert_rate", "risk_rate",
                                                          "legal_rate")}  # fmt: skip
    assert rates == {"step_full": 50, "public_rate": 100, "expert_rate": 75, "risk_rate": 75, "legal_rate": 100}
    assert figure(store, "dec_step_full", "2021") is None


def test_a_revoked_matter_is_no_longer_carried_over(store: Store, clock: Clock) -> None:
    record = saved(store, decision())
    assert figure(store, "dec_carried") == 1
    clock.tick()
    store.move(record, "revoked")
    assert (figure(store, "dec_carried"), again(store, record).is_open) == (0, False)


def test_a_decision_without_a_title_is_refused(store: Store) -> None:
    with pytest.raises(Refused, match="请填写事项名称"):
        store.save(decision(title=""))


def test_a_year_of_the_catalogue_that_cannot_be_is_refused(store: Store) -> None:
    record = decision(catalogue_year=5)
    assert said(problems(store, record), "must")["catalogue_year"] == "目录年度5不对"
