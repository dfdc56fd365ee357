"""The print page: choices at the left, the pages as they will be printed at the right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from db.errors import StoreTrouble, Trouble
from db.record import Record, database
from db.store.search import Filter
from db.summaries.document import Printed, Source
from desktop import theme
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.summaries.preview import Preview

MONTH = ""


class PrintPage(QWidget):
    """Builds the chosen summary on the worker, shows it, prints it, saves it."""

    number_clicked = Signal(str, object, object)
    trouble = Signal(object)

    def __init__(
        self, actions: Actions, jobs: Jobs, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._actions, self._jobs, self._now = actions, jobs, now
        self._job: Job | None = None
        self._filter = Filter()
        self._title = ""
        self._quiet = False
        self.preview = Preview()
        self.preview.number_clicked.connect(self._tell_number)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._new_head())
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._new_choices())
        body.addWidget(self.preview, 1)
        column.addLayout(body, 1)
        self.show_month(*self._newest_month())

    def _new_head(self) -> QWidget:
        head = QFrame()
        theme.set_role(head, "head")
        head.setFixedHeight(theme.row() + 16)
        title, words = QLabel("打印"), QLabel("预览即所印：所见页就是送到打印机的页；点数字看它背后的记录")
        theme.set_role(title, "h1")
        theme.set_role(words, "muted")
        self._bar = QProgressBar()
        self._bar.setFixedWidth(theme.up4(12 * theme.em()))
        self._bar.setAccessibleName("进度")
        self._bar.hide()
        self._cancel = QPushButton("取消")
        self._cancel.clicked.connect(self._stop)
        self._cancel.hide()
        line = QHBoxLayout(head)
        line.setContentsMargins(12, 8, 12, 8)
        line.addWidget(title)
        line.addWidget(words)
        line.addStretch(1)
        line.addWidget(self._bar)
        line.addWidget(self._cancel)
        return head

    def _new_choices(self) -> QWidget:
        pane = QFrame()
        theme.set_role(pane, "pane")
        pane.setFixedWidth(theme.up4(24 * theme.em()))
        body = QWidget()
        self._choices = QGridLayout(body)
        self._choices.setContentsMargins(16, 8, 16, 8)
        self._choices.setVerticalSpacing(4)
        self._choices.setColumnStretch(1, 1)
        self.report, self.year, self.month = (self._combo(at, name) for at, name in enumerate(("报表", "年度", "月份")))
        self.report.addItem("月度汇总", MONTH)
        for register in self._actions.store.catalogue:
            self.report.addItem(f"{register.TITLE}登记簿", register.key())
        for month in range(1, 13):
            self.month.addItem(f"{month}月", month)
        self._columns_title = QLabel("列")
        theme.set_role(self._columns_title, "b")
        self._choices.addWidget(self._columns_title, 3, 0, 1, 2)
        self._columns: list[QCheckBox] = []
        self._condition = QLabel()
        self._condition.setWordWrap(True)
        theme.set_role(self._condition, "small")
        self._choices.addWidget(self._condition, 90, 0, 1, 2)
        self._choices.setRowStretch(99, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(body)
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addWidget(self._new_foot())
        for combo in (self.report, self.year, self.month):
            combo.activated.connect(self._take_choice)
        return pane

    def _combo(self, row: int, label: str) -> QComboBox:
        words, combo = QLabel(label), QComboBox()
        theme.set_role(words, "muted")
        words.setFixedHeight(theme.row())
        words.setBuddy(combo)
        combo.setAccessibleName(label)
        combo.setMinimumHeight(theme.row())
        self._choices.addWidget(words, row, 0)
        self._choices.addWidget(combo, row, 1)
        return combo

    def _new_foot(self) -> QWidget:
        foot = QFrame()
        theme.set_role(foot, "foot")
        self.print_button, self.save_button = QPushButton("打印  Ctrl+P"), QPushButton("存为PDF")
        theme.set_role(self.print_button, "primary")
        theme.set_icon(self.print_button, "print", "on")
        self.print_button.clicked.connect(self.print_now)
        self.save_button.clicked.connect(self.save_pdf)
        column = QVBoxLayout(foot)
        column.setContentsMargins(16, 8, 16, 8)
        for button in (self.print_button, self.save_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setEnabled(False)
            column.addWidget(button)
        return foot

    def _newest_month(self) -> tuple[int, int]:
        years = sorted({year for register in self._actions.store.catalogue for year in self._actions.years(register)})
        today = self._actions.today
        newest = max((year for year in years if year <= today.year), default=today.year)
        self._quiet = True
        for year in sorted({*years, today.year}, reverse=True):
            self.year.addItem(f"{year}年", year)
        self._quiet = False
        return (today.year, today.month) if newest == today.year else (newest, 12)

    def show_month(self, year: int, month: int) -> None:
        """Show the monthly summary of a month."""
        self._filter = Filter()
        self.report.setCurrentIndex(0)
        self.year.setCurrentIndex(max(self.year.findData(year), 0))
        self.month.setCurrentIndex(month - 1)
        self._offer_columns(None)
        self._make()

    def show_book(self, register: str, wanted: Filter) -> None:
        """Show the book of a register under the filter of its list."""
        self._filter = wanted
        self.report.setCurrentIndex(max(self.report.findData(register), 0))
        if wanted.year is not None:
            self.year.setCurrentIndex(max(self.year.findData(wanted.year), 0))
        self._offer_columns(self._actions.store.catalogue[register])
        self._make()

    def _offer_columns(self, register: type[Record] | None) -> None:
        for box in self._columns:
            box.hide()
            box.deleteLater()
        self._columns = []
        self._columns_title.setVisible(register is not None)
        self.month.setEnabled(register is None)
        for at, name in enumerate(register.BOOK if register else ()):
            box = QCheckBox(register.label(name))  # type: ignore[union-attr]
            box.setObjectName(name)
            box.setChecked(True)
            box.toggled.connect(self._make)
            self._choices.addWidget(box, 4 + at, 1)
            self._columns.append(box)

    def _take_choice(self) -> None:
        key = self.report.currentData()
        if key == MONTH:
            self.show_month(self.year.currentData(), self.month.currentData())
        else:
            self.show_book(key, Filter(year=self.year.currentData()))

    def _make(self) -> None:
        """Build the pages on the worker; a newer choice takes the place of an older one."""
        if self._quiet:
            return
        self._stop()
        key, year, month = self.report.currentData(), self.year.currentData(), self.month.currentData()
        names = tuple(box.objectName() for box in self._columns if box.isChecked())
        wanted, store, now = self._filter, self._actions.store, self._now()
        self._condition.setText("" if key == MONTH else "按台账列表上的条件印，编号顺序不变。")
        self._title = f"{year}年{month}月月度汇总" if key == MONTH else f"{self.report.currentText()}"

        def work(job: Job) -> Printed:
            from db.summaries.book import book
            from db.summaries.month import Month
            from desktop.printing.faces import Faces
            from desktop.printing.pdf import render

            database.connect(reuse_if_open=True)
            made = Month(store, year, month, now).summary() if key == MONTH else book(
                store, store.catalogue[key], wanted, now, names)  # fmt: skip
            return render(made, Faces(), printed_at=now, progress=job.progress)

        self._job = self._jobs.run("生成打印页", work, self._show, self._fail)
        self._job.progressed.connect(self._show_progress)
        self._cancel.show()

    def _show(self, printed: object) -> None:
        self._job = None
        self._bar.hide()
        self._cancel.hide()
        assert isinstance(printed, Printed)
        self.preview.show_printed(printed, self._title)
        for button in (self.print_button, self.save_button):
            button.setEnabled(True)
        if printed.missing:
            self._condition.setText(f"这些字没有字形，印成〓：{'、'.join(sorted(printed.missing))}")

    def _fail(self, error: object) -> None:
        self._job = None
        self._bar.hide()
        self._cancel.hide()
        self.trouble.emit(error)

    def _show_progress(self, done: int, total: int) -> None:
        self._bar.setMaximum(total)
        self._bar.setValue(done)
        self._bar.setVisible(total > 1)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._bar.hide()
        self._cancel.hide()

    def _tell_number(self, source: object) -> None:
        assert isinstance(source, Source)
        self.number_clicked.emit(source.figure, source.start, source.end)

    def save_pdf(self) -> None:
        """Ask where, and write the PDF there; trouble says what to do."""
        path, _kind = QFileDialog.getSaveFileName(self, "存为PDF", f"{self._title}.pdf", "PDF (*.pdf)")
        if not path:
            return
        try:
            self.preview.save_pdf(Path(path))
        except OSError as error:
            self.trouble.emit(
                StoreTrouble(
                    Trouble.UNREACHABLE,
                    "没能存成PDF",
                    f"{path}写不进去（{error.strerror or error}）；台账没有动。",
                    "请换一个能写入的文件夹，或检查磁盘空间。",
                )
            )

    def print_now(self) -> None:
        """Show the system's print dialog and print the pages on show; nothing while they are still being made."""
        if not self.print_button.isEnabled():
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self._title)
        dialog = QPrintDialog(printer, self)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
        if dialog.exec():
            self.send_to(printer)
        dialog.deleteLater()

    def send_to(self, printer: QPrinter) -> None:
        """Print on the worker, with progress; a printer that goes away is told in words."""
        printing = self.preview.printing(printer)

        def work(job: Job) -> None:
            printing(job.progress)

        self._job = self._jobs.run("打印", work, self._end_printing, self._fail_printing)
        self._job.progressed.connect(self._show_progress)
        self._cancel.show()

    def _end_printing(self, _nothing: object) -> None:
        self._job = None
        self._bar.hide()
        self._cancel.hide()

    def _fail_printing(self, error: object) -> None:
        if isinstance(error, OSError):
            text = f"{error}；台账和这份PDF都没有动。"
            advice = "请检查打印机是否开着、有没有纸，再打一次；也可以先存为PDF。"
            error = StoreTrouble(Trouble.UNREACHABLE, "没能打印", text, advice)
        self._fail(error)
