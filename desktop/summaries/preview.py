"""Shows the pages of a PDF as they will be printed; numbers that carry their source can be clicked.

PDFium draws the very file that is printed or saved, so there is no second layout.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from db.rules.numbering import MissingNumbers
from db.summaries.document import Printed, Target
from desktop import theme
from desktop.paper.desk import Fit, PageDesk
from desktop.paper.pages import Pdf
from desktop.paper.thumbnails import Thumbnails
from desktop.summaries.printout import print_pages

ZOOM = 1.25  # of one click


def _plain_words(target: Target) -> str:
    return f"写明{target.text}为什么缺号" if isinstance(target, MissingNumbers) else "看这个数字背后的记录"


class Preview(QFrame):
    """The pages with their tools: page by page, whole page, page width, zoom.

    `number_clicked(Target)` when a number is clicked, or opened by Enter after Tab. `describe` says in its tooltip
    what that opens.
    """

    number_clicked = Signal(object)

    def __init__(self, describe: Callable[[Target], str] = _plain_words, parent: QWidget | None = None) -> None:
        """Without pages until `show_printed`."""
        super().__init__(parent)
        theme.set_role(self, "desk")
        self.printed: Printed | None = None
        self._pdf: Pdf | None = None
        self.desk = PageDesk(describe)
        self.desk.number_clicked.connect(self.number_clicked)
        self.desk.page_changed.connect(self._tell_page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._new_tools())
        self.thumbnails = Thumbnails()
        self.thumbnails.page_picked.connect(self.desk.go_to)
        self.thumbnails.hide()
        pages = QHBoxLayout()
        pages.setSpacing(0)
        pages.addWidget(self.thumbnails)
        pages.addWidget(self.desk, 1)
        column.addLayout(pages, 1)
        self._tell_page()

    def show_printed(self, printed: Printed, title: str, goes_on: bool = False) -> None:
        """Show a finished PDF from its first page; one that `goes_on` has the pages on show and more: they stay.

        Raises pypdfium2.PdfiumError if it is none.
        """
        self._pdf = Pdf(printed.pdf)
        self.printed = printed
        self._title.setText(title)
        self.desk.setAccessibleName(title)
        self.desk.show_pages(self._pdf, printed.spots, goes_on)
        self.thumbnails.show_pages(self._pdf, (), goes_on)
        self.thumbnails.setVisible(printed.pages > 1)
        self._tell_page()

    def clear(self) -> None:
        """Show no page."""
        self._pdf = self.printed = None
        self._title.clear()
        self.desk.show_pages(None)
        self.thumbnails.show_pages(None)
        self.thumbnails.hide()
        self._tell_page()

    def go_to(self, page: int) -> None:
        """Bring a page (from 0) into view; nothing happens if there is none."""
        self.desk.go_to(page)

    def set_fit(self, fit: Fit) -> None:
        """Fit "width" or "page" from now on."""
        self.desk.set_fit(fit)

    def save_pdf(self, path: Path) -> None:
        """Write the PDF; a file that is there stays whole until the new one is. Raises OSError."""
        assert self.printed is not None, "nothing to save yet"
        part = path.with_name(f".{path.name}.part")
        try:
            with part.open("wb") as file:
                file.write(self.printed.pdf)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError:
            with suppress(OSError):
                part.unlink()
            raise

    def printing(self, printer: QPrinter) -> Callable[[Callable[[int, int], bool]], None]:
        """The work of printing what is shown, for a worker thread: call it with a `progress`; see `print_pages`."""
        assert self._pdf is not None, "nothing to print yet"
        return partial(print_pages, self._pdf, printer, self.desk.current_page())

    def print_with(self, printer: QPrinter, progress: Callable[[int, int], bool] | None = None) -> None:
        """Print what is shown; see `print_pages`. Raises OSError if the printer cannot be reached."""
        assert self._pdf is not None, "nothing to print yet"
        print_pages(self._pdf, printer, self.desk.current_page(), progress)

    def _new_tools(self) -> QWidget:
        tools = QWidget()
        self._back = self._new_button("", "上一页", self._go_back)
        self._on = self._new_button("", "下一页", self._go_on)
        for button, icon in ((self._back, "left"), (self._on, "right")):
            theme.set_role(button, "icon")
            theme.set_icon(button, icon, "ink")
        self._whole = self._new_button("整页", "看到整页", self._fit_page)
        self._out = self._new_button("−", "缩小  Ctrl+-", self._zoom_out)
        self._in = self._new_button("＋", "放大  Ctrl++", self._zoom_in)
        self._wide = self._new_button("页宽", "页面与窗口同宽；按住 Ctrl 滚动滚轮可以缩放", self._fit_width)
        self._where, self._title = QLabel(), QLabel()
        line = QHBoxLayout(tools)
        line.setContentsMargins(12, 8, 12, 8)
        line.setSpacing(8)
        for widget in (self._back, self._where, self._on):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self._title)
        line.addStretch(1)
        line.addWidget(self._out)
        line.addWidget(self._in)
        line.addWidget(self._whole)
        line.addWidget(self._wide)
        return tools

    def _new_button(self, label: str, words: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(label)
        button.setToolTip(words)
        button.setAccessibleName(label or words)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(do)
        return button

    def _go_back(self) -> None:
        self.desk.go_to(self.desk.current_page() - 1)

    def _go_on(self) -> None:
        self.desk.go_to(self.desk.current_page() + 1)

    def _zoom_out(self) -> None:
        self.desk.set_zoom(self.desk.zoom() / ZOOM)

    def _zoom_in(self) -> None:
        self.desk.set_zoom(self.desk.zoom() * ZOOM)

    def _fit_page(self) -> None:
        self.desk.set_fit("page")

    def _fit_width(self) -> None:
        self.desk.set_fit("width")

    def _tell_page(self, _page: int = 0) -> None:
        page, pages = self.desk.current_page(), self.desk.page_count()
        self.thumbnails.show_current(page)
        self._where.setText(f"第 {page + 1} 页，共 {pages} 页" if pages else "")
        for button, possible in ((self._back, page > 0), (self._on, page + 1 < pages)):
            button.setEnabled(possible)
        for button in (self._out, self._in, self._whole, self._wide):
            button.setEnabled(bool(pages))
        self.desk.setAccessibleDescription(self._where.text())
