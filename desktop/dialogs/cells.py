"""The view of `RowsModel`: a ledger's rows, the house's own editors in the cells, Enter from cell to cell."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop import theme
from desktop.dialogs.rows import NEW, RowsModel
from desktop.registers.editors import Editor, Unreadable
from desktop.registers.ledger import dress

Index = QModelIndex | QPersistentModelIndex
_BAR, _FIRST, _GAP = 3, 12, 8
_NEXT, _BACK = QAbstractItemDelegate.EndEditHint.EditNextItem, QAbstractItemDelegate.EndEditHint.EditPreviousItem
_STAY = QAbstractItemDelegate.EndEditHint.NoHint


class CellDelegate(QStyledItemDelegate):
    """Paints cells as the ledger does and edits them with the editor of their column."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.retired: set[int] = set()  # lines whose row is no longer in use, in grey
        self._finished: Editor | None = None

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """The editor of the column; Enter and Shift+Enter store and go on, as in a form."""
        column = cast("RowsModel", index.model()).columns[index.column()]
        assert column.editor is not None
        editor = column.editor()
        editor.setParent(parent)
        editor.setAutoFillBackground(True)
        editor.setObjectName(column.name)
        editor.setAccessibleName(column.label)
        editor.left_forward.connect(self._go_forward)
        editor.left_back.connect(self._go_back)
        editor.control.installEventFilter(self)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show what stands in the cell, also what was refused."""
        if isinstance(editor, Editor):
            editor.set_value(index.data(Qt.ItemDataRole.EditRole) or None)

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        """Hand what was typed to the model, or keep it there as refused when it cannot be read."""
        if not isinstance(editor, Editor) or not isinstance(model, RowsModel):
            return
        editor.settle()
        try:
            model.setData(index, editor.value())
        except Unreadable as unreadable:
            model.refuse(index, unreadable.text, unreadable.sentence)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """An editor fills its cell; narrow cells get room to type in."""
        area = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        room = cast("QWidget", self.parent()).width() - area.left()
        area.setWidth(max(area.width(), min(theme.up4(9 * theme.em()), room)))
        editor.setGeometry(area)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tab goes on like Enter; leaving the field for another place stores; Esc takes back what was typed."""
        editor = watched.parent() if isinstance(watched, QWidget) else None
        if not isinstance(editor, Editor):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not editor.composing():
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self._finish(editor, _NEXT if event.key() == Qt.Key.Key_Tab else _BACK)
                return True
            popup = getattr(editor, "popup", None)
            if event.key() == Qt.Key.Key_Escape and not (popup and popup()):
                self._finished = editor
                self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)
                return True
        elif event.type() == QEvent.Type.FocusOut and editor.isVisible() and not editor.isAncestorOf(_focus()):
            self._finish(editor, _STAY)
        return False

    def _go_forward(self) -> None:
        self._finish(cast("Editor", self.sender()), _NEXT)

    def _go_back(self) -> None:
        self._finish(cast("Editor", self.sender()), _BACK)

    def _finish(self, editor: Editor, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Store and close, once: closing takes the focus away, which asks for it again."""
        if editor is self._finished:
            return
        self._finished = editor
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, hint)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A row is one line high."""
        return QSize(0, theme.row())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell: ground, bar, text; what was refused on red."""
        area = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        picked = bool(option.state & QStyle.StateFlag.State_Selected)  # pyright: ignore[reportAttributeAccessIssue]
        model = cast("RowsModel", index.model())
        wrong = model.is_wrong(index)
        ground = "redbg" if wrong else "pick" if picked else "alt" if index.row() % 2 else "base"
        painter.fillRect(area, theme.colour(ground))
        if picked and area.left() == 0:
            painter.fillRect(0, area.top(), _BAR, area.height(), theme.colour("accent"))
        view = cast("QAbstractItemView", self.parent())
        if view.hasFocus() and index == view.currentIndex():
            painter.setPen(theme.colour("accent"))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
        text = str(index.data() or "")
        grey = index.row() in self.retired or text == NEW
        painter.setPen(theme.colour("red" if wrong else "ink2" if grey else "ink"))
        room = area.adjusted(_FIRST if area.left() == 0 else _GAP, 0, -_GAP, 0)
        words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


def _focus() -> QWidget:
    from PySide6.QtWidgets import QApplication  # only the application knows

    return QApplication.focusWidget() or QWidget()


class RowsView(QTableView):
    """A table of `RowsModel`. Enter, F2, a double click or typing edits a cell; Delete asks to retire the row."""

    retire_asked = Signal()
    rested = Signal()
    """No cell is being edited any more."""

    def __init__(self, model: RowsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        model.setParent(self)
        self.cells = CellDelegate(self)
        self.setModel(model)
        self.setItemDelegate(self.cells)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self._tell_rest)
        self.cells.closeEditor.connect(self._await_rest)
        dress(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        columns = self.horizontalHeader()
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _await_rest(self, *_closed: object) -> None:
        self._rest.start()

    def _tell_rest(self) -> None:
        if self.state() is not QAbstractItemView.State.EditingState:
            self.rested.emit()

    def current(self) -> object | None:
        """The row that the cursor stands in; None for the empty one."""
        at = self.currentIndex().row()
        return None if self.rows.is_new(at) else self.rows.row_at(at)

    def go_to(self, row: int, column: int = 0) -> None:
        """Put the cursor into a cell."""
        self.setCurrentIndex(self.rows.index(max(0, min(row, self.rows.rowCount() - 1)), column))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter edits; Delete asks to retire; Esc takes back what was refused; Tab leaves the table."""
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if index.flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(index)
            else:
                self.activated.emit(index)
        elif event.key() == Qt.Key.Key_Delete:
            self.retire_asked.emit()
        elif event.key() == Qt.Key.Key_Escape and index.isValid() and self.rows.is_wrong(index):
            self.rows.withdraw(index)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The column without a width takes the rest."""
        super().resizeEvent(event)
        em, columns = theme.em(), self.rows.columns
        fixed = {at: int(column.width * em) for at, column in enumerate(columns) if column.width}
        rest = max(self.viewport().width() - sum(fixed.values()), int(8 * em))
        free = [at for at in range(len(columns)) if at not in fixed]
        for at in range(len(columns)):
            self.setColumnWidth(at, fixed.get(at, rest // max(len(free), 1)))
