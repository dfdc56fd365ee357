"""对列: which sheet and heading, what each column of the file is, and what the file does not say."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSpinBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from db.exchange.book import Book
from db.exchange.guessing import guesses, told_from
from db.exchange.heading import text_of
from db.exchange.layout import Column, Layout, is_telling
from db.exchange.rows import Options
from db.exchange.targets import IDENTITY, LEFT_OUT, Targets, targets
from db.record import Record
from desktop import theme
from desktop.registers.ledger import dress
from desktop.registers.marks import ProblemLine

Index = QModelIndex | QPersistentModelIndex
MOST_COLUMNS = 400  # columns of a file that are offered; a ledger has fewer
_NOT = "不导入"
_HOW = {"label": "按表头", "remembered": "按上次", "similar": "像，请核对", "hand": "您选的", "none": ""}
_UNKNOWN = "没认出"
_KEY = int(Qt.ItemDataRole.UserRole)
_NAMED = 3  # sheets that are called by their names
_SAMPLES, _SAMPLE = 3, 24  # values of a column that are shown, characters of each


class ColumnsView(QWidget):
    """The match of a file's columns; `sheets_asked(tuple of sheets, row of the heading from 0 or -1)` reads it anew."""

    sheets_asked = Signal(object, int)

    def __init__(self, register: type[Record], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._register = register
        self._known: Targets = targets(register)
        self._book: Book | None = None
        self._layouts: tuple[Layout, ...] = ()
        self._shown: list[tuple[Layout, Column]] = []
        self._given: dict[str, QLineEdit] = {}
        # The first way to tell a field is the one that is tried first, so it is the one to be named.
        self._guessed = {one.field: told_from(register, one.source) for one in reversed([*guesses(register)])}
        self.sheet, self.heading, self.year = QComboBox(), QSpinBox(), QLineEdit()
        self.problem = ProblemLine("")
        self.table = _ColumnTable(self._known)
        self.table.itemChanged.connect(self._take)
        self._extra = QGridLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(self._new_choices())
        column.addWidget(self.problem)
        column.addLayout(self._extra)
        column.addWidget(self.table, 1)
        self.problem.hide()

    def _new_choices(self) -> QHBoxLayout:
        self.sheet.activated.connect(self._ask_sheets)
        for widget in (self.sheet, self.heading):
            widget.setFixedHeight(theme.row())
        self.sheet.setMinimumWidth(theme.up4(16 * theme.em()))
        self.heading.setRange(1, 200)
        self.heading.setKeyboardTracking(False)
        self.heading.valueChanged.connect(self._ask_heading)
        self.year.setValidator(QIntValidator(1949, 2100, self.year))
        self.year.setPlaceholderText("如2022")
        self.year.setFixedWidth(theme.up4(6 * theme.em()))
        line = QHBoxLayout()
        line.setSpacing(8)
        for words, widget, after in (
            ("工作表", self.sheet, ""), ("表头在第", self.heading, "行"), ("没写年份的日期按", self.year, "年"),
        ):  # fmt: skip
            label = QLabel(words)
            theme.set_role(label, "muted")
            label.setBuddy(widget)
            widget.setAccessibleName(f"{words}{after}")
            line.addWidget(label)
            line.addWidget(widget)
            if after:
                behind = QLabel(after)
                theme.set_role(behind, "muted")
                line.addWidget(behind)
            line.addSpacing(16)
        line.addStretch(1)
        return line

    def show_file(self, book: Book, layouts: Sequence[Layout], problem: str = "") -> None:
        """Show how a file is read; `problem` says why it cannot be yet."""
        is_new = book is not self._book
        self._book, self._layouts = book, tuple(layouts)
        if is_new:
            self.sheet.clear()
            self.sheet.addItem("", ())
            for at, sheet in enumerate(book.sheets):
                self.sheet.addItem(f"{sheet.name}（{len(sheet.rows):,} 行）", (at,))
            self.year.clear()
        self.sheet.setItemText(0, f"自动：{sheets_read(layouts)}")
        self.heading.blockSignals(True)
        self.heading.setValue(layouts[0].heading.last + 1 if layouts else 1)
        self.heading.blockSignals(False)
        self.say(problem)
        self._fill()

    def say(self, sentence: str) -> None:
        """What is to be mended before the file can be tried; "" for nothing."""
        self.problem.set_sentence(sentence)
        self.problem.setVisible(bool(sentence))

    def ask_year(self) -> None:
        """Ask for the year of days that are written without one; what is typed next is the year."""
        self.say("有的日期没有写年份：请在上面填年份，再试导")
        self._focus(self.year)

    def focus(self) -> None:
        """Begin with the first column."""
        self.table.setCurrentCell(0, 2)
        self._focus(self.table)

    def _focus(self, widget: QWidget) -> None:
        self.setEnabled(True)  # the step on the worker has not wholly ended; focus needs it
        widget.setFocus()

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """How the sheets are read, with the columns as they are chosen here."""
        return self._layouts

    def options(self, before: Options) -> Options:
        """What the clerk has said of the whole file."""
        given = {key: edit.text().strip() for key, edit in self._given.items() if edit.text().strip()}
        year = int(self.year.text()) if self.year.hasAcceptableInput() else None
        return replace(before, year=year, given=given)

    def missing(self) -> list[str]:
        """The fields that a record must have, that no column gives and that follow from nothing that is said here.

        None of rows that name the records which they change: those have them.
        """
        if any(column.key == IDENTITY for layout in self._layouts for column in layout.columns):
            return []
        named = [self._known.by_key.get(column.key) for layout in self._layouts for column in layout.columns]
        there = {name for one in named if one and one.line is None for name in (one.field, one.beside)}
        return [name for name in self._register.MUSTS if name not in there]

    def _fill(self) -> None:
        self.table.blockSignals(True)
        self._shown = _columns_of(self._layouts)[:MOST_COLUMNS]
        self.table.setRowCount(len(self._shown))
        for row, (layout, column) in enumerate(self._shown):
            target = self._known.by_key.get(column.key)
            sample = self._sample(layout, column.at)
            how = _UNKNOWN if column.how == "none" and sample and is_telling(column.label) else _HOW[column.how]
            texts = (column.label, sample, target.label if target else _NOT, how)
            for at, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setFlags(item.flags() if at == 2 else item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                item.setForeground(theme.colour("ink" if at in (0, 2) and column.key else "ink2"))
                if at == 2:
                    item.setData(_KEY, column.key)
                self.table.setItem(row, at, item)
        self.table.blockSignals(False)
        self._fill_given()

    def _sample(self, layout: Layout, at: int) -> str:
        if self._book is None:
            return ""
        first = layout.heading.last + 1
        below = self._book.sheets[layout.sheet].rows[first : min(layout.until or sys.maxsize, first + 40)]
        found = (text_of(row[at])[:_SAMPLE] for row in below if at < len(row))
        return "　".join(list(dict.fromkeys(filter(None, found)))[:_SAMPLES])

    def _fill_given(self) -> None:
        """A line for each field that must be there and that no column gives: one value for all rows."""
        kept = {key: edit.text() for key, edit in self._given.items()}
        while item := self._extra.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._given.clear()
        for at, name in enumerate(self.missing()):
            label, edit = QLabel(f"表里没有“{self._register.label(name)}”，全部填"), QLineEdit(kept.get(name, ""))
            theme.set_role(label, "muted")
            edit.setObjectName(name)
            if source := self._guessed.get(name):
                edit.setPlaceholderText(f"能从{source}认出的可空着")
            edit.setAccessibleName(label.text())
            label.setBuddy(edit)
            edit.setFixedWidth(theme.up4(12 * theme.em()))
            self._extra.addWidget(label, at // 2, at % 2 * 2)
            self._extra.addWidget(edit, at // 2, at % 2 * 2 + 1)
            self._given[name] = edit
        self._extra.setColumnStretch(4, 1)

    def _take(self, item: QTableWidgetItem) -> None:
        """Let a column be something else, in every sheet that has it."""
        if item.column() != 2 or not self._layouts:
            return
        label, key = self._shown[item.row()][1].label, str(item.data(_KEY))
        self._layouts = tuple(
            next((layout.with_field(one.at, key) for one in layout.columns if one.label == label), layout)
            for layout in self._layouts
        )
        self._fill()

    def _ask_sheets(self, _row: int) -> None:
        self.sheets_asked.emit(self.sheet.currentData() or (), -1)

    def _ask_heading(self, row: int) -> None:
        sheets = self.sheet.currentData() or tuple(layout.sheet for layout in self._layouts) or (0,)
        self.sheets_asked.emit(sheets, row - 1)


def sheets_read(layouts: Sequence[Layout]) -> str:
    """The sheets that are read, the first by their names: “1月”“2月”等 12 张."""
    names = [*dict.fromkeys(layout.name for layout in layouts)]
    more = f"等 {len(names)} 张" if len(names) > _NAMED else ""
    return "".join(f"“{name}”" for name in names[:_NAMED]) + more


def _columns_of(layouts: Sequence[Layout]) -> list[tuple[Layout, Column]]:
    """The columns of the first table, then those that others have besides, each with its table."""
    found = [(layout, column) for layout in layouts[:1] for column in layout.columns]
    labels = {column.label for _layout, column in found}
    for layout in layouts[1:]:
        found += [(layout, column) for column in layout.columns if column.label not in labels]
        labels.update(column.label for column in layout.columns)
    return found


class _ColumnTable(QTableWidget):
    """One row for each column of the file; Enter, F2 or a click chooses what it is."""

    def __init__(self, known: Targets, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self.setAccessibleName("表里的列和台账的栏目")
        theme.set_role(self, "padded")
        self.setHorizontalHeaderLabels(["表里的列", "前几行", "导入为", "怎么认的"])
        self.setItemDelegateForColumn(2, _TargetDelegate(known, self))
        dress(self)
        self.setWordWrap(True)
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        triggers = QTableWidget.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.cellClicked.connect(self._edit)
        columns = self.horizontalHeader()
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for at, em in ((0, 14), (2, 15), (3, 8)):
            self.setColumnWidth(at, theme.up4(em * theme.em()))

    def _edit(self, row: int, column: int) -> None:
        if column >= 2:
            self.edit(self.model().index(row, 2))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses what the column is; with Ctrl the page goes on."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif is_enter and self.currentRow() >= 0:
            self.edit(self.model().index(self.currentRow(), 2))
        else:
            super().keyPressEvent(event)


class _TargetDelegate(QStyledItemDelegate):
    """Chooses from everything that a column can be, by list or by typing a part of its name."""

    def __init__(self, known: Targets, parent: QWidget) -> None:
        super().__init__(parent)
        self._choices = [(_NOT, LEFT_OUT), *((target.label, key) for key, target in known.by_key.items())]

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A box with a list that opens at once."""
        box = QComboBox(parent)
        for label, key in self._choices:
            box.addItem(label, key)
        box.setMaxVisibleItems(18)
        box.activated.connect(self._commit)
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show what the column is taken for."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(index.data(_KEY))))
            editor.showPopup()

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        """Keep what was chosen."""
        view = self.parent()
        if isinstance(editor, QComboBox) and isinstance(view, QTableWidget):
            item = view.item(index.row(), index.column())
            if item is not None and item.data(_KEY) != editor.currentData():
                item.setData(_KEY, editor.currentData())

    def _commit(self, _row: int) -> None:
        box = self.sender()
        assert isinstance(box, QComboBox)
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A row is one line high."""
        return QSize(0, theme.row())
