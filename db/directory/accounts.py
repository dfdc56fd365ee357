"""The people who sign in, and the log of what was done to their accounts.

An office without a row here has no accounts: everybody who has the file may do everything, under the name that the
system has for him.
"""

from __future__ import annotations

import peewee as pw

from db.record import Table


class Account(Table):
    """Who may sign in. `password` is an Argon2id hash with its parameters; it is never journaled.

    `failures` counts the wrong passwords since the last right one, `failed_at` when the last was, as
    `db.store.tries.Failed` notes it.
    """

    name = pw.TextField(unique=True)
    role = pw.TextField()
    password = pw.TextField()
    is_active = pw.BooleanField(default=True)
    failures = pw.IntegerField(default=0)
    failed_at = pw.TextField(default="")


class AccountDeed(Table):
    """One line of the log of accounts: what was done to which. Lines are only ever added."""

    TITLE = "账号"

    name = pw.TextField()
    deed = pw.TextField()

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        table_name = "account_deed"


class SignIn(Table):
    """One line of the log of sign-ins: whose account, what (登录, 口令不对, 要等), when (local ISO). Never a password.

    It is not journaled: who only looks changes nothing that a page on paper could be held against.
    """

    name = pw.TextField()
    what = pw.TextField()
    at = pw.TextField()

    class Meta:  # pyright: ignore[reportIncompatibleVariableOverride]
        table_name = "sign_in"


def sign_ins(newest: int) -> list[SignIn]:
    """The newest lines of the log of sign-ins, the last first."""
    return list(SignIn.select().order_by(SignIn.id.desc()).limit(newest))


def active() -> list[Account]:
    """Who may sign in, in the order in which they were added."""
    return list(Account.select().where(Account.is_active).order_by(Account.id))
