"""The monthly summary: figures with their comparisons, the chart of the year, overdue and coming deadlines, lists.

It counts by business date what is valid when it is printed; a note names what was entered or voided since the end.

It names no register: figures, charts and lists are what the registers declare.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from db.directory.locks import log_of
from db.directory.units import unit_names
from db.figures import Figure, Figures, Period, Value
from db.record import Count
from db.rules.rulebook import month_key
from db.store.store import Store
from db.summaries.corrections import corrections, lock_words
from db.summaries.document import Cell, Chart, Column, Note, Part, Series, Source, Sources, Summary, Table
from db.summaries.in_hand import in_hand
from db.summaries.matters import Matters
from db.summaries.ranking import Ranking, whole_number
from db.summaries.wording import change, cutoff_words, long_date, number, numeral, period_words

TITLE = "法治政府建设工作月度汇总"
LEAST = 3  # matters due under which a unit is not ranked, unless the office sets another number
Block = Table | Chart | Note
_FIGURE_COLUMNS = (
    Column("指标", 102), Column("单位", 27, "centre"), Column("本月", 34, "right"), Column("上月", 34, "right"),
    Column("环比", 51, "right"), Column("上年同月", 48, "right"), Column("同比", 51, "right"),
    Column("本年累计", 48, "right"), Column("上年同期", 48, "right"), Column("累计同比", 0, "right"),
)  # fmt: skip
_NOTE = (
    "注：按业务日期（成文、收文、学习、发现日期）统计，不含作废；基数为零时以“—”表示；"
    "比率的增减为百分点（简写“点”）；四舍五入保留1位小数。"
)


@dataclass(frozen=True)
class Spans:
    """The five periods that a month is compared over."""

    month: Period
    last_month: Period
    month_last_year: Period
    year: Period
    year_before: Period

    @classmethod
    def of(cls, year: int, month: int) -> Spans:
        """The spans of one month: itself, the month before, the same a year before, the year so far, and the last."""
        this = Period.month(year, month)
        last = Period.month(year - 1, 12) if month == 1 else Period.month(year, month - 1)
        then = Period.month(year - 1, month)
        return cls(this, last, then, Period(date(year, 1, 1), this.end), Period(date(year - 1, 1, 1), then.end))

    def all(self) -> tuple[Period, ...]:
        """The five periods."""
        return self.month, self.last_month, self.month_last_year, self.year, self.year_before


class Month:
    """Builds the summary of one month from a store; `now` is the moment of printing."""

    def __init__(self, store: Store, year: int, month: int, now: datetime) -> None:
        self._store, self._now = store, now
        self._spans = Spans.of(year, month)
        self._figures = Figures(store.connection, store.catalogue, store.rules.days)
        self._months = [Period.month(year, number) for number in range(1, 13)]
        self._shown = sorted((one for one in self._figures if one.monthly), key=lambda figure: figure.monthly)
        self._drawn = [one for one in self._figures if isinstance(one, Count) and one.charted]
        self._values: dict[tuple[str, Period], Value] = {}

    def values(self) -> dict[tuple[str, Period], Value]:
        """The figures of table and chart over the periods that each shows, asked for together."""
        drawn = {figure.key for figure in self._drawn}
        wanted: dict[str, tuple[Period, ...]] = {key: tuple(self._months) for key in drawn}
        for figure in self._shown:
            wanted[figure.key] = (*self._spans.all(), *wanted.get(figure.key, ()))
        return self._figures.each(wanted)

    def summary(self) -> Summary:
        """The whole summary, ready to be printed."""
        self._values = self.values()
        period, office = self._spans.month, self._store.rules.setting("office")
        name = period_words(period)
        last = long_date(date.fromordinal(period.end.toordinal() - 1)).partition("月")[2]
        log = log_of(month_key(period.start))
        lock = log[-1] if log and log[-1].is_locked else None
        since = [*corrections(self._store.connection, self._store.catalogue, period, self._now, lock), *lock_words(log)]
        matters, ranking = Matters(self._store, self._figures, period, self._now), self._ranking()
        parts: list[tuple[str, tuple[Block, ...]]] = [
            ("主要指标", (self._table(), Note(_NOTE), *map(Note, since))),
            ("全年收文、发文逐月情况", (self._chart(),)),
            ("逾期清单", (matters.overdue(),)),
            ("下月到期事项", (matters.coming(),)),
            *((heading, (table,)) for heading, table in matters.lists()),
        ]
        if stages := in_hand(self._store, matters):
            parts.append(("在办事项所处阶段", stages))
        if due := ranking.chart():
            parts.append(("单位按时办结率排名", (ranking.table(), *ranking.notes(), due)))
        count, checksum = self._store.head()
        return Summary(
            office=office,
            title=TITLE,
            under=f"{name}（统计期间：{long_date(period.start)}至{last}，截至{cutoff_words(period, self._now)}）",
            footer=f"{office}　{name}月度汇总",
            parts=tuple(
                Part(f"{numeral(at)}、{heading}{_counted(blocks)}", blocks)
                for at, (heading, blocks) in enumerate(parts, 1)
            ),
            signatures=("制表", "审核", "签发"),
            printed_on=long_date(self._now.date()),
            checksum=f"{checksum}（共{count}条，{self._now:%Y-%m-%d %H:%M}）",
        )

    def _ranking(self) -> Ranking:
        rules = self._store.rules
        least, merges = whole_number(rules.setting("ranking_base"), LEAST), rules.setting("ranking_merges") == "是"
        return Ranking(self._figures, self._spans.month, self._spans.year, unit_names(), least, merges)

    def _table(self) -> Table:
        """The figures under the headings of their groups; a group in which nothing ever happened is left out."""
        rows: list[tuple[Cell, ...]] = []
        for group, figures in groupby(self._shown, self._group_of):
            known = list(figures)
            if any(self._values[one.key, period].value for one in known for period in self._spans.all()):
                rows.append((Cell(group),))
                rows += map(self._figure_row, known)
        return Table(_FIGURE_COLUMNS, tuple(rows), size=10.5)

    def _group_of(self, figure: Figure) -> str:
        register = self._figures.register_of(figure.key)
        return register.MONTH_GROUP or register.TITLE

    def _figure_row(self, figure: Figure) -> tuple[Cell, ...]:
        spans = self._spans
        now, last, then, year, before = (self._values[figure.key, period] for period in spans.all())

        def cell(value: Any, period: Period) -> Cell:
            return Cell(number(value, getattr(figure, "nil", "")), Source(figure.key, period.start, period.end))

        def compared(value: Value, with_value: Value, period: Period, with_period: Period) -> Cell:
            each = tuple(Source(figure.key, one.start, one.end) for one in (period, with_period))
            label = f"{figure.label}：{period_words(period)}与{period_words(with_period)}"
            return Cell(change(value, with_value, figure.unit), Sources(label, each))

        return (
            Cell("　" * figure.indent + figure.label),
            Cell(figure.unit),
            cell(now, spans.month),
            cell(last, spans.last_month),
            compared(now, last, spans.month, spans.last_month),
            cell(then, spans.month_last_year),
            compared(now, then, spans.month, spans.month_last_year),
            cell(year, spans.year),
            cell(before, spans.year_before),
            compared(year, before, spans.year, spans.year_before),
        )

    def _chart(self) -> Chart:
        def series(figure: Count) -> Series:
            upto = [period for period in self._months if period.start < self._spans.month.end]
            found = [self._values[figure.key, period].value if period in upto else 0 for period in self._months]
            numbers = [int(value or 0) for value in found]
            sources = [Source(figure.key, period.start, period.end) for period in self._months]
            return Series(figure.label, tuple(numbers), tuple(sources))

        beside = [series(figure) for figure in self._drawn if figure.charted == "beside"]
        return Chart(
            "件",
            tuple(f"{period.start.month}月" for period in self._months),
            tuple(series(figure) for figure in self._drawn if figure.charted == "stacked"),
            beside[0] if beside else None,
        )


def _counted(blocks: tuple[Block, ...]) -> str:
    """（n件） behind the heading of a list of matters."""
    block = blocks[0]
    if isinstance(block, Table) and block.columns[0].head == "序号":
        return f"（{len(block.rows)}件）"
    return ""
