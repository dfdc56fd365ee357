"""Accounts: signing in, waiting after wrong passwords, roles and what each may not do, a forgotten password."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.directory.accounts import Account, AccountDeed, sign_ins
from db.directory.people import Person
from db.directory.vocabulary import TermRow
from db.errors import Refused, StoreTrouble
from db.rules.permissions import ADMINISTRATOR, CLERK, READER, REVIEWER, ROLES, permissions
from db.store import accounts, locks, office, passwords
from db.store.backup_places import Backups
from db.store.many import Delete, Restore, Void, carry_out
from db.store.store import Store
from tests.db.office import Clock, Computer, cheap_hashes, outgoing, saved

GOOD = "蓝山办公室2026"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost little: the tests make many."""
    cheap_hashes(monkeypatch)


@pytest.fixture
def guarded(store: Store, quick: None) -> Store:
    """A ledger with an account for each role, nobody signed in."""
    accounts.begin(store, "王堃", GOOD)
    for name, role in (("李喆", CLERK), ("赵婷", REVIEWER), ("钱看", READER)):
        accounts.add(store, name, role, GOOD)
    accounts.sign_out(store)
    return store


NAMES = {ADMINISTRATOR: "王堃", CLERK: "李喆", REVIEWER: "赵婷", READER: "钱看"}


def test_a_ledger_without_accounts_lets_everybody_do_everything(store: Store) -> None:
    assert not store.has_accounts
    for permission in permissions():
        store.require(permission)


def test_nothing_is_written_before_somebody_has_signed_in(guarded: Store) -> None:
    with pytest.raises(Refused, match="请先登录"):
        guarded.save(outgoing())
    assert not guarded.keep_draft(type(outgoing()), None, '{"title": "半截"}')


def test_who_signs_in_is_named_by_the_journal(guarded: Store) -> None:
    accounts.sign_in(guarded, "李喆", GOOD)
    record = saved(guarded, outgoing())
    assert [entry.by for entry in guarded.history(type(record), record.id)] == ["李喆"]
    assert record.created_by == "李喆"


def test_a_ledger_opened_again_asks_for_the_password(guarded: Store, folder: Path, clock: Any) -> None:
    guarded.close()
    again = Store.open(folder, "os-user", clock)
    try:
        assert again.has_accounts
        assert again.clerk is None
        with pytest.raises(Refused, match="口令不对"):
            accounts.sign_in(again, "李喆", "别的口令12345")
        assert accounts.sign_in(again, "李喆", GOOD).role == CLERK
    finally:
        again.close()


def test_after_five_wrong_passwords_one_waits_longer_and_longer(guarded: Store, clock: Any) -> None:
    for _ in range(5):
        with pytest.raises(Refused, match="口令不对"):
            accounts.sign_in(guarded, "李喆", "错的口令错的")
    with pytest.raises(Refused, match="请等1分钟"):
        accounts.sign_in(guarded, "李喆", GOOD)
    clock.at += timedelta(minutes=1)
    with pytest.raises(Refused, match="口令不对"):
        accounts.sign_in(guarded, "李喆", "错的口令错的")
    with pytest.raises(Refused, match="请等2分钟"):
        accounts.sign_in(guarded, "李喆", GOOD)
    clock.at -= timedelta(days=3)
    with pytest.raises(Refused, match="请等2分钟"):
        accounts.sign_in(guarded, "李喆", GOOD)
    clock.at += timedelta(days=4)
    accounts.sign_in(guarded, "李喆", GOOD)
    assert Account.get(Account.name == "李喆").failures == 0


def test_waiting_survives_the_end_of_the_program(guarded: Store, folder: Path, clock: Any) -> None:
    for _ in range(5):
        with pytest.raises(Refused):
            accounts.sign_in(guarded, "李喆", "错的口令错的")
    guarded.close()
    again = Store.open(folder, "os-user", clock)
    try:
        with pytest.raises(Refused, match="请等1分钟"):
            accounts.sign_in(again, "李喆", GOOD)
    finally:
        again.close()


