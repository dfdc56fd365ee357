"""Paper proves the file: the first broken link is named, and a printed page is held against the journal."""

from __future__ import annotations

from datetime import date

import pytest

from db.errors import Cancelled, Refused
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.store import journal, verifying
from db.store.store import Store
from tests.db.office import Clock, incoming, outgoing, saved

PRINTED = date(2022, 12, 30)


def altered(store: Store, statement: str, *values: object) -> str:
    """What is said of the chain after a statement behind the program's back."""
    store.connection.execute(statement, values)
    found = verifying.first_break(store)
    assert found
    return found.words


@pytest.fixture
def office(store: Store) -> Store:
    """A ledger with a paper registered and changed twice, and another."""
    record = saved(store, incoming(title="第一稿"))
    for title in ("第二稿", "第三稿"):
        record = store.load(Incoming, record.id)
        record.title = title  # type: ignore[attr-defined]
        store.save(record)
    saved(store, outgoing())
    return store


def test_an_untouched_journal_holds(office: Store) -> None:
    proof = verifying.whole(office)
    assert proof.holds
    assert office.head()[1] in proof.words


def test_an_edited_entry_is_named_with_record_and_difference(office: Store) -> None:
    said = altered(office, "UPDATE journal SET after = replace(after, '第二稿', '别的稿') WHERE id = 2")
    assert "日志从第2条起" in said
    assert "《第三稿》" in said
    assert "“别的稿”，后来的记录里是“第二稿”" in said


def test_the_last_entry_is_compared_with_the_record_itself(office: Store) -> None:
    said = altered(office, "UPDATE journal SET after = replace(after, '第三稿', '别的稿') WHERE id = 3")
    assert "“别的稿”，后来的记录里是“第三稿”" in said


def test_another_name_under_an_entry_is_told(office: Store) -> None:
    said = altered(office, "UPDATE journal SET by = '王五' WHERE id = 2")
    assert f"操作人日志里是“王五”，记录里是“{office.user}”" in said


def test_lost_entries_are_counted_and_dated(office: Store) -> None:
    said = altered(office, "DELETE FROM journal WHERE id BETWEEN 2 AND 3")
    assert "日志缺第2到3条" in said
    assert "2022-12-30 10:00" in said


def test_what_is_no_snapshot_is_named_all_the_same(office: Store) -> None:
    assert "第2条" in altered(office, "UPDATE journal SET after = '{' WHERE id = 2")


def test_an_entry_of_a_record_that_is_gone_is_named(office: Store) -> None:
    assert "第2条" in altered(office, "UPDATE journal SET record = 99 WHERE id = 2")


def test_a_nothing_among_the_columns_is_found(office: Store) -> None:
    office.connection.execute("UPDATE journal SET undoes = 'None' WHERE id = 2")
    office.connection.execute("UPDATE journal SET hash = x'00' WHERE id = 3")
    assert list(journal.broken(office.connection)) == [3, 4]


def test_a_page_printed_before_later_changes_is_proved(office: Store, clock: Clock) -> None:
    code = office.head()[1]
    clock.tick(86_400 * 3)
    saved(office, incoming(title="后来的"))
    proof = verifying.page(office, code, PRINTED)
    assert proof.holds
    assert "4条日志" in proof.words
    assert "之后又记了1条" in proof.words


@pytest.mark.parametrize("shape", ["校验码：{}（4条）", "{}（共4条，2022-12-30 10:00）", " {} ", "{}\n"])
def test_a_code_may_be_pasted_with_what_stands_beside_it(office: Store, shape: str) -> None:
    assert verifying.page(office, shape.format(office.head()[1].upper()), PRINTED).holds


def test_a_rewritten_journal_is_not_what_was_printed(office: Store) -> None:
    code = office.head()[1]
    rows = office.connection.execute(f"SELECT {journal.COLUMNS} FROM journal ORDER BY id").fetchall()
    previous = journal.START
    for row in rows:  # as somebody would who knows how the chain is made
        forged = tuple("王五" if at == 3 else value for at, value in enumerate(row))
        previous = journal.chain(previous, forged)
        office.connection.execute("UPDATE journal SET by = '王五', hash = ? WHERE id = ?", (previous, row[0]))
    assert verifying.whole(office).holds
    proof = verifying.page(office, code, PRINTED)
    assert not proof.holds
    assert "这一页以后日志被改过" in proof.words
    assert office.head()[1] in proof.words


def test_a_break_before_the_page_and_one_after_it_are_told_apart(office: Store, clock: Clock) -> None:
    code = office.head()[1]
    clock.tick(86_400 * 1)
    saved(office, incoming(title="后来的"))
    office.connection.execute("UPDATE journal SET title = '改' WHERE id = 5")
    after = verifying.page(office, code, PRINTED)
    assert not after.holds
    assert "印这一页以后的日志断了" in after.words
    office.connection.execute("UPDATE journal SET title = '改' WHERE id = 1")
    assert "前面的日志断了" in verifying.page(office, code, PRINTED).words


def test_a_misread_group_is_pointed_at(office: Store) -> None:
    groups = office.head()[1].split(" ")
    right, groups[2] = groups[2], "0000" if groups[2] != "0000" else "1111"
    proof = verifying.page(office, " ".join(groups), PRINTED)
    assert not proof.holds
    assert f"第3组您写的是{groups[2]}，文件里是{right}" in proof.words


@pytest.mark.parametrize("days", [-1, 1])
def test_a_code_of_another_day_is_told(office: Store, clock: Clock, days: int) -> None:
    code = office.head()[1]
    clock.tick(3_600)
    saved(office, incoming(title="后来的"))
    proof = verifying.page(office, code, PRINTED.replace(day=PRINTED.day + days))
    assert not proof.holds
    assert "日期不对" in proof.words


def test_what_is_no_code_and_no_day_is_refused_at_its_place(office: Store) -> None:
    with pytest.raises(Refused) as refused:
        verifying.page(office, "12g4", None)
    assert {problem.field for problem in refused.value.problems} == {verifying.CODE, verifying.ON}


def test_a_page_of_an_empty_ledger_is_proved(store: Store) -> None:
    code = store.head()[1]
    saved(store, outgoing())
    assert verifying.page(store, code, PRINTED).holds
    assert store.load(Outgoing, 1)


def test_the_walk_can_be_stopped(office: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "STEP", 2)
    with pytest.raises(Cancelled):
        verifying.whole(office, lambda _done, _of: False)
