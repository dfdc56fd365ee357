"""List and record side by side; one above the other in a very narrow window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from desktop import theme


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

    def arrange(self, width: int) -> None:
        """Divide a page that is `width` px wide."""
        wanted = Qt.Orientation.Vertical if width < 900 - 176 else Qt.Orientation.Horizontal
        if self.orientation() is not wanted:
            self.setOrientation(wanted)
        if not self._moved and wanted is Qt.Orientation.Horizontal:
            detail = min(theme.up4(36 * theme.em()), width * 2 // 5)
            self.setSizes([width - detail, detail])

    def _keep(self, _place: int, _handle: int) -> None:
        """From now on the clerk's own division stays."""
        self._moved = True
