"""粘贴放假通知: the State Council's text left, what was read from it right; contradictions stand at their line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from db.rules.notice import Clause, Doubt, Notice, read_notice
from db.rules.typed_dates import weekday
from db.rules.workdays import Day
from desktop import theme
from desktop.dialogs.cells import RowsView
from desktop.dialogs.paned import PanedDialog
from desktop.dialogs.rows import Column, RowsModel
from desktop.registers.marks import Fix, NoteLine, ProblemLine

Take = Callable[[Notice, Sequence[Day]], None]
_ANY_HEIGHT = 16_777_215  # Qt's QWIDGETSIZE_MAX
_LONGEST = 20_000  # characters; a notice has about 800


class NoticeDialog(PanedDialog):
    """Reads while it is typed. 录入 opens when every contradiction is mended in the text or confirmed at its line."""

    def __init__(self, year: int, take: Take, parent: QWidget | None = None) -> None:
        """`year` is offered where the text does not say which year it is for."""
        words = "左边的原文可以直接改；读出的日子核对无误再录入。"
        super().__init__("粘贴放假通知", words, "录入", "取消", parent)
        self._take = take
        self._boxes: dict[str, QCheckBox] = {}
        self._agreed: set[str] = set()  # doubts that the clerk has looked at and wants all the same
        self.notice = Notice(None, "", (), ())
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("通知原文")
        self.text.setPlaceholderText("把《国务院办公厅关于某年部分节假日安排的通知》全文复制，粘贴到这里")
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self.follow)
        self.year = QSpinBox()
        self.year.setRange(2000, 2100)
        self.year.setValue(year)
        self.year.setAccessibleName("年份")
        self.year.valueChanged.connect(self.follow)
        self.year_words = QLabel("通知里没写年份，按这一年：")
        self.marks = QWidget()
        self._marks = QVBoxLayout(self.marks)
        self._marks.setContentsMargins(0, 0, 0, 0)
        self._marks.setSpacing(4)
        self.view = RowsView(RowsModel((
            Column("on", "日期", 8.4), Column("on", "星期", 4, written=_weekday),
            Column("is_workday", "安排", 4, written=_arranged), Column("name", "节日", 0),
        )))  # fmt: skip
        self.view.setAccessibleName("读出的日子")
        self.said = QLabel()
        self._lay_out()
        self.follow()
        self.text.setFocus()

    def _lay_out(self) -> None:
        theme.set_role(self.said, "small")
        theme.set_role(self.year_words, "muted")
        self.button.clicked.connect(self.take)
        asked = QHBoxLayout()
        asked.addWidget(self.year_words)
        asked.addWidget(self.year)
        asked.addStretch(1)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.text, 1)
        left.addLayout(asked)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.marks)
        self._scroll = scroll
        right.addWidget(scroll, 2)
        right.addWidget(self.view, 3)
        halves = QHBoxLayout()
        halves.setSpacing(16)
        halves.addLayout(left, 1)
        halves.addLayout(right, 1)
        self.body.addLayout(halves, 1)
        self.foot.insertWidget(0, self.said)
        theme.give_size(self, 78, 42)

    def follow(self) -> None:
        """Read the text anew and show what came of it."""
        text = self.text.toPlainText()
        self.notice = Notice(None, "", (), ()) if len(text) > _LONGEST else read_notice(text, self.year.value())
        is_unsaid = bool(text.strip()) and read_notice(text[:_LONGEST]).year is None
        self.year.setVisible(is_unsaid)
        self.year_words.setVisible(is_unsaid)
        self._show_marks(text)
        days = self.notice.days()
        self.view.rows.show(days)
        open_doubts = self._open()
        self.button.setText(f"录入 {len(days)} 天" if days else "录入")
        self.button.setEnabled(bool(days) and not open_doubts)
        self.button.setToolTip("" if self.button.isEnabled() else "先粘贴通知" if not days else "先改正或逐条确认")
        worked = sum(day.is_workday for day in days)
        counted = f"{self.notice.year}年：放假{len(days) - worked}天，补班{worked}天" if days else ""
        self.said.setText(f"{counted}；{len(open_doubts)}处待核对" if open_doubts and days else counted)

    def _doubts(self) -> list[tuple[Clause | None, Doubt]]:
        own: list[tuple[Clause | None, Doubt]] = [
            (clause, doubt) for clause in self.notice.clauses for doubt in clause.doubts
        ]
        return own + [(None, doubt) for doubt in self.notice.doubts]

    def _open(self) -> list[Doubt]:
        """The doubts that still stand in the way."""
        return [doubt for clause, doubt in self._doubts() if doubt.is_fatal or _key(clause, doubt) not in self._agreed]

    def _show_marks(self, text: str) -> None:
        for widget in self.marks.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            widget.hide()
            widget.deleteLater()
        self._boxes.clear()
        while self._marks.count():
            self._marks.takeAt(0)
        doubts = self._doubts()
        if len(text) > _LONGEST:
            self._marks.addWidget(ProblemLine(f"太长：{len(text):,}字，不像放假通知；请只粘贴通知正文"))
        elif text.strip() and not self.notice.clauses:
            self._marks.addWidget(ProblemLine("没读到“一、元旦：1月1日……放假”这样的条目，请粘贴通知全文"))
        elif self.notice.clauses and not doubts:
            well = QLabel("前后一致：星期、天数、补班、法定假日都对得上。")
            theme.set_role(well, "green", "light")
            self._marks.addWidget(well)
        for clause, doubt in doubts:
            self._add_mark(clause, doubt)
        self._marks.addStretch(1)
        self._scroll.setVisible(bool(text.strip()))
        self._scroll.setMaximumHeight(_ANY_HEIGHT if doubts else 2 * theme.row())

    def _add_mark(self, clause: Clause | None, doubt: Doubt) -> None:
        where = f"第{clause.line}行 {clause.name}：" if clause else "全文："
        agreed = _key(clause, doubt) in self._agreed
        mark = (NoteLine if agreed else ProblemLine)(
            where + doubt.text, (Fix(str(clause.line), "到原文这一行"),) if clause else ()
        )
        mark.fix_asked.connect(self._go_to_line)
        self._marks.addWidget(mark)
        if not doubt.is_fatal:
            box = QCheckBox("已核对，就按原文录入")
            box.setObjectName(_key(clause, doubt))
            box.setChecked(agreed)
            box.toggled.connect(self._agree)
            self._boxes[box.objectName()] = box
            self._marks.addWidget(box)

    def _agree(self, agreed: bool) -> None:
        key = self.sender().objectName()
        (self._agreed.add if agreed else self._agreed.discard)(key)
        self.follow()
        box = self._boxes.get(key)
        if box is not None:
            box.show()  # else only the event loop shows it, and what is hidden takes no focus
            box.setFocus()

    def _go_to_line(self, line: str) -> None:
        block = self.text.document().findBlockByNumber(int(line) - 1)
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        self.text.setTextCursor(cursor)
        self.text.setFocus()

    def take(self) -> None:
        """Hand the days on."""
        if self.button.isEnabled():
            self.accept()
            self._take(self.notice, self.notice.days())


def _key(clause: Clause | None, doubt: Doubt) -> str:
    return f"{clause.name if clause else ''}|{doubt.text}"


def _weekday(day: Day) -> str:
    return weekday(day.on)


def _arranged(day: Day) -> str:
    return "上班" if day.is_workday else "放假"
