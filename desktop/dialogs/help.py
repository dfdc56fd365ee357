"""The help of the screen on show: one short page each, and the sheet of keys."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from db.resources import RESOURCES
from desktop import theme


class HelpDialog(QDialog):
    """Shows the page of one screen and the keys under it."""

    def __init__(self, page: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("帮助")
        self.text = QTextBrowser()
        self.text.setAccessibleName("帮助")
        self.text.document().setDocumentMargin(24)
        self.text.setMarkdown("\n\n".join(_pages(page)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        self.resize(theme.up4(46 * theme.em()), theme.up4(44 * theme.em()))


def _pages(page: str) -> list[str]:
    """The texts of a screen's page, where there is one, and of the keys."""
    paths = [RESOURCES / "help" / f"{name}.md" for name in (page, "keys")]
    return [path.read_text(encoding="utf-8") for path in paths if path.is_file()]
