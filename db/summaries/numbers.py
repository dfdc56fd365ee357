"""编号核查表: of each series of a register and year the numbers used, void, kept, missing and out of order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, pairwise
from typing import Any

from db.directory.numbers import NumberReason
from db.errors import Refused
from db.record import Record
from db.rules import secrecy
from db.rules.numbering import MissingNumbers, Numbering, gaps
from db.store.deletions import deletion
from db.store.store import Store
from db.summaries.document import Cell, Chart, Column, Note, Part, Summary, Table
from db.summaries.wording import long_date, numeral

_NOTE = "已用、作废、占号、缺号四项相加等于最大号。缺号要说明原因：在窗口里点缺号就可以写。"
_BINNED = "记录在回收站里的，号仍占用，不再给别的记录；计入上面的占号。恢复记录，号就回来。"
_CLEARED = "已从回收站清除的，内容没有了，号仍占用，不再给别的记录；计入上面的占号。"
_NUMBER, _DAY, _COUNT = Column("编号", 104, "centre"), Column("日期", 62, "centre"), 44.0


@dataclass(frozen=True)
class Given:
    """One number that was given: its record's title and day (None: not yet), and how it stands."""

    sequence: int
    number: str
    title: str
    on: date | None
    voided_on: date | None = None
    void_reason: str = ""
    is_reserved: bool = False
    deleted_id: int | None = None  # of a record in the recycle bin, whose number stays taken
    is_cleared: bool = False  # out of the bin, for good; the number stays taken all the same


@dataclass(frozen=True)
class Series:
    """The numbers of one series and year: those given, in their order, and the gaps between them."""

    name: str
    year: int
    given: tuple[Given, ...]
    gaps: tuple[MissingNumbers, ...]
    explained: tuple[NumberReason | None, ...]

    @property
    def void(self) -> tuple[Given, ...]:
        """Those that were voided; they are never given again."""
        return tuple(one for one in self.given if one.voided_on and not one.deleted_id)

    @property
    def reserved(self) -> tuple[Given, ...]:
        """Those kept for classified papers, which are registered elsewhere."""
        return tuple(one for one in self.given if one.is_reserved and not one.voided_on and not one.deleted_id)

    @property
    def deleted(self) -> tuple[Given, ...]:
        """Those whose records lie in the recycle bin or were cleared out of it: the number is not given again."""
        return tuple(one for one in self.given if one.deleted_id)

    @property
    def used(self) -> int:
        """How many stand for a record."""
        return len(self.given) - len(self.void) - len(self.reserved) - len(self.deleted)

    @property
    def highest(self) -> int:
        """The highest number given."""
        return self.given[-1].sequence if self.given else 0

    @property
    def missing(self) -> int:
        """How many numbers up to the highest were never given."""
        return sum(gap.last - gap.first + 1 for gap in self.gaps)

    @property
    def unexplained(self) -> int:
        """How many of them without a reason."""
        return sum(gap.last - gap.first + 1 for gap in self.gaps if not gap.reason)

    @property
    def disordered(self) -> tuple[tuple[Given, Given], ...]:
        """Pairs of a number and the one before it, whose day is later."""
        dated = [one for one in self.given if one.on and not one.voided_on and not one.deleted_id]
        return tuple((late, early) for early, late in pairwise(dated) if early.on and late.on and late.on < early.on)

    @property
    def other_year(self) -> tuple[Given, ...]:
        """Those whose day lies in another year than their number."""
        return tuple(
            one
            for one in self.given
            if one.on and one.on.year != self.year and not one.voided_on and not one.deleted_id
        )

    @property
    def too_late(self) -> tuple[Given, ...]:
        """Those given after 31 January of the following year, when the series should have been closed."""
        return tuple(one for one in self.other_year if one.on and one.on > date(self.year + 1, 1, 31))


