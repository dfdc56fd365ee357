"""The journal over all records: listed newest first, opened, and any earlier change taken back or made again."""

from __future__ import annotations

from datetime import date

import pytest

from db.errors import Cancelled, Refused
from db.registers.incoming import Incoming
from db.store import locks, operations
from db.store.operations import Operation, Wanted
from db.store.store import Store
from tests.db.office import Clock, incoming, outgoing, saved


def listed(store: Store, **wanted: str) -> tuple[Operation, ...]:
    """The changes that are listed."""
    return operations.newest(store, Wanted(**wanted), 100)


def retitled(store: Store, record: int, title: str) -> int:
    """Change a paper's title; the number of the change."""
    paper = store.load(Incoming, record)
    paper.title = title  # type: ignore[attr-defined]
    return store.save(paper).id


def title_of(store: Store, record: int) -> str:
    """A paper's title as it is stored."""
    return store.load(Incoming, record).title  # type: ignore[attr-defined]


@pytest.fixture
def later(store: Store, clock: Clock) -> Store:
    """The ledger as it is opened on the day after: a paper was registered and changed."""
    paper = saved(store, incoming(title="第一稿"))
    retitled(store, paper.id, "第二稿")
    clock.tick(86_400)
    return store


def test_changes_are_listed_newest_first_with_who_when_and_what(later: Store) -> None:
    saved(later, outgoing())
    assert [(one.title, one.register, one.count) for one in listed(later)] == [
        ("登记发文", "outgoing", 1), ("修改", "incoming", 1), ("登记收文", "incoming", 1),
    ]  # fmt: skip
    assert listed(later)[1].at.startswith("2022-12-30T10:00")
    assert operations.called(later, listed(later)[1]).endswith("《第二稿》")


def test_they_are_filtered_by_person_register_and_period(later: Store) -> None:
    later.user = "王堃"
    saved(later, outgoing())
    assert [one.by for one in listed(later, by="王堃")] == ["王堃"]
    assert [one.title for one in listed(later, register="incoming")] == ["修改", "登记收文"]
    assert [one.title for one in listed(later, since="2022-12-31")] == ["登记发文"]
    assert operations.people(later) == ["李喆", "王堃"]


def test_many_records_of_one_change_are_one_operation(later: Store) -> None:
    with later.change("登记两件") as change:
        for _ in range(2):
            change.save(outgoing())
    found = listed(later)[0]
    assert found.count == 2
    assert operations.records_of(later, found) == {"outgoing": (1, 2)}
    assert operations.called(later, found).endswith("等2条")


def test_more_records_than_a_list_opens_are_counted_all_the_same(later: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with later.change("登记三件") as change:
        for _ in range(3):
            change.save(outgoing())
    monkeypatch.setattr(operations, "MOST_OPENED", 2)
    assert len(operations.records_of(later, listed(later)[0])["outgoing"]) == 2
    assert operations.called(later, listed(later)[0]).endswith("等3条")


def test_an_earlier_change_is_taken_back_and_made_again(later: Store) -> None:
    change = listed(later)[0].change
    for _ in range(2):  # and so on, as often as one likes
        operations.turn(later, change, redoing=False)
        assert title_of(later, 1) == "第一稿"
        assert [one.is_undone for one in listed(later) if one.change == change] == [True]
        operations.turn(later, change, redoing=True)
        assert title_of(later, 1) == "第二稿"
        assert [one.is_undone for one in listed(later) if one.change == change] == [False]


def test_what_is_so_already_is_refused(later: Store) -> None:
    change = listed(later)[0].change
    with pytest.raises(Refused, match="没有撤销"):
        operations.turn(later, change, redoing=True)
    undoing = operations.turn(later, change, redoing=False)
    with pytest.raises(Refused, match="已经撤销"):
        operations.turn(later, change, redoing=False)
    with pytest.raises(Refused, match="在原来那一步上"):
        operations.turn(later, undoing.id, redoing=False)


def test_a_later_change_in_the_way_is_named_and_nothing_is_altered(later: Store) -> None:
    change = listed(later)[0].change
    later.user = "王堃"
    retitled(later, 1, "第三稿")
    with pytest.raises(Refused, match=r"不能撤销（2022-12-31 10:00，王堃，修改）"):
        operations.turn(later, change, redoing=False)
    assert title_of(later, 1) == "第三稿"


def test_the_last_change_in_force_is_what_ctrl_z_means_in_a_new_session(later: Store) -> None:
    titles: list[str] = []
    while found := operations.last_in_force(later):
        titles.append(found.title)
        operations.turn(later, found.change, redoing=False)
    assert titles == ["修改", "登记收文"]


def test_the_log_of_locks_cannot_be_taken_back(later: Store) -> None:
    locks.set_lock(later, date(2022, 11, 1), True, "已报送")
    assert not listed(later)[0].may_turn
    last = operations.last_in_force(later)
    assert last
    assert last.title == "修改"


def test_the_walk_can_be_stopped(later: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "_STEP", 1)
    with pytest.raises(Cancelled):
        operations.newest(later, Wanted(by="没有这个人"), 10, lambda _done, _of: False)


def test_a_change_number_edited_behind_the_programs_back_does_not_stop_the_walk(later: Store) -> None:
    later.connection.execute("UPDATE journal SET change = 99 WHERE id = 1")
    assert len(listed(later)) == 2
