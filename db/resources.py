"""Where the bundled facts lie: holidays, vocabularies, deadline rules, fonts, help."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

RESOURCES = Path(__file__).resolve().parent.parent / "resources"


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """The rows of a bundled CSV file (UTF-8, with a head), by its path under `resources`."""
    with (RESOURCES / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
