"""`encrypt` and `decrypt`: the encryption of a ledger, turned on and off from the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

DONE = 0


def add(
    commands: Any, ask_for: Callable[[Path, str | None, str], None], now: Callable[[], datetime],
    say: Callable[[str], None],
) -> None:  # fmt: skip
    """Declare both; `ask_for(folder, clerk, permission)` refuses those who may not."""
    words = "给台账、备份和附件加密；口令到时输入，或写在文件里由FAZHI_LEDGER_PASSWORD_FILE指明"
    on = commands.add_parser("encrypt", help=words)
    on.set_defaults(run=partial(_encrypt, ask_for, now, say))
    off = commands.add_parser("decrypt", help="解除台账的加密")
    off.set_defaults(run=partial(_decrypt, ask_for, now, say))


def _encrypt(
    ask_for: Callable[[Path, str | None, str], None], now: Callable[[], datetime], say: Callable[[str], None],
    folder: Path, options: argparse.Namespace,
) -> int:  # fmt: skip
    from db.errors import Refused, StoreTrouble
    from db.store import passwords
    from db.store.keys import is_plain
    from db.store.places import LEDGER
    from db.store.sealing import Conversion
    from desktop.progress_line import told_on_stderr
    from desktop.signing_in import ledger_password
    from desktop.volumes import mounted

    ledger = folder / LEDGER
    if not ledger.is_file() or not is_plain(ledger):
        raise Refused(f"{folder}里没有台账，或已经加了密；没有改动")
    ask_for(folder, options.clerk, "encryption")
    password = passwords.checked(ledger_password("台账"))
    if password != ledger_password("再输一次，台账"):
        raise Refused("两次输的口令不一样，没有加密")
    code = passwords.new_code()
    say(f"恢复码：{code}\n它只显示这一次。忘了口令，只有它能打开台账；请抄下来收好。")
    try:
        say(Conversion(password, code).carry_out(folder, now(), told_on_stderr().progress, mounted))
    except (Refused, StoreTrouble):
        if is_plain(ledger):
            say("没有加密，上面的恢复码作废。")
        raise
    return DONE


def _decrypt(
    ask_for: Callable[[Path, str | None, str], None], now: Callable[[], datetime], say: Callable[[str], None],
    folder: Path, options: argparse.Namespace,
) -> int:  # fmt: skip
    from db.store.places import LEDGER
    from db.store.sealing import Conversion
    from desktop.progress_line import told_on_stderr
    from desktop.signing_in import unlock
    from desktop.volumes import mounted

    unlock(folder / LEDGER, now)
    ask_for(folder, options.clerk, "encryption")
    say(Conversion().carry_out(folder, now(), told_on_stderr().progress, mounted))
    return DONE
