"""One box over all registers: hits as one types, newest first, with a count for each register."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from db.record import database
from db.store.budget import TooLong, within
from db.store.everywhere import Everywhere, Hit
from db.store.hits import Hits, hits_of
from db.store.search import Filter
from desktop import theme
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.registers.flow import FlowLayout
from desktop.registers.marking import FoundText
from desktop.registers.rows import Heading, ListedRows, Row
from desktop.registers.searchbox import SearchBox, SearchNotes
from desktop.registers.table import RecordTable
from desktop.window.items import SEARCH

if TYPE_CHECKING:
    from desktop.window.main import MainWindow

SHOWN = 200  # hits, the newest; a register's own list shows all
_SEARCH_MS = 60  # after the last key
_HEADINGS = (
    Heading("register", "台账", 6.4, sortable=False),
    Heading("number", "编号", 11.0, gives_way=1, sortable=False),
    Heading("day", "日期", 7.4, sortable=False),
    Heading("subject", "标题", sortable=False),
)


def _row(place: int, hit: Hit) -> Row:
    """A hit as a row: (place, None, register, number, day, subject)."""
    return (place, None, hit.register.TITLE, hit.number or "未编号", hit.day, hit.subject)


_NOTHING = "没有找到。换个字、少写几个字，或看看回收站。"


class _FoundAnywhere(FoundText):
    """Where the words stand in records of any register."""

    def __init__(self, actions: Actions, hits: Hits, rows: Sequence[Hit]) -> None:
        super().__init__(rows[0].register, actions, hits)
        self._rows = rows

    def _tell(self, number: int, shown: list[str]) -> str:
        hit = self._rows[number]
        return self.tell_of(hit.register, hit.id, shown)


class SearchPage(QFrame):
    """Box, a chip with the count of each register, and the hits; Enter opens a record in its register."""

    open_asked = Signal(str, int, object)  # register, record, the filter that found it
    list_asked = Signal(str, object)  # register, filter
    trouble = Signal(object)
    said = Signal(str)

    def __init__(self, actions: Actions, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "pane")
        self._actions, self._jobs = actions, jobs
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._job: Job | None = None
        self._hits: list[Hit] = []
        self._chips: dict[str, QPushButton] = {}
        self._chosen = ""  # the key of the register that is shown alone
        self._counts: dict[str, int] = {}
        self._timer = QTimer(self, singleShot=True, interval=_SEARCH_MS)
        self._timer.timeout.connect(self.refresh)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._new_head())
        column.addWidget(self._new_chips())
        self.notes = SearchNotes()
        column.addWidget(self.notes)
        self.table = RecordTable(_HEADINGS)
        self.table.activated.connect(self._open)
        self.table.failed.connect(self.trouble)
        column.addWidget(self.table, 1)
        self._empty = QLabel(_NOTHING)
        theme.set_role(self._empty, "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(12, 32, 12, 0)
        self._empty.hide()
        column.addWidget(self._empty, 1)
        actions.changed.connect(self._timer.start)
        self._show_counts()

    def _new_head(self) -> QWidget:
        head = QFrame()
        theme.set_role(head, "head")
        head.setFixedHeight(theme.row() + 16)
        title = QLabel("搜索全部台账")
        theme.set_role(title, "h1")
        self.search = SearchBox()
        self.search.setObjectName("search")
        self.search.setAccessibleName("搜索全部台账")
        self.search.setPlaceholderText("文号、标题、单位、批示里的任何几个字，拼音首字母    Ctrl+Shift+F")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._timer.start)
        self.search.left.connect(self._go_to_hits)
        store = self._actions.store
        self.search.offer_names(list(store.catalogue), store.initials.of, store.rules.words)
        self.bin = QCheckBox("只找回收站")
        self.bin.toggled.connect(self.refresh)
        line = QHBoxLayout(head)
        line.setContentsMargins(12, 8, 12, 8)
        line.setSpacing(12)
        line.addWidget(title)
        line.addWidget(self.search, 1)
        line.addWidget(self.bin)
        return head

    def _new_chips(self) -> QWidget:
        strip = QWidget()
        flow = FlowLayout(strip, (12, 6, 12, 6), 6)
        registers = [("", "全部"), *((register.key(), register.TITLE) for register in self._actions.store.catalogue)]
        for at, (key, _label) in enumerate(registers):
            chip = QPushButton()
            chip.setObjectName(key or "all")
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.clicked.connect(partial(self._choose, key))
            flow.insertWidget(at, chip)
            self._chips[key] = chip
        self._whole_list = QPushButton()
        theme.set_role(self._whole_list, "quiet")
        self._whole_list.clicked.connect(self._ask_list)
        flow.insertWidget(len(registers), self._whole_list)
        return strip

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Put the cursor into the box, with what stands there selected."""
        super().focusInEvent(event)
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def refresh(self) -> None:
        """Search anew: the newest hits at once or, when that takes long, on the worker; then the counts."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._counts = {}
        if not self._is_asked():
            self._chosen = ""
            self._show([], None)
            return
        everywhere = self._everywhere()
        self.notes.tell(everywhere.notes)
        try:
            hits = within(self._actions.store.connection, partial(everywhere.newest, SHOWN))
        except TooLong:
            self.said.emit("正在查找…")
        else:
            self._show(hits, self._marks(everywhere))
        self._run()

    def _is_asked(self) -> bool:
        """Whether there is anything to look for: words, or all that lies in the recycle bins."""
        return bool(self.search.wanted()) or self.bin.isChecked()

    def _everywhere(self) -> Everywhere:
        store = self._actions.store
        registers = [store.catalogue[self._chosen]] if self._chosen else None
        return Everywhere(store, self.search.wanted(), self.bin.isChecked(), registers)

    def _marks(self, everywhere: Everywhere) -> Hits | None:
        listing = next(iter(everywhere.listings.values()))
        return hits_of(listing.matching, self._actions.store.initials)

    def _run(self) -> None:
        """Find and count on the worker, which the next key interrupts."""
        chosen = [self._actions.store.catalogue[self._chosen]] if self._chosen else None
        find = partial(Everywhere, self._actions.store, self.search.wanted(), self.bin.isChecked())

        def work(job: Job) -> dict[str, int]:
            database.connect(reuse_if_open=True)
            job.interrupt_with(database.connection().interrupt)
            found = find(chosen)
            job.show((found.newest(SHOWN), self._marks(found)))
            counts: dict[str, int] = {}
            for register, count in find(None).counts():
                counts[register.key()] = count
            return counts

        self._job = self._jobs.run("计数", work, self._take_counts, self.trouble.emit)
        self._job.shown.connect(self._take_hits)

    def _take_hits(self, part: object) -> None:
        if self.sender() is self._job and isinstance(part, tuple):
            hits, marks = part
            if hits != self._hits:
                self._show(hits, marks)

    def _take_counts(self, counts: object) -> None:
        assert isinstance(counts, dict)
        self._job = None
        self._counts = counts
        self._show_counts()

    def _show(self, hits: list[Hit], marks: Hits | None) -> None:
        self._hits = hits
        self.table.set_rows(ListedRows(hits, _row), len(hits))
        self.table.records().found = _FoundAnywhere(self._actions, marks, hits) if marks and hits else None
        is_nothing = not hits and self._is_asked()
        self._empty.setText(_NOTHING if self.search.wanted() else "回收站是空的。")
        self._empty.setVisible(is_nothing)
        self.table.setVisible(not is_nothing)
        self._show_counts()

    def _show_counts(self) -> None:
        for key, chip in self._chips.items():
            count = sum(self._counts.values()) if not key else self._counts.get(key, 0)
            label = self._actions.store.catalogue[key].TITLE if key else "全部"
            chip.setText(f"{label} {count:,}" if self._counts else label)
            theme.set_role(chip, "chipOn" if key == self._chosen else "chip")
            chip.setVisible(not key or key == self._chosen or count > 0 or not self._counts)
        count = self._counts.get(self._chosen, 0)
        self._whole_list.setVisible(bool(self._chosen) and count > 0)
        if self._chosen:
            self._whole_list.setText(f"在{self._actions.store.catalogue[self._chosen].TITLE}列出这 {count:,} 条")
        self.said.emit(self.status_words())

    def status_words(self) -> str:
        """What the status bar says of this page."""
        if not self._is_asked():
            return '词之间空一格，即都要有；单位:住建、年:2022、-词、"两个 词"也行'
        whole = self._counts.get(self._chosen) if self._chosen else sum(self._counts.values())
        if not self._counts:
            return f"列出 {len(self._hits)} 条，正在计数…"
        shown = f"列出最新的 {len(self._hits)} 条" if (whole or 0) > len(self._hits) else f"列出 {len(self._hits)} 条"
        return f"{shown}，共 {whole:,} 条"

    def _choose(self, key: str) -> None:
        self._chosen = key
        self.refresh()

    def _go_to_hits(self) -> None:
        if self._hits:
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _open(self, place: object) -> None:
        if isinstance(place, int):
            hit = self._hits[place]
            self.open_asked.emit(hit.register.key(), hit.id, self._filter())

    def _ask_list(self) -> None:
        self.list_asked.emit(self._chosen, self._filter())

    def _filter(self) -> Filter:
        return Filter(text=self.search.wanted(), deleted=self.bin.isChecked())


def show_bin(window: MainWindow) -> None:
    """Show what lies in the recycle bin of the register on show; of all of them when there is none."""
    if register := window.current_register():
        register.show_deleted()
        return
    window.open_page(SEARCH)
    page = window.stack.currentWidget()
    assert isinstance(page, SearchPage)
    page.search.clear()
    page.bin.setChecked(True)


def new_search_page(window: MainWindow, actions: Actions, jobs: Jobs) -> SearchPage:
    """The page of a window, which opens what is found in the lists of the registers."""
    page = SearchPage(actions, jobs)
    page.open_asked.connect(window.open_record)
    page.list_asked.connect(window.open_filter)
    page.search.code_given.connect(window.open_code)
    page.trouble.connect(window.show_trouble)
    page.said.connect(window.status.say)
    return page
