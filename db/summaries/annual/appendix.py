"""The appendix 数据来源 of a working copy: what must be settled, then the rows behind every figure of the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from db.store.store import Store
from db.summaries.annual.report import Copy, Fact, Report, Row
from db.summaries.document import Cell, Column, Note, Part, Table
from db.summaries.wording import long_date

_AT_ONCE = 500  # ids in one statement; SQLite before 3.32 takes 999 values
_COLUMNS = (
    Column("序号", 34, "centre"),
    Column("编号", 104, "centre"),
    Column("日期", 58, "centre"),
    Column("事项", 0),
)


def working_copy(store: Store, report: Report) -> Copy:
    """A report with its appendix: each number leads to the table of the rows behind it."""
    return Copy(report, tuple(_parts(store, report)))


def _parts(store: Store, report: Report) -> Iterator[Part]:
    told = {"must": "须处理", "warn": "请核对"}
    if report.findings:
        notes = (Note(f"{told[one.kind]}：{one.text}") for one in report.findings)
        yield Part("定稿前要处理的事项", tuple(notes))
    for at, fact in enumerate(report.facts, 1):
        yield Part(f"{at}.{fact.label}{_value(fact)}", tuple(_blocks(store, fact)), anchor=fact.key)


def _value(fact: Fact) -> str:
    if fact.base is not None and fact.unit == "%":
        return f"　{fact.shown}（基数{fact.base}）"
    return f"　{fact.value if fact.value is not None else '—'}{fact.unit}" if len(fact.shown) > 40 else \
        f"　{fact.shown}{'' if fact.unit == '%' else fact.unit}"  # fmt: skip


def _blocks(store: Store, fact: Fact) -> Iterator[Note | Table]:
    last = fact.end - timedelta(1)
    compared = f"上年同期{fact.before}，同比{fact.change}。" if fact.change and isinstance(fact.before, int) else ""
    yield Note(
        f"{fact.definition}统计期间{long_date(fact.start)}至{long_date(last)}，共{len(fact.rows)}条记录。{compared}"
    )
    rows = sorted(_listed(store, fact.rows))
    cells = ((str(at), *row[1:]) for at, row in enumerate(rows, 1))
    yield Table(_COLUMNS, tuple(tuple(Cell(text) for text in row) for row in cells), empty="没有记录")


def _listed(store: Store, rows: Sequence[Row]) -> Iterator[tuple[tuple[str, int], str, str, str]]:
    """Number, date and subject of each record, with what it is sorted by."""
    by_register: dict[str, list[int]] = {}
    for register, record in rows:
        by_register.setdefault(register, []).append(record)
    for key, ids in by_register.items():
        register = store.catalogue[key]
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            sql = (
                f'SELECT id, number, listed_on, "{register.SUBJECT}", voided_on FROM "{key}" '
                f"WHERE id IN ({','.join('?' * len(some))})"
            )
            for record, number, on, subject, voided in store.connection.execute(sql, some):
                day = date.fromisoformat(on).isoformat() if on else ""
                yield (day, record), number or "未编号", day, f"{subject}{'（已作废）' if voided else ''}"
