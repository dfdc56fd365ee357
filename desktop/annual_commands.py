"""The commands of the annual report: `annual template`, which tells what the numbers of a report are."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from db.store.places import LEDGER

WithStore = Callable[[Path, Callable[[Any], int]], int]
Say = Callable[[str], None]
Write = Callable[[Path, bytes], None]
DONE = 0


class AnnualCommands:
    """Adds the commands to a parser; `with_store` runs work over the open ledger of a folder, `say` prints a line.

    `write` writes a file.
    """

    def __init__(self, with_store: WithStore, say: Say, write: Write) -> None:
        self._with_store, self._say, self._write = with_store, say, write

    def add(self, commands: Any, parser: type[argparse.ArgumentParser]) -> None:
        """Add `annual` to the commands of the program."""
        annual = commands.add_parser("annual", help="年度报告")
        kinds = annual.add_subparsers(dest="kind", parser_class=parser, required=True, metavar="操作")
        template = kinds.add_parser("template", help="认出一份报告里的数字各是什么，列成JSON；加-o写成模板")
        template.add_argument("report", type=Path, metavar="报告.docx|.txt")
        template.add_argument("--year", type=int, help="报告说的年度；不写则看标题")
        template.add_argument("-o", "--output", type=Path, help="把认准的数字换成占位，写成模板文件")
        template.set_defaults(run=self._template)

    def _template(self, folder: Path, options: argparse.Namespace) -> int:
        from db.summaries.annual.reading import report_text

        text = report_text(options.report)
        if not (folder / LEDGER).exists():
            return self._propose(text, options, None)
        return self._with_store(folder, lambda store: self._propose(text, options, store))

    def _propose(self, text: str, options: argparse.Namespace, store: Any) -> int:
        from db.summaries.annual.source import marked

        found = marked(text, store, options.year)
        if options.output:
            self._write(options.output, found.template().encode())
        self._say(json.dumps(listed(found), ensure_ascii=False, indent=1))
        return DONE


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
