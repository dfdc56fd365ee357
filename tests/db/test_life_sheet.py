"""历史记录单: what a record is, hangs on it, and all that ever happened to it."""

from __future__ import annotations

import hashlib
from datetime import datetime

import pytest

from db.catalogue import Catalogue
from db.errors import Refused
from db.record import Record
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.registers.study_session import StudySession
from db.store import attachments, links
from db.store.files import Copied
from db.store.store import Store
from db.summaries.document import Summary, Table
from db.summaries.life import life
from tests.db.office import Clock, incoming, outgoing, saved, study

NOW = datetime(2022, 12, 30, 10)


def parts(summary: Summary) -> dict[str, list[list[str]]]:
    """The rows of each part by the word of its heading."""
    return {
        part.heading.partition("、")[2].partition("（")[0]: [[cell.text for cell in row] for row in part.blocks[0].rows]
        for part in summary.parts
        if isinstance(part.blocks[0], Table)
    }


def sheet(store: Store, record: Record) -> dict[str, list[list[str]]]:
    """The parts of a record's sheet."""
    return parts(life(store, type(record), record.id, NOW))


def test_each_step_tells_who_when_what_and_each_field_from_what_to_what(store: Store, clock: Clock) -> None:
    record = saved(store, incoming(title="第一稿"))
    clock.tick(60)
    store.user = "王堃"
    record.title = "第二稿"
    store.save(record)
    steps = sheet(store, record)["历史"]
    assert steps[0][:3] == ["2022-12-30 10:00", "李喆", "登记收文"]
    assert steps[-1] == ["2022-12-30 10:01", "王堃", "修改", Incoming.label("title"), "第一稿", "第二稿"]
    assert [Incoming.label("title"), "第二稿"] in sheet(store, record)["现在的内容"]


def test_lines_links_and_attachments_are_on_it(store: Store) -> None:
    session = saved(store, study())
    other = saved(store, outgoing())
    kinds = store.rules.words(links.KINDS)
    links.link(store, session, other, kinds[0])
    digest = hashlib.sha256(b"x").hexdigest()
    attachments.attach(store, session, [Copied("签到表.pdf", 2048, digest)])
    found = sheet(store, session)
    assert any(other.number in row[1] for row in found["关联"])
    assert found["附件"][0][:2] == ["签到表.pdf", "2 KB"]
    titles = {kind.TITLE for kind in StudySession.LINES if session.lines(kind)}
    assert titles <= {row[0] for row in found["现在的内容"]}


def test_a_record_in_the_bin_has_its_sheet_as_well(store: Store) -> None:
    record = saved(store, outgoing())
    store.undo()
    assert "在回收站里" in life(store, Outgoing, record.id, NOW).under


def test_a_record_that_never_was_has_none(store: Store) -> None:
    with pytest.raises(Refused):
        life(store, Outgoing, 99, NOW)


def test_the_head_of_the_journal_stands_at_its_end(store: Store) -> None:
    record = saved(store, outgoing())
    assert life(store, Outgoing, record.id, NOW).checksum.startswith(store.head()[1])


def test_every_register_has_a_sheet(demo: Store, catalogue: Catalogue) -> None:
    for register in catalogue:
        newest = register.select(register.id).order_by(register.id.desc()).get()
        assert sheet(demo, demo.load(register, newest.id))["现在的内容"]
