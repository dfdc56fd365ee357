"""The main window: side bar, one page at a time, status bar, and the keys that work everywhere.

Its frame is the first thing on the screen, so this module imports nothing of the store: what a page, a dialog or a
figure needs is imported when it is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from desktop import theme
from desktop.settings import MachineSettings
from desktop.window.items import BOARD, PRINT, REPORT, SEARCH, TRAIL, groups, show_counts
from desktop.window.sidebar import RAIL_BELOW, SideBar
from desktop.window.status import StatusBar

if TYPE_CHECKING:
    from db.store.search import Filter
    from desktop.jobs import Jobs
    from desktop.registers.actions import Actions
    from desktop.registers.page import RegisterPage
    from desktop.registers.words import OfficeWords
    from desktop.summaries.print_page import PrintPage
    from desktop.summaries.report_page import ReportPage
    from desktop.window.batches import Batches
    from desktop.window.board import BoardPage
    from desktop.window.reasons import Reasons
    from desktop.window.search_page import SearchPage
    from desktop.window.trail import TrailPage
    from desktop.window.views import Views

FIRST_SIZE = QSize(1366, 768)  # pixels, of a first start on a screen with room for it
LIST_HELP = ("lists", "many", "attachments", "export")


class MainWindow(QMainWindow):
    """Everything that the clerk sees: an empty frame until `fill`; pages are made when they are first opened."""

    stood = Signal()  # once, after the first paint
    begun = Signal()  # once, when the first page has been painted
    closing = Signal(object)  # the close event, which may be ignored
    settled = Signal()  # the settings were saved
    _actions: Actions
    _words: OfficeWords
    _jobs: Jobs
    _now: Callable[[], datetime]

    def __init__(self, settings: MachineSettings, parent: QWidget | None = None) -> None:
        """The frame alone: ground, side bar and status bar without anything in them."""
        super().__init__(parent)
        self._settings = settings
        self._pages: dict[str, QWidget] = {}
        self._registers: dict[str, RegisterPage] = {}
        self._printing: PrintPage | None = None
        self._reasons: Reasons | None = None
        self._many: Batches | None = None
        self._board: BoardPage | None = None
        self._stands = self.may_close = self.is_shut = False  # closed, or nobody has signed in yet
        self.setWindowTitle("法治台账")
        self.setMinimumSize(theme.up4(60 * theme.em()), theme.up4(36 * theme.em()))
        self.side = SideBar(foot=True, initials=self._initials)
        self.stack, self.status = QStackedWidget(), StatusBar()
        page, body = QWidget(), QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stack, 1)
        column.addWidget(self.status)
        line = QHBoxLayout(body)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.side)
        line.addWidget(page, 1)
        self.setCentralWidget(body)
        self.resize(FIRST_SIZE)
        self._is_placed = self.restoreGeometry(settings.geometry)  # Qt refuses that of a screen of quite another width

    def show_first(self, room: QSize) -> None:
        """Show it as it was left; where that is not known and `room` (pixels) cannot hold it, fill the screen."""
        size = FIRST_SIZE.boundedTo(room - QSize(8, theme.row() + 8))  # less title and frame of any system
        if not self._is_placed:
            self.resize(size)  # what it has once it is no longer maximised, too
        self.show() if self._is_placed or size == FIRST_SIZE else self.showMaximized()

    def fill(self, actions: Actions, words: OfficeWords, jobs: Jobs, now: Callable[[], datetime]) -> None:
        """Put the open ledger into the frame; its first page is made once the window stands."""
        self._actions, self._words, self._jobs, self._now = actions, words, jobs, now
        self.setWindowTitle(actions.store.rules.setting("office"))
        self.side.set_items(groups(actions.store.catalogue))
        self.side.chosen.connect(self._choose)
        self.side.settings_asked.connect(self.open_settings)
        self.side.bin_asked.connect(self._tell_bin)
        self.side.search_asked.connect(partial(self.open_page, SEARCH))
        self.status.show_clerk(actions.store.user, actions.store.reason)
        from desktop.window.keys import Keys  # the frame has none

        Keys(self)
        actions.changed.connect(self._show_counts)
        actions.drafts_changed.connect(self._show_drafts)
        actions.shut.connect(self.tell)
        jobs.running.connect(self.status.show_job)
        QTimer.singleShot(0, self.begin) if self._stands else self.stood.connect(self.begin)

    def paintEvent(self, event: QPaintEvent) -> None:
        """After the first paint the window stands: what takes longer begins now."""
        super().paintEvent(event)
        if not self._stands:
            self._stands = True
            QTimer.singleShot(0, self.stood.emit)

    def _initials(self, text: str) -> str:
        return self._words.initials(text)

    def begin(self) -> None:
        """What waits until the window stands: the first page, counts, and the list has the focus."""
        if self.may_close or self.is_shut:
            return
        if not self._pages:
            self.open_page(BOARD)
        QTimer.singleShot(0, self._show_counts)  # behind the page's first paint
        QTimer.singleShot(0, self.begun.emit)

    def begin_anew(self) -> None:
        """Somebody else works here: what was on show is made anew for him."""
        self._jobs.cancel()
        for page in self._pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        self._pages, self._registers = {}, {}
        self._printing = self._board = None
        QTimer.singleShot(0, self._jobs.sweeper.begin_anew)
        self.open_page(BOARD)

    def open_page(self, key: str) -> None:
        """Show a page by its key: "today", a register's, "print", "report" or "search"."""
        current = self.current_register()
        if current:
            current.keep_drafts()
        if key not in self._pages:
            made = {BOARD: self._new_board_page, PRINT: self._new_print_page, REPORT: self._new_report_page,
                    SEARCH: self._new_search_page, TRAIL: self._new_trail_page}  # fmt: skip
            self._pages[key] = made[key]() if key in made else self._new_register_page(key)
            self.stack.addWidget(self._pages[key])
        page = self._pages[key]
        self.stack.setCurrentWidget(page)
        self.side.set_current(key)
        self.views.follow(key)
        register = self._registers.get(key)
        if register and not register.entry:
            register.table.setFocus()
        elif key in (BOARD, SEARCH, TRAIL):
            page.setFocus()
        words = getattr(page, "status_words", None)
        self.status.say(words() if words else "预览即所印：所见页就是送到打印机的页")

    @cached_property
    def views(self) -> Views:
        """The office's saved views; made with the first page."""
        from desktop.window.views import Views  # reads the store

        return Views(self, self._actions, self._jobs)

    def _choose(self, key: str) -> None:
        self.views.open(key)

    def _new_board_page(self) -> BoardPage:
        from desktop.window.board import BoardPage  # the store's queries wait until the window stands
        from desktop.window.fixes import Fixes

        fixes = Fixes(self, self._actions)
        self._board = page = BoardPage(self._actions, self._jobs, fixes.gaps)
        page.setFocusProxy(page.matters)
        page.open_asked.connect(self.open_record)
        page.new_asked.connect(self.enter_new)
        page.fix_asked.connect(fixes.mend)
        self.status.backup_turned.connect(page.refresh)
        page.month_asked.connect(fixes.open_month)
        page.counted.connect(self._show_urgent)
        page.trouble.connect(self.show_trouble)
        return page

    def _show_urgent(self, urgent: int) -> None:
        self.side.set_count(BOARD, urgent or None, alarm=urgent > 0)
        if board := self.current_board():
            self.status.say(board.status_words())

    def current_board(self) -> BoardPage | None:
        """今日, while it is on show."""
        return self._board if self._board and self.stack.currentWidget() is self._board else None

    def _new_register_page(self, key: str) -> RegisterPage:
        from desktop.registers.page import RegisterPage  # the editors wait until the window stands

        register = self._actions.store.catalogue[key]
        page = RegisterPage(register, self._actions, self._words, self._jobs, self._settings)
        self._registers[key] = page
        page.print_asked.connect(self._print_register)
        page.form_asked.connect(self.print_form)
        page.code_given.connect(self.open_code)
        page.open_asked.connect(self.open_record)
        page.void_asked.connect(self.void)
        page.undo_asked.connect(self.undo)
        page.many.asked.connect(self._batches().take)
        page.trouble.connect(self.show_trouble)
        page.status.connect(partial(self.status.say_of, page))
        page.covered.connect(self._batches().cover)
        page.view_asked.connect(self.views.save)
        page.filters.shown.connect(self.views.mark)
        return page

    def _new_print_page(self) -> PrintPage:
        from desktop.summaries.print_page import PrintPage  # PDFium and the printers wait until they are asked for

        self._printing = page = PrintPage(self._actions, self._jobs, self._now, self._settings)
        page.filter_asked.connect(self.open_filter)
        page.record_asked.connect(self.open_record)
        page.reason_asked.connect(self._asking().explain)
        self._asking().explained.connect(page.make_again)
        page.trouble.connect(self.show_trouble)
        return page

    def _new_report_page(self) -> ReportPage:
        from desktop.window.report import new_report_page

        return new_report_page(self, self._actions, self._jobs, self._now)

    def _new_search_page(self) -> SearchPage:
        from desktop.window.search_page import new_search_page

        return new_search_page(self, self._actions, self._jobs)

    def _new_trail_page(self) -> TrailPage:
        from desktop.window.trail import new_trail_page

        return new_trail_page(self, self._actions, self._words, self._jobs, self._batches())

    def current_register(self) -> RegisterPage | None:
        """The register's page on show."""
        page = self.stack.currentWidget()
        return next((register for register in self._registers.values() if register is page), None)

    def open_record(self, register: str, record: int, found_by: Filter | None = None) -> None:
        """Show one record in its register; the words of the search that found it are marked."""
        self.open_page(register)
        self._registers[register].show_record(record, found_by)

    def open_code(self, text: str) -> None:
        """Show the record that the QR code of a form names."""
        from desktop.window.opening import open_code

        open_code(self, self._actions, text)

    def open_filter(self, register: str, wanted: Filter, note: str = "") -> None:
        """Show the records of a register under a filter."""
        self.open_page(register)
        self._registers[register].set_filter(wanted, note)

    def enter_new(self, register: str) -> None:
        """Open quick entry in a register; "" is the first one."""
        register = register or self._actions.store.catalogue.keys()[0]
        self.open_page(register)
        if not self._registers[register].entry:
            self._registers[register].enter_new()

    def void(self, register: str, record: int) -> None:
        """Void a record after asking for the reason; one without a number goes to the recycle bin."""
        self._asking().void(register, record)

    def _asking(self) -> Reasons:
        """What asks for reasons; made when first asked for."""
        if self._reasons is None:
            from desktop.window.reasons import Reasons

            self._reasons = Reasons(self._actions, self)
            self._reasons.said.connect(self._toast)
            self._reasons.trouble.connect(self.show_trouble)
        return self._reasons

    def undo(self) -> None:
        """Take back the last change of this session and say what."""
        self._batches().undo()

    def redo(self) -> None:
        """Make the undone change again and say what."""
        self._batches().redo()

    def _batches(self) -> Batches:
        """What works on many records at once, and undoes; made when first asked for."""
        if self._many is None:
            from desktop.window.batches import Batches

            self._many = Batches(self, self._actions, self._words, self._jobs)
        return self._many

    def _toast(self, words: str, undo: bool = True) -> None:
        if page := self.current_register():
            (page.entry.toast if page.entry else page.toast).say(words, undo)
        else:
            self.status.say(words)

    def tell(self, words: str, undo: bool = False) -> None:
        """Say in a toast what was done, with the way back if `undo`."""
        self._toast(words, undo)

    def show_trouble(self, error: BaseException) -> None:
        """Show trouble or a defect in a dialog that can be closed; refusals as a toast."""
        from db.errors import Refused
        from desktop.dialogs.problem import dialog_for

        if isinstance(error, Refused):
            self._toast(str(error), undo=False)
            return
        dialog = dialog_for(self._actions.named(error), self)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def print_page(self) -> None:
        """Print the page on show, or the register of the list as a book."""
        page = self.current_register()
        if page:
            self._print_register(page.register.key())
        elif (printing := self._printing) and self.stack.currentWidget() is printing:
            printing.print_now()

    def _print_register(self, register: str) -> None:
        from db.store.search import Filter

        source = self._registers.get(register)
        self.print_listed(register, source.current_filter() if source else Filter())

    def print_listed(self, register: str, wanted: Filter) -> None:
        """Show the book of certain records on the print page."""
        self.open_page(PRINT)
        if self._printing:
            self._printing.show_book(register, wanted)

    def print_form(self, form: str, register: str, *records: int) -> None:
        """Show a form of each of some records on the print page."""
        self.open_page(PRINT)
        if self._printing:
            self._printing.show_form(form, *((register, one) for one in records))

    def check_numbers(self, register: str, year: int) -> None:
        """Show the check of a register's numbers on the print page."""
        self.open_page(PRINT)
        if self._printing:
            self._printing.show_numbers(register, year)

    def help(self) -> None:
        """The help page of what is on show."""
        from desktop.window.diagnosing import Diagnosing

        page = self.current_register()
        pages = (page.register.key(), *LIST_HELP) if page else (self.side.current() or SEARCH, "accounts", "encryption")
        Diagnosing(self, self._actions, self._jobs, self._now).show_help(*pages)

    def open_settings(self, first: bool = False, section: int = 0) -> None:
        """Edit the office's settings, its tables and the look of this machine; `section` is shown first."""
        from desktop.window.editing_settings import SettingsDesk

        SettingsDesk(self, self._actions, self._words, self._jobs, self._settings).edit(first, section)

    def _tell_bin(self) -> None:
        from desktop.window.search_page import show_bin

        show_bin(self)

    def _show_counts(self) -> None:
        if not self.may_close:
            show_counts(self.side, self._actions)
            self._show_drafts()

    def _show_drafts(self) -> None:
        self.status.show_drafts(self._actions.draft_count())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The side bar becomes a rail in a narrow window."""
        super().resizeEvent(event)
        self.side.set_rail(event.size().width() < RAIL_BELOW)

    def keep_drafts(self) -> None:
        """Keep what is half-typed."""
        for page in self._registers.values():
            page.keep_drafts()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what is half-typed and where the window stood; the program says when it may close."""
        super().closeEvent(event)
        if not self.may_close:
            self.keep_drafts()
            self._settings.geometry = self.saveGeometry()
            self.closing.emit(event)
