"""`make bench`: ratios to the floors, measured in one run; medians of interleaved rounds.

Options: `--rows N` (default 1,000,000), `--quick` (10,000 rows and few rounds), `--only NAME` (start, keys, save, list,
figures, pdf, book, preview, memory, backup, export, import, search, grow, blocking, verify, index, sealed; may be
several times). The ledgers are built under build/bench and kept.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOUSE))

import backing  # noqa: E402
import exporting  # noqa: E402
import figuring  # noqa: E402
import growing  # noqa: E402
import importing  # noqa: E402
import indexing  # noqa: E402
import ledger  # noqa: E402
import paper  # noqa: E402
import saving  # noqa: E402
import sealed  # noqa: E402
import searching  # noqa: E402
import start  # noqa: E402
import verifying  # noqa: E402
from measuring import Result, interleaved, median, p99, report  # noqa: E402

BENCH = HOUSE / "build" / "bench"
FEW = 1_000
SEALED = 10_000
LIMIT = 300.0


@dataclass(frozen=True)
class Rounds:
    """How often each thing is measured."""

    starts: int = 9
    keys: int = 120
    saves: int = 300
    pages: int = 4  # processes for each ledger; a process opens the page OPENINGS times
    figures: int = 15
    pdfs: int = 7
    backups: int = 3


QUICK = Rounds(starts=2, keys=15, saves=30, pages=1, figures=3, pdfs=2, backups=2)
OPENINGS = 4


class Bench:
    """One run over a big and a small ledger; ledgers are built, and the big one is copied, when first asked for."""

    def __init__(self, rows: int, rounds: Rounds) -> None:
        self._rows, self._rounds = rows, rounds
        self._environ = start.environment(BENCH)
        self.parts: dict[str, Callable[[], Iterator[Result]]] = {
            "start": self.start, "keys": self.keys, "save": self.save, "list": self.lists, "figures": self.figures,
            "pdf": self.pdf, "book": self.book, "memory": self.memory, "backup": self.backup,
            "export": self.export, "import": self.imports, "search": self.search, "grow": self.grow,
            "preview": self.preview, "blocking": self.blocking, "verify": self.verify, "index": self.index,
            "sealed": self.sealed,
        }  # fmt: skip

    @cached_property
    def _big(self) -> Path:
        return ledger.ledger(BENCH, self._rows)

    @cached_property
    def _small(self) -> Path:
        return ledger.ledger(BENCH, FEW)

    @cached_property
    def _copy(self) -> Path:
        return saving.copied(self._big, BENCH / "copy")

    @cached_property
    def _demo(self) -> tuple[Path | None, str]:
        return figuring.demo(HOUSE, self._environ)

    def start(self) -> Iterator[Result]:
        """Start of the program against a bare window."""
        return start.measure(BENCH, self._big, self._small, self._rounds.starts, "start")

    def memory(self) -> Iterator[Result]:
        """Memory of the window's process."""
        return start.measure(BENCH, self._big, self._small, self._rounds.starts, "memory")

    def keys(self) -> Iterator[Result]:
        """Keystroke to painted character in the form."""
        count = str(self._rounds.keys)
        ours = self._in_window("keys", str(self._copy), count)
        bare = self._in_window("bare", count)["bare"]
        notes = {"title": "keys come at uneven moments, while the form works out what follows; floor: a bare QLineEdit"}
        for name, words in (("title", "title"), ("unit", "unit, completing")):
            typical = f"key to character, {words}, median"
            yield Result(typical, median(ours[name]), median(bare), at_most=16, note=notes.get(name, ""))
            yield Result(f"key to character, {words}, p99", p99(ours[name]), p99(bare), at_most=16)

    def save(self) -> Iterator[Result]:
        """Save of one record against bare commits."""
        return saving.measure(self._copy, self._rows, self._rounds.saves)

    def lists(self) -> Iterator[Result]:
        """Opening a register's list in the big ledger against the small one."""
        found: dict[Path, dict[str, list[float]]] = {self._big: {}, self._small: {}}

        def opened(folder: Path) -> float:
            ledger.release(folder)
            for name, values in self._in_window("list", str(folder), str(OPENINGS)).items():
                found[folder].setdefault(f"{name}, first", []).append(values[0])
                found[folder].setdefault(name, []).extend(values[1:])
            return 0.0

        interleaved(self._rounds.pages, [lambda: opened(self._big), lambda: opened(self._small)], warm_up=0)
        many = f"{self._rows:,} : {FEW:,} rows"
        for name, words in (
            ("page, first", "first page of the process"),
            ("page", "a further page"),
            ("all", "all years in an open page"),
        ):
            big, small = (median(found[folder][name]) for folder in (self._big, self._small))
            yield Result(f"list to painted, {words}, {many}", big, small, at_most=100)
        big, small = (median(found[folder]["form"]) for folder in (self._big, self._small))
        yield Result(f"list and the form beside it to painted, a further page, {many}", big, small)

    def figures(self) -> Iterator[Result]:
        """Figures of a month against one bare query."""
        demo, why = self._demo
        if demo is None:
            yield Result("month figures, demo year", None, at_most=20, note=why)
        else:
            yield from figuring.measure(demo, "demo year", self._rounds.figures, 20)
        yield from figuring.measure(self._big, f"{self._rows:,} rows", self._rounds.figures, None)

    def pdf(self) -> Iterator[Result]:
        """The month and the annual report as PDF."""
        demo, why = self._demo
        if demo is None:
            yield Result("month PDF, whole process, demo year", None, at_most=1000, note=why)
        else:
            yield from figuring.measure_pdf(demo, BENCH / "month.pdf", self._environ, self._rounds.pdfs)

    def book(self) -> Iterator[Result]:
        """A register book on paper against a bare canvas and LibreOffice."""
        return paper.measure(BENCH, self._environ, self._rounds.pdfs)

    def search(self) -> Iterator[Result]:
        """The first hits of a search against bare SQL and LIKE."""
        return searching.measure(self._big, self._rows)

    def grow(self) -> Iterator[Result]:
        """What one does with a list, from few records to many."""
        return growing.measure(BENCH, self._rows, FEW, self._growing)

    def _growing(self, folder: Path) -> dict[str, list[float]]:
        return self._in_window(str(folder), str(OPENINGS), script="growing_child.py")

    def backup(self) -> Iterator[Result]:
        """A verified backup, and the longest time for which a window does not answer while one is made."""
        yield from backing.measure(self._big, BENCH, self._rounds.backups)
        gaps = self._in_window("backup", str(self._copy))
        note = "the longest gap between two beats of 5 ms; floor: the same window with nothing to do"
        yield Result("window while backing up", max(gaps["busy"]), max(gaps["idle"]), at_most=50, note=note)

    def preview(self) -> Iterator[Result]:
        """The first page of a preview, drawn sharp, of a book of every row; each process opens it first and again."""
        found = [self._in_window("preview", str(self._copy)) for _process in range(self._rounds.pages)]
        for name, words in (("first", "the first time"), ("again", "once more")):
            each = [milliseconds for one in found for milliseconds in one[name]]
            yield Result(f"book of {self._rows:,} rows, page one on show {words}", median(each), at_most=300)

    def blocking(self) -> Iterator[Result]:
        """For how long the whole program's window does not answer: the longest gap of each kind of step."""
        found = self._in_window(str(self._copy), script="blocking.py")
        kinds: dict[str, list[tuple[float, float, str]]] = {}
        for step, (clock, processor) in found.items():
            kinds.setdefault(step.split()[0], []).append((clock, processor, step))
        for gaps in kinds.values():
            clock, processor, step = max(gaps)
            note = f"of which the processor worked {processor:.0f} ms"
            yield Result(f"window blocked at most, {step}", clock, at_most=50, note=note)

    def verify(self) -> Iterator[Result]:
        """The journal's chain against its hashes alone."""
        return verifying.measure(self._rounds.backups)

    def sealed(self) -> Iterator[Result]:
        """An encrypted ledger against the same one as it was; ten thousand records, some ten years of a county."""
        count = min(self._rows, SEALED)
        return sealed.measure(ledger.ledger(BENCH, count), BENCH, count, self._rounds.keys)

    def export(self) -> Iterator[Result]:
        """A hundred thousand rows to files of office programs."""
        return exporting.measure(self._big, BENCH, self._rows, self._rounds.backups)

    def index(self) -> Iterator[Result]:
        """The search index made anew after a new program."""
        return indexing.measure(self._copy, self._rows)

    def imports(self) -> Iterator[Result]:
        """Import of a workbook into an empty ledger."""
        return importing.measure(BENCH, self._rows)

    def _in_window(self, *arguments: str, script: str = "in_window.py") -> dict[str, list[float]]:
        """What a process of in_window.py, or another script, has measured."""
        command = [sys.executable, str(Path(__file__).with_name(script)), *arguments]
        ended = subprocess.run(
            command, env=self._environ, cwd=HOUSE, capture_output=True, text=True, timeout=LIMIT, check=False
        )
        if ended.returncode:
            raise RuntimeError(ended.stderr)
        return json.loads(ended.stdout.splitlines()[-1])


