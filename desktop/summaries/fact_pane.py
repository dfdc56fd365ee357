"""Beside a report or a printed page: one figure with its definition and comparison, and the records behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from db.summaries.annual.office import Listed, listed
from db.summaries.behind import lists
from desktop import theme
from desktop.dialogs.cells import RowsView
from desktop.dialogs.rows import Column, RowsModel

if TYPE_CHECKING:
    from db.store.store import Store

SHOWN = 200  # records in the pane; the list shows them all
Row = tuple[str, int]


class FactPane(QFrame):
    """`filter_asked(register, filter, note)` for the whole list of a register, `record_asked(register, id)` for one."""

    filter_asked = Signal(str, object, str)
    record_asked = Signal(str, int)

    def __init__(self, store: Store, parent: QWidget | None = None, can_close: bool = False) -> None:
        """`can_close` gives it a button that hides it."""
        super().__init__(parent)
        self._store, self._rows, self._note = store, tuple[Row, ...](), ""
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
        self.open_button.clicked.connect(self.open_lists)
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
        self.close_button = QPushButton("收起")
        theme.set_role(self.close_button, "quiet")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.close_button.clicked.connect(self.hide)
        if not can_close:
            self.close_button.hide()
        below.addWidget(self.close_button)
        below.addWidget(self.open_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(self._new_table(), 1)
        whole.addWidget(foot)
        self.clear()

    def _new_table(self) -> RowsView:
        self.table = RowsView(RowsModel([
            Column("number", "编号", 11.5), Column("on", "日期", 7.8), Column("subject", "事项"),
        ]))  # fmt: skip
        self.table.setAccessibleName("背后的记录")
        self.table.activated.connect(self._open)
        return self.table

    def clear(self) -> None:
        """Nothing is chosen yet."""
        self.show_rows("点一个数字", "", "这里显示它的口径、与上年的比较和背后的记录。", ())

    def show_rows(self, title: str, number: str, words: str, rows: tuple[Row, ...], when: str = "") -> None:
        """Show a figure: its name, the number with its unit, what is to be said of it, the first of its records.

        `when` is its period, for the note of a list that shows them all.
        """
        self._rows, self._note = rows, f"{title} {when}".strip()
        self.title.setText(title)
        self.number.setText(number)
        self.number.setVisible(bool(number))
        self.words.setText(words)
        shown, count = listed(self._store, rows, SHOWN), len(rows)
        self.table.rows.show(shown)
        self.said.setText(f"前 {len(shown)} 条，共 {count:,} 条" if count > len(shown) else f"共 {count:,} 条")
        self.said.setVisible(count > 0)
        self.open_button.setVisible(count > 0)

    def open_lists(self) -> None:
        """Open the records in the lists of their registers; the one with the most stays on show."""
        for asked in lists(self._store.catalogue, self._rows, self._note):
            self.filter_asked.emit(*asked)

    def _open(self, index: QModelIndex) -> None:
        found: Listed = self.table.rows.row_at(index.row())
        self.record_asked.emit(*found.row)
