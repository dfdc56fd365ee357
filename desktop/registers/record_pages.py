"""What stands under the tabs of a record: its form, its attachments, its links, its history."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from db.errors import Refused, StoreTrouble
from db.record import Record
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.dropping import local_files
from desktop.registers.history import HistoryView
from desktop.registers.words import OfficeWords

if TYPE_CHECKING:
    from db.store.hits import Hits
    from desktop.registers.attached import AttachmentsView
    from desktop.registers.linked import LinksView

FORM, ATTACHMENTS, LINKS, HISTORY = range(4)
TABS = ("办理", "附件", "关联", "历史")


class RecordPages(QStackedWidget):
    """The pages; those that a clerk seldom opens are made when they are first asked for."""

    said = Signal(str)
    trouble = Signal(object)
    open_asked = Signal(str, int)
    dropped = Signal()
    form_asked = Signal(str, str, int)

    def __init__(self, actions: Actions, words: OfficeWords, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions, self._words, self._jobs = actions, words, jobs
        self._attachments: AttachmentsView | None = None
        self._links: LinksView | None = None
        self.setAcceptDrops(True)
        self._record: Record | None = None
        self.hits: Hits | None = None  # what was searched for
        self.history = HistoryView()
        self.history.back_asked.connect(self._put_back)
        self.history.print_asked.connect(self._ask_life)
        for page in (QWidget(), QWidget(), QWidget(), self.history):
            self.addWidget(page)

    def put(self, at: int, page: QWidget) -> None:
        """Put a page in the place that was kept for it."""
        blank = self.widget(at)
        self.insertWidget(at, page)
        self.removeWidget(blank)
        blank.deleteLater()

    @property
    def attachments(self) -> AttachmentsView:
        """The attachments of the record."""
        if self._attachments is None:
            from desktop.registers.attached import AttachmentsView  # PDFium waits until it is asked for

            self._attachments = AttachmentsView(self._actions, self._jobs)
            self._attachments.said.connect(self.said)
            self._attachments.trouble.connect(self.trouble)
            self.put(ATTACHMENTS, self._attachments)
        return self._attachments

    @property
    def links(self) -> LinksView:
        """The links of the record."""
        if self._links is None:
            from desktop.registers.linked import LinksView

            self._links = LinksView(self._actions, self._words)
            self._links.open_asked.connect(self.open_asked)
            self._links.said.connect(self.said)
            self._links.trouble.connect(self.trouble)
            self.put(LINKS, self._links)
        return self._links

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped on any page of a record, on its fields as well."""
        event.setAccepted(bool(local_files(event.mimeData())))

    def dropEvent(self, event: QDropEvent) -> None:
        """Add dropped files as attachments."""
        event.acceptProposedAction()
        self.attach(local_files(event.mimeData()))

    def attach(self, paths: Sequence[Path]) -> None:
        """Add files as attachments of the record and show them there."""
        self.dropped.emit()
        self.attachments.add(paths)

    def focus_page(self, at: int) -> None:
        """Put the cursor where a clerk goes on with attachments or links."""
        if at == ATTACHMENTS:
            self.attachments.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif at == LINKS:
            self.links.focus_search()

    def _put_back(self, entry: int, name: str) -> None:
        """Put an old value back; the way back from that is Ctrl+Z."""
        record = self._record
        if record is None:
            return
        try:
            change = self._actions.put_back(record, entry, name)
        except Refused as refused:
            self._show_history(record, str(refused))
        except StoreTrouble as trouble:
            self.trouble.emit(trouble)
        else:
            self.said.emit(f"已{change.title}")

    def _show_history(self, record: Record, problem: str = "") -> None:
        entries = self._actions.history(type(record), record.id)
        self.history.show_entries(type(record), entries, problem, self._actions.why_not("save"))

    def _ask_life(self) -> None:
        from db.summaries.life import LIFE  # what is printed is seldom asked for

        if self._record is not None:
            self.form_asked.emit(LIFE, self._record.key(), self._record.id)

    def show_page(self, at: int, record: Record | None) -> None:
        """Show one page, with what it says of the record at this moment."""
        self._record = record
        if record is not None:
            if at == ATTACHMENTS:
                self.attachments.show_record(record, self.hits)
            elif at == LINKS:
                self.links.show_record(record)
            elif at == HISTORY:
                self._show_history(record)
        self.setCurrentIndex(at)
