"""The journal's chain: any row edited, deleted or inserted behind the program's back is found."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.store import health, journal
from db.store.store import Store
from tests.db.office import Clock, incoming, outgoing, plan, saved, study

ROWS = 12
REST = "change, at, by, title, register, record, before, after, undoes, previous, hash"
NUMBERS = ("change", "record", "undoes", "previous")
TEXTS = ("at", "by", "title", "register", "before", "after", "hash")


@pytest.fixture(scope="module")
def chained() -> Iterator[sqlite3.Connection]:
    """A journal of twelve rows in a database of its own; tests roll their damage back."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(journal.SCHEMA)
        head = journal.head(connection)
        for at in range(1, ROWS + 1):
            row = (
                0,
                f"2022-12-{at:02}T10:00:00.000",
                "李喆",
                "修改",
                "outgoing",
                at % 3,
                "{}",
                f'{{"n":{at}}}',
                None,
                None,
            )
            head = journal.append(connection, row, head)
        yield connection


def broken_after(connection: sqlite3.Connection, *statements: tuple[str, tuple[object, ...]]) -> list[int]:
    """The broken rows after some statements, which are then rolled back."""
    connection.execute("BEGIN")
    try:
        for statement, values in statements:
            connection.execute(statement, values)
        return list(journal.broken(connection))
    finally:
        connection.execute("ROLLBACK")


def test_an_untouched_chain_holds(chained: sqlite3.Connection) -> None:
    assert list(journal.broken(chained)) == []
    assert journal.head(chained)[0] == ROWS


@given(row=st.integers(1, ROWS), column=st.sampled_from(NUMBERS), value=st.integers(0, 999))
def test_an_edited_number_is_found(chained: sqlite3.Connection, row: int, column: str, value: int) -> None:
    assume(chained.execute(f"SELECT {column} FROM journal WHERE id = ?", (row,)).fetchone() != (value,))
    assert broken_after(chained, (f"UPDATE journal SET {column} = ? WHERE id = ?", (value, row))) == [row]


@given(row=st.integers(1, ROWS), column=st.sampled_from(TEXTS), value=st.text(max_size=5))
def test_an_edited_text_is_found(chained: sqlite3.Connection, row: int, column: str, value: str) -> None:
    assume(chained.execute(f"SELECT {column} FROM journal WHERE id = ?", (row,)).fetchone() != (value,))
    found = broken_after(chained, (f"UPDATE journal SET {column} = ? WHERE id = ?", (value, row)))
    assert found[0] == row


@given(row=st.integers(1, ROWS - 1), count=st.integers(1, ROWS))
def test_deleted_rows_are_found(chained: sqlite3.Connection, row: int, count: int) -> None:
    last = min(row + count, ROWS) - 1
    found = broken_after(chained, ("DELETE FROM journal WHERE id BETWEEN ? AND ?", (row, last)))
    assert found[0] == last + 1


@given(row=st.integers(1, ROWS - 1))
def test_a_deleted_row_is_found_although_the_rest_was_numbered_again(chained: sqlite3.Connection, row: int) -> None:
    closing_up = "UPDATE journal SET id = -(id - 1) WHERE id > ?"
    found = broken_after(
        chained,
        ("DELETE FROM journal WHERE id = ?", (row,)),
        (closing_up, (row,)),
        ("UPDATE journal SET id = -id WHERE id < 0", ()),
    )
    assert found[0] == row


@given(row=st.integers(1, ROWS))
def test_an_inserted_row_is_found(chained: sqlite3.Connection, row: int) -> None:
    found = broken_after(
        chained,
        ("UPDATE journal SET id = -(id + 1) WHERE id >= ?", (row,)),
        ("UPDATE journal SET id = -id WHERE id < 0", ()),
        (f"INSERT INTO journal SELECT {row}, {REST} FROM journal WHERE id = {row + 1}", ()),
    )
    assert found
    assert found[0] <= row + 1


