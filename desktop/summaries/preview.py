"""Shows the pages of a PDF as they will be printed; numbers that carry their source can be clicked.

pypdfium2 renders the very file that is printed or saved, so there is no second layout.
"""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QRunnable, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from db.summaries.document import Printed, Spot
from desktop import theme

POINTS_PER_INCH = 72.0
GAP = 16  # px between pages
LEAST, MOST = 0.3, 4.0  # zoom


def render_page(pdf: bytes, page: int, scale: float) -> QImage:
    """One page as an image of `scale` pixels per point."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        bitmap = document[page].render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
        image = QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888)
        return image.copy()
    finally:
        document.close()


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in points."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_size() for page in document]
    finally:
        document.close()


class _Told(QObject):
    done = Signal(object, int, float, QImage)


class _Rendering(QRunnable):
    """Renders one page on the pool; the receiver owns the signal."""

    def __init__(self, pdf: bytes, page: int, scale: float, told: _Told) -> None:
        super().__init__()
        self._pdf, self._page, self._scale, self._told = pdf, page, scale, told

    def run(self) -> None:
        self._told.done.emit(self._pdf, self._page, self._scale, render_page(self._pdf, self._page, self._scale))


class _Pages(QWidget):
    """All pages under one another; renders those in view, keeps a few."""

    number_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._printed: Printed | None = None
        self._sizes: list[tuple[float, float]] = []
        self._images: dict[int, tuple[float, QImage]] = {}
        self._asked: set[tuple[int, float]] = set()
        self._spots: dict[int, list[Spot]] = {}
        self._hot: Spot | None = None
        self.zoom = 1.0
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._told = _Told(self)
        self._told.done.connect(self._take)

    def show_printed(self, printed: Printed) -> None:
        self._pool.clear()
        self._printed, self._sizes = printed, page_sizes(printed.pdf)
        self._images.clear()
        self._asked.clear()
        self._spots = {}
        self._hot = None
        for spot in printed.spots:
            self._spots.setdefault(spot.page, []).append(spot)
        self.relayout()

    def relayout(self) -> None:
        """Set the widget's size from the pages and the zoom."""
        scale = self._scale()
        width = max((size[0] for size in self._sizes), default=0) * scale + 2 * GAP
        height = sum(size[1] * scale + GAP for size in self._sizes) + GAP
        self.setMinimumSize(int(width), int(height))
        self.resize(self.minimumSize())
        self.update()

    def _scale(self) -> float:
        """Logical pixels per point."""
        return self.zoom * self.logicalDpiX() / POINTS_PER_INCH

    def area(self, page: int) -> QRectF:
        """Where a page lies, in pixels."""
        scale = self._scale()
        top = GAP + sum(size[1] * scale + GAP for size in self._sizes[:page])
        width, height = (side * scale for side in self._sizes[page])
        return QRectF((self.width() - width) / 2, top, width, height)

    def page_at(self, y: float) -> int:
        """The page at a height."""
        for page in range(len(self._sizes)):
            if y < self.area(page).bottom() + GAP:
                return page
        return max(len(self._sizes) - 1, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for page in range(len(self._sizes)):
            area = self.area(page)
            if not area.toAlignedRect().intersects(event.rect()):
                continue
            painter.fillRect(area, Qt.GlobalColor.white)
            scale = self._scale() * self.devicePixelRatioF()
            known = self._images.get(page)
            if known is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, known[0] != scale)
                painter.drawImage(area, known[1])
            if known is None or known[0] != scale:
                self._ask(page, scale)
            if self._hot is not None and self._hot.page == page:
                tint = theme.colour("pick")
                tint.setAlpha(110)
                painter.fillRect(self._rect(self._hot), tint)
                painter.setPen(QPen(theme.colour("accent"), 1))
                painter.drawRect(self._rect(self._hot))

    def _ask(self, page: int, scale: float) -> None:
        if self._printed is not None and (page, scale) not in self._asked:
            self._asked.add((page, scale))
            self._pool.start(_Rendering(self._printed.pdf, page, scale, self._told))

    def _take(self, pdf: bytes, page: int, scale: float, image: QImage) -> None:
        if self._printed is None or pdf is not self._printed.pdf:
            return
        self._asked.discard((page, scale))
        self._images[page] = (scale, image)
        for far in [other for other in self._images if abs(other - page) > 6]:
            del self._images[far]
        self.update(self.area(page).toAlignedRect())

    def _rect(self, spot: Spot) -> QRectF:
        area, scale = self.area(spot.page), self._scale()
        return QRectF(area.x() + spot.left * scale, area.y() + spot.top * scale, spot.width * scale, spot.height * scale)

    def spot_at(self, point: QPointF) -> Spot | None:
        """The number under a point."""
        page = self.page_at(point.y()) if self._sizes else 0
        return next((spot for spot in self._spots.get(page, ()) if self._rect(spot).contains(point)), None)

    def _heat(self, spot: Spot | None) -> None:
        if spot is not self._hot:
            self._hot = spot
            self.setCursor(Qt.CursorShape.PointingHandCursor if spot else Qt.CursorShape.ArrowCursor)
            self.setToolTip("看这个数字背后的记录" if spot else "")
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._heat(self.spot_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._heat(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position())
        if spot is not None and event.button() is Qt.MouseButton.LeftButton:
            self.number_clicked.emit(spot.source)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """→ and ← walk the numbers, Enter opens the rows behind one."""
        every = [spot for page in sorted(self._spots) for spot in self._spots[page]]
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step and every:
            at = every.index(self._hot) + step if self._hot in every else 0
            self._heat(every[at % len(every)])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._hot:
            self.number_clicked.emit(self._hot.source)
        else:
            super().keyPressEvent(event)


class Preview(QFrame):
    """The pages with their tools: page by page, whole page, page width, zoom."""

    number_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "desk")
        self.printed: Printed | None = None
        self._fit = "width"
        self.pages = _Pages()
        self.pages.number_clicked.connect(self.number_clicked)
        self.scroll = QScrollArea()
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.scroll.setWidget(self.pages)
        self.scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.scroll.verticalScrollBar().valueChanged.connect(self._tell_page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._new_tools())
        column.addWidget(self.scroll, 1)

    def _new_tools(self) -> QWidget:
        tools = QWidget()
        back, forward = QPushButton(), QPushButton()
        for button, icon, words, do in ((back, "left", "上一页", self._back), (forward, "right", "下一页", self._forward)):
            theme.set_role(button, "icon")
            theme.set_icon(button, icon)
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.clicked.connect(do)
        self._where = QLabel("正在生成")
        self._whole, self._wide = QPushButton("整页"), QPushButton("页宽")
        self._whole.clicked.connect(self._fit_whole)
        self._wide.clicked.connect(self._fit_width)
        line = QHBoxLayout(tools)
        line.setContentsMargins(12, 8, 12, 8)
        for widget in (back, self._where, forward):
            line.addWidget(widget)
        line.addStretch(1)
        for button in (self._whole, self._wide):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            line.addWidget(button)
        return tools

    def show_printed(self, printed: Printed, title: str) -> None:
        """Show a finished PDF from its first page."""
        self.printed = printed
        self.setAccessibleName(title)
        self.pages.show_printed(printed)
        self._fit_again()
        self.scroll.verticalScrollBar().setValue(0)
        self._tell_page()

    def _tell_page(self) -> None:
        if self.printed is not None:
            page = self.pages.page_at(self.scroll.verticalScrollBar().value() + self.scroll.viewport().height() / 3)
            self._where.setText(f"第 {page + 1} 页，共 {self.printed.pages} 页")

    def go_to(self, page: int) -> None:
        """Bring a page to the top."""
        if self.printed is not None and 0 <= page < self.printed.pages:
            self.scroll.verticalScrollBar().setValue(int(self.pages.area(page).top()) - GAP)

    def current_page(self) -> int:
        """The page at the top of the view."""
        return self.pages.page_at(self.scroll.verticalScrollBar().value() + GAP)

    def _back(self) -> None:
        self.go_to(self.current_page() - 1)

    def _forward(self) -> None:
        self.go_to(self.current_page() + 1)

    def _fit_whole(self) -> None:
        self._fit = "page"
        self._fit_again()

    def _fit_width(self) -> None:
        self._fit = "width"
        self._fit_again()

    def _fit_again(self) -> None:
        sizes = page_sizes(self.printed.pdf)[:1] if self.printed else []
        if not sizes or not self._fit:
            return
        view = self.scroll.viewport().size()
        per_point = self.logicalDpiX() / POINTS_PER_INCH
        wide = (view.width() - 2 * GAP) / (sizes[0][0] * per_point)
        high = (view.height() - 2 * GAP) / (sizes[0][1] * per_point)
        self._set_zoom(min(wide, 1.5) if self._fit == "width" else min(wide, high))

    def _set_zoom(self, zoom: float) -> None:
        page = self.current_page()
        self.pages.zoom = min(max(zoom, LEAST), MOST)
        self.pages.relayout()
        self.go_to(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the fit that was chosen."""
        super().resizeEvent(event)
        self._fit_again()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._fit = ""
            self._set_zoom(self.pages.zoom * (1.1 if event.angleDelta().y() > 0 else 1 / 1.1))
            event.accept()
        else:
            super().wheelEvent(event)

    def save_pdf(self, path: Path) -> None:
        """Write the PDF. Raises OSError."""
        assert self.printed is not None
        path.write_bytes(self.printed.pdf)

    def print_with(self, printer: QPrinter) -> None:
        """Paint the pages onto a printer, in its page range."""
        assert self.printed is not None
        pdf, sizes = self.printed.pdf, page_sizes(self.printed.pdf)
        first, last = printer.fromPage() or 1, printer.toPage() or len(sizes)
        printer.setPageOrientation(_orientation(sizes[0]))
        printer.setFullPage(True)
        painter = QPainter(printer)
        for page in range(first - 1, min(last, len(sizes))):
            if page > first - 1:
                printer.newPage()
            image = render_page(pdf, page, min(printer.resolution(), 600) / POINTS_PER_INCH)
            painter.drawImage(QRectF(QPointF(0, 0), QSize(painter.device().width(), painter.device().height()).toSizeF()), image)
        painter.end()


def _orientation(size: tuple[float, float]):
    from PySide6.QtGui import QPageLayout

    return QPageLayout.Orientation.Landscape if size[0] > size[1] else QPageLayout.Orientation.Portrait