@contextmanager
def alone() -> Generator[None]:
    """Hold the folder of the bench: two runs at once would measure one another. Raises BlockingIOError."""
    BENCH.mkdir(parents=True, exist_ok=True)
    with (BENCH / "lock").open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def main() -> int:
    """Measure what the options ask for and print the table; 1 when another run is under way."""
    parser = argparse.ArgumentParser(description="Ratios to the floors, measured in one run.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--quick", action="store_true", help="10,000 rows, few rounds")
    parser.add_argument("--only", action="append", metavar="NAME")
    options = parser.parse_args()
    rows, rounds = (10_000, QUICK) if options.quick else (options.rows, Rounds())
    bench = Bench(rows, rounds)
    unknown = set(options.only or ()) - set(bench.parts)
    if unknown:
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}; there are {', '.join(bench.parts)}")
    results: list[Result] = []
    try:
        with alone():
            for name in options.only or bench.parts:
                sys.stderr.write(f"{name} …\n")
                results += bench.parts[name]()
            shutil.rmtree(BENCH / "copy", ignore_errors=True)
    except BlockingIOError:
        sys.stderr.write(f"another run of the bench holds {BENCH}\n")
        return 1
    load = os.getloadavg()[0]
    sys.stdout.write(
        f"{rows:,} rows; {os.cpu_count()} cores, load {load:.1f}; Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}\n\n"
    )
    report(results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