@given(first=st.integers(1, ROWS), second=st.integers(1, ROWS))
def test_two_rows_that_changed_places_are_found(chained: sqlite3.Connection, first: int, second: int) -> None:
    if first != second:
        swap = "UPDATE journal SET id = CASE id WHEN ? THEN -? WHEN ? THEN -? END WHERE id IN (?, ?)"
        found = broken_after(
            chained,
            (swap, (first, second, second, first, first, second)),
            ("UPDATE journal SET id = -id WHERE id < 0", ()),
        )
        assert found[0] == min(first, second)


def test_a_checksum_is_printed_in_eight_groups_of_four(store: Store) -> None:
    saved(store, outgoing())
    count, printed = store.head()
    groups = printed.split(" ")
    assert count == 1
    assert len(groups) == 8
    assert all(len(group) == 4 for group in groups)
    whole = store.connection.execute("SELECT hash FROM journal").fetchone()[0]
    assert printed.replace(" ", "") == whole[:32]
    assert len(whole) == 64


def test_every_kind_of_change_lengthens_a_sound_chain(store: Store, clock: Clock) -> None:
    record = saved(store, incoming())
    saved(store, study())
    saved(store, plan())
    clock.tick()
    record.remarks = "已电话告知"
    store.save(record)
    store.void(Incoming, record.id, "重复")
    store.undo()
    store.redo()
    assert store.head()[0] == 7
    assert list(journal.broken(store.connection)) == []
    assert list(health.findings(store)) == []


def test_the_check_names_the_first_row_that_was_edited(store: Store) -> None:
    for _ in range(3):
        saved(store, outgoing(doc_on=date(2022, 12, 26)))
    store.connection.execute("UPDATE journal SET by = '别人' WHERE id = 2")
    (finding,) = health.findings(store)
    assert finding.startswith("日志从第2条起对不上：2022-12-30 10:00，别人，")


def test_the_check_finds_that_the_last_rows_were_cut_off(store: Store, clock: Clock) -> None:
    record = saved(store, outgoing())
    clock.tick()
    record.remarks = "补登"
    store.save(record)
    store.connection.execute("DELETE FROM journal WHERE id = 2")
    assert list(journal.broken(store.connection)) == []
    assert list(health.findings(store)) == ["发文有1条与日志的最后一条对不上：日志缺了行，或有人绕过程序改过文件"]


def test_the_check_finds_a_record_that_no_journal_knows(store: Store) -> None:
    saved(store, outgoing())
    store.connection.execute("DELETE FROM journal")
    assert "发文有1条与日志的最后一条对不上：日志缺了行，或有人绕过程序改过文件" in list(health.findings(store))


def test_the_check_finds_a_record_that_fell_out_of_the_index(store: Store) -> None:
    saved(store, outgoing())
    store.merge_index()
    store.connection.execute("DELETE FROM search_text")
    assert list(health.findings(store)) == ["发文有1条，搜索索引里有0条"]


def test_the_check_finds_lines_without_their_record(store: Store) -> None:
    record = saved(store, study())
    store.connection.execute("PRAGMA foreign_keys = OFF")
    store.connection.execute("UPDATE study_item SET owner_id = 99 WHERE owner_id = ?", (record.id,))
    orphans, altered = health.findings(store)
    assert orphans == "有1行找不到所属的记录"
    assert altered.startswith("学习有1条的内容与日志写的不同")


def test_a_history_tells_who_did_what_when(store: Store, clock: Clock) -> None:
    record = saved(store, outgoing())
    clock.tick(60)
    store.void(Outgoing, record.id, "重复")
    assert [(entry.title, entry.by, entry.at) for entry in store.history(Outgoing, record.id)] == [
        ("登记发文", "李喆", "2022-12-30T10:00:00.000"),
        ("作废", "李喆", "2022-12-30T10:01:00.000"),
    ]
