"""Forms that list many records: by unit, by person, counted, and with rows for what is written by hand."""

from __future__ import annotations

from datetime import date

import pytest

from db.errors import Refused
from db.figures import Period
from db.record import Line
from db.registers.proposal import Assignment, Proposal, Proposer, Reply
from db.registers.supervision_notice import NoticeItem
from db.store.store import Store
from db.summaries.conditions import holds
from db.summaries.document import Form, Table
from tests.db.office import incoming, matter, norm, notice, outgoing, plan, saved, study, with_lines
from tests.db.test_forms import boxes, made


def table(form: Form) -> list[list[str]]:
    """The texts of the form's table."""
    found = next(block for block in form.blocks if isinstance(block, Table))
    return [[cell.text for cell in row] for row in found.rows]


def suggestion(sequence: int, *units: str, reply_class: str = "", result: str = "") -> Proposal:
    """A suggestion that the first unit leads, answered when it has a class."""
    lines: list[Line] = [Proposer(person="唐𬀩")]
    lines += [Assignment(unit=unit, role="会办" if at else "主办") for at, unit in enumerate(units)]
    if reply_class:
        lines.append(Reply(unit=units[0], on=date(2022, 6, 1), signer="王堃", reply_class=reply_class))
    record = Proposal(kind="人大代表建议", session="十八届二次", sequence=sequence, title=f"第{sequence}件建议",
                      assigned_on=date(2022, 3, 1), result=result)  # fmt: skip
    return with_lines(record, *lines)


def test_suggestions_are_handed_over_unit_by_unit_each_with_its_part(store: Store) -> None:
    saved(store, suggestion(1, "县教育局", "县财政局"))
    saved(store, suggestion(2, "县财政局"))
    forms = made(store, "proposal_assigned", period=Period.year(2022)).forms
    assert [form.left for form in forms] == [
        "承办单位：县教育局　　2022年　共1件", "承办单位：县财政局　　2022年　共2件",
    ] or [form.left for form in forms] == [
        "承办单位：县财政局　　2022年　共2件", "承办单位：县教育局　　2022年　共1件",
    ]  # fmt: skip
    (only,) = made(store, "proposal_assigned", period=Period.year(2022), group="县财政局").forms
    assert [row[5] for row in table(only)] == ["会办", "主办"]
    with pytest.raises(Refused, match="县水利局"):
        made(store, "proposal_assigned", period=Period.year(2022), group="县水利局")


def test_the_summary_counts_by_unit_and_its_last_row_counts_each_once(store: Store) -> None:
    saved(store, suggestion(1, "县教育局", "县财政局", reply_class="A", result="满意"))
    saved(store, suggestion(2, "县财政局", reply_class="B", result="不满意"))
    saved(store, suggestion(3, "县财政局"))
    (form,) = made(store, "proposal_summary", period=Period.year(2022)).forms
    rows = {row[1]: row for row in table(form)}
    assert list(rows) == ["县财政局", "县教育局", "合计"]
    # 件数, 已办复, 办复率, A, B, 满意, 不满意, 满意率
    picked = {unit: [row[at] for at in (2, 5, 6, 8, 9, 12, 14, 15)] for unit, row in rows.items()}
    assert picked["县财政局"] == ["3", "2", "66.7%", "1", "1", "1", "1", "50.0%"]
    assert picked["县教育局"] == ["1", "1", "100.0%", "1", "0", "1", "0", "100.0%"]
    assert picked["合计"] == ["3", "2", "66.7%", "1", "1", "1", "1", "50.0%"]


def test_a_rate_without_a_base_is_a_dash(store: Store) -> None:
    saved(store, suggestion(1, "县教育局"))
    (form,) = made(store, "proposal_summary", period=Period.year(2022)).forms
    assert table(form)[0][-1] == "—"


def test_what_is_late_in_any_register_is_listed_with_its_unit(store: Store) -> None:
    saved(store, incoming(received_on=date(2022, 11, 1), from_doc_on=date(2022, 11, 1), lead_unit="县水利局"))
    saved(store, plan(lead_unit="县水利局", due_on=date(2022, 12, 28)))
    saved(store, incoming(from_doc_no="塔政〔2022〕8号"))
    (form,) = made(store, "overdue_by_unit").forms
    assert form.left == "责任单位：县水利局　　共2件"
    assert [row[1] for row in table(form)] == ["收文", "整改"]
    assert table(form)[1][5] == "2天 / 2个工作日"


def test_open_matters_are_handed_over_person_by_person_with_what_he_is_there(store: Store) -> None:
    saved(store, incoming(handler="龙䶮", proposer="龙䶮"))
    saved(store, plan(resp_person="龙䶮", resp_leader="王堃"))
    saved(store, outgoing(drafter="龙䶮"))  # issued: closed
    (form,) = made(store, "handover", group="龙䶮").forms
    assert form.left == "移交人：龙䶮　　未办结事项共2件"
    assert {row[1]: row[5] for row in table(form)} == {"收文": "拟办人、承办人", "整改": "责任人"}


def test_expiring_documents_are_listed_by_the_day_of_their_end(store: Store) -> None:
    for number, until in ((1, date(2023, 6, 1)), (2, date(2023, 1, 31)), (3, date(2024, 1, 31))):
        saved(store, norm(title=f"第{number}件规定", stated_until=until))
    (form,) = made(store, "normative_expiring").forms
    assert [row[2] for row in table(form)] == ["第2件规定", "第1件规定"]


def test_a_list_of_everything_is_printed_even_when_it_is_empty(store: Store) -> None:
    (form,) = made(store, "normative_expiring").forms
    assert table(form) == []


def test_the_sign_in_sheet_has_two_halves_with_numbers_that_run_down(store: Store) -> None:
    (form,) = made(store, "study_sign_in", saved(store, study())).forms
    rows = table(form)
    assert len(rows) == 15
    assert rows[0] == ["1", "李喆", "", "", "16", "", "", ""]
    assert rows[4][1] == "盘𬀩"
    assert [row[4] for row in rows] == [str(number) for number in range(16, 31)]


def test_a_notice_names_the_matters_that_it_presses(store: Store) -> None:
    one = saved(store, matter(source="常务会议", title="自建房安全隐患“回头看”"))
    asked = NoticeItem(matter=one.number, requirement="完成鉴定", due_on=date(2023, 1, 6))
    paper = notice(asked, NoticeItem(requirement="封存"))
    (form,) = made(store, "supervision_notice", saved(store, paper)).forms
    found = boxes(form)
    assert found["任务来源"][0] == "常务会议"
    assert found["立项号"][0] == one.number
    assert found["督办事项"][0] == "1.自建房安全隐患“回头看”\n2.封存"
    assert found["办理要求"][0].startswith("1.完成鉴定（2023年1月6日前）\n2.封存\n因客观原因")


def test_conditions_are_read_as_they_are_written(store: Store) -> None:
    paper, today = saved(store, incoming(due_on=date(2022, 12, 29))), date(2022, 12, 30)
    yes = (
        "逾期",
        "未结",
        "有标题",
        "无归档日期",
        "来文种类=请示、报告",
        "来文种类≠报告",
        "办理时限≤0日",
        "阶段=承办中",
    )
    no = ("已结", "无标题", "有归档日期", "来文种类=报告", "来文种类≠请示", "成文日期≤九日", "有没有的项目")
    assert {condition: holds(paper, condition, today) for condition in (*yes, *no)} == dict.fromkeys(
        yes, True
    ) | dict.fromkeys(no, False)
