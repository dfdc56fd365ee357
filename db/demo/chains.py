"""Records of the demo year that belong together: a request and its answer, a report and the matter that it became."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from db.demo.steps import Step, outcomes
from db.record import Record
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.registers.supervision_matter import SupervisionMatter

_ANSWERS, _MATTERS = 16, 6  # at most in a year, of each kind
_ANSWERED_WITHIN, _PRESSED_WITHIN, _FINISHED_WITHIN = timedelta(35), timedelta(20), timedelta(6)
_APPROVAL = re.compile("人民政府关于(同意)?(.+)的批复$")


@dataclass(frozen=True)
class Chain:
    """Two records to be linked at a moment; `kind` is what the other is to the record."""

    record: Record
    other: Record
    kind: str
    at: datetime


def chains(received: Iterable[Step], sent: Iterable[Step], matters: Iterable[Step]) -> list[Chain]:
    """The links of a year; the paper that came in is worded like what it led to."""
    papers = [
        (record, values)
        for record, values in outcomes(received)
        if isinstance(record, Incoming) and record.received_on and not values.get("return_reasons")
    ]
    taken: set[int] = set()
    return [*_answers(papers, list(sent), taken), *_matters(papers, list(matters), taken)]


_Papers = list[tuple[Incoming, dict[str, Any]]]


def _answers(papers: _Papers, sent: list[Step], taken: set[int]) -> Iterator[Chain]:
    """Approvals, and the requests by the same units that they answer."""
    made = 0
    for answer, values in outcomes(sent):
        if not isinstance(answer, Outgoing) or made == _ANSWERS:
            continue
        approval = _APPROVAL.search(answer.title)
        if approval is None or "doc_on" not in values:
            continue
        on: date = values["doc_on"]
        for paper, ending in papers:
            fits = paper.kind == "请示" and paper.from_unit == answer.main_to and id(paper) not in taken
            finished: date = ending.get("finished_on") or on
            in_time = on - _ANSWERED_WITHIN <= paper.received_on < on <= finished <= on + _FINISHED_WITHIN
            if fits and in_time and ending.get("result") == "批复":
                taken.add(id(paper))
                made += 1
                paper.title = f"关于{'' if approval[1] else '批准'}{approval[2]}的请示"
                yield Chain(paper, answer, "答复", values["numbered_at"])
                break


def _matters(papers: _Papers, matters: list[Step], taken: set[int]) -> Iterator[Chain]:
    """Matters by order of a leader, and the reports of the same units that made him give it."""
    made = 0
    for matter, values in outcomes(matters):
        if not isinstance(matter, SupervisionMatter) or matter.source != "领导批示" or made == _MATTERS:
            continue
        on: date = matter.set_up_on
        for paper, _ending in papers:
            fits = paper.kind == "报告" and paper.from_unit == matter.lead_unit and id(paper) not in taken
            if fits and on - _PRESSED_WITHIN <= paper.received_on < on:
                taken.add(id(paper))
                made += 1
                paper.title = f"关于{matter.title}有关情况的报告"
                yield Chain(paper, matter, "转督办", values["first_at"])
                break
