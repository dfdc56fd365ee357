"""升级: an update file is shown before anything is done with it; the way back to the version before."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QPushButton, QTextBrowser, QWidget

from desktop import theme
from desktop.dialogs.paned import PanedDialog
from desktop.file_asking import ask_open
from desktop.registers.marks import ProblemLine
from desktop.updates.container import SUFFIX, Update
from desktop.updates.installation import Installation
from desktop.updates.preparing import Kept

_WORDS = (
    f"现在是{{version}}。升级文件（后缀{SUFFIX}）由发放单位签过名，一般在U盘上。"
    "程序先核对签名和内容，把台账备份好，再关闭程序，交给系统安装；装不成，旧版照常能用。"
)


class UpdateDialog(PanedDialog):
    """Asks for a file, then shows what is in it; `button` upgrades once a file was found good."""

    file_chosen = Signal(object)
    upgrade_asked = Signal(object)
    back_asked = Signal(object)

    def __init__(self, here: Installation, kept: Kept | None, parent: QWidget | None = None) -> None:
        """`kept`: the version before, when there is one to go back to."""
        super().__init__("升级", _WORDS.format(version=here.version), "升级", "关闭", parent)
        self.update_found: Update | None = None
        self._about = self.words.text()
        self.changes, self.problem = QTextBrowser(), ProblemLine("")
        self.changes.setAccessibleName("这一版的变更")
        self.changes.hide()
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.body.addWidget(self.changes, 1)
        self.choose = QPushButton("选升级文件...")
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self._choose)
        self.foot.insertWidget(self.foot.count() - 1, self.choose)
        self.button.clicked.connect(self._upgrade)
        self.button.hide()
        self.back: QPushButton | None = None
        if kept is not None:
            self.back = QPushButton(f"退回上一版（{kept.version}）...")
            self.back.setAutoDefault(False)
            self.back.clicked.connect(partial(self.back_asked.emit, kept))
            self.foot.insertWidget(0, self.back)
        self.setMinimumWidth(theme.up4(44 * theme.em()))
        self.choose.setFocus()

    def _choose(self) -> None:
        if path := ask_open(self, "update", "选升级文件", f"升级文件 (*{SUFFIX})"):
            self.file_chosen.emit(path)

    def show_checking(self, name: str) -> None:
        """A file is being read."""
        self._forget()
        self.choose.setEnabled(False)
        self.words.setText(f"正在核对“{name}”……")

    def show_found(self, found: Update, version: str) -> None:
        """Show what a good file brings."""
        told = found.manifest
        self._forget()
        self.update_found = found
        self.words.setText(
            f"“{found.path.name}”的签名有效：{told.version}（{told.released_on}），现在是{version}。这一版的变更："
        )
        self.changes.setMarkdown(told.changes)
        self.changes.show()
        self.button.setText(f"备份并升级到{told.version}")
        self.button.show()
        self.button.setDefault(True)
        self.button.setFocus()  # it went to the button that closes when the other was shut for the time of reading
        self.resize(self.width(), theme.up4(36 * theme.em()))

    def show_refused(self, words: str) -> None:
        """Say why a file is not taken; another can be chosen."""
        self._forget()
        self.words.setText(self._about)
        self.problem.set_sentence(words)
        self.problem.show()
        self.choose.setFocus()

    def _forget(self) -> None:
        self.update_found = None
        self.choose.setEnabled(True)
        for widget in (self.problem, self.changes, self.button):
            widget.hide()

    def _upgrade(self) -> None:
        found = self.update_found
        self.accept()
        if found is not None:
            self.upgrade_asked.emit(found)


class BackDialog(PanedDialog):
    """The last question before the way back; staying is the default."""

    def __init__(self, kept: Kept, lost: int, parent: QWidget | None = None) -> None:
        words = (
            f"程序换回{kept.version}，台账换成升级前（{kept.at.replace('T', ' ')[:16]}）的备份。现在的台账先另存好。"
        )
        if lost:
            words = f"升级以后台账又有{lost:,}项改动，退回后不在里面。{words}"
        super().__init__(f"退回{kept.version}？", words, f"退回{kept.version}", "不退回", parent)
        if lost:
            theme.set_role(self.words, "ochre", "light")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.accept)
        self.setMinimumWidth(theme.up4(40 * theme.em()))


class ByHandDialog(PanedDialog):
    """The command for an administrator, where nobody here may install."""

    def __init__(self, command: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__("请管理员安装", words, "复制命令", "关闭", parent)
        self._command = command
        shown = QTextBrowser()
        shown.setAccessibleName("安装命令")
        shown.setPlainText(command)
        shown.setMaximumHeight(theme.up4(6 * theme.em()))
        self.body.addWidget(shown)
        self.button.clicked.connect(self._copy)
        self.setMinimumWidth(theme.up4(44 * theme.em()))

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._command)
