"""A register book on paper: against a bare canvas that draws the same text, and against LibreOffice converting it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from measuring import Result, interleaved, median, taken

CHILD = Path(__file__).with_name("paper_child.py")
ROWS, COLUMNS = 6_000, 8
SLOWER_THAN_CANVAS, OF_LIBREOFFICE = 1 / 0.9, 1 / 3
LIMIT = 600.0


def measure(folder: Path, environ: Mapping[str, str], rounds: int) -> Iterator[Result]:
    """Drawing in one process after the other, and whole processes against LibreOffice where it is installed."""
    what = f"book of {ROWS:,} rows × {COLUMNS} columns"
    book, canvas = (partial(_drawn, mode, folder, environ) for mode in ("book", "canvas"))
    ours, floor = interleaved(rounds, [book, canvas], warm_up=1)
    note = "floor: a bare ReportLab canvas that breaks lines anywhere; 0.9 × its speed is wanted"
    yield Result(f"{what}, drawing", median(ours), median(floor), at_most_ratio=SLOWER_THAN_CANVAS, note=note)
    office = shutil.which("soffice")
    if office is None:
        yield Result(f"{what}, whole process", None, at_most_ratio=OF_LIBREOFFICE, note="soffice is not installed")
        return
    _drawn("sheet", folder, environ)
    whole, other = interleaved(rounds, [
        partial(taken, partial(_drawn, "book", folder, environ)),
        partial(taken, partial(_converted, office, folder)),
    ], warm_up=1)  # fmt: skip
    note = "floor: soffice converting the same sheet to PDF; 3 × its speed is wanted"
    yield Result(f"{what}, whole process", median(whole), median(other), at_most_ratio=OF_LIBREOFFICE, note=note)


def _drawn(mode: str, folder: Path, environ: Mapping[str, str]) -> float:
    """The milliseconds that a process of its own has taken to draw."""
    target = folder / f"book-{mode}{'.fods' if mode == 'sheet' else '.pdf'}"
    command = [sys.executable, str(CHILD), mode, str(ROWS), str(target)]
    ended = subprocess.run(command, env=dict(environ), capture_output=True, text=True, timeout=LIMIT, check=True)
    return float(json.loads(ended.stdout))


def _converted(office: str, folder: Path) -> None:
    profile = f"-env:UserInstallation=file://{folder / 'office'}"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(folder / "book-sheet.fods"),
    ]
    subprocess.run(command, capture_output=True, timeout=LIMIT, check=True)
