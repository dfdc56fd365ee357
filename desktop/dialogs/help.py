"""The help of the screen on show: one short page each, and the sheet of keys."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from db.resources import RESOURCES
from desktop import theme


class HelpDialog(QDialog):
    """Shows the pages of one screen and the keys under them."""

    def __init__(self, *pages: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("帮助")
        self.text = QTextBrowser()
        self.text.setAccessibleName("帮助")
        self.text.document().setDocumentMargin(24)
        self.text.setMarkdown("\n\n".join(_texts(*pages, "keys")))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        self.resize(theme.up4(46 * theme.em()), theme.up4(44 * theme.em()))


def _texts(*pages: str) -> list[str]:
    """The texts of those pages that there are."""
    paths = [RESOURCES / "help" / f"{name}.md" for name in pages]
    return [path.read_text(encoding="utf-8") for path in paths if path.is_file()]
