"""A .csv file of one sheet: dates as 2022-03-05, texts guarded so that no spreadsheet program runs or shortens them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import IO, Any

from db.exchange.columns import NO, YES, SheetColumn
from db.exchange.guarding import guarded
from db.exchange.sheets import Sheet, Steps

UTF8, GB18030 = "utf-8-sig", "gb18030"  # with the mark by which WPS and Excel know UTF-8


def write(file: IO[bytes], sheet: Sheet, encoding: str, steps: Steps) -> None:
    """Write one sheet into an open file, which stays open.

    Raises:
        OSError: when it cannot be written.
        Cancelled: when the steps say so.
    """
    make = [_writer(column) for column in sheet.columns]
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    lines = csv.writer(text)
    lines.writerow([column.label for column in sheet.columns])
    for rows in sheet.rows():
        steps.step(len(rows))
        lines.writerows([write(value) for write, value in zip(make, row, strict=True)] for row in rows)
    text.flush()
    text.detach()


def _writer(column: SheetColumn) -> Callable[[Any], str]:
    words = dict(column.words)

    def text(value: Any) -> str:
        found = words.get(value, value)
        return guarded(str(found)) if found else ""

    def flag(value: Any) -> str:
        return YES if value else NO

    def plain(value: Any) -> str:
        return "" if value is None else str(value)

    return flag if column.kind == "flag" else plain if column.kind not in ("text", "paragraph") else text
