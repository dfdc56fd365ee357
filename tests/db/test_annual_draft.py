"""The report of a year drafted from the registers: numbers with their rows, titles, problems, checked claims."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from db.errors import Refused
from db.figures import Figures, Period
from db.registers.rectification_plan import OF_REPORT, Measure
from db.registers.study_session import Attendance, StudyItem
from db.store.store import Store
from db.summaries.annual.draft import Draft
from db.summaries.annual.facts import spans
from db.summaries.annual.report import Claim, Report, Told
from db.summaries.annual.templates import TemplateText, put_template, remove_template, template, templates
from tests.db.office import Clock, decided, incoming, outgoing, plan, study

AFTER = datetime(2023, 1, 10, 9, 0)


def drafted(store: Store, text: str, now: datetime = AFTER, year: int = 2022) -> Report:
    """A report drafted by a template of these lines, under a title of one line."""
    return Draft(store, year, now, TemplateText("试", f"{{{{year}}}}年度报告\n\n{text}", True)).report()


def body(report: Report) -> str:
    """The text below the title."""
    return "\n".join(paragraph.text for paragraph in report.paragraphs)


def claim(report: Report) -> Claim:
    """The one claim of a report."""
    (found,) = report.claims
    return found


def told(report: Report) -> dict[str, str]:
    """What each fact is told as in the text."""
    runs = [run for paragraph in report.paragraphs for run in paragraph.all_runs()]
    return {run.fact: run.text for run in runs if isinstance(run, Told)}


def must(report: Report) -> list[str]:
    """What stands in the way of filing."""
    return [finding.text for finding in report.findings if finding.kind == "must"]


def test_a_number_knows_its_figure_its_definition_its_comparison_and_its_rows(store: Store) -> None:
    numbers = [store.save(outgoing(doc_on=date(year, 5, 9), signed_on=date(year, 5, 9), printed_on=date(year, 5, 10)))
               .keys[0] for year in (2021, 2022, 2022)]  # fmt: skip
    report = drafted(
        store, "印发文件{{out_total}}件，{{out_total.增减}}（{{印发文件.同比}}），上年{{out_total.上年}}件。"
    )
    assert body(report) == "印发文件2件，增加1件（+100.0%），上年1件。"
    fact = report.fact("out_total")
    assert (fact.start, fact.end, fact.value, fact.before) == (date(2022, 1, 1), date(2023, 1, 1), 2, 1)
    assert set(fact.rows) == set(numbers[1:])
    assert "不含作废" in fact.definition


def test_words_about_the_report_are_filled_in(store: Store) -> None:
    store.set_office({"office": "蓝山县人民政府办公室", "county": "蓝山县"}, ())
    report = drafted(store, "{{office}}{{county}}{{last_year}}{{next_year}}{{period}}，{{date}}。")
    assert report.title == ("2022年度报告",)
    assert body(report) == "蓝山县人民政府办公室蓝山县20212023" + "2022年，2023年1月10日。"
    assert (report.signed, report.dated) == ("蓝山县人民政府办公室", "2023年1月10日")


def test_studied_titles_stand_once_each_in_their_marks(store: Store) -> None:
    for month, titles in ((3, ("《宪法》", "《民法典》")), (5, ("民法典", "《安全生产法》"))):
        items = [StudyItem(title=title) for title in titles]
        store.save(study(*items, Attendance(person="王堃", status="出席"), held_on=date(2022, month, 9)))
    report = drafted(store, "学习了{{study_titles}}等。")
    assert body(report) == "学习了《宪法》《民法典》《安全生产法》等。"
    assert len(report.fact("study_titles").rows) == 2


def test_problems_come_with_their_causes_and_plans_from_their_measures(store: Store) -> None:
    for title, cause in (("宣传面不广", "活动偏少。"), ("学法不够", "重业务、轻学习")):
        store.save(
            plan(Measure(text=f"抓好{title}", due_on=date(2023, 6, 30)), title=title, cause=cause, source=OF_REPORT)
        )
    store.save(plan(title="自查出来的", source="自查"))
    report = drafted(store, "{{problems}}\n{{plans}}")
    assert body(report).split("\n") == [
        "一是宣传面不广。活动偏少。二是学法不够。重业务、轻学习。", "一是抓好宣传面不广。二是抓好学法不够。",
    ]  # fmt: skip
    assert must(report) == []


def test_a_problem_without_a_cause_and_no_problem_at_all_stand_in_the_way_of_filing(store: Store) -> None:
    assert any("存在问题是空的" in text for text in must(drafted(store, "{{problems}}")))
    store.save(plan(source=OF_REPORT, cause=""))
    report = drafted(store, "{{problems}}")
    (finding,) = [one for one in report.findings if one.kind == "must"]
    assert "有1条没有写" in finding.text
    assert len(finding.rows) == 1


def test_a_claim_that_holds_is_printed_and_one_that_does_not_names_its_rows_and_a_true_sentence(store: Store) -> None:
    store.save(decided())
    text = "作出决策{{dec_total}}件，{{dec_step_full=100：均严格履行法定程序}}。"
    assert (claim(drafted(store, text)).state, claim(drafted(store, text)).rows) == ("kept", ())
    change = store.save(decided(title="另一件决策", risk_on=None, risk_unit="", risk_level="", risk_result=""))
    report = drafted(store, text)
    found = claim(report)
    assert body(report) == "作出决策2件，均严格履行法定程序。"
    assert (found.state, found.rows) == ("broken", tuple(change.keys))
    assert "50%" in found.why
    assert found.instead == "其中1件严格履行法定程序"
    assert "不成立" in must(report)[0]


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        ("{{dec_step_full=100：程序完备率达100%}}", "程序完备率达50%"),
        ("{{dec_step_full=100且dec_risk_rate=100：两率均达100%}}", "两率均达50%"),
        ("{{dec_step_full=100且dec_public_rate=100：两率均达100%}}", "两率分别达50%和100%"),
    ],
)  # fmt: skip
def test_rates_that_are_not_all_are_told_one_by_one(store: Store, words: str, instead: str) -> None:
    store.save(decided())
    store.save(decided(title="另一件决策", risk_on=None, risk_unit="", risk_level="", risk_result=""))
    assert claim(drafted(store, f"{words}。")).instead == instead


def test_a_nil_claim_names_the_records_that_there_are(store: Store) -> None:
    text = "{{revoked=0：未发生被撤销的情形}}。"
    assert claim(drafted(store, text)).state == "kept"
    change = store.save(decided(corrected="撤销", corrected_on=date(2022, 9, 1)))
    found = claim(drafted(store, text))
    assert (found.rows, found.instead) == (tuple(change.keys), "发生被撤销的情形1件")


def test_a_claim_about_nothing_cannot_be_checked(store: Store) -> None:
    report = drafted(store, "{{dec_step_full=100：均严格履行法定程序}}，第一责任人。")
    assert claim(report).state == "unknown"
    assert [(one.kind, "无从核对" in one.text) for one in report.findings] == [("warn", True)]


def test_faults_of_the_template_are_printed_as_written_and_must_be_mended(store: Store) -> None:
    report = drafted(store, "印发{{out_totl}}件，{{out_total")
    assert body(report) == "印发{{out_totl}}件，{{out_total"
    assert ["第3行第3字" in must(report)[0], "第3行第17字" in must(report)[1]] == [True, True]


def test_numbers_that_nobody_can_trace_and_incomplete_records_are_told(store: Store) -> None:
    store.save(incoming(lead_unit=""))
    report = drafted(store, "请示（报告）{{in_below_reqrep}}件，植树283株，召开常务会议23次，第一责任人。")
    texts = [one.text for one in report.findings]
    assert any("召开常务会议23次" in text and "没有出处" in text for text in texts)
    assert any("待补全" in text for text in texts)
    assert all("第一责任人" not in text for text in texts)


def test_a_year_that_still_runs_is_compared_with_the_same_days(store: Store, clock: Clock) -> None:
    this, last = spans(2022, date(2022, 11, 23))
    assert this == Period(date(2022, 1, 1), date(2022, 11, 24))
    assert last == Period(date(2021, 1, 1), date(2021, 11, 24))
    assert spans(2024, date(2024, 2, 28))[1].end == date(2023, 3, 1)
    assert spans(2022, date(2022, 12, 31))[0] == Period.year(2022)
    report = drafted(store, "x。", datetime(2022, 11, 23, 9))
    assert report.is_running
    assert any("还没有结束" in one.text for one in report.findings)


def test_headings_are_known_by_their_numerals(store: Store) -> None:
    report = drafted(
        store,
        "一、情况\n（一）强化领导。全年{{out_total}}件。\n1.第一\n普通一段，（二）不是标题。\n（三）没有句号的标题",
    )
    levels = [(one.level, "".join(run.text for run in one.head)) for one in report.paragraphs]
    assert levels == [(1, "一、情况"), (2, "（一）强化领导。"), (3, ""), (0, ""), (2, "（三）没有句号的标题")]


def test_the_signature_at_the_end_is_not_printed_twice(store: Store) -> None:
    store.set_office({"office": "甲县人民政府办公室"}, ())
    report = drafted(store, "正文。\n甲县人民政府办公室\n2023年1月20日")
    assert [one.text for one in report.paragraphs] == ["正文。"]
    assert (report.signed, report.dated) == ("甲县人民政府办公室", "2023年1月20日")


@pytest.mark.parametrize("brought", ["本办结构（三部分）", "2019年规定结构（五部分）"])
def test_the_templates_of_the_program_have_no_fault(store: Store, brought: str) -> None:
    report = Draft(store, 2022, AFTER, template(brought)).report()
    assert not [text for text in must(report) if text.startswith("模板")]
    assert all(fact.key in set(told(report)) | {key for one in report.claims for key in one.facts}
               for fact in report.facts)  # fmt: skip
    figures = Figures(store.connection, store.catalogue, store.rules.days)
    assert all(fact.rows == tuple(figures.all_rows(fact.key, Period.year(2022))) for fact in report.facts
               if fact.key in {figure.key for figure in figures.every()})  # fmt: skip


def test_the_office_keeps_changes_and_removes_its_own_templates(store: Store, clock: Clock) -> None:
    put_template(store, "去年的报告", "印发{{out_total}}件", "印发283件")
    clock.tick()
    put_template(store, "另一份", "x")
    assert [one.name for one in templates() if one.is_own] == ["另一份", "去年的报告"]
    put_template(store, "另一份", "y")
    assert template().text == "y"
    remove_template(store, "另一份")
    assert template().name == "去年的报告"
    store.undo()
    assert template("另一份").text == "y"


@pytest.mark.parametrize(("name", "text"), [("", "x"), ("本办结构（三部分）", "x"), ("甲", " "), ("甲" * 61, "x")])
def test_a_template_without_name_or_text_or_over_one_of_the_program_is_refused(
    store: Store, name: str, text: str
) -> None:
    with pytest.raises(Refused):
        put_template(store, name, text)


def test_a_template_that_is_not_there_is_told_with_those_that_are(store: Store) -> None:
    with pytest.raises(Refused, match="本办结构"):
        template("没有的")
    with pytest.raises(Refused, match="不能删除"):
        remove_template(store, "本办结构（三部分）")
