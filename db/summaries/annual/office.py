"""What a screen asks of the annual report: a year as it stands, rewriting a claim, the records behind a figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from db.errors import Problem, Refused
from db.record import Count
from db.store.change import Change
from db.store.store import Store
from db.summaries.annual.draft import Draft
from db.summaries.annual.drift import Drift, drift
from db.summaries.annual.facts import Facts
from db.summaries.annual.filing import filed_report
from db.summaries.annual.report import Claim, Report, Row
from db.summaries.annual.template import WORDS, read
from db.summaries.annual.templates import TemplateText, put_template, template

_NAME = re.compile("(?<={{)[a-z][a-z0-9_]*|(?<=且)[a-z][a-z0-9_]*")  # where a template names a figure by its key
_MARKS = re.compile("[.：:=<>≥≤且{}]")  # what a name in a template cannot hold


@dataclass(frozen=True)
class Standing:
    """The report of a year: as it was filed with what has drifted since, or as it would be drafted now."""

    report: Report
    drifts: tuple[Drift, ...]


@dataclass(frozen=True)
class Listed:
    """One record as a list shows it."""

    row: Row
    number: str
    on: str
    subject: str


def standing(store: Store, year: int, name: str, now: datetime, anew: bool = False) -> Standing:
    """The report of a year as it was filed; drafted by the template `name` when it was not, or `anew`.

    Raises:
        Refused: when there is no such template, or what was filed was changed behind the program's back.
    """
    filed = None if anew else filed_report(year)
    if filed is not None:
        return Standing(filed[1], drift(store, year, now))
    return Standing(Draft(store, year, now, template(name)).report(), ())


def rewrite(store: Store, report: Report, claim: Claim) -> Change:
    """Put the sentence that is true in place of a claim, in the office's template; one of the program is copied first.

    Raises:
        Refused: when the template no longer holds the claim.
    """
    used = template(report.template)
    return put_template(store, own_name(used), used.text.replace(claim.written, claim.rewritten, 1))


def listed(store: Store, rows: Sequence[Row], most: int) -> list[Listed]:
    """The first records of some, in their order."""
    found: list[Listed] = []
    for row in rows[:most]:
        register = store.catalogue[row[0]]
        sql = f'SELECT number, listed_on, "{register.SUBJECT}" FROM "{row[0]}" WHERE id = ?'
        number, on, subject = store.connection.execute(sql, (row[1],)).fetchone() or ("", "", "")
        found.append(Listed(row, number or "未编号", on or "", subject or ""))
    return found


class Wording:
    """The text of a template while it is edited: what may stand in it, and keeping it."""

    def __init__(self, store: Store, name: str, today: date) -> None:
        """Raises Refused when there is no template of that name."""
        self._store, self.used = store, template(name)
        self._facts = Facts(store, today.year, today)

    def names(self) -> list[str]:
        """What may be filled in, as the office calls it."""
        figures = self._facts.figures
        plain = [one for one in figures.every() if not (isinstance(one, Count) and one.by)]
        labels = [passage.of.label for _register, passage in self._store.catalogue.passages()]
        return list(dict.fromkeys((*WORDS.values(), *labels, *(figure.label for figure in plain))))

    def text(self) -> str:
        """The template as the office reads it: every name is the Chinese one, where that means the same."""
        labels = {figure.key: figure.label for figure in self._facts.figures.every()}
        labels |= {one.of.key: one.of.label for _register, one in self._store.catalogue.passages()}
        labels |= WORDS
        names = self._facts.names()
        plain = {key: label for key, label in labels.items() if names.key(label) == key and not _MARKS.search(label)}
        return _NAME.sub(lambda found: plain.get(found[0], found[0]), self.used.text)

    def draft(self, text: str, year: int, now: datetime) -> Report:
        """The report of a year by a text that is still edited.

        Raises:
            Refused: with every fault of the text, each at its line.
        """
        self._refuse_faults(text)
        return Draft(self._store, year, now, replace(self.used, text=text)).report()

    def _refuse_faults(self, text: str) -> None:
        faults = read(text, self._facts.names()).faults
        if faults:
            raise Refused([Problem("text", str(fault)) for fault in faults])

    def keep(self, text: str) -> Change:
        """Keep the text; one of the program is kept as a copy of the office's own.

        Raises:
            Refused: with every fault of the text, each at its line.
        """
        self._refuse_faults(text)
        return put_template(self._store, own_name(self.used), text)


def own_name(used: TemplateText) -> str:
    """The name under which a template is kept when it is changed."""
    return used.name if used.is_own else f"{used.name}（本办修改）"