def test_a_clock_that_is_turned_shortens_no_wait(guarded: Store, folder: Path, clock: Clock) -> None:
    computer = Computer(clock)
    guarded.watches = computer.watches()
    for _ in range(6):
        with suppress(Refused):
            accounts.sign_in(guarded, "李喆", "错的口令错的")
        computer.pass_(61)
    guarded.close()
    again = Store.open(folder, "os-user", clock)
    again.watches = computer.watches()
    try:
        for turned in (3_600, -24 * 3_600, 365 * 24 * 3_600):
            clock.tick(turned)
            with pytest.raises(Refused, match="请等1分钟"):
                accounts.sign_in(again, "李喆", GOOD)
        computer.pass_(61)
        accounts.sign_in(again, "李喆", GOOD)
    finally:
        again.close()


@dataclass(frozen=True)
class Deed:
    """Something that asks for a permission; `ready` is done by an administrator before."""

    permission: str
    do: Callable[[Store, Any], object]


def _void_many(store: Store, record: Any) -> object:
    return carry_out(store, type(record), [record.id], Void("重复"))


def _undo_of_others(store: Store, record: Any) -> object:
    return store.undo(store.history(type(record), record.id)[-1].change)


def _lock(store: Store, _record: Any) -> object:
    return locks.set_lock(store, date(2022, 1, 1), True, "月报已签发")


def _unlock(store: Store, _record: Any) -> object:
    return locks.set_lock(store, date(2021, 12, 1), False, "补录")


def _rename(store: Store, record: Any) -> object:
    record.title = "改过的标题"
    return store.save(record)


def _add_person(store: Store, _record: Any) -> object:
    return office.put_person(store, Person(name="新人"))


def _add_word(store: Store, _record: Any) -> object:
    return office.put_word(store, TermRow(vocabulary="kind", word="新文种"))


def _add_account(store: Store, _record: Any) -> object:
    return accounts.add(store, "孙新", CLERK, GOOD)


DEEDS = (
    Deed("save", _rename),
    Deed("void", lambda store, record: store.void(type(record), record.id, "重复")),
    Deed("void", _void_many),
    Deed("undo_others", _undo_of_others),
    Deed("lock_month", _lock),
    Deed("unlock_month", _unlock),
    Deed("directory", _add_person),
    Deed("edit_rules", _add_word),
    Deed("settings", lambda store, _record: store.set_office({"tabulator": "王堃"}, ())),
    Deed("accounts", _add_account),
    Deed("accounts", lambda store, _record: accounts.set_role(store, "李喆", READER)),
    Deed("accounts", lambda store, _record: accounts.close(store, "李喆")),
    Deed("accounts", lambda store, _record: accounts.set_password(store, "李喆", "另一个口令2026")),
    Deed("accounts", lambda store, _record: accounts.renew_code(store)),
    Deed("accounts", lambda store, _record: accounts.stop(store)),
)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.permission)
def test_each_role_does_what_it_may_and_nothing_else(guarded: Store, deed: Deed, role: str) -> None:
    accounts.sign_in(guarded, NAMES[ADMINISTRATOR], GOOD)
    record = saved(guarded, outgoing())
    locks.set_lock(guarded, date(2021, 12, 1), True, "月报已签发")
    accounts.add(guarded, "周动", ADMINISTRATOR, GOOD)
    accounts.sign_in(guarded, NAMES[role], GOOD)
    before = guarded.head()
    if role in permissions()[deed.permission].roles:
        deed.do(guarded, guarded.load(type(record), record.id))
        return
    with pytest.raises((Refused, StoreTrouble)):
        deed.do(guarded, guarded.load(type(record), record.id))
    assert guarded.head() == before


def test_every_permission_is_asked_for_somewhere() -> None:
    house = Path(__file__).parents[2]
    source = "".join(
        path.read_text(encoding="utf-8") for path in (*(house / "db").rglob("*.py"), *(house / "desktop").rglob("*.py"))
    )
    assert {name for name in permissions() if f'"{name}"' not in source} == set()


def test_deleting_and_restoring_many_asks_as_one_does(guarded: Store) -> None:
    accounts.sign_in(guarded, "李喆", GOOD)
    record = saved(guarded, outgoing())
    for deed in (Delete("重复登记"), Restore()):
        with pytest.raises(Refused, match="不能作废、删除、恢复；请由审核、管理员来做"):
            carry_out(guarded, type(record), [record.id], deed)


def test_ones_own_step_can_be_undone_and_that_of_others_not(guarded: Store) -> None:
    accounts.sign_in(guarded, "赵婷", GOOD)
    theirs = guarded.save(outgoing())
    accounts.sign_in(guarded, "李喆", GOOD)
    guarded.save(outgoing())
    guarded.undo()
    with pytest.raises(Refused, match="不能撤销别人的操作"):
        guarded.undo(theirs.id)


