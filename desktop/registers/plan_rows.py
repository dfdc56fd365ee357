"""The rows of an import's dry run as Qt's model: only what is on show is worked out."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import peewee as pw
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from db.exchange.outcome import CellPlan, RowPlan
from db.exchange.planning import Plan
from db.exchange.rows import Kind
from db.exchange.targets import IDENTITY
from db.record import DocumentNumberField, PersonField, Record, TermField, UnitField

Index = QModelIndex | QPersistentModelIndex
Part = Literal["kind", "number", "cell", "guessed", "reason"]

SIGNS: dict[Kind, str] = {
    "new": "＋ 新增",
    "changed": "≠ 有改动",
    "same": "＝ 相同",
    "doubted": "？ 待定",
    "refused": "× 拒绝",
    "skipped": "－ 跳过",
}
_KEPT = 2_000  # rows that were worked out and are kept
_WIDTHS = (
    (pw.DateField, 8.4), (DocumentNumberField, 16.0), (PersonField, 5.6), (TermField, 6.4), (UnitField, 12.0),
    (pw.IntegerField, 4.6),
)  # fmt: skip
_PLAIN, _TITLE, _LEAST = 9.6, 20.0, 4.6
_LONGEST_SHEET = 8  # characters of a sheet's name for which there is room
_NUMBER = 14.0
_SAID, _DOUBTED = 16.0, 30.0  # what is said of rows; with the title of the record that is there already
_DISPLAY, _EDIT = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.EditRole)
_TIP, _SPOKEN = int(Qt.ItemDataRole.ToolTipRole), int(Qt.ItemDataRole.AccessibleTextRole)


@dataclass(frozen=True)
class PlanHeading:
    """A column on screen; `at` is its column of the plan, -1 for what the plan says of the row.

    `field` is what the plan has guessed, where the file has no column for it.
    """

    part: Part
    label: str
    width_em: float
    at: int = -1
    field: str = ""


def headings(plan: Plan, register: type[Record]) -> list[PlanHeading]:
    """Result and row, the columns that are imported, and what is to be known of the row."""
    sheets = max(len(layout.name) for layout in plan.layouts) if is_of_several(plan) else 0
    found = [PlanHeading("kind", "结果", 6.4), PlanHeading("number", "行", 4.4 + min(sheets, _LONGEST_SHEET))]
    for at, column in enumerate(plan.columns):
        if column.key not in ("", IDENTITY):  # it says nothing to the clerk
            found.append(PlanHeading("cell", column.target, _width(register, column.field, column.target), at))
    given = {column.field for column in plan.columns}
    for one in plan.guesses:
        if one.field not in given:
            label = register.label(one.field)
            found.append(PlanHeading("guessed", label, _width(register, one.field, label), field=one.field))
    return [*found, PlanHeading("reason", "说明", _DOUBTED if plan.counts.doubted else _SAID)]


def is_of_several(plan: Plan) -> bool:
    """Whether the rows stand on several sheets, so that a row's number alone does not tell it."""
    return any(layout.sheet != plan.layouts[0].sheet for layout in plan.layouts)


def _width(register: type[Record], name: str, label: str) -> float:
    field = register._meta.fields.get(name)
    width = _NUMBER if name == "number" else next((em for kind, em in _WIDTHS if isinstance(field, kind)), _PLAIN)
    return _TITLE if name == register.SUBJECT else max(width, len(label) + 1.8, _LEAST)


