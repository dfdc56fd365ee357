"""List and record side by side; one above the other in a very narrow window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from desktop import theme

_DETAIL_EM, _WIDEST_EM = 36, 40  # the record; it grows by what a list with all its columns has no need of
_LIST_EM, _WHOLE_EM = 37, 54  # light, unit and a title of 16 characters; all columns


class PageSplit(QSplitter):
    """Divides a page between the list and the record, until the clerk moves the border."""

    def __init__(self, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self._moved = False
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.addWidget(left)
        self.addWidget(right)
        self.setStretchFactor(0, 1)
        self.splitterMoved.connect(self._keep)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide it anew; in a very narrow window the record goes under the list."""
        super().resizeEvent(event)  # sizes that are set before Qt has done this are those of another width
        width, em = self.width(), theme.em()
        wanted = Qt.Orientation.Vertical if width < 900 - 176 else Qt.Orientation.Horizontal
        if self.orientation() is not wanted:
            self.setOrientation(wanted)
        if not self._moved and wanted is Qt.Orientation.Horizontal:
            good = min(max(_DETAIL_EM * em, width - _WHOLE_EM * em), _WIDEST_EM * em)
            detail = min(theme.up4(good), max(width * 2 // 5, width - theme.up4(_LIST_EM * em)))
            self.setSizes([width - detail, detail])

    def _keep(self, _place: int, _handle: int) -> None:
        """From now on the clerk's own division stays."""
        self._moved = True
