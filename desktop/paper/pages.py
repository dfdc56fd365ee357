"""The pages of a PDF as images: drawn by PDFium on a worker thread, the ones on show first, a few kept."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import pypdfium2
import pypdfium2.raw as pdfium
from PySide6.QtCore import QCoreApplication, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

POINTS = 72.0  # points in an inch

# PDFium may be called by one thread only at a time; the same thread may come again, since garbage may be collected, and
# a document so be closed, while it draws another.
_ONE_AT_A_TIME = threading.RLock()
_KEPT_BYTES = 96 << 20
_MOST_PIXELS = 16_000_000  # a page drawn larger than this is enlarged from so many pixels: 64 MB


@dataclass(frozen=True)
class PageSize:
    """Width and height of a page in points."""

    width: float
    height: float


class Pages(Protocol):
    """What can be laid on a desk: a PDF, a picture."""

    sizes: tuple[PageSize, ...]

    def draw(self, page: int, whole: QSize) -> QImage:
        """A page drawn `whole` pixels large; called on any thread."""
        ...


def drawn_size(width: float, height: float) -> QSize:
    """Pixels in which a page that takes so many device pixels is drawn: as many, but never more than 16 million."""
    fits = min(1.0, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    return QSize(max(1, round(width * fits)), max(1, round(height * fits)))


class Pdf:
    """An open PDF. Its methods may be called from any thread."""

    def __init__(self, pdf: bytes) -> None:
        """Open `pdf`. Raises pypdfium2.PdfiumError if it is none."""
        with _ONE_AT_A_TIME:
            self._document = pypdfium2.PdfDocument(pdf)
            sizes = (self._document.get_page_size(page) for page in range(len(self._document)))
            self.sizes = tuple(PageSize(*size) for size in sizes)

    def __del__(self) -> None:
        with _ONE_AT_A_TIME:
            document = getattr(self, "_document", None)
            if document is not None:
                document.close()

    def draw(self, page: int, whole: QSize, top: int = 0, height: int = 0, for_paper: bool = False) -> QImage:
        """Page `page` drawn `whole` pixels large, or only its `height` rows from row `top`.

        `for_paper` draws for a printer: without grey edges where PDFium can do without. Raises IndexError if there is
        no such page.
        """
        if not 0 <= page < len(self.sizes):
            raise IndexError(f"page {page} of {len(self.sizes)}")
        width, rows = whole.width(), height or whole.height()
        flags = pdfium.FPDF_ANNOT | (pdfium.FPDF_PRINTING if for_paper else 0)
        with _ONE_AT_A_TIME:
            leaf = self._document[page]
            bitmap = pypdfium2.PdfBitmap.new_native(width, rows, pdfium.FPDFBitmap_BGRx)
            bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, rows)
            pdfium.FPDF_RenderPageBitmap(bitmap, leaf, 0, -top, width, whole.height(), 0, flags)
            # The copy outlives the bitmap, whose memory Qt would only borrow.
            image = QImage(bitmap.buffer, width, rows, bitmap.stride, QImage.Format.Format_RGB32).copy()
            bitmap.close()
            leaf.close()
        return image


class Courier(QObject):
    """Carries finished images from the worker to the window's thread; there is one, which lives as long as the program.

    The worker holds no other object of Qt: the last reference to one could otherwise go on the worker's thread, and Qt
    would delete it there under the window's hands.
    """

    finished = Signal(object, object, int, QSize, QImage)

    @classmethod
    def of_the_program(cls) -> Courier:
        """The one courier, a child of the application."""
        app = QCoreApplication.instance()
        assert app is not None
        return app.findChild(cls) or cls(app)


@dataclass
class Wish:
    """What one preview wants drawn at this moment; read by the worker."""

    pdf: Pages | None = None
    pages: dict[int, QSize] = field(default_factory=dict[int, QSize])


def draw_wish(courier: Courier, wish: Wish, pdf: Pages, page: int, size: QSize) -> None:
    """On the worker: draw a page, unless the clerk has scrolled, zoomed or gone on meanwhile."""
    still_wanted = pdf is wish.pdf and wish.pages.get(page) == size
    courier.finished.emit(wish, pdf, page, size, pdf.draw(page, size) if still_wanted else QImage())


class PageImages(QObject):
    """Images of the pages of one PDF at a time. `drawn(page)` tells that `image` has something new."""

    drawn = Signal(int)

    def __init__(self) -> None:
        """Start no thread before the first page is wanted."""
        super().__init__()
        self._wish = Wish()
        self._queued: set[tuple[int, int, int]] = set()
        self._images: OrderedDict[int, QImage] = OrderedDict()
        self._old: dict[int, QImage] = {}  # of the pages before, until they are drawn anew
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="preview")
        self._courier = Courier.of_the_program()
        self._courier.finished.connect(self._keep, Qt.ConnectionType.QueuedConnection)
        weakref.finalize(self, self._worker.shutdown, wait=False, cancel_futures=True)

    def open(self, pdf: Pages | None, goes_on: bool = False) -> None:
        """Go on with another PDF; the images of one that has the same pages and more stand until they are redrawn."""
        self._old = dict(self._images) if goes_on else {}
        self._wish.pdf, self._wish.pages = pdf, {}
        self._queued.clear()
        self._images.clear()

    def want(self, pages: dict[int, QSize]) -> None:
        """Draw these pages at these sizes (pixels), in this order; what was wanted before and is not, is dropped."""
        wish = self._wish
        wish.pages = dict(pages)
        for page, size in pages.items():
            found, key = self._images.get(page), (page, size.width(), size.height())
            if wish.pdf is not None and (found is None or found.size() != size) and key not in self._queued:
                self._queued.add(key)
                self._worker.submit(draw_wish, self._courier, wish, wish.pdf, page, size)

    def image(self, page: int) -> QImage | None:
        """The page as it was drawn last, maybe at another size; None if it never was."""
        found = self._images.get(page)
        if found is None:
            return self._old.get(page)
        self._images.move_to_end(page)
        return found

    def is_old(self, page: int) -> bool:
        """Whether the image of a page is that of the PDF before."""
        return page not in self._images

    def _keep(self, wish: Wish, pdf: Pages, page: int, size: QSize, image: QImage) -> None:
        if wish is not self._wish or pdf is not wish.pdf:
            return
        self._queued.discard((page, size.width(), size.height()))
        if image.isNull():
            if wish.pages.get(page) == size:  # dropped and wanted again in between
                self.want(wish.pages)
            return
        self._images[page] = image
        self._old.pop(page, None)
        self._images.move_to_end(page)
        while len(self._images) > 1 and sum(one.sizeInBytes() for one in self._images.values()) > _KEPT_BYTES:
            self._images.popitem(last=False)
        self.drawn.emit(page)
