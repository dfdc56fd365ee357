"""Accounts: who signs in, who may do what, and a forgotten password; an office can do without.

They keep order among colleagues. Who has the file can read it without them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from db.directory import settings
from db.directory.accounts import Account, AccountDeed, SignIn, active
from db.errors import Refused, StoreTrouble
from db.rules.permissions import ADMINISTRATOR, GIVEN, READER, ROLES, permissions, roles_with
from db.store import passwords, traces_of_accounts
from db.store.connecting import connect
from db.store.places import for_reading
from db.store.traces_of_accounts import BEGUN, RECOVERY, STOPPED
from db.store.tries import Failed

if TYPE_CHECKING:
    from db.store.change import Change
    from db.store.store import Store

LOCK_MINUTES = "lock_minutes"  # the setting: without a key for so long, the window is locked; 0 never
_LONGEST_NAME = 20
_KEPT = 10_000  # lines of the log of sign-ins


@dataclass(frozen=True)
class Clerk:
    """Who has signed in."""

    name: str
    role: str


def are_used(store: Store) -> bool:
    """Whether the ledger has accounts, so that one has to sign in."""
    return traces_of_accounts.are_used(store.connection)


def are_lost(store: Store) -> bool:
    """Whether accounts are used while none is left: a damaged ledger was rescued without them."""
    return traces_of_accounts.are_lost(store.connection)


def are_in(path: Path) -> bool:
    """Whether a ledger that is not open has accounts, or lost them; False for one that cannot be read."""
    try:
        with closing(connect(path, for_reading(path))) as connection:
            return traces_of_accounts.are_used(connection) or traces_of_accounts.are_lost(connection)
    except sqlite3.Error:
        return False


def may(store: Store, permission: str) -> bool:
    """Whether whoever works here may do it."""
    return not store.has_accounts or (
        store.clerk is not None and store.clerk.role in roles_with(permission, store.rules.settings)
    )


def why_not(store: Store, permission: str) -> str:
    """Why whoever works here may not do it, for a button that is shut; "" when he may."""
    if may(store, permission):
        return ""
    return f"{permissions()[permission].label}：请由{'、'.join(roles_with(permission, store.rules.settings))}来做"


def require(store: Store, permission: str) -> None:
    """Let only those go on who may do it.

    Raises:
        Refused: naming those who may; nothing was written.
    """
    if may(store, permission):
        return
    if store.clerk is None:
        raise Refused("这本台账设了账号，请先登录；没有改动")
    able = "、".join(roles_with(permission, store.rules.settings))
    label = permissions()[permission].label
    raise Refused(f"您是{store.clerk.role}，不能{label}；请由{able}来做。没有改动")


def require_for(store: Store, names: Iterable[str]) -> None:
    """Let only those set settings who may; those on which the accounts rest are the administrators'.

    Raises:
        Refused: naming those who may.
    """
    rests_on = any(name in (RECOVERY, LOCK_MINUTES) or name.startswith(GIVEN) for name in names)
    require(store, "accounts" if rests_on else "settings")


def sign_in(store: Store, name: str, password: str) -> Clerk:
    """Sign somebody in: from here on he is the one who works with the store. Takes some tenths of a second.

    Raises:
        Refused: for an unknown name, a wrong password, or while he has to wait after several.
    """
    if are_lost(store):
        raise Refused("账号没有救回来，谁也登录不了；请打开窗口，新设一个管理员")
    account = _named(name)
    _prove(store, account, password, "口令不对，请再输一次")
    _note(store, account.name, "登录")
    store.clerk = Clerk(account.name, account.role)
    store.user = account.name
    return store.clerk


def sign_out(store: Store) -> None:
    """Nobody works with the store until somebody signs in again."""
    store.clerk = None


def begin(store: Store, name: str, password: str) -> str:
    """Begin to use accounts: the first is an administrator's, who is signed in. Give back the recovery code, once.

    Of a ledger whose accounts are lost it is the new one.

    Raises:
        Refused: when there are accounts already, or name or password cannot be used.
    """
    lost = are_lost(store)
    if store.has_accounts and not lost:
        raise Refused("已经启用了账号")
    code = passwords.new_code()
    stored = passwords.hashed(passwords.folded(code))
    with _deed(store, name, f"{BEGUN}{'（原来的账号没有救回来）' if lost else ''}，{ADMINISTRATOR}") as row:
        _insert(row.name, ADMINISTRATOR, password)
        settings.put(RECOVERY, stored)  # with the account or not at all: alone it would tell of accounts that are lost
    store.forget_rules()
    store.has_accounts = True
    store.clerk, store.user = Clerk(row.name, ADMINISTRATOR), row.name
    return code


def stop(store: Store) -> None:
    """Do without accounts again; who did what stays in the journal.

    Raises:
        Refused: for all but administrators.
    """
    require(store, "accounts")
    clerk = store.clerk
    with _deed(store, clerk.name if clerk else "", STOPPED):
        Account.update(is_active=False).execute()
    store.has_accounts, store.clerk = False, None


def add(store: Store, name: str, role: str, password: str) -> None:
    """Add an account, or take one that was closed into use again.

    Raises:
        Refused: when the name is taken or empty, the role unknown, the password too short.
    """
    require(store, "accounts")
    _check_role(role)
    with _deed(store, name, f"增加，{role}") as row:
        _insert(row.name, role, password)


def set_role(store: Store, name: str, role: str) -> None:
    """Give an account another role.

    Raises:
        Refused: when it is the last administrator's.
    """
    require(store, "accounts")
    _check_role(role)
    account = _named(name)
    if role != ADMINISTRATOR:
        _keep_an_administrator(account)
    with _deed(store, name, f"改为{role}"):
        Account.update(role=role).where(Account.id == account.id).execute()
    if store.clerk is not None and store.clerk.name == account.name:
        store.clerk = Clerk(account.name, role)  # from here on, not from the next sign-in


def close(store: Store, name: str) -> None:
    """Close an account; the records keep its name.

    Raises:
        Refused: when it is the last administrator's, or one's own.
    """
    require(store, "accounts")
    account = _named(name)
    _keep_an_administrator(account)
    if store.clerk is not None and store.clerk.name == account.name:
        raise Refused(f"{account.name}是您正在用的账号，请另一位管理员来停用；没有改动")
    with _deed(store, name, "停用"):
        Account.update(is_active=False).where(Account.id == account.id).execute()


def set_lock_minutes(store: Store, minutes: str) -> None:
    """After how many minutes without a key the window is locked; "0" for never.

    Raises:
        Refused: for all but administrators.
    """
    require(store, "accounts")
    _set(store, LOCK_MINUTES, minutes)
    _log(store, f"{minutes}分钟没有操作就锁定" if minutes != "0" else "不自动锁定")


def give(store: Store, permission: str, roles: Sequence[str]) -> None:
    """Give a deed to some roles, in place of those that have it.

    Raises:
        Refused: for all but administrators.
    """
    require(store, "accounts")
    _set(store, f"{GIVEN}{permission}", "、".join(roles))
    able = "、".join(roles_with(permission, store.rules.settings))
    _log(store, f"“{permissions()[permission].label}”由{able}来做")


def set_password(store: Store, name: str, password: str, old: str | None = None) -> None:
    """Set a password: one's own with the `old` one, that of others as an administrator.

    Raises:
        Refused: when the old one is wrong or not one's own, he has to wait, or the new one is too short.
    """
    account = _named(name)
    if old is None:
        require(store, "accounts")
    elif store.clerk is None or store.clerk.name != account.name:
        raise Refused("请先登录自己的账号，再改口令；没有改动")
    else:
        _prove(store, account, old, "原来的口令不对，没有改动")
    _reset(store, account, password, "改口令" if old is not None else "重置口令")


def renew_code(store: Store) -> str:
    """A new recovery code in place of the old one, which no longer holds.

    Raises:
        Refused: for all but administrators.
    """
    require(store, "accounts")
    code = _new_code(store)
    _log(store, "换恢复码")
    return code


def recover(store: Store, name: str, code: str, password: str) -> None:
    """Set the forgotten password of an administrator with the printed recovery code.

    Raises:
        Refused: when he is no administrator, the code is wrong, or the new password too short.
    """
    account = _named(name)
    if account.role != ADMINISTRATOR:
        raise Refused("恢复码只用来重置管理员的口令；别人的口令由管理员重置")
    stored = store.rules.settings.get(RECOVERY, "")
    if not stored or not passwords.matches(stored, passwords.folded(code)):
        raise Refused("恢复码不对，口令没有改；请照打印的那一张再输一次")
    _reset(store, account, password, "用恢复码重置口令")


def _prove(store: Store, account: Account, password: str, wrong: str) -> None:
    """Let only him go on who knows the password; wrong ones are counted, wherever they are tried."""
    failed = Failed.noted(account.failures, account.failed_at)
    if wait := failed.left(store.watches):
        _note(store, account.name, f"口令连续错了{account.failures}次，还要等，没让试")
        raise Refused(f"口令连续错了{account.failures}次，请等{_minutes(wait)}分钟再试；忘了口令请找管理员重置")
    if not passwords.matches(account.password, password):
        failed = Failed.now(account.failures + 1, store.watches)
        with store.writing():
            Account.update(failures=failed.count, failed_at=failed.note).where(Account.id == account.id).execute()
        wait = passwords.wait_after(failed.count)
        _note(store, account.name, f"口令不对，要等{_minutes(wait)}分钟" if wait else "口令不对")
        raise Refused(wrong)
    if account.failures:
        with store.writing():
            Account.update(failures=0, failed_at="").where(Account.id == account.id).execute()


def _note(store: Store, name: str, what: str) -> None:
    """Add a line to the log of sign-ins; a disk that is full keeps nobody from signing in."""
    if store.read_only:
        return
    with suppress(StoreTrouble), store.writing():
        row = SignIn.insert(name=name, what=what, at=store.moment()).execute()
        SignIn.delete().where(SignIn.id <= row - _KEPT).execute()


def _reset(store: Store, account: Account, password: str, deed: str) -> None:
    stored = passwords.hashed(passwords.checked(password))
    with _deed(store, account.name, deed):
        Account.update(password=stored, failures=0, failed_at="").where(Account.id == account.id).execute()


def _new_code(store: Store) -> str:
    code = passwords.new_code()
    _set(store, RECOVERY, passwords.hashed(passwords.folded(code)))
    return code


def _set(store: Store, name: str, value: str) -> None:
    with store.writing():
        settings.put(name, value)
    store.forget_rules()


def _log(store: Store, deed: str) -> None:
    """Note what an administrator did that concerns everybody; without accounts there is nobody to name."""
    if store.clerk is not None:
        with _deed(store, store.clerk.name, deed):
            pass


@contextmanager
def _deed(store: Store, name: str, deed: str) -> Generator[AccountDeed]:
    """One change that is logged without any password, and what is done within it."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise Refused(f"请填姓名，最多{_LONGEST_NAME}个字；没有改动")
    row = AccountDeed(name=name, deed=deed)
    change: Change
    with store.change(f"账号{name}：{deed}", may=None) as change:
        change.put(row)
        yield row


