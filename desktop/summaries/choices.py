"""The choices at the left of the print page, in the order of the question: what, which, columns, paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from db.errors import Refused
from db.rules.templates import Template
from db.store.search import Filter
from db.summaries.book import book_title
from db.summaries.life import LIFE
from db.summaries.life import TITLE as LIFE_TITLE
from desktop import theme
from desktop.registers.actions import Actions
from desktop.settings import MachineSettings
from desktop.summaries.book_choices import BookChoices
from desktop.summaries.making import FORM, MONTH, NUMBERS, Wanted

WHOLE_YEAR = ALL_YEARS = 0
EVERY_GROUP = "全部"


class Choices(QWidget):
    """What the clerk wants printed; `changed` whenever it is something else."""

    changed = Signal()
    wording_asked = Signal(str)
    bound = Signal()

    def __init__(
        self, actions: Actions, years: Iterable[int], settings: MachineSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._store = actions.store
        self._filter = Filter()
        self._records: tuple[tuple[str, int], ...] = ()
        self._templates: dict[str, Template] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 8, 16, 8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self._row = 0
        self._labels: dict[QWidget, QLabel] = {}
        self._heading("印什么")
        self.report, self.form = self._combo("报表"), self._combo("表单")
        self.numbered = self._combo("台账")
        self.wording = QPushButton("改表单文字...")
        theme.set_role(self.wording, "quiet")
        self.wording.clicked.connect(self._ask_wording)
        self._grid.addWidget(self.wording, self._next(), 1, 1, 2)
        self._rule()
        self._heading("范围")
        self.year, self.month = self._combo("年度"), self._combo("月份")
        self.group, self.number = self._combo("单位"), QLineEdit()
        self.number.setPlaceholderText("编号，按 Enter")
        self.number.returnPressed.connect(self._take_number)
        self._place("哪一件", self.number)
        self.book = BookChoices(actions.store, settings)
        self.book.changed.connect(self.changed)
        self.book.bound.connect(self.bound)
        self._grid.addWidget(self.book, self._next(), 0, 1, 3)
        self.words = QLabel()
        self.words.setWordWrap(True)
        theme.set_role(self.words, "small")
        self._grid.addWidget(self.words, self._next(), 0, 1, 3)
        self.faces = QLabel()
        self.faces.setWordWrap(True)
        theme.set_role(self.faces, "small")
        self._grid.addWidget(self.faces, self._next(), 0, 1, 3)
        self._grid.setRowStretch(self._next(), 1)
        self._fill(years)
        for combo in (self.report, self.form, self.numbered, self.year, self.month, self.group):
            combo.activated.connect(self._take_choice)

    def _fill(self, years: Iterable[int]) -> None:
        self.report.addItem("月度汇总", MONTH)
        for register in self._store.catalogue:
            self.report.addItem(book_title(register), register.key())
        self.report.addItem("表单", FORM)
        self.report.addItem("编号核查表", NUMBERS)
        self.report.addItem(LIFE_TITLE, LIFE)
        for register in self._store.catalogue:
            if register.NUMBERING:
                self.numbered.addItem(register.TITLE, register.key())
        for year in years:
            self.year.addItem(f"{year}年", year)
        for month in range(1, 13):
            self.month.addItem(f"{month}月", month)
        self.month.addItem("全年", WHOLE_YEAR)

    def _next(self) -> int:
        self._row += 1
        return self._row

    def _heading(self, words: str) -> QLabel:
        label = QLabel(words)
        theme.set_role(label, "b")
        label.setFixedHeight(theme.row())
        self._grid.addWidget(label, self._next(), 0, 1, 3)
        return label

    def _rule(self) -> None:
        rule = QFrame()
        rule.setFixedHeight(1)
        theme.set_role(rule, "rule")
        self._grid.addWidget(rule, self._next(), 0, 1, 3)

    def _combo(self, label: str) -> QComboBox:
        combo = QComboBox()
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._place(label, combo)
        return combo

    def _place(self, label: str, control: QWidget) -> None:
        words = QLabel(label)
        theme.set_role(words, "muted")
        words.setFixedHeight(theme.row())
        words.setBuddy(control)
        control.setAccessibleName(label)
        control.setMinimumHeight(theme.row())
        row = self._next()
        self._grid.addWidget(words, row, 0)
        self._grid.addWidget(control, row, 1, 1, 2)
        self._labels[control] = words

    def _show(self, control: QWidget, visible: bool) -> None:
        control.setVisible(visible)
        self._labels[control].setVisible(visible)

    def show_month(self, year: int, month: int) -> None:
        """Choose the monthly summary of a month."""
        self.report.setCurrentIndex(0)
        self._choose_year(year)
        self.month.setCurrentIndex(self.month.findData(month))
        self._arrange(Filter())

    def show_book(self, register: str, wanted: Filter) -> None:
        """Choose the book of a register under the filter of its list."""
        self.report.setCurrentIndex(max(self.report.findData(register), 0))
        self._offer_all_years(True)
        self._choose_year(wanted.year or (wanted.month[0] if wanted.month else ALL_YEARS))
        self.month.setCurrentIndex(self.month.findData(wanted.month[1] if wanted.month else WHOLE_YEAR))
        self._arrange(wanted)

    def show_form(self, key: str, *records: tuple[str, int]) -> None:
        """Choose a form: a sheet for each record (register, id), or without any a list."""
        self.report.setCurrentIndex(self.report.findData(FORM))
        self._offer_forms()
        self.form.setCurrentIndex(max(self.form.findData(key), 0))
        self.month.setCurrentIndex(self.month.findData(WHOLE_YEAR))
        self._records = records
        self.group.clear()
        self._arrange(Filter())

    def show_life(self, record: tuple[str, int]) -> None:
        """Choose the life of one record (register, id)."""
        self.report.setCurrentIndex(self.report.findData(LIFE))
        self._records = (record,)
        self._arrange(Filter())

    def show_numbers(self, register: str, year: int) -> None:
        """Choose the check of a register's numbers in a year."""
        self.report.setCurrentIndex(self.report.findData(NUMBERS))
        self.numbered.setCurrentIndex(max(self.numbered.findData(register), 0))
        self._choose_year(year)
        self._records = ()
        self._arrange(Filter())

    def _choose_year(self, year: int) -> None:
        if self.year.findData(year) < 0:
            self.year.addItem(f"{year}年", year)
        self.year.setCurrentIndex(self.year.findData(year))

    def _offer_all_years(self, is_book: bool) -> None:
        """A book may hold the papers of all years; nothing else that is printed does."""
        at = self.year.findData(ALL_YEARS)
        if is_book and at < 0:
            self.year.addItem("全部年度", ALL_YEARS)
        elif not is_book and at >= 0:
            if self.year.currentIndex() == at:
                self.year.setCurrentIndex(0)
            self.year.removeItem(at)

    def _offer_forms(self) -> None:
        """Offer the forms as the office has them now."""
        from db.summaries.office_forms import Templates

        chosen = self.form.currentData()
        self._templates = Templates(self._store).all()
        self.form.clear()
        for key, template in self._templates.items():
            self.form.addItem(template.name, key)
        self.form.setCurrentIndex(max(self.form.findData(chosen), 0))

    def refresh_forms(self) -> None:
        """A form was edited: offer the forms anew, and tell the choice anew."""
        self._offer_forms()
        self._arrange(Filter())

    @property
    def template(self) -> Template | None:
        """The form that is chosen; None when it is no form."""
        return self._templates.get(self.form.currentData()) if self.report.currentData() == FORM else None

    def _arrange(self, wanted: Filter) -> None:
        """Show what belongs to the choice, and tell it."""
        self._filter = wanted
        key, template = self.report.currentData(), self.template
        register = None if key in (MONTH, FORM, NUMBERS, LIFE) else self._store.catalogue[key]
        self._offer_all_years(register is not None)
        single = key == LIFE or (template is not None and template.is_single)
        self._show(self.form, template is not None)
        self._show(self.numbered, key == NUMBERS)
        self.wording.setVisible(template is not None)
        self._show(self.number, single)
        self._show(self.year, not single)
        self._show(self.month, not single and key != NUMBERS and self.year.currentData() != ALL_YEARS)
        self._show(self.group, template is not None and not single and template.per != EVERY_GROUP)
        if template is not None:
            self._labels[self.group].setText("人员" if template.per == "人员" else "单位")
        self.number.setText(self._called())
        self.book.setVisible(register is not None)
        if register is not None:
            self.book.show_register(register, wanted.year)
        words = "点缺号可以写原因，印在表上。" if key == NUMBERS else ""
        if register is not None:
            picked = "" if wanted.ids is None else f"只印这 {len(wanted.ids):,} 条，编号顺序不变。"
            words = picked or "按台账列表上的条件印，编号顺序不变。"
        self.words.setText(words)
        self.changed.emit()

    def _called(self) -> str:
        """The number of the record that is printed, or how many there are."""
        if len(self._records) != 1:
            return f"选中的{len(self._records)}件" if self._records else ""
        ((key, number),) = self._records
        record = self._store.load(self._store.catalogue[key], number)
        return record.number or str(getattr(record, record.SUBJECT))[:20]

    def _take_choice(self) -> None:
        sender = self.sender()
        key = self.report.currentData()
        self._offer_all_years(key not in (MONTH, FORM, NUMBERS, LIFE))
        if key == LIFE:
            self._records = ()
            self._arrange(Filter())
            return
        if key == FORM:
            if sender is self.report:
                self._offer_forms()
            template = self.template
            if sender in (self.report, self.form) or (self._records and template and not template.is_single):
                self._records = ()
                self.group.clear()
            self._arrange(Filter())
            return
        self._records = ()
        if key == NUMBERS:
            self.show_numbers(self.numbered.currentData(), self.year.currentData())
        elif key == MONTH:
            self.show_month(self.year.currentData(), self.month.currentData() or 12)
        else:
            if sender is self.report:
                self.month.setCurrentIndex(self.month.findData(WHOLE_YEAR))
            year, month = self.year.currentData(), self.month.currentData()
            self._arrange(Filter(year=year or None, month=(year, month) if year and month else None))

    def _take_number(self) -> None:
        from db.store.codes import by_number

        template = self.template
        registers = template.registers if template else self._store.catalogue.keys()
        if not self.number.text().strip():
            return
        try:
            self._records = (by_number(self._store, registers, self.number.text()),)
        except Refused as refused:
            self.words.setText(str(refused))
            return
        self._arrange(Filter())

    def show_groups(self, groups: Sequence[str]) -> None:
        """Offer the units or persons that the list can be made for, unless one is chosen already."""
        if self.group.currentIndex() > 0:
            return
        self.group.clear()
        self.group.addItem(EVERY_GROUP, "")
        for group in groups:
            self.group.addItem(group, group)

    def show_left(self, left: int) -> None:
        """Say of how many of the records no sheet was made."""
        if left:
            self.words.setText(f"选中的里有 {left:,} 件作废了或不适用这张表单，没有印。")

    def _ask_wording(self) -> None:
        self.wording_asked.emit(self.form.currentData())

    def show_replaced(self, replaced: Sequence[str]) -> None:
        """Warn of the official typefaces that this machine lacks."""
        self.faces.setText(f"本机没装：{'、'.join(replaced)}。装上后自动使用。" if replaced else "")

    def remember(self, pages: int, last: int) -> None:
        """What is chosen was printed: a book remembers up to where."""
        if self.report.currentData() not in (MONTH, FORM, NUMBERS):
            self.book.remember(pages, last)

    def wanted(self) -> Wanted | None:
        """What is chosen; None as long as a form or the life of one record has no record."""
        key, template = self.report.currentData(), self.template
        year, month = self.year.currentData(), self.month.currentData()
        if key == MONTH:
            return Wanted(MONTH, f"{year}年{month}月月度汇总", year, month or 12)
        if key == LIFE:
            title = f"{LIFE_TITLE}{self.number.text()}"
            return Wanted(LIFE, title, year, 0, records=self._records) if self._records else None
        if template is not None:
            if template.is_single and not self._records:
                return None
            named = self.number.text() if template.is_single else self.group.currentData() or ""
            return Wanted(
                FORM, f"{template.name}{named}", year, month, form=template.key, records=self._records,
                group=self.group.currentData() or "",
            )  # fmt: skip
        if key == NUMBERS:
            title = f"{self.numbered.currentText()}编号核查表"
            return Wanted(NUMBERS, f"{year}年{title}", year, 0, form=self.numbered.currentData())
        return Wanted(
            key, self.report.currentText(), year, month, self.book.narrowed(self._filter), self.book.names(),
            binding=self.book.binding(),
        )  # fmt: skip
