"""The demo year: its figures are those of the office's report, its rows are sound, and it is always the same."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import peewee as pw
import pytest

from db.demo import build
from db.demo.office import OFFICE
from db.errors import Refused
from db.figures import Period
from db.record import database
from db.registers.incoming import Incoming
from db.registers.major_decision import MajorDecision
from db.registers.normative_document import NormativeDocument
from db.registers.outgoing import Outgoing
from db.registers.proposal import Assignment, Promise, Proposal, Rehandling, SentBack
from db.registers.rectification_plan import Measure, RectificationPlan
from db.registers.study_session import StudyItem, StudySession
from db.rules.numbering import DOCUMENT_NUMBER, gaps
from db.store import health, journal
from db.store.places import LEDGER
from db.store.search import Filter, Listing
from db.store.store import Store
from db.summaries.annual.bindings import Reader
from db.summaries.annual.draft import Draft
from db.summaries.annual.source import marked
from db.summaries.annual.templates import TemplateText, template
from tests.db.demo_year import NOW, YEAR, figures, rows_of, whole_year

REPORT = Path(__file__).resolve().parents[3] / "shared" / "reference" / "report-2022.txt"
SENTENCES = {  # figure -> the words of the report around its number
    "out_total": r"印发文件(\d+)件", "in_below_reqrep": r"请示（报告）(\d+)件", "in_above": r"来文来电(\d+)件",
    "study_law": r"集体学法(\d+)次", "sup_notice": r"督办通知(\d+)", "sup_matter": r"督查督办事项(\d+)",
    "npc_total": r"人大代表建议(\d+)件", "cppcc_total": r"政协提案(\d+)件", "reply_rate": r"办复率均达(\d+)%",
    "dec_total": r"重大行政决策(\d+)件", "norm_total": r"行政规范性文件(\d+)件",
}  # fmt: skip
SAID = {
    "out_total": 283, "in_below_reqrep": 3003, "in_above": 2701, "study_law": 12, "sup_notice": 58, "sup_matter": 86,
    "npc_total": 256, "cppcc_total": 95, "reply_rate": 100,
    "dec_total": 23, "norm_total": 23,
}  # fmt: skip


def report() -> str:
    return REPORT.read_text(encoding="utf-8")


def running(end: date) -> Any:
    """Incoming papers whose clock ran at the end of a day."""
    finished: Any = Incoming.finished_on
    return rows_of(Incoming, Incoming.received_on <= end, finished.is_null() | (finished > end))


@pytest.mark.parametrize("key", SENTENCES)
def test_the_figures_are_those_of_the_report(demo: Store, key: str) -> None:
    assert whole_year(demo, key) == SAID[key]


@pytest.mark.skipif(not REPORT.exists(), reason="the report lies beside the repository, not in it")
@pytest.mark.parametrize("key", SENTENCES)
def test_the_report_says_what_this_test_says(key: str) -> None:
    found = re.search(SENTENCES[key], report())
    assert found is not None
    assert int(found[1]) == SAID[key]


def test_requests_and_reports_are_told_apart(demo: Store) -> None:
    assert whole_year(demo, "in_below_request") == 1744
    assert whole_year(demo, "in_below_report") == 1259


def test_documents_telegrams_and_calls_from_above_add_up(demo: Store) -> None:
    parts = [whole_year(demo, f"in_above_{part}") for part in ("documents", "telegrams", "calls")]
    assert all(parts)
    assert sum(parts) == SAID["in_above"]


def test_december_is_that_of_the_printed_sample(demo: Store) -> None:
    december, november = Period.month(YEAR, 12), Period.month(YEAR, 11)
    keys = ("out_total", "in_below_reqrep", "in_above")
    found = figures(demo).values(keys, [december, november])
    assert [found[key, december].value for key in keys] == [32, 298, 265]
    assert [found[key, november].value for key in keys] == [28, 268, 241]


def test_the_year_before_stands_for_comparison(demo: Store) -> None:
    keys = ("out_total", "in_below_reqrep", "in_above", "study_law", "issue_total")
    assert [whole_year(demo, key, YEAR - 1) for key in keys] == [271, 2894, 2655, 12, 3]


def test_one_session_a_month_studies_the_ten_titles(demo: Store) -> None:
    held = [row.held_on for row in StudySession.select().where(StudySession.year == YEAR)]
    assert sorted(day.month for day in held) == list(range(1, 13))
    assert whole_year(demo, "study_items") == 10
    assert 0 < whole_year(demo, "study_present") < whole_year(demo, "study_expected") == 12 * 11


@pytest.mark.skipif(not REPORT.exists(), reason="the report lies beside the repository, not in it")
def test_the_titles_are_those_of_the_report(demo: Store) -> None:
    listed = re.search("传达学习了(.*?)等习近平", report())
    assert listed is not None
    rows = StudyItem.select(StudyItem.title).join(StudySession).where(StudySession.year == YEAR)
    assert {row.title for row in rows} == set(re.findall("《[^》]*》", listed[1]))


def test_the_two_problems_of_the_report_have_causes_and_measures(demo: Store) -> None:
    assert whole_year(demo, "issue_total") == 2
    for plan in rows_of(RectificationPlan, RectificationPlan.year == YEAR):
        assert (plan.source, plan.found_on.month, plan.due_on.year) == ("年度报告存在问题", 12, YEAR + 1)
        assert plan.cause
        assert plan.resp_person
        assert Measure.select().where(Measure.owner == plan.id).exists()


def test_problems_of_the_year_before_were_closed_in_the_year(demo: Store) -> None:
    assert whole_year(demo, "issue_closed") == 2
    assert whole_year(demo, "issue_overdue") == 0


def test_no_number_is_missing_and_only_one_is_void(demo: Store) -> None:
    for register in demo.catalogue:
        used: dict[tuple[str, int], list[int]] = {}
        for row in rows_of(register):
            used.setdefault((row.series, row.year), []).append(row.sequence)
        assert {key: gaps(numbers) for key, numbers in used.items() if gaps(numbers)} == {}
    (void,) = Outgoing.select().where(Outgoing.voided_on.is_null(False))
    assert void.series == "蓝政办函"
    assert void.void_reason


def test_numbers_rise_with_the_dates(demo: Store) -> None:
    for register, day in ((Outgoing, "doc_on"), (Incoming, "received_on"), (StudySession, "held_on")):
        last: dict[tuple[str, int], date] = {}
        for row in register.select().order_by(register.series, register.year, register.sequence):
            key, on = (row.series, row.year), getattr(row, day)
            assert on >= last.get(key, on), f"{row.number} is dated before the number before it"
            last[key] = on


def test_every_date_of_work_is_a_working_day(demo: Store) -> None:
    names = {
        Incoming: ("received_on", "from_doc_on", "finished_on"),
        Outgoing: ("drafted_on", "signed_on", "doc_on", "printed_on", "published_on", "filed_on", "voided_on"),
        StudySession: ("held_on", "announced_on", "filed_on"),
        RectificationPlan: ("found_on", "self_finished_on", "reviewed_on", "closed_on"),
        Proposal: (
            "received_on",
            "assigned_on",
            "told_on",
            "met_on",
            "replied_on",
            "asked_on",
            "feedback_on",
            "filed_on",
        ),
        MajorDecision: (
            "proposed_on",
            "agreed_on",
            "catalogued_on",
            "started_on",
            "drafted_on",
            "public_from",
            "heard_on",
            "expert_on",
            "risk_on",
            "legal_sent_on",
            "legal_done_on",
            "decided_on",
            "published_on",
            "archived_on",
        ),
        NormativeDocument: (
            "drafted_on",
            "public_from",
            "legal_sent_on",
            "legal_done_on",
            "discussed_on",
            "signed_on",
            "registered_on",
            "published_on",
            "filed_on",
            "reviewed_on",
        ),
        Assignment: ("accepted_on", "opinion_on"),
        SentBack: ("returned_on", "reassigned_on"),
        Rehandling: ("opinion_on", "replied_on"),
        Promise: ("done_on",),
    }
    for register, fields in names.items():
        days = {getattr(row, name) for row in register.select() for name in fields} - {None}
        assert len(days) > 2
        assert [day for day in days if not demo.rules.days.is_workday(day)] == []


def test_records_are_entered_on_their_day_in_office_hours(demo: Store) -> None:
    for row in Incoming.select(Incoming.received_on, Incoming.created_at):
        assert row.created_at[:10] == row.received_on.isoformat()
        assert "08:30" <= row.created_at[11:16] <= "17:30"


def test_documents_pass_through_their_hands_in_order(demo: Store) -> None:
    days = demo.rules.days
    for row in Outgoing.select().where(Outgoing.voided_on.is_null()):
        assert row.drafted_on <= row.signed_on == row.doc_on <= row.printed_on
        assert days.between(row.doc_on, row.printed_on) <= 3
        assert row.signer
        if row.publicity == "主动公开":
            assert row.published_on <= days.after(row.doc_on, 20)


def test_titles_end_with_their_kind(demo: Store) -> None:
    for row in Outgoing.select():
        assert row.title.startswith("蓝山县人民政府")
        assert row.title.endswith("通知" if row.kind == "电报" else row.kind), row.title


def test_titles_are_varied_and_every_place_is_filled_in(demo: Store) -> None:
    titles = {row.title for row in Incoming.select(Incoming.title).where(Incoming.year == YEAR)}
    assert len(titles) > 3000
    for register in demo.catalogue:
        for row in register.select():
            assert not [value for value in row.__data__.values() if isinstance(value, str) and "{" in value]


def test_senders_numbers_are_written_as_the_standard_wants(demo: Store) -> None:
    rows = Incoming.select(Incoming.from_doc_no).where(Incoming.from_doc_no != "")
    assert [row.from_doc_no for row in rows if not DOCUMENT_NUMBER.fullmatch(row.from_doc_no)] == []


def test_papers_of_neither_side_are_there_too(demo: Store) -> None:
    rows = rows_of(Incoming, pw.fn.instr("上级下级", Incoming.source_group) == 0, Incoming.year == YEAR)
    assert 150 <= rows.count() <= 260


def test_a_second_copy_is_not_counted_twice(demo: Store) -> None:
    copies = list(Incoming.select().where(Incoming.copy_of != "", Incoming.year == YEAR))
    assert copies
    for copy in copies:
        first = Incoming.get(Incoming.number == copy.copy_of)
        assert (first.title, first.from_doc_no) == (copy.title, copy.from_doc_no)
        assert first.received_on < copy.received_on


def test_some_papers_were_sent_back_with_a_reason(demo: Store) -> None:
    rows = Incoming.select().where(Incoming.stage == "returned")
    assert rows.count() >= 20
    assert all(row.return_reasons and row.result_text for row in rows)


def test_few_records_are_incomplete(demo: Store) -> None:
    for register in demo.catalogue:
        whole = register.select().count()
        assert register.select().where(register.missing > 0).count() <= whole / 100
    assert Incoming.select().where(Incoming.missing > 0).exists()


def test_most_papers_are_finished_in_time(demo: Store) -> None:
    assert 96 <= whole_year(demo, "in_ontime_rate") <= 98


def test_the_year_ends_with_few_papers_open(demo: Store) -> None:
    last = date(YEAR, 12, 31)
    dues = [row.due_on for row in running(last) if row.due_on]
    assert 4 <= sum(due <= last for due in dues) <= 6
    assert 1 <= sum(due > last for due in dues) <= 15
    assert running(date(YEAR + 1, 1, 31)).where(Incoming.is_open).count() == 6


def test_the_office_its_units_and_its_people_are_known(demo: Store) -> None:
    assert demo.rules.setting("office") == OFFICE
    assert demo.rules.setting("tabulator")
    assert demo.rules.level_of("县财政局") == "县直部门"
    assert demo.rules.level_of("蓝山县财政局") == "县直部门"
    unknown = {row.from_unit for row in Incoming.select() if row.source_level != demo.rules.level_of(row.from_unit)}
    assert all("居民" in unit for unit in unknown)


def test_the_ledger_is_sound(demo: Store) -> None:
    assert list(health.findings(demo)) == []


@pytest.mark.parametrize("words", ["防汛", "请示", "tfz", "国有建设用地使用权"])
def test_its_records_are_found(demo: Store, words: str) -> None:
    listing = Listing(
        demo.connection, Incoming, demo.register_numbers["incoming"], Filter(text=words), NOW.date(), demo.rules.days
    )
    assert len(listing.ids()) > 5


def test_a_second_build_is_the_same_to_the_last_hash(built: Path, tmp_path: Path) -> None:
    store = Store.open(built, "李喆", lambda: NOW)
    first = dict(store.connection.execute("SELECT id, hash FROM journal"))
    store.close()
    reached: list[tuple[int, str]] = []

    def stop_in_the_second_year(done: int, _total: int) -> bool:
        reached.append(journal.head(database.connection()))
        return done < 14

    with pytest.raises(Refused):
        build(tmp_path, YEAR, stop_in_the_second_year)
    count, last = reached[-1]
    assert count > 6000
    assert first[count] == last


def test_a_ledger_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / LEDGER).write_bytes(b"of great value")
    with pytest.raises(Refused, match="已有台账"):
        build(tmp_path, YEAR)
    assert (tmp_path / LEDGER).read_bytes() == b"of great value"


def test_a_stopped_build_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "别的文件").touch()
    with pytest.raises(Refused, match="停止"):
        build(tmp_path, YEAR, lambda done, total: done < 2 < total)
    assert [path.name for path in tmp_path.iterdir()] == ["别的文件"]


def test_the_annual_report_is_drafted_with_the_numbers_of_the_real_one(demo: Store) -> None:
    real = (Path(__file__).parents[1] / "reference" / "annual" / "report-2022.txt").read_text(encoding="utf-8")
    drafted = Draft(demo, YEAR, NOW, template("本办结构（三部分）")).report()
    all_figures = figures(demo)
    read = {one.figure: one.number for one in Reader(all_figures.every()).bindings(real) if one.figure}
    assert read == {key: Decimal(number) for key, number in SAID.items()}
    told = {fact.key: fact.value for fact in drafted.facts} | {"reply_rate": whole_year(demo, "reply_rate")}
    assert {key: told[key] for key in SAID} == SAID
    assert told["revoked"] == 0
    assert "全年集体学法12次" in drafted.text
    assert "办复率均达100%" in drafted.text
    assert "未发生因存在违法事由被本级人大常委会和上级行政机关责令改正或者撤销的情形" in drafted.text
    assert [claim.state for claim in drafted.claims] == ["kept"] * 3
    assert not [finding.text for finding in drafted.findings if finding.kind == "must"]
    titles = re.search("传达学习了(.*?)等习近平", real)
    assert titles is not None
    assert set(re.findall("《.*?》", drafted.fact("study_titles").shown)) == set(re.findall("《.*?》", titles[1]))
    problems = re.search(r"存在问题\s*(.*?)\s*三、", real, re.DOTALL)
    assert problems is not None
    sentences = re.split("[一二]是", problems[1].strip())
    assert sorted(re.split("[一二]是", drafted.fact("problems").shown)) == sorted(sentences)
    plans = [one for one in drafted.paragraphs[-4:] if one.level == 2]
    assert len(plans) == 3


def test_the_real_report_becomes_a_template_that_gives_its_numbers_back(demo: Store) -> None:
    real = (Path(__file__).parents[1] / "reference" / "annual" / "report-2022.txt").read_text(encoding="utf-8")
    read = marked(real, demo)
    study = next(one for one in read.bindings if one.figure == "study_law")
    drafted = Draft(demo, YEAR, NOW, TemplateText("去年", read.template(confirmed={study.start}), True)).report()
    assert all(one.confidence > 0.9 for one in read.bindings if one.figure not in (None, "study_law"))
    squeezed = re.sub(r"\s", "", drafted.text)
    for sentence in (
        "全年共印发文件283件",
        "请示（报告）3003件",
        "来文来电2701件",
        "重大行政决策23件、公布行政规范性文件23件",
        "督办通知58件，督查督办事项86件",
        "人大代表建议256件、政协提案95件，办复率均达100%",
        "集体学法12次",
    ):
        assert sentence in squeezed