def _insert(name: str, role: str, password: str) -> None:
    stored = passwords.hashed(passwords.checked(password))
    known = Account.get_or_none(Account.name == name)
    if known is None:
        Account.insert(name=name, role=role, password=stored).execute()
    elif known.is_active:
        raise Refused(f"已经有{name}的账号；没有改动")
    else:
        Account.update(role=role, password=stored, is_active=True, failures=0, failed_at="").where(
            Account.id == known.id
        ).execute()


def _named(name: str) -> Account:
    found = next((one for one in active() if one.name == name.strip()), None)
    if found is None:
        raise Refused(f"没有“{name}”这个账号")
    return found


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise Refused(f"没有“{role}”这个角色；有：{'、'.join(ROLES)}")


def _keep_an_administrator(account: Account) -> None:
    others = [one for one in active() if one.role == ADMINISTRATOR and one.id != account.id]
    if account.role == ADMINISTRATOR and not others:
        raise Refused(f"{account.name}是最后一个管理员，不能停用或改角色；请先给别人管理员")


def _minutes(wait: timedelta) -> int:
    return -(-int(wait.total_seconds()) // 60)


def only_looks(store: Store) -> bool:
    """Whether whoever works here may change nothing at all."""
    return store.clerk is not None and store.clerk.role == READER
