"""The writer: numbers, refusals, concurrent changes, what the journal keeps, lines, voiding, drafts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.errors import Refused, StoreTrouble, Trouble
from db.record import Record
from db.registers.incoming import Incoming, Instruction
from db.registers.outgoing import Outgoing
from db.registers.rectification_plan import RectificationPlan
from db.registers.study_session import Attendance, StudyItem, StudySession
from db.store import health
from db.store.change import Change
from db.store.search import Filter, Listing
from db.store.store import Store
from tests.db.office import (
    MEMBERS,
    Clock,
    again,
    contents,
    draft,
    incoming,
    outgoing,
    plan,
    saved,
    study,
    with_lines,
)  # fmt: skip


def numbers(store: Store, register: type[Outgoing | Incoming | StudySession | RectificationPlan]) -> list[str]:
    """The numbers in a register, in the order of entry."""
    return [row.number for row in register.select(register.number).order_by(register.id)]


def found(store: Store, text: str) -> list[int]:
    """The ids of the outgoing documents that a search finds."""
    number = store.register_numbers["outgoing"]
    wanted = Filter(text=text)
    return Listing(store.connection, Outgoing, number, wanted, store.rules.today, store.rules.days).ids()


def fail_after(*_steps: object) -> None:
    """Break off after some steps."""
    raise ZeroDivisionError


def save_all(change: Change, *records: Record) -> None:
    """Save several records in one change."""
    for record in records:
        change.save(record)


def test_each_series_and_year_counts_its_own_numbers_without_a_gap(store: Store) -> None:
    for series, day in (
        ("蓝政发", date(2022, 3, 1)), ("蓝政办发", date(2022, 3, 1)), ("蓝政发", date(2022, 3, 2)),
        ("蓝政发", date(2021, 3, 1)), ("蓝政办发", date(2022, 3, 3)), ("蓝政发", date(2022, 3, 4)),
    ):  # fmt: skip
        saved(store, outgoing(series=series, doc_on=day, signed_on=day, printed_on=day))
    assert numbers(store, Outgoing) == [
        "蓝政发〔2022〕1号", "蓝政办发〔2022〕1号", "蓝政发〔2022〕2号",
        "蓝政发〔2021〕1号", "蓝政办发〔2022〕2号", "蓝政发〔2022〕3号",
    ]  # fmt: skip


def test_the_other_registers_number_by_their_own_masks(store: Store) -> None:
    assert saved(store, incoming()).number == "下〔2022〕1号"
    assert saved(store, incoming(medium="电话", kind="", from_doc_no="")).number == "电〔2022〕1号"
    assert saved(store, study()).number == "第1次"
    assert saved(store, plan()).number == "整2022-01"


def test_a_number_is_given_inside_the_saving_transaction(store: Store) -> None:
    record = outgoing()
    with pytest.raises(ZeroDivisionError), store.change("登记发文") as change:
        fail_after(change.save(record), record.number)
    assert record.number == "蓝政办发〔2022〕1号"
    assert numbers(store, Outgoing) == []
    assert saved(store, outgoing()).number == "蓝政办发〔2022〕1号"


def test_several_records_of_one_change_get_one_number_each(store: Store) -> None:
    with store.change("导入") as change:
        for at in range(5):
            change.save(incoming(from_doc_no=f"塔政〔2022〕{at + 1}号"))
    assert numbers(store, Incoming) == [f"下〔2022〕{at}号" for at in range(1, 6)]
    assert len(change.keys) == 5


def test_a_draft_gets_its_number_when_it_is_registered(store: Store) -> None:
    record = saved(store, draft())
    assert (record.number, record.sequence, record.stage) == ("", None, "draft")
    record.signer, record.signed_on, record.doc_on = "王堃", date(2022, 12, 29), date(2022, 12, 29)
    store.save(record)
    assert (record.number, record.stage) == ("蓝政办发〔2022〕1号", "numbered")


def test_a_suspended_draft_gets_no_number(store: Store) -> None:
    record = saved(store, draft())
    store.move(record, "suspended")
    assert (record.number, record.sequence) == ("", None)


def test_a_typed_number_is_taken_and_the_next_one_follows_it(store: Store) -> None:
    assert saved(store, outgoing(number="蓝政办发〔2022〕17号")).sequence == 17
    assert saved(store, outgoing()).number == "蓝政办发〔2022〕18号"


@pytest.mark.parametrize(
    "typed", ["蓝政办发[2022]5号", "蓝政办发（2022）第005号", "蓝政办发【２０２２】5号 ", "蓝政办发(2022) 5号"]
)
def test_a_number_typed_in_another_form_is_mended(store: Store, typed: str) -> None:
    record = saved(store, outgoing(number=typed))
    assert (record.number, record.series, record.year, record.sequence) == ("蓝政办发〔2022〕5号", "蓝政办发", 2022, 5)


def test_a_typed_number_is_kept_as_its_register_writes_it(store: Store) -> None:
    assert saved(store, plan(number="整2022-5")).number == "整2022-05"


def test_a_typed_number_of_a_session_belongs_to_the_year_of_the_session(store: Store) -> None:
    record = saved(store, study(number="第9次"))
    assert (record.year, record.sequence) == (2022, 9)
    assert saved(store, study(held_on=date(2022, 12, 16))).number == "第10次"


@pytest.mark.parametrize("typed", ["五号文件", "蓝政办发〔2022〕0号", "整2022-3"])
def test_a_number_that_cannot_be_read_is_refused_with_an_example(store: Store, typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        store.save(outgoing(number=typed))
    assert [problem.field for problem in refusal.value.problems] == ["number"]
    assert "写法如蓝政办发〔2022〕5号" in str(refusal.value)


def test_a_number_in_use_is_refused_naming_the_record_that_has_it(store: Store) -> None:
    first = saved(store, outgoing(title="关于春耕的通知"))
    with pytest.raises(Refused) as refusal:
        store.save(outgoing(number="蓝政办发〔2022〕1号"))
    (problem,) = [problem for problem in refusal.value.problems if problem.kind == "must"]
    assert problem.text == "蓝政办发〔2022〕1号已被《关于春耕的通知》使用，请改用别的号"
    assert problem.other == ("outgoing", first.id)


def test_the_number_of_a_void_record_is_not_used_again(store: Store) -> None:
    first = saved(store, outgoing(title="关于春耕的通知"))
    store.void(Outgoing, first.id, "重复")
    with pytest.raises(Refused, match="已作废，号不复用"):
        store.save(outgoing(number="蓝政办发〔2022〕1号"))
    assert saved(store, outgoing()).number == "蓝政办发〔2022〕2号"


def test_the_series_of_a_numbered_document_changes_only_with_its_number(store: Store) -> None:
    record = saved(store, outgoing())
    record.series = "蓝政函"
    with pytest.raises(Refused, match="蓝政办发〔2022〕1号"):
        store.save(record)
    record = again(store, record)
    record.number = "蓝政函〔2022〕4号"
    store.save(record)
    assert (record.series, record.sequence) == ("蓝政函", 4)


def test_an_emptied_number_comes_back(store: Store) -> None:
    record = saved(store, outgoing())
    record.number, record.remarks = "", "补登"
    store.save(record)
    assert record.number == "蓝政办发〔2022〕1号"


def test_a_refused_save_writes_nothing_and_leaves_the_record_as_typed(store: Store) -> None:
    saved(store, outgoing())
    before = contents(store)
    record = outgoing(title=" 关于春耕的通知 ", main_to="", doc_on=date(2022, 12, 29), printed_on=date(2022, 12, 28))
    typed = dict(record.__data__)
    with pytest.raises(Refused):
        store.save(record)
    assert record.__data__ == typed
    assert record.id is None
    assert contents(store) == before
    record.printed_on = date(2022, 12, 30)
    assert saved(store, record).number == "蓝政办发〔2022〕2号"


def test_a_refused_change_of_a_record_can_be_mended_and_saved(store: Store, clock: Clock) -> None:
    record = saved(store, study())
    clock.tick()
    record.rows["study_item"].append(StudyItem(title=""))
    with pytest.raises(Refused, match="学习内容第2行缺篇目"):
        store.save(record)
    rows: Any = record.rows
    rows["study_item"][1].title = "《中华人民共和国民法典》"
    store.save(record)
    assert [item.title for item in again(store, record).lines(StudyItem)] == [
        "《中华人民共和国宪法》", "《中华人民共和国民法典》",
    ]  # fmt: skip


def test_a_refused_record_undoes_the_whole_change_that_it_is_part_of(store: Store) -> None:
    before = contents(store)
    with pytest.raises(Refused), store.change("导入") as change:
        save_all(change, incoming(), incoming(title=""))
    assert contents(store) == before


def test_a_refused_move_leaves_the_record_as_it_was(store: Store) -> None:
    record = saved(store, incoming(result="批复", finished_on=date(2022, 12, 29)))
    assert record.stage == "done"
    record.title = ""
    held = dict(record.__data__)
    with pytest.raises(Refused, match="请填写标题"):
        store.move(record, "working")
    assert record.__data__ == held


def test_every_problem_is_told_at_once(store: Store) -> None:
    with pytest.raises(Refused) as refusal:
        store.save(Incoming())
    fields = [problem.field for problem in refusal.value.problems if problem.kind == "must"]
    assert fields == ["from_unit", "received_on", "source_level", "kind", "title"]


def test_saving_past_the_store_is_a_defect(store: Store) -> None:
    record = saved(store, outgoing())
    with pytest.raises(RuntimeError, match="outside Store"):
        record.save()
    with pytest.raises(RuntimeError, match="outside Store"):
        record.delete_instance()


def test_a_change_within_a_change_is_a_defect(store: Store) -> None:
    with pytest.raises(RuntimeError, match="already open"), store.change("外"), store.change("内"):
        pass
    assert not store.connection.in_transaction
    saved(store, outgoing())


def test_a_record_changed_elsewhere_meanwhile_is_refused(store: Store, clock: Clock) -> None:
    first = saved(store, outgoing())
    mine = again(store, first)
    clock.tick()
    first.remarks = "第一位"
    store.save(first)
    mine.remarks = "第二位"
    with pytest.raises(Refused, match="您修改期间，李喆已改过这条记录"):
        store.save(mine)
    assert again(store, first).remarks == "第一位"


def test_a_record_that_is_gone_is_refused(store: Store) -> None:
    with pytest.raises(Refused, match="已不在台账里"):
        store.save(outgoing(id=4711))
    with pytest.raises(Refused, match="已不在台账里"):
        store.load(Outgoing, 4711)


def test_an_update_journals_only_what_changed(store: Store, clock: Clock) -> None:
    record = saved(store, outgoing())
    clock.tick()
    record.remarks = "加急印发"
    store.save(record)
    created, updated = store.history(Outgoing, record.id)
    assert created.created
    assert created.after["title"] == record.title
    assert updated.before == {"remarks": "", "updated_at": "2022-12-30T10:00:00.000"}
    assert updated.after == {"remarks": "加急印发", "updated_at": "2022-12-30T10:00:01.000"}
    assert (updated.by, updated.title) == ("李喆", "修改")


def test_saving_an_unchanged_record_writes_nothing(store: Store, clock: Clock) -> None:
    record = saved(store, study())
    before = contents(store)
    clock.tick()
    change = store.save(again(store, record))
    assert contents(store) == before
    assert (change.id, change.keys) == (0, [])
    last = store.undoable()
    assert last is not None
    assert last.title == "登记学习"


def test_lines_added_changed_moved_and_removed_are_written_and_journaled(store: Store, clock: Clock) -> None:
    record = saved(store, study(*(StudyItem(title=title) for title in ("甲", "乙", "丙"))))
    rows: Any = record.rows
    first, second, third = rows["study_item"]
    clock.tick()
    first.title = "甲（修正）"
    record.rows["study_item"] = [third, StudyItem(title="丁"), first]
    store.save(record)
    assert [(item.position, item.title) for item in again(store, record).lines(StudyItem)] == [
        (0, "丙"), (1, "丁"), (2, "甲（修正）"),
    ]  # fmt: skip
    entry = store.history(StudySession, record.id)[-1]
    assert [row["title"] for row in entry.before["study_item"]] == ["甲", "乙", "丙"]
    assert [row["title"] for row in entry.after["study_item"]] == ["丙", "丁", "甲（修正）"]
    assert {row["id"] for row in entry.after["study_item"]} >= {first.id, third.id}
    assert second.id not in {row["id"] for row in entry.after["study_item"]}


def test_a_record_saved_without_its_lines_keeps_them(store: Store, clock: Clock) -> None:
    note = Instruction(leader="王堃", text="请财政局速办")
    record = saved(store, with_lines(incoming(), note))
    clock.tick()
    bare = Incoming.get_by_id(record.id)
    bare.remarks = "已电话告知"
    store.save(bare)
    assert [line.text for line in again(store, record).lines(Instruction)] == ["请财政局速办"]
    number = store.register_numbers["incoming"]
    listing = Listing(store.connection, Incoming, number, Filter(text="速办"), store.rules.today, store.rules.days)
    assert listing.ids() == [record.id]


def test_blanks_and_line_breaks_in_a_line_are_folded(store: Store) -> None:
    record = saved(store, outgoing(title="  关于\n做好 秋粮收购的通知\t", main_to="各乡镇　"))
    assert (record.title, record.main_to) == ("关于 做好 秋粮收购的通知", "各乡镇")


def test_voiding_needs_a_reason_and_keeps_the_number(store: Store, clock: Clock) -> None:
    record = saved(store, outgoing(title="关于春耕的通知"))
    with pytest.raises(Refused, match="作废要写明原因"):
        store.void(Outgoing, record.id, "  ")
    clock.tick()
    store.void(Outgoing, record.id, " 内容有误 ")
    void = again(store, record)
    assert (void.number, void.void_reason, void.voided_on) == (record.number, "内容有误", date(2022, 12, 30))
    assert not void.is_open
    assert found(store, "春耕") == [record.id]
    with pytest.raises(Refused, match="已于2022-12-30作废"):
        store.void(Outgoing, record.id, "再来一次")


def test_a_numbered_record_cannot_be_deleted(store: Store) -> None:
    record = saved(store, outgoing())
    with pytest.raises(Refused, match="不能删除，只能作废"):
        store.delete(Outgoing, record.id)
    assert again(store, record).deleted_at is None


def test_a_record_without_number_is_deleted_and_restored(store: Store) -> None:
    record = saved(store, draft(title="关于春耕的通知"))
    store.delete(Outgoing, record.id)
    assert found(store, "春耕") == []
    assert again(store, record).deleted_at
    store.restore(Outgoing, record.id)
    back = again(store, record)
    assert found(store, "春耕") == [record.id]
    assert (back.deleted_at, back.is_open) == (None, True)


def test_the_deadline_set_by_hand_stays(store: Store, clock: Clock) -> None:
    record = saved(store, incoming())
    assert record.due_on == date(2023, 1, 12)
    clock.tick()
    record.due_on = date(2023, 1, 5)
    store.save(record)
    clock.tick()
    record.urgency = "特急"
    store.save(record)
    assert (record.due_on, record.due_rule, record.due_basis) == (date(2023, 1, 5), "", "手工指定")


def test_another_program_that_writes_is_waited_for_and_then_named(store: Store, folder: Path) -> None:
    store.connection.execute("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(folder / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreTrouble) as trouble:
            store.save(outgoing())
        other.execute("ROLLBACK")
    assert trouble.value.trouble is Trouble.BUSY
    assert saved(store, outgoing()).number == "蓝政办发〔2022〕1号"


def test_a_sound_ledger_has_no_findings(store: Store) -> None:
    saved(store, study(StudyItem(title="甲"), *(Attendance(person=name, status="出席") for name in MEMBERS)))
    store.void(Outgoing, saved(store, outgoing()).id, "重复")
    store.delete(Outgoing, saved(store, draft()).id)
    assert list(health.findings(store)) == []
