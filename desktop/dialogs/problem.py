"""Says what failed, what is safe and what to do; details only behind a button."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from db.errors import StoreTrouble, trouble_of
from desktop import theme
from desktop.errors import details

DEFECT = (
    "程序遇到没有料到的问题",
    "已登记的内容都在；正在填的内容已留作草稿。",
    "可以继续使用；如果再次出现，请点“复制详情”发给维护人员。",
)


class ProblemDialog(QDialog):
    """One problem: title, what is safe, what to do. `retry` tells whether 再试一次 was chosen."""

    def __init__(
        self, title: str, text: str, advice: str, more: str = "", can_retry: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("法治台账")
        self._more = more
        self.retry = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_words(title, text, advice), 1)
        column.addWidget(self._foot(can_retry))
        self._likely.setDefault(True)  # only now: a button without its dialog is the default of none
        self.setFixedWidth(theme.up4(40 * theme.em()))

    def showEvent(self, event: QShowEvent) -> None:
        """Make room for all of the words: a dialog would ask for the height of fewer, longer lines."""
        super().showEvent(event)
        layout = self.layout()
        if layout is not None:
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def _foot(self, can_retry: bool) -> QWidget:
        foot = QFrame()
        theme.set_role(foot, "foot")
        line = QHBoxLayout(foot)
        line.setContentsMargins(16, 8, 16, 8)
        if self._more:
            self.copy_button = QPushButton("复制详情")
            theme.set_role(self.copy_button, "quiet")
            self.copy_button.clicked.connect(self._copy)
            line.addWidget(self.copy_button)
        line.addStretch(1)
        close = QPushButton("知道了")
        close.clicked.connect(self.reject)
        line.addWidget(close)
        if can_retry:
            again = QPushButton("再试一次")
            theme.set_role(again, "primary")
            again.clicked.connect(self._again)
            line.addWidget(again)
            self._likely = again
        else:
            theme.set_role(close, "primary")
            self._likely = close
        return foot

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._more)

    def _again(self) -> None:
        self.retry = True
        self.accept()


def _words(title: str, text: str, advice: str) -> QWidget:
    pane = QFrame()
    theme.set_role(pane, "pane")
    mark, head = QLabel(), QLabel(title)
    theme.set_icon(mark, "late", "red", 20)
    theme.set_role(head, "h2")
    words = QVBoxLayout()
    words.setSpacing(4)
    for label in (head, QLabel(text), QLabel(advice)):
        label.setWordWrap(True)
        words.addWidget(label)
    line = QHBoxLayout(pane)
    line.setContentsMargins(24, 24, 24, 24)
    line.setSpacing(16)
    line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    line.addLayout(words, 1)
    return pane


def dialog_for(error: BaseException, parent: QWidget | None = None, can_retry: bool = False) -> ProblemDialog:
    """The dialog for any error: named trouble in its own words, everything else as a defect with details."""
    trouble = error if isinstance(error, StoreTrouble) else trouble_of(error)
    if trouble is not None:
        return ProblemDialog(trouble.title, trouble.text, trouble.advice, can_retry=can_retry, parent=parent)
    return ProblemDialog(*DEFECT, more=details(error), parent=parent)
