"""Asks for the reason of a voiding: it is kept in the book beside the number."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop import theme


class ReasonDialog(QDialog):
    """One line for the reason; the verb stays shut until it is given."""

    def __init__(self, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("作废")
        title, words = QLabel(f"作废{what}"), QLabel("编号留着，不再用；可以撤销。请写明原因，会印在登记簿上。")
        theme.set_role(title, "h2")
        theme.set_role(words, "muted")
        words.setWordWrap(True)
        self.reason = QLineEdit()
        self.reason.setObjectName("reason")
        self.reason.setAccessibleName("作废原因")
        self.reason.setPlaceholderText("作废原因，如：文种有误")
        self.reason.textChanged.connect(self._follow)
        self.void_button = QPushButton("作废")
        theme.set_role(self.void_button, "primary")
        self.void_button.setEnabled(False)
        self.void_button.setToolTip("先写原因")
        self.void_button.clicked.connect(self.accept)
        close = QPushButton("不作废")
        close.clicked.connect(self.reject)
        pane, foot = QFrame(), QFrame()
        theme.set_role(pane, "pane")
        theme.set_role(foot, "foot")
        body = QVBoxLayout(pane)
        body.setContentsMargins(24, 16, 24, 16)
        for widget in (title, words, self.reason):
            body.addWidget(widget)
        line = QHBoxLayout(foot)
        line.setContentsMargins(16, 8, 16, 8)
        line.addStretch(1)
        line.addWidget(close)
        line.addWidget(self.void_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(pane)
        column.addWidget(foot)
        self.void_button.setDefault(True)  # only now: a button without its dialog is the default of none
        self.setFixedWidth(theme.up4(36 * theme.em()))

    def _follow(self, text: str) -> None:
        self.void_button.setEnabled(bool(text.strip()))
