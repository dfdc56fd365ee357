"""The commands of the trail: check, which looks the ledger over, or holds a printed page against it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

WithStore = Callable[[Path, Callable[[Any], int]], int]
DONE, USAGE, TROUBLE = 0, 2, 3


class TrailCommands:
    """Adds the commands to a parser; `with_store` runs work over the open ledger of a folder, `say` prints a line."""

    def __init__(self, with_store: WithStore, say: Callable[[str], None]) -> None:
        self._with_store, self._say = with_store, say

    def add(self, commands: Any) -> None:
        """Add `check` to the commands of the program."""
        check = commands.add_parser("check", help="检查台账文件和日志；给出纸上的校验码，就用纸核对文件")
        check.add_argument("--code", help="纸上印的校验码，8组4位")
        check.add_argument("--on", type=date.fromisoformat, metavar="2022-12-31", help="这一页打印的日期")
        check.set_defaults(run=self._check)

    def _check(self, folder: Path, options: argparse.Namespace) -> int:
        if options.on and not options.code:
            sys.stderr.write("写了日期，还要用--code写上纸上的校验码\n")
            return USAGE
        return self._with_store(folder, lambda store: self._hold(store, options))

    def _hold(self, store: Any, options: argparse.Namespace) -> int:
        from db.store import verifying
        from db.store.health import findings

        if options.code:
            proof = verifying.page(store, options.code, options.on)
            if not proof.holds:
                sys.stderr.write(f"{proof.words}\n")
                return TROUBLE
            self._say(proof.words)
            return DONE
        bad = list(findings(store))
        for line in bad:
            sys.stderr.write(f"{line}\n")
        if bad:
            return TROUBLE
        count, head = store.head()
        self._say(f"台账完好：日志{count}条，校验码{head}")
        return DONE
