"""Takes records out of the ledger: what a list shows or a whole register, to .xlsx or .csv.

**The shape of a file**, which importing reads back into identical records:

* One sheet for the register, named by its TITLE (收文), one row for a record, one column for a field. The heading
  is the field's label; `db.exchange.columns` has the order: number, fields of the form, derived fields, 阶段 (its
  label), 办理时限, 时限依据, 作废日期, 作废原因, and last, hidden, 记录标识: the record's `uuid`. Where a register
  calls a field of its own 编号, the number's heading is 台账编号 (`number_label`).
* One sheet for each kind of lines of which there are any, named 收文·领导批示, one row for a line in its order; it
  begins with the number and ends with the 记录标识 of the record that the line belongs to. A record without a number
  is known by its 记录标识 alone.
* Values: days and moments are real dates of the 1900 system (text where Excel knows no such day: before March 1900),
  whole and decimal numbers are numbers, flags 是 or 否, everything else is text. Empty is an empty cell.
* What follows from other fields (`Record.DERIVED`, 办理时限 where 时限依据 names a rule) is written to be read; a
  reader computes it anew. 办理时限 is the clerk's own where 时限依据 is 手工指定.
* .csv: one file a sheet, the lines in files of their own beside it (收文-领导批示.csv), UTF-8 with its mark or
  GB18030; texts are guarded (`db.exchange.guarding.unguarded` takes the guard off).
* More than 1,048,575 rows go on in sheets named 收文（2）, 收文（3）.
* Of classified papers the ledger keeps the number alone; it is written as the printed book has it: number, 密级
  涉密（占号）, and 涉密文件，另册登记 as the title. Deleted records, attachments and links are not written.
* With chosen columns the file is one to be looked at: these columns alone, no identity and no lines.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from db.errors import Refused
from db.exchange import csv_writing, xlsx_writing
from db.exchange.columns import (
    IDENTITY,
    LINE_MARK,
    MOST_ROWS,
    SheetColumn,
    line_columns,
    record_columns,
    sheet_title,
)
from db.exchange.csv_writing import UTF8
from db.exchange.safe_writing import whole
from db.exchange.sheets import Progress, Sheet, Steps, Values
from db.record import Line, Record
from db.store.connecting import one_state
from db.store.search import Filter, Listing
from db.store.store import Store

__all__ = ["IDENTITY", "Exported", "Selection", "export", "export_all"]

EVERY = 1_000  # records read and written at once
_SAMPLE = 200  # records by whose texts the widths are chosen
WORKBOOK, TEXT, PACKED = ".xlsx", ".csv", ".zip"


@dataclass(frozen=True)
class Selection:
    """What is taken out of a register: the records under a filter in its order (None: all, by number), and columns.

    Without `columns` it is everything: all fields, the identity, and the lines in sheets of their own. `near` is the
    number of working days from which a deadline counts as close.
    """

    register: type[Record]
    filter: Filter | None = None
    columns: tuple[str, ...] = ()
    near: int = 3

    @property
    def wanted(self) -> Filter:
        """The filter in force."""
        return self.filter if self.filter is not None else Filter(order="number", descending=False)


@dataclass(frozen=True)
class Exported:
    """The files that were written, the number of records and of lines in them, and what could not be written whole."""

    files: tuple[Path, ...]
    records: int
    lines: int
    notes: tuple[str, ...] = ()


def export(
    store: Store, selections: Sequence[Selection], target: Path, encoding: str = UTF8, progress: Progress | None = None
) -> Exported:
    """Write selections of several registers to a workbook, to .csv files or to a .zip of them, by the target's suffix.

    Runs on any thread: it reads one state of the ledger on this thread's connection.

    Raises:
        Refused: when there is nothing to write, for another suffix, or when the target is open elsewhere.
        StoreTrouble: when the place cannot be written to or the disk is full; nothing is left behind.
        Cancelled: when `progress` gave False; nothing is left behind.
    """
    suffix = target.suffix.lower()
    if suffix not in (WORKBOOK, TEXT, PACKED):
        raise Refused(f"只能导出成 .xlsx、.csv 或 .zip（压缩的 CSV），看不懂“{target.name}”")
    with one_state(store.connection):
        sources = [Source(store, selection) for selection in selections]
        records = sum(len(source.ids) for source in sources)
        if not records:
            raise Refused("没有可导出的记录，没有写文件")
        sheets = [sheet for source in sources for sheet in source.sheets()]
        steps = Steps(sum(sheet.count for sheet in sheets), progress)
        lines = sum(sheet.count for sheet in sheets if LINE_MARK in sheet.title)
        notes: Sequence[str] = ()
        if suffix == WORKBOOK:
            files = (target,)
            with whole(target) as (part,):
                notes = xlsx_writing.write(part, sheets, store.rules.setting("office"), steps)
        elif suffix == PACKED:
            files = (target,)
            with whole(target) as (part,):
                _write_packed(part, sheets, encoding, steps)
        else:
            files = tuple(_beside(target, sheet, sheets[0]) for sheet in sheets)
            with whole(*files) as parts:
                for part, sheet in zip(parts, sheets, strict=True):
                    with part.open("wb") as file:
                        csv_writing.write(file, sheet, encoding, steps)
    return Exported(files, records, lines, tuple(notes))


def export_all(store: Store, target: Path, encoding: str = UTF8, progress: Progress | None = None) -> Exported:
    """Write every register that holds records: to one workbook, to a .zip of .csv files, or to a folder of workbooks.

    Raises as `export` does.
    """
    chosen = [Selection(register) for register in store.catalogue if _holds(store, register)]
    if target.suffix.lower() in (WORKBOOK, PACKED) and not target.is_dir():
        return export(store, chosen, target, encoding, progress)
    if target.suffix:
        raise Refused(f"全部台账只能导出成 .xlsx、.zip 或一个文件夹，看不懂“{target.name}”")
    made = [export(store, [one], target / f"{one.register.TITLE}{WORKBOOK}", encoding, progress) for one in chosen]
    if not made:
        raise Refused("没有可导出的记录，没有写文件")
    return Exported(
        tuple(file for one in made for file in one.files), sum(one.records for one in made),
        sum(one.lines for one in made), tuple(note for one in made for note in one.notes),
    )  # fmt: skip


def _holds(store: Store, register: type[Record]) -> bool:
    sql = f'SELECT 1 FROM "{register.key()}" WHERE deleted_at IS NULL LIMIT 1'
    return store.connection.execute(sql).fetchone() is not None


def _beside(target: Path, sheet: Sheet, first: Sheet) -> Path:
    """The file of a sheet: the target for the first, its name with that of the lines for others."""
    if sheet is first:
        return target
    name = sheet.title.partition(LINE_MARK)[2] or sheet.title.removeprefix(first.title)
    return target.with_name(f"{target.stem}-{name}{target.suffix}")


def _write_packed(part: Path, sheets: Sequence[Sheet], encoding: str, steps: Steps) -> None:
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
        for sheet in sheets:
            with packed.open(f"{sheet.title.replace(LINE_MARK, '-')}{TEXT}", "w") as file:
                csv_writing.write(file, sheet, encoding, steps)


class Source:
    """The records of one selection, read by thousands; the sheets that they fill."""

    def __init__(self, store: Store, selection: Selection) -> None:
        self._connection, self._selection = store.connection, selection
        register, rules = selection.register, store.rules
        self._listing = Listing(
            self._connection, register, store.register_numbers[register.key()], selection.wanted, rules.today,
            rules.days, selection.near, store.user,
        )  # fmt: skip
        self.ids = self._listing.ids()
        self._columns = record_columns(register, selection.columns)

    def sheets(self) -> Iterator[Sheet]:
        """The sheet of the records, then those of their lines; each in parts of what a sheet holds."""
        register = self._selection.register
        sample = self._records(self.ids[:: max(1, len(self.ids) // _SAMPLE)][:_SAMPLE])
        for part, start in enumerate(range(0, len(self.ids), MOST_ROWS), 1):
            yield self._sheet(sheet_title(register, part=part), self._columns, start, sample)
        if not self._selection.columns:
            for kind in register.LINES:
                yield from self._sheets_of_lines(kind)

    def _sheet(self, title: str, columns: Sequence[SheetColumn], start: int, sample: Sequence[Values]) -> Sheet:
        ids = self.ids[start : start + MOST_ROWS]

        def rows() -> Iterator[Sequence[Values]]:
            return (self._records(ids[at : at + EVERY]) for at in range(0, len(ids), EVERY))

        return Sheet(title, columns, len(ids), rows, sample)

    def _records(self, ids: Sequence[int]) -> Sequence[Values]:
        """The values of some records in the order of the columns."""
        return [row[1:] for row in self._listing.values([column.name for column in self._columns], ids)]

    def _sheets_of_lines(self, kind: type[Line]) -> Iterator[Sheet]:
        """The lines of one kind; a sheet ends with the thousand of records that fills it."""
        columns = line_columns(self._selection.register, kind)
        parts: list[tuple[int, list[int]]] = []  # (lines, ids of their records)
        for at in range(0, len(self.ids), EVERY):
            ids = self.ids[at : at + EVERY]
            count = self._count_lines(kind, ids)
            if not count:
                continue
            if not parts or parts[-1][0] + count > MOST_ROWS:
                parts.append((0, []))
            parts[-1] = (parts[-1][0] + count, parts[-1][1] + ids)
        for part, (count, ids) in enumerate(parts, 1):
            title = sheet_title(self._selection.register, kind, part)
            yield self._sheet_of_lines(title, kind, columns, count, ids)

    def _sheet_of_lines(
        self, title: str, kind: type[Line], columns: Sequence[SheetColumn], count: int, ids: Sequence[int]
    ) -> Sheet:
        def rows() -> Iterator[Sequence[Values]]:
            return (self._lines(kind, columns, ids[at : at + EVERY]) for at in range(0, len(ids), EVERY))

        return Sheet(title, columns, count, rows, self._lines(kind, columns, ids[:EVERY])[:_SAMPLE])

    def _count_lines(self, kind: type[Line], ids: Sequence[int]) -> int:
        sql = f'SELECT count(*) FROM "{kind.key()}" WHERE owner_id IN ({",".join(map(str, ids))})'
        return self._connection.execute(sql).fetchone()[0]

    def _lines(self, kind: type[Line], columns: Sequence[SheetColumn], ids: Sequence[int]) -> Sequence[Values]:
        """The lines of some records, in the order of the records and in their own."""
        fields = kind._meta.fields
        names = ",".join(
            f'r."{column.name.removeprefix("owner.")}"'
            if column.name.startswith("owner.")
            else f'l."{fields[column.name].column_name}"'
            for column in columns
        )
        sql = (
            f'SELECT l.owner_id,{names} FROM "{kind.key()}" l JOIN "{self._selection.register.key()}" r '
            f"ON r.id = l.owner_id WHERE l.owner_id IN ({','.join(map(str, ids))}) ORDER BY l.position, l.id"
        )
        turn = {owner: at for at, owner in enumerate(ids)}
        with closing(self._connection.execute(sql)) as found:
            return [row[1:] for row in sorted(found, key=lambda row: turn[row[0]])]
