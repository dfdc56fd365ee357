"""Many creations taken back at once and made again: an import's undo, in runs, by the same rules as a single one."""

from __future__ import annotations

import pytest

from db.errors import Cancelled, Refused
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.registers.study_session import StudyItem, StudySession
from db.store import births, health, journal
from db.store.store import Store
from tests.db.office import Clock, again, draft, incoming, saved, study
from tests.db.test_undo import found, state


@pytest.fixture(autouse=True)
def short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five creations fill a run, so that a few records make several."""
    monkeypatch.setattr(births, "BATCH", 5)


def letters(store: Store, count: int = 13) -> list[Incoming]:
    """Papers that came in with one change."""
    made = [incoming(from_doc_no=f"塔政〔2022〕{at + 1}号") for at in range(count)]
    with store.change("导入") as change:
        for one in made:
            change.save(one)
    return made


def test_all_numbers_are_given_back_in_several_runs_and_made_again(store: Store) -> None:
    made = letters(store)
    before = [state(store, one) for one in made]
    store.undo()
    assert store.connection.execute(
        "SELECT count(*) FROM incoming WHERE deleted_at IS NULL OR sequence IS NOT NULL OR number <> ''"
    ).fetchone() == (0,)
    assert found(store, Incoming, "塔峰") == []
    assert list(health.findings(store)) == []
    store.redo()
    assert [state(store, one) for one in made] == before
    assert found(store, Incoming, "塔峰 13号") == [made[-1].id]
    assert list(health.findings(store)) == []
    store.undo()
    assert saved(store, incoming()).number == "下〔2022〕1号"


def test_numbers_stay_when_one_given_later_follows(store: Store) -> None:
    made = letters(store)
    imported = store.undoable()
    saved(store, incoming(from_doc_no="塔政〔2022〕99号"))
    assert imported is not None
    store.undo(imported.change)
    assert [again(store, one).number for one in made] == [f"下〔2022〕{at + 1}号" for at in range(13)]
    assert list(health.findings(store)) == []


def test_one_record_changed_since_keeps_all_of_them(store: Store, clock: Clock) -> None:
    made = letters(store)
    imported = store.undoable()
    clock.tick()
    made[3].title = "塔峰镇人民政府关于修缮堤防的请示"
    store.save(made[3])
    assert imported is not None
    count = store.head()
    with pytest.raises(Refused, match="下〔2022〕4号之后又改过标题"):
        store.undo(imported.change)
    assert store.head() == count
    assert len(found(store, Incoming, "塔峰")) == 13


def test_a_stopped_undo_takes_nothing_back_and_tells_how_far_it_was(store: Store) -> None:
    made, told = letters(store, 130), list[tuple[int, int]]()

    def stop(done: int, of: int) -> bool:
        told.append((done, of))
        return len(told) < 2

    with pytest.raises(Cancelled):
        store.undo(progress=stop)
    assert told == [(0, 130), (65, 130)]
    assert all(again(store, one).number for one in made)


def test_lines_are_kept_and_found_again(store: Store) -> None:
    sessions = [study(*(StudyItem(title=f"{title}法{at}") for title in "甲乙")) for at in range(3)]
    with store.change("导入") as change:
        for one in sessions:
            change.save(one)
    before = [state(store, one) for one in sessions]
    store.undo()
    assert found(store, StudySession, "甲法1") == []
    store.redo()
    assert [state(store, one) for one in sessions] == before
    assert found(store, StudySession, "甲法1") == [sessions[1].id]


def test_a_record_that_lies_in_the_bin_already_stays_there(store: Store, clock: Clock) -> None:
    made = [draft(title=f"关于春耕的第{at}号通知") for at in range(3)]
    with store.change("登记三件") as change:
        for one in made:
            change.save(one)
    clock.tick()
    store.delete(Outgoing, made[1].id)
    store.undo(change.id)
    assert found(store, Outgoing, "春耕") == []
    assert all(again(store, one).deleted_at for one in made)
    assert list(health.findings(store)) == []


def test_the_history_and_the_chain_of_the_journal_hold(store: Store) -> None:
    made = letters(store, 7)
    store.undo()
    store.redo()
    assert [entry.title for entry in store.history(Incoming, made[2].id)] == ["导入", "撤销：导入", "重做：导入"]
    assert list(journal.broken(store.connection)) == []
