"""Decisions, normative documents, suggestions and proposals of the demo year keep to their procedures."""

from __future__ import annotations

from datetime import date
from typing import Any

from db.demo.office import people
from db.directory.links import Link
from db.registers.incoming import Incoming
from db.registers.major_decision import NEEDED, MajorDecision
from db.registers.normative_document import NormativeDocument
from db.registers.outgoing import Outgoing
from db.registers.proposal import Assignment, Promise, Proposal, Rehandling, Reply, SentBack
from db.registers.supervision_matter import SupervisionMatter
from db.rules.deadlines import add_months
from db.store import guard
from db.store.store import Store
from tests.db.demo_year import YEAR, rows_of, whole_year


def test_nothing_was_ordered_to_be_corrected(demo: Store) -> None:
    assert whole_year(demo, "revoked") == 0


def test_decisions_pass_through_the_whole_procedure(demo: Store) -> None:
    assert whole_year(demo, "dec_step_full") == 100
    assert whole_year(demo, "dec_catalogue") != whole_year(demo, "dec_total")
    assert whole_year(demo, "dec_carried") > 0
    left_out = 0
    for row in rows_of(MajorDecision, MajorDecision.decided_on.is_null(False)):
        days = (row.proposed_on, row.started_on, row.drafted_on, row.public_from, row.public_to, row.expert_on,
                row.risk_on, row.legal_sent_on, row.legal_done_on, row.decided_on, row.published_on,
                row.archived_on)  # fmt: skip
        known = [day for day in days if day]
        assert known == sorted(known), row.title
        left_out += sum(step.is_left_out(row) for step in NEEDED.values())
    assert 5 <= left_out <= 20


def test_normative_documents_keep_their_limits(demo: Store) -> None:
    assert whole_year(demo, "norm_filed_ontime") == 100
    for row in rows_of(NormativeDocument):
        days = (row.drafted_on, row.public_from, row.public_to, row.legal_sent_on, row.legal_done_on, row.discussed_on,
                row.signed_on, row.published_on, row.filed_on)  # fmt: skip
        known = [day for day in days if day]
        assert known == sorted(known), row.title
        assert 5 <= demo.rules.days.between(row.legal_sent_on, row.legal_done_on) <= 15


def test_the_two_lists_of_23_are_not_the_same_list(demo: Store) -> None:
    norms = {row.number: row for row in rows_of(NormativeDocument, NormativeDocument.year == YEAR)}
    both = [row for row in rows_of(MajorDecision) if row.norm_number in norms]
    assert 4 <= len(both) <= 8
    for row in both:
        norm = norms[row.norm_number]
        assert (norm.decision_number, norm.doc_number) == (row.number, row.decision_number)
        assert (norm.discussed_on, norm.published_on) == (row.decided_on, row.published_on)


def test_documents_of_the_government_stand_in_the_register_of_documents(demo: Store) -> None:
    for row in rows_of(NormativeDocument, NormativeDocument.year == YEAR, NormativeDocument.issuer_kind != "县直部门"):
        document = Outgoing.get(Outgoing.number == row.doc_number)
        assert document.is_normative
        assert (document.title, document.doc_on, document.published_on) == (row.title, row.signed_on, row.published_on)
    for row in rows_of(MajorDecision, MajorDecision.decision_number != ""):
        assert Outgoing.get(Outgoing.number == row.decision_number).is_decision


def test_old_normative_documents_run_out_or_are_cleaned_up(demo: Store) -> None:
    assert whole_year(demo, "norm_valid") > 40
    assert 2 <= whole_year(demo, "norm_expiring") <= 6
    ends = {row.stage for row in rows_of(NormativeDocument)}
    assert ends >= {"valid", "expired", "repealed", "reissued"}
    assert len({row.review_result for row in rows_of(NormativeDocument) if row.review_result}) >= 4


def test_no_record_has_a_problem_that_must_not_be(demo: Store) -> None:
    for register in (Proposal, MajorDecision, NormativeDocument):
        for row in rows_of(register):
            problems = guard.problems(demo.load(register, row.id), demo.rules)
            assert [problem for problem in problems if problem.kind == "must"] == [], row.number


