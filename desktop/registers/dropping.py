"""Files dropped from the desktop's file manager onto a widget."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class FileDrop(QObject):
    """Lets one file be dropped on a widget and on what lies in it and takes no drops itself: `dropped(Path)`."""

    dropped = Signal(object)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a local file, leave everything else."""
        if isinstance(event, QDragEnterEvent | QDragMoveEvent):
            event.setAccepted(_file(event) is not None)
            return True
        if isinstance(event, QDropEvent):
            path = _file(event)
            if path is not None:
                event.acceptProposedAction()
                self.dropped.emit(path)
            return True
        return False


def _file(event: QDropEvent) -> Path | None:
    urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
    return Path(urls[0].toLocalFile()) if urls else None
