"""用去年的报告: last year's report opened or pasted; what each of its numbers is taken for, to be confirmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QWidget,
)

from db.errors import Refused
from db.summaries.annual.bindings import SURE, Binding
from db.summaries.annual.reading import report_text
from db.summaries.annual.source import marked
from desktop import theme
from desktop.dialogs.paned import PanedDialog
from desktop.file_asking import ask_open
from desktop.registers.marks import ProblemLine

if TYPE_CHECKING:
    from db.summaries.annual.proposing import Marked

Index = QModelIndex | QPersistentModelIndex
_HEADS = ("原文", "换成哪个数字", "把握", "依据")
_WIDTHS = (16.0, 12.0, 4.0)
NONE = "（不换，照原文）"
KINDS = "报告 (*.docx *.txt);;所有文件 (*)"


class BindingsModel(QAbstractTableModel):
    """The numbers of a report; a checked one becomes a place that the program fills in."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.bindings: list[Binding] = []
        self.labels: dict[str, str] = {}
        self.taken: set[int] = set()

    def show(self, bindings: list[Binding], labels: dict[str, str]) -> None:
        """Show these numbers; those that are sure are taken."""
        self.beginResetModel()
        self.bindings, self.labels = bindings, labels
        self.taken = {one.start for one in bindings if one.figure and one.confidence >= SURE}
        self.endResetModel()

    def choose(self, at: int, figure: str | None) -> None:
        """Take a number for another figure, or for none."""
        one = self.bindings[at]
        self.bindings[at] = replace(one, figure=figure, comparison="" if figure != one.figure else one.comparison)
        (self.taken.add if figure else self.taken.discard)(one.start)
        self.dataChanged.emit(self.index(at, 0), self.index(at, len(_HEADS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """The numbers."""
        return 0 if parent.isValid() else len(self.bindings)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """What is told of each."""
        return 0 if parent.isValid() else len(_HEADS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words and checks."""
        one = self.bindings[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == 0 and one.figure:
            return Qt.CheckState.Checked if one.start in self.taken else Qt.CheckState.Unchecked
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        label = self.labels.get(one.figure or "", "") + (f"（{one.comparison}）" if one.comparison else "")
        sure = f"{round(one.confidence * 100)}%" if one.figure else ""
        return (one.text, label, sure, one.reason)[index.column()]

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take a number, or leave it as it is written."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        start = self.bindings[index.row()].start
        (self.taken.add if Qt.CheckState(value) == Qt.CheckState.Checked else self.taken.discard)(start)
        self.dataChanged.emit(index, index)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """What has a figure can be checked."""
        flags = super().flags(index)
        is_open = index.column() == 0 and self.bindings[index.row()].figure
        return flags | Qt.ItemFlag.ItemIsUserCheckable if is_open else flags

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The headings."""
        is_head = role == Qt.ItemDataRole.DisplayRole and way == Qt.Orientation.Horizontal
        return _HEADS[section] if is_head else None


class ReportReadingDialog(PanedDialog):
    """`take(name, template, report)` keeps the template and may raise Refused."""

    def __init__(self, store: Any, take: Callable[[str, str, str], object], parent: QWidget | None = None) -> None:
        words = (
            "打开去年的报告，或把正文粘贴进来。程序认出每个数字是台账里的哪个数字；打勾的换成占位，明年自动填上。"
            "没有把握的不打勾，请您定；没打勾的照原文留着。"
        )
        super().__init__("用去年的报告做模板", words, "存为模板", "取消", parent)
        self._store, self._give = store, take
        self._marked: Marked | None = None
        self.text, self.problem = QPlainTextEdit(), ProblemLine("")
        self.text.setAccessibleName("去年的报告")
        self.text.setPlaceholderText("在这里粘贴")
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._follow)
        self.name, self.figure, self.said = QLineEdit(), QComboBox(), QLabel()
        self.name.setAccessibleName("模板名称")
        self.name.setPlaceholderText("模板名称")
        self.figure.setAccessibleName("换成哪个数字")
        self.figure.setEnabled(False)
        self.figure.activated.connect(self._choose)
        theme.set_role(self.said, "small")
        self.pick = QPushButton("从文件选...")
        self.pick.setAutoDefault(False)
        self.pick.clicked.connect(self._pick)
        self.problem.hide()
        line = QHBoxLayout()
        for widget in (QLabel("选中的数字换成"), self.figure, self.said):
            line.addWidget(widget)
        line.addStretch(1)
        for widget, stretch in ((self.text, 2), (self.problem, 0), (self._new_table(), 3)):
            self.body.addWidget(widget, stretch)
        self.body.addLayout(line)
        self.foot.insertWidget(0, self.pick)
        self.foot.insertWidget(1, self.name, 1)
        self.button.clicked.connect(self.take)
        theme.give_size(self, 76, 48)
        self._follow()

    def _new_table(self) -> QTableView:
        self.numbers, self.table = BindingsModel(self), QTableView()
        self.numbers.dataChanged.connect(self._count)
        self.table.setAccessibleName("报告里的数字")
        self.table.setModel(self.numbers)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(theme.row())
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(len(_WIDTHS), QHeaderView.ResizeMode.Stretch)
        for at, width in enumerate(_WIDTHS):
            header.resizeSection(at, theme.up4(width * theme.em()))
        self.table.selectionModel().currentRowChanged.connect(self._offer)
        return self.table

    def _pick(self) -> None:
        if path := ask_open(self, "report", "去年的报告", KINDS):
            self.open_report(path)

    def open_report(self, path: Path) -> None:
        """Read a report from a file; what cannot be read is told, and the text stays as it was."""
        try:
            text = report_text(path)
        except Refused as refused:
            self._say(str(refused))
        else:
            self.text.setPlainText(text)
            self.name.setText(path.stem[:50])

    def _follow(self) -> None:
        """Take the numbers of what stands there anew."""
        self._say("")
        text = self.text.toPlainText()
        self._marked = marked(text, self._store) if text.strip() else None
        labels = self._marked.labels if self._marked else {}
        self.numbers.show(list(self._marked.bindings) if self._marked else [], labels)
        self.figure.clear()
        self.figure.addItem(NONE, None)
        for key, label in labels.items():
            self.figure.addItem(label, key)
        self._count()

    def _count(self) -> None:
        found = len(self.numbers.bindings)
        self.said.setText(f"找到 {found} 个数字，换 {len(self.numbers.taken)} 个" if found else "")
        self.button.setEnabled(self._marked is not None)
        self.button.setToolTip("" if self._marked else "先打开或粘贴去年的报告")

    def _offer(self, current: QModelIndex) -> None:
        self.figure.setEnabled(current.isValid())
        if current.isValid():
            self.figure.setCurrentIndex(max(self.figure.findData(self.numbers.bindings[current.row()].figure), 0))

    def _choose(self) -> None:
        current = self.table.currentIndex()
        if current.isValid():
            self.numbers.choose(current.row(), self.figure.currentData())

    def take(self) -> None:
        """Keep the template and close; a refusal is told and everything stays."""
        assert self._marked is not None
        confirmed = replace(self._marked, bindings=tuple(self.numbers.bindings))
        refused = {one.start for one in self.numbers.bindings} - self.numbers.taken
        text = confirmed.template(confirmed=self.numbers.taken, refused=refused)
        try:
            self._give(self.name.text(), text, self._marked.text)
        except Refused as problem:
            self._say(str(problem))
        else:
            self.accept()

    def _say(self, sentence: str) -> None:
        self.problem.set_sentence(sentence)
        self.problem.setVisible(bool(sentence))
