"""A record that was altered behind the program's back, or has rotted on the disk, is told by the check."""

from __future__ import annotations

import pytest

from db.errors import StoreTrouble, Trouble
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.registers.rectification_plan import RectificationPlan
from db.store import health, replaying
from db.store.store import Store
from tests.db.office import Clock, incoming, outgoing, plan, saved, study


@pytest.fixture
def kept(store: Store, clock: Clock) -> Store:
    """A ledger with a few records, some changed and taken back."""
    for record in (outgoing(), incoming(), plan(), study(), incoming(title="另一件", from_doc_no="")):
        clock.tick()
        saved(store, record)
    record = store.load(Outgoing, 1)
    record.remarks = "改"  # type: ignore[attr-defined]
    clock.tick()
    store.save(record)
    store.undo()
    return store


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE incoming SET received_on = '2022-11-28' WHERE id = 1", "收文有1条的内容与日志写的不同"),
        ("UPDATE outgoing SET kind = '意见'", "发文有1条的内容与日志写的不同"),
        ("UPDATE measure SET text = '没有措施'", "整改有1条的内容与日志写的不同"),
        ("DELETE FROM study_item", "学习有1条的内容与日志写的不同"),
        ("UPDATE study_item SET owner_id = 9", "学习有1条的内容与日志写的不同"),
    ],
)
def test_a_field_or_a_line_altered_beside_the_journal_is_told(kept: Store, statement: str, words: str) -> None:
    assert list(health.findings(kept)) == []
    kept.connection.execute("PRAGMA foreign_keys = OFF")
    kept.connection.execute(statement)
    assert any(words in found for found in health.findings(kept))


def test_the_altered_record_is_named(kept: Store) -> None:
    kept.connection.execute("UPDATE incoming SET title = '换了' WHERE id = 2")
    assert list(replaying.unlike(kept, Incoming)) == [2]
    assert list(replaying.unlike(kept, RectificationPlan)) == []


def test_a_value_that_the_program_never_wrote_is_damage_and_no_defect(kept: Store) -> None:
    kept.connection.execute("UPDATE incoming SET received_on = '2022-13-28' WHERE id = 1")
    with pytest.raises(StoreTrouble) as trouble:
        kept.load(Incoming, 1)
    assert trouble.value.trouble is Trouble.DAMAGED
    assert "收文" in trouble.value.text
