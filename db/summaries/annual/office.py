"""What a screen asks of the annual report: a year as it stands, rewriting a claim, the records behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.store.change import Change
from db.store.store import Store
from db.summaries.annual.draft import Draft
from db.summaries.annual.drift import Drift, drift
from db.summaries.annual.filing import filed_report
from db.summaries.annual.report import Claim, Report, Row
from db.summaries.annual.templates import put_template, template


@dataclass(frozen=True)
class Standing:
    """The report of a year: as it was filed with what has drifted since, or as it would be drafted now."""

    report: Report
    drifts: tuple[Drift, ...]


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
    name = used.name if used.is_own else f"{used.name}（本办修改）"
    return put_template(store, name, used.text.replace(claim.written, claim.rewritten, 1))


def listed(store: Store, rows: Sequence[Row], most: int) -> list[tuple[Row, str, str, str]]:
    """The first records of some: (row, number, date, subject), the newest first in each register."""
    found: list[tuple[Row, str, str, str]] = []
    for row in rows[:most]:
        register = store.catalogue[row[0]]
        sql = f'SELECT number, listed_on, "{register.SUBJECT}" FROM "{row[0]}" WHERE id = ?'
        number, on, subject = store.connection.execute(sql, (row[1],)).fetchone() or ("", "", "")
        found.append((row, number or "未编号", on or "", subject or ""))
    return found
