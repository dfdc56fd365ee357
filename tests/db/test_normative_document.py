"""规范性文件: who may issue them, their review, the three unities, filing, validity and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from db.errors import Kind
from db.figures import Figures, Period
from db.registers.normative_document import NormativeDocument
from db.store.store import Store
from tests.db.office import Clock, again, assert_told, by_kind, drafted, norm, problems, said, saved

Make = Callable[[], NormativeDocument]


def figure(store: Store, key: str, period: str = "2022") -> Any:
    """The value of one figure."""
    return Figures(store.connection, store.catalogue, store.rules.days).value(key, Period.parse(period)).value


@pytest.mark.parametrize(
    ("sent", "done", "words"),
    [
        # 国办发〔2018〕115号: 5 to 15 working days. 8 and 9 October 2022 were worked.
        (date(2022, 9, 28), date(2022, 10, 9), "审核意见日2022-10-09早于2022-10-10：合法性审核不少于5个工作日"),
        (date(2022, 9, 28), date(2022, 10, 10), ""),
        (date(2022, 9, 28), date(2022, 10, 24), ""),
        (date(2022, 9, 28), date(2022, 10, 25), "审核意见日2022-10-25晚于2022-10-24：合法性审核不超过15个工作日"),
        (date(2021, 12, 30), date(2022, 1, 7), ""),  # over the turn of the year: 1 to 3 January were free
        (date(2021, 12, 30), date(2022, 1, 6), "审核意见日2022-01-06早于2022-01-07：合法性审核不少于5个工作日"),
    ],
)
def test_the_legality_review_takes_five_to_fifteen_working_days_but_in_an_emergency(
    store: Store, sent: date, done: date, words: str
) -> None:
    record = drafted(legal_sent_on=sent, legal_done_on=done)
    found = [one.text for one in record.problems(store.rules) if "115号" in one.text]
    assert [text.partition("（")[0] for text in found] == ([words] if words else [])
    record.emergency_reason = "森林火灾"
    assert [one.text for one in record.problems(store.rules) if "115号" in one.text] == []


@pytest.mark.parametrize(
    ("values", "due", "label"),
    [
        ({"legal_sent_on": date(2022, 12, 5)}, date(2022, 12, 26), "合法性审核"),
        ({"legal_sent_on": date(2022, 12, 28)}, date(2023, 1, 19), "合法性审核"),  # New Year, 2 January free
    ],
)
def test_a_draft_is_due_with_its_legality_review(store: Store, values: Any, due: date, label: str) -> None:
    record = saved(store, drafted(**values))
    assert (record.due_on, record.due_basis) == (due, label)


def test_the_clocks_follow_one_another_filing_evaluation_expiry(store: Store, clock: Clock) -> None:
    record = saved(store, norm(filed_on=None, filing_result=""))
    assert (record.due_on, record.due_basis) == (date(2022, 8, 16), "报送备案")  # 15 calendar days
    assert (record.filing_due_on, record.stage) == (date(2022, 8, 16), "published")
    clock.tick()
    record.filed_on, record.filing_result = date(2022, 8, 12), "准予"
    store.save(record)
    assert (record.due_on, record.due_basis, record.stage) == (date(2027, 2, 28), "到期评估", "valid")
    clock.go(date(2027, 3, 1))
    record.reviewed_on, record.review_result = date(2027, 3, 1), "继续有效"
    store.save(record)
    assert (record.due_on, record.due_basis, record.stage) == (date(2027, 8, 31), "有效期届满", "valid")
    clock.go(date(2027, 8, 31))
    record.review_result, record.lapsed_on = "失效", date(2027, 9, 1)
    store.save(record)
    assert (record.stage, record.is_open) == ("expired", False)


def test_the_filing_is_due_on_a_rest_day_as_well(store: Store) -> None:
    record = saved(store, norm(published_on=date(2022, 9, 16), filed_on=None, filing_result="",
                               effective_on=date(2022, 11, 1)))  # fmt: skip
    assert record.filing_due_on == date(2022, 10, 1)  # internal limits are not rolled forward (domain.md 0.1)


@pytest.mark.parametrize(
    ("title", "effective", "until"),
    [
        ("蓝山县殡葬管理办法", date(2022, 9, 1), date(2027, 8, 31)),
        ("蓝山县殡葬管理办法", date(2022, 9, 30), date(2027, 9, 29)),
        ("蓝山县殡葬管理办法", date(2020, 2, 29), date(2025, 2, 27)),
        ("蓝山县殡葬管理暂行办法", date(2022, 9, 1), date(2024, 8, 31)),
        ("蓝山县殡葬管理办法（试行）", date(2022, 9, 1), date(2024, 8, 31)),
        ("蓝山县殡葬管理办法", None, date(2027, 7, 31)),  # counted from publication
    ],
)
def test_it_is_valid_for_five_years_and_for_two_on_trial(
    store: Store, title: str, effective: date | None, until: date
) -> None:
    record = saved(store, norm(title=title, effective_on=effective))
    assert (record.computed_until, record.valid_until) == (until, until)
    assert record.review_due_on is not None


def test_the_text_of_the_document_wins_over_the_rule_and_an_extension_over_both(store: Store, clock: Clock) -> None:
    record = saved(store, norm(stated_until=date(2025, 12, 31)))
    assert (record.computed_until, record.valid_until) == (date(2027, 8, 31), date(2025, 12, 31))
    clock.tick()
    record.extended_until = date(2027, 12, 31)
    store.save(record)
    assert record.valid_until == date(2027, 12, 31)


REFUSED: list[tuple[Make, str, str]] = [
    (
        lambda: norm(issuer_kind="议事协调机构"),
        "issuer_kind", "议事协调机构不得制定规范性文件（湖南省规范性文件管理办法第5条）",
    ),
    (
        lambda: norm(issuer_kind="内设机构"),
        "issuer_kind", "内设机构不得制定规范性文件（湖南省规范性文件管理办法第5条）",
    ),
    (lambda: norm(legal_result="不合法"), "published_on", "合法性审核结论为不合法，不得公布"),
    (lambda: norm(published_on=date(2022, 7, 24)), "published_on", "公布日期2022-07-24早于登记日期2022-07-25"),
    (lambda: norm(filed_on=date(2022, 7, 31)), "filed_on", "报备日期2022-07-31早于公布日期2022-08-01"),
    (lambda: norm(discussed_on=date(2022, 6, 14)), "discussed_on", "审议日期2022-06-14早于审核意见日2022-06-15"),
    (lambda: norm(stated_until=date(2022, 8, 31)), "stated_until", "载明有效至2022-08-31早于施行日期2022-09-01"),
    (lambda: norm(review_result="保留"), "review_result", "清理结果没有“保留”这一项"),
]  # fmt: skip

MARKED: list[tuple[Make, str, str]] = [
    (
        lambda: norm(title="蓝山县殡葬管理暂行办法", stated_until=date(2027, 8, 31)),
        "stated_until", "标明暂行、试行的，有效期不超过2年：应不晚于2024-08-31",
    ),
    (lambda: norm(stated_until=date(2030, 1, 1)), "stated_until", "有效期一般不超过5年：应不晚于2027-08-31"),
    (
        lambda: norm(effective_on=date(2016, 1, 1), stated_until=date(2020, 12, 31)),
        "review_result", "有效期2020-12-31已过，仍标为有效：请写清理结果",
    ),
    (lambda: norm(legal_done_on=None), "legal_done_on", "没有合法性审核意见，不得公布"),
    (
        lambda: norm(registered_on=None),
        "registered_on", "公布前应当统一登记、统一编号；没有登记的不得作为行政管理的依据",
    ),
    (lambda: norm(discussed_on=None), "discussed_on", "已公布的，要写审议日期"),
    (lambda: norm(effective_on=None), "effective_on", "已公布的，要写施行日期"),
    (lambda: norm(public_to=None), "public", "公布前征求意见没有完成，也没有写明不适用的理由"),
    (lambda: norm(fair=""), "fair", "公布前公平竞争没有完成，也没有写明不适用的理由"),
    (lambda: norm(filed_to=""), "filed_to", "已报备的，要写备案机关"),
    (lambda: norm(filing_result="纠正"), "corrected", "备案结果为纠正：是否责令改正或者撤销，请填写"),
    (lambda: norm(review_result="继续有效"), "reviewed_on", "有清理结果的，要写清理日期"),
    (
        lambda: norm(review_result="重新公布", reviewed_on=date(2022, 12, 1)),
        "successor", "重新公布的，要写接替文件",
    ),
    (lambda: norm(lapsed_on=date(2022, 12, 1)), "review_result", "写了失去效力日，要写清理结果"),
]  # fmt: skip

NOTED: list[tuple[Make, str, str]] = [
    (
        lambda: norm(filed_on=date(2022, 8, 17)),
        "filed_on", "报备日期2022-08-17晚于2022-08-16：公布后15日内报备（规范性文件备案规定（可改））",
    ),
    (
        lambda: norm(effective_on=date(2022, 8, 30)),
        "effective_on", "施行日期2022-08-30早于2022-08-31：公布后满30日施行（湖南省规范性文件管理办法（可改））",
    ),
    (
        lambda: norm(issuer="蓝山县森林防火指挥部"),
        "issuer", "“蓝山县森林防火指挥部”像是议事协调机构或者内设机构，不得制定规范性文件；请核对",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "make", "field", "words"), by_kind(REFUSED, MARKED, NOTED))
def test_each_mistake_is_refused_marked_or_noted_in_words(
    store: Store, kind: Kind, make: Make, field: str, words: str
) -> None:
    assert_told(store, make(), kind, field, words)


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (date(2023, 6, 30), "不到6个月"), (date(2023, 3, 30), "不到3个月"), (date(2023, 1, 30), "不到1个月"),
        (date(2023, 7, 1), ""),
    ],
)  # fmt: skip
def test_the_end_of_the_validity_is_announced_three_times(store: Store, until: date, words: str) -> None:
    found = said(problems(store, norm(stated_until=until)), "note").get("valid_until", "")
    assert found == (f"有效期至{until}，{words}：请评估是否延续" if words else "")


def test_the_stage_follows_the_facts(store: Store, clock: Clock) -> None:
    record = drafted()
    for values, stage, number in (
        ({}, "drafted", ""), ({"public_from": date(2022, 4, 11), "public_to": date(2022, 5, 11)}, "consulted", ""),
        ({"legal_sent_on": date(2022, 6, 1), "legal_done_on": date(2022, 6, 15)}, "reviewed", ""),
        ({"discussed_on": date(2022, 7, 12)}, "discussed", ""),
        ({"registered_on": date(2022, 7, 25)}, "registered", "LSDR—2022—00001"),
        ({"published_on": date(2022, 8, 1)}, "published", "LSDR—2022—00001"),
        ({"filed_on": date(2022, 8, 10)}, "filed", "LSDR—2022—00001"),
        ({"filing_result": "准予", "effective_on": date(2022, 9, 1)}, "valid", "LSDR—2022—00001"),
    ):  # fmt: skip
        clock.tick()
        for name, value in values.items():
            setattr(record, name, value)
        store.save(record)
        assert (record.stage, record.number, record.is_open) == (stage, number, True)


@pytest.mark.parametrize(
    ("result", "stage"),
    [
        ("继续有效", "valid"), ("修改", "valid"), ("废止", "repealed"), ("失效", "expired"), ("宣布失效", "expired"),
        ("重新公布", "reissued"),
    ],
)  # fmt: skip
def test_a_clean_up_ends_a_document_or_leaves_it_valid_and_can_be_taken_back(
    store: Store, clock: Clock, result: str, stage: str
) -> None:
    record = saved(store, norm())
    clock.tick()
    record.review_result, record.reviewed_on = result, date(2022, 12, 20)
    store.save(record)
    ended = stage != "valid"
    assert (record.stage, record.is_open) == (stage, not ended)
    assert record.lapsed_on == (date(2022, 12, 20) if ended else None)
    clock.tick()
    record.review_result, record.reviewed_on, record.lapsed_on = "", None, None
    store.save(record)
    assert (record.stage, record.is_open) == ("valid", True)


def test_the_number_has_the_form_that_the_office_has_set(store: Store, clock: Clock) -> None:
    first = saved(store, norm())
    assert first.number == "LSDR—2022—00001"
    store.set_office({"normative_number": "LSGS-2022-001"}, ["蓝政办发"])
    second = saved(store, norm(title="蓝山县停车管理办法"))
    assert second.number == "LSGS-2022-002"
    third = saved(store, norm(title="蓝山县河道采砂管理办法", number="LSGS—2022—9"))
    assert third.number == "LSGS-2022-009"
    clock.tick()
    first.remarks = "已归档"
    store.save(first)
    assert again(store, first).number == "LSDR—2022—00001"


def test_no_document_gets_a_number_before_it_is_registered(store: Store) -> None:
    assert saved(store, drafted()).number == ""


def test_the_figures_of_normative_documents(store: Store) -> None:
    saved(store, norm())
    saved(store, norm(title="乙", issuer_kind="县直部门", filed_on=date(2022, 8, 17), filing_result="补正"))
    saved(store, norm(title="丙", filed_on=None, filing_result=""))
    saved(store, norm(title="丁", stated_until=date(2023, 3, 31)))
    saved(store, norm(title="戊", review_result="废止", reviewed_on=date(2022, 12, 1), corrected="撤销",
                      corrected_on=date(2022, 12, 1)))  # fmt: skip
    saved(store, drafted(title="己"))
    values = {key: figure(store, key) for key in ("norm_total", "norm_valid", "norm_expiring", "norm_cleaned",
                                                  "revoked")}  # fmt: skip
    assert values == {"norm_total": 5, "norm_valid": 4, "norm_expiring": 1, "norm_cleaned": 1, "revoked": 1}
    rates = {key: figure(store, f"norm_{key}") for key in ("filed_ontime", "filed_rate", "proper_rate")}
    assert rates == {"filed_ontime": 60, "filed_rate": 80, "proper_rate": 75}
    assert figure(store, "norm_filed_ontime", "2021") is None


def test_a_document_is_valid_on_its_last_day_and_no_longer(store: Store) -> None:
    saved(store, norm(stated_until=date(2022, 12, 31)))
    assert (figure(store, "norm_valid"), figure(store, "norm_valid", "2023-01")) == (1, 0)
    assert figure(store, "norm_valid", "2022-07") == 0
