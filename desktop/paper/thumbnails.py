"""The pages of a preview in small beside it: the one in view is framed, a click goes to another."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.paper.desk import PageDesk

WIDTH = 9.0  # em


def _nothing(_target: object) -> str:
    return ""


class Thumbnails(PageDesk):
    """A narrow strip of small pages; `page_picked(page from 0)` by a click. The keyboard turns pages in the preview."""

    page_picked = Signal(int)
    least = 0.02

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_nothing, parent)
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("页面缩略图")
        self.setFixedWidth(theme.up4(WIDTH * theme.em()))

    def show_current(self, page: int) -> None:
        """Frame the page that is in view, and bring it into sight here."""
        self._current = page
        if page < self.page_count() and not self.viewport().rect().contains(self.page_rect(page)):
            self.go_to(page)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The small pages, and a frame around the one in view."""
        super().paintEvent(event)
        if self._current < self.page_count():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(self.page_rect(self._current).adjusted(-2, -2, 2, 2))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the page under the mouse."""
        place = event.position().toPoint()
        picked = next((page for page in range(self.page_count()) if self.page_rect(page).contains(place)), None)
        if event.button() == Qt.MouseButton.LeftButton and picked is not None:
            self.page_picked.emit(picked)
