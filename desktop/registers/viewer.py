"""Shows a file of a record: PDF and pictures beside it, everything else by the system's own program."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path

import pypdfium2
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from db.directory.attachments import PICTURES, Attachment, ending_of, may_be_opened, safe_name
from db.errors import Refused
from db.store.attachments import require_whole
from db.store.files import save_as
from db.store.sealed_files import opened
from desktop import theme
from desktop.paper.desk import PageDesk
from desktop.paper.pages import Pages, Pdf
from desktop.paper.picture import Picture

_MOST = 64 << 20  # bytes of a file that is previewed


def is_previewed(attachment: Attachment) -> bool:
    """Whether a file is shown beside the list; the others are opened by the system's program."""
    return ending_of(attachment.name) in {"pdf", *PICTURES} and attachment.size <= _MOST


def read_pages(folder: Path, attachment: Attachment) -> Pages | str:
    """The pages of a file in the ledger's folder, or a sentence why it cannot be shown; for a worker.

    Raises:
        Refused: when the file is missing or altered.
    """
    with opened(require_whole(folder, attachment)) as file:
        content = file.read()
    try:
        return Pdf(content) if ending_of(attachment.name) == "pdf" else Picture(content)
    except (pypdfium2.PdfiumError, ValueError):
        return f"“{attachment.name}”不能预览：文件加了密码、已损坏，或后缀与内容不符"


def remove_copies(folder: Path) -> None:
    """Remove the copies; Windows removes no file that is read-only."""
    for copy in folder.glob("*/*"):
        with suppress(OSError):
            copy.chmod(0o600)
    shutil.rmtree(folder, ignore_errors=True)


class Opener:
    """Hands copies to the system's program: read-only, in a folder that goes with the program."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    def copy(self, folder: Path, attachment: Attachment) -> Path:
        """A read-only copy under its own safe name; for a worker.

        Raises:
            Refused: when it is no document, or is missing or altered.
            StoreTrouble: when the copy cannot be written.
        """
        if not may_be_opened(attachment.name):
            raise Refused(f"“{attachment.name}”不是文档、图片或录音，程序不打开它；需要时请另存，由管理员检查")
        whole = require_whole(folder, attachment)
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="fazhi-ledger-"))
            weakref.finalize(self, remove_copies, self._folder)
        target = Path(tempfile.mkdtemp(dir=self._folder)) / safe_name(attachment.name)
        save_as(whole, target)
        target.chmod(0o400)
        return target

    def open(self, copy: object) -> None:
        """Open a copy by the program that the system has for it.

        Raises:
            Refused: when the system has none.
        """
        assert isinstance(copy, Path)
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy))):
            raise Refused(f"系统里没有能打开“{copy.name}”的程序；请另存后用别的程序打开")


class Viewer(QStackedWidget):
    """The place of the preview: pages on a desk, or a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setMargin(16)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        theme.set_role(self._words, "muted")
        self.desk = PageDesk(str)
        self.desk.setAccessibleName("附件预览")
        self.addWidget(self._words)
        self.addWidget(self.desk)

    def say(self, words: str) -> None:
        """Show a sentence in place of pages."""
        self.desk.show_pages(None)
        self._words.setText(words)
        self.setCurrentIndex(0)

    def show_pages(self, pages: Pages, name: str) -> None:
        """Show the pages of a file."""
        self.desk.setAccessibleDescription(name)
        self.desk.show_pages(pages)
        self.setCurrentIndex(1)
