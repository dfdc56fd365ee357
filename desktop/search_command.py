"""`search TEXT`: the hits of the box over all registers, or of one register's box, on the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

WithStore = Callable[[Path, Callable[[Any], int]], int]


class SearchCommand:
    """Adds the command to a parser and runs it; `say` and `as_json` are those of the command line."""

    def __init__(
        self, with_store: WithStore, named: Callable[[str], Any], say: Callable[[str], None],
        as_json: Callable[[Any], str],
    ) -> None:  # fmt: skip
        self._with_store, self._named, self._say, self._as_json = with_store, named, say, as_json

    def add(self, commands: Any) -> None:
        """Declare `search`."""
        parser = commands.add_parser("search", help='搜索；词之间空一格即都要有，字段:词、-词、"词 组"与搜索框相同')
        parser.add_argument("text")
        parser.add_argument("--register")
        parser.add_argument("--limit", type=int, default=-1, metavar="N", help="只列最新的N条；条数仍是全部")
        parser.add_argument("--bin", action="store_true", help="在回收站里找")
        parser.add_argument("--json", action="store_true")
        parser.set_defaults(run=self.run)

    def run(self, folder: Path, options: argparse.Namespace) -> int:
        """Print the hits, newest first, and how many there are in each register."""

        def work(store: Any) -> int:
            from db.store.everywhere import Everywhere

            registers = [store.catalogue.named(options.register)] if options.register else None
            found = Everywhere(store, options.text, options.bin, registers)
            for note in found.notes:
                sys.stderr.write(f"{note}\n")
            hits = found.newest(max(options.limit, -1))
            if options.json:
                self._say(self._as_json([
                    {"register": hit.register.key(), "id": hit.id, "number": hit.number, "date": hit.day,
                     "title": hit.subject} for hit in hits
                ]))  # fmt: skip
                return 0
            for hit in hits:
                self._say(f"{hit.register.TITLE}\t{hit.number or '未编号'}\t{hit.day}\t{hit.subject}")
            counts = [(register.TITLE, count) for register, count in found.counts() if count]
            told = "，".join(f"{title}{count:,}条" for title, count in counts)
            whole = sum(count for _title, count in counts)
            sys.stderr.write(f"共{whole:,}条{'：' if told else ''}{told}\n")
            return 0

        if options.register:
            self._named(options.register)
        return self._with_store(folder, work)
