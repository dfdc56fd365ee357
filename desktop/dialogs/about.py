"""关于: the version, and every bundled part with the text of its licence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from desktop import __version__, licences, theme

_NO_TEXT = "这一部分没有随带许可全文；许可为{licence}。"


class AboutDialog(QDialog):
    """Shows the parts on the left and the licence of the chosen one on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("关于法治台账")
        self._parts = list(licences.parts())
        self.parts = QListWidget()
        self.parts.setAccessibleName("组成部分")
        self.parts.addItems([" ".join(filter(None, (part.name, part.version))) for part in self._parts])
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName("许可全文")
        title = QLabel(f"法治台账 {__version__}，单机使用，不连网络。下面是各组成部分和它们的许可。")
        title.setWordWrap(True)
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.addWidget(self.parts)
        panes.addWidget(self.text)
        panes.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.addWidget(title)
        column.addWidget(panes, 1)
        self.parts.currentRowChanged.connect(self._show)
        self.parts.setCurrentRow(0)
        theme.give_size(self, 56, 40)

    def _show(self, row: int) -> None:
        part = self._parts[row]
        self.text.setPlainText(part.text or _NO_TEXT.format(licence=part.licence or "见其项目网站"))
