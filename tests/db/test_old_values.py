"""Putting one old value of a record back from the journal."""

from __future__ import annotations

from datetime import date

import pytest

from db.errors import Refused
from db.registers.incoming import Incoming
from db.registers.supervision_matter import MatterProgress
from db.store.old_values import may_be_put_back, put_back
from db.store.store import Store
from tests.db.office import again, incoming, matter, saved


def test_only_the_one_field_goes_back_and_what_follows_from_it_follows(store: Store) -> None:
    paper = saved(store, incoming(received_on=date(2022, 12, 20), from_doc_on=date(2022, 11, 30), title="原标题"))
    due = paper.due_on
    paper.title, paper.received_on = "新标题", date(2022, 12, 27)
    saved(store, paper)
    assert paper.due_on != due
    last = store.history(Incoming, paper.id)[-1]
    put_back(store, Incoming, paper.id, last.id, "received_on")
    now = again(store, paper)
    assert (now.received_on, now.title, now.due_on) == (date(2022, 12, 20), "新标题", due)
    assert store.history(Incoming, paper.id)[-1].title == "恢复收文日期"


def test_lines_go_back_whole_and_undo_takes_that_back(store: Store) -> None:
    record = saved(store, matter(handed_on=date(2022, 12, 21)))
    record.rows["matter_progress"] = [MatterProgress(on=date(2022, 12, 22), text="已开工")]
    saved(store, record)
    record = again(store, record)
    record.rows["matter_progress"] = []
    saved(store, record)
    entries = store.history(type(record), record.id)
    put_back(store, type(record), record.id, entries[-1].id, "matter_progress")
    assert [line.text for line in again(store, record).lines(MatterProgress)] == ["已开工"]
    store.undo()
    assert again(store, record).lines(MatterProgress) == []


def test_an_old_value_that_the_rules_forbid_today_is_refused_and_nothing_changes(store: Store) -> None:
    paper = saved(store, incoming(received_on=date(2022, 12, 20), from_doc_on=date(2022, 11, 30)))
    paper.received_on = date(2022, 12, 1)
    saved(store, paper)
    paper.finished_on, paper.result = date(2022, 12, 5), "批复"
    saved(store, paper)
    entry = store.history(Incoming, paper.id)[1]
    with pytest.raises(Refused):
        put_back(store, Incoming, paper.id, entry.id, "received_on")
    assert again(store, paper).received_on == date(2022, 12, 1)


def test_numbers_stages_derived_columns_and_the_creation_have_no_old_value_of_their_own(store: Store) -> None:
    paper = saved(store, incoming())
    first = store.history(Incoming, paper.id)[0]
    assert not may_be_put_back(Incoming, first, "title")
    paper.title = "新标题"
    saved(store, paper)
    entry = store.history(Incoming, paper.id)[-1]
    assert may_be_put_back(Incoming, entry, "title")
    assert not any(may_be_put_back(Incoming, entry, name) for name in ("number", "stage", "updated_at", "sort_due"))
    with pytest.raises(Refused, match="没有可以恢复的"):
        put_back(store, Incoming, paper.id, first.id, "title")
