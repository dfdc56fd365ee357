"""The annual report as values, before anybody has drawn it: paragraphs whose numbers know where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from db.summaries.document import Part

Row = tuple[str, int]  # key of a register, id of a record
State = Literal["kept", "broken", "unknown"]


@dataclass(frozen=True)
class Fact:
    """A figure, or a text made of records, over the report's period [start, end).

    `shown` is the value as a sentence has it, `base` that of a rate; `before` the value a year earlier, `change` 同比,
    `difference` 增加5件. `rows` are the records behind it.
    """

    key: str
    label: str
    unit: str
    definition: str
    start: date
    end: date
    value: int | Decimal | None
    base: int | Decimal | None
    before: int | Decimal | None
    shown: str
    change: str
    difference: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Words:
    """Words that come from the template."""

    text: str


@dataclass(frozen=True)
class Told:
    """A number, or words made of records, that come from the fact with this key."""

    text: str
    fact: str


@dataclass(frozen=True)
class Claimed:
    """Words that claim something; `claim` is the place of the claim in the report."""

    runs: tuple[Words | Told, ...]
    claim: int

    @property
    def text(self) -> str:
        """The words."""
        return "".join(run.text for run in self.runs)


Run = Words | Told | Claimed


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: `level` 1 for 一、 (黑体), 2 for （一）… with its heading run in (楷体), 3 for 1., 0 for text.

    `head` are the runs of its heading, `runs` the rest. `line` is its line in the template, from 1.
    """

    level: int
    head: tuple[Run, ...]
    runs: tuple[Run, ...]
    line: int

    @property
    def text(self) -> str:
        """The whole paragraph."""
        return "".join(run.text for run in (*self.head, *self.runs))

    def all_runs(self) -> Iterator[Words | Told]:
        """Every run of head and text, those of claims as well."""
        for run in (*self.head, *self.runs):
            yield from run.runs if isinstance(run, Claimed) else (run,)


@dataclass(frozen=True)
class Claim:
    """A claim checked: whether it holds, why not, the records that break it, and a sentence that would be true.

    `written` is how the template has the claim, `rewritten` the true sentence as a template would have it.
    """

    text: str
    conditions: str
    facts: tuple[str, ...]
    state: State
    why: str
    rows: tuple[Row, ...]
    instead: str
    paragraph: int
    written: str = ""
    rewritten: str = ""


@dataclass(frozen=True)
class Finding:
    """Something to settle before filing; a `must` stands in its way, a `warn` is for the clerk to judge."""

    kind: Literal["must", "warn"]
    text: str
    paragraph: int | None = None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Report:
    """The report of one year. `is_running` while the year has not ended; `filed` says when and by whom it was filed."""

    office: str
    year: int
    start: date
    end: date
    is_running: bool
    title: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    signed: str
    dated: str
    facts: tuple[Fact, ...]
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]
    template: str = ""
    filed: str = ""

    def fact(self, key: str) -> Fact:
        """The fact with a key; KeyError when the report tells no such figure."""
        for fact in self.facts:
            if fact.key == key:
                return fact
        raise KeyError(key)

    @property
    def text(self) -> str:
        """The whole text, one paragraph a line."""
        return "\n".join((*self.title, *(paragraph.text for paragraph in self.paragraphs), self.signed, self.dated))


@dataclass(frozen=True)
class Copy:
    """A report to be printed: clean, or with `appendix` a working copy whose numbers lead to the parts of it."""

    report: Report
    appendix: tuple[Part, ...] = ()
