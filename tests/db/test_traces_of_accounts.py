"""A ledger that lost its accounts stays shut, whatever else was lost with them; one that never had any stays open."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.directory.settings import Setting
from db.errors import Refused
from db.rules.permissions import CLERK
from db.store import accounts
from db.store.store import Store
from db.store.traces_of_accounts import RECOVERY
from tests.db.office import Clock, cheap_hashes, outgoing, saved

GOOD = "蓝山办公室2026"
LOG, JOURNAL, SIGN_INS, CODE = (
    "DELETE FROM account_deed",
    "DELETE FROM journal WHERE register = 'account_deed'",
    "DELETE FROM sign_in",
    f"DELETE FROM setting WHERE name = '{RECOVERY}'",
)


@pytest.fixture
def used(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A ledger with two accounts, in which somebody has signed in; hashes cost little."""
    cheap_hashes(monkeypatch)
    saved(store, outgoing())
    accounts.begin(store, "王堃", GOOD)
    accounts.add(store, "李喆", CLERK, GOOD)
    accounts.sign_in(store, "王堃", GOOD)
    return store


def lose(store: Store, *what: str) -> None:
    """Let accounts be gone, and what else."""
    for sql in ("DELETE FROM account", *what):
        store.connection.execute(sql)


@pytest.mark.parametrize(
    "what",
    [(), (LOG,), (LOG, SIGN_INS), (LOG, SIGN_INS, CODE), (LOG, JOURNAL, CODE), (LOG, JOURNAL, SIGN_INS)],
    ids=["accounts", "log", "log and sign-ins", "all but the journal", "all but the sign-ins", "all but the code"],
)
def test_it_stays_shut_as_long_as_anything_tells_of_accounts(
    used: Store, folder: Path, clock: Clock, what: tuple[str, ...]
) -> None:
    lose(used, *what)
    used.close()
    store = Store.open(folder, "root", clock)
    with pytest.raises(Refused, match="请先登录"):
        store.save(outgoing())
    with pytest.raises(Refused, match="账号没有救回来"):
        accounts.sign_in(store, "王堃", GOOD)
    accounts.begin(store, "赵婷", GOOD)
    assert not accounts.are_lost(store)
    saved(store, outgoing())
    store.close()


def test_a_ledger_without_any_trace_of_accounts_is_everybodys(used: Store) -> None:
    lose(used, LOG, JOURNAL, SIGN_INS, CODE)
    assert not accounts.are_lost(used)


def test_what_an_administrator_stopped_is_not_lost_unless_somebody_signed_in_after_that(
    used: Store, clock: Clock
) -> None:
    accounts.stop(used)
    assert not accounts.are_lost(used)
    lose(used)
    assert not accounts.are_lost(used), "by the log"
    lose(used, LOG)
    assert not accounts.are_lost(used), "by the journal"
    clock.tick(60)
    accounts.begin(used, "王堃", GOOD)
    accounts.sign_in(used, "王堃", GOOD)
    lose(used, LOG, f"DELETE FROM journal WHERE register = 'account_deed' AND at >= '{clock().isoformat()}'")
    assert accounts.are_lost(used)


def test_a_beginning_that_was_refused_leaves_no_trace(store: Store) -> None:
    for name, password in (("王堃", "短"), ("", GOOD)):
        with pytest.raises(Refused):
            accounts.begin(store, name, password)
    assert not Setting.select().where(Setting.name == RECOVERY).exists()
    assert not accounts.are_lost(store)


def test_the_journal_is_asked_by_an_index_of_its_own(store: Store) -> None:
    plan = store.connection.execute(
        "EXPLAIN QUERY PLAN SELECT record, after, at FROM journal WHERE register = 'account_deed' ORDER BY id"
    ).fetchall()
    assert any("journal_accounts" in row[-1] for row in plan), "it is asked at each opening"
