"""The help of the screen on show: one short page each, and the sheet of keys."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from db.resources import RESOURCES
from desktop import theme

_SYSTEM = ("updates", "windows" if sys.platform == "win32" else "linux")  # installing and removing


class HelpDialog(QDialog):
    """Shows the pages of one screen and the keys under them.

    `ask` asks for the file of a diagnostic package, `update` for an update; without them there is no such button.
    """

    def __init__(
        self, *pages: str, ask: Callable[[], None] | None = None, update: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle("帮助")
        self._asked = (ask, update)  # a connection alone would not keep their owners
        self.text = QTextBrowser()
        self.text.setAccessibleName("帮助")
        self.text.document().setDocumentMargin(24)
        self.text.setMarkdown("\n\n".join(_texts(*pages, "keys", *_SYSTEM)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        column.addWidget(self._foot(ask, update))
        theme.give_size(self, 46, 44)

    def _foot(self, ask: Callable[[], None] | None, update: Callable[[], object] | None) -> QWidget:
        foot = QFrame()
        theme.set_role(foot, "foot")
        line = QHBoxLayout(foot)
        line.setContentsMargins(16, 8, 16, 8)
        self.promises = QPushButton("数据安全")
        self.promises.setToolTip("程序保证什么、不保证什么、怎么检验的")
        self.promises.clicked.connect(self._show_promises)
        self.typing = QPushButton("中文输入")
        self.typing.setToolTip("打不出中文时怎么办")
        self.typing.clicked.connect(self._show_typing)
        self.diagnose = QPushButton("诊断包...")
        self.diagnose.setToolTip("程序出了毛病时发给维护人员：版本、日志、表结构与条数，没有登记的内容")
        self.diagnose.setVisible(ask is not None)
        if ask is not None:
            self.diagnose.clicked.connect(self.accept)
            self.diagnose.clicked.connect(ask)
        self.updates = QPushButton("升级...")
        self.updates.setToolTip("从U盘升级，退回上一版")
        self.updates.setVisible(update is not None)
        if update is not None:
            self.updates.clicked.connect(self.accept)
            self.updates.clicked.connect(update)
        self.about = QPushButton("关于...")
        self.about.setToolTip("版本，和各组成部分的许可")
        self.about.clicked.connect(self._show_about)
        for button in (self.promises, self.typing, self.updates, self.diagnose, self.about):
            theme.set_role(button, "quiet")
            button.setAutoDefault(False)
            line.addWidget(button)
        line.addStretch(1)
        return foot

    def _show_promises(self) -> None:
        self.text.setMarkdown("\n\n".join(_texts("promises")))

    def _show_typing(self) -> None:
        from desktop import input_methods

        (page,) = _texts("typing")
        self.text.setMarkdown(f"{page}\n\n这台电脑现在：{input_methods.words()}。")

    def _show_about(self) -> None:
        from desktop.dialogs.about import AboutDialog

        dialog = AboutDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _texts(*pages: str) -> list[str]:
    """The texts of those pages that there are."""
    paths = [RESOURCES / "help" / f"{name}.md" for name in pages]
    return [path.read_text(encoding="utf-8") for path in paths if path.is_file()]
