"""The commands of the annual report: template (what the numbers of a report are), check, file, drift."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from db.errors import Refused

WithStore = Callable[[Path, Callable[[Any], int]], int]
Say = Callable[[str], None]
Write = Callable[[Path, bytes], None]
Render = Callable[[Path, Any], int]
DONE, REFUSED = 0, 1


class AnnualCommands:
    """Adds the commands to a parser; `with_store` runs work over the open ledger of a folder, `say` prints a line.

    `write` writes a file, `render` makes a PDF of what can be printed.
    """

    def __init__(self, with_store: WithStore, say: Say, write: Write, render: Render) -> None:
        self._with_store, self._say, self._write, self._render = with_store, say, write, render

    def add(self, commands: Any, parser: type[argparse.ArgumentParser]) -> None:
        """Add `annual` to the commands of the program."""
        annual = commands.add_parser("annual", help="年度报告")
        kinds = annual.add_subparsers(dest="kind", parser_class=parser, required=True, metavar="操作")
        template = kinds.add_parser("template", help="认出一份报告里的数字各是什么，列成JSON；加-o写成模板")
        template.add_argument("report", type=Path, metavar="报告.docx|.txt")
        template.add_argument("--year", type=int, help="报告说的年度；不写则看标题")
        template.add_argument("-o", "--output", type=Path, help="把认准的数字换成占位，写成模板文件")
        template.add_argument("--save", metavar="名称", help="把认准的数字换成占位，存为本单位的模板")
        template.set_defaults(run=self._template)
        for name, run, help_text in (
            ("check", self._check, "列出定稿前要处理的事项"), ("file", self._file, "定稿并封存"),
            ("drift", self._drift, "列出封存以后变动的数字"),
        ):  # fmt: skip
            command = kinds.add_parser(name, help=help_text)
            command.add_argument("year", type=int)
            command.add_argument("--template", default="", metavar="名称", help="用哪个模板；不写则用最近改的")
            command.add_argument("--json", action="store_true")
            command.set_defaults(run=run)

    def add_print(self, kinds: Any) -> None:
        """Add `print annual` to what can be printed."""
        printing = kinds.add_parser("annual", help="年度报告：PDF或Word；封存过的按封存的印")
        printing.add_argument("year", type=int)
        printing.add_argument("-o", "--output", type=Path, required=True, help="F.pdf或F.docx")
        printing.add_argument("--working", action="store_true", help="工作稿：数字连到附录的数据来源（PDF）")
        printing.add_argument("--draft", action="store_true", help="封存过的也重新起草")
        printing.add_argument("--template", default="", metavar="名称", help="用哪个模板；不写则用最近改的")
        printing.set_defaults(run=self._print)

    def _print(self, folder: Path, options: argparse.Namespace) -> int:
        suffix = options.output.suffix.lower()
        if suffix not in (".pdf", ".docx"):
            raise Refused(f"年度报告可以存成.pdf或.docx，不能存成“{options.output.name}”")
        if suffix == ".docx" and options.working:
            raise Refused("工作稿的数字要连到附录，只能存成.pdf")

        def work(store: Any) -> int:
            from db.summaries.annual.appendix import working_copy
            from db.summaries.annual.filing import filed_report
            from db.summaries.annual.report import Copy

            require_year(options.year)
            filed = None if options.draft or options.template else filed_report(options.year)
            report = filed[1] if filed else self._draft(store, options)
            if suffix == ".pdf":
                return self._render(options.output, working_copy(store, report) if options.working else Copy(report))
            from desktop.printing.word import render_word

            self._write(options.output, render_word(report, now(store)))
            self._say(f"{options.output}")
            return DONE

        return self._with_store(folder, work)

    def _template(self, folder: Path, options: argparse.Namespace) -> int:
        from db.store.places import LEDGER
        from db.summaries.annual.reading import report_text

        text = report_text(options.report)
        if not (folder / LEDGER).exists():
            return self._propose(text, options, None)
        return self._with_store(folder, lambda store: self._propose(text, options, store))

    def _propose(self, text: str, options: argparse.Namespace, store: Any) -> int:
        from db.summaries.annual.source import marked

        if options.save:
            if store is None:
                raise Refused("这个文件夹里没有台账，模板没有地方存；请用--data指明数据文件夹，或用-o写成文件")
            store.require("edit_rules")
        found = marked(text, store, options.year)
        if options.output:
            self._write(options.output, found.template().encode())
        if options.save:
            from db.summaries.annual.templates import put_template

            put_template(store, options.save, found.template(), found.text)
        self._say(json.dumps(listed(found), ensure_ascii=False, indent=1))
        return DONE

    def _draft(self, store: Any, options: argparse.Namespace) -> Any:
        from db.summaries.annual.draft import Draft
        from db.summaries.annual.templates import template

        require_year(options.year)
        return Draft(store, options.year, now(store), template(options.template)).report()

    def _check(self, folder: Path, options: argparse.Namespace) -> int:
        def work(store: Any) -> int:
            findings = self._draft(store, options).findings
            if options.json:
                rows = [
                    {"kind": one.kind, "text": one.text, "rows": [list(row) for row in one.rows]} for one in findings
                ]
                self._say(json.dumps(rows, ensure_ascii=False, indent=1))
            else:
                for one in findings:
                    self._say(f"{'须处理' if one.kind == 'must' else '请核对'}\t{one.text}")
            return REFUSED if any(one.kind == "must" for one in findings) else DONE

        return self._with_store(folder, work)

    def _file(self, folder: Path, options: argparse.Namespace) -> int:
        def work(store: Any) -> int:
            from db.summaries.annual.filing import file_report, filed_editions

            store.require("file_report")  # before the draft, which may refuse for its own reasons
            file_report(store, self._draft(store, options), now(store))
            row = filed_editions(options.year)[-1]
            self._say(
                f"{row.year}年度报告已封存（第{row.edition}次），{row.filed_at[:16].replace('T', ' ')}，{row.filed_by}"
            )
            return DONE

        return self._with_store(folder, work)

    def _drift(self, folder: Path, options: argparse.Namespace) -> int:
        def work(store: Any) -> int:
            from db.summaries.annual.drift import HOW, drift
            from db.summaries.annual.filing import filed_editions

            require_year(options.year)
            if not filed_editions(options.year):
                raise Refused(f"{options.year}年度报告还没有封存")
            found = drift(store, options.year, now(store))
            if options.json:
                self._say(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1, default=str))
                return DONE
            for one in found:
                self._say(f"{one.label}\t封存{one.filed}\t现在{one.now}")
                for moved in one.moved:
                    self._say(f"\t{HOW[moved.how]}\t{moved.number or '未编号'}\t{moved.subject}")
                    for step in moved.steps:
                        self._say(f"\t\t{step}")
            if not found:
                self._say(f"{options.year}年度报告封存以后，数字没有变动")
            return DONE

        return self._with_store(folder, work)


def now(store: Any) -> datetime:
    """The moment by the store's clock."""
    return datetime.fromisoformat(store.moment())


