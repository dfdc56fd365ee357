"""Beside the report: one figure with its definition and comparison, and the records behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from db.summaries.annual.report import Row
from desktop import theme

_HEADS = ("编号", "日期", "事项")
Listed = tuple[Row, str, str, str]
Index = QModelIndex | QPersistentModelIndex


class _RowsModel(QAbstractTableModel):
    """The first records behind a figure."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Listed] = []

    def show(self, rows: list[Listed]) -> None:
        """Show these records."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.rows[index.row()][index.column() + 1]
        return None

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and way == Qt.Orientation.Horizontal:
            return _HEADS[section]
        return None


class FactPane(QFrame):
    """`list_asked` when the clerk wants the whole list, `record_asked(register, id)` for one record."""

    list_asked = Signal()
    record_asked = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "pane")
        self.setFixedWidth(theme.up4(36 * theme.em()))
        self.title, self.number, self.words = QLabel(), QLabel(), QLabel()
        theme.set_role(self.title, "h2")
        theme.set_role(self.number, "num")
        theme.set_role(self.words, "muted")
        for label in (self.title, self.words):
            label.setWordWrap(True)
        self.said = QLabel()
        theme.set_role(self.said, "small")
        self.open_button = QPushButton("打开清单")
        theme.set_role(self.open_button, "quiet")
        self.open_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.open_button.clicked.connect(self.list_asked)
        head, foot = QFrame(), QFrame()
        theme.set_role(foot, "foot")
        line = QHBoxLayout()
        line.addWidget(self.title, 1)
        line.addWidget(self.number, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(head)
        column.setContentsMargins(12, 12, 12, 8)
        column.addLayout(line)
        column.addWidget(self.words)
        below = QHBoxLayout(foot)
        below.setContentsMargins(12, 4, 12, 4)
        below.addWidget(self.said)
        below.addStretch(1)
        below.addWidget(self.open_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(self._new_table(), 1)
        whole.addWidget(foot)
        self.clear()

    def _new_table(self) -> QTableView:
        self._model = _RowsModel(self)
        self.table = QTableView()
        self.table.setAccessibleName("背后的记录")
        self.table.setModel(self._model)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(theme.row())
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        for at, width in enumerate((11.5, 6.4)):
            header.resizeSection(at, theme.up4(width * theme.em()))
        self.table.activated.connect(self._open)
        return self.table

    def clear(self) -> None:
        """Nothing is chosen yet."""
        self.show_rows("点一个数字", "", "这里显示它的口径、与上年的比较和背后的记录。", (), 0)

    def show_rows(self, title: str, number: str, words: str, rows: Sequence[Listed], count: int) -> None:
        """Show a figure: its name, the number with its unit, what is to be said of it, the first of `count` records."""
        self.title.setText(title)
        self.number.setText(number)
        self.number.setVisible(bool(number))
        self.words.setText(words)
        self._model.show(list(rows))
        shown = f"前 {len(rows)} 条，共 {count:,} 条" if count > len(rows) else f"共 {count:,} 条"
        self.said.setText(shown if count else "")
        self.open_button.setVisible(count > 0)

    def _open(self, index: QModelIndex) -> None:
        (register, record), *_texts = self._model.rows[index.row()]
        self.record_asked.emit(register, record)
