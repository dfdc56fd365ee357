"""The columns that a register and its lines have in a file: their labels, what stands in them, names of the sheets.

Writing and reading share this page, so that what one writes the other finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import peewee as pw

from db.record import (
    DateField,
    FlagField,
    Line,
    MomentField,
    ParagraphField,
    Record,
    Table,
)
from db.rules.written_numbers import PERCENT

Kind = Literal["text", "paragraph", "date", "moment", "number", "decimal", "flag"]

IDENTITY = "记录标识"  # the heading of the column that holds `uuid`; hidden in a workbook
NUMBER_TWIN = "台账编号"  # what `number` is called where the register calls a field of its own 编号
YES, NO = "是", "否"
REQUIRED = "*"  # behind the heading of what a template asks for
NOTES, CHOICES = "填写说明", "选项"  # sheets of a template that hold no records
LINE_MARK = "·"  # between a register's title and that of its lines in the name of a sheet
MOST_ROWS = 1_048_575  # of a sheet below its headings (ECMA-376; Excel's limit)

_BASE = ("stage", "due_on", "first_due_on", "due_basis", "voided_on", "void_reason")
_KINDS: tuple[tuple[type[pw.Field], Kind], ...] = (
    (ParagraphField, "paragraph"), (DateField, "date"), (MomentField, "moment"), (FlagField, "flag"),
    (pw.DecimalField, "decimal"), (pw.IntegerField, "number"),
)  # fmt: skip


@dataclass(frozen=True)
class SheetColumn:
    """One column of a sheet: the field (or "owner.number", "owner.uuid" of lines), its heading, what stands in it.

    `words` are stored value -> what is written, for a field that is stored by keys (the stage).
    """

    name: str
    label: str
    kind: Kind
    field: Any
    words: tuple[tuple[str, str], ...] = ()


def number_label(register: type[Record]) -> str:
    """The heading over a record's number."""
    label = register.label("number")
    own = (one.verbose_name for one in register._meta.sorted_fields if one.name not in Record._meta.fields)
    shown = (register.label(name) for name in _form_names(register) if name != "number")
    return NUMBER_TWIN if label in {*own, *shown} else label


def record_names(register: type[Record]) -> list[str]:
    """Every field that makes a record what it is: number, form, the rest that has a label, stage, deadline, voiding."""
    own = (one.name for one in register._meta.sorted_fields if one.verbose_name and one.name not in Record._meta.fields)
    return list(dict.fromkeys(("number", *_form_names(register), *own, *_BASE)))


def record_columns(register: type[Record], names: Iterable[str] = ()) -> list[SheetColumn]:
    """The columns for some fields of a register; without names for every field, and the record's identity behind."""
    chosen = tuple(names)
    found = [_of_record(register, name) for name in chosen or record_names(register)]
    return found if chosen else [*found, identity(register)]


def line_columns(register: type[Record], kind: type[Line]) -> list[SheetColumn]:
    """The columns of a kind of lines: number of its record, its own fields, the record's identity."""
    rest = (one.name for one in kind._meta.sorted_fields if one.verbose_name)
    number = SheetColumn("owner.number", number_label(register), "text", register._meta.fields["number"])
    own = [_of(kind, name, kind._meta.fields[name].verbose_name) for name in dict.fromkeys((*kind.COLUMNS, *rest))]
    return [number, *own, SheetColumn("owner.uuid", IDENTITY, "text", register._meta.fields["uuid"])]


def identity(register: type[Record]) -> SheetColumn:
    """The column of the record's lasting identity."""
    return SheetColumn("uuid", IDENTITY, "text", register._meta.fields["uuid"])


def sheet_title(register: type[Record], kind: type[Line] | None = None, part: int = 1) -> str:
    """The name of a sheet: 收文, 收文·领导批示; further parts of more than MOST_ROWS rows 收文（2）."""
    title = f"{register.TITLE}{LINE_MARK}{kind.TITLE}" if kind else register.TITLE
    return title if part == 1 else f"{title}（{part}）"


def _form_names(register: type[Record]) -> Iterator[str]:
    fields = register._meta.fields
    return (name for section in register.FORM for name in section.fields if name in fields)


def _of_record(register: type[Record], name: str) -> SheetColumn:
    if name == "number":
        return SheetColumn(name, number_label(register), "text", register._meta.fields[name])
    return _of(register, name, register.label(name))


def _of(table: type[Table], name: str, label: str) -> SheetColumn:
    field = table._meta.fields[name]
    words = tuple((stage.key, stage.label) for stage in table.STAGES) if _is_stage(table, name) else ()  # type: ignore[attr-defined]
    unit = getattr(field, "unit", "")
    return SheetColumn(name, f"{label}（{unit}）" if unit == PERCENT else label, _kind(field), field, words)


def _kind(field: pw.Field) -> Kind:
    for made, kind in _KINDS:
        if isinstance(field, made):
            return kind
    return "text"


def _is_stage(table: type[Table], name: str) -> bool:
    return issubclass(table, Record) and name == "stage"
