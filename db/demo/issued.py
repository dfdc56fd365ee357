"""Outgoing documents of the demo year that other registers take up: plans, measures, catalogues put into force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from db.demo.office import OFFICE
from db.demo.outgoing import GOVERNMENT
from db.demo.steps import Step, outcomes
from db.registers.outgoing import Outgoing

CATALOGUE = "重大行政决策事项目录"
_NEVER = ("任免", CATALOGUE)  # titles that stay as they are
_EVERYBODY = "全县人民"


@dataclass(frozen=True)
class Paper:
    """One outgoing document with its days; it has its number from the moment `at` on."""

    record: Outgoing
    at: datetime
    doc_on: date
    printed_on: date
    published_on: date
    signer: str


class Issued:
    """The published notices of a year by the government and by its office; each is taken up once."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._free = [
            Paper(record, *(values[name] for name in ("numbered_at", "doc_on", "printed_on", "published_on", "signer")))
            for record, values in outcomes(steps)
            if isinstance(record, Outgoing) and record.series in ("蓝政发", "蓝政办发") and "published_on" in values
        ]
        self._free.sort(key=lambda paper: (paper.doc_on, paper.at))
        self.catalogued_on = next((one.doc_on for one in self._free if CATALOGUE in one.record.title), None)
        self._free = [one for one in self._free if not any(word in one.record.title for word in _NEVER)]

    def take(self, day: date, by_office: bool, text: str, lead: str) -> Paper:
        """The first free document from a day on; it becomes the one that puts a text into force, or the notice `text`.

        Documents drawn as measures (办法) go first, so that none is left that no register of measures knows.
        """
        series = "蓝政办发" if by_office else "蓝政发"
        fitting = [one for one in self._free if one.record.series == series and one.doc_on >= day]
        fitting = fitting or [one for one in self._free if one.doc_on >= day]
        soon = [one for one in fitting[:6] if one.record.is_normative and (one.doc_on - day).days < 30]
        paper = (soon or fitting)[0]
        self._free.remove(paper)
        record, is_notice = paper.record, "人民政府关于" in text
        record.series = series
        record.kind = "通告" if is_notice else "通知"
        record.main_to = _EVERYBODY if is_notice else record.main_to
        record.title = text if is_notice else f"{OFFICE if by_office else GOVERNMENT}关于印发《{text}》的通知"
        record.draft_unit, record.is_normative = lead, False
        return paper
