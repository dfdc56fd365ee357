"""What the dry run of an import shows: counts, columns, rows and cells, for the wizard and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from db.errors import Problem
from db.exchange.guessing import Guessed
from db.exchange.rows import Kind


@dataclass(frozen=True)
class Counts:
    """How many rows there are of each kind, and how many rows of the sheets are no records."""

    new: int = 0
    changed: int = 0
    same: int = 0
    doubted: int = 0
    refused: int = 0
    skipped: int = 0
    left_out: int = 0

    @property
    def rows(self) -> int:
        """All rows that are records."""
        return self.new + self.changed + self.same + self.doubted + self.refused + self.skipped

    @property
    def left(self) -> int:
        """The rows that are not written until something is said or mended."""
        return self.refused + self.doubted

    @property
    def written(self) -> int:
        """The rows that `apply` would write."""
        return self.new + self.changed


@dataclass(frozen=True)
class PlanColumn:
    """One column of the plan: its heading, the key and label of its target (empty: not imported), how it was found."""

    label: str
    key: str
    field: str
    target: str
    how: str


@dataclass(frozen=True)
class CellPlan:
    """What becomes of a cell. `text` is what stands in the file (or was typed over it), `before` what the ledger holds
    ("" for a new record), `after` what it will hold; `problem` refuses the row, `note` only tells.

    `is_changed`: the ledger holds something else now. `is_mended`: it is kept otherwise than it is written.
    """

    text: str
    before: str = ""
    after: str = ""
    problem: str = ""
    note: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether a value that is there would be replaced or filled."""
        return bool(self.after) and self.before != self.after

    @property
    def is_mended(self) -> bool:
        """Whether what will be kept is written otherwise than in the file."""
        return bool(self.after) and self.after != self.text


@dataclass(frozen=True)
class RowPlan:
    """What becomes of a row: its place in the file (sheet and row number from 1), its kind, its cells in the order of
    `Plan.columns`, every problem, and `record`: the id of what is there already, with its number and title.

    `guessed`: what was told from another field where the file has no column for it, by field.
    `is_doubtful`: it bears the number of a record, or of a row before it, with another title (see doubting.py).
    """

    index: int
    sheet: str
    number: int
    kind: Kind
    cells: tuple[CellPlan, ...]
    problems: tuple[Problem, ...]
    record: int | None = None
    existing: str = ""
    is_doubtful: bool = False
    guessed: Mapping[str, CellPlan] = field(default_factory=dict[str, CellPlan])

    @property
    def reason(self) -> str:
        """Why the row is refused; for others what to know of it, in one line. `Plan.notes` tells of guesses."""
        kind = "must" if self.kind == "refused" else "note"
        texts = [problem.text for problem in self.problems if problem.kind == kind]
        notes = [note for cell in self.cells for note in cell.note.split("；") if note] if kind == "note" else []
        guesses = {problem.text for problem in self.problems if isinstance(problem, Guessed)}
        return "；".join(text for text in dict.fromkeys((*texts, *notes)) if text not in guesses)

    @property
    def whole_reason(self) -> str:
        """The same with the record that is there already; that first, where the clerk has to tell what the row is."""
        if self.kind == "doubted":
            return f"台账里是{self.existing}；{self.reason}"
        there = f"台账已有{self.existing}" if self.existing and self.kind != "same" else ""
        return "；".join(filter(None, (self.reason, there)))