def test_the_office_may_give_a_deed_to_other_roles_but_never_to_those_who_look(guarded: Store) -> None:
    accounts.sign_in(guarded, "王堃", GOOD)
    guarded.set_office({"may_void": "登记员、只读", "may_accounts": "登记员"}, ())
    record = saved(guarded, outgoing())
    accounts.sign_in(guarded, "李喆", GOOD)
    guarded.void(type(record), record.id, "重复")
    for name in ("钱看", "李喆"):
        accounts.sign_in(guarded, name, GOOD)
        with pytest.raises((Refused, StoreTrouble)):
            accounts.add(guarded, "孙新", CLERK, GOOD)


def test_the_last_administrator_stays(guarded: Store) -> None:
    accounts.sign_in(guarded, "王堃", GOOD)
    for deed in (lambda: accounts.close(guarded, "王堃"), lambda: accounts.set_role(guarded, "王堃", CLERK)):
        with pytest.raises(Refused, match="最后一个管理员"):
            deed()


def test_a_forgotten_administrator_password_is_reset_by_the_printed_code(store: Store, quick: None) -> None:
    code = accounts.begin(store, "王堃", GOOD)
    accounts.sign_out(store)
    with pytest.raises(Refused, match="恢复码不对"):
        accounts.recover(store, "王堃", "ABCD-EFGH", "全新的口令2026")
    accounts.recover(store, "王堃", f" {code.lower().replace('-', ' ')} ", "全新的口令2026")
    accounts.sign_in(store, "王堃", "全新的口令2026")
    renewed = accounts.renew_code(store)
    with pytest.raises(Refused, match="恢复码不对"):
        accounts.recover(store, "王堃", code, "又一个口令2026")
    accounts.recover(store, "王堃", renewed, "又一个口令2026")


def test_one_changes_ones_own_password_with_the_old_one(guarded: Store) -> None:
    accounts.sign_in(guarded, "李喆", GOOD)
    with pytest.raises(Refused, match="原来的口令不对"):
        accounts.set_password(guarded, "李喆", "全新的口令2026", old="错的")
    with pytest.raises(Refused, match="口令要8到128个字"):
        accounts.set_password(guarded, "李喆", "短", old=GOOD)
    accounts.set_password(guarded, "李喆", "全新的口令2026", old=GOOD)
    accounts.sign_in(guarded, "李喆", "全新的口令2026")


def test_ones_password_is_not_guessed_where_it_is_changed(guarded: Store) -> None:
    accounts.sign_in(guarded, "李喆", GOOD)
    with pytest.raises(Refused, match="先登录自己的账号"):
        accounts.set_password(guarded, "王堃", "全新的口令2026", old=GOOD)
    for _ in range(5):
        with pytest.raises(Refused, match="原来的口令不对"):
            accounts.set_password(guarded, "李喆", "全新的口令2026", old="错的口令错的")
    with pytest.raises(Refused, match="请等1分钟"):
        accounts.set_password(guarded, "李喆", "全新的口令2026", old=GOOD)
    accounts.sign_out(guarded)
    with pytest.raises(Refused, match="先登录自己的账号"):
        accounts.set_password(guarded, "赵婷", "全新的口令2026", old=GOOD)


@pytest.mark.parametrize("name", ["recovery", "lock_minutes", "may_unlock_month"])
def test_who_may_set_the_office_makes_himself_no_administrator(guarded: Store, name: str) -> None:
    accounts.sign_in(guarded, "王堃", GOOD)
    accounts.give(guarded, "settings", [CLERK])
    accounts.sign_in(guarded, "李喆", GOOD)
    guarded.set_office({"tabulator": "李喆"}, ())
    before = guarded.rules.settings.get(name)
    with pytest.raises(Refused, match="请由管理员来做"):
        guarded.set_office({"tabulator": "李喆", name: "登记员"}, ())
    assert guarded.rules.settings.get(name) == before


