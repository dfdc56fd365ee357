"""Taking changes back and making them again, from the journal."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.catalogue import Catalogue
from db.errors import Refused
from db.record import Record
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.registers.study_session import Attendance, StudyItem, StudySession
from db.store import health
from db.store.search import Filter, Listing
from db.store.store import Store
from tests.db.office import Clock, again, draft, incoming, outgoing, saved, study

BOOKKEEPING = {"updated_at", "updated_by"}


def state(store: Store, record: Record) -> tuple[dict[str, object], dict[str, list[dict[str, object]]]]:
    """What the ledger holds of a record and its lines, but for who touched it last."""
    held = store.load(type(record), record.id)
    values = {name: value for name, value in held.__data__.items() if name not in BOOKKEEPING}
    return values, {key: [dict(line.__data__) for line in lines] for key, lines in held.rows.items()}


def found(store: Store, register: type[Record], text: str) -> list[int]:
    """The ids that a search of a register finds."""
    number = store.register_numbers[register.key()]
    wanted = Filter(text=text)
    return Listing(store.connection, register, number, wanted, store.rules.today, store.rules.days).ids()


def test_an_undone_creation_leaves_list_and_index_and_frees_its_number(store: Store) -> None:
    record = saved(store, outgoing(title="关于春耕的通知"))
    change = store.undo()
    assert change.title == "撤销：登记发文"
    assert found(store, Outgoing, "春耕") == []
    assert again(store, record).deleted_at
    assert saved(store, outgoing()).number == "蓝政办发〔2022〕1号"
    assert list(health.findings(store)) == []


def test_an_undone_creation_keeps_its_number_when_others_follow(store: Store) -> None:
    record = saved(store, outgoing())
    first = store.undoable()
    assert first is not None
    saved(store, outgoing(title="关于春耕的通知"))
    store.undo(first.change)
    assert again(store, record).number == "蓝政办发〔2022〕1号"
    with pytest.raises(Refused, match="在回收站"):
        store.save(outgoing(number="蓝政办发〔2022〕1号"))
    assert saved(store, outgoing(title="关于防汛的通知")).number == "蓝政办发〔2022〕3号"


def test_a_creation_made_again_has_its_number_back(store: Store) -> None:
    record = saved(store, study())
    before = state(store, record)
    store.undo()
    change = store.redo()
    assert change.title == "重做：登记学习"
    assert state(store, record) == before
    assert found(store, StudySession, "宪法") == [record.id]
    store.undo()
    assert found(store, StudySession, "宪法") == []


def test_an_undone_update_brings_the_old_values_back(store: Store, clock: Clock) -> None:
    record = saved(store, incoming())
    before = state(store, record)
    clock.tick()
    record.title, record.urgency = "塔峰镇人民政府关于修缮堤防的请示", "加急"
    store.save(record)
    after = state(store, record)
    assert after != before
    store.undo()
    assert state(store, record) == before
    assert found(store, Incoming, "堤防") == []
    assert found(store, Incoming, "防汛") == [record.id]
    store.redo()
    assert state(store, record) == after


def test_undone_lines_come_back_with_their_order_and_identity(store: Store, clock: Clock) -> None:
    record = saved(store, study(*(StudyItem(title=title) for title in ("甲", "乙", "丙"))))
    before = state(store, record)
    clock.tick()
    rows: Any = record.rows
    first, second, _third = rows["study_item"]
    second.title = "乙（修正）"
    record.rows["study_item"] = [second, first, StudyItem(title="丁")]
    record.rows["attendance"] = [Attendance(person="王堃", status="出席")]
    store.save(record)
    after = state(store, record)
    store.undo()
    assert state(store, record) == before
    store.redo()
    assert state(store, record) == after
    assert found(store, StudySession, "丁") == [record.id]


def test_undone_lines_keep_their_identity_although_others_were_added_since(store: Store, clock: Clock) -> None:
    record = saved(store, study(*(StudyItem(title=title) for title in ("甲", "乙", "丙"))))
    before = state(store, record)
    clock.tick()
    record.rows["study_item"] = [StudyItem(title="丁")]
    change = store.save(record)
    other = saved(store, study(*(StudyItem(title=title) for title in ("戊", "己", "庚")), held_on=date(2022, 12, 16)))
    lines = state(store, other)
    store.undo(change.id)
    assert state(store, record) == before
    assert state(store, other) == lines


def test_an_undone_voiding_lives_again(store: Store, clock: Clock) -> None:
    record = saved(store, incoming())
    before = state(store, record)
    clock.tick()
    store.void(Incoming, record.id, "重复登记")
    store.undo()
    assert state(store, record) == before
    store.redo()
    assert again(store, record).void_reason == "重复登记"


def test_an_undone_move_goes_back_with_what_it_cleared(store: Store, clock: Clock) -> None:
    record = saved(store, incoming(result="批复", finished_on=date(2022, 12, 29)))
    before = state(store, record)
    clock.tick()
    store.move(record, "working")
    assert (record.stage, record.result, record.finished_on) == ("working", "", None)
    store.undo()
    assert state(store, record) == before


def test_an_undone_deletion_is_found_again(store: Store) -> None:
    record = saved(store, draft(title="关于春耕的通知"))
    store.delete(Outgoing, record.id)
    store.undo()
    assert found(store, Outgoing, "春耕") == [record.id]
    assert again(store, record).is_open


def test_changes_are_undone_from_the_last_to_the_first_and_redone_in_order(store: Store, clock: Clock) -> None:
    record = saved(store, outgoing(remarks="一"))
    for words in ("二", "三"):
        clock.tick()
        record.remarks = words
        store.save(record)
    assert [(store.undo(), again(store, record).remarks)[1] for _ in range(2)] == ["二", "一"]
    assert [(store.redo(), again(store, record).remarks)[1] for _ in range(2)] == ["二", "三"]


def test_an_undo_of_several_records_takes_all_of_them_back(store: Store) -> None:
    with store.change("导入") as change:
        for at in range(3):
            change.save(incoming(from_doc_no=f"塔政〔2022〕{at + 1}号"))
    store.undo()
    assert found(store, Incoming, "塔峰") == []
    assert saved(store, incoming()).number == "下〔2022〕1号"


def test_undo_is_refused_when_a_later_change_stands_in_the_way(store: Store, clock: Clock) -> None:
    record = saved(store, outgoing(remarks="一"))
    clock.tick()
    record.remarks = "二"
    second = store.save(record)
    clock.tick()
    record.remarks = "三"
    store.save(record)
    before = state(store, record)
    with pytest.raises(Refused, match="蓝政办发〔2022〕1号之后又改过备注，不能撤销"):
        store.undo(second.id)
    assert state(store, record) == before
    assert not store.connection.in_transaction


def test_the_reason_for_a_refused_undo_is_in_the_words_of_the_form(store: Store, clock: Clock) -> None:
    record = saved(store, incoming())
    for urgency in ("加急", "特急"):
        clock.tick()
        record.urgency = urgency
        store.save(record)
    _created, first, _second = store.history(Incoming, record.id)
    with pytest.raises(Refused, match="之后又改过办理时限，不能撤销") as refusal:
        store.undo(first.change)
    assert not any(letter.isascii() and letter.isalpha() for letter in str(refusal.value))


def test_an_undone_change_of_a_void_record_leaves_it_void(store: Store, clock: Clock) -> None:
    record = saved(store, incoming())
    clock.tick()
    record.due_on = date(2023, 1, 3)
    change = store.save(record)
    clock.tick()
    store.void(Incoming, record.id, "重复登记")
    store.undo(change.id)
    held = again(store, record)
    assert (held.due_on, held.is_open, held.sort_due) == (date(2023, 1, 12), False, "3")


def test_a_deletion_undone_after_another_change_shows_the_record_as_it_is(store: Store, clock: Clock) -> None:
    record = saved(store, draft())
    clock.tick()
    deletion = store.delete(Outgoing, record.id)
    held = again(store, record)
    clock.tick()
    held.remarks = "误删"
    store.save(held)
    store.undo(deletion.id)
    held = again(store, record)
    assert (held.deleted_at, held.is_open, held.sort_due, held.remarks) == (None, True, "1", "误删")


def test_what_is_missing_is_counted_anew_after_an_undo(store: Store, clock: Clock) -> None:
    record = saved(store, outgoing(main_to="", drafter=""))
    clock.tick()
    record.main_to = "各乡镇人民政府"
    change = store.save(record)
    clock.tick()
    record.drafter = "李喆"
    store.save(record)
    store.undo(change.id)
    assert (again(store, record).main_to, again(store, record).missing) == ("", 1)


def test_the_reason_names_a_record_without_number_by_its_title(store: Store, clock: Clock) -> None:
    record = saved(store, draft(title="关于春耕的通知"))
    change = store.undoable()
    assert change is not None
    clock.tick()
    record.remarks = "二"
    store.save(record)
    clock.tick()
    record.title = "关于秋收的通知"
    store.save(record)
    with pytest.raises(Refused, match="《关于秋收的通知》之后又改过"):
        store.undo(change.change)


def test_undo_does_not_take_back_a_number_that_others_follow(store: Store, clock: Clock) -> None:
    record = saved(store, draft())
    clock.tick()
    record.signer, record.signed_on, record.doc_on = "王堃", date(2022, 12, 29), date(2022, 12, 29)
    numbered = store.save(record)
    saved(store, outgoing(title="关于春耕的通知"))
    with pytest.raises(Refused, match="之后已编了别的号"):
        store.undo(numbered.id)
    assert again(store, record).number == "蓝政办发〔2022〕1号"
    store.undo()
    store.undo(numbered.id)
    assert (again(store, record).number, again(store, record).stage) == ("", "draft")


def test_a_creation_is_not_made_again_over_a_number_given_since(store: Store) -> None:
    saved(store, outgoing())
    undone = store.undo()
    saved(store, outgoing(title="关于春耕的通知"))
    with pytest.raises(Refused, match="没有可重做"):
        store.redo()
    with pytest.raises(Refused, match="蓝政办发〔2022〕1号已给了"):
        store.undo(undone.id)


def test_a_number_is_not_taken_back_over_one_given_since(store: Store, clock: Clock) -> None:
    record = saved(store, outgoing(number="蓝政办发〔2022〕5号"))
    clock.tick()
    record.number = "蓝政办发〔2022〕8号"
    changed = store.save(record)
    saved(store, outgoing(title="关于春耕的通知", number="蓝政办发〔2022〕5号"))
    with pytest.raises(Refused, match="蓝政办发〔2022〕5号已给了"):
        store.undo(changed.id)


def test_a_new_change_ends_what_could_be_made_again(store: Store) -> None:
    saved(store, outgoing())
    store.undo()
    assert store.redoable() is not None
    saved(store, incoming())
    assert store.redoable() is None


def test_there_is_nothing_to_undo_or_redo_at_the_start(store: Store) -> None:
    assert (store.undoable(), store.redoable()) == (None, None)
    with pytest.raises(Refused, match="没有可撤销的操作"):
        store.undo()
    with pytest.raises(Refused, match="没有可重做的操作"):
        store.redo()
    with pytest.raises(Refused, match="日志里没有这一步"):
        store.undo(99)


def test_undoing_is_itself_in_the_history(store: Store, clock: Clock) -> None:
    record = saved(store, outgoing(remarks="一"))
    clock.tick()
    record.remarks = "二"
    change = store.save(record)
    store.undo()
    *_before, last = store.history(Outgoing, record.id)
    assert (last.title, last.undoes) == ("撤销：修改", change.id)
    assert (last.before["remarks"], last.after["remarks"]) == ("二", "一")


def test_a_change_of_an_earlier_day_can_be_undone_by_its_number(folder: Path, clock: Clock) -> None:
    store = Store.open(folder, "李喆", clock)
    record = saved(store, outgoing(remarks="一"))
    clock.tick()
    record.remarks = "二"
    change = store.save(record)
    store.close()
    store = Store.open(folder, "李喆", clock)
    try:
        assert store.undoable() is None
        store.undo(change.id)
        assert again(store, record).remarks == "一"
    finally:
        store.close()


def test_a_change_to_a_register_that_the_program_no_longer_has_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(store, study())
    fewer = tuple(register for register in store.catalogue if register is not StudySession)
    monkeypatch.setattr(store, "catalogue", Catalogue(fewer))
    with pytest.raises(Refused, match="现在的程序里没有，不能撤销"):
        store.undo()