def series_of(store: Store, register: type[Record], year: int) -> tuple[Series, ...]:
    """The series of a register in a year, in the order of their names.

    Raises:
        Refused: when the register has no numbers of its own.
    """
    numbering = register.numbering(store.rules)
    if numbering is None:
        raise Refused(f"{register.TITLE}不编号，没有编号核查表")
    rows = store.connection.execute(*_query(register, numbering, year)).fetchall()
    reasons = list(
        NumberReason.select()
        .where((NumberReason.register == register.key()) & (NumberReason.year == year))
        .order_by(NumberReason.id.desc())
    )
    return tuple(
        _series(register, numbering, name, year, [_given(row[1:]) for row in group], reasons)
        for name, group in groupby(rows, key=lambda row: row[0])
    )


def _query(register: type[Record], numbering: Numbering, year: int) -> tuple[str, tuple[Any, ...]]:
    security = register.security_field()
    day = register._meta.fields[numbering.on or register.BUSINESS_DATE].column_name
    reserved = f'"{security}" = ?' if security else "? IS NULL"
    sql = (
        f'SELECT series, sequence, number, "{register.SUBJECT}", "{day}", voided_on, void_reason, {reserved}, '
        "CASE WHEN deleted_at IS NOT NULL THEN id END, emptied_at IS NOT NULL "
        f'FROM "{register.key()}" WHERE year = ? AND sequence IS NOT NULL '
        "ORDER BY series, sequence"
    )
    return sql, (secrecy.RESERVED, year)


def _given(row: tuple[Any, ...]) -> Given:
    sequence, number, title, on, voided, reason, reserved, deleted, cleared = row
    day = date.fromisoformat(on) if on else None
    gone = date.fromisoformat(voided) if voided else None
    return Given(sequence, number, title, day, gone, reason, bool(reserved), deleted, bool(cleared))


def _series(
    register: type[Record], numbering: Numbering, name: str, year: int, given: list[Given],
    reasons: list[NumberReason],
) -> Series:  # fmt: skip
    mine = [one for one in reasons if one.series == name]
    found: list[tuple[MissingNumbers, NumberReason | None]] = []
    for first, last in gaps(one.sequence for one in given):
        for start, end, reason in _explained(first, last, mine):
            text = numbering.render(name, year, start)
            if end > start:
                text += f"至{numbering.render(name, year, end)}"
            words = str(reason.reason) if reason else ""
            found.append((MissingNumbers(register.key(), name, year, start, end, text, words), reason))
    return Series(name, year, tuple(given), tuple(gap for gap, _why in found), tuple(why for _gap, why in found))


def _explained(first: int, last: int, reasons: list[NumberReason]) -> Iterator[tuple[int, int, NumberReason | None]]:
    """A run of missing numbers, cut where the reason changes; of several reasons the newest (the first) counts."""
    edges = {first, last + 1}
    for one in reasons:
        edges.update(edge for edge in (one.first, one.last + 1) if first < edge <= last)
    for start, after in pairwise(sorted(edges)):
        yield start, after - 1, next((one for one in reasons if one.first <= start and after - 1 <= one.last), None)


def numbers(store: Store, register: type[Record], year: int, now: datetime) -> Summary:
    """The 编号核查表 of a register and year, ready to be printed. Raises Refused when it has no numbers."""
    found = series_of(store, register, year)
    parts: list[tuple[str, tuple[Table | Chart | Note, ...]]] = [
        ("各系列编号", (_totals(found), Note(_NOTE), *_warnings(found, now.date()))),
        (f"缺号和原因（{sum(one.missing for one in found)}个）", (_gaps(found),)),
        (f"作废的编号（{sum(len(one.void) for one in found)}个）", (_void(found),)),
        (f"编号靠后而日期靠前（{sum(len(one.disordered) for one in found)}处）", (_disordered(found),)),
        (f"编号年份与日期年份不同（{sum(len(one.other_year) for one in found)}件）", (_other_year(found),)),
    ]
    if deleted := sum(len(one.deleted) for one in found):
        parts.append((
            f"已删除而号仍占用的编号（{deleted}个）", (_deleted(store, register, found), *_notes_of_deleted(found))
        ))  # fmt: skip
    office = store.rules.setting("office")
    count, checksum = store.head()
    title = f"{register.TITLE}编号核查表"
    return Summary(
        office=office,
        title=title,
        under=f"{year}年度（截至{long_date(now.date())}）",
        footer=f"{office}　{year}年度{title}",
        parts=tuple(Part(f"{numeral(at)}、{heading}", blocks) for at, (heading, blocks) in enumerate(parts, 1)),
        signatures=("制表", "审核"),
        printed_on=long_date(now.date()),
        checksum=f"{checksum}（共{count}条，{now:%Y-%m-%d %H:%M}）",
    )


