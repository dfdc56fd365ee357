"""The frame of a dialog: a white pane, under it a foot with the verb at its right end and the way out before it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import theme


class PanedDialog(QDialog):
    """Title and sentence on the pane; subclasses fill `body` and connect `button`. It is freed when it is closed."""

    def __init__(self, title: str, words: str, verb: str, leave: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.title, self.words = QLabel(title), QLabel(words)
        theme.set_role(self.title, "h2")
        theme.set_role(self.words, "muted")
        self.words.setWordWrap(True)
        self.button, close = QPushButton(verb), QPushButton(leave)
        theme.set_role(self.button, "primary")
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        pane, foot = QFrame(), QFrame()
        theme.set_role(pane, "pane")
        theme.set_role(foot, "foot")
        self.body = QVBoxLayout(pane)
        self.body.setContentsMargins(16, 16, 16, 12)
        self.body.setSpacing(8)
        self.body.addWidget(self.title)
        self.body.addWidget(self.words)
        self.foot = QHBoxLayout(foot)
        self.foot.setContentsMargins(16, 8, 16, 8)
        self.foot.setSpacing(8)
        self.foot.addStretch(1)
        self.foot.addWidget(close)
        self.foot.addWidget(self.button)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(pane, 1)
        self.column.addWidget(foot)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt makes it no wider than two thirds of the screen, as high as for the width that it would have had."""
        super().showEvent(event)
        needed = self.column.totalHeightForWidth(self.width())
        if needed > self.height():
            self.resize(self.width(), min(needed, self.screen().availableSize().height()))


def say(title: str, words: str, window: QWidget) -> None:
    """Say something over a window that is to be read before one goes on; nothing has to be chosen."""
    dialog = PanedDialog(title, words, "知道了", "", window)
    dialog.foot.itemAt(1).widget().hide()  # there is nothing to leave
    dialog.button.clicked.connect(dialog.accept)
    dialog.open()
