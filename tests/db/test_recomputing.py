"""A changed rule or calendar moves open records only, after showing which; one undo takes all of it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from db.directory.calendar import DeadlineRule, rule_of
from db.errors import Refused
from db.registers.incoming import Incoming
from db.rules.deadlines import Rule, Unit
from db.rules.notice import read_notice
from db.store import health, office
from db.store.recomputing import Amendment, Stopped, amend, moves
from db.store.store import Store
from tests.db.notices import NOTICE_2027
from tests.db.office import Clock, again, contents, incoming, outgoing, saved

REQUEST = "incoming.request"


def wanted(store: Store, **values: Any) -> Amendment:
    """Another version of the ten working days for requests."""
    rule: Rule = rule_of(DeadlineRule.get(DeadlineRule.name == REQUEST))
    return office.rule_amendment(REQUEST, replace(rule, **({"valid_from": date(2022, 12, 28)} | values)))


def request(store: Store, **values: Any) -> Incoming:
    """A request that is being handled."""
    return saved(store, incoming(**values))


def test_the_preview_says_which_open_records_move_and_from_when_to_when(store: Store) -> None:
    moving = request(store)
    request(store, received_on=date(2022, 12, 27))  # before the new version
    request(store, finished_on=date(2022, 12, 29), result="批复")  # closed
    saved(store, outgoing())
    before = contents(store)
    (found,) = moves(store, wanted(store, quantity=5))
    assert (found.register, found.record, found.number, found.title) == (
        "incoming", moving.id, moving.number, moving.title,
    )  # fmt: skip
    assert (found.before, found.after) == (date(2023, 1, 12), date(2023, 1, 5))
    assert contents(store) == before


def test_confirming_moves_them_in_one_change_and_undo_takes_all_of_it_back(store: Store) -> None:
    moving, closed = request(store), request(store, finished_on=date(2022, 12, 29), result="批复")
    before = contents(store)
    change = amend(store, wanted(store, quantity=5))
    assert change.title == "修改办理期限：请示答复：10个工作日"
    after = again(store, moving)
    assert (after.due_on, after.due_version) == (date(2023, 1, 5), 2)
    assert (again(store, closed).due_on, again(store, closed).due_version) == (date(2023, 1, 12), 1)
    assert [row.valid_to for row in DeadlineRule.select().where(DeadlineRule.name == REQUEST)] == [
        date(2022, 12, 27), None,
    ]  # fmt: skip
    assert request(store).due_version == 2
    assert list(health.findings(store)) == []
    Incoming.delete().where(Incoming.id > closed.id).execute()
    store.undo(change.id)
    for name in ("deadline_rule", "incoming"):
        held, was = contents(store)[name], before[name]
        columns = [row[1] for row in store.connection.execute(f'PRAGMA table_info("{name}")')]
        kept = [at for at, column in enumerate(columns) if not column.startswith(("updated", "entry"))]
        assert [[row[at] for at in kept] for row in held] == [[row[at] for at in kept] for row in was]


def test_a_date_set_by_hand_does_not_move(store: Store) -> None:
    record = request(store)
    record.due_on = date(2023, 2, 1)
    store.save(record)
    assert moves(store, wanted(store, quantity=5)) == []


def test_a_record_that_gains_a_deadline_is_shown(store: Store) -> None:
    DeadlineRule.update(valid_to=date(2022, 12, 1)).where(DeadlineRule.name == REQUEST).execute()
    store.forget_rules()
    assert request(store).due_on is None
    (found,) = moves(store, wanted(store, valid_to=None))
    assert (found.before, found.after) == (None, date(2023, 1, 12))


def test_a_rule_without_a_label_or_with_overlapping_validity_is_refused_at_its_field(store: Store) -> None:
    for values, field in (({"label": " "}, "label"), ({"valid_from": None}, "valid_from")):
        with pytest.raises(Refused) as refused:
            wanted(store, **values)
        assert [problem.field for problem in refused.value.problems] == [field]
    amend(store, wanted(store, quantity=5))
    rule = rule_of(DeadlineRule.get(DeadlineRule.name == REQUEST, DeadlineRule.version == 2))
    with pytest.raises(Refused, match="新一版要晚于这一天"):
        office.rule_amendment(REQUEST, replace(rule, quantity=6))


def test_the_work_can_be_broken_off_and_nothing_is_written(store: Store) -> None:
    request(store)
    before = contents(store)
    for work in (moves, amend):
        with pytest.raises(Stopped):
            work(store, wanted(store, quantity=5), lambda _done, _total: False)
    assert contents(store) == before


def test_next_years_notice_moves_what_was_computed_without_it(store: Store, clock: Clock) -> None:
    clock.go(date(2026, 12, 28))
    moving = request(store, received_on=date(2027, 1, 28), from_doc_on=date(2027, 1, 27))
    near = request(store, received_on=date(2026, 12, 24), from_doc_on=date(2026, 12, 24))
    request(store, received_on=date(2026, 12, 1), from_doc_on=date(2026, 12, 1))
    assert (moving.due_on, moving.is_provisional) == (date(2027, 2, 15), True)
    assert near.is_provisional
    notice = days_of_2027()
    found = {one.record: one for one in moves(store, notice)}
    assert set(found) == {moving.id, near.id}
    assert (found[near.id].before, found[near.id].after) == (near.due_on, near.due_on)
    assert not found[near.id].is_provisional
    amend(store, notice)
    after = again(store, moving)
    assert (after.due_on, after.is_provisional) == (date(2027, 2, 18), False)
    assert store.rules.days.missing_year(clock.at.date()) is None
    store.undo()
    assert again(store, moving).due_on == date(2027, 2, 15)
    assert store.rules.days.missing_year(clock.at.date()) == 2027


def days_of_2027() -> Amendment:
    """The arrangement of 2027 as it would be entered."""
    notice = read_notice(NOTICE_2027)
    return office.days_amendment("录入2027年放假安排", notice.days())


def test_a_rule_in_another_unit_moves_them_too(store: Store) -> None:
    request(store)
    (found,) = moves(store, wanted(store, quantity=1, unit=Unit.MONTH, rolls=True))
    assert found.after == date(2023, 1, 28)
