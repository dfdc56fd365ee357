"""What was just saved is found at once, before it is merged into the search index as after it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.registers.incoming import Incoming, Instruction
from db.registers.outgoing import Outgoing
from db.store import health, index, waiting
from db.store.places import LEDGER
from db.store.search import Filter, Listing, anywhere
from db.store.store import Store
from tests.db.office import Clock, again, draft, incoming, outgoing, saved, with_lines

COUNT = 30
WANTED = (
    Filter(text="防汛"),
    Filter(text="防汛 第2"),
    Filter(text="关于防汛第1"),
    Filter(text="防汛", descending=False),
    Filter(text="防汛", order="title"),
    Filter(text="防汛", year=2021),
    Filter(text="防汛", light="void"),
)


@pytest.fixture
def merged(tmp_path: Path, empty_ledger: Path, clock: Clock) -> Iterator[Store]:
    """An open ledger with thirty records that have been merged."""
    shutil.copy(empty_ledger, tmp_path / LEDGER)
    store = Store.open(tmp_path, "李喆", clock)
    with store.change("导入") as change:
        for at in range(COUNT):
            clock.tick()
            day = date(2021, 12, 1) + timedelta(at * 3)
            change.save(incoming(title=f"关于防汛第{at}号的通知", received_on=day, from_doc_on=day))
    store.merge_index()
    yield store
    store.close()


def listing(store: Store, wanted: Filter) -> Listing:
    """A list of papers received."""
    number = store.register_numbers["incoming"]
    return Listing(store.connection, Incoming, number, wanted, store.rules.today, store.rules.days)


def found(store: Store, text: str) -> list[int]:
    """The ids that a search finds, newest first."""
    return listing(store, Filter(text=text)).ids()


def index_keys(store: Store, record: int) -> list[int]:
    """Under which row ids a paper received stands in the index."""
    token = index.register_token(store.register_numbers["incoming"])
    rows = store.connection.execute("SELECT rowid FROM search WHERE search MATCH ?", (f'"{token}"',))
    return [key for (key,) in rows if index.record_of(key) == record]


def change_many(store: Store, clock: Clock) -> None:
    """Edits of the text, of the day and of other things, a voiding, a deletion and new records, none merged."""
    for number in range(1, 12, 2):
        clock.tick()
        record = store.load(Incoming, number)
        record.title = record.title.replace("防汛", "抗旱" if number % 4 == 1 else "防汛抗旱")
        store.save(record)
    for number in (2, 14):
        clock.tick()
        record = store.load(Incoming, number)
        record.received_on += timedelta(40)
        store.save(record)
    clock.tick()
    store.void(Incoming, 20, "重复")
    for at in range(3):
        clock.tick()
        saved(store, incoming(title=f"关于防汛第2{at}号的函", kind="函"))
    assert index.pending(store.connection) > 8


def test_lists_and_counts_are_the_same_before_and_after_the_merging(merged: Store, clock: Clock) -> None:
    change_many(merged, clock)
    before = [(listing(merged, wanted).ids(), listing(merged, wanted).count()) for wanted in WANTED]
    pages = [listing(merged, wanted).ids(start, 5) for wanted in WANTED for start in range(0, COUNT, 5)]
    merged.merge_index()
    assert index.pending(merged.connection) == 0
    assert [(listing(merged, wanted).ids(), listing(merged, wanted).count()) for wanted in WANTED] == before
    assert [listing(merged, wanted).ids(start, 5) for wanted in WANTED for start in range(0, COUNT, 5)] == pages
    assert all(len(ids) == count for ids, count in before)
    assert len(before[0][0]) == COUNT
    assert len(before[5][0]) > 5
    assert list(health.findings(merged)) == []


def test_an_old_wording_is_no_longer_found_and_a_line_is(store: Store, clock: Clock) -> None:
    record = saved(store, incoming(title="关于防汛的通知"))
    store.merge_index()
    clock.tick()
    record.title = "关于抗旱的通知"
    with_lines(record, Instruction(leader="王堃", text="请速办"))
    store.save(record)
    for _time in range(2):
        assert found(store, "防汛") == []
        assert found(store, "抗旱") == found(store, "请速办") == found(store, "通知 王堃") == [record.id]
        store.merge_index()


def test_a_word_that_is_excluded_is_looked_for_among_what_waits_too(merged: Store, clock: Clock) -> None:
    listed = listing(merged, Filter(text="防汛 -抗旱"))
    everything = listed.ids()
    assert len(everything) == COUNT
    clock.tick()
    record = merged.load(Incoming, 7)
    record.title = "关于防汛抗旱的通知"
    merged.save(record)
    fresh = saved(merged, incoming(title="关于防汛抗旱工作的函", kind="函"))
    for _time in range(2):
        assert listed.ids() == [number for number in everything if number != 7]
        assert listed.count() == COUNT - 1
        assert set(found(merged, "防汛 抗旱")) == {7, fresh.id}
        merged.merge_index()


def test_a_deleted_record_is_not_found_and_a_restored_one_is(store: Store, clock: Clock) -> None:
    record = saved(store, draft(title="关于防汛的通知"))
    number = store.register_numbers["outgoing"]

    def ids() -> list[int]:
        wanted = Filter(text="防汛")
        return Listing(store.connection, Outgoing, number, wanted, store.rules.today, store.rules.days).ids()

    assert ids() == [record.id]
    store.merge_index()
    clock.tick()
    store.delete(Outgoing, record.id)
    assert ids() == []
    clock.tick()
    store.restore(Outgoing, record.id)
    assert ids() == [record.id]
    store.merge_index()
    assert ids() == [record.id]


def test_an_edit_that_changes_no_text_leaves_the_index_alone(store: Store, clock: Clock) -> None:
    record = saved(store, incoming())
    store.merge_index()
    clock.tick()
    record.copies = 7
    store.save(record)
    assert again(store, record).copies == 7
    assert waiting.of_all(store.connection, store.numbered()) == []


def test_texts_are_merged_when_enough_of_them_wait_and_at_the_end(store: Store, clock: Clock) -> None:
    for at in range(index.MOST_PENDING):
        clock.tick()
        saved(store, outgoing(title=f"关于第{at}项工作的通知"))
    assert index.pending(store.connection) == index.MOST_PENDING
    saved(store, outgoing(title="关于最后一项工作的通知"))
    assert index.pending(store.connection) == 0
    saved(store, outgoing(title="关于另一项工作的通知"))
    store.close()
    with closing(sqlite3.connect(store.folder / LEDGER)) as connection:
        assert index.pending(connection) == 0


def test_a_change_that_is_given_up_leaves_nothing_waiting(store: Store) -> None:
    def give_up() -> None:
        with store.change("导入") as change:
            change.save(incoming(title="关于防汛的通知"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        give_up()
    assert index.pending(store.connection) == 0
    assert found(store, "防汛") == []


def test_what_waits_is_found_by_one_who_may_only_read(merged: Store, clock: Clock, tmp_path: Path) -> None:
    change_many(merged, clock)
    wanted = listing(merged, Filter(text="防汛")).ids()
    uri = f"file:{tmp_path / LEDGER}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        number = merged.register_numbers["incoming"]
        reading = Listing(connection, Incoming, number, Filter(text="防汛"), merged.rules.today, merged.rules.days)
        assert reading.ids() == wanted


def test_saves_are_waited_for_on_the_disk_again_after_a_merging(store: Store) -> None:
    saved(store, incoming())
    store.merge_index()
    assert store.connection.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_a_record_that_came_and_went_and_moved_before_any_merging_is_found_where_it_ended(
    merged: Store, clock: Clock
) -> None:
    def step(action: Callable[[], object]) -> None:
        clock.tick()
        action()

    moved = merged.load(Incoming, 3)
    for days in (10, 20):
        moved.received_on += timedelta(days)
        step(lambda: merged.save(moved))
    there_and_back = merged.load(Incoming, 4)
    for days in (200, -200):
        there_and_back.received_on += timedelta(days)
        step(lambda: merged.save(there_and_back))
    draft_of = saved(merged, draft(title="关于防汛的草稿"))
    step(lambda: merged.delete(Outgoing, draft_of.id))
    step(lambda: merged.restore(Outgoing, draft_of.id))
    step(lambda: merged.delete(Outgoing, draft_of.id))
    for _time in range(2):
        assert len(set(found(merged, "防汛"))) == len(found(merged, "防汛")) == COUNT
        assert listing(merged, Filter(text="防汛", year=2022, month=(2022, 1))).count() == sum(
            merged.load(Incoming, at).received_on.strftime("%Y-%m") == "2022-01" for at in range(1, COUNT + 1)
        )
        wanted = Filter(text="草稿", deleted=True)
        number = merged.register_numbers["outgoing"]
        binned = Listing(merged.connection, Outgoing, number, wanted, merged.rules.today, merged.rules.days)
        assert binned.ids() == [draft_of.id]
        merged.merge_index()
        assert list(health.findings(merged)) == []


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM search_merged", "UPDATE search_merged SET entry = 1000000", "UPDATE search_merged SET entry = 'x'"],
)
def test_an_index_of_which_nobody_knows_how_far_it_goes_is_made_anew(
    merged: Store, clock: Clock, statement: str
) -> None:
    change_many(merged, clock)
    wanted = found(merged, "防汛")
    folder = merged.folder
    merged.close()
    with closing(sqlite3.connect(folder / LEDGER)) as connection:
        connection.execute(statement)
        connection.execute("DELETE FROM search_text")
        connection.commit()
    again_open = Store.open(folder, "李喆", clock)
    assert found(again_open, "防汛") == wanted
    assert index.pending(again_open.connection) == 0
    assert list(health.findings(again_open)) == []
    again_open.close()


def test_a_search_goes_on_when_an_entry_that_waits_cannot_be_read(merged: Store, clock: Clock) -> None:
    change_many(merged, clock)
    wanted = set(found(merged, "防汛"))
    merged.connection.execute("UPDATE journal SET after = 'x' WHERE id = (SELECT max(id) FROM journal)")
    assert wanted - {COUNT + 3} <= set(found(merged, "防汛"))


def test_a_record_that_another_program_gave_another_day_is_found_once_when_it_is_edited(
    merged: Store, clock: Clock
) -> None:
    merged.connection.execute("UPDATE incoming SET listed_on = '2022-05-01' WHERE id = 7")
    for title in ("关于防汛抗旱的通知", "关于抗旱的通知"):
        clock.tick()
        record = merged.load(Incoming, 7)
        record.title = title
        merged.save(record)
        for _time in range(2):
            assert found(merged, "抗旱") == [7]
            assert len(found(merged, "防汛")) == len(set(found(merged, "防汛"))) == COUNT - (title == "关于抗旱的通知")
            assert len(found(merged, "通知 -防汛")) == (title == "关于抗旱的通知")
            merged.merge_index()
    assert len(index_keys(merged, 7)) == 1


@pytest.mark.parametrize("spoilt", ["2022/12/28", 7, b"\xff"])
def test_a_day_that_was_spoilt_while_its_record_waits_keeps_nobody_from_searching_and_closing(
    merged: Store, clock: Clock, spoilt: object
) -> None:
    change_many(merged, clock)
    merged.connection.execute("UPDATE incoming SET listed_on = ? WHERE id = 3", (spoilt,))
    wanted = set(found(merged, "防汛"))
    assert len(wanted) == COUNT
    folder = merged.folder
    merged.close()
    with closing(sqlite3.connect(folder / LEDGER)) as connection:
        connection.execute("DELETE FROM search_merged")  # all is indexed anew
        connection.commit()
    again_open = Store.open(folder, "李喆", clock)
    assert set(found(again_open, "防汛")) == wanted
    again_open.close()


@pytest.mark.parametrize("spoilt", ["x", b"\x7b\xff\x7d", "[" * 100_000, '{"listed_on":"2022-02-30"}'])
def test_what_an_entry_that_cannot_be_read_changed_is_found_as_it_is_now(
    merged: Store, clock: Clock, spoilt: str | bytes
) -> None:
    clock.tick()
    record = merged.load(Incoming, 7)
    record.title, record.received_on = "关于抗旱的通知", record.received_on + timedelta(40)
    merged.save(record)
    sql = "UPDATE journal SET before = CAST(? AS TEXT) WHERE id = (SELECT max(id) FROM journal)"
    merged.connection.execute(sql, (spoilt,))
    for _time in range(2):
        assert found(merged, "抗旱") == [7]
        assert len(found(merged, "防汛")) == COUNT - 1
        merged.merge_index()
    assert index.pending(merged.connection) == 0
    assert len(index_keys(merged, 7)) == 1


def test_over_all_registers_what_waits_is_found_as_it_is_now(merged: Store, clock: Clock) -> None:
    number, sent = merged.register_numbers["incoming"], merged.register_numbers["outgoing"]

    def everywhere(text: str, size: int = 99) -> list[tuple[int, int]]:
        return anywhere(merged.connection, text, size, merged.numbered())

    change_many(merged, clock)
    gone, there = (saved(merged, draft(title=f"关于防汛的草稿{at}")) for at in (1, 2))
    merged.merge_index()
    merged.delete(Outgoing, gone.id)
    clock.tick()
    record = merged.load(Incoming, 8)
    record.title = "关于防旱的通知"
    merged.save(record)
    fresh = saved(merged, draft(title="关于防汛的草稿3"))
    for _time in range(2):
        assert everywhere("草稿") == [(sent, fresh.id), (sent, there.id)]
        assert everywhere("草稿", 1) == [(sent, fresh.id)]
        assert everywhere("防旱") == [(number, 8)]
        of_papers = {(number, at) for at in found(merged, "防汛")}
        assert set(everywhere("防汛")) == {*of_papers, (sent, there.id), (sent, fresh.id)}
        assert len(everywhere("防汛")) == len(of_papers) + 2
        merged.merge_index()
