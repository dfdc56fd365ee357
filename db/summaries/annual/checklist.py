"""What must be settled before a report is filed: faults, broken claims, causes that lack, numbers without a source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from db.rules.written_numbers import Folded, find
from db.store.store import Store
from db.summaries.annual.facts import Facts
from db.summaries.annual.report import Finding, Report, Row, Told, Words
from db.summaries.annual.template import Template
from db.summaries.wording import long_date

DUTY = "第一责任人"  # 厅字〔2019〕28号 asks how the heads have met their duty
_SHOWN = 20  # characters of a sentence around a number


def findings(report: Report, template: Template, facts: Facts, store: Store) -> Iterator[Finding]:
    """The checklist of a draft: what stands in the way of filing first, then what the clerk should look at."""
    yield from (Finding("must", f"模板{fault}") for fault in template.faults)
    yield from _claims(report)
    yield from _passages(report, facts)
    yield from _empty(report)
    yield from _untraced(report)
    yield from _incomplete(report, store)
    if DUTY not in report.text:
        yield Finding("warn", f"没有写党政主要负责人履行推进法治建设{DUTY}职责的情况（厅字〔2019〕28号）")
    if report.is_running:
        last = long_date(report.end - timedelta(1))
        yield Finding("warn", f"{report.year}年还没有结束，数字算到{last}，随台账变动")


def _claims(report: Report) -> Iterator[Finding]:
    for claim in report.claims:
        if claim.state == "broken":
            advice = f"；可改写为“{claim.instead}”" if claim.instead else ""
            yield Finding("must", f"“{claim.text}”不成立：{claim.why}{advice}", claim.paragraph, claim.rows)
    for claim in report.claims:
        if claim.state == "unknown":
            yield Finding("warn", f"“{claim.text}”无从核对：{claim.why}", claim.paragraph)


def _passages(report: Report, facts: Facts) -> Iterator[Finding]:
    """Texts made of records: none at all, or one that lacks what is told beside its subject (a problem's cause)."""
    for fact in report.facts:
        if fact.key not in facts.passages:
            continue
        passage, told = facts.told(fact.key)
        register = facts.passages.register_of(fact.key)
        if not told:
            text = f"{fact.label}是空的：{register.TITLE}里没有这样的记录（{fact.definition.rstrip('。')}）"
            yield Finding("must", text)
        if passage.form == "titles":
            continue
        for at, name in enumerate(passage.fields):
            rows: tuple[Row, ...] = tuple((register.key(), one.record) for one in told if not one.texts[at].strip())
            if rows:
                owner = passage.of.of if passage.of.of is not None and name in passage.of.of._meta.fields else register
                label = owner._meta.fields[name].verbose_name
                yield Finding("must", f"{fact.label}有{len(rows)}条没有写{label}", rows=rows)


def _empty(report: Report) -> Iterator[Finding]:
    told = {run.fact for one in report.paragraphs for run in one.all_runs() if isinstance(run, Told)}
    claimed = {key for claim in report.claims for key in claim.facts}
    for fact in report.facts:
        if fact.value is None and fact.key in told - claimed:
            yield Finding("warn", f"{fact.label}没有应计的记录，文中印“—”：请改写这一句")


def _untraced(report: Report) -> Iterator[Finding]:
    """Numbers that stand in the template itself: nobody can say which rows they count."""
    for at, paragraph in enumerate(report.paragraphs):
        text = "".join(run.text if isinstance(run, Words) else "〓" for run in paragraph.all_runs())
        folded = Folded.of(text)
        for number in find(folded):
            before = folded.text[max(number.left - _SHOWN, 0) : number.right].rpartition("，")[2]
            yield Finding("warn", f"“{before}”是写在模板里的数，没有出处；能换成占位的请换成占位", at)


def _incomplete(report: Report, store: Store) -> Iterator[Finding]:
    """Records behind the figures that are not complete (待补全)."""
    rows: dict[str, set[int]] = {}
    for register, record in (row for fact in report.facts for row in fact.rows):
        rows.setdefault(register, set()).add(record)
    for register in store.catalogue:
        if register.key() not in rows:
            continue
        sql = f'SELECT id FROM "{register.key()}" WHERE missing > 0 AND voided_on IS NULL AND deleted_at IS NULL'
        found = [record for (record,) in store.connection.execute(sql) if record in rows[register.key()]]
        if found:
            text = f"数字背后有{len(found)}条{register.TITLE}待补全"
            yield Finding("warn", text, rows=tuple((register.key(), record) for record in found))
