"""Signing in on the command line: the name by `--as`, the password from a file or from the prompt.

The password of an encrypted ledger is another: it has a file of its own.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from db.errors import Refused
from db.store import accounts

if TYPE_CHECKING:
    from db.store.store import Store

PASSWORD_FILE = "FAZHI_PASSWORD_FILE"  # noqa: S105  the name of the variable that names the file
LEDGER_PASSWORD_FILE = "FAZHI_LEDGER_PASSWORD_FILE"  # noqa: S105  the same


def sign_in(store: Store, name: str | None) -> None:
    """Sign in to a ledger that has accounts; one without is everybody's.

    Raises:
        Refused: when nobody is named, there is no password to be had, or it is wrong.
    """
    if not store.has_accounts:
        return
    if not name:
        raise Refused(
            "这本台账设了账号，没有动它；请用--as写明姓名，口令到时输入，或写在文件里由FAZHI_PASSWORD_FILE指明"
        )
    accounts.sign_in(store, name, _password(name, PASSWORD_FILE))


def unlock(path: Path, now: Callable[[], datetime]) -> None:
    """Unlock an encrypted ledger or backup; an ordinary one needs nothing. Wrong passwords count as in the window.

    Raises:
        Refused: when there is no password to be had, it is wrong, or one has to wait; nothing was changed.
        StoreTrouble: when its key cannot be read.
    """
    from db.errors import Sealed
    from db.store.connecting import key_of
    from db.store.tries import Tries
    from desktop.uptime import watches

    try:
        key_of(path)
    except Sealed:
        Tries(path.parent, watches(now)).unlock(ledger_password("台账"))


def ledger_password(whose: str) -> str:
    """The password of an encrypted ledger, from its file or from the prompt.

    Raises:
        Refused: when there is none to be had.
    """
    return _password(whose, LEDGER_PASSWORD_FILE)


def _password(name: str, variable: str) -> str:
    if path := os.environ.get(variable):
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(f"{variable}指明的文件读不出来（{path}）；台账没有动") from error
    if not sys.stdin.isatty():
        raise Refused(f"没有地方输入口令；请把口令写在只有您能读的文件里，由{variable}指明")
    return getpass.getpass(f"{name}的口令：")
