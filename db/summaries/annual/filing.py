"""Filing a report: its text, its figures and the rows behind them are frozen; later changes are told as drift."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from db.directory.reports import FiledFigure, FiledReport
from db.errors import Problem, Refused
from db.store.change import Change
from db.store.store import Store
from db.summaries.annual.facts import Facts
from db.summaries.annual.frozen import dumps, loads
from db.summaries.annual.report import Fact, Report, Row


def file_report(store: Store, report: Report, now: datetime) -> Change:
    """File a draft: one change, journaled; a year filed again gets a further edition, the earlier ones stay.

    Raises:
        Refused: with every finding that must be settled first, or when the year still runs.
    """
    problems = [Problem("", finding.text) for finding in report.findings if finding.kind == "must"]
    if report.is_running:
        problems.append(Problem("", f"{report.year}年还没有结束，不能定稿封存；请在年末以后再封存"))
    if problems:
        raise Refused(problems)
    earlier = filed_editions(report.year)
    count, _head = store.head()
    row = FiledReport(
        year=report.year, edition=len(earlier) + 1, template=report.template, body=dumps(report), journal=count,
        filed_at=store.moment(), filed_by=store.user,
    )  # fmt: skip
    facts = Facts(store, report.year, now.date())
    known: dict[str, dict[int, int]] = {}
    with store.change(f"封存{report.year}年度报告", may="file_report") as change:
        number = change.put(row)
        for fact in report.facts:
            rows = json.dumps(_versions(store, fact, facts, known), separators=(",", ":"))
            change.put(FiledFigure(report=number, figure=fact.key, label=fact.label, shown=fact.shown, rows=rows,
                                   rows_hash=_hash(rows)))  # fmt: skip
    return change


def filed_editions(year: int) -> list[FiledReport]:
    """What was filed of a year, the first edition first."""
    return list(FiledReport.select().where(FiledReport.year == year).order_by(FiledReport.edition))


def filed_years() -> list[int]:
    """The years of which a report was filed, the last first."""
    return sorted({row.year for row in FiledReport.select(FiledReport.year)}, reverse=True)


def filed_report(year: int) -> tuple[FiledReport, Report] | None:
    """The last edition filed of a year, as it was filed; None when none was.

    Raises:
        Refused: when its rows are not those that were frozen: the file was changed behind the program's back.
    """
    editions = filed_editions(year)
    if not editions:
        return None
    row = editions[-1]
    rows = {one.figure: [(register, record) for register, record, *_rest in frozen_rows(one)] for one in figures(row)}
    again = f"（第{row.edition}次）" if row.edition > 1 else ""
    return row, loads(row.body, rows, f"{row.filed_at[:16].replace('T', ' ')} {row.filed_by}封存{again}")


def figures(row: FiledReport) -> list[FiledFigure]:
    """The figures of a filed report, in the order of its text."""
    return list(FiledFigure.select().where(FiledFigure.report == row.id).order_by(FiledFigure.id))


def frozen_rows(figure: FiledFigure) -> list[tuple[str, int, int, int]]:
    """The rows behind a filed figure: register, id, the record's last entry of the journal then, counted or not.

    Raises:
        Refused: when they do not match their hash.
    """
    if _hash(figure.rows) != figure.rows_hash:
        raise Refused(f"封存的“{figure.label}”与当时的校验值不符，文件可能被改动过；请用备份核对")
    return [(register, record, entry, counted) for register, record, entry, counted in json.loads(figure.rows)]


def _versions(store: Store, fact: Fact, facts: Facts, known: dict[str, dict[int, int]]) -> list[list[Any]]:
    """The rows behind a fact as they are frozen; `known` keeps the last entries of each register."""
    uncounted = set(facts.uncounted(fact.key)) if fact.key not in facts.passages else set[Row]()
    return [[*row, last_entry(store, row, known), int(row not in uncounted)] for row in fact.rows]


def last_entry(store: Store, row: Row, known: dict[str, dict[int, int]]) -> int:
    """The number of the journal's last entry about a record; `known` keeps those of its register."""
    register, record = row
    if register not in known:
        known[register] = dict(store.connection.execute(f'SELECT id, ifnull(entry, 0) FROM "{register}"'))
    return known[register].get(record, 0)


def _hash(rows: str) -> str:
    return hashlib.sha256(rows.encode()).hexdigest()
