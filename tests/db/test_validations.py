"""What each register refuses, marks or only notes: the mistakes that registers of offices are known for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from db.directory.vocabulary import TermRow
from db.errors import Fix, Refused
from db.record import Record
from db.registers.incoming import Incoming, Instruction
from db.registers.outgoing import Outgoing
from db.registers.rectification_plan import Measure, Progress, RectificationPlan
from db.registers.study_session import Attendance, StudyItem, StudySession
from db.store import office
from db.store.checking import Checking
from db.store.search import Filter
from db.store.store import Store
from db.summaries.book import book
from tests.db.office import (
    Clock,
    again,
    draft,
    figure,
    incoming,
    outgoing,
    plan,
    problems,
    said,
    saved,
    study,
    with_lines,
)  # fmt: skip

DAY = date(2022, 12, 28)
Make = Callable[..., Record]


def reports(*percents: int) -> list[Progress]:
    """Reports of a plan, one a day."""
    return [Progress(on=date(2022, 12, 20 + at), text="推进中", percent=percent) for at, percent in enumerate(percents)]


REFUSED: list[tuple[Make, str, str]] = [
    (
        lambda: outgoing(doc_on=DAY, printed_on=date(2022, 12, 27)),
        "printed_on", "印发日期2022-12-27早于成文日期2022-12-28",
    ),
    (lambda: outgoing(drafted_on=DAY), "signed_on", "签发日期2022-12-26早于拟稿日期2022-12-28"),
    (lambda: outgoing(filed_on=date(2022, 12, 1)), "filed_on", "归档日期2022-12-01早于印发日期2022-12-27"),
    (lambda: outgoing(security="机密"), "security", "涉密文件请在涉密登记簿另行登记；这里不保存，也不留草稿"),
    (lambda: outgoing(kind="请示报告"), "kind", "文种没有“请示报告”这一项"),
    (lambda: outgoing(series="蓝政秘"), "series", "机关代字没有“蓝政秘”这一项"),
    (lambda: outgoing(copies=-1), "copies", "份数不能是负数"),
    (lambda: outgoing(doc_on=date(202, 12, 26)), "doc_on", "成文日期的年份202不对"),
    (lambda: incoming(from_doc_on=date(2022, 12, 29)), "received_on", "收文日期2022-12-28早于成文日期2022-12-29"),
    (
        lambda: incoming(finished_on=date(2022, 12, 27), result="批复"),
        "finished_on", "办结日期2022-12-27早于收文日期2022-12-28",
    ),
    (lambda: incoming(security="绝密"), "security", "涉密文件请在涉密登记簿另行登记；这里不保存，也不留草稿"),
    (lambda: incoming(kind="请示报告"), "kind", "来文种类没有“请示报告”这一项"),
    (lambda: incoming(return_reasons="越级、迟到"), "return_reasons", "退文原因没有“迟到”这一项"),
    (
        lambda: study(*(Attendance(person="王堃", status=status) for status in ("出席", "列席"))),
        "attendance", "姓名“王堃”写了2次",
    ),
    (lambda: study(StudyItem(title="甲"), expected=5, present=6), "present", "实到6人多于应到5人"),
    (lambda: study(hours=Decimal("0.3")), "hours", "学时以0.5为单位，要大于0"),
    (lambda: study(hours=0), "hours", "学时以0.5为单位，要大于0"),
    (lambda: study(Attendance(person="王堃", status="迟到")), "attendance", "出席情况第1行状态没有“迟到”这一项"),
    (lambda: study(StudyItem(title="甲"), StudyItem(kind="法律")), "study_item", "学习内容第2行缺篇目"),
    (lambda: plan(due_on=date(2022, 12, 19)), "due_on", "办理时限2022-12-19早于发现日期2022-12-20"),
    (lambda: plan(self_finished_on=date(2022, 12, 1)), "self_finished_on", "自报完成2022-12-01早于发现日期2022-12-20"),
    (
        lambda: plan(self_finished_on=DAY, reviewed_on=date(2022, 12, 27)),
        "reviewed_on", "验收日期2022-12-27早于自报完成2022-12-28",
    ),
    (lambda: plan(closed_on=DAY), "reviewer", "销号要有验收人和验收日期"),
    (
        lambda: plan(closed_on=DAY, reviewer="王堃", reviewed_on=DAY, review_result="退回"),
        "review_result", "验收结论为“退回”，不能销号",
    ),
    (lambda: plan(Measure(text="一"), *reports(101)), "progress", "进度不能超过100%"),
    (lambda: plan(Measure(text="一", due_on=date(9023, 1, 1))), "measure", "整改措施第1行时限的年份9023不对"),
]  # fmt: skip

MARKED: list[tuple[Make, str, str]] = [
    (
        lambda: plan(Measure(text="一", due_on=DAY), *reports(60, 40)),
        "progress", "2022-12-21的进度从60%降到40%：请写回落原因",
    ),
    (lambda: outgoing(publicity="不予公开"), "publicity_reason", "不予公开的要写明理由"),
    (lambda: draft(direction="上行"), "signer", "上行文应当标注签发人"),
    (lambda: incoming(lead_unit=""), "lead_unit", "请示要有主办单位"),
    (
        lambda: incoming(kind="函", lead_unit="", co_units="县财政局、县水利局"),
        "lead_unit", "两个以上单位承办的，要明确主办单位",
    ),
    (lambda: incoming(finished_on=date(2022, 12, 29)), "result", "办结的要写办理结果"),
    (lambda: incoming(urgency="特急"), "received_time", "特急件要写收文时间"),
    (lambda: plan(rect_kind="长期坚持"), "review_cycle", "长期坚持的要填复查周期"),
    (lambda: plan(Measure(text="一")), "due_on", "限期整改的要填办理时限"),
    (lambda: plan(closed_on=DAY, reviewer="王堃", reviewed_on=DAY), "evidence", "销号要有佐证材料"),
]  # fmt: skip

NOTED: list[tuple[Make, str, str]] = [
    (lambda: outgoing(title="关于拨付经费的请示报告"), "title", "请示、报告不得合用：一文只用一个文种"),
    (lambda: outgoing(title="关于拨付经费的报告", kind="请示"), "title", "请示、报告不得合用：一文只用一个文种"),
    (lambda: outgoing(title="关于做好秋收工作"), "title", "标题末尾不是文种“通知”"),
    (lambda: outgoing(title="关于秋收的决议", kind="决议"), "kind", "“决议”是党的机关用的文种，政府机关一般不用"),
    (
        lambda: outgoing(title="关于经费的请示", kind="请示", main_to="市政府、市财政局"),
        "main_to", "请示只主送一个上级机关",
    ),
    (lambda: outgoing(printed_on=date(2023, 1, 4)), "printed_on", "印发日期2023-01-04在今天之后"),
    (lambda: outgoing(number="蓝政办发〔2021〕9号"), "number", "文号年份2021与成文日期2022-12-26不是同一年"),
    (lambda: incoming(title="关于拨付经费的请示报告"), "title", "请示、报告混用：一文只有一种，必要时退文"),
    (
        lambda: incoming(title="关于请示事项的报告", kind="报告"),
        "kind", "标题有“请示”而种类是报告：报告不得夹带请示事项",
    ),
    (lambda: incoming(received_on=date(2023, 1, 3)), "received_on", "收文日期2023-01-03在今天之后"),
    (lambda: study(held_on=date(2022, 12, 10)), "held_on", "2022-12-10是休息日，请核对"),
    (lambda: study(held_on=date(2023, 1, 6)), "held_on", "日期2023-01-06在今天之后，却已有出席记录"),
    (lambda: study(form="个人自学"), "form", "“个人自学”不计入集体学法次数"),
    (lambda: study(StudyItem(title="《宪法》"), StudyItem(title="宪法")), "study_item", "篇目“宪法”写了2次"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "field", "words"), REFUSED)
def test_a_record_that_cannot_be_true_is_refused(store: Store, make: Make, field: str, words: str) -> None:
    record = make()
    assert said(problems(store, record), "must")[field] == words
    assert record.id is None


@pytest.mark.parametrize(("make", "field", "words"), MARKED)
def test_a_record_that_lacks_something_is_saved_and_marked(store: Store, make: Make, field: str, words: str) -> None:
    record = make()
    assert said(problems(store, record), "missing")[field] == words
    assert again(store, record).missing >= 1


@pytest.mark.parametrize(("make", "field", "words"), NOTED)
def test_a_record_that_looks_odd_is_saved_with_a_note(store: Store, make: Make, field: str, words: str) -> None:
    record = make()
    found = problems(store, record)
    assert said(found, "note")[field] == words
    assert said(found, "must") == {}
    assert record.id


@pytest.mark.parametrize(
    "typed",
    [
        "塔政[2022]7号",
        "塔政(2022)7号",
        "塔政【2022】第007号",
        "塔政２０２２ 7号",
        "塔政 2022 第7号  ",
        "塔政〔２０２２〕７号",
    ],
)
def test_the_number_of_a_paper_is_mended_however_it_was_typed(store: Store, typed: str) -> None:
    assert saved(store, incoming(from_doc_no=typed)).from_doc_no == "塔政〔2022〕7号"


@pytest.mark.parametrize("typed", ["1640", "16:40", "16：40", "16.40", "16时40分", " 16点40 "])
def test_a_time_of_day_is_mended_however_it_was_typed(store: Store, typed: str) -> None:
    assert saved(store, incoming(received_time=typed)).received_time == "16:40"


def test_the_same_paper_twice_is_noted_with_the_other_one_and_a_way_to_link_them(store: Store, clock: Clock) -> None:
    first = saved(store, incoming())
    second = incoming(from_doc_no="塔政[2022]007号", medium="电子公文", received_on=date(2022, 12, 29))
    (note,) = problems(store, second)
    assert (note.kind, note.field, note.other) == ("note", "from_doc_no", ("incoming", first.id))
    assert note.text == "与下〔2022〕1号（2022-12-28，纸质公文）的来文字号相同"
    assert note.fixes == (Fix("标为同文", "copy_of", "下〔2022〕1号"),)
    assert figure(store, "in_below_reqrep") == 2
    clock.tick()
    (fix,) = note.fixes
    setattr(second, fix.field, fix.value)
    assert problems(store, second) == []
    assert figure(store, "in_below_reqrep") == 1
    assert figure(store, "in_dup_linked") == 1
    clock.tick()
    first.remarks = "原件"
    assert problems(store, first) == []


@pytest.mark.parametrize("number", ["", "无号"])
def test_papers_without_a_number_are_not_taken_for_the_same(store: Store, number: str) -> None:
    saved(store, incoming(from_doc_no=number))
    assert problems(store, incoming(from_doc_no=number)) == []


def test_a_void_or_deleted_paper_is_no_twin(store: Store) -> None:
    store.void(Incoming, saved(store, incoming()).id, "重复")
    assert problems(store, incoming()) == []


def test_a_title_repeated_within_thirty_days_is_noted_with_the_other_one(store: Store) -> None:
    first = saved(store, outgoing())
    day = date(2022, 12, 1)
    near = outgoing(signed_on=day, doc_on=day, printed_on=day)
    (note,) = problems(store, near)
    assert note.other == ("outgoing", first.id)
    assert note.text == "30天内已有同名发文：蓝政办发〔2022〕1号（2022-12-26）"
    day = date(2022, 10, 26)
    assert problems(store, outgoing(title=first.title + "（补充）", signed_on=day, doc_on=day, printed_on=day)) == []


def test_two_sessions_of_a_kind_on_one_day_are_noted(store: Store) -> None:
    first = saved(store, study())
    (note,) = problems(store, study())
    assert (note.field, note.other) == ("held_on", ("study_session", first.id))
    assert problems(store, study(series="支部学习")) == []


def test_a_paper_signed_on_the_last_day_and_numbered_in_january_belongs_to_the_old_year(
    store: Store, clock: Clock
) -> None:
    day = date(2022, 12, 30)
    record = saved(store, draft(signer="王堃", signed_on=day))
    assert (record.stage, record.number) == ("signed", "")
    clock.go(date(2023, 1, 4))
    record.doc_on = day
    store.save(record)
    assert record.number == "蓝政办发〔2022〕1号"
    day = date(2023, 1, 4)
    assert saved(store, outgoing(signed_on=day, doc_on=day, printed_on=day)).number == "蓝政办发〔2023〕1号"


def test_a_lasting_matter_is_never_counted_as_overdue(store: Store, clock: Clock) -> None:
    found = date(2022, 1, 5)
    saved(
        store,
        plan(Measure(text="一", due_on=date(2022, 3, 1)), found_on=found, rect_kind="长期坚持", review_cycle="每季度"),
    )
    late = saved(store, plan(Measure(text="一", due_on=date(2022, 3, 1)), found_on=found))
    assert [figure(store, key) for key in ("issue_overdue", "issue_open", "issue_longterm")] == [1, 1, 1]
    clock.tick()
    late.rect_kind, late.review_cycle, late.due_on = "长期坚持", "每年", None
    store.save(late)
    assert [figure(store, key) for key in ("issue_overdue", "issue_open", "issue_longterm")] == [0, 0, 2]


def test_sessions_of_every_kind_count_as_law_study_but_reading_alone_does_not(store: Store) -> None:
    for at, (kind, form) in enumerate(
        [
            ("党组理论学习中心组", "集体学习研讨"), ("机关集体学法", "集体学习研讨"),
            ("机关集体学法", "专题讲座、集体学习研讨"),
            ("支部学习", "个人自学"), ("支部学习", "网络学法考法"),
        ]
    ):  # fmt: skip
        saved(store, study(series=kind, form=form, held_on=date(2022, 12, 5 + at)))
    saved(store, study(series="法治专题讲座", is_law_study=False))
    assert (figure(store, "study_law"), figure(store, "study_total")) == (3, 6)


def test_a_title_of_hundreds_of_characters_is_kept_and_printed_whole(store: Store, clock: Clock) -> None:
    title = "蓝山县人民政府办公室" + "关于进一步加强和改进新形势下安全生产和防汛抗旱工作" * 12 + "的通知"
    assert len(title) > 300
    record = saved(store, outgoing(title=title))
    assert again(store, record).title == title
    printed = book(store, Outgoing, Filter(year=2022), clock())
    assert title in [cell.text for cell in printed.rows[0]]


def test_a_word_no_longer_offered_stays_on_the_records_that_have_it(store: Store, clock: Clock) -> None:
    record = saved(store, outgoing())
    store.set_office({"office": "蓝山县人民政府办公室"}, ["蓝政发", "蓝府办"])
    assert store.rules.words("organ_code") == ("蓝政发", "蓝府办")
    clock.tick()
    record.remarks = "已归档"
    store.save(record)
    assert again(store, record).remarks == "已归档"
    assert saved(store, outgoing(series="蓝府办", title="关于春耕的通知")).number == "蓝府办〔2022〕1号"


def test_an_instruction_that_was_changed_stays_in_the_history(store: Store, clock: Clock) -> None:
    instruction = Instruction(leader="王堃", text="同意，请财政局办理")
    record = saved(store, with_lines(incoming(), instruction))
    clock.tick()
    instruction.text = "暂缓"
    store.save(record)
    last = store.history(Incoming, record.id)[-1]
    assert [row["text"] for row in last.before["instruction"]] == ["同意，请财政局办理"]


def test_a_plan_is_closed_with_reviewer_date_and_evidence(store: Store, clock: Clock) -> None:
    record = saved(store, plan(Measure(text="一", due_on=DAY, done_on=DAY, evidence="学习记录")))
    clock.tick()
    record.self_finished_on, record.reviewer, record.reviewed_on = DAY, "王堃", DAY
    record.review_result, record.closed_on = "通过", date(2022, 12, 29)
    assert problems(store, record) == []
    assert again(store, record).stage == "closed"
    assert RectificationPlan.select().count() == 1


def test_a_session_cannot_be_saved_with_dates_that_are_none(store: Store) -> None:
    with pytest.raises(Refused, match="请填写日期"):
        store.save(StudySession(series="支部学习"))


def test_a_word_that_is_added_while_an_import_is_looked_through_is_known_to_its_next_check(store: Store) -> None:
    checking = Checking(store, gives_numbers=False)
    record = incoming(kind="新文种")
    assert "来文种类没有“新文种”这一项" in [problem.text for problem in checking.check(record, {})]
    office.put_word(store, TermRow(vocabulary="incoming_kind", word="新文种"))
    assert "来文种类没有“新文种”这一项" not in [problem.text for problem in checking.check(record, {})]