def require_year(year: int) -> None:
    """Refuse what is no year of a report."""
    if not 1949 <= year <= 9998:
        raise Refused(f"看不懂年度“{year}”，写法如2022")


def listed(found: Any) -> list[dict[str, Any]]:
    """A proposal as JSON: each number with the figure it is taken for, and each claim without a number."""
    rows: list[dict[str, Any]] = []
    for one in found.bindings:
        claim = next((claim for claim in found.claims if claim.start <= one.start < claim.end), None)
        rows.append({
            "text": one.text, "start": one.start, "end": one.end, "number": plain(one.number), "unit": one.unit,
            "noun": one.noun, "figure": one.figure, "comparison": one.comparison, "confidence": one.confidence,
            "reason": one.reason, "claim": claim.condition if claim else "",
        })  # fmt: skip
    for claim in found.claims:
        if not any(claim.start <= one.start < claim.end for one in found.bindings):
            figure, _sign, _number = claim.condition.partition("=")
            rows.append({
                "text": claim.text, "start": claim.start, "end": claim.end,
                "number": 0 if claim.condition.endswith("=0") else None, "unit": "", "noun": claim.text,
                "figure": figure or None, "comparison": "", "confidence": claim.confidence, "reason": claim.reason,
                "claim": claim.condition,
            })  # fmt: skip
    return sorted(rows, key=lambda row: row["start"])


def plain(number: Any) -> Any:
    """A number as JSON has it: whole where it is whole."""
    if not isinstance(number, Decimal):
        return number
    return int(number) if number == number.to_integral_value() else float(number)
