"""The bare controls: Enter moves on, nothing reacts while an input method composes, a paste is looked at first."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QClipboard,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QWidget

from desktop.registers.editors.pasting import LONGEST_LINE, LONGEST_TEXT, folded, has_files, too_long

_CTRL, _SHIFT, _ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_MENU_KEYS = (*_ENTER, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def _step(event: QKeyEvent, plain_leaves: bool) -> int:
    """1 if the key leaves the field forward, -1 back, 0 if it stays. Ctrl+Shift+Enter is the window's."""
    if event.key() not in _ENTER:
        return 0
    held = event.modifiers() & (_CTRL | _SHIFT | _ALT)
    if held == _SHIFT:
        return -1
    if held == _CTRL or (plain_leaves and not held):
        return 1
    return 0


def _is_pin_key(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_K and event.modifiers() == _CTRL


def _is_other_redo(event: QKeyEvent) -> bool:
    """Ctrl+Y, which Qt knows on Windows alone."""
    return event.key() == Qt.Key.Key_Y and event.modifiers() == _CTRL


class LineInput(QLineEdit):
    """A field of one line."""

    edited = Signal()
    forward = Signal()
    back = Signal()
    focused = Signal(bool)
    refused = Signal(str)
    pin_key = Signal()
    tab_pressed = Signal()
    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """`keys` may be set to a bound method that sees each key first and returns whether it took it."""
        super().__init__(parent)
        self.composing = False
        self.pinnable = False
        self.menu_open = False
        self.keys: Callable[[QKeyEvent], bool] | None = None
        self._noticed = ""
        self.textEdited.connect(self._notice)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Text may be dragged in, files may not."""
        super().dragEnterEvent(event)
        event.setAccepted(event.isAccepted() and not has_files(event.mimeData()))

    def show_text(self, text: str) -> None:
        """Set the text without a signal and show its beginning."""
        if len(text) > self.maxLength():
            self.setMaxLength(len(text))
        self._noticed = text
        self.setText(text)
        self.setCursorPosition(0)

    def type_text(self, text: str, cursor: int | None = None) -> None:
        """Replace the whole text as if it had been typed: it can be undone and sends `edited`."""
        self.selectAll()
        self.insert(text)
        if cursor is not None:
            self.setCursorPosition(cursor)
        self._notice()

    def take(self, text: str) -> None:
        """Insert pasted text as one line, or refuse it whole if it is longer than LONGEST_LINE."""
        if self.isReadOnly():
            return
        if len(text) > LONGEST_LINE:
            self.refused.emit(too_long(len(text), LONGEST_LINE))
            return
        self.insert(folded(text))
        self._notice()

    def event(self, event: QEvent) -> bool:
        """Claim the keys that mean something here before the window's shortcuts see them; give back idle undo."""
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._claims(event):
                event.accept()
                return True
            if self._undo_is_idle(event):
                event.ignore()
                return False
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _TABS and self.composing:
                return True
            if event.key() == Qt.Key.Key_Tab:
                self.tab_pressed.emit()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Shift+Enter leave; Ctrl+K pins; a paste is looked at; the rest is QLineEdit's."""
        if self.composing:
            if event.text().isprintable() and event.text():
                super().keyPressEvent(event)
            event.accept()
        elif self.keys is not None and self.keys(event):
            event.accept()
        elif step := _step(event, plain_leaves=True):
            event.accept()
            (self.forward if step > 0 else self.back).emit()
        elif self.pinnable and _is_pin_key(event):
            event.accept()
            self.pin_key.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            event.accept()
            self._take_clipboard()
        elif _is_other_redo(event):
            event.accept()
            self.redo()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Know whether a composition is going on; its end is one edit. A field to be read only takes none."""
        if self.isReadOnly():  # Qt lets a committed text in
            event.ignore()
            return
        if len(event.commitString()) > LONGEST_LINE:
            self.refused.emit(too_long(len(event.commitString()), LONGEST_LINE))
            event.accept()
            return
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        self._notice()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select all, so that typing replaces, unless the mouse says where."""
        super().focusInEvent(event)
        stays = (
            Qt.FocusReason.MouseFocusReason,
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        )
        if event.reason() not in stays:
            self.selectAll()
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A composition ends with the focus."""
        super().focusOutEvent(event)
        self.composing = False
        self._notice()
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.setCursorPosition(0)
        self.focused.emit(False)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt's menu, whose paste is ours."""
        menu = self.createStandardContextMenu()
        for action in menu.actions():
            if action.objectName() == "edit-paste":
                action.triggered.disconnect()
                action.triggered.connect(self._take_clipboard)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The middle button pastes the selection under X11: looked at like any paste."""
        board = QGuiApplication.clipboard()
        if event.button() == Qt.MouseButton.MiddleButton and board.supportsSelection():
            event.accept()
            self.setCursorPosition(self.cursorPositionAt(event.position().toPoint()))
            self.take(board.text(QClipboard.Mode.Selection))
            return
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.hasSelectedText():
            self.clicked.emit()

    def dropEvent(self, event: QDropEvent) -> None:
        """Dropped text is a paste; a move inside the field is Qt's."""
        if event.source() is self:
            super().dropEvent(event)
            return
        self.setCursorPosition(self.cursorPositionAt(event.position().toPoint()))
        event.acceptProposedAction()
        self.take(event.mimeData().text())

    def _claims(self, event: QKeyEvent) -> bool:
        if self.composing or _step(event, plain_leaves=True):
            return True
        if self.menu_open and event.key() in _MENU_KEYS:
            return True
        return (self.pinnable and _is_pin_key(event)) or (_is_other_redo(event) and self.isRedoAvailable())

    def _undo_is_idle(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Undo):
            return not self.isUndoAvailable()
        return event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()

    def _take_clipboard(self) -> None:
        self.take(QGuiApplication.clipboard().text())

    def _notice(self) -> None:
        """Send `edited` if the text is another one than at the last time, but never during a composition."""
        if not self.composing and self.text() != self._noticed:
            self._noticed = self.text()
            self.edited.emit()


class TextInput(QPlainTextEdit):
    """A field of several lines; `enter_leaves` says whether Enter moves on or makes a new line."""

    edited = Signal()
    forward = Signal()
    back = Signal()
    focused = Signal(bool)
    refused = Signal(str)
    pin_key = Signal()

    def __init__(self, enter_leaves: bool, parent: QWidget | None = None) -> None:
        """With `enter_leaves` the text stays one paragraph: breaks in a paste are folded."""
        super().__init__(parent)
        self.composing = False
        self.pinnable = False
        self.enter_leaves = enter_leaves
        self._noticed = ""
        self._corner: QWidget | None = None
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._notice)

    def show_text(self, text: str) -> None:
        """Set the text without a signal."""
        self._noticed = text
        self.setPlainText(text)
        self._noticed = self.toPlainText()

    def set_corner(self, widget: QWidget) -> None:
        """Keep `widget` in the upper right corner, beside the text."""
        self._corner = widget
        widget.setParent(self)
        self.setViewportMargins(0, 0, widget.sizeHint().width(), 0)
        self._place_corner()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The corner widget moves with the edge."""
        super().resizeEvent(event)
        self._place_corner()

    def _place_corner(self) -> None:
        if self._corner is not None:
            size = self._corner.sizeHint()
            self._corner.setGeometry(self.width() - size.width() - 1, 1, size.width(), size.height() - 2)

    def event(self, event: QEvent) -> bool:
        """Claim Enter and Ctrl+K before the window's shortcuts; give back undo when there is nothing to undo."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            steps = self.document()
            redoes = _is_other_redo(event) and steps.isRedoAvailable()
            if self.composing or _step(event, self.enter_leaves) or redoes or (self.pinnable and _is_pin_key(event)):
                event.accept()
                return True
            if (event.matches(QKeySequence.StandardKey.Undo) and not steps.isUndoAvailable()) or (
                event.matches(QKeySequence.StandardKey.Redo) and not steps.isRedoAvailable()
            ):
                event.ignore()
                return False
        if self.composing and event.type() == QEvent.Type.KeyPress and cast("QKeyEvent", event).key() in _TABS:
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter leaves, so does Enter if asked; Shift+Enter goes back."""
        if self.composing:
            if event.text().isprintable() and event.text():
                super().keyPressEvent(event)
            event.accept()
        elif step := _step(event, self.enter_leaves):
            event.accept()
            (self.forward if step > 0 else self.back).emit()
        elif self.pinnable and _is_pin_key(event):
            event.accept()
            self.pin_key.emit()
        elif event.key() in _ENTER and event.modifiers() & _CTRL:
            event.ignore()
        elif _is_other_redo(event):
            event.accept()
            self.redo()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Know whether a composition is going on; its end is one edit. A text to be read only takes none."""
        if self.isReadOnly():
            event.ignore()
            return
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        self._notice()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell the editor."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A composition ends with the focus."""
        super().focusOutEvent(event)
        self.composing = False
        self._notice()
        self.focused.emit(False)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Text may be pasted or dragged in, files may not."""
        return not has_files(source) and super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste or drop: plain text only, folded where one paragraph is wanted, refused whole beyond LONGEST_TEXT."""
        text = source.text()
        longest = LONGEST_LINE if self.enter_leaves else LONGEST_TEXT
        if len(text) > longest:
            self.refused.emit(too_long(len(text), longest))
            return
        self.textCursor().insertText(folded(text) if self.enter_leaves else text)
        self.ensureCursorVisible()

    def _notice(self) -> None:
        if not self.composing and (text := self.toPlainText()) != self._noticed:
            self._noticed = text
            self.edited.emit()


class FlagInput(QCheckBox):
    """A check box that Enter leaves; Space ticks it."""

    edited = Signal()
    forward = Signal()
    back = Signal()
    focused = Signal(bool)
    refused = Signal(str)
    pin_key = Signal()

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """`text` stands right of the box."""
        super().__init__(text, parent)
        self.composing = False
        self.pinnable = False
        self.clicked.connect(self._tell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Shift+Enter leave, Ctrl+K pins."""
        if step := _step(event, plain_leaves=True):
            event.accept()
            (self.forward if step > 0 else self.back).emit()
        elif self.pinnable and _is_pin_key(event):
            event.accept()
            self.pin_key.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell the editor."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the editor."""
        super().focusOutEvent(event)
        self.focused.emit(False)

    def _tell(self) -> None:
        self.edited.emit()
