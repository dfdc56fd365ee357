"""The list of a register: one row is one line, the selection is by record and survives every refresh.

`Rows`, `Heading`, `LIGHT` and `RecordModel` come from `rows`, `Light` from `db.rules.lights`; offered here as well.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from itertools import islice

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from db.rules.lights import Light
from desktop import theme
from desktop.registers.bars import QuietBar, SidewaysBar
from desktop.registers.header import ListHeader
from desktop.registers.ledger import LedgerDelegate, dress, measure
from desktop.registers.picked import Stretches, count_of, rows_of, stretches_of
from desktop.registers.rows import LIGHT, PAGE, Heading, RecordModel, Row, Rows

__all__ = ["LIGHT", "PAGE", "Heading", "Light", "RecordModel", "RecordTable", "Row", "Rows"]

MOST_COPIED = 20_000  # rows; more would stop the window for seconds, and exporting does it better
FOLLOWED = 1_000  # selected records that are looked for again after a refresh

_ROWS = QItemSelectionModel.SelectionFlag.Rows
_SELECT_ONLY = QItemSelectionModel.SelectionFlag.ClearAndSelect | _ROWS
_NO_UPDATE = QItemSelectionModel.SelectionFlag.NoUpdate


class RecordTable(QTableView):
    """A `RecordModel` on screen.

    Signals: `current_changed(id or None)`; `activated(id)` on Enter or a double click (go to the form);
    `edit_asked(id, heading key)` on F2 (edit in place); `sort_asked(heading key, descending)`; `new_asked()` on Insert
    and Ctrl+N; `delete_asked(tuple of ids)` on Delete; `picked_changed(number of selected rows)`; `refused(sentence)`
    when more is copied than is sensible; `failed(exception)` when rows could not be read; `fold_asked(row, open?)` on
    the heading of a group, None: the other way; `menu_asked(column, point on the screen)` for the current cell,
    `menu_made(QMenu)` before it is shown, for what else can be done with the selected records;
    `filter_asked` alike on Alt+Down, for its column. `header` tells what is done there; `sideways` is the scroll bar of
    columns that are wider than the list, to be put under it.
    """

    current_changed = Signal(object)
    activated = Signal(object)  # pyright: ignore[reportIncompatibleVariableOverride]  by record, not by index
    edit_asked = Signal(object, str)
    sort_asked = Signal(str, bool)
    new_asked = Signal()
    delete_asked = Signal(object)
    picked_changed = Signal(int)
    refused = Signal(str)
    failed = Signal(object)
    fold_asked = Signal(int, object)
    menu_asked = Signal(int, QPoint)
    menu_made = Signal(object)
    filter_asked = Signal(int, QPoint)
    fill_asked = Signal()
    copy_asked = Signal(bool)
    paste_asked = Signal()

    def __init__(self, headings: Sequence[Heading], parent: QWidget | None = None) -> None:
        """An empty list with these columns."""
        super().__init__(parent)
        self._told: int | None = None
        self._quiet = False
        self.header = ListHeader(self)
        self.setHorizontalHeader(self.header)
        self.sideways = SidewaysBar(self)
        self.sideways.valueChanged.connect(self._fit_columns)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        dress(self)
        self._ledger = LedgerDelegate(self)
        self.setItemDelegate(self._ledger)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(QuietBar(Qt.Orientation.Vertical, self))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else columns jump as the list grows
        self._corner = QFrame()
        theme.set_role(self._corner, "head")
        self.addScrollBarWidget(self._corner, Qt.AlignmentFlag.AlignTop)
        self.horizontalHeader().setMinimumSectionSize(0)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._measure()
        self.horizontalHeader().sectionClicked.connect(self._ask_sort)
        self._take_headings(headings)
        self.doubleClicked.connect(self._open_index)

    def set_headings(self, headings: Sequence[Heading]) -> None:
        """Take other columns; the list is empty afterwards, without a current record being told as gone."""
        old, old_selection = self._records, self.selectionModel()
        with self._keeping_quiet():
            self._take_headings(headings)
        old_selection.deleteLater()
        old.deleteLater()

    def records(self) -> RecordModel:
        """The model."""
        return self._records

    def set_rows(self, rows: Rows, count: int | None = None) -> None:
        """Show other rows (another filter or order) from the top.

        The current record stays current if it is on the first page; otherwise the first row becomes current.
        """
        current = self._told
        with self._keeping_quiet():
            self._records.set_rows(rows, count)
            self.scrollToTop()
            if self._records.rowCount() and self._records.id_at(0) is not None:
                self._go((self._records.row_of(current) if current is not None else None) or 0)
        self._tell()

    def reload(self, count: int | None = None, rows: Rows | None = None) -> None:
        """Read the rows anew after a change; selected and current records stay so, wherever they moved.

        `rows` takes the place of the rows so far: the same filter and order asked anew. When the current record is
        gone, the one that took its place becomes current.
        """
        row, current, bar = self.currentIndex().row(), self._told, self.verticalScrollBar()
        picked, listed = self._picked_with_rows(), self._records.rowCount()
        were_all = self.picked_count() == listed > 1
        with self._keeping_quiet():
            self._records.reload(count, rows)
            found = self._records.find(current, row) if current is not None else None
            if found is not None and found != row:
                bar.setValue(bar.value() + found - row)
            last = self._records.rowCount() - 1
            place = found if found is not None else min(row, last)
            if place >= 0:
                self._go(place, scroll=False)
                if were_all and last + 1 == listed:
                    self.selectAll()
                elif found is not None and len(picked) > 1:
                    self.pick([self._records.find(record, near) for record, near in picked])
        self._tell()

    def set_count(self, count: int) -> None:
        """Correct the number of rows; see `RecordModel.set_count`. All selected rows stay all of them."""
        were_all = self.picked_count() == self._records.rowCount() > 1
        self._records.set_count(count)
        if were_all:
            self.selectAll()
        self._tell()

    def set_order(self, key: str, descending: bool) -> None:
        """Show by which column the rows are sorted."""
        self._records.set_order(key, descending)

    def current_id(self) -> int | None:
        """The id of the current record."""
        return self._records.id_at(self.currentIndex().row())

    def current_key(self) -> str:
        """The field of the current cell, or LIGHT; "" without one."""
        column = self.currentIndex().column()
        return self._records.headings[column].key if column >= 0 else ""

    def select_id(self, record: int, near: int = 0) -> bool:
        """Make a record current if it is in memory or around row `near`; whether it was found."""
        row = self._records.find(record, near)
        if row is not None:
            self._go(row)
        return row is not None

    def go(self, row: int) -> None:
        """Make a row the current one, the heading of a group as well."""
        if 0 <= row < self._records.rowCount():
            self._go(row)

    def step(self, by: int) -> None:
        """Make the record `by` rows below (above if negative) the current one, from wherever the focus is."""
        last = self._records.rowCount() - 1
        if last >= 0:
            self._go(max(0, min(self.currentIndex().row() + by, last)))

    def picked_count(self) -> int:
        """The number of selected rows."""
        return count_of(self.stretches())

    def stretches(self) -> Stretches:
        """The selected rows; a million of them cost nothing."""
        return stretches_of(self.selectionModel().selection())

    def rows_on_screen(self) -> range:
        """The rows that are seen whole."""
        first, height = self.rowAt(0), self.viewport().height()
        last = self.rowAt(height - 1)
        last = self._records.rowCount() - 1 if last < 0 else last
        if first < 0:
            return range(0)
        first += self.rowViewportPosition(first) < 0
        return range(first, last + (self.rowViewportPosition(last) + self.rowHeight(last) <= height))

    def picked_ids(self, most: int = MOST_COPIED) -> tuple[int, ...]:
        """The ids of the selected records from the top, at most `most`."""
        found = (self._records.id_at(row) for row in islice(rows_of(self.stretches()), most))
        return tuple(record for record in found if record is not None)

    def copy(self, headed: bool = False) -> None:
        """Ask for the selected rows to be put on the clipboard, `headed` with the headings of their columns."""
        if self.picked_count() > MOST_COPIED:
            self.refused.emit(f"一次最多复制 {MOST_COPIED:,} 条，更多的请用导出。")
        elif self.picked_count():
            self.copy_asked.emit(headed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of look.md §3; the rest moves the selection."""
        key, plain = event.key(), event.modifiers() in (
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier,
        )  # fmt: skip
        record = self.current_id()
        if plain and record is None and self._fold(key):
            event.accept()
        elif key == Qt.Key.Key_Down and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            column = max(self.currentIndex().column(), 0)
            place = QPoint(self.columnViewportPosition(column), 0)
            self._once(event, self.filter_asked.emit, column, self.viewport().mapToGlobal(place))
        elif event.matches(QKeySequence.StandardKey.Copy) or _is_headed_copy(event):
            self.copy(headed=_is_headed_copy(event))
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._once(event, self.paste_asked.emit)
        elif event.matches(QKeySequence.StandardKey.New) or (plain and key == Qt.Key.Key_Insert):
            self._once(event, self.new_asked.emit)
        elif not plain or record is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._once(event, self.activated.emit, record)
        elif key == Qt.Key.Key_F2:
            self._once(event, self.edit_asked.emit, record, self.current_key())
        elif key == Qt.Key.Key_Delete:
            self._once(event, self.delete_asked.emit, self.picked_ids() or (record,))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.sideways.step(-1 if key == Qt.Key.Key_Left else 1)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: Qt's own would read the whole list to find a row that starts with a letter."""

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last row."""
        moves = QAbstractItemView.CursorAction
        current, last = self.currentIndex(), self._records.rowCount() - 1
        if action in (moves.MoveHome, moves.MoveEnd) and last >= 0:
            return self._records.index(0 if action == moves.MoveHome else last, max(0, current.column()))
        return super().moveCursor(action, modifiers)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tell which record is current."""
        super().currentChanged(current, previous)
        self.viewport().update()  # the bar of a current row that is not selected spans no cell of its own
        self._tell()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell how many are selected."""
        super().selectionChanged(selected, deselected)
        if not self._quiet:
            self.picked_changed.emit(self.picked_count())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Colours once for the repaint, then the cells."""
        current = self.currentIndex()
        self._ledger.prepare(*((current.row(), current.column()) if self.hasFocus() else (-1, -1)))
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let columns give way or come back."""
        super().resizeEvent(event)
        self._fit_columns()

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measure()
            self._fit_columns()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """There is always a current row to walk from."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._records.rowCount():
            self._go(0)

    def _take_headings(self, headings: Sequence[Heading]) -> None:
        self._records = RecordModel(headings, self)
        self._records.failed.connect(self.failed)
        self.setModel(self._records)
        # A header asks row by row whether its columns are selected: 18 s for Ctrl+A over a million. Its own is empty.
        self.horizontalHeader().setSelectionModel(QItemSelectionModel(self._records, self._records))
        self._fit_columns()

    def _measure(self) -> None:
        measure(self)
        self._corner.setFixedHeight(theme.row())

    def _fit_columns(self) -> None:
        """Widths from the em; columns give way, or scroll behind those that stay."""
        self.sideways.fit(self._records.headings)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Sideways, or with Shift, the columns scroll."""
        if not self.sideways.take_wheel(event):
            super().wheelEvent(event)

    def _fold(self, key: int) -> bool:
        """Whether the key opens or closes the group of the current row."""
        ways = {
            Qt.Key.Key_Return: None, Qt.Key.Key_Enter: None, Qt.Key.Key_Space: None, Qt.Key.Key_Right: True,
            Qt.Key.Key_Plus: True, Qt.Key.Key_Left: False, Qt.Key.Key_Minus: False,
        }  # fmt: skip
        if key not in ways or not self.currentIndex().isValid():
            return False
        self.fold_asked.emit(self.currentIndex().row(), ways[Qt.Key(key)])
        return True

    def _ask_menu(self, place: QPoint) -> None:
        """The menu of the cell under the mouse, or of the current one by the menu key."""
        index = self.indexAt(place)
        column = index.column() if index.isValid() else self.currentIndex().column()
        self.menu_asked.emit(column, self.viewport().mapToGlobal(place))

    def _ask_sort(self, column: int) -> None:
        heading = self._records.headings[column]
        if heading.sortable:
            key, descending = self._records.order()
            self.sort_asked.emit(heading.key, key == heading.key and not descending)

    def _open_index(self, index: QModelIndex | QPersistentModelIndex) -> None:
        record = self._records.id_at(index.row())
        if record is not None:
            self.activated.emit(record)
        elif index.isValid():
            self.fold_asked.emit(index.row(), None)

    @staticmethod
    def _once(event: QKeyEvent, emit: Callable[..., None], *values: object) -> None:
        """Emit unless the key repeats because it is held down."""
        event.accept()
        if not event.isAutoRepeat():
            emit(*values)

    def _go(self, row: int, scroll: bool = True) -> None:
        """Make a row the current and only selected one."""
        index = self._records.index(row, max(0, self.currentIndex().column()))
        self.selectionModel().setCurrentIndex(index, _SELECT_ONLY)
        if scroll:
            self.scrollTo(index)

    def pick(self, rows: Sequence[int | None]) -> None:
        """Select several rows, without changing the current one."""
        selection = QItemSelection()
        for row in sorted({row for row in rows if row is not None}):
            selection.select(self._records.index(row, 0), self._records.index(row, len(self._records.headings) - 1))
        self.selectionModel().select(selection, _SELECT_ONLY)

    def _picked_with_rows(self) -> list[tuple[int, int]]:
        """(id, row) of the selected records; empty when they are too many to be looked for again."""
        rows = rows_of(self.stretches()) if self.picked_count() <= FOLLOWED else ()
        return [(record, row) for row in rows if (record := self._records.id_at(row)) is not None]

    @contextmanager
    def _keeping_quiet(self) -> Generator[None]:
        """Rows may move and the selection may go and come without anybody being told."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False
        self.picked_changed.emit(self.picked_count())

    def _tell(self) -> None:
        """Tell the current record if it is another than the one told last."""
        if self._quiet:
            return
        record = self.current_id()
        if record != self._told:
            self._told = record
            self.current_changed.emit(record)


def _is_headed_copy(event: QKeyEvent) -> bool:
    """Ctrl+Shift+C."""
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    return event.key() == Qt.Key.Key_C and event.modifiers() == held