def _name(series: Series) -> str:
    return series.name or "（不分系列）"


def _table(columns: tuple[Column, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    return Table(columns, tuple(tuple(Cell(text) for text in row) for row in rows))


def _totals(found: tuple[Series, ...]) -> Table:
    heads = ("最大号", "已用", "作废", "占号", "缺号", "未说明", "错序", "跨年")
    columns = (Column("系列", 0), *(Column(head, _COUNT, "right") for head in heads))
    rows = (
        (_name(one), *map(str, (
            one.highest, one.used, len(one.void), len(one.reserved) + len(one.deleted), one.missing,
            one.unexplained, len(one.disordered), len(one.other_year),
        )))
        for one in found
    )  # fmt: skip
    return _table(columns, rows)


def _warnings(found: tuple[Series, ...], today: date) -> Iterator[Note]:
    """A series of last year that was still open after 31 January."""
    for one in found:
        if one.too_late and today > date(one.year + 1, 1, 31):
            last = max(one.too_late, key=lambda given: given.on or date.min)
            words = f"{_name(one)}：{one.year}年的系列到{one.year + 1}年1月31日以后还在编号"
            yield Note(f"{words}（{len(one.too_late)}件，最晚{last.number}，{last.on}）；应当封存，改用新一年的系列。")


def _gaps(found: tuple[Series, ...]) -> Table:
    columns = (Column("缺号", 170, "centre"), Column("个数", _COUNT, "right"), Column("原因", 0),
               Column("说明人", 48, "centre"), Column("说明日期", 62, "centre"))  # fmt: skip
    rows = (
        (
            Cell(gap.text, gap),
            Cell(str(gap.last - gap.first + 1)),
            Cell(gap.reason or "未说明", gap),
            Cell(str(why.by) if why else ""),
            Cell(str(why.at)[:10] if why else ""),
        )
        for one in found
        for gap, why in zip(one.gaps, one.explained, strict=True)
    )
    return Table(columns, tuple(rows))


def _void(found: tuple[Series, ...]) -> Table:
    columns = (_NUMBER, Column("标题", 0), Column("作废日期", 62, "centre"), Column("作废原因", 130))
    return _table(
        columns, ((one.number, one.title, str(one.voided_on), one.void_reason) for it in found for one in it.void)
    )


def _deleted(store: Store, register: type[Record], found: tuple[Series, ...]) -> Table:
    columns = (_NUMBER, Column("标题", 0), Column("删除时间", 92, "centre"), Column("删除人", 48, "centre"),
               Column("怎样删的", 90))  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for one in (one for series in found for one in series.deleted):
        told = deletion(store, register, one.deleted_id or 0)
        rows.append((one.number, one.title, *((told.at, told.by, told.title) if told else ("", "", ""))))
    return _table(columns, rows)


def _notes_of_deleted(found: tuple[Series, ...]) -> Iterator[Note]:
    cleared = {given.is_cleared for one in found for given in one.deleted}
    yield from (Note(words) for is_cleared, words in ((False, _BINNED), (True, _CLEARED)) if is_cleared in cleared)


def _disordered(found: tuple[Series, ...]) -> Table:
    columns = (_NUMBER, _DAY, Column("标题", 0), Column("前一个编号", 104, "centre"), Column("其日期", 62, "centre"))
    return _table(
        columns,
        (
            (late.number, str(late.on), late.title, early.number, str(early.on))
            for one in found
            for late, early in one.disordered
        ),
    )


def _other_year(found: tuple[Series, ...]) -> Table:
    columns = (_NUMBER, _DAY, Column("标题", 0))
    return _table(columns, ((one.number, str(one.on), one.title) for it in found for one in it.other_year))