class PlanModel(QAbstractTableModel):
    """Rows of one kind, or all, of a plan.

    `edit_asked(row of the plan, column of the plan, text)`. While `busy` the plan is being changed on the worker: what
    is known is shown, nothing is asked of it. While `is_fixed` nothing can be edited.
    """

    edit_asked = Signal(int, int, str)

    def __init__(self, plan: Plan, register: type[Record], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.plan = plan
        self.headings = tuple(headings(plan, register))
        self.kind: Kind | None = None
        self.busy, self.is_fixed = False, False
        self._rows = plan.indexes()
        self._known: OrderedDict[int, RowPlan] = OrderedDict()

    def show_kind(self, kind: Kind | None) -> None:
        """Show the rows of one kind; None shows all."""
        self.beginResetModel()
        self.kind, self._rows = kind, self.plan.indexes(kind)
        self.endResetModel()

    def forget(self, changed: Iterable[int]) -> None:
        """These rows of the plan are otherwise now; they stay where they are until another kind is shown."""
        for index in changed:
            self._known.pop(index, None)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self.headings) - 1))

    def plan_index(self, row: int) -> int:
        """The row of the plan behind a row on screen."""
        return self._rows[row]

    def row_of(self, plan_index: int) -> int | None:
        """The row on screen of a row of the plan."""
        return self._rows.index(plan_index) if plan_index in self._rows else None

    def row_plan(self, row: int) -> RowPlan | None:
        """What becomes of a row on screen; None while that is being worked out."""
        at = self._rows[row]
        found = self._known.get(at)
        if found is None and not self.busy:
            found = self._known[at] = self.plan.row(at)
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found

    def cell(self, row: int, column: int) -> CellPlan | None:
        """What becomes of a cell; None in the columns that tell of the row."""
        found, heading = self.row_plan(row), self.headings[column]
        if found and heading.part == "guessed":
            return found.guessed.get(heading.field)
        return found.cells[heading.at] if found and heading.part == "cell" else None

    def text(self, row: int, column: int) -> str:
        """What a cell says: its new value where it can be read, else what stands in the file."""
        found, heading = self.row_plan(row), self.headings[column]
        if found is None:
            return ""
        if heading.part == "cell":
            cell = found.cells[heading.at]
            return (
                cell.text
                if cell.problem or (found.kind == "doubted" and not cell.is_changed)
                else cell.after or cell.text
            )
        if heading.part == "guessed":
            return found.guessed[heading.field].after if heading.field in found.guessed else ""
        number = f"{found.sheet} {found.number}" if is_of_several(self.plan) else str(found.number)
        if heading.part == "reason":
            return "；".join(filter(None, (self._replaced(found), found.whole_reason)))
        return {"kind": SIGNS[found.kind], "number": number}[heading.part]

    def _replaced(self, row: RowPlan) -> str:
        """What the ledger holds where a row changes it: in a narrow cell there is room for the new value alone."""
        if row.kind != "changed":
            return ""
        cells = ((one.label, row.cells[one.at]) for one in self.headings if one.part == "cell")
        told = row.whole_reason
        return "，".join(
            f"{label}原为“{cell.before}”"
            for label, cell in cells
            if cell.is_changed and cell.before and f"《{cell.before}》" not in told
        )

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Rows of the kind on show."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """One for each heading."""
        return 0 if parent.isValid() else len(self.headings)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Text, what is edited, and the whole story of a cell as tooltip and for a screen reader."""
        if not index.isValid():
            return None
        if role == _DISPLAY:
            return self.text(index.row(), index.column())
        if role == _EDIT:
            cell = self.cell(index.row(), index.column())
            return cell.text if cell else None
        if role in (_TIP, _SPOKEN):
            return self._story(index.row(), index.column())
        return None

    def _story(self, row: int, column: int) -> str:
        cell, text = self.cell(row, column), self.text(row, column)
        if cell is None:
            return text
        was = f"台账里是“{cell.before}”" if cell.is_changed and cell.before else ""
        written = f"表里写的是“{cell.text}”" if cell.text and cell.is_mended else ""
        return "；".join(filter(None, (text, was, written, cell.problem, cell.note)))

    def setData(self, index: Index, value: Any, role: int = _EDIT) -> bool:
        """Ask for another text in a cell."""
        cell = self.cell(index.row(), index.column())
        if role != _EDIT or cell is None or self.is_fixed or str(value) == cell.text:
            return False
        self.edit_asked.emit(self.plan_index(index.row()), self.headings[index.column()].at, str(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells of the file can be edited."""
        found = super().flags(index)
        is_cell = index.isValid() and self.headings[index.column()].part == "cell"
        return found | Qt.ItemFlag.ItemIsEditable if is_cell and not self.is_fixed else found

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """The labels."""
        if orientation == Qt.Orientation.Horizontal and role == _DISPLAY and 0 <= section < len(self.headings):
            return self.headings[section].label
        if orientation == Qt.Orientation.Horizontal and role == int(Qt.ItemDataRole.TextAlignmentRole):
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None
