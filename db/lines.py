"""Kinds of lines that several registers share; a register derives its own from them, with its `owner`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from db.record import DateField, Line, LineField, NumberField, ParagraphField, PersonField, Problem, TermField


class Progress(Line):
    """One report on the state of the work; a percentage that falls says why in `setback`."""

    TITLE = "进展"
    COLUMNS = ("on", "text", "percent", "setback")
    MUSTS = ("on", "text")

    on = DateField("日期")
    text = ParagraphField("进展情况")
    percent = NumberField("进度", unit="%")
    setback = LineField("回落原因")


class Urging(Line):
    """One reminder to the unit that handles the matter."""

    TITLE = "催办"
    COLUMNS = ("on", "way", "person", "reply")
    MUSTS = ("on",)

    on = DateField("日期")
    way = TermField("方式", "urge_way")
    person = PersonField("催办人")
    reply = LineField("答复")


def by_date(reports: Sequence[Progress]) -> list[Progress]:
    """The reports in the order of their days; those without a day come first."""
    return sorted(reports, key=lambda report: report.on or date.min)


def progress_problems(reports: Sequence[Progress]) -> Iterator[Problem]:
    """No percentage is above 100, and none falls without a reason."""
    known = [report for report in by_date(reports) if report.percent is not None]
    for report in known:
        if report.percent > 100:
            yield Problem(report.key(), "进度不能超过100%")
    for before, after in pairwise(known):
        if after.percent < before.percent and not after.setback:
            text = f"{after.on}的进度从{before.percent}%降到{after.percent}%：请写回落原因"
            yield Problem(after.key(), text, "missing")
