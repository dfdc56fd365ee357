"""The monthly summary: figures with their comparisons, the chart of the year, overdue and coming deadlines, lists.

It counts by business date what is valid when it is printed; a note names what was entered or voided since the end.

It names no register: figures, charts and lists are what the registers declare.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.figures import Figure, Figures, Period, Value
from db.record import Count, NumberField, Record
from db.store.store import Store
from db.summaries.corrections import corrections
from db.summaries.document import Align, Cell, Chart, Column, Note, Part, Series, Source, Summary, Table
from db.summaries.wording import change, cutoff_words, long_date, number, numeral, period_words, text_of

TITLE = "法治政府建设工作月度汇总"
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
        since = corrections(self._store.connection, self._store.catalogue, period, self._now)
        parts = [
            ("主要指标", (self._table(), Note(_NOTE), *map(Note, since))),
            ("全年收文、发文逐月情况", (self._chart(),)),
        ]
        parts += [("逾期清单", (self._overdue(),)), ("下月到期事项", (self._coming(),)), *self._lists()]
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

    def _table(self) -> Table:
        return Table(_FIGURE_COLUMNS, tuple(self._figure_row(figure) for figure in self._shown), size=10.5)

    def _figure_row(self, figure: Figure) -> tuple[Cell, ...]:
        spans = self._spans
        now, last, then, year, before = (self._values[figure.key, period] for period in spans.all())

        def cell(value: Any, period: Period) -> Cell:
            return Cell(number(value, getattr(figure, "nil", "")), Source(figure.key, period.start, period.end))

        return (
            Cell("　" * figure.indent + figure.label),
            Cell(figure.unit),
            cell(now, spans.month),
            cell(last, spans.last_month),
            Cell(change(now, last, figure.unit)),
            cell(then, spans.month_last_year),
            Cell(change(now, then, figure.unit)),
            cell(year, spans.year),
            cell(before, spans.year_before),
            Cell(change(year, before, figure.unit)),
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

    def _open_at_end(self) -> Iterator[tuple[type[Record], Any]]:
        """Registers with a clock, and the condition that a record's clock was running at the end of the month."""
        end = min(self._spans.month.end, date.fromordinal(self._now.date().toordinal() + 1))
        for register in self._store.catalogue:
            if not register.FINISHED:
                continue
            finished = register._meta.fields[register.FINISHED]
            live = register.deleted_at.is_null() & register.voided_on.is_null() & (register.listed_on < end)
            yield register, live & ((finished >= end) | register._meta.fields["is_open"])

    def _overdue(self) -> Table:
        end = min(self._spans.month.end, self._now.date())
        last = date.fromordinal(end.toordinal() - 1) if end == self._spans.month.end else end
        rows = []
        for at, (register, record) in enumerate(self._due_within(date.min, end), 1):
            due = record.due_on
            late = f"{(last - due).days}天\n{self._store.rules.days.between(due, last)}个工作日"
            rows.append(self._matter(at, register, record, late if due < last else "当日到期"))
        return Table(_matter_columns("办理时限", "逾期"), tuple(rows))

    def _coming(self) -> Table:
        start = self._spans.month.end
        last = date.fromordinal(start.toordinal() - 1)
        rows = []
        matters = self._due_within(start, Period.month(start.year, start.month).end)
        for at, (register, record) in enumerate(matters, 1):
            left = f"{self._store.rules.days.between(last, record.due_on)}个工作日"
            rows.append(self._matter(at, register, record, left))
        return Table(_matter_columns("到期日", "剩余"), tuple(rows))

    def _due_within(self, start: date, end: date) -> list[tuple[type[Record], Any]]:
        """The records running at the end of the month whose deadline lies in [start, end), by deadline."""
        found: list[tuple[type[Record], Any]] = []
        for register, running in self._open_at_end():
            due = _due(register)
            records = register.select().where(running, due >= start, due < end, _ranked(register, start, end))
            found += [(register, record) for record in records]
        return sorted(found, key=lambda matter: matter[1].due_on)

    def _matter(self, at: int, register: type[Record], record: Record, clock: str) -> tuple[Cell, ...]:
        return tuple(
            Cell(text)
            for text in (
                str(at), register.TITLE, record.number or "未编号", getattr(record, register.SUBJECT),
                getattr(record, register.HOLDER) if register.HOLDER else "",
                f"{record.due_on}{'（暂按）' if record.is_provisional else ''}", clock,
            )
        )  # fmt: skip

    def _lists(self) -> Iterator[tuple[str, tuple[Table, ...]]]:
        for register in self._store.catalogue:
            wanted = register.MONTH_LIST
            if wanted is None:
                continue
            end, names = self._spans.month.end, [name for name, _width in wanted.columns]
            records = (self._as_of(self._store.load(register, number), end) for number in self._listed(register))
            rows = tuple(tuple(Cell(_shown(record, name, end)) for name in names) for record in records)
            columns = tuple(
                Column(register.label(name), width, _align(register, name)) for name, width in wanted.columns
            )
            yield wanted.heading, (Table(columns, rows),)

    def _as_of(self, record: Record, end: date) -> Record:
        """The record as it stood before `end`: facts dated later are taken out, and the stage follows the rest."""
        facts = {name for move in record.MOVES for name in move.needs if name in record._meta.fields}
        later = [name for name in facts if isinstance(day := getattr(record, name), date) and day >= end]
        if later:
            for name in later:
                setattr(record, name, None)
            record.stage = ""
            record.derive(self._store.rules)
            record.settle()
        return record

    def _listed(self, register: type[Record]) -> list[int]:
        wanted, period = register.MONTH_LIST, self._spans.month
        assert wanted is not None
        day = register._meta.fields[register.BUSINESS_DATE]
        live = register.deleted_at.is_null() & register.voided_on.is_null() & (day < period.end)
        if wanted.until:
            until = register._meta.fields[wanted.until]
            condition = until.is_null() | (until >= period.start)
        else:
            condition = day >= period.start
        query = register.select(register.id).where(live, condition).order_by(day, register.sequence)
        return [row.id for row in query]


