"""What a deed would do to many records, as a table: number, title, what stands there now, what will, or why not."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from db.record import FlagField, Record
from db.store.many import Foreseen, Kind
from db.store.search import Filter
from desktop import theme
from desktop.registers.actions import Actions
from desktop.registers.ledger import dress

Index = QModelIndex | QPersistentModelIndex
PAGE = 128  # records read at once
_MOST_PAGES = 32
_HEADINGS = ("编号", "标题", "现在", "改后", "说明")
NUMBER, TITLE, NOW, AFTER, WHY = range(5)
_WIDTHS = {NUMBER: 10.4, NOW: 11.0, AFTER: 11.0, WHY: 15.0}


class ForeseenModel(QAbstractTableModel):
    """The records of some kinds out of those foreseen; only the pages on show are read."""

    def __init__(self, register: type[Record], actions: Actions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._register, self._actions = register, actions
        self._listing = actions.listing(register, Filter())
        self._foreseen = Foreseen((), bytearray())
        self._places: array[int] = array("q")
        self._column, self._after, self._replaces = "", "", False
        self._pages: dict[int, list[tuple[Any, ...]]] = {}

    def show(self, foreseen: Foreseen, kinds: Sequence[Kind], column: str, after: str, replaces: bool) -> None:
        """Show the records of these kinds. `column` is the field that the deed writes, `after` what it will say.

        Of a deed to lines the numbers that `foreseen` has stand there in place of both.
        """
        self.beginResetModel()
        self._foreseen, self._places = foreseen, foreseen.places(*kinds)
        self._column, self._after, self._replaces = column, after, replaces
        self._pages.clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's signature
        """One for each record."""
        return 0 if parent.isValid() else len(self._places)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's signature
        """Number, title, now, after, why."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:  # fmt: skip
        """The headings."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a cell; green where nothing stood; replaced: the old struck, the new bold."""
        if not index.isValid():
            return None
        kind, column = self._foreseen.kind(self._places[index.row()]), index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(index.row(), column, kind)
        is_replaced = kind == "replaced" and self._replaces
        if role == Qt.ItemDataRole.BackgroundRole:
            return _ground(column, kind, is_replaced)
        if role == Qt.ItemDataRole.ForegroundRole and column == WHY:
            return theme.colour("red" if kind == "refused" else "ink2")
        if role == Qt.ItemDataRole.FontRole and is_replaced and column in (NOW, AFTER):
            font = QFont()
            font.setStrikeOut(column == NOW)
            font.setWeight(QFont.Weight.Normal if column == NOW else QFont.Weight.DemiBold)
            return font
        return None

    def _text(self, row: int, column: int, kind: Kind) -> str:
        place = self._places[row]
        held = self._held(row)
        if column == NUMBER:
            return held[1] or "未编号"
        if column == TITLE:
            return held[2]
        if column == WHY:
            return self._why(place, kind)
        if self._foreseen.lines:
            counts = self._foreseen.lines if column == NOW or not self._is_written(kind) else self._foreseen.lines_after
            return f"{counts[place]:,} 行" if counts[place] else "—"
        now = self._written(held[3])
        return now if column == NOW or not self._is_written(kind) else self._after

    def _is_written(self, kind: Kind) -> bool:
        return kind == "filled" or (kind == "replaced" and self._replaces)

    def _why(self, place: int, kind: Kind) -> str:
        if kind == "refused":
            return self._foreseen.reasons[place]
        if kind == "same":
            return "已经是这样，不动"
        return "已有内容，保留" if kind == "replaced" and not self._replaces else ""

    def _written(self, value: Any) -> str:
        """A plain value as the clerk reads it."""
        if value in (None, ""):
            return "—"
        if self._column == "stage":
            return self._register.stage_of(value).label
        if isinstance(self._register._meta.fields[self._column], FlagField):
            return "是" if value else "否"
        return str(value)

    def _held(self, row: int) -> tuple[Any, ...]:
        """(id, number, title, value) of the record in a row; read by pages."""
        page = self._pages.get(row // PAGE)
        if page is None:
            first = row // PAGE * PAGE
            ids = [self._foreseen.ids[place] for place in self._places[first : first + PAGE]]
            names = ("number", self._register.SUBJECT, *(() if self._foreseen.lines else (self._column,)))
            known = {held[0]: held for held in self._listing.values(names, ids)}
            page = [known.get(one, (one, "", "已不在台账里", None)) for one in ids]
            if len(self._pages) >= _MOST_PAGES:
                self._pages.clear()
            self._pages[row // PAGE] = page
        return page[row % PAGE]


def _ground(column: int, kind: Kind, is_replaced: bool) -> QColor | None:
    """Only what differs is tinted (look.md §4.6)."""
    if column == AFTER and kind == "filled":
        return theme.colour("greenbg")
    if column in (NOW, AFTER) and is_replaced:
        return theme.colour("ochrebg")
    return theme.colour("redbg") if column == WHY and kind == "refused" else None


class ForeseenView(QTableView):
    """The table; the title takes the rest of the room."""

    def __init__(self, model: ForeseenModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        model.setParent(self)
        self.setAccessibleName("将要改的记录")
        theme.set_role(self, "padded")
        dress(self)
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        columns = self.horizontalHeader()
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at in range(len(_HEADINGS)):
            wide = QHeaderView.ResizeMode.Stretch if at == TITLE else QHeaderView.ResizeMode.Fixed
            columns.setSectionResizeMode(at, wide)
            if at in _WIDTHS:
                self.setColumnWidth(at, theme.up4(_WIDTHS[at] * theme.em()))
