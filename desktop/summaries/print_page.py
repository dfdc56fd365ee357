"""The print page: choices at the left, the pages as they will be printed at the right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from db.errors import Refused, StoreTrouble, Trouble, reason_of
from db.record import database
from db.rules.numbering import MissingNumbers
from db.store.search import Filter
from db.summaries.behind import behind
from db.summaries.document import Origin, Printed, Target
from db.summaries.life import LIFE
from desktop import theme
from desktop.file_asking import ask_save
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.settings import MachineSettings
from desktop.summaries.choices import Choices
from desktop.summaries.locking import MonthLockBar
from desktop.summaries.making import FORM, MONTH, Made, Maker, Wanted
from desktop.summaries.preview import Preview

if TYPE_CHECKING:
    from desktop.summaries.fact_pane import FactPane


class PrintPage(QWidget):
    """Builds the chosen summary on the worker, shows it, prints it, saves it.

    A number opens its records: one of them by `record_asked(register, id)`, those of one register by
    `filter_asked(register, filter, note)`, those of several in a pane beside the pages.
    """

    filter_asked = Signal(str, object, str)
    record_asked = Signal(str, int)
    reason_asked = Signal(object)
    trouble = Signal(object)

    def __init__(
        self, actions: Actions, jobs: Jobs, now: Callable[[], datetime], settings: MachineSettings,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._actions, self._jobs, self._now = actions, jobs, now
        self._job: Job | None = None
        self._title = ""
        self._made: Made | None = None
        self._pane: FactPane | None = None
        self._maker = Maker(actions.store)
        self.choices = Choices(actions, self._years(), settings)
        # What is chosen in one go is made once: a page that is opened for a book does not make its month first.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._make)
        self.choices.changed.connect(self._soon.start)
        self.lock = MonthLockBar(actions)
        self.lock.changed.connect(self._make)
        self.lock.trouble.connect(self.trouble)
        self.choices.wording_asked.connect(self.edit_wording)
        self._actions.permit(self.choices.wording, "edit_rules")
        self.choices.bound.connect(self._remember)
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
        self._body = body
        column.addLayout(body, 1)
        self.show_month(*self._newest_month())

    @property
    def pane(self) -> FactPane:
        """The records behind a number; made when the first one is asked for."""
        if self._pane is None:
            from desktop.summaries.fact_pane import FactPane  # with what the annual report needs

            self._pane = pane = FactPane(self._actions.store, can_close=True)
            pane.filter_asked.connect(self.filter_asked)
            pane.record_asked.connect(self.record_asked)
            pane.hide()
            self._body.addWidget(pane)
        return self._pane

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
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self.choices)
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addWidget(self.lock)
        column.addWidget(self._new_foot())
        return pane

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

    def _years(self) -> list[int]:
        found = {year for register in self._actions.store.catalogue for year in self._actions.years(register)}
        return sorted({*found, self._actions.today.year}, reverse=True)

    def _newest_month(self) -> tuple[int, int]:
        today = self._actions.today
        with_records = {year for register in self._actions.store.catalogue for year in self._actions.years(register)}
        newest = max((year for year in with_records if year <= today.year), default=today.year)
        return (today.year, today.month) if newest == today.year else (newest, 12)

    def show_month(self, year: int, month: int) -> None:
        """Show the monthly summary of a month."""
        self.choices.show_month(year, month)

    def show_book(self, register: str, wanted: Filter) -> None:
        """Show the book of a register under the filter of its list."""
        self.choices.show_book(register, wanted)

    def show_form(self, key: str, *records: tuple[str, int]) -> None:
        """Show a form for each of the records (register, id), the life of one, or a form of a list."""
        if key == LIFE and records:
            self.choices.show_life(records[0])
        else:
            self.choices.show_form(key, *records)

    def show_numbers(self, register: str, year: int) -> None:
        """Show the check of a register's numbers in a year."""
        self.choices.show_numbers(register, year)

    def make_again(self) -> None:
        """Build the same pages anew: what they tell has changed."""
        self._make()

    def edit_wording(self, key: str) -> None:
        """Let the office edit the text of a form beside its page, and make the pages anew."""
        from db.summaries.office_forms import Templates
        from desktop.dialogs.form_text import Drawing, FormTextDialog

        templates, maker, now = Templates(self._actions.store), self._maker, self._now()
        name, chosen = templates.all()[key].name, self.choices.wanted()
        if chosen is None or chosen.form != key:
            chosen = Wanted(FORM, name, now.year, 0, form=key)
        wanted = chosen

        def keep(text: str) -> None:
            self._actions.told(templates.keep(key, text))

        def bundled() -> str:
            return templates.bundled(key)

        def draw(text: str, job: Job) -> Printed:
            return maker.form_page(wanted, text, now, job)

        dialog = FormTextDialog(
            name, templates.text(key), templates.names(key), keep, bundled, self, drawing=Drawing(self._jobs, draw)
        )
        dialog.accepted.connect(self.choices.refresh_forms)
        dialog.open()

    def _make(self) -> None:
        """Build the pages on the worker; a newer choice takes the place of an older one."""
        self._stop()
        if self._pane is not None:
            self._pane.hide()
        wanted, maker, now = self.choices.wanted(), self._maker, self._now()
        self.lock.show_month(date(wanted.year, wanted.month, 1) if wanted and wanted.report == MONTH else None)
        if wanted is None:
            self._wait("请写编号再按 Enter，或者在台账里打开一条记录，从 ⋯ 里选这张表单。")
            return
        self._title = wanted.title

        def work(job: Job) -> Made:
            database.connect(reuse_if_open=True)
            return maker.make(wanted, now, job)

        self._job = self._jobs.run("生成打印页", work, self._show, self._fail)
        self._made = None
        self._job.progressed.connect(self._show_progress)
        self._job.shown.connect(self._show_part)
        self._cancel.show()

    def _show_part(self, made: object) -> None:
        """The first pages are there; printing waits for all of them."""
        if self.sender() is self._job and isinstance(made, Made):
            for button in (self.print_button, self.save_button):
                button.setEnabled(False)
            self.preview.show_printed(made.printed, self._title, goes_on=self._made is not None)
            self._made = made

    def _wait(self, words: str) -> None:
        """Nothing is on show, and why."""
        self.preview.clear()
        self.choices.words.setText(words)
        for button in (self.print_button, self.save_button):
            button.setEnabled(False)

    def _show(self, made: object) -> None:
        self._job = None
        self._bar.hide()
        self._cancel.hide()
        assert isinstance(made, Made)
        printed = made.printed
        self.choices.show_groups(made.groups)
        self.choices.show_left(made.left)
        self.preview.show_printed(printed, self._title, goes_on=self._made is not None)
        self._made = made
        for button in (self.print_button, self.save_button):
            button.setEnabled(True)
        self.choices.show_replaced(printed.replaced)
        if printed.missing:
            self.choices.words.setText(f"这些字没有字形，印成〓：{'、'.join(sorted(printed.missing))}")

    def _fail(self, error: object) -> None:
        self._job = None
        self._bar.hide()
        self._cancel.hide()
        if isinstance(error, Refused):
            self._wait(str(error))
        else:
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

    def _tell_number(self, target: Target) -> None:
        if isinstance(target, MissingNumbers):
            self.reason_asked.emit(target)
        else:
            self.open_origin(target)

    def open_origin(self, origin: Origin) -> None:
        """Open the records behind a number: one record, the list of one register, or the pane beside the pages."""
        found = behind(self._actions.figures(), origin)
        self.pane.show_rows(found.label, f"{len(found.rows)}条", found.words or "这个数字背后的记录。", found.rows)
        self.pane.setVisible(len({register for register, _record in found.rows}) != 1)
        if len(found.rows) == 1:
            self.record_asked.emit(*found.rows[0])
        elif self.pane.isHidden():
            self.pane.open_lists()

    def save_pdf(self) -> None:
        """Ask where, and write the PDF there; trouble says what to do."""
        path, _kind = ask_save(self, "print", "存为PDF", f"{self._title}.pdf", "PDF (*.pdf)")
        if path is None:
            return
        try:
            self.preview.save_pdf(path)
        except OSError as error:
            self.trouble.emit(
                StoreTrouble(
                    Trouble.UNREACHABLE,
                    "没能存成PDF",
                    f"{path}写不进去（{reason_of(error)}）；台账没有动。",
                    "请换一个能写入的文件夹，或检查磁盘空间。",
                )
            )
        else:
            self._remember()

    def print_now(self) -> None:
        """Show the system's print dialog and print the pages on show; nothing while they are still being made."""
        if not self.print_button.isEnabled():
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self._title)
        dialog = QPrintDialog(printer, self)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintCurrentPage)
        dialog.setMinMax(1, self.preview.desk.page_count())
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

    def _remember(self) -> None:
        """The pages on show are bound: the next part of the book goes on after them."""
        if self._made is not None and not self._made.is_part:
            self.choices.remember(self._made.printed.pages, self._made.last)

    def _end_printing(self, _nothing: object) -> None:
        self._job = None
        self._remember()
        self._bar.hide()
        self._cancel.hide()

    def _fail_printing(self, error: object) -> None:
        if isinstance(error, OSError):
            text = f"{error}；台账和这份PDF都没有动。"
            advice = "请检查打印机是否开着、有没有纸，再打一次；也可以先存为PDF。"
            error = StoreTrouble(Trouble.UNREACHABLE, "没能打印", text, advice)
        self._fail(error)
