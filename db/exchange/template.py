"""An empty workbook to fill in and import: headings, drop-downs of the office's words, and a page that says how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.checks import FIRST_YEAR, LAST_YEAR
from db.directory.people import Person
from db.directory.units import Unit
from db.errors import Refused
from db.exchange import xlsx_writing
from db.exchange.columns import (
    CHOICES,
    IDENTITY,
    NO,
    NOTES,
    REQUIRED,
    YES,
    SheetColumn,
    line_columns,
    record_columns,
    sheet_title,
)
from db.exchange.safe_writing import whole
from db.exchange.sheets import Sheet, Steps
from db.record import (
    DocumentNumberField,
    FlagField,
    Line,
    PersonField,
    PersonsField,
    Record,
    TermField,
    TermsField,
    UnitField,
    UnitsField,
)  # fmt: skip
from db.rules.rulebook import Rulebook
from db.store.store import Store

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS = 5_000  # rows to which the drop-downs reach
_HINT = 255  # characters of a hint that Excel shows beside a cell
_DATE, _MOMENT, _NUMBER, _DECIMAL = "2022-03-05", "2022-03-05 14:30", "3", "1.5"
_ASKED = {
    "date": f"日期，如{_DATE}", "moment": f"日期和时间，如{_MOMENT}", "number": "整数", "decimal": "数字",
    "flag": f"{YES}或{NO}",
}  # fmt: skip
_SEVERAL = (TermsField, UnitsField, PersonsField)


def export_template(store: Store, register: type[Record], target: Path) -> None:
    """Write the template of a register: its sheet, one for each kind of lines, 填写说明 and 选项.

    Raises:
        Refused: when the target is no .xlsx file or is open elsewhere.
        StoreTrouble: when it cannot be written.
    """
    if target.suffix.lower() != ".xlsx":
        raise Refused(f"导入模板是 .xlsx 表格，不能存成“{target.name}”")
    template = _Template(register, store.rules)
    with whole(target) as (part,):
        xlsx_writing.write(part, template.sheets(), store.rules.setting("office"), Steps(0), template.add_choices)


class _Template:
    """The sheets of a template and the words that its columns offer."""

    def __init__(self, register: type[Record], rules: Rulebook) -> None:
        self._register, self._rules = register, rules
        self._units = [row.name for row in Unit.select(Unit.name).order_by(Unit.name)]
        self._people = [row.name for row in Person.select(Person.name).order_by(Person.name)]
        self._lists: dict[str, tuple[str, ...]] = {}  # heading in 选项 -> its words

    def sheets(self) -> list[Sheet]:
        """The sheets to fill in, then the explanation and the words."""
        register = self._register
        found = [self._sheet(register, None, record_columns(register, self._names()), register.MUSTS)]
        for kind in register.LINES:
            columns = [column for column in line_columns(register, kind) if column.label != IDENTITY]
            found.append(self._sheet(register, kind, columns, ("owner.number", *kind.MUSTS)))
        for sheet in found:
            for column in sheet.columns:
                self._offered(column)
        return [*found, self._notes(found), self._choices()]

    def _names(self) -> list[str]:
        """What a clerk may type: number and form, without what follows from other fields."""
        register = self._register
        shown = (name for section in register.FORM for name in section.fields if name in register._meta.fields)
        derived = {*register.DERIVED, "due_basis"}
        return list(dict.fromkeys(("number", *(name for name in shown if name not in derived))))

    def _sheet(
        self, register: type[Record], kind: type[Line] | None, columns: Sequence[SheetColumn], musts: Sequence[str]
    ) -> Sheet:
        marked = [
            SheetColumn(one.name, f"{one.label}{REQUIRED if one.name in musts else ''}", one.kind, one.field)
            for one in columns
        ]
        return Sheet(sheet_title(register, kind), marked, required=frozenset(musts))

    def _offered(self, column: SheetColumn) -> str:
        """The heading in 选项 under which the words for a column stand; empty when it has none."""
        field = column.field
        if isinstance(field, TermField):
            title, words = column.label.rstrip(REQUIRED), self._rules.words(field.vocabulary)
        elif isinstance(field, FlagField):
            title, words = "是否", (YES, NO)
        elif getattr(field, "choices", None):
            title, words = column.label.rstrip(REQUIRED), tuple(word for word, _label in field.choices)
        elif isinstance(field, UnitField | UnitsField):
            title, words = "单位", tuple(self._units)
        elif isinstance(field, PersonField | PersonsField):
            title, words = "人员", tuple(self._people)
        else:
            return ""
        if not words:
            return ""
        known = next((name for name, there in self._lists.items() if there == words), "")
        if known:
            return known
        while title in self._lists:
            title += "·"
        self._lists[title] = words
        return title

    def _notes(self, sheets: Sequence[Sheet]) -> Sheet:
        heads = ("工作表", "栏目", "必填", "填什么", "例")
        columns = [SheetColumn(head, head, "paragraph" if head == "填什么" else "text", None) for head in heads]
        rows = [
            (sheet.title, one.label.rstrip(REQUIRED), "必填" if one.name in sheet.required else "", self._asked(one),
             self._example(one))
            for sheet in sheets for one in sheet.columns
        ]  # fmt: skip
        return _filled(NOTES, columns, rows)

    def _asked(self, column: SheetColumn) -> str:
        field, said = column.field, []
        if column.name == "owner.number":
            said.append("所属记录的编号，与第一张表里的一致")
        elif getattr(field, "help_text", None):
            said.append(field.help_text)
        if column.kind in _ASKED:
            said.append(_ASKED[column.kind] + (f"（{field.unit}）" if getattr(field, "unit", "") else ""))
        title = self._offered(column)
        if title and column.kind != "flag":
            several = "，可填几个，用、隔开" if isinstance(field, _SEVERAL) else ""
            only = isinstance(field, TermField) or field.choices
            said.append(f"{'从' if only else '可从'}“{CHOICES}”表的“{title}”一列选{several}")
        return "；".join(said)

    def _example(self, column: SheetColumn) -> str:
        field, title = column.field, self._offered(column)
        if column.name in ("number", "owner.number"):
            numbering = self._register.numbering(self._rules)
            return numbering.render(numbering.series or "某", 2022, 7) if numbering else ""
        if title:
            return self._lists[title][0]
        by_kind = {"date": _DATE, "moment": _MOMENT, "number": _NUMBER, "decimal": _DECIMAL}
        if isinstance(field, DocumentNumberField):
            return "蓝财〔2022〕7号"
        return by_kind.get(column.kind, "")

    def _choices(self) -> Sheet:
        columns = [SheetColumn(title, title, "text", None) for title in self._lists]
        most = max(map(len, self._lists.values()), default=0)
        rows = [
            tuple(words[at] if at < len(words) else "" for words in self._lists.values()) for at in range(most)
        ]  # fmt: skip
        return _filled(CHOICES, columns, rows)

    def add_choices(self, _book: Workbook, page: Worksheet, sheet: Sheet) -> None:
        """Put drop-downs, hints and what may be typed on the columns of a sheet that is to be filled in."""
        if sheet.title in (NOTES, CHOICES):
            return
        for at, column in enumerate(sheet.columns):
            page.data_validation(1, at, ROWS, at, self._validation(column))

    def _validation(self, column: SheetColumn) -> dict[str, Any]:
        label, hint = column.label.rstrip(REQUIRED), self._asked(column)
        wanted: dict[str, Any] = {"validate": "any"}
        if title := self._offered(column):
            at, count = list(self._lists).index(title), len(self._lists[title])
            letter = xlsx_writing.letters(at)
            wanted = {"validate": "list", "source": f"='{CHOICES}'!${letter}$2:${letter}${count + 1}"}
            closed = isinstance(column.field, TermField | FlagField) or column.field.choices
            wanted["show_error"] = bool(closed) and not isinstance(column.field, _SEVERAL)
        elif column.kind == "date":
            first, last = f"=DATE({FIRST_YEAR},1,1)", f"=DATE({LAST_YEAR},12,31)"
            wanted = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last,
                      "error_type": "warning"}  # fmt: skip
        elif column.kind in ("number", "decimal"):
            kind = "integer" if column.kind == "number" else "decimal"
            wanted = {"validate": kind, "criteria": ">=", "value": 0, "error_type": "warning"}
        if hint:
            wanted |= {"input_title": label[:32], "input_message": hint[:_HINT]}
        return wanted | {"error_title": label[:32], "error_message": f"请填{hint or label}"[:_HINT]}


def _filled(title: str, columns: Sequence[SheetColumn], rows: Sequence[Sequence[str]]) -> Sheet:
    def given() -> Iterator[Sequence[Sequence[str]]]:
        return iter([rows])

    return Sheet(title, columns, len(rows), given, rows)