def test_no_password_stands_in_the_journal_and_its_deeds_do(guarded: Store) -> None:
    accounts.sign_in(guarded, "王堃", GOOD)
    accounts.set_password(guarded, "李喆", "重置后的口令2026")
    accounts.give(guarded, "void", [CLERK])
    accounts.set_lock_minutes(guarded, "5")
    told = "".join(map(str, guarded.connection.execute("SELECT * FROM journal").fetchall()))
    assert "账号李喆：重置口令" in told
    assert "账号王堃：“作废、删除、恢复”由登记员来做" in told
    assert "账号王堃：5分钟没有操作就锁定" in told
    for one in Account.select():
        assert one.password not in told
    assert "argon2" not in told
    assert GOOD not in told


def test_an_office_goes_back_to_doing_without(guarded: Store) -> None:
    accounts.sign_in(guarded, "王堃", GOOD)
    accounts.stop(guarded)
    assert not guarded.has_accounts
    guarded.save(outgoing())
    code = accounts.begin(guarded, "王堃", "又启用了2026")
    assert code
    assert accounts.sign_in(guarded, "王堃", "又启用了2026").role == ADMINISTRATOR


def test_passwords_are_hashed_as_declared(store: Store) -> None:
    stored = passwords.hashed("蓝山办公室２０２６")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert passwords.matches(stored, GOOD), "wide digits are the same password"
    assert not passwords.matches(stored, "别的")
    assert not passwords.matches("not a hash", GOOD)


def test_signing_in_and_failing_to_are_logged_without_passwords_or_strange_names(guarded: Store) -> None:
    accounts.sign_in(guarded, "李喆", GOOD)
    accounts.sign_out(guarded)
    with pytest.raises(Refused):
        accounts.sign_in(guarded, GOOD, GOOD)
    for _ in range(6):
        with pytest.raises(Refused):
            accounts.sign_in(guarded, "钱看", "错口令错口令错")
    said = [(one.name, one.what) for one in reversed(sign_ins(10))]
    wrong = ("钱看", "口令不对")
    assert said == [
        ("李喆", "登录"), *[wrong] * 4, ("钱看", "口令不对，要等1分钟"), ("钱看", "口令连续错了5次，还要等，没让试"),
    ]  # fmt: skip
    held = b"".join(path.read_bytes() for path in guarded.folder.rglob("*") if path.is_file())
    assert "钱看".encode() in held
    for secret in (GOOD, "错口令错口令错"):
        assert secret.encode() not in held


def test_who_only_looks_is_logged_too_and_a_sign_in_is_no_change_to_back_up(guarded: Store) -> None:
    backups = Backups(guarded.folder, guarded.catalogue, guarded.rules.settings)
    now = datetime.fromisoformat(guarded.moment())
    backups.make(now)
    head = guarded.head()
    accounts.sign_in(guarded, "钱看", GOOD)
    assert [(one.name, one.what) for one in sign_ins(1)] == [("钱看", "登录")]
    assert guarded.head() == head
    assert backups.state(now).is_complete


def test_what_a_hash_costs_and_how_long_one_waits_is_bundled_data() -> None:
    of = passwords.limits()
    assert (of.passes, of.memory) >= (3, 64 << 20), "RFC 9106"
    assert passwords.wait_after(of.free_failures - 1) == timedelta()
    assert passwords.wait_after(of.free_failures) == of.first_wait
    assert passwords.wait_after(10_000) == of.longest_wait


def test_a_ledger_that_lost_its_accounts_is_not_open_to_all(guarded: Store, folder: Path, clock: Clock) -> None:
    guarded.connection.execute("DELETE FROM account")
    guarded.close()
    store = Store.open(folder, "root", clock)
    assert store.has_accounts
    assert accounts.are_lost(store)
    with pytest.raises(Refused, match="请先登录"):
        store.save(outgoing())
    with pytest.raises(Refused, match="账号没有救回来"):
        accounts.sign_in(store, "王堃", GOOD)
    accounts.begin(store, "赵婷", GOOD)
    assert not accounts.are_lost(store)
    saved(store, outgoing())
    deed = AccountDeed.select().order_by(AccountDeed.id.desc()).first()
    assert (deed.name, deed.deed) == ("赵婷", "启用账号（原来的账号没有救回来），管理员")
    store.close()


def test_an_office_that_stopped_using_accounts_has_not_lost_them(guarded: Store) -> None:
    accounts.sign_in(guarded, "王堃", GOOD)
    accounts.stop(guarded)
    assert not accounts.are_lost(guarded)
    accounts.begin(guarded, "王堃", GOOD)
    guarded.connection.execute("DELETE FROM account")
    assert accounts.are_lost(guarded)
