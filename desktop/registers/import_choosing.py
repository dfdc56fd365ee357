"""选文件: where a file is dropped or chosen; says what could not be read and why."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.registers.marks import ProblemLine

_ICON = 48
_WORDS = (
    "支持 .xlsx、.xls、.ods、.csv。表头前有标题、两行表头、合计行、同上、各种写法的日期和文号都认得；"
    "先试导，看清每一行再写入，整批一步可撤销。"
)


class ChooseView(QWidget):
    """`file_asked()` and `template_asked()` by the buttons; files are dropped on the page."""

    file_asked = Signal()
    template_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        icon, title, words = QLabel(), QLabel("把表格拖到这里"), QLabel(_WORDS)
        theme.set_icon(icon, "in", "edge", _ICON)
        theme.set_role(title, "h2")
        theme.set_role(words, "muted")
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words.setMinimumWidth(theme.up4(40 * theme.em()))
        self.choose, self.template = QPushButton("选择文件..."), QPushButton("没有现成的表？存一份导入模板")
        theme.set_role(self.choose, "primary")
        theme.set_role(self.template, "quiet")
        self.choose.clicked.connect(self.file_asked)
        self.template.clicked.connect(self.template_asked)
        self.problem = ProblemLine("")
        self.problem.setMinimumWidth(theme.up4(40 * theme.em()))
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        for widget in (icon, title):
            column.addWidget(widget, 0, centre)
        for widget in (words, self.problem):  # not aligned: only so they are as high as their lines
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(widget, 2)
            row.addStretch(1)
            column.addLayout(row)
        line = QHBoxLayout()
        line.addStretch(1)
        for button in (self.choose, self.template):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            line.addWidget(button)
        line.addStretch(1)
        column.addLayout(line)
        column.addStretch(2)

    def say(self, sentence: str) -> None:
        """Why a file could not be read; "" for nothing."""
        self.problem.set_sentence(sentence)
        self.problem.setVisible(bool(sentence))

    def focus(self) -> None:
        """Put the focus where a clerk begins."""
        self.choose.setFocus(Qt.FocusReason.TabFocusReason)