def test_some_papers_are_linked_with_what_they_led_to(demo: Store) -> None:
    rows = [row for row in Link.select() if row.kind != "同文"]
    assert {row.kind for row in rows} == {"答复", "转督办"}
    assert len(rows) > 8
    for row in rows:
        paper = Incoming.get_by_id(row.record)
        if row.kind == "答复":
            answer = Outgoing.get_by_id(row.other_record)
            assert (paper.from_unit, paper.result) == (answer.main_to, "批复")
            assert paper.received_on < answer.doc_on <= paper.finished_on
        else:
            matter = SupervisionMatter.get_by_id(row.other_record)
            assert paper.from_unit == matter.lead_unit
            assert paper.received_on < matter.set_up_on


def test_suggestions_and_proposals_pass_through_their_days_in_order(demo: Store) -> None:
    for row in rows_of(Proposal):
        days = (row.received_on, row.assigned_on, row.met_on, row.replied_on, row.feedback_on, row.filed_on)
        known = [day for day in days if day]
        assert known == sorted(known), row.number
        if row.year == YEAR:
            assert row.replied_on <= row.reply_due_on, row.number
    answered: Any = Assignment.select().where(Assignment.opinion_on.is_null(False))
    for line in answered:
        known = [line.accepted_on, line.opinion_on, line.owner.replied_on]
        assert known == sorted(known)


def test_a_few_suggestions_are_extended_with_consent(demo: Store) -> None:
    rows = list(rows_of(Proposal, Proposal.is_difficult, Proposal.year == YEAR))
    assert 3 <= len(rows) <= 8
    for row in rows:
        assert row.agreed_by
        assert row.told_on < row.replied_on
        assert add_months(row.assigned_on, 3) < row.replied_on <= add_months(row.assigned_on, 6)


def test_what_was_rated_bad_was_handled_again(demo: Store) -> None:
    rows = rows_of(Proposal, Proposal.result == "不满意", Proposal.year == YEAR)
    assert rows.count() > 2
    for row in rows:
        (again,) = Rehandling.select().where(Rehandling.owner == row.id)
        assert row.feedback_on == again.opinion_on < again.replied_on <= again.due_on
        assert row.satisfaction in ("满意", "基本满意")


def test_every_answer_of_class_b_promises_something_and_some_promises_are_open(demo: Store) -> None:
    promised = {promise.owner.id for promise in Promise.select()}
    assert {row.id for row in rows_of(Proposal, Proposal.reply_class == "B")} == promised
    assert 20 <= rows_of(Proposal, Proposal.stage == "tracking").count() <= 80


def test_some_suggestions_were_sent_back_and_some_are_answered_by_several_units(demo: Store) -> None:
    assert SentBack.select().count() == SentBack.select().where(SentBack.reassigned_on > SentBack.returned_on).count()
    assert SentBack.select().count() > 8
    for row in rows_of(Proposal, Proposal.is_split):
        assert Reply.select().where(Reply.owner == row.id).count() == len(row.lead_unit.split("、")) > 1


def test_suggestions_are_about_many_things(demo: Store) -> None:
    rows = list(rows_of(Proposal, Proposal.year == YEAR))
    assert len({row.title for row in rows}) == len(rows)
    assert len({row.lead_unit for row in rows}) > 30
    assert len({row.lead_proposer for row in rows}) > 120
    assert {row.kind for row in rows} >= {"议案转建议", "闭会期间建议", "集体提案", "联名提案"}
    assert not {row.lead_proposer for row in rows} & {person.name for person in people().everybody}


def test_units_number_their_replies_as_they_sign_them(demo: Store) -> None:
    last: dict[tuple[str, int], tuple[date, int]] = {}
    for reply in sorted(Reply.select(), key=lambda one: (one.on, int(one.number.split("〕")[1][:-1]))):
        key, number = (reply.unit, reply.on.year), int(reply.number.split("〕")[1][:-1])
        assert number == last.get(key, (reply.on, 0))[1] + 1
        last[key] = (reply.on, number)
