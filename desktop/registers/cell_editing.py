"""Editing a cell of a list in place: F2, type, Enter saves and goes on below, Tab to the right, Esc takes it back.

The whole record is saved by its register's rules. What they refuse stays in the cell as it was typed, with the reason
under it, until it is mended or taken back.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from db.errors import Refused
from db.record import Record
from desktop import theme
from desktop.registers.actions import Actions
from desktop.registers.editors import Editor, Unreadable
from desktop.registers.fields import editor_for
from desktop.registers.marks import ProblemLine
from desktop.registers.table import RecordTable
from desktop.registers.values import stored
from desktop.registers.words import OfficeWords

LEAST_EM = 11  # of a cell that is being edited: a date with its weekday, a unit's name


def editable(register: type[Record]) -> frozenset[str]:
    """The fields that can be edited in a cell: those of the form that may be typed, without lines."""
    shown = {name for section in register.FORM for name in section.fields}
    return frozenset(name for name in shown - {*register.DERIVED} if name in register._meta.fields)


class CellEditing(QObject):
    """At most one cell of one list is being edited."""

    def __init__(self, register: type[Record], actions: Actions, words: OfficeWords, table: RecordTable) -> None:
        super().__init__(table)
        self._register, self._actions, self._words, self._table = register, actions, words, table
        self._record: Record = register()
        self._name = ""
        self.editor: Editor | None = None
        self.problem: ProblemLine | None = None
        table.edit_asked.connect(self.begin)
        table.verticalScrollBar().valueChanged.connect(self._place)

    def begin(self, record_id: int, name: str) -> None:
        """Edit one field of a record, which stands in the current row."""
        self.close()
        if why := self._why_not(name):
            self._table.refused.emit(why)
            return
        record = self._actions.load(self._register, record_id)
        if record.voided_on or record.deleted_at or record.is_placeholder:
            self._table.refused.emit("作废的、在回收站里的、涉密占号的不能改")
            return
        self._record, self._name = record, name
        self.editor = editor = editor_for(self._register._meta.fields[name], self._words, in_cell=True)
        editor.setParent(self._table.viewport())
        editor.setAutoFillBackground(True)
        editor.setObjectName(name)
        editor.setAccessibleName(self._register.label(name))
        editor.set_value(getattr(record, name) or None)
        editor.left_forward.connect(self._go_down)
        editor.left_back.connect(self._go_up)
        editor.changed.connect(self._take_problem_away)
        editor.control.installEventFilter(self)
        self._place()
        editor.show()
        editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(editor.control, QLineEdit):
            editor.control.selectAll()

    def _why_not(self, name: str) -> str:
        if name in editable(self._register):
            return self._actions.why_not("save")
        other = "这一栏不能在列表里改：用 ← → 走到要改的栏，或按 Enter 到右边的表单里改"
        return self._actions.why_not("save") or other

    def _place(self) -> None:
        """Over its cell, wide enough to type in; the problem under it."""
        if self.editor is None:
            return
        table = self._table
        area, least = table.visualRect(table.currentIndex()), theme.up4(LEAST_EM * theme.em())
        room = table.viewport().width()
        area.setWidth(max(area.width(), min(least, room)))
        area.moveLeft(min(area.left(), room - area.width()))
        self.editor.setGeometry(area)
        if self.problem is not None:
            wide = min(max(area.width(), 2 * least), room)
            self.problem.setFixedWidth(wide)
            self.problem.adjustSize()
            below = area.bottom() + 1
            if below + self.problem.height() > table.viewport().height():
                below = area.top() - self.problem.height()
            self.problem.move(min(area.left(), room - wide), below)

    def close(self) -> None:
        """Take the editor away; what was typed and not saved is gone."""
        self._take_problem_away()
        if self.editor is not None:
            editor, self.editor = self.editor, None
            had_focus = editor.isAncestorOf(QApplication.focusWidget() or QWidget())
            editor.control.removeEventFilter(self)
            editor.hide()
            editor.deleteLater()
            if had_focus:
                self._table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _take_problem_away(self) -> None:
        if self.problem is not None:
            self.problem.hide()
            self.problem.deleteLater()
            self.problem = None
        if self.editor is not None:
            self.editor.show_problem(None)

    def save(self) -> bool:
        """Save what was typed, if it differs; whether the cell may be left."""
        editor, record, name = self.editor, self._record, self._name
        if editor is None:
            return True
        editor.settle()
        try:
            value = stored(self._register, name, editor.value())
        except Unreadable as unreadable:
            self._say(unreadable.sentence)
            return False
        before = getattr(record, name)
        if value == before:
            self.close()
            return True
        setattr(record, name, value)
        try:
            self._actions.save(record)
        except Refused as refused:
            setattr(record, name, before)
            self._say(str(refused))
            return False
        except Exception as error:  # noqa: BLE001  shown in words, or reported by the crash net
            setattr(record, name, before)
            self._table.failed.emit(error)
            return False
        self.close()
        return True

    def _say(self, sentence: str) -> None:
        self._take_problem_away()
        if self.editor is not None:
            self.problem = ProblemLine(sentence, parent=self._table.viewport())
            self.editor.show_problem(True)
            self._place()
            self.problem.show()

    def _go_down(self) -> None:
        self._go(1)

    def _go_up(self) -> None:
        self._go(-1)

    def _go(self, by: int) -> None:
        """Save, and edit the same field of the record below or above, wherever saving has moved this one."""
        table, name, row = self._table, self._name, self._table.currentIndex().row()
        following = table.records().id_at(row + by)
        if not self.save():
            return
        if following is not None and table.select_id(following, row + by):
            self.begin(following, name)

    def _go_beside(self, by: int) -> None:
        """Save, and edit the next field of the record to the right or left."""
        table, record = self._table, self._record.id
        if not self.save():
            return
        model, index = table.records(), table.currentIndex()
        column = index.column() + by
        known = editable(self._register)
        while 0 <= column < len(model.headings):
            if model.headings[column].key in known and not table.isColumnHidden(column):
                none = table.selectionModel().SelectionFlag.NoUpdate
                table.selectionModel().setCurrentIndex(model.index(index.row(), column), none)
                self.begin(record, model.headings[column].key)
                return
            column += by

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tab and Esc; leaving the cell for another place saves it."""
        editor = self.editor
        if editor is None or editor.composing():
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            popup = getattr(editor, "popup", None)
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self._go_beside(1 if event.key() == Qt.Key.Key_Tab else -1)
                return True
            if event.key() == Qt.Key.Key_Escape and not (popup and popup()):
                self.close()
                return True
        elif event.type() == QEvent.Type.FocusOut and editor.isVisible():
            focus = QApplication.focusWidget()
            if focus is not None and not editor.isAncestorOf(focus) and focus.window() is editor.window():
                self.save()
        return False
