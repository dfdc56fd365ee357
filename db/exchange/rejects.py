"""The refused rows of an import as a workbook of their own: as they stand, with the reason behind, to be mended."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from db.errors import Refused
from db.exchange import xlsx_writing
from db.exchange.columns import SheetColumn
from db.exchange.layout import REASON
from db.exchange.planning import Plan
from db.exchange.safe_writing import whole
from db.exchange.sheets import Marked, Progress, Sheet, Steps

_STEP = 500  # rows written at once
_NO_NAME = re.compile(r"[\[\]:*?/\\']")  # what the name of a sheet may not hold
_LONGEST_NAME = 31


def write_rejects(plan: Plan, target: Path, progress: Progress | None = None) -> int:
    """Write the rows of a plan that are refused or in doubt to an .xlsx file under the file's own headings.

    Gives back their number.

    Raises:
        Refused: when there is none, or the target is no .xlsx file or is open elsewhere.
        StoreTrouble: when it cannot be written.
        Cancelled: when `progress` gave False.
    """
    rows = sorted((*plan.indexes("refused"), *plan.indexes("doubted")))
    if not rows:
        raise Refused("没有被拒绝的行，没有写文件")
    if target.suffix.lower() != ".xlsx":
        raise Refused(f"被拒绝的行存成 .xlsx 表格，不能存成“{target.name}”")
    labels = [column.label for column in plan.columns]
    columns = [SheetColumn(str(at), label, "text", None) for at, label in enumerate(labels)]
    columns.append(SheetColumn("reason", REASON, "text", None))

    def values(part: Sequence[int]) -> list[tuple[Any, ...]]:
        found = (plan.row(at) for at in part)
        return [
            (*(Marked(cell.text) if cell.problem else cell.text for cell in row.cells), row.whole_reason)
            for row in found
        ]

    def parts() -> Iterator[list[tuple[Any, ...]]]:
        return (values(rows[at : at + _STEP]) for at in range(0, len(rows), _STEP))

    layout = plan.layouts[0]
    year = layout.year or plan.options.year  # days without one are of the same year when the rows come back
    name = _NO_NAME.sub(" ", layout.name)[: _LONGEST_NAME - 6].strip() or "拒绝的行"
    if year and str(year) not in name:
        name = f"{name} {year}年"
    sheet = Sheet(name, columns, len(rows), parts, values(rows[:_STEP]))
    with whole(target) as (part,):
        xlsx_writing.write(part, [sheet], plan.store.rules.setting("office"), Steps(len(rows), progress))
    return len(rows)
