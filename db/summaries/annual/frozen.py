"""A report as JSON and back, so that what was filed is printed as it was filed; the rows stand with the figures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from db.summaries.annual.report import Claim, Claimed, Fact, Finding, Paragraph, Report, Row, Run, Told, Words


def dumps(report: Report) -> str:
    """The JSON of a report, without the rows behind its facts."""
    whole = asdict(report)
    for fact in whole["facts"]:
        del fact["rows"]
    for at, paragraph in enumerate(report.paragraphs):
        whole["paragraphs"][at]["head"] = [_run(run) for run in paragraph.head]
        whole["paragraphs"][at]["runs"] = [_run(run) for run in paragraph.runs]
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), default=_plain)


def loads(text: str, rows: Mapping[str, Sequence[Row]], filed: str) -> Report:
    """A report from its JSON; `rows` are those behind each fact by its key, `filed` says when and by whom."""
    whole = json.loads(text)
    return Report(
        office=whole["office"], year=whole["year"], start=date.fromisoformat(whole["start"]),
        end=date.fromisoformat(whole["end"]), is_running=whole["is_running"], title=tuple(whole["title"]),
        paragraphs=tuple(
            Paragraph(one["level"], _runs(one["head"]), _runs(one["runs"]), one["line"]) for one in whole["paragraphs"]
        ),
        signed=whole["signed"], dated=whole["dated"],
        facts=tuple(_fact(one, rows.get(one["key"], ())) for one in whole["facts"]),
        claims=tuple(
            Claim(**(one | {"facts": tuple(one["facts"]), "rows": _rows(one["rows"])})) for one in whole["claims"]
        ),
        findings=tuple(Finding(**(one | {"rows": _rows(one["rows"])})) for one in whole["findings"]),
        template=whole["template"], filed=filed,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _run(run: Run) -> dict[str, Any]:
    if isinstance(run, Claimed):
        return {"claim": run.claim, "runs": [_run(one) for one in run.runs]}
    return {"text": run.text, "fact": run.fact} if isinstance(run, Told) else {"text": run.text}


def _runs(listed: Sequence[dict[str, Any]]) -> tuple[Run, ...]:
    return tuple(
        Claimed(tuple(map(_simple, one["runs"])), one["claim"]) if "claim" in one else _simple(one) for one in listed
    )


def _simple(one: dict[str, Any]) -> Words | Told:
    return Told(one["text"], one["fact"]) if "fact" in one else Words(one["text"])


def _rows(listed: Sequence[Sequence[Any]]) -> tuple[Row, ...]:
    return tuple((register, record) for register, record in listed)


def _fact(one: dict[str, Any], rows: Sequence[Row]) -> Fact:
    values: dict[str, Any] = dict(one)
    values.update((name, _number(one[name])) for name in ("value", "base", "before"))
    values.update((name, date.fromisoformat(one[name])) for name in ("start", "end"))
    return Fact(**values, rows=tuple(rows))


def _number(value: Any) -> int | Decimal | None:
    return Decimal(value["decimal"]) if isinstance(value, dict) else value
