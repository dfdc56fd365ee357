"""改文字: the text of a form or of the annual report as the office edits it, with the names that may stand in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from db.errors import Refused
from desktop import theme
from desktop.dialogs.paned import PanedDialog
from desktop.registers.marks import ProblemLine

_WORDS = (
    "一行说一件事：“标签16：”“内容44：”是格子和它占的宽度，“正文77：”是大格，“落款：”在右下角；"
    "花括号里写台账的项目，如{标题}。{签发日期：……}只在填了时印，{无签发日期：……}只在没填时印；写种类名的逐条印。"
)
_PROBLEMS = 5  # shown at once; the rest is only counted
FIRST = "插入项目..."


@dataclass(frozen=True)
class Manner:
    """What is edited, how it is written, and the marks between which a name is put in."""

    kind: str
    words: str
    marks: tuple[str, str]


FORM = Manner("表单文字", _WORDS, ("{", "}"))


class FormTextDialog(PanedDialog):
    """`take(text)` keeps the text, `restore()` gives the bundled one back; both may raise Refused."""

    def __init__(
        self, name: str, text: str, names: Sequence[str], take: Callable[[str], None], restore: Callable[[], str],
        parent: QWidget | None = None, manner: Manner = FORM,
    ) -> None:  # fmt: skip
        super().__init__(f"{manner.kind}：{name}", manner.words, "保存", "取消", parent)
        self._take, self._restore, self._manner = take, restore, manner
        self.text = QPlainTextEdit(text)
        self.text.setAccessibleName(manner.kind)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))
        self.text.setTabChangesFocus(True)
        self.names = QComboBox()
        self.names.setAccessibleName("插入项目")
        self.names.addItem(FIRST)
        self.names.addItems(list(names))
        self.names.activated.connect(self._insert)
        self.back = QPushButton("恢复原样")
        self.back.setToolTip("换回程序自带的文字；按 Ctrl+Z 可以撤销")
        self.back.clicked.connect(self._give_back)
        self._marks = QVBoxLayout()
        self._marks.setSpacing(4)
        line = QHBoxLayout()
        line.addWidget(self.names)
        line.addStretch(1)
        self.body.addLayout(line)
        self.body.addWidget(self.text, 1)
        self.body.addLayout(self._marks)
        self.foot.insertWidget(0, self.back)
        self.button.clicked.connect(self.take)
        self.resize(theme.up4(64 * theme.em()), theme.up4(48 * theme.em()))
        self.text.setFocus()

    def take(self) -> None:
        """Keep the text and close; what cannot be understood is told, and the text stays as typed."""
        try:
            self._take(self.text.toPlainText())
        except Refused as refused:
            self._show([problem.text for problem in refused.problems] or [str(refused)])
        else:
            self.accept()

    def _give_back(self) -> None:
        """The bundled text stands in the editor; it is kept when the clerk saves."""
        self.text.selectAll()
        self.text.insertPlainText(self._restore())

    def _insert(self, at: int) -> None:
        if at > 0:
            self.text.insertPlainText(self.names.itemText(at).join(self._manner.marks))
            self.names.setCurrentIndex(0)
            self.text.setFocus()

    def _show(self, problems: Sequence[str]) -> None:
        while self._marks.count():
            widget = self._marks.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        for text in problems[:_PROBLEMS]:
            self._marks.addWidget(ProblemLine(text))
        if len(problems) > _PROBLEMS:
            more = QLabel(f"还有{len(problems) - _PROBLEMS}处")
            theme.set_role(more, "small")
            self._marks.addWidget(more)
