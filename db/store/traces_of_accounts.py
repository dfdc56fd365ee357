"""Whether a ledger has accounts, or had them and lost them: told from whatever is left of it.

A damaged ledger may be rescued without its accounts. It must not stand open to everybody then, so every place is asked
that knows of them: the log of accounts, the journal, which has each line of that log, the log of sign-ins, the
recovery code. Any of them may be gone as well.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

BEGUN, STOPPED = "启用账号", "停用全部账号"  # the deeds that turn accounts on and off, as the log has them
RECOVERY = "recovery"  # the setting with the hash of the recovery code

_ACTIVE = "SELECT 1 FROM account WHERE is_active LIMIT 1"
_DEEDS = "SELECT id, deed FROM account_deed ORDER BY id"
_JOURNAL = "SELECT record, after, at FROM journal WHERE register = 'account_deed' ORDER BY id"  # by an index of its own
_SIGNED_IN = "SELECT 1 FROM sign_in WHERE at > ? LIMIT 1"
_LEFT = (
    "SELECT 1 FROM account LIMIT 1",
    "SELECT 1 FROM sign_in LIMIT 1",
    "SELECT 1 FROM setting WHERE name = 'recovery' LIMIT 1",
)


def are_used(connection: sqlite3.Connection) -> bool:
    """Whether somebody can sign in."""
    return bool(_rows(connection, _ACTIVE))


def are_lost(connection: sqlite3.Connection) -> bool:
    """Whether accounts are used, by anything that is left, while nobody can sign in.

    What was stopped by an administrator is not lost, unless somebody signed in after that.
    """
    if are_used(connection):
        return False
    turns = {number: (deed, "") for number, deed in _rows(connection, _DEEDS) if _is_turn(deed)}
    for number, after, at in _rows(connection, _JOURNAL):
        deed = _deed_in(after)
        if _is_turn(deed):
            turns[number] = (deed, at)
    if not turns:
        return any(_rows(connection, sql) for sql in _LEFT)
    deed, at = turns[max(turns)]
    return deed != STOPPED or bool(at and _rows(connection, _SIGNED_IN, (at,)))


def _is_turn(deed: object) -> bool:
    """Whether a deed turned accounts on or off; in a damaged file anything may stand in its place."""
    return isinstance(deed, str) and (deed.startswith(BEGUN) or deed == STOPPED)


def _deed_in(after: str) -> object:
    """The deed that an entry of the journal tells; None when it cannot be read."""
    try:
        told = json.loads(after)
    except ValueError:
        return None
    return told.get("deed") if isinstance(told, dict) else None


def _rows(connection: sqlite3.Connection, sql: str, values: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """What a query finds; nothing where an older program's ledger has no such table."""
    try:
        return connection.execute(sql, values).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return []
