"""改文字: the text of a form or of the annual report as the office edits it, beside the page that it makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from db.errors import Refused
from db.record import database
from db.summaries.document import Printed
from desktop import theme
from desktop.dialogs.paned import PanedDialog
from desktop.dialogs.words_edit import WordsEdit
from desktop.jobs import Job, Jobs
from desktop.paper.desk import PageDesk
from desktop.registers.marks import Fix, ProblemLine

_WORDS = (
    "【】里是台账的项目，印的时候换成记录里的内容；其余的字照印，直接改就行。要加项目，先把光标放好，再从“插入项目”里选。"
    "灰字是格子的种类和宽度，一般不动。【签发日期：……】只在填了时印，【无签发日期：……】只在没填时印；写种类名的逐条印。"
)
_PROBLEMS = 5  # shown at once; the rest is only counted
_PAUSE = 500  # ms without typing after which the page is made anew
FIRST = "插入项目..."


@dataclass(frozen=True)
class Manner:
    """What is edited, how it is written, the marks between which a name is kept, and whether it has boxes."""

    kind: str
    words: str
    marks: tuple[str, str]
    has_frames: bool = False


@dataclass(frozen=True)
class Drawing:
    """How the page beside the text is made on the worker: `draw(text, job)`, which may raise Refused."""

    jobs: Jobs
    draw: Callable[[str, Job], Printed]


FORM = Manner("表单文字", _WORDS, ("{", "}"), has_frames=True)


class FormTextDialog(PanedDialog):
    """`take(text)` keeps the text, `restore()` gives the bundled one back; both may raise Refused.

    With a `drawing` the page stands beside the text and follows it.
    """

    def __init__(
        self, name: str, text: str, names: Sequence[str], take: Callable[[str], None], restore: Callable[[], str],
        parent: QWidget | None = None, manner: Manner = FORM, drawing: Drawing | None = None,
    ) -> None:  # fmt: skip
        super().__init__(f"{manner.kind}：{name}", manner.words, "保存", "取消", parent)
        self._take, self._restore, self._drawing = take, restore, drawing
        self._job: Job | None = None
        self.text = WordsEdit(text, manner.marks, manner.has_frames)
        self.text.setAccessibleName(manner.kind)
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
        self._lay_out()
        self.foot.insertWidget(0, self.back)
        self.button.clicked.connect(self.take)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.draw)
        if drawing is not None:
            self.text.document().contentsChanged.connect(self._pause.start)
            self.draw()
        self.finished.connect(self._stop)
        self.text.setFocus()

    def _lay_out(self) -> None:
        line, left = QHBoxLayout(), QWidget()
        line.addWidget(self.names)
        line.addStretch(1)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self.text, 1)
        column.addLayout(self._marks)
        self.desk = PageDesk(lambda _target: "")
        self.desk.setAccessibleName("预览")
        self.said = QLabel()
        theme.set_role(self.said, "small")
        self.said.setWordWrap(True)
        right = QFrame()
        theme.set_role(right, "desk")
        pages = QVBoxLayout(right)
        pages.setContentsMargins(0, 0, 0, 0)
        pages.addWidget(self.desk, 1)
        pages.addWidget(self.said)
        self.split = QSplitter()
        self.split.addWidget(left)
        self.split.addWidget(right)
        self.split.setChildrenCollapsible(False)
        right.setVisible(self._drawing is not None)
        self.body.addWidget(self.split, 1)
        theme.give_size(self, 112 if self._drawing is not None else 64, 52)
        self.split.setSizes([self.width() // 2, self.width() // 2])

    def draw(self) -> None:
        """Make the page anew of the text as it stands; what is wrong with it is marked where it is."""
        if self._drawing is None:
            return
        self._stop()
        text, make = self.text.written(), self._drawing.draw

        def work(job: Job) -> Printed:
            database.connect(reuse_if_open=True)
            return make(text, job)

        self._job = self._drawing.jobs.run("预览", work, self._show_page, self._show_fault)

    def _stop(self, _result: int = 0) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _show_page(self, printed: object) -> None:
        from desktop.paper.pages import Pdf  # PDFium waits until a page is shown

        self._job = None
        assert isinstance(printed, Printed)
        is_first = not self.desk.page_count()
        self.desk.show_pages(Pdf(printed.pdf), goes_on=not is_first)
        if is_first:
            self.desk.set_fit("width")
        self.said.clear()
        self._show(())

    def _show_fault(self, error: object) -> None:
        self._job = None
        if isinstance(error, Refused):
            self._show([problem.text for problem in error.problems] or [str(error)])
            self.said.setText("文字有看不懂的地方，右边还是改之前的样子。" if self.desk.page_count() else "")
        else:
            self.said.setText("没能画出预览；文字还在，可以照常保存。")

    def take(self) -> None:
        """Keep the text and close; what cannot be understood is told, and the text stays as typed."""
        try:
            self._take(self.text.written())
        except Refused as refused:
            self._show([problem.text for problem in refused.problems] or [str(refused)])
        else:
            self.accept()

    def _give_back(self) -> None:
        """The bundled text stands in the editor; it is kept when the clerk saves."""
        self.text.replace_all(self._restore())

    def _insert(self, at: int) -> None:
        if at > 0:
            self.text.put_in(self.names.itemText(at))
            self.names.setCurrentIndex(0)
            self.text.setFocus()

    def _show(self, problems: Sequence[str]) -> None:
        while self._marks.count():
            widget = self._marks.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        lines = [self.text.line_of(problem) for problem in problems]
        self.text.mark(lines)
        for problem, at in list(zip(problems, lines, strict=True))[:_PROBLEMS]:
            line = ProblemLine(self.text.shown(problem), (Fix(str(at), f"到第{at}行"),) if at else ())
            line.fix_asked.connect(self._go_to)
            self._marks.addWidget(line)
        if len(problems) > _PROBLEMS:
            more = QLabel(f"还有{len(problems) - _PROBLEMS}处")
            theme.set_role(more, "small")
            self._marks.addWidget(more)

    def _go_to(self, line: str) -> None:
        self.text.go_to(int(line))
