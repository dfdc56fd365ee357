"""What may be chosen of a register book: volume, numbers, columns, and how its pages are bound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from db.record import Record
from db.store.conditions import is_one_of
from db.store.search import Filter
from db.summaries.book import Binding, book_columns, book_names, is_crowded, series_of
from desktop import theme
from desktop.settings import MachineSettings

if TYPE_CHECKING:
    from db.store.store import Store

_EVERY_SERIES = "全部"
_MOST = 999_999
_CROWDED = "列太多，字会挤成几行：去掉几列更好看。"


class BookChoices(QWidget):
    """The choices of one book at a time; `changed` whenever one is made, `bound` when its pages were bound already."""

    changed = Signal()
    bound = Signal()

    def __init__(self, store: Store, settings: MachineSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store, self._settings = store, settings
        self._register: type[Record] | None = None
        self._year: int | None = None
        self._is_quiet = False
        self.columns: list[QCheckBox] = []
        self.volume = QComboBox()
        self.volume.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.first, self.last, self.page = (_new_spin(words) for words in ("从第几号", "到第几号", "起始页码"))
        self.page.setMinimum(1)
        self.page.setSpecialValueText("")
        self.gutter = QComboBox()
        self.gutter.addItem("上边", "top")
        self.gutter.addItem("左边", "left")
        self.gutter.setCurrentIndex(max(self.gutter.findData(settings.gutter), 0))
        self.goes_on = QCheckBox()
        self.is_bound = QPushButton("记为已装订")
        self.is_bound.setToolTip("在别处印了，或上次记错了：把右边这些页记为已装订，下次从后面接着印")
        theme.set_role(self.is_bound, "quiet")
        self.is_bound.clicked.connect(self.bound)
        self.more = QPushButton("更多列...")
        theme.set_role(self.more, "quiet")
        self.more.clicked.connect(self._show_more)
        self.words = QLabel()
        self.words.setWordWrap(True)
        theme.set_role(self.words, "small")
        self._lay_out()
        self.volume.activated.connect(self._take_volume)
        self.gutter.activated.connect(self._take_gutter)
        self.goes_on.toggled.connect(self._go_on)
        for spin in (self.first, self.last, self.page):
            spin.editingFinished.connect(self._tell)

    def _lay_out(self) -> None:
        range_, self._grid, paper = QGridLayout(), QGridLayout(), QGridLayout()
        numbers = QHBoxLayout()
        numbers.addWidget(self.first, 1)
        numbers.addWidget(QLabel("至"))
        numbers.addWidget(self.last, 1)
        _row(range_, 0, "分册", self.volume)
        _row(range_, 1, "编号", self.first, numbers)
        _row(paper, 0, "装订", self.gutter)
        _row(paper, 1, "页码", self.page)
        paper.addWidget(self.goes_on, 2, 1)
        paper.addWidget(self.is_bound, 3, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(range_)
        for title, part in (("列", self._grid), ("纸张", paper)):
            rule = QFrame()
            rule.setFixedHeight(1)
            theme.set_role(rule, "rule")
            heading = QLabel(title)
            theme.set_role(heading, "b")
            heading.setFixedHeight(theme.row())
            for widget in (rule, heading):
                column.addWidget(widget)
            column.addLayout(part)
            if part is self._grid:
                column.addWidget(self.more)
        column.addWidget(self.words)

    def show_register(self, register: type[Record], year: int | None, series: str = "") -> None:
        """Offer what this register's book has in a year; the columns are those chosen last."""
        is_other = register is not self._register
        self._register, self._year, self._is_quiet = register, year, True
        if is_other:
            self._offer_columns(register)
            for spin in (self.first, self.last, self.page):
                spin.setValue(spin.minimum())
        kept = series or (self.volume.currentData() if not is_other else "")
        self.volume.clear()
        self.volume.addItem(_EVERY_SERIES, "")
        for one in series_of(self._store, register, year):
            self.volume.addItem(one, one)
        self.volume.setCurrentIndex(max(self.volume.findData(kept), 0))
        self._offer_going_on()
        self._is_quiet = False
        self._warn()

    def _offer_columns(self, register: type[Record]) -> None:
        for box in self.columns:
            box.hide()
            box.deleteLater()
        self.columns = []
        chosen = self._settings.columns(register.key()) or book_columns(register)
        for at, name in enumerate(book_names(register)):
            box = QCheckBox(register.label(name))
            box.setObjectName(name)
            box.setChecked(name in chosen)
            box.toggled.connect(self._take_column)
            self._grid.addWidget(box, at // 2, at % 2)  # before it is shown: it would be a window of its own
            box.setVisible(name in book_columns(register) or name in chosen)
            self.columns.append(box)
        self.more.setVisible(any(box.isHidden() for box in self.columns))

    def _show_more(self) -> None:
        """Offer every field of the register."""
        for box in self.columns:
            box.show()
        self.more.hide()

    def names(self) -> tuple[str, ...]:
        """The chosen columns; those that the register declares when none is."""
        return tuple(box.objectName() for box in self.columns if box.isChecked())

    def narrowed(self, wanted: Filter) -> Filter:
        """The list's filter with the volume and the numbers that are chosen."""
        series = self.volume.currentData()
        if series and not any(condition.name == "series" for condition in wanted.conditions):
            wanted = replace(wanted, conditions=(*wanted.conditions, is_one_of("series", series)))
        first, last = self.first.value(), self.last.value()
        return replace(wanted, numbers=(first or 1, last)) if first or last else wanted

    def binding(self) -> Binding:
        """How the pages are bound and counted."""
        return Binding(self.page.value(), self.gutter.currentData())

    def remember(self, pages: int, last: int) -> None:
        """The book was printed: up to this page and (0: several volumes) this number."""
        self._settings.set_bound(self._key(), self.page.value() + pages - 1, last)
        self._offer_going_on()

    def _key(self) -> str:
        register = self._register.key() if self._register else ""
        return f"{register}/{self.volume.currentData() or ''}/{self._year or ''}"

    def _offer_going_on(self) -> None:
        page, number = self._settings.bound(self._key())
        self.goes_on.setVisible(page > 0)
        self.goes_on.setText(f"接上次第{page}页" + (f"、第{number}号" if number else ""))
        self.goes_on.blockSignals(True)
        self.goes_on.setChecked(False)
        self.goes_on.blockSignals(False)

    def _go_on(self, yes: bool) -> None:
        page, number = self._settings.bound(self._key())
        self.page.setValue(page + 1 if yes else 1)
        if number:
            self.first.setValue(number + 1 if yes else 0)
        self._tell()

    def _take_volume(self) -> None:
        self._offer_going_on()
        self._tell()

    def _take_gutter(self) -> None:
        self._settings.gutter = self.gutter.currentData()
        self._tell()

    def _take_column(self) -> None:
        if self._register is not None:
            self._settings.set_columns(self._register.key(), self.names())
        self._warn()
        self._tell()

    def _warn(self) -> None:
        crowded = self._register is not None and is_crowded(self._register, self.names(), self._store.rules)
        self.words.setText(_CROWDED if crowded else "")

    def _tell(self) -> None:
        if not self._is_quiet:
            self.changed.emit()


def _new_spin(words: str) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(0, _MOST)
    spin.setSpecialValueText(" ")  # 0: no end
    spin.setAccessibleName(words)
    spin.setMinimumHeight(theme.row())
    spin.setKeyboardTracking(False)
    return spin


def _row(grid: QGridLayout, row: int, label: str, control: QWidget, line: QHBoxLayout | None = None) -> None:
    words = QLabel(label)
    theme.set_role(words, "muted")
    words.setFixedHeight(theme.row())
    words.setBuddy(control)
    control.setAccessibleName(control.accessibleName() or label)
    control.setMinimumHeight(theme.row())
    grid.addWidget(words, row, 0)
    grid.setColumnStretch(1, 1)
    if line is None:
        grid.addWidget(control, row, 1)
    else:
        grid.addLayout(line, row, 1)
