"""Saved views: kept as rows of the ledger, shared, undone, and read as they would be chosen today."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.directory.views import SavedView
from db.errors import Refused
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.store import views
from db.store.conditions import LIGHT, Condition, is_one_of
from db.store.search import Filter
from db.store.store import Store
from db.store.views import read, views_of, write

TODAY = date(2022, 12, 30)
BUILT_IN = ["逾期", "本周到期", "待补全"]
WANTED = Filter(
    text="公路", year=2022,
    conditions=(is_one_of("from_unit", "县财政局"), Condition("due_on", "when", ("本周",), True)),
    order="title", descending=False, group="stage",
)  # fmt: skip


def names(register: type[Incoming | Outgoing] = Incoming) -> list[str]:
    """The views under a register."""
    return [view.name for view in views_of(register, TODAY)]


def test_a_new_ledger_has_the_views_that_the_program_brings_under_every_register(store: Store) -> None:
    assert names() == names(Outgoing) == BUILT_IN
    overdue, due, todo = views_of(Incoming, TODAY)
    assert overdue.wanted == Filter(light="late")
    assert overdue.is_of_overdue
    assert not todo.is_of_overdue
    assert due.wanted.order == "due_on"
    assert due.wanted.conditions == (is_one_of(LIGHT, "open"), Condition("due_on", "when", ("本周",)))


def test_what_the_office_deletes_of_them_stays_deleted(store: Store) -> None:
    for view in views_of(Incoming, TODAY):
        views.delete_view(store, view.id)
    folder, user = store.folder, store.user
    store.close()
    again = Store.open(folder, user, store._now)
    try:
        assert names() == []
    finally:
        again.close()


def test_a_view_is_saved_renamed_moved_deleted_and_each_is_undone(store: Store) -> None:
    views.save_view(store, Incoming, "  财政 公路 ", WANTED, ("light", "title"))
    views.save_view(store, Incoming, "别的", Filter(light="open"), ())
    assert names() == [*BUILT_IN, "财政 公路", "别的"]
    assert names(Outgoing) == BUILT_IN
    saved = views_of(Incoming, TODAY)[3]
    assert saved.wanted == WANTED
    assert saved.columns == ("light", "title")
    views.rename_view(store, saved.id, "公路")
    views.move_view(store, saved.id, 1)
    assert names() == [*BUILT_IN, "别的", "公路"]
    assert views.move_view(store, saved.id, 1) is None
    views.rewrite_view(store, saved.id, Filter(text="桥"), ())
    assert views_of(Incoming, TODAY)[4].wanted == Filter(text="桥")
    views.delete_view(store, saved.id)
    assert names() == [*BUILT_IN, "别的"]
    for first, second in (("别的", "公路"), ("别的", "公路"), ("公路", "别的"), ("财政 公路", "别的")):
        store.undo()
        assert names() == [*BUILT_IN, first, second]
    assert views_of(Incoming, TODAY)[3].wanted == WANTED


@pytest.mark.parametrize(("name", "words"), [("", "起个名"), ("逾期", "已经有"), ("长" * 21, "最多 20 个字")])
def test_a_name_that_will_not_do_is_refused(store: Store, name: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        views.save_view(store, Incoming, name, WANTED, ())
    with pytest.raises(Refused, match="不是条件"):
        views.save_view(store, Incoming, "数字", Filter(ids=(1,)), ())
    with pytest.raises(Refused, match="不在了"):
        views.rename_view(store, 4711, "新名")
    assert names() == BUILT_IN


def test_this_year_and_today_are_kept_by_name(store: Store) -> None:
    text = write(Filter(year=2022, created_on=TODAY), (), TODAY)
    assert read(text, Incoming, date(2023, 1, 3))[0] == Filter(
        year=2023, conditions=(Condition("created_at", "when", ("今天",)),)
    )
    assert read(write(Filter(year=2021, month=(2021, 5)), (), TODAY), Incoming, date(2023, 1, 3))[0] == Filter(
        year=2021, month=(2021, 5)
    )


@pytest.mark.parametrize(
    "text",
    ["", "[", "[]", "7", '{"year": "x"}', '{"conditions": 3}', '{"conditions": [["a"]]}', '{"month": [1]}',
     '{"conditions": [["due_on", "when", ["本旬"], false]]}', '{"conditions": [["due_on", "span", ["1"], false]]}',
     '{"conditions": [["light", "is", ["blue"], false], ["gone", "is", ["x"], false], ["title", "?", [], false]]}',
     '{"order": "gone", "group": "gone", "light": "blue"}'],
)  # fmt: skip
def test_what_cannot_be_read_limits_nothing(text: str) -> None:
    assert read(text, Incoming, TODAY)[0] == Filter()


@given(st.text(), st.sampled_from(("", "late")), st.booleans(), st.lists(st.text(min_size=1), min_size=1))
def test_a_filter_comes_back_as_it_was_written(text: str, light: str, negated: bool, values: list[str]) -> None:
    conditions = (Condition("title", "holds", tuple(values), negated), Condition("handler", "blank", (), negated))
    wanted = Filter(text=text, light=light, conditions=conditions, descending=negated)
    written = write(wanted, ("title",), TODAY)
    assert read(written, Incoming, TODAY) == (wanted, ("title",))
    assert json.loads(written)


def test_a_view_of_a_field_that_a_register_lacks_keeps_the_rest(store: Store) -> None:
    SavedView.insert(name="公用", wanted=write(WANTED, (), TODAY), position=9).execute()
    shared = views_of(Outgoing, TODAY)[-1]
    assert shared.wanted.conditions == (Condition("due_on", "when", ("本周",), True),)
    assert shared.is_shared
