"""The search box of a list, with its manners at the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit


class SearchBox(QLineEdit):
    """The search box: Esc clears, again goes to the list; Backspace in the empty box takes the last chip."""

    emptied = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that leave the box or take a condition away."""
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.emptied.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)
