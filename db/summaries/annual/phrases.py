"""By which words a report tells each figure: resources/templates/wording.csv, and the labels of the figures themselves.

In a phrase, * stands for up to ten characters within a clause and ** for up to forty within a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from db.record import Figure
from db.resources import rows_of

_GAPS = {"**": "[^。；\n]{0,40}?", "*": "[^，。；\n]{0,10}?"}


@dataclass(frozen=True)
class Wording:
    """How one figure is told. `phrases` are enough by themselves; `weak` words need one of `with_` in the sentence.

    `without` are words beside which it is another thing, `units` what it is counted in (%: a rate), `each` the figures
    that are meant when the sentence says 均 of it.
    """

    figure: str
    phrases: tuple[re.Pattern[str], ...]
    weak: tuple[re.Pattern[str], ...]
    with_: tuple[str, ...]
    without: tuple[str, ...]
    units: frozenset[str]
    each: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClaimWord:
    """A word by which a sentence claims something of every record (all) or that there is none (none)."""

    word: str
    kind: str


def wordings(figures: Iterable[Figure]) -> tuple[Wording, ...]:
    """The wording of every figure that the office's registers declare; a label tells its figure as well."""
    declared = {figure.key: figure for figure in figures}
    told = {wording.figure: wording for wording in bundled()}
    found = [told[key] for key in told if key in declared]
    labels = [figure.label for figure in declared.values()]
    for figure in declared.values():
        plain = figure.label
        is_own = len(plain) >= 4 and labels.count(plain) == 1 and not re.search("[（：按]", plain)
        if figure.key not in told and is_own:
            units = {figure.unit} if figure.unit == "%" else {figure.unit, "件", "个", "项", ""}
            found.append(Wording(figure.key, (pattern(plain),), (), (), (), frozenset(units)))
    return tuple(found)


@cache
def bundled() -> tuple[Wording, ...]:
    """The wordings that the program brings."""
    return tuple(
        Wording(
            row["figure"], _patterns(row["phrases"]), _patterns(row["weak"]), _parts(row["with"]),
            _parts(row["without"]), frozenset(row["units"].split("|")), _parts(row["each"]),
        )
        for row in rows_of("templates/wording.csv")
    )  # fmt: skip


@dataclass(frozen=True)
class Doubt:
    """Words before a number which mean that it is not the year's figure: how far it can be trusted then, and why."""

    words: re.Pattern[str]
    most: float
    why: str


@cache
def doubts() -> tuple[Doubt, ...]:
    """What holds a proposal down."""
    rows = rows_of("templates/doubts.csv")
    return tuple(Doubt(re.compile(row["words"]), float(row["most"]), row["why"]) for row in rows)


@cache
def claim_words() -> tuple[ClaimWord, ...]:
    """The words by which sentences claim something."""
    return tuple(ClaimWord(row["word"], row["kind"]) for row in rows_of("templates/claims.csv"))


def pattern(phrase: str) -> re.Pattern[str]:
    """A phrase with its gaps as a regular expression."""
    return re.compile("".join(_GAPS.get(part, re.escape(part)) for part in re.split(r"(\*\*|\*)", phrase)))


def _patterns(listed: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(pattern, _parts(listed)))


def _parts(listed: str) -> tuple[str, ...]:
    return tuple(filter(None, (listed or "").split("|")))
