"""The command `import`: a file of sheets into a register, or the dry run of it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from db.errors import Refused

WithStore = Callable[[Path, Callable[[Any], int]], int]
Say = Callable[[str], None]
DONE, REFUSED = 0, 1
MOST_TOLD = 50  # refused rows that are named on stderr


class ImportCommands:
    """Adds the command to a parser; `with_store` runs work over the open ledger of a folder, `say` prints a line."""

    def __init__(self, with_store: WithStore, say: Say) -> None:
        self._with_store, self._say = with_store, say

    def add(self, commands: Any) -> None:
        """Add `import` to the commands of the program."""
        one = commands.add_parser("import", help="从 .xlsx、.xls、.ods、.csv 导入台账")
        one.add_argument("register", metavar="台账", help="如incoming或收文")
        one.add_argument("file", type=Path, metavar="文件")
        one.add_argument("--dry-run", action="store_true", help="只试导，不写入")
        one.add_argument("--sheet", action="append", default=[], metavar="N", help="第几个工作表，或它的名字；可写几次")
        one.add_argument("--year", type=int, help="没有写年份的日期是哪一年的")
        one.add_argument("--map", action="append", default=[], metavar="列=字段", help="这一列是什么；“列=”为不导入")
        one.add_argument("--set", action="append", default=[], metavar="字段=内容", help="表里没写的都按这个")
        one.add_argument("--done-before", metavar="日期", help="这一天以前的记为办结")
        one.add_argument(
            "--doubted", choices=("skip", "update", "new"), default="skip",
            help="编号或文号相同、标题不同的行：skip不导入（不写就是它），update覆盖台账里的，new另立一件",
        )  # fmt: skip
        one.add_argument("--rejects", type=Path, metavar="R.xlsx", help="被拒绝的行存到这里，改好可再导入")
        one.add_argument("--json", action="store_true")
        one.set_defaults(run=self._import)

    def _import(self, folder: Path, options: argparse.Namespace) -> int:
        return self._with_store(folder, lambda store: self._run(store, options))

    def _run(self, store: Any, options: argparse.Namespace) -> int:
        from db.exchange.applying import apply
        from db.exchange.layout import lay_out
        from db.exchange.memory import remembered
        from db.exchange.planning import Plan
        from db.exchange.reading import read

        register = store.catalogue.named(options.register)
        book = read(options.file)
        layouts = lay_out(book, register, remembered(register), _sheets(book, options.sheet))
        layouts = _mapped(layouts, register, options.map)
        plan = Plan(store, register, book, layouts, _options(store, options))
        if plan.needs_year:
            sys.stderr.write("有的日期没有写年份，请用--year写明\n")
        rejected = 0
        if options.rejects and plan.counts.left:
            from db.exchange.rejects import write_rejects

            rejected = write_rejects(plan, options.rejects)
        if not options.dry_run and plan.counts.written:
            apply(store, plan)
        self._tell(plan, options, rejected)
        return REFUSED if plan.counts.left else DONE

    def _tell(self, plan: Any, options: argparse.Namespace, rejected: int) -> None:
        from db.exchange.summing import only_lacks

        counts = plan.counts
        for note in plan.notes:
            sys.stderr.write(f"{note}\n")
        for name in plan.lacks:
            label = plan.register.label(name)
            sys.stderr.write(f"全部一样的，用--set {label}=内容写明\n")
        left = [*plan.indexes("refused"), *plan.indexes("doubted")]
        if options.json:
            found = {
                **asdict(counts), "dry_run": options.dry_run, "notes": list(plan.notes),
                "columns": [{"label": one.label, "key": one.key, "target": one.target} for one in plan.columns],
                "problems": [
                    {"sheet": row.sheet, "row": row.number, "reason": row.whole_reason}
                    for row in map(plan.row, left[:MOST_TOLD])
                ],
                "left_out_rows": [asdict(row) for row in plan.left_out],
            }  # fmt: skip
            self._say(json.dumps(found, ensure_ascii=False, indent=1))
            return
        for column in plan.columns:
            self._say(f"{column.label or '（没有列名）'}\t→\t{column.target or '不导入'}")
        said_once = frozenset(plan.lacks)
        left = [at for at in left if not only_lacks(plan.rows()[at].problems, said_once)]
        for row in map(plan.row, left[:MOST_TOLD]):
            sys.stderr.write(f"{row.sheet}\t第{row.number}行\t{row.whole_reason}\n")
        if len(left) > MOST_TOLD:
            sys.stderr.write(f"……还有{len(left) - MOST_TOLD:,}行没有导入\n")
        verb = "试导（没有写入）" if options.dry_run else "导入"
        doubted = f"，待定{counts.doubted:,}" if counts.doubted else ""
        saved = f"；没有导入的行已存到{options.rejects}" if rejected else ""
        self._say(
            f"{verb}：新增{counts.new:,}，改动{counts.changed:,}，相同{counts.same:,}，拒绝{counts.refused:,}{doubted}{saved}"
        )


def _sheets(book: Any, wanted: Sequence[str]) -> tuple[int, ...]:
    """The places of the sheets that are asked for by number from 1 or by name.

    Raises:
        Refused: when there is no such sheet.
    """
    names = [sheet.name for sheet in book.sheets]
    found: list[int] = []
    for text in wanted:
        at = names.index(text) if text in names else int(text) - 1 if text.isdecimal() else -1
        if not 0 <= at < len(names):
            raise Refused(f"没有工作表“{text}”；有：{'、'.join(names)}")
        found.append(at)
    return tuple(found)


def _mapped(layouts: Any, register: Any, pairs: Sequence[str]) -> Any:
    """The layouts with columns that are what the caller says.

    Raises:
        Refused: when there is no such column or field.
    """
    from db.exchange.targets import LEFT_OUT, folded, targets

    for pair in pairs:
        label, equals, text = pair.partition("=")
        target = targets(register).by_label(text) if text else None
        if not equals or (text and target is None):
            raise Refused(f"看不懂“{pair}”：写法如“来文机关=来文单位”；{register.TITLE}没有“{text}”这一项")
        key, hits = target.key if target else LEFT_OUT, 0
        for at, layout in enumerate(layouts):
            column = next((one for one in layout.columns if folded(one.label) == folded(label)), None)
            if column is not None:
                layouts = (*layouts[:at], layout.with_field(column.at, key), *layouts[at + 1 :])
                hits += 1
        if not hits:
            raise Refused(f"表里没有“{label}”这一列；有：{'、'.join(one.label for one in layouts[0].columns)}")
    return layouts


def _options(store: Any, options: argparse.Namespace) -> Any:
    from db.exchange.rows import Options
    from db.rules.typed_dates import read_date

    given: dict[str, str] = {}
    for pair in options.set:
        name, equals, text = pair.partition("=")
        if not equals or not text:
            raise Refused(f"看不懂“{pair}”：写法如“来文级别=县直部门”")
        given[name] = text
    try:
        before = read_date(options.done_before or "", store.rules.today, store.rules.days)
    except ValueError as error:
        raise Refused(str(error)) from None
    return Options(options.year, given, before, options.doubted)
