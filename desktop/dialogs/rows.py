"""Rows of one of the office's tables on screen: edited in place, each cell saved as it is left.

What the store refuses stays in its cell as it was typed, framed in red with the reason, until it is mended or Esc is
pressed: nothing that was typed is lost, nothing wrong is stored.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from db.errors import Refused
from db.store.index import fold
from desktop.registers.editors import Editor

Index = QModelIndex | QPersistentModelIndex
NEW = "（新增）"


@dataclass(frozen=True)
class Column:
    """One column: the field that it shows, its heading, its width in em (0: the rest), how it is edited.

    `editor` makes the editor of a cell; without one the column is only shown. `written` says how a row stands here.
    """

    name: str
    label: str
    width: float = 0
    editor: Callable[[], Editor] | None = None
    written: Callable[[Any], str] | None = None

    def text(self, row: Any) -> str:
        """What stands in the cell of a row."""
        if self.written is not None:
            return self.written(row)
        value = getattr(row, self.name)
        return value.isoformat() if isinstance(value, date) else str(value or "")


class RowsModel(QAbstractTableModel):
    """The rows of a table. `save(row)` stores a changed copy and may raise Refused; `blank()` makes a new row."""

    refused = Signal(str)
    """Why a cell was not stored; "" when all cells are."""
    failed = Signal(object)

    def __init__(
        self, columns: Sequence[Column], save: Callable[[Any], None] | None = None,
        blank: Callable[[], Any] | None = None, parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.columns = tuple(columns)
        self._save, self._blank = save, blank
        self._rows: list[Any] = []
        self._wrong: dict[tuple[int, str], tuple[object, str]] = {}  # (row, field) -> what was typed, why not

    def show(self, rows: Sequence[Any]) -> None:
        """Show these rows, and an empty one for a new one where there may be one."""
        self.beginResetModel()
        self._rows = [*rows, *([self._blank()] if self._blank else [])]
        self._wrong.clear()
        self.endResetModel()
        self.refused.emit("")

    def row_at(self, row: int) -> Any:
        """The row shown on a line; None when there is none."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def position(self, row_id: int) -> int:
        """The line of a row by its id, -1 when it is not shown."""
        return next((at for at, row in enumerate(self._rows) if getattr(row, "id", None) == row_id), -1)

    def is_new(self, row: int) -> bool:
        """Whether a line is the empty one."""
        return self._blank is not None and row == len(self._rows) - 1

    def is_wrong(self, index: Index) -> bool:
        """Whether a cell holds what could not be stored."""
        return (index.row(), self.columns[index.column()].name) in self._wrong

    def has_wrong(self) -> bool:
        """Whether anything typed is not stored."""
        return bool(self._wrong)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's signature
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's signature
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:  # fmt: skip
        """The headings."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].label
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells with an editor can be edited."""
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if index.isValid() and self._save is not None and self.columns[index.column()].editor is not None:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a cell, what an editor starts with, why it was refused."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        wrong = self._wrong.get((index.row(), column.name))
        if role == Qt.ItemDataRole.ToolTipRole:
            return wrong[1] if wrong else None
        if role == Qt.ItemDataRole.EditRole:
            return wrong[0] if wrong else getattr(row, column.name)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if wrong:
            return str(wrong[0] or "")
        text = column.text(row)
        return NEW if not text and index.column() == 0 and self.is_new(index.row()) else text

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Store one cell together with what was refused before in its row; True when it is stored."""
        if self._save is None or role != Qt.ItemDataRole.EditRole:
            return False
        at, name = index.row(), self.columns[index.column()].name
        row = self._rows[at]
        kept = {field: typed for (line, field), (typed, _why) in self._wrong.items() if line == at}
        if name not in kept and (value or None) == (getattr(row, name) or None):
            return False
        changed = copy.copy(row)
        changed.__data__ = dict(row.__data__)
        for field, typed in (kept | {name: value}).items():
            nothing = None if row._meta.fields[field].null else ""
            setattr(changed, field, nothing if typed is None else typed)
        try:
            self._save(changed)
        except Refused as refused:
            self._keep_wrong(at, kept | {name: value}, {p.field: p.text for p in refused.problems})
            return False
        except Exception as error:  # noqa: BLE001  shown in words, or reported by the crash net
            self.failed.emit(error)
            return False
        is_new = self.is_new(at)
        self._rows[at] = changed
        self._forget_wrong(at)
        if is_new and self._blank is not None:
            self.beginInsertRows(QModelIndex(), at + 1, at + 1)
            self._rows.append(self._blank())
            self.endInsertRows()
        return True

    def refuse(self, index: Index, typed: str, why: str) -> None:
        """Keep in a cell what is no value of its kind."""
        name = self.columns[index.column()].name
        self._wrong[index.row(), name] = (typed, why)
        self._tell(index.row())

    def withdraw(self, index: Index) -> None:
        """Give a cell that was refused back what is stored."""
        self._wrong.pop((index.row(), self.columns[index.column()].name), None)
        self._tell(index.row())

    def _keep_wrong(self, at: int, typed: dict[str, object], why: dict[str, str]) -> None:
        """Keep everything typed in a row that was refused; what nothing is wrong with waits for the rest."""
        first = next(iter(why.values()))
        for field, value in typed.items():
            self._wrong[at, field] = (value, why.get(field, first))
        self._tell(at)

    def _forget_wrong(self, at: int) -> None:
        for key in [key for key in self._wrong if key[0] == at]:
            del self._wrong[key]
        self._tell(at)

    def _tell(self, at: int) -> None:
        if at < len(self._rows):
            self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns) - 1))
        self.refused.emit("；".join(dict.fromkeys(why for _typed, why in self._wrong.values())))


def fits(texts: Sequence[str], initials: Callable[[str], str], wanted: str) -> bool:
    """Whether a row with these texts is meant by what was typed: characters of it, or initials."""
    typed = fold(wanted.strip())
    return not typed or any(typed in fold(text) or typed in initials(text) for text in texts if text)
