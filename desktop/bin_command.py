"""`empty-bin REGISTER --reason R`: empties a register's recycle bin on the command line; without --yes it lists."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

WithStore = Callable[[Path, Callable[[Any], int]], int]


def add(commands: Any, with_store: WithStore, say: Callable[[str], None]) -> None:
    """Declare `empty-bin`; `with_store` runs work over the open ledger of a folder, `say` prints a line."""
    parser = commands.add_parser("empty-bin", help="清空一本台账的回收站，不能撤销；编号仍占用。不写--yes只列出")
    parser.add_argument("register", metavar="台账")
    parser.add_argument("--reason", default="", metavar="原因", help="为什么清空，写进操作记录")
    parser.add_argument("--yes", action="store_true", help="列出后就清空")

    def run(folder: Path, options: argparse.Namespace) -> int:
        return with_store(folder, lambda store: _empty(store, options, say))

    parser.set_defaults(run=run)


def _empty(store: Any, options: argparse.Namespace, say: Callable[[str], None]) -> int:
    from db.store.emptying import binned, empty_bin

    register = store.catalogue.named(options.register)
    if not options.yes:
        store.require("empty_bin")
        found = binned(store, register)
        for one in found:
            say(f"{one.id}\t{one.called}")
        say(f"{register.TITLE}回收站里有{len(found)}条；要清空，再加--yes和--reason")
        return 0
    done = empty_bin(store, register, options.reason)
    for one in done.records:
        say(f"{one.id}\t{one.called}")
    say(f"已清空{register.TITLE}回收站{len(done.records)}条，删去附件文件{done.files}个")
    return 0
