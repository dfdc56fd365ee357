"""Paints the pages of a PDF onto a printer, as they are: true to size, each page the way it is turned."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrinter

from desktop.paper.pages import POINTS, PageSize, Pdf

FINEST = 600  # dots per inch; finer costs memory and time, and no eye sees it
_BAND = 2_000_000  # pixels drawn at once: 8 MB; blank bands, of which a page has many, are left out
_SAME_PAPER = 0.02  # paper that differs less than this from the page is taken as the same


def print_pages(
    pdf: Pdf, printer: QPrinter, current: int = 0, progress: Callable[[int, int], bool] | None = None
) -> None:
    """Paint pages onto `printer` in its resolution, honouring its page ranges, copies, collation and page order.

    Each page decides its orientation. On paper of another size it is fitted and centred. `current` (from 0) is the
    page behind the printer's choice "current page". `progress(done, all)` is told after each page and stops the
    printing by returning False. Raises OSError if the printer cannot be reached.
    """
    leaves = list(printed_leaves(printer, len(pdf.sizes), current))
    if not leaves:
        return
    printer.setFullPage(True)
    printer.setPageOrientation(_orientation(pdf.sizes[leaves[0]]))
    painter = QPainter()
    if not painter.begin(printer):
        raise OSError("打印机没有响应")
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)  # else as JPEG, with a haze around the text
    try:
        for done, page in enumerate(leaves):
            if done:
                printer.setPageOrientation(_orientation(pdf.sizes[page]))
                if not printer.newPage():
                    raise OSError("打印机中途停了")
            _paint(pdf, page, printer, painter)
            if progress is not None and not progress(done + 1, len(leaves)):
                printer.abort()
                return
    finally:
        painter.end()


def printed_leaves(printer: QPrinter, pages: int, current: int = 0) -> Iterator[int]:
    """The pages (from 0) in the order in which they leave the printer, copies included unless it makes them itself."""
    chosen = list(range(pages))
    if printer.printRange() == QPrinter.PrintRange.CurrentPage:
        chosen = [page for page in chosen if page == current]
    elif not printer.pageRanges().isEmpty():
        chosen = [page for page in chosen if printer.pageRanges().contains(page + 1)]
    if printer.pageOrder() == QPrinter.PageOrder.LastPageFirst:
        chosen.reverse()
    copies = 1 if printer.supportsMultipleCopies() else max(1, printer.copyCount())
    if printer.collateCopies():
        for _copy in range(copies):
            yield from chosen
    else:
        for page in chosen:
            yield from [page] * copies


def _paint(pdf: Pdf, page: int, printer: QPrinter, painter: QPainter) -> None:
    """One page, in bands, so that a sheet in 600 dots per inch never lies in memory as a whole."""
    target = _target(pdf.sizes[page], printer)
    coarser = -(-printer.resolution() // FINEST)  # dots of the printer to a dot of the image, rounded up
    whole = QSize(round(target.width() / coarser), round(target.height() / coarser))
    rows = max(1, _BAND // whole.width())
    for top in range(0, whole.height(), rows):
        height = min(rows, whole.height() - top)
        band = pdf.draw(page, whole, top, height, for_paper=True)
        if _is_blank(band):
            continue
        if band.allGray():
            band = band.convertToFormat(QImage.Format.Format_Grayscale8)  # a third of what goes to the printer
        place = QRectF(target.x(), target.y() + top * coarser, whole.width() * coarser, height * coarser)
        painter.drawImage(place, band)


def _is_blank(band: QImage) -> bool:
    """Whether all of it is white; its unused fourth byte is white as well."""
    return bytes(band.constBits()).count(255) == band.sizeInBytes()


def _target(size: PageSize, printer: QPrinter) -> QRectF:
    """Where a page goes on the sheet, in dots: its true place, or fitted and centred on paper of another size."""
    sheet = printer.pageLayout().fullRectPixels(printer.resolution())
    width, height = (side * printer.resolution() / POINTS for side in (size.width, size.height))
    across, down = sheet.width() / width, sheet.height() / height
    if max(abs(1 - across), abs(1 - down)) < _SAME_PAPER:
        return QRectF(0, 0, width, height)
    fits = min(across, down)
    width, height = width * fits, height * fits
    return QRectF((sheet.width() - width) / 2, (sheet.height() - height) / 2, width, height)


def _orientation(size: PageSize) -> QPageLayout.Orientation:
    ways = QPageLayout.Orientation
    return ways.Landscape if size.width > size.height else ways.Portrait
