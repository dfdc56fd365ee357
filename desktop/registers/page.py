"""The page of one register: search, chips, list and the record beside it; quick entry in its place."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from db.record import Record
from db.store.change import Change
from db.store.search import Filter
from desktop import theme
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.bars import with_bar
from desktop.registers.columns import Columns
from desktop.registers.detail import RecordDetail
from desktop.registers.empty import EmptyState
from desktop.registers.entry import EntryPage
from desktop.registers.exporting import ListFiles
from desktop.registers.filters import FilterBar
from desktop.registers.grouped import GroupedRows
from desktop.registers.hits import show_hits
from desktop.registers.list_import import ListImport
from desktop.registers.listing import RegisterRows
from desktop.registers.many import ManySelected, reordered
from desktop.registers.marks import Toast
from desktop.registers.pagesplit import PageSplit
from desktop.registers.reading import ListReading
from desktop.registers.refining import Refining
from desktop.registers.rows import LIGHT
from desktop.registers.searchbox import ListHead, SearchNotes
from desktop.registers.table import RecordTable
from desktop.registers.words import OfficeWords
from desktop.settings import MachineSettings

_SEARCH_MS = 60  # after the last key: the first hits are then asked for


class RegisterPage(QStackedWidget):
    """Everything that a clerk does with one register."""

    print_asked = Signal(str)
    form_asked = Signal(str, str, int)
    code_given = Signal(str)
    open_asked = Signal(str, int)
    void_asked = Signal(str, int)
    undo_asked = Signal()
    trouble = Signal(object)
    covered = Signal(object, str, str)
    status = Signal(str)
    view_asked = Signal(str)

    def __init__(
        self, register: type[Record], actions: Actions, words: OfficeWords, jobs: Jobs, settings: MachineSettings,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.register, self._actions, self._words, self._jobs = register, actions, words, jobs
        self._settings = settings
        self._filter = self._before = Filter(year=self._actions.newest_year(self.register))
        self._note, self._cleared, self._count = "", False, 0
        self._listed: Filter | None = None
        self._rows: RegisterRows | None = None
        self.columns = Columns(register, settings)
        self._reading = ListReading(register, actions, jobs, self)
        self._reading.slow.connect(self._show_counts)
        self._reading.arrived.connect(self._take_rows)
        self._reading.counted.connect(self._take_count)
        self._reading.trouble.connect(self.trouble)
        self._entry: EntryPage | None = None
        self._timer = QTimer(self, singleShot=True, interval=_SEARCH_MS)
        self._timer.timeout.connect(self._search)
        self.list_page = QWidget()
        column = QVBoxLayout(self.list_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._new_head())
        column.addWidget(self._new_body(), 1)
        self.addWidget(self.list_page)
        self.toast = Toast(self.list_page)
        self.files = ListFiles(self, actions, jobs)
        column.addWidget(self.files.strip)
        self.imports = ListImport(self, actions, jobs)
        self.imports.left.connect(self._leave_entry)
        self.toast.undo_asked.connect(self.undo_asked)
        self.table.refused.connect(partial(self.toast.say, undo=False))
        actions.changed.connect(self._take_change)
        actions.returned.connect(self.refresh)
        self.refresh()

    def _new_head(self) -> QWidget:
        head = ListHead(self.register, self._actions)
        self._counts, self.search = head.counts, head.search
        self.files_button, self.print_button, self.new_button = head.files_button, head.print_button, head.new_button
        self.search.textEdited.connect(self._timer.start)
        self.search.offer_names((self.register,), self._words.initials, self._words.terms)
        self.search.left.connect(self._focus_list)
        self.search.textChanged.connect(self._take_cleared)
        self.search.code_given.connect(self.code_given)
        self.print_button.clicked.connect(partial(self.print_asked.emit, self.register.key()))
        self.new_button.clicked.connect(self.enter_new)
        return head

    def _new_body(self) -> QWidget:
        self.filters = FilterBar(self.register, self._words, self._actions)
        self.filters.changed.connect(self.set_filter)
        self.search.emptied.connect(self.filters.last_removed)
        self.filters.command_asked.connect(self._command)
        self.table = RecordTable(self.columns.headings(self._filter.year is not None))
        self.refining = Refining(self.table, self.columns, self._actions, self._words, self._jobs)
        self.filters.edit_asked.connect(self.refining.edit)
        self.refining.changed.connect(self.set_filter)
        self.refining.columns_changed.connect(self.refresh)
        self.refining.trouble.connect(self.trouble)
        self.table.fold_asked.connect(self._fold)
        self.table.current_changed.connect(self._show_current)
        self.table.activated.connect(self._open_form)
        self.table.new_asked.connect(self.enter_new)
        self.table.failed.connect(self.trouble)
        self.table.picked_changed.connect(self._tell_status)
        self.table.sort_asked.connect(self._sort)
        self.empty = EmptyState()
        self.empty.permit(self._actions)
        self.empty.action_asked.connect(self.enter_new)
        self.empty.clear_asked.connect(self._clear)
        self._stack = QStackedWidget()
        self._stack.addWidget(with_bar(self.table, self.table.sideways))
        self._stack.addWidget(self.empty)
        left = QFrame()
        theme.set_role(left, "pane")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filters)
        self._notes = SearchNotes()
        column.addWidget(self._notes)
        column.addWidget(self._stack, 1)
        self.detail = RecordDetail(self.register, self._actions, self._words, self._jobs)
        self.detail.setMinimumWidth(theme.up4(26 * theme.em()))
        self.detail.step_asked.connect(self.step)
        self.detail.open_asked.connect(self.open_asked)
        self.detail.trouble.connect(self.trouble)
        self.detail.saved.connect(self.toast_said)
        ask_void = partial(self.void_asked.emit, self.register.key())
        self.detail.void_asked.connect(ask_void)
        self.detail.form_asked.connect(self.form_asked)
        self.many = ManySelected(
            self.register, self._actions, self.table, self.detail, self._reading, self._jobs, self._words
        )  # fmt: skip
        self.many.void_asked.connect(ask_void)
        self.filters.empty_asked.connect(self.many.asked)
        column.addWidget(self.many.whole)
        self.split = PageSplit(left, self.many.beside)
        return self.split

    def set_filter(self, wanted: Filter, note: str = "") -> None:
        """Show the records under a filter; `note` names them when they are the rows of a figure.

        Once certain records are no longer asked for, the list is again what it was before them.
        """
        if wanted.ids is not None and self._filter.ids is None:
            self._before = self._filter
        elif self._filter.ids is not None and wanted == replace(self._filter, ids=None):
            wanted = self._before
        self._filter = wanted
        self._cleared = True
        self._note = note or (self._note if wanted.ids is not None else "")
        if self.search.wanted() != wanted.text:
            self.search.setText(wanted.text)
        self.setCurrentWidget(self.list_page)
        self.refresh()

    def _search(self) -> None:
        self.set_filter(replace(self._filter, text=self.search.wanted()))

    def _take_cleared(self, text: str) -> None:
        if not text and self._filter.text:
            self._timer.start()

    def refresh(self) -> None:
        """Ask the store again, with the selection kept."""
        if self._filter == Filter() and not self._cleared:
            self._filter = Filter(year=self._actions.newest_year(self.register))
        self.filters.show_filter(self._filter, self._actions.years(self.register), self._note)
        self._reading.read(self._filter, [name for name in self.columns.names() if name != LIGHT])

    def _take_rows(self, rows: RegisterRows, count: int) -> None:
        """Show rows: in place if they are those of the same filter, else from the top."""
        wanted, table, current = rows.listing.filter, self.table, self.table.current_id()
        if wanted.ids is not None and self._listed == wanted and self._count and not count:  # what was pasted is undone
            self.set_filter(replace(wanted, ids=None))
            return
        columns = tuple(self.columns.headings(wanted.year is not None))
        same = self._listed == wanted and columns == table.records().headings
        held = self.many.hold() if not same and reordered(self._listed, wanted) else ()
        if isinstance(rows, GroupedRows) and isinstance(self._rows, GroupedRows) and reordered(self._listed, wanted):
            rows.keep_open(self._rows.open_groups())
            count = rows.count()
        self._listed, self._rows, self._count = wanted, rows, count
        if columns != table.records().headings:
            table.set_headings(columns)
        if same:
            table.reload(count, rows)
        else:
            table.set_rows(rows, count)
            if current is not None:
                table.select_id(current)
            self.many.put_back(held)
        by = LIGHT if wanted.order == "due_on" else wanted.order or self.register.BUSINESS_DATE
        table.set_order(by, wanted.descending)
        self.refining.show_filter(wanted)
        self._notes.tell(show_hits(rows.listing, self.table, self.detail, self._actions))
        self._show_counts()
        self._show_emptiness(count > 0)
        if not count:
            self.detail.show_record(None)

    def _take_count(self) -> None:
        """All ids are known: the list jumps by them, and the count is exact."""
        if self._rows is not None and self._rows.count() != self._count:
            self._count = self._rows.count()
            self.table.set_count(self._count)
        self._show_counts()

    def _fold(self, row: int, is_open: object) -> None:
        if isinstance(self._rows, GroupedRows):
            self._show_folded(self._rows.fold(row, None if is_open is None else bool(is_open)))

    def _show_folded(self, row: int) -> None:
        if self._rows is not None:
            self._count = self._rows.count()
            self.table.reload(self._count, self._rows)
            self.table.go(row)

    def _command(self, word: str) -> None:
        """What the menu of the list asks for."""
        if word == "columns":
            self.refining.choose_columns()
        elif word in ("fold", "unfold") and isinstance(self._rows, GroupedRows):
            self._rows.fold_all(word == "unfold")
            self._show_folded(0)
        elif word == "view":
            self.view_asked.emit(self.register.key())

    def listed_records(self) -> int:
        """How many records the list shows, without the lines of its groups."""
        return self._rows.records() if isinstance(self._rows, GroupedRows) else self._count

    def _show_counts(self) -> None:
        some = self._filter != Filter(order=self._filter.order, descending=self._filter.descending)
        whole = f" / {self._reading.whole:,}" if some and self._reading.whole is not None else ""
        self._counts.setText("正在筛选…" if self._reading.is_running else f"{self.listed_records():,}{whole}")
        self.status.emit(self.status_words())

    def status_words(self) -> str:
        """What the status bar says of this page."""
        if beside := self.imports.page if self.imports.is_shown else self.entry:
            return beside.status_words()
        if self._reading.is_running:
            return "正在筛选…"
        picked, listed = self.many.count(), f"列出 {self.listed_records():,} 条"
        return f"选中 {picked:,} 条，{listed}" if picked else listed

    def _show_emptiness(self, any_rows: bool) -> None:
        self._stack.setCurrentIndex(0 if any_rows else 1)
        self.many.beside.setVisible(any_rows)
        if not any_rows:
            if self._actions.years(self.register):
                bin_alone = replace(self._filter, order="", descending=True) == Filter(deleted=True)
                title = "回收站是空的" if bin_alone else "没有找到"
                self.empty.show_nothing_found(self._limited_words(), title)
            else:
                title, verb = f"还没有{self.register.TITLE}记录", f"{self.register.VERB}  Ctrl+N"
                self.empty.show_empty(self.register.ICON, title, self.register.ABOUT, verb, help_words="")

    def _limited_words(self) -> str:
        """What is searched for among other conditions; "" where there is nothing or are none."""
        alone = Filter(text=self._filter.text, order=self._filter.order, descending=self._filter.descending)
        return self._filter.text if self._filter != alone else ""

    def _clear(self) -> None:
        self.set_filter(Filter(text=self._limited_words()))  # words that found nothing may stand in another year

    def show_all(self) -> None:
        """What the list shows at first: the newest year, without conditions."""
        self._cleared = False
        self.search.clear()
        self._filter, self._note = Filter(year=self._actions.newest_year(self.register)), ""
        self.refresh()

    def _sort(self, key: str, descending: bool) -> None:
        self.set_filter(replace(self._filter, order="due_on" if key == LIGHT else key, descending=descending))

    def show_deleted(self) -> None:
        """List what lies in this register's recycle bin; the record's menu restores it."""
        self.set_filter(Filter(deleted=True))

    def _tell_status(self, _picked: int) -> None:
        self.status.emit(self.status_words())

    def _show_current(self, record: object) -> None:
        if isinstance(record, int):
            self.detail.show_record(self._actions.load(self.register, record))
        self._tell_status(0)

    def show_record(self, record: int, found_by: Filter | None = None) -> None:
        """Open one record, whatever the list shows; `found_by` is the search whose words are marked in it."""
        self.setCurrentWidget(self.list_page)
        if found_by or not self.table.select_id(record):
            self.set_filter(replace(found_by or Filter(), ids=(record,)), "这一条")
        self.status.emit(self.status_words())

    def _open_form(self, _record: object) -> None:
        self.detail.form.focus_first()

    def step(self, by: int) -> None:
        """Go to the previous or next record of the list."""
        self.table.step(by)

    def enter_new(self) -> None:
        """Open quick entry."""
        if not self._actions.allows("save"):
            return
        self.detail.keep_draft()
        if self._entry is None:
            self._entry = EntryPage(self.register, self._actions, self._words, self._settings)
            self._entry.left.connect(self._leave_entry)
            self._entry.saved.connect(self.toast_said)
            self._entry.open_asked.connect(self.open_asked)
            self._entry.undo_asked.connect(self.undo_asked)
            self._entry.trouble.connect(self.trouble)
            self._entry.status.connect(self.status)
            self.addWidget(self._entry)
        self.setCurrentWidget(self._entry)
        self._entry.start()

    @property
    def entry(self) -> EntryPage | None:
        """The entry page while it is open."""
        return self._entry if self.currentWidget() is self._entry else None

    def _leave_entry(self, record: int = 0) -> None:
        self.setCurrentWidget(self.list_page)
        year = self._actions.newest_year(self.register)
        if self._filter == Filter(year=self._filter.year) and year != self._filter.year:
            self._filter = Filter(year=year)
        self.refresh()
        self.table.select_id(record)
        self._focus_list()

    def _focus_list(self) -> None:
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def save(self) -> None:
        """Ctrl+S: save the entry and go on, or save the record beside the list."""
        if self.entry:
            self.entry.save_and_next()
        elif self.detail.isVisible():
            self.detail.save()

    def keep_drafts(self) -> None:
        """Write down whatever is half-typed."""
        self.detail.keep_draft()
        if self._entry:
            self._entry.keep_draft()

    def toast_said(self, words: str) -> None:
        """Say what was done, with the way back."""
        (self.entry or self).toast.say(words)

    def _take_change(self, change: Change) -> None:
        if any(register == self.register.key() for register, _record in change.keys):
            self._reading.forget_whole()
            shown = self.detail.record
            if self.entry:
                self.entry.show_today()
                self.entry.form.look_again()
            else:
                self.refresh()
            if shown is not None and self.detail.record is shown and (self.register.key(), shown.id) in change.keys:
                self.detail.show_record(self._actions.load(self.register, shown.id))

    def current_filter(self) -> Filter:
        """The filter of the list, for printing what is shown."""
        return self._filter

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves quick entry with a draft, or goes from the form to the list."""
        if event.key() == Qt.Key.Key_Escape:
            if self.entry:
                self.entry.leave()
            else:
                self.detail.keep_draft()
                self._focus_list()
            return
        super().keyPressEvent(event)
