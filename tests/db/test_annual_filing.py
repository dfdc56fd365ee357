"""A filed report stays as it was; what changed since is told: which figure, by which records, who changed what."""

from __future__ import annotations

from datetime import date

import pytest

from db.errors import Refused
from db.record import Record
from db.registers.study_session import Attendance, StudyItem
from db.store.health import findings
from db.store.store import Store
from db.summaries.annual.draft import Draft
from db.summaries.annual.drift import Drift, drift
from db.summaries.annual.filing import file_report, filed_editions, filed_report, filed_years
from db.summaries.annual.report import Report
from db.summaries.annual.templates import TemplateText
from tests.db.office import Clock, decided, outgoing, study

TEXT = (
    "2022年度报告\n\n印发文件{{out_total}}件，学习了{{study_titles}}，作出决策{{dec_total}}件，程序完备率{{dec_step_full}}，"
    "{{revoked=0：未发生撤销}}。"
)


@pytest.fixture
def records(store: Store, clock: Clock) -> dict[str, Record]:
    """What the report of 2022 counts; the clock then stands in January."""
    made: dict[str, Record] = {
        "out": outgoing(), "study": study(StudyItem(title="《宪法》"), Attendance(person="王堃", status="出席")),
        "decision": decided(),
    }  # fmt: skip
    for record in made.values():
        store.save(record)
    clock.go(date(2023, 1, 10))
    return made


def draft(store: Store, clock: Clock) -> Report:
    """The report of 2022 as it would be drafted now."""
    return Draft(store, 2022, clock.at, TemplateText("试", TEXT, True)).report()


def filed(store: Store, clock: Clock) -> Report:
    """The report of 2022, filed just now; a day passes."""
    report = draft(store, clock)
    file_report(store, report, clock.at)
    clock.go(date(2023, 2, 1))
    return report


def only(found: tuple[Drift, ...]) -> Drift:
    """The one figure that drifted."""
    (one,) = found
    return one


def test_a_filed_report_reads_back_as_it_was(store: Store, clock: Clock, records: dict[str, Record]) -> None:
    report = filed(store, clock)
    found = filed_report(2022)
    assert found is not None
    row, read = found
    assert (row.edition, row.filed_by, filed_years()) == (1, "李喆", [2022])
    assert read.text == report.text
    assert read.facts == report.facts
    assert read.paragraphs == report.paragraphs
    assert read.claims == report.claims
    assert "封存" in read.filed
    assert drift(store, 2022, clock.at) == ()
    assert not list(findings(store))


def test_a_record_entered_late_is_told_with_who_entered_it(
    store: Store, clock: Clock, records: dict[str, Record]
) -> None:
    filed(store, clock)
    store.user = "周𬀩"
    change = store.save(outgoing(title="补录的一件"))
    one = only(drift(store, 2022, clock.at))
    assert (one.key, one.filed, one.now, one.is_shifted) == ("out_total", "1", "2", True)
    (moved,) = one.moved
    assert (moved.row, moved.how, moved.subject) == (change.keys[0], "entered", "补录的一件")
    assert (moved.steps[0].by, moved.steps[0].at[:10]) == ("周𬀩", "2023-02-01")
    store.undo()
    assert drift(store, 2022, clock.at) == ()


def test_a_voided_record_is_told_with_its_reason(store: Store, clock: Clock, records: dict[str, Record]) -> None:
    filed(store, clock)
    record = records["out"]
    store.void(type(record), record.id, "重复发文")
    one = only(drift(store, 2022, clock.at))
    assert (one.filed, one.now, one.moved[0].how) == ("1", "0", "left")
    assert ("作废原因", "", "重复发文") in one.moved[0].steps[0].changes
    assert "重复发文" in str(one.moved[0].steps[0])


def test_a_date_moved_out_of_the_year_is_told_from_what_to_what(
    store: Store, clock: Clock, records: dict[str, Record]
) -> None:
    filed(store, clock)
    record = store.load(type(records["out"]), records["out"].id)
    record.doc_on = record.printed_on = date(2023, 1, 5)  # type: ignore[attr-defined]
    store.save(record)
    one = only(drift(store, 2022, clock.at))
    assert one.moved[0].how == "left"
    assert ("成文日期", "2022-12-26", "2023-01-05") in one.moved[0].steps[0].changes


def test_a_rate_drifts_when_a_record_of_its_base_no_longer_counts(
    store: Store, clock: Clock, records: dict[str, Record]
) -> None:
    filed(store, clock)
    record = store.load(type(records["decision"]), records["decision"].id)
    record.risk_on, record.risk_unit = None, ""  # type: ignore[attr-defined]
    store.save(record)
    one = only(drift(store, 2022, clock.at))
    assert (one.key, one.filed, one.now) == ("dec_step_full", "100%", "0%")
    assert [moved.how for moved in one.moved] == ["left"]


def test_a_text_made_of_records_drifts_when_one_is_reworded(
    store: Store, clock: Clock, records: dict[str, Record]
) -> None:
    filed(store, clock)
    record = store.load(type(records["study"]), records["study"].id)
    record.lines(StudyItem)[0].title = "《民法典》"
    store.save(record)
    one = only(drift(store, 2022, clock.at))
    assert (one.filed, one.now) == ("《宪法》", "《民法典》")
    assert [moved.how for moved in one.moved] == ["changed"]


def test_a_change_that_moves_no_figure_is_no_drift(store: Store, clock: Clock, records: dict[str, Record]) -> None:
    filed(store, clock)
    record = store.load(type(records["out"]), records["out"].id)
    record.title = "改了标题"  # type: ignore[attr-defined]
    store.save(record)
    assert drift(store, 2022, clock.at) == ()


def test_a_year_filed_again_keeps_both_editions_and_is_measured_from_the_last(
    store: Store, clock: Clock, records: dict[str, Record]
) -> None:
    filed(store, clock)
    store.save(outgoing(title="补录的一件"))
    assert drift(store, 2022, clock.at)
    filed(store, clock)
    assert drift(store, 2022, clock.at) == ()
    assert [row.edition for row in filed_editions(2022)] == [1, 2]


def test_filing_is_refused_while_something_must_be_settled_or_the_year_runs(
    store: Store, clock: Clock, records: dict[str, Record]
) -> None:
    store.save(decided(title="被撤销的", corrected="撤销", corrected_on=date(2022, 9, 1)))
    with pytest.raises(Refused, match="未发生撤销"):
        file_report(store, draft(store, clock), clock.at)
    clock.go(date(2022, 12, 30))
    with pytest.raises(Refused, match="还没有结束"):
        file_report(store, draft(store, clock), clock.at)
    assert filed_editions(2022) == []


def test_frozen_rows_that_were_changed_behind_the_program_are_told(
    store: Store, clock: Clock, records: dict[str, Record]
) -> None:
    filed(store, clock)
    store.connection.execute("UPDATE filed_figure SET rows = '[]' WHERE figure = 'out_total'")
    with pytest.raises(Refused, match="与当时的校验值不符"):
        filed_report(2022)


def test_a_year_of_which_nothing_was_filed_has_no_drift(store: Store, clock: Clock) -> None:
    assert drift(store, 2022, clock.at) == ()
    assert filed_report(2022) is None
