"""Locked months: the log of who, when and why, the note in the form, and what the page names since the lock."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from db.errors import Refused
from db.figures import Period
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.registers.rectification_plan import Progress
from db.store import journal, locks
from db.store.store import Store
from db.summaries.document import Note
from db.summaries.month import Month
from tests.db.office import Clock, incoming, outgoing, plan, problems, saved

DECEMBER = date(2022, 12, 1)
LOCKED = datetime(2023, 1, 5, 9, 12)
PRINTED = datetime(2023, 1, 10, 9, 5)


def received(day: int, **values: object) -> Incoming:
    """A paper of a day of December."""
    return incoming(received_on=date(2022, 12, day), from_doc_on=None, from_doc_no="", **values)


def notes(store: Store) -> list[str]:
    """The sentences under the table of December, but for the first, which is always there."""
    made = Month(store, 2022, 12, PRINTED).summary()
    return [block.text for block in made.parts[0].blocks if isinstance(block, Note)][1:]


def lock(store: Store, clock: Clock, reason: str = "已签发报送") -> None:
    """Lock December on 5 January; the clock then stands at 9 January."""
    clock.at = LOCKED
    locks.set_lock(store, DECEMBER, True, reason)
    clock.at = datetime(2023, 1, 9, 9, 0)


def test_a_lock_is_journaled_and_printed_with_who_when_why_and_the_checksum(store: Store, clock: Clock) -> None:
    clock.at = datetime(2022, 12, 20, 9, 0)
    saved(store, received(5))
    count, checksum = store.head()
    lock(store, clock)
    (log,) = notes(store)
    assert (
        log
        == f"锁定记录：2023年1月5日9时12分{store.user}锁定（已签发报送，其时台账日志共{count}条，校验码{checksum}）。"
    )
    assert store.head()[0] == count + 1
    assert not list(journal.broken(store.connection))
    clock.at = datetime(2023, 1, 9, 10, 0)
    locks.set_lock(store, DECEMBER, False, "数字有误")
    assert notes(store)[-1].endswith(f"；2023年1月9日10时00分{store.user}解锁（数字有误）。")


@pytest.mark.parametrize(
    ("month", "is_locked", "reason", "words"),
    [(date(2023, 1, 1), True, "报送", "还没有结束"), (DECEMBER, False, "报送", "没有锁定"),
     (DECEMBER, True, "  ", "请写明锁定原因"), (DECEMBER, True, "长" * 101, "太长：101字")],
)  # fmt: skip
def test_what_cannot_be_locked_is_refused_in_words(
    store: Store, clock: Clock, month: date, is_locked: bool, reason: str, words: str
) -> None:
    clock.at = LOCKED
    with pytest.raises(Refused, match=words):
        locks.set_lock(store, month, is_locked, reason)
    assert store.head()[0] == 0


def test_a_month_is_not_locked_twice(store: Store, clock: Clock) -> None:
    lock(store, clock)
    with pytest.raises(Refused, match="已经锁定"):
        locks.set_lock(store, DECEMBER, True, "再锁")


def test_undo_passes_a_lock_over_and_takes_back_what_was_done_before(store: Store, clock: Clock) -> None:
    clock.at = datetime(2022, 12, 20, 9, 0)
    paper = saved(store, received(5))
    lock(store, clock)
    store.undo()
    assert store.load(Incoming, paper.id).deleted_at
    assert store.rules.is_locked(DECEMBER)


def test_a_record_of_a_locked_month_goes_in_with_a_note_at_its_date(store: Store, clock: Clock) -> None:
    lock(store, clock)
    late = received(30)
    (note,) = [one for one in problems(store, late) if "锁定" in one.text]
    assert (note.field, note.kind, note.at_once) == ("received_on", "note", True)
    assert note.text == "2022年12月已锁定，本条将列入补录"
    saved(store, late)
    assert late.id
    (note,) = [one for one in problems(store, late) if "锁定" in one.text]
    assert note.text == "2022年12月已锁定，改动将列入更正"
    january = incoming(received_on=date(2023, 1, 6), from_doc_on=None, from_doc_no="")
    assert not [one for one in problems(store, january) if "锁定" in one.text]
    locks.set_lock(store, DECEMBER, False, "数字有误")
    assert not [one for one in problems(store, late) if "锁定" in one.text]


def test_late_is_what_came_after_the_lock_not_after_the_month(store: Store, clock: Clock) -> None:
    clock.at = datetime(2023, 1, 3, 9, 0)
    early = saved(store, received(30))
    assert notes(store) == [f"补录：本表含截止后登记的1件：收文{early.number}。"]
    lock(store, clock)
    assert [one for one in notes(store) if "锁定记录" not in one] == []
    late = saved(store, received(29))
    assert notes(store)[0] == f"补录：本表含锁定后登记的1件：收文{late.number}。"


def test_what_is_written_over_after_the_lock_is_a_correction_what_goes_on_is_none(store: Store, clock: Clock) -> None:
    clock.at = datetime(2022, 12, 20, 9, 0)
    wrong, finished, back, same = (saved(store, received(day)) for day in (5, 6, 7, 8))
    lock(store, clock)
    wrong.title = "改过的标题"
    saved(store, wrong)
    finished.finished_on, finished.result = date(2023, 1, 6), "批复"
    saved(store, finished)
    back.finished_on, back.result = date(2022, 12, 30), "批复"
    saved(store, back)
    title, same.title = same.title, "一时写错"
    saved(store, same)
    same.title = title
    saved(store, same)
    assert notes(store)[0] == f"更正：锁定后改动2件：收文{wrong.number}（标题）、收文{back.number}（办结日期）。"


def test_lines_that_go_on_after_the_month_are_no_correction(store: Store, clock: Clock) -> None:
    clock.at = datetime(2022, 12, 20, 9, 0)
    goes_on, dated_back, written_over, gone = (
        saved(store, plan(Progress(on=date(2022, 12, 8), text="等待批复"), title=f"问题{at}")) for at in range(4)
    )
    lock(store, clock)
    goes_on.rows[Progress.key()].append(Progress(on=date(2023, 1, 6), text="已批复"))
    dated_back.rows[Progress.key()].append(Progress(on=date(2022, 12, 30), text="已批复"))
    written_over.lines(Progress)[0].text = "已批复"
    gone.rows[Progress.key()].clear()
    for record in (goes_on, dated_back, written_over, gone):
        saved(store, record)
    named = "、".join(f"整改{one.number}（进展）" for one in (dated_back, written_over, gone))
    assert notes(store)[0] == f"更正：锁定后改动3件：{named}。"


def test_what_is_voided_deleted_or_moved_out_after_the_lock_is_told(store: Store, clock: Clock) -> None:
    clock.at = datetime(2022, 12, 20, 9, 0)
    voided = saved(store, outgoing(doc_on=date(2022, 12, 5), signed_on=date(2022, 12, 5), printed_on=date(2022, 12, 5)))
    moved = saved(store, received(31))
    lock(store, clock)
    store.void(Outgoing, voided.id, "重复")
    moved.received_on = date(2023, 1, 3)
    saved(store, moved)
    said = notes(store)
    assert f"更正：另有1件在锁定后作废，本表不再计入：发文{voided.number}（2023-01-09，重复）。" in said
    assert f"更正：另有1件在锁定后移出本月，本表不再计入：收文{moved.number}（收文日期改为2023-01-03）。" in said


def test_after_unlocking_the_month_counts_from_its_end_again(store: Store, clock: Clock) -> None:
    clock.at = datetime(2022, 12, 20, 9, 0)
    paper = saved(store, received(5))
    lock(store, clock)
    paper.title = "改过的标题"
    saved(store, paper)
    assert any("更正" in one for one in notes(store))
    locks.set_lock(store, DECEMBER, False, "数字有误")
    assert not any("更正" in one for one in notes(store))
    clock.at = datetime(2023, 1, 9, 12, 0)
    locks.set_lock(store, DECEMBER, True, "重新签发")
    assert not any("更正" in one for one in notes(store))
    assert str(Period.month(2022, 12)) in store.rules.locked_months
