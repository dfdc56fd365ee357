"""A picture as a page: drawn by Qt's own readers, turned as the camera says."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from desktop.paper.pages import POINTS, PageSize

_DOTS = 96  # px of a picture that take an inch
_MOST_MB = 256  # of memory; a picture that needs more is not read


class Picture:
    """An image of one page, with the manners of `Pdf`. Its methods may be called from any thread."""

    def __init__(self, content: bytes) -> None:
        """Read a picture. Raises ValueError if it is none, is damaged or far too large."""
        buffer = QBuffer()
        buffer.setData(QByteArray(content))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer)
        reader.setAutoTransform(True)
        reader.setDecideFormatFromContent(True)
        size = reader.size()
        is_fair = size.width() * size.height() * 4 <= _MOST_MB << 20
        self._image = reader.read() if is_fair else QImage()
        why = reader.errorString() if is_fair else "too large"
        del reader  # before the buffer that it reads from
        if self._image.isNull():
            raise ValueError(why)
        width, height = (side * POINTS / _DOTS for side in (self._image.width(), self._image.height()))
        self.sizes = (PageSize(width, height),)

    def draw(self, page: int, whole: QSize) -> QImage:
        """The picture `whole` pixels large. Raises IndexError for any page but 0."""
        if page:
            raise IndexError(f"page {page} of 1")
        ways = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        return self._image.scaled(whole, *ways)
