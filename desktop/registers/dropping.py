"""Files from the desktop's file manager: dropped onto a widget, or copied there to be pasted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
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
    return next(iter(local_files(event.mimeData())), None)


def local_files(mime: QMimeData) -> list[Path]:
    """The files of this computer that are dragged or lie on the clipboard; cells of a table may name theirs as well."""
    return [] if mime.hasHtml() else [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
