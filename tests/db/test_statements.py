"""What a save asks of the database: statements, each of which costs every save, however quick the disk is."""

from __future__ import annotations

from db.record import Record
from db.registers.incoming import Incoming, Instruction
from db.store.store import Store
from tests.db.office import Clock, again, incoming, saved, with_lines


def asked(store: Store, record: Record) -> list[str]:
    """The statements that the saving of a record runs, each by its first words."""
    statements: list[str] = []
    store.connection.set_trace_callback(statements.append)
    try:
        store.save(record)
    finally:
        store.connection.set_trace_callback(None)
    return [" ".join(statement.split()[:3]) for statement in statements]


def another(at: int) -> Incoming:
    """A paper that has its own number and is no copy of another."""
    return incoming(title=f"关于第{at}项工作的请示", from_unit="县水利局", from_doc_no=f"蓝水〔2022〕{at}号")


def test_a_new_record_is_saved_with_few_statements(store: Store, clock: Clock) -> None:
    saved(store, another(1))
    clock.tick()
    statements = asked(store, another(2))
    assert len(statements) <= 8, statements


def test_an_edited_record_is_saved_with_few_statements(store: Store, clock: Clock) -> None:
    first = saved(store, another(1))
    clock.tick()
    record = again(store, first)
    record.title = "关于河道整治的请示"
    statements = asked(store, record)
    assert len(statements) <= 9 + len(Incoming.LINES), statements


def test_lines_that_a_record_came_without_are_read_once(store: Store, clock: Clock) -> None:
    record = with_lines(another(1), Instruction(leader="王堃", text="请速办"))
    saved(store, record)
    clock.tick()
    bare = again(store, record)
    bare.rows, bare.title = {}, "关于河道整治的请示"
    statements = asked(store, bare)
    assert len(statements) <= 9 + len(Incoming.LINES), statements
    assert [line.text for line in again(store, bare).lines(Instruction)] == ["请速办"]
