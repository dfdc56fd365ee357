"""The command `export`: a register, all of them, or a template to fill in, as .xlsx or .csv."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from db.errors import Refused

WithStore = Callable[[Path, Callable[[Any], int]], int]
Say = Callable[[str], None]
DONE, USAGE = 0, 2
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}


class ExportCommands:
    """Adds the command to a parser; `with_store` runs work over the open ledger of a folder, `say` prints a line."""

    def __init__(self, with_store: WithStore, say: Say) -> None:
        self._with_store, self._say = with_store, say

    def add(self, commands: Any) -> None:
        """Add `export` to the commands of the program."""
        one = commands.add_parser("export", help="导出台账：.xlsx 或 .csv；可再导入")
        one.add_argument("register", nargs="?", metavar="台账", help="如incoming；--all时不写")
        one.add_argument("-o", "--output", type=Path, required=True, help="F.xlsx或F.csv；--all时F.xlsx、F.zip或文件夹")
        one.add_argument("--all", action="store_true", help="全部台账")
        one.add_argument("--template", action="store_true", help="空白的导入模板")
        one.add_argument("--year", type=int, help="只要这一年的")
        one.add_argument("--filter", default="", metavar="文字", help="只要搜得到这些字的")
        one.add_argument("--columns", default="", metavar="栏目", help="只要这些栏目，用逗号隔开；这样的文件不能再导入")
        one.add_argument("--encoding", choices=tuple(ENCODINGS), default="utf-8", help="CSV的编码")
        one.add_argument("--json", action="store_true")
        one.set_defaults(run=self._export)

    def _export(self, folder: Path, options: argparse.Namespace) -> int:
        if options.all == bool(options.register) or (options.all and (options.template or options.columns)):
            sys.stderr.write("请写明一本台账，或用--all导出全部台账\n")
            return USAGE
        if options.all and (options.filter or options.year):
            sys.stderr.write("--all导出全部台账的全部记录，不能再限定年份和文字\n")
            return USAGE
        work = self._all if options.all else self._template if options.template else self._one
        return self._with_store(folder, lambda store: work(store, options))

    def _one(self, store: Any, options: argparse.Namespace) -> int:
        from db.exchange.exporting import Selection, export
        from db.store.search import Filter

        register = store.catalogue.named(options.register)
        order = "" if options.filter else "number"
        wanted = Filter(text=options.filter, year=options.year, order=order, descending=False)
        names = _fields(register, options.columns)
        chosen = [Selection(register, wanted, names)]
        return self._told(export(store, chosen, options.output, ENCODINGS[options.encoding]), options)

    def _all(self, store: Any, options: argparse.Namespace) -> int:
        from db.exchange.exporting import export_all

        return self._told(export_all(store, options.output, ENCODINGS[options.encoding]), options)

    def _template(self, store: Any, options: argparse.Namespace) -> int:
        from db.exchange.template import export_template

        export_template(store, store.catalogue.named(options.register), options.output)
        self._say(str(options.output))
        return DONE

    def _told(self, made: Any, options: argparse.Namespace) -> int:
        for note in made.notes:
            sys.stderr.write(f"{note}\n")
        if options.json:
            found = {"files": [str(path) for path in made.files], "records": made.records, "lines": made.lines,
                     "notes": list(made.notes)}  # fmt: skip
            self._say(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            lines = f"，下属明细{made.lines}行" if made.lines else ""
            self._say(f"{'、'.join(map(str, made.files))}：{made.records}条{lines}")
        return DONE


def _fields(register: Any, text: str) -> tuple[str, ...]:
    """The fields that a list of labels or names means."""
    from db.exchange.columns import record_columns

    known = {word: column.name for column in record_columns(register) for word in (column.name, column.label)}
    wanted = [word.strip() for word in text.replace("，", ",").split(",") if word.strip()]
    unknown = [word for word in wanted if word not in known]
    if unknown:
        raise Refused(f"{register.TITLE}没有栏目“{'”“'.join(unknown)}”")
    return tuple(known[word] for word in wanted)
