"""What is not saved yet: numbers foreseen without a trace, half-typed forms that come back."""

from __future__ import annotations

from pathlib import Path

from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.store.store import Store
from tests.db.office import Clock, contents, outgoing, saved


def test_foreseeing_a_number_leaves_no_trace(store: Store) -> None:
    before = contents(store)
    record = outgoing()
    record.normalise()
    record.derive(store.rules)
    record.settle()
    assert store.sequence_for(record) == 1
    assert store.sequence_for(record) == 1
    assert contents(store) == before
    assert not store.connection.in_transaction
    assert saved(store, outgoing()).sequence == 1


def test_half_typed_forms_are_kept_and_come_back(folder: Path, clock: Clock) -> None:
    store = Store.open(folder, "李喆", clock)
    record = saved(store, outgoing())
    store.keep_draft(Outgoing, None, '{"title":"关于"}')
    store.keep_draft(Outgoing, None, '{"title":"关于春"}')
    store.keep_draft(Outgoing, record.id, '{"remarks":"半"}')
    clock.tick()
    store.keep_draft(Incoming, None, '{"from_unit":"塔峰镇"}')
    store.close()
    store = Store.open(folder, "李喆", clock)
    newest, *_others = store.drafts()
    assert (newest.register, newest.record, newest.typed) == ("incoming", None, '{"from_unit":"塔峰镇"}')
    kept = {(row.record, row.typed) for row in store.drafts(Outgoing)}
    store.keep_draft(Outgoing, None, "")
    left = {row.record for row in store.drafts(Outgoing)}
    store.close()
    assert kept == {(None, '{"title":"关于春"}'), (record.id, '{"remarks":"半"}')}
    assert left == {record.id}


def test_a_form_of_another_record_is_another_draft(store: Store) -> None:
    first, second = saved(store, outgoing()), saved(store, outgoing(title="关于春耕的通知"))
    store.keep_draft(Outgoing, first.id, '{"remarks":"一"}')
    store.keep_draft(Outgoing, second.id, '{"remarks":"二"}')
    store.keep_draft(Outgoing, first.id, "")
    assert [(row.record, row.typed) for row in store.drafts()] == [(second.id, '{"remarks":"二"}')]
    assert store.drafts(Incoming) == []


def test_a_draft_is_no_change_of_a_record(store: Store) -> None:
    record = saved(store, outgoing())
    head = store.head()
    store.keep_draft(Outgoing, record.id, '{"remarks":"一"}')
    assert store.head() == head
    assert store.history(Outgoing, record.id)[-1].title == "登记发文"
