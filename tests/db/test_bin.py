"""The recycle bin: who put a record there, and that it comes back with all that hung on it."""

from __future__ import annotations

import hashlib

from db.registers.study_session import StudySession
from db.store import attachments, links
from db.store.deletions import Deletion, deletion, standing
from db.store.files import Copied
from db.store.store import Store
from tests.db.office import Clock, incoming, outgoing, saved, study


def test_the_journal_tells_who_put_a_record_there_and_when(store: Store, clock: Clock) -> None:
    record = saved(store, incoming(number=""))
    assert standing(store, store.load(type(record), record.id)) == ""
    clock.tick(3_600)
    store.user = "王堃"
    store.undo()
    assert deletion(store, type(record), record.id) == Deletion("王堃", "2022-12-30 11:00", "撤销：登记收文")
    assert "2022-12-30 11:00，王堃" in standing(store, store.load(type(record), record.id))


def test_what_never_was_in_the_bin_has_no_deletion(store: Store) -> None:
    record = saved(store, outgoing())
    assert deletion(store, type(record), record.id) is None


def test_restoring_brings_back_lines_links_and_attachments(store: Store) -> None:
    session = saved(store, study())
    other = saved(store, outgoing())
    created = store.history(StudySession, session.id)[0].change
    links.link(store, session, other, store.rules.words(links.KINDS)[0])
    attachments.attach(store, session, [Copied("签到表.pdf", 2048, hashlib.sha256(b"x").hexdigest())])
    before = store.load(StudySession, session.id)
    held = {kind.key(): len(before.lines(kind)) for kind in StudySession.LINES}
    store.undo(created)
    assert store.load(StudySession, session.id).deleted_at
    store.restore(StudySession, session.id)
    after = store.load(StudySession, session.id)
    assert not after.deleted_at
    assert {kind.key(): len(after.lines(kind)) for kind in StudySession.LINES} == held
    assert any(held.values())
    assert [linked.record.id for linked in links.of_record(store, after)] == [other.id]
    assert [file.name for file in attachments.of_record(store, after)] == ["签到表.pdf"]