def _due(register: type[Record]) -> Any:
    return register._meta.fields["due_on"]


def _ranked(register: type[Record], start: date, end: date) -> Any:
    """The same deadlines by the index of urgency, where those of what is open and what is done stand apart."""
    ranges = [(register.sort_due >= f"{rank}{start}") & (register.sort_due < f"{rank}{end}") for rank in ("0", "2")]
    return ranges[0] | ranges[1]


def _matter_columns(day: str, clock: str) -> tuple[Column, ...]:
    """The columns of a list of matters with a deadline; `day` and `clock` head the last two."""
    return (Column("序号", 26, "centre"), Column("类别", 52, "centre"), Column("编号", 96, "centre"), Column("事项", 0),
            Column("承办单位", 92, "centre"), Column(day, 58, "centre"), Column(clock, 60, "centre"))  # fmt: skip


def _counted(blocks: tuple[Any, ...]) -> str:
    """（n件） behind the heading of a list of matters."""
    block = blocks[0]
    if isinstance(block, Table) and block.columns[0].head == "序号":
        return f"（{len(block.rows)}件）"
    return ""


def _align(register: type[Record], name: str) -> Align:
    """Numbers right, running text left, everything else centred."""
    if name == register.SUBJECT or any(kind.key() == name for kind in register.LINES):
        return "left"
    return "right" if isinstance(register._meta.fields.get(name), NumberField) else "centre"


def _said_on(line: Any) -> date | None:
    return line.on


def _shown(record: Record, name: str, end: date) -> str:
    for kind in record.LINES:
        if kind.key() == name:
            if "on" in kind._meta.fields:  # dated lines: what was said last by then
                known = [line for line in record.lines(kind) if (said := _said_on(line)) and said < end]
                return getattr(max(known, key=lambda line: _said_on(line) or date.min), "text", "") if known else ""
            return "；".join(text_of(getattr(line, kind.COLUMNS[0])) for line in record.lines(kind))
    if name == "stage":
        return record.stage_of(record.stage).label
    return text_of(getattr(record, name))
