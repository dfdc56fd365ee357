"""Figures of a month over the demo year and over the big ledger, and the month as PDF in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from ledger import now, opened
from measuring import Result, interleaved, median, taken

from db.figures import Figures, Period
from db.store.store import Store
from db.summaries.board import Board
from db.summaries.month import Month

HOUSE = Path(__file__).resolve().parents[2]
YEAR, MONTH = 2022, 12
FONT = HOUSE / "resources" / "fonts" / "FandolSong-Regular.ttf"
BARE_PDF = """
import sys
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
pdfmetrics.registerFont(TTFont("face", sys.argv[1]))
canvas = Canvas(sys.argv[2])
for _page in range(3):
    canvas.setFont("face", 10)
    for line in range(50):
        canvas.drawString(50, 50 + 14 * line, "关于做好安全生产工作的通知")
    canvas.showPage()
canvas.save()
"""


class MonthFigures:
    """The figures that the monthly summary asks for, and a bare query over the same days."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def values(self) -> None:
        """What the table and the chart of the summary show."""
        Month(self._store, YEAR, MONTH, now()).values()

    def year(self) -> None:
        """Every figure that is declared, over the whole year."""
        figures = Figures(self._store.connection, self._store.catalogue, self._store.rules.days)
        figures.values((figure.key for figure in figures), [Period.year(YEAR)])

    def bare(self) -> None:
        """One pass over two years of papers received: four counts a month."""
        sql = """SELECT substr(received_on, 1, 7), count(*), sum(source_group = '上级'), sum(kind = '请示'),
            sum(finished_on IS NOT NULL) FROM incoming WHERE listed_on >= ? AND listed_on < ?
            AND deleted_at IS NULL AND voided_on IS NULL GROUP BY 1"""
        days = (date(YEAR - 1, 1, 1).isoformat(), date(YEAR + 1, 1, 1).isoformat())
        self._store.connection.execute(sql, days).fetchall()

    def board(self) -> None:
        """What 今日 shows at once: overdue, due today, due in five working days."""
        Board(self._store.connection, self._store.catalogue, self._store.rules).groups()

    def summary(self) -> None:
        """The whole summary, ready to be printed."""
        Month(self._store, YEAR, MONTH, now()).summary()


def measure(folder: Path, name: str, rounds: int, at_most: float | None) -> Iterator[Result]:
    """The figures of December 2022 over one ledger."""
    with opened(folder) as store:
        month = MonthFigures(store)
        actions = (month.values, month.bare, month.summary, month.year, month.board)
        ours, floor, whole, year, board = interleaved(rounds, [partial(taken, action) for action in actions])
    yield Result(f"month figures, {name}", median(ours), median(floor), at_most=at_most)
    yield Result(f"month summary with its lists, {name}", median(whole), median(floor))
    yield Result(f"all figures of a year, {name}", median(year), median(floor), at_most=200)
    yield Result(f"the board's matters, {name}", median(board), median(floor), at_most=50)


def measure_pdf(folder: Path, output: Path, environ: dict[str, str], rounds: int) -> Iterator[Result]:
    """Month and annual report of the demo year as PDF, whole processes; floor: ReportLab sets three pages in one."""
    program = [sys.executable, "-m", "desktop", "--data", str(folder), "print"]
    month = [*program, "month", f"{YEAR}-{MONTH}", "-o", str(output)]
    annual = [*program, "annual", str(YEAR), "-o", str(output.with_name("annual.pdf"))]
    bare = [sys.executable, "-c", BARE_PDF, str(FONT), str(output.with_name("bare.pdf"))]

    def run(command: list[str]) -> float:
        start = time.perf_counter()
        subprocess.run(command, env=environ, cwd=HOUSE, check=True, capture_output=True)
        return (time.perf_counter() - start) * 1e3

    months, reports, copies, floor = interleaved(
        rounds, [lambda: run(month), lambda: run(annual), lambda: run([*annual, "--working"]), lambda: run(bare)]
    )
    yield Result("month PDF, whole process, demo year", median(months), median(floor), at_most=1000)
    yield Result("annual report PDF, whole process, demo year", median(reports), median(floor), at_most=2000)
    pages = "with the rows behind its numbers, whole process, demo year"
    yield Result(f"annual report PDF {pages}", median(copies), median(floor), at_most=2000)


def demo(house: Path, environ: dict[str, str]) -> tuple[Path | None, str]:
    """The folder of the demo year, built when it is not there; None with the reason when it cannot be built."""
    folder = house / "build" / "demo"
    if folder.exists():
        return folder, ""
    part = folder.with_name("bench") / "demo"
    if not part.exists():
        command: list[Any] = [sys.executable, "-m", "desktop", "--data", part, "demo", "--year", str(YEAR)]
        ended = subprocess.run(command, env=environ, cwd=house, capture_output=True, text=True, check=False)
        if ended.returncode:
            return None, (ended.stderr.strip().splitlines() or ["no demo year"])[-1]
    return part, ""
