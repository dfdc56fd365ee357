"""Interleaved rounds, medians and the table in which they are reported."""

from __future__ import annotations

import statistics
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_HEADS = ("what", "ours", "floor", "ratio", "target", "reached")


@dataclass(frozen=True)
class Result:
    """One line of the report; `ours` and `floor` are in `unit`.

    The target is a ratio to the floor (`at_most_ratio`) or an absolute figure (`at_most`); without either the line is
    only told.
    """

    what: str
    ours: float | None
    floor: float | None = None
    unit: str = "ms"
    at_most: float | None = None
    at_most_ratio: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours by the floor's; None without a floor."""
        return self.ours / self.floor if self.ours is not None and self.floor else None

    @property
    def reached(self) -> bool | None:
        """Whether the target is met; None when there is none or nothing could be measured."""
        if self.ours is None or (self.at_most is None and self.at_most_ratio is None):
            return None
        if self.at_most_ratio is not None:
            return self.ratio is not None and self.ratio <= self.at_most_ratio
        return self.at_most is not None and self.ours <= self.at_most

    def cells(self) -> tuple[str, ...]:
        """The line of the table."""
        target = ""
        if self.at_most_ratio is not None:
            target = f"≤ {self.at_most_ratio:g} ×"
        elif self.at_most is not None:
            target = f"≤ {self.at_most:g} {self.unit}"
        ratio = f"{self.ratio:.2f}" if self.ratio is not None else ""
        verdict = {True: "yes", False: "NO", None: "–"}[self.reached]
        return self.what, _figure(self.ours, self.unit), _figure(self.floor, self.unit), ratio, target, verdict


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    places = 3 if value < 1 else 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:.{places}f} {unit}"


def interleaved(rounds: int, actions: Sequence[Callable[[], float]], warm_up: int = 1) -> list[list[float]]:
    """What each action gives, round after round, each round beginning with another; the warm-up rounds are left out."""
    found: list[list[float]] = [[] for _action in actions]
    for number in range(-warm_up, rounds):
        for step in range(len(actions)):
            at = (number + step) % len(actions)
            value = actions[at]()
            if number >= 0:
                found[at].append(value)
    return found


def taken(action: Callable[[], Any]) -> float:
    """How long an action takes, in milliseconds."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1e3


def median(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def p99(values: Sequence[float]) -> float:
    """The value that 99 in 100 do not exceed; of fewer than a hundred values the largest."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def report(results: Sequence[Result]) -> None:
    """Print the table and, under it, what is to be known of its lines."""
    table = [_HEADS, *(result.cells() for result in results)]
    widths = [max(_width(row[at]) for row in table) for at in range(len(_HEADS))]
    for number, row in enumerate(table):
        padded = [
            cell + " " * (width - _width(cell)) if at == 0 else " " * (width - _width(cell)) + cell
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        sys.stdout.write("  ".join(padded).rstrip() + "\n")
        if number == 0:
            sys.stdout.write("  ".join("-" * width for width in widths) + "\n")
    for result in results:
        if result.note:
            sys.stdout.write(f"{result.what}: {result.note}\n")
    sys.stdout.flush()
