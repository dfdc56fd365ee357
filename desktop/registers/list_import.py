"""The way from a list into the import of its register, and back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from db.store.search import Filter
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.dropping import FileDrop, local_files
from desktop.registers.rows import LIGHT

if TYPE_CHECKING:
    from desktop.registers.importing import ImportPage
    from desktop.registers.page import RegisterPage

_SHOWN_ALONE = 500  # records that came of a pasted block
_TABLES = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".txt")  # files that are imported where a list takes them


class ListImport(QObject):
    """Opens the import in the place of the list: by the menu, from the empty list, or with a file dropped on the list.

    `left()`: the list is wanted again. What the import asks of the window it asks as the list's page does.
    """

    left = Signal()

    def __init__(self, pages: RegisterPage, actions: Actions, jobs: Jobs) -> None:
        super().__init__(pages)
        self._pages, self._actions, self._jobs = pages, actions, jobs
        self.page: ImportPage | None = None
        pages.files.import_asked.connect(self.open)
        pages.empty.import_asked.connect(self.open)
        FileDrop(pages.list_page).dropped.connect(self._open_dropped)
        pages.table.paste_asked.connect(self._paste)

    def open(self) -> None:
        """Show the import where it was left, else its beginning."""
        if not self._actions.allows("import"):
            return
        page = self._made()
        self._pages.setCurrentWidget(page)
        page.resume()

    def _open_dropped(self, path: object) -> None:
        if isinstance(path, Path) and self._actions.allows("import"):
            page = self._made()
            self._pages.setCurrentWidget(page)
            page.start(path)

    def _paste(self) -> None:
        """A block from WPS or Excel: over the selected records if several are selected, else as new ones.

        A file copied in the file manager is taken as if it had been dropped: a table on the list, any other on the
        record beside it.
        """
        if files := local_files(QGuiApplication.clipboard().mimeData()):
            self._paste_files(files)
            return
        if not self._actions.allows("import"):
            return
        from db.errors import Refused
        from db.exchange.pasted import lay_block, sheet_of_block
        from desktop.registers.import_files import Opened

        table, register, clipboard = self._pages.table, self._pages.register, QGuiApplication.clipboard()
        keys = [heading.key for heading in table.records().headings[max(table.currentIndex().column(), 0) :]]
        picked = table.picked_ids() if table.picked_count() > 1 else ()
        listing = self._actions.listing(register, Filter())
        uuids = [row[1] for row in listing.values(("uuid",), picked)]
        try:
            mime = clipboard.mimeData()
            sheet = sheet_of_block(mime.text(), mime.html())
            book, layout = lay_block(sheet, register, [key for key in keys if key != LIGHT], uuids)
        except Refused as refused:
            table.refused.emit(str(refused))
            return
        page = self._made()
        self._pages.setCurrentWidget(page)
        page.start(block=Opened(book, (layout,)))

    def _paste_files(self, files: Sequence[Path]) -> None:
        if len(files) == 1 and files[0].suffix.lower() in _TABLES:
            self._open_dropped(files[0])
        elif self._pages.table.picked_count() == 1:
            self._pages.detail.pages.attach(files)
        else:
            self._pages.table.refused.emit("剪贴板里是文件：要作附件，先选中一条再粘贴。")

    def _made(self) -> ImportPage:
        if self.page is None:
            from desktop.registers.importing import ImportPage  # reading of files waits until it is asked for

            pages = self._pages
            self.page = page = ImportPage(pages.register, self._actions, self._jobs)
            page.left.connect(self.left)
            page.finished.connect(self._finish)
            page.template_asked.connect(pages.files.save_template)
            page.open_asked.connect(pages.open_asked)
            page.covered.connect(pages.covered)
            page.trouble.connect(pages.trouble)
            page.status.connect(pages.status)
            pages.addWidget(page)
        return self.page

    def _finish(self, sentence: str, can_undo: bool, records: list[int]) -> None:
        """Back to the list; a block's few new records alone, whose chip leads back to the list as it was."""
        self.left.emit()
        if 0 < len(records) <= _SHOWN_ALONE:
            self._pages.set_filter(Filter(ids=tuple(records)), f"刚粘贴的 {len(records):,} 条")
        self._pages.toast.say(sentence, undo=can_undo)
        QTimer.singleShot(0, self._pages.table, self._pages.table.setFocus)  # the cover still has the focus

    @property
    def is_shown(self) -> bool:
        """Whether the import stands in the place of the list."""
        return self.page is not None and self._pages.currentWidget() is self.page
