"""One deed done to many records: foreseen, carried out under each record's own rules, taken back by one undo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path

import pytest

from db.errors import Cancelled, Refused, StoreTrouble, Trouble
from db.record import UnitsField
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.registers.study_session import Attendance, StudySession
from db.rules import secrecy
from db.store import deletions, health, locks, many, many_lines
from db.store.many import Add, AddLines, Advance, Clear, ClearLines, Delete, Fill, Restore, Void, carry_out, foresee
from db.store.places import LEDGER
from db.store.store import Store
from tests.db.office import Clock, again, contents, draft, incoming, no_room, outgoing, saved

MANY = 120


@pytest.fixture
def letters(store: Store) -> list[int]:
    """Some incoming letters: every fourth is led by another unit, every fourth by none yet."""
    leads = ("县财政局", "县教育局", "", "县财政局")
    return [
        saved(store, incoming(title=f"关于第{n}件事的请示", from_doc_no=f"塔政〔2022〕{n + 1}号",
                              lead_unit=leads[n % 4])).id
        for n in range(MANY)
    ]  # fmt: skip


@pytest.fixture
def journaled(store: Store) -> Iterator[None]:
    """The journal and the whole ledger are sound in the end."""
    yield
    assert list(health.findings(store)) == []


def leads(store: Store, ids: list[int]) -> list[str]:
    """The leading unit of each."""
    return [again(store, Incoming(id=record)).lead_unit for record in ids]


def test_it_is_foreseen_how_many_change_have_it_or_would_lose_a_value(store: Store, letters: list[int]) -> None:
    before = contents(store)
    seen = foresee(store, Incoming, letters, Fill("lead_unit", "县财政局"))
    assert seen.counts() == {"filled": MANY // 4, "replaced": MANY // 4, "same": MANY // 2, "refused": 0}
    assert [letters[at] for at in seen.places("filled")] == letters[2::4]
    assert contents(store) == before


@pytest.mark.usefixtures("journaled")
def test_what_stands_there_is_kept_unless_the_clerk_says_otherwise(store: Store, letters: list[int]) -> None:
    done = carry_out(store, Incoming, letters, Fill("lead_unit", "县水利局"))
    assert (done.altered, done.left) == (MANY // 4, ())
    assert leads(store, letters[:4]) == ["县财政局", "县教育局", "县水利局", "县财政局"]
    done = carry_out(store, Incoming, letters, Fill("lead_unit", "县水利局", replaces=True))
    assert done.altered == MANY - MANY // 4
    assert set(leads(store, letters)) == {"县水利局"}


@pytest.mark.usefixtures("journaled")
def test_one_undo_takes_all_of_it_back_and_one_redo_makes_it_again(store: Store, letters: list[int]) -> None:
    before = leads(store, letters)
    done = carry_out(store, Incoming, letters, Fill("lead_unit", "县水利局", replaces=True))
    assert {entry.change for record in letters for entry in store.history(Incoming, record)[1:]} == {done.change.id}
    assert store.is_long()
    store.undo()
    assert leads(store, letters) == before
    store.redo()
    assert set(leads(store, letters)) == {"县水利局"}


def test_a_small_change_is_undone_without_waiting(store: Store) -> None:
    assert not store.is_long()
    saved(store, incoming())
    assert not store.is_long()


@pytest.mark.usefixtures("journaled")
def test_it_does_what_single_saves_do(store: Store, letters: list[int], clock: Clock) -> None:
    clock.tick()
    carry_out(store, Incoming, letters[:2], Fill("source_level", "县直部门", replaces=True))
    many_of, one = again(store, Incoming(id=letters[1])), again(store, Incoming(id=letters[5]))
    one.source_level = "县直部门"
    store.save(one)
    names = [name for name in store.shapes[Incoming].names if name not in ("uuid", "number", "sequence", "title",
             "from_doc_no")]  # fmt: skip
    alone, together = (store.shapes[Incoming].values(record) for record in (again(store, one), many_of))
    assert {name: alone[name] for name in names} == {name: together[name] for name in names}


@pytest.mark.usefixtures("journaled")
def test_those_that_may_not_are_left_out_with_the_reason(store: Store, letters: list[int]) -> None:
    store.void(Incoming, letters[0], "重复登记")
    ids = letters
    seen = foresee(store, Incoming, ids, Fill("remarks", "已核"))
    assert seen.reasons[0] == "已于2022-12-30作废"
    done = carry_out(store, Incoming, ids, Fill("remarks", "已核"))
    assert done.altered == MANY - 1
    assert [left.record for left in done.left] == [ids[at] for at in seen.reasons]
    assert done.left[0].called == "下〔2022〕1号《关于第0件事的请示》"
    assert again(store, Incoming(id=letters[0])).remarks == ""


def test_a_placeholder_stays_empty(store: Store) -> None:
    field = Outgoing.security_field()
    kept = saved(store, outgoing(**{field: secrecy.RESERVED}))
    plain = saved(store, outgoing())
    before = again(store, kept).__data__
    done = carry_out(store, Outgoing, [kept.id, plain.id], Fill("remarks", "已核"))
    assert ([left.record for left in done.left], done.altered) == ([kept.id], 1)
    assert "占的号" in done.left[0].reason
    assert again(store, kept).__data__ == before


def test_a_value_that_breaks_a_rule_is_refused_for_every_one(store: Store, letters: list[int]) -> None:
    before = contents(store)
    with pytest.raises(Refused, match="标题"):
        carry_out(store, Incoming, letters, Fill("title", "", replaces=True))
    assert contents(store) == before


def test_in_a_locked_month_it_goes_in_and_is_named_on_its_page(store: Store, letters: list[int], clock: Clock) -> None:
    clock.go(date(2023, 1, 5))
    locks.set_lock(store, date(2022, 12, 1), True, "已签发报送")
    done = carry_out(store, Incoming, letters[:3], Fill("remarks", "已核"))
    assert done.altered == 3
    assert any("已锁定" in problem.text for problem in done.change.notes)


@pytest.mark.usefixtures("journaled")
def test_the_stage_moves_where_it_may(store: Store) -> None:
    ids = [saved(store, draft(title=f"关于第{n}件事的通知")).id for n in range(3)]
    ids.append(saved(store, outgoing()).id)
    target = next(move.target for move in Outgoing.MOVES if move.source == again(store, Outgoing(id=ids[0])).stage
                  and not move.needs)  # fmt: skip
    seen = foresee(store, Outgoing, ids, Advance(target))
    assert [seen.kind(at) for at in range(3)] == ["filled"] * 3
    done = carry_out(store, Outgoing, ids, Advance(target))
    assert done.altered == 3
    assert {again(store, Outgoing(id=record)).stage for record in ids[:3]} == {target}
    assert [left.record for left in done.left] == [ids[at] for at in seen.reasons] == ids[3:]


def test_a_move_that_needs_something_says_what(store: Store, letters: list[int]) -> None:
    move = next(move for move in Incoming.MOVES if move.needs and move.source == again(
        store, Incoming(id=letters[0])).stage)  # fmt: skip
    seen = foresee(store, Incoming, letters[:2], Advance(move.target))
    assert all("前请填写" in reason for reason in seen.reasons.values())
    assert len(seen.reasons) == 2


@pytest.mark.usefixtures("journaled")
def test_many_are_voided_for_one_reason_and_restored(store: Store, letters: list[int]) -> None:
    done = carry_out(store, Incoming, letters, Void("整批重复登记"))
    assert done.altered == MANY
    voided = again(store, Incoming(id=letters[7]))
    assert (voided.voided_on, voided.void_reason) == (date(2022, 12, 30), "整批重复登记")
    assert foresee(store, Incoming, letters, Void("再来")).counts()["same"] == MANY
    assert carry_out(store, Incoming, letters, Restore()).altered == MANY
    assert again(store, voided).voided_on is None


@pytest.mark.usefixtures("journaled")
def test_only_what_has_no_number_is_deleted(store: Store) -> None:
    ids = [saved(store, draft(title="拟稿一")).id, saved(store, outgoing()).id, saved(store, draft(title="拟稿二")).id]
    done = carry_out(store, Outgoing, ids, Delete("录了两遍"))
    assert (done.altered, [left.record for left in done.left]) == (2, [ids[1]])
    assert "只能作废" in done.left[0].reason
    store.undo()
    assert all(again(store, Outgoing(id=record)).deleted_at is None for record in ids)


def test_nothing_is_written_when_the_clerk_stops_it(store: Store, letters: list[int]) -> None:
    before = contents(store)
    steps: list[int] = []

    def stop(done: int, _of: int) -> bool:
        steps.append(done)
        return done < many._STEP

    with pytest.raises(Cancelled):
        carry_out(store, Incoming, letters, Fill("remarks", "已核"), stop)
    assert steps == [0, many._STEP]
    assert contents(store) == before
    with pytest.raises(Cancelled):
        foresee(store, Incoming, letters, Fill("remarks", "已核"), stop)
    carry_out(store, Incoming, letters, Fill("remarks", "已核"))
    held = contents(store)
    with pytest.raises(Cancelled):
        store.undo(progress=stop)
    assert contents(store) == held
    store.undo()
    assert again(store, Incoming(id=letters[0])).remarks == ""


def test_it_says_so_when_nothing_is_to_be_changed(store: Store, letters: list[int]) -> None:
    with pytest.raises(Refused, match="都已经是这样"):
        carry_out(store, Incoming, letters[:1], Fill("lead_unit", "县财政局"))


def test_on_a_full_disk_all_of_it_or_nothing(folder: Path, clock: Clock) -> None:
    with closing(Store.open(folder, "李喆", clock)) as store:
        ids = [saved(store, incoming(title=f"第{n}件", from_doc_no=f"塔政〔2022〕{n + 1}号")).id for n in range(MANY)]
        store.merge_index()
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = contents(store)
        with ExitStack() as limit:
            limit.enter_context(no_room((folder / LEDGER).stat().st_size + 100_000))
            with pytest.raises(StoreTrouble) as trouble:
                carry_out(store, Incoming, ids, Fill("remarks", "备" * 1_900))
            assert trouble.value.trouble in {Trouble.FULL, Trouble.UNREACHABLE}
        assert contents(store) == before
        assert carry_out(store, Incoming, ids, Fill("remarks", "备" * 1_900)).altered == MANY
        assert list(health.findings(store)) == []


@pytest.mark.usefixtures("journaled")
def test_clearing_says_how_many_values_would_go_and_undo_brings_them_back(store: Store, letters: list[int]) -> None:
    before = leads(store, letters)
    seen = foresee(store, Incoming, letters, Clear("lead_unit"))
    assert seen.counts() == {"filled": 0, "replaced": MANY - MANY // 4, "same": MANY // 4, "refused": 0}
    done = carry_out(store, Incoming, letters, Clear("lead_unit"))
    assert (done.altered, done.change.title) == (MANY - MANY // 4, f"统一清空{Incoming.label('lead_unit')}")
    assert set(leads(store, letters)) == {""}
    store.undo()
    assert leads(store, letters) == before


def test_what_the_law_wants_cannot_be_cleared(store: Store, letters: list[int]) -> None:
    seen = foresee(store, Incoming, letters[:3], Clear("title"))
    assert seen.counts()["refused"] == 3
    with pytest.raises(Refused):
        carry_out(store, Incoming, letters[:3], Clear("title"))


@pytest.mark.usefixtures("journaled")
def test_a_name_is_added_to_those_that_stand_there_and_never_twice(store: Store, letters: list[int]) -> None:
    name = next(field.name for field in Incoming._meta.sorted_fields if isinstance(field, UnitsField))
    carry_out(store, Incoming, letters[:1], Fill(name, "县教育局"))
    done = carry_out(store, Incoming, letters[:2], Add(name, "县教育局、县水利局"))
    assert done.altered == 2
    assert [getattr(again(store, Incoming(id=one)), name) for one in letters[:2]] == ["县教育局、县水利局"] * 2
    assert foresee(store, Incoming, letters[:2], Add(name, "县水利局")).counts()["same"] == 2


@pytest.mark.usefixtures("journaled")
def test_the_reason_of_a_deletion_is_kept_with_each_and_told_of_it_in_the_bin(store: Store) -> None:
    ids = [saved(store, draft(title=f"拟稿{n}")).id for n in range(2)]
    for reason, words in ((" ", "删除要写明原因"), ("长" * 101, "原因太长：101字")):
        with pytest.raises(Refused, match=words):
            carry_out(store, Outgoing, ids, Delete(reason))
    carry_out(store, Outgoing, ids, Delete(" 录了\n两遍 "))
    assert {store.history(Outgoing, record)[-1].title for record in ids} == {"统一删除：录了 两遍"}
    assert "统一删除：录了 两遍" in deletions.standing(store, again(store, Outgoing(id=ids[0])))


def attended(store: Store, ids: list[int]) -> list[list[str]]:
    """Who attended each of some study sessions, in the order of the lines."""
    return [[line.person for line in again(store, StudySession(id=one)).lines(Attendance)] for one in ids]


@pytest.fixture
def sessions(store: Store) -> list[int]:
    """Four study sessions, the second of them with somebody who attended."""
    found = []
    for n in range(4):
        session = StudySession(title=f"第{n}次学习", held_on=date(2022, 3, n + 1))
        session.rows = {Attendance.key(): [Attendance(person="李敏", post="科长")] if n == 1 else []}
        found.append(saved(store, session).id)
    return found


@pytest.mark.usefixtures("journaled")
def test_lines_are_added_behind_those_that_stand_there_and_never_twice(store: Store, sessions: list[int]) -> None:
    deed = AddLines(Attendance.key(), ({"person": " 李敏 "}, {"person": "王强", "post": ""}))
    seen = foresee(store, StudySession, sessions, deed)
    assert (seen.counts()["filled"], list(seen.lines), list(seen.lines_after)) == (4, [0, 1, 0, 0], [2, 2, 2, 2])
    done = carry_out(store, StudySession, sessions, deed)
    assert (done.altered, done.change.title) == (4, f"统一添加{Attendance.TITLE}")
    assert attended(store, sessions) == [["李敏", "王强"]] * 4
    assert again(store, StudySession(id=sessions[1])).lines(Attendance)[0].post == "科长"
    assert foresee(store, StudySession, sessions, deed).counts()["same"] == 4
    store.undo()
    assert attended(store, sessions) == [[], ["李敏"], [], []]


@pytest.mark.parametrize("first", [0, 1])
def test_one_that_is_refused_after_it_was_written_leaves_no_gap_in_the_journal(
    store: Store, letters: list[int], first: int
) -> None:
    own = store.load(Incoming, letters[first]).number
    done = carry_out(store, Incoming, letters[:4], Fill(Incoming.COPY_FIELD, own))
    assert (done.altered, [left.record for left in done.left]) == (3, [letters[first]])
    assert list(health.findings(store)) == []
    store.undo()
    assert list(health.findings(store)) == []


@pytest.mark.usefixtures("journaled")
def test_lines_are_cleared_where_there_are_any_and_one_undo_brings_them_back(store: Store, sessions: list[int]) -> None:
    seen = foresee(store, StudySession, sessions, ClearLines(Attendance.key()))
    assert (seen.counts()["replaced"], seen.counts()["same"], sum(seen.lines)) == (1, 3, 1)
    assert sum(seen.lines_after) == 0
    done = carry_out(store, StudySession, sessions, ClearLines(Attendance.key()))
    assert (done.altered, attended(store, sessions)) == (1, [[]] * 4)
    store.undo()
    assert attended(store, sessions) == [[], ["李敏"], [], []]


def test_a_line_that_lacks_what_it_must_have_is_added_to_none(store: Store, sessions: list[int]) -> None:
    deed = AddLines(Attendance.key(), ({"post": "科长"},))
    assert foresee(store, StudySession, sessions[:1], deed).reasons[0].endswith("缺姓名")
    with pytest.raises(Refused, match="缺姓名"):
        carry_out(store, StudySession, sessions, deed)
    assert many_lines.unfilled(Attendance, {"post": "科长"}) == ["姓名"]
