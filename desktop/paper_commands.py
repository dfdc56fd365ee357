"""The commands of paper: print a month, a book, the check of numbers, a form; lock a month and list its log."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

WithStore = Callable[[Path, Callable[[Any], int]], int]
Render = Callable[[Path, Any], int]
DONE, USAGE = 0, 2


class PaperCommands:
    """Adds the commands to a parser; `with_store` runs work over the open ledger of a folder, `say` prints a line.

    `render` makes a PDF of what can be printed; `require` refuses a register that does not exist; `now` is the clock.
    """

    def __init__(
        self, with_store: WithStore, say: Callable[[str], None], render: Render, require: Callable[[str], object],
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._with_store, self._say, self._render, self._require, self._now = with_store, say, render, require, now

    def add(self, commands: Any, parser: type[argparse.ArgumentParser], annual: Any) -> None:
        """Add `print`, with what `annual` adds to it, `lock` and `unlock` to the commands of the program."""
        printing = commands.add_parser("print", help="打印成PDF")
        kinds = printing.add_subparsers(dest="kind", parser_class=parser, required=True, metavar="报表")
        annual.add_print(kinds)
        month = kinds.add_parser("month", help="月度汇总")
        month.add_argument("period", help="2022-12")
        month.set_defaults(run=self._month)
        register = kinds.add_parser("register", help="登记簿")
        register.add_argument("register")
        register.add_argument("--year", type=int)
        register.set_defaults(run=self._register)
        numbers = kinds.add_parser("numbers", help="编号核查表")
        numbers.add_argument("register")
        numbers.add_argument("--year", type=int, required=True)
        numbers.set_defaults(run=self._numbers)
        life = kinds.add_parser("life", help="历史记录单：一条记录的全部经过")
        life.add_argument("register")
        life.add_argument("--number", required=True, help="记录的编号；几年都有的，取最近一年的，或用--year指明")
        life.add_argument("--year", type=int)
        life.set_defaults(run=self._life)
        for one in (month, register, numbers, life):
            one.add_argument("-o", "--output", type=Path, required=True)
        self._add_form(kinds)
        self._add_locks(commands, parser)

    def _add_form(self, kinds: Any) -> None:
        form = kinds.add_parser("form", help="表单；不写名称即列出全部")
        form.add_argument("form", nargs="?", metavar="表单")
        form.add_argument(
            "--number", action="append", default=[],
            help="记录的编号，如“下〔2022〕7号”，可以写几次，每件一张；几年都有的，取最近一年的，或用--year指明",
        )  # fmt: skip
        form.add_argument("--year", type=int)
        form.add_argument("--month", help="2022-12")
        form.add_argument("--unit", default="", help="只印这个单位的")
        form.add_argument("--person", default="", help="只印这个人的")
        form.add_argument("-o", "--output", type=Path)
        form.set_defaults(run=self._form)

    def _add_locks(self, commands: Any, parser: type[argparse.ArgumentParser]) -> None:
        for name, verb in (("lock", "锁定"), ("unlock", "解锁")):
            command = commands.add_parser(name, help=f"{verb}一个月；锁定记录留底，月报上写明以后的补录和更正")
            kinds = command.add_subparsers(dest="kind", parser_class=parser, required=True, metavar="对象")
            month = kinds.add_parser("month", help="月份")
            month.add_argument("period", help="2022-12")
            month.add_argument("--reason", required=True, help=f"为什么{verb}")
            month.set_defaults(run=self._lock, is_locked=name == "lock")
        log = commands.add_parser("locks", help="列出锁定和解锁的记录")
        log.add_argument("period", nargs="?", default="", help="2022-12；不写则列全部")
        log.set_defaults(run=self._log)

    def _month_of(self, text: str) -> date | None:
        """The first day of a month written as 2022-12; None, after saying so, when it is no month."""
        year, dash, month = text.partition("-")
        if len(year) == 4 and year.isdigit() and dash and month.isdigit() and 1 <= int(month) <= 12:
            return date(int(year), int(month), 1)
        sys.stderr.write(f"看不懂月份“{text}”，写法如2022-12\n")
        return None

    def _lock(self, folder: Path, options: argparse.Namespace) -> int:
        first = self._month_of(options.period)
        if first is None:
            return USAGE

        def work(store: Any) -> int:
            from db.store.locks import set_lock

            set_lock(store, first, options.is_locked, options.reason)
            self._say(f"{first.year}年{first.month}月已{'锁定' if options.is_locked else '解锁'}")
            return DONE

        return self._with_store(folder, work)

    def _log(self, folder: Path, options: argparse.Namespace) -> int:
        first = self._month_of(options.period) if options.period else None
        if options.period and first is None:
            return USAGE

        def work(_store: Any) -> int:
            from db.directory.locks import MonthLock

            for line in MonthLock.select().order_by(MonthLock.id):
                if first is None or line.month == f"{first:%Y-%m}":
                    verb = "锁定" if line.is_locked else "解锁"
                    self._say(f"{line.month}\t{verb}\t{str(line.at)[:16]}\t{line.by}\t{line.reason}")
            return DONE

        return self._with_store(folder, work)

    def _month(self, folder: Path, options: argparse.Namespace) -> int:
        first = self._month_of(options.period)
        if first is None:
            return USAGE

        def work(store: Any) -> int:
            from db.summaries.month import Month

            return self._render(options.output, Month(store, first.year, first.month, self._now()).summary())

        return self._with_store(folder, work)

    def _register(self, folder: Path, options: argparse.Namespace) -> int:
        self._require(options.register)

        def work(store: Any) -> int:
            from db.store.search import Filter
            from db.summaries.book import book

            made = book(store, store.catalogue[options.register], Filter(year=options.year), self._now())
            return self._render(options.output, made)

        return self._with_store(folder, work)

    def _numbers(self, folder: Path, options: argparse.Namespace) -> int:
        self._require(options.register)

        def work(store: Any) -> int:
            from db.summaries.numbers import numbers

            made = numbers(store, store.catalogue[options.register], options.year, self._now())
            return self._render(options.output, made)

        return self._with_store(folder, work)

    def _life(self, folder: Path, options: argparse.Namespace) -> int:
        self._require(options.register)

        def work(store: Any) -> int:
            from db.summaries.life import life

            register, record = self._numbered(store, (options.register,), options.number, options.year)
            return self._render(options.output, life(store, store.catalogue[register], record, self._now()))

        return self._with_store(folder, work)

    def _form(self, folder: Path, options: argparse.Namespace) -> int:
        from db.figures import Period

        try:
            span = options.month or (str(options.year) if options.year else "")
            period = Period.parse(span) if span else None
        except ValueError as error:
            sys.stderr.write(f"{error}\n")
            return USAGE
        if options.form and not options.output:
            sys.stderr.write("请用-o写明PDF存到哪里\n")
            return USAGE

        def work(store: Any) -> int:
            from db.summaries.forms import Chosen, FormMaker
            from db.summaries.office_forms import Templates

            templates = Templates(store)
            if not options.form:
                for key, template in templates.all().items():
                    self._say(f"{key}\t{template.name}")
                return DONE
            template = templates.template(options.form)
            records = tuple(
                self._numbered(store, template.registers, number, options.year) for number in options.number
            )
            chosen = Chosen(records, period, options.unit or options.person)
            return self._render(options.output, FormMaker(store, self._now()).forms(template, chosen))

        return self._with_store(folder, work)

    def _numbered(self, store: Any, registers: tuple[str, ...], number: str, year: int | None) -> tuple[str, int]:
        """The record that is named by its number; which year's it is is said when several have it."""
        from db.store.codes import all_by_number, by_number

        found = by_number(store, registers, number, year)
        years = [one.year for one in all_by_number(store, registers, number)]
        if len(years) > 1 and not year:
            listed = "、".join(map(str, years))
            self._say(f"编号“{number}”{listed}年都有，印的是{years[0]}年的；要别的请加--year")
        return found
