"""What the journal knows of a clock that stands before its entries, however many are saved under it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from db.directory.settings import Setting
from db.errors import Refused
from db.rules.permissions import READER
from db.store import accounts
from db.store.clock import TURNS, Late, behind, excuse, is_looked_through, look_through
from db.store.store import Store
from tests.db.office import NOON, Clock, draft, saved

DAY = 86_400.0


def entered(store: Store, days: float, clock: Clock) -> None:
    """Enter a record after so many days have passed, or were taken back."""
    clock.tick(days * DAY)
    saved(store, draft())


def counted(store: Store, now: datetime) -> int:
    """How many entries stand later than now, by looking at each."""
    limit = (now + timedelta(minutes=10)).isoformat(timespec="milliseconds")
    (found,) = store.connection.execute("SELECT count(*) FROM journal WHERE at > ?", (limit,)).fetchone()
    return found


def test_a_right_clock_is_behind_nothing(store: Store, clock: Clock) -> None:
    assert behind(store, clock()) is None
    entered(store, 1, clock)
    entered(store, 1, clock)
    assert behind(store, clock()) is None
    assert behind(store, clock() - timedelta(minutes=9)) is None, "clocks of two computers differ by minutes"


def test_the_entries_are_late_as_long_as_the_clock_stands_before_them(store: Store, clock: Clock) -> None:
    entered(store, 0, clock)
    entered(store, 20, clock)
    latest = clock()
    entered(store, -10, clock)
    entered(store, 1, clock)
    assert behind(store, clock()) == Late(1, latest)
    entered(store, -12, clock)
    assert behind(store, clock()) == Late(4, latest)
    clock.tick(30 * DAY)
    assert behind(store, clock()) is None


@pytest.mark.parametrize(
    "days", [(0, 1, 1, 1), (9, -3, 9, -3, 9, -30), (0, -1, -1, -1, 9), (1, 1, 1, -2, 1, 1, -5, 20, 1, -9)]
)
def test_the_late_entries_are_counted_right_wherever_the_clock_went(
    store: Store, clock: Clock, days: tuple[int, ...]
) -> None:
    for day in days:
        entered(store, day, clock)
    for now in (NOON + timedelta(days=day) for day in range(-40, 41)):
        late = behind(store, now)
        assert (late.count if late else 0) == counted(store, now)


def test_a_journal_of_an_older_program_is_looked_through_once(store: Store, clock: Clock) -> None:
    for day in (0, 5, -4, 9, -30, 1):
        entered(store, day, clock)
    known = Setting.get(Setting.name == TURNS).value
    Setting.delete().where(Setting.name == TURNS).execute()
    entered(store, -1, clock)
    assert not is_looked_through()
    look_through(store, lambda _done, _of: True)
    assert is_looked_through()
    now = Setting.get(Setting.name == TURNS).value
    assert now.startswith(known)
    assert len(now.split()) == len(known.split()) + 1 == 3
    late = behind(store, clock())
    assert late
    assert late.count == counted(store, clock())


def test_what_the_clerk_excused_is_told_no_more_but_later_ones_are(store: Store, clock: Clock) -> None:
    entered(store, 20, clock)
    entered(store, -20, clock)
    late = behind(store, clock())
    assert late
    excuse(store, late, clock())
    assert behind(store, clock()) is None
    entered(store, 5, clock)
    clock.tick(-2 * DAY)
    assert behind(store, clock()) == Late(1, clock() + timedelta(days=2))
    while store.undoable():
        store.undo()
    assert behind(store, clock()) == Late(1, clock() + timedelta(days=2)), "the clerk's word is a log: not undone"


def test_who_only_looks_does_not_say_that_the_day_is_right(store: Store, clock: Clock) -> None:
    entered(store, 20, clock)
    clock.tick(-20 * DAY)
    late = behind(store, clock())
    assert late
    accounts.begin(store, "王堃", "Lanshan-2022-tafeng")
    accounts.add(store, "李喆", READER, "Lanshan-2022-tafeng")
    accounts.sign_in(store, "李喆", "Lanshan-2022-tafeng")
    with pytest.raises(Refused, match="只读"):
        excuse(store, late, clock())
    assert behind(store, clock())


def test_a_ledger_keeps_what_it_knows_of_the_clock_when_it_is_opened_again(folder: Path, clock: Clock) -> None:
    store = Store.open(folder, "李喆", clock)
    entered(store, 20, clock)
    entered(store, -20, clock)
    store.close()
    again = Store.open(folder, "李喆", clock)
    assert behind(again, clock()) == Late(1, clock() + timedelta(days=20))
    again.close()
