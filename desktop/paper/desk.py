"""The ground on which the pages of a preview lie: scrolling, zooming, and the numbers that can be clicked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from db.summaries.document import Spot, Target
from desktop import theme
from desktop.paper.pages import POINTS, PageImages, Pages, drawn_size

Fit = Literal["width", "page", ""]

GAP = 16  # px around and between pages
LEAST, MOST = 0.25, 4.0  # zoom; 1 is the size on paper
STEP = 1.1  # zoom of one notch of the wheel
_WIDEST = 1.6  # zoom of a page that fits the width: no larger on a wide screen, where lines would be hard to follow


class PageDesk(QAbstractScrollArea):
    """The pages of a PDF under one another.

    `number_clicked(Target)`; `page_changed(page from 0)` when another page is in the middle. `describe` says in the
    tooltip what a click on a number opens.
    """

    number_clicked = Signal(object)
    page_changed = Signal(int)
    least = LEAST

    def __init__(self, describe: Callable[[Target], str], parent: QWidget | None = None) -> None:
        """An empty desk."""
        super().__init__(parent)
        self._describe = describe
        self._pdf: Pages | None = None
        self._spots: list[Spot] = []
        self._hot: Spot | None = None
        self._walked: Spot | None = None
        self._pressed: Spot | None = None
        self._fit: Fit = "width"
        self._zoom = 1.0
        self._told = 0
        self._places: list[QRect] = []
        self._images = PageImages()
        self._images.drawn.connect(self._show_drawn)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else the width to fit would change
        self.viewport().setMouseTracking(True)

    def show_pages(self, pdf: Pages | None, spots: Sequence[Spot] = (), goes_on: bool = False) -> None:
        """Lay out other pages, from the top; what `goes_on` has the same pages and more: the view stays where it is."""
        self._pdf = pdf
        self._spots = sorted(spots, key=lambda spot: (spot.page, spot.top, spot.left))
        self._hot = self._walked = self._pressed = None
        self._images.open(pdf, goes_on)
        place = self.verticalScrollBar().value() if goes_on else 0
        self._lay_out()
        self._set_zoom(self._fitting() or self._zoom)
        self.verticalScrollBar().setValue(place)
        self._told = self.current_page()
        self.viewport().update()

    def page_count(self) -> int:
        """The number of pages."""
        return len(self._places)

    def current_page(self) -> int:
        """The page in the middle of the view, from 0."""
        return self._page_near(self.viewport().height() / 2 + GAP / 2)

    def go_to(self, page: int) -> None:
        """Bring a page into view: to the top, or to the middle if the whole page fits."""
        if 0 <= page < self.page_count():
            rect, bar = self.page_rect(page), self.verticalScrollBar()
            spare = max(2 * GAP, self.viewport().height() - rect.height())
            bar.setValue(bar.value() + rect.top() - spare // 2)

    def zoom(self) -> float:
        """Size on screen against the size on paper, by the screen's own statement of its density."""
        return self._zoom

    def set_zoom(self, zoom: float, anchor: QPointF | None = None) -> None:
        """Zoom freely; the point `anchor` of the viewport (its middle if None) stays where it is."""
        self._fit = ""
        self._set_zoom(zoom, anchor)

    def fit(self) -> Fit:
        """What the pages fit: the width, the whole view, or nothing."""
        return self._fit

    def set_fit(self, fit: Fit) -> None:
        """Fit the width or the whole page, now and whenever the view changes its size."""
        page = self.current_page()
        self._fit = fit
        self._set_zoom(self._fitting() or self._zoom)
        self.go_to(page)

    def page_rect(self, page: int) -> QRect:
        """Where a page lies in the viewport, in px. Raises IndexError if there is no such page."""
        return self._places[page].translated(self._origin())

    def spot_rect(self, spot: Spot) -> QRectF:
        """Where a number stands in the viewport, in px."""
        page, scale = self.page_rect(spot.page), self._scale()
        left, top = page.x() + spot.left * scale, page.y() + spot.top * scale
        return QRectF(left, top, spot.width * scale, spot.height * scale)

    def spot_at(self, place: QPointF) -> Spot | None:
        """The number under a point of the viewport."""
        if not self._places:
            return None
        page = self._page_near(place.y())
        here = (spot for spot in self._spots if spot.page == page)
        return next((spot for spot in here if self.spot_rect(spot).contains(place)), None)

    def walked_spot(self) -> Spot | None:
        """The number that Tab has reached."""
        return self._walked

    def is_sharp(self, page: int) -> bool:
        """Whether a page is drawn at the size that is on show, not only as a placeholder or enlarged."""
        image = self._images.image(page)
        return not self._images.is_old(page) and image is not None and image.size() == self._pixels(page)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The desk, the pages in view, the tint of a number; then ask for what is not yet drawn."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.colour("desk"))
        shown = self._visible()
        for page in shown:
            rect, image = self.page_rect(page), self._images.image(page)
            painter.fillRect(rect, Qt.GlobalColor.white)
            if image is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, image.size() != self._pixels(page))
                painter.drawImage(rect, image)
        self._paint_spots(painter)
        if self.hasFocus() and self._walked is None and not self._spots:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
        ahead = [page for page in (shown[-1] + 1, shown[0] - 1) if 0 <= page < self.page_count()] if shown else []
        self._images.want({page: self._pixels(page) for page in [*shown, *ahead]})

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the fit and the place."""
        super().resizeEvent(event)
        self._set_zoom(self._fitting() or self._zoom, QPointF(self.viewport().width() / 2, 0))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Another part is in view."""
        self.viewport().update()
        self._tell_page()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom at the mouse, the wheel alone scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self._zoom * STEP ** (event.angleDelta().y() / 120), event.position())
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the number that Tab has reached; Ctrl with + - 0 zooms; Home and End; the rest scrolls."""
        key, bar = event.key(), self.verticalScrollBar()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._walked is not None:
            if not event.isAutoRepeat():
                self.number_clicked.emit(self._walked.source)
        elif key == Qt.Key.Key_Escape and self._walked is not None:
            self._walk_to(None)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier and key in _ZOOM_KEYS:
            self.set_zoom(self._zoom * _ZOOM_KEYS[Qt.Key(key)] if _ZOOM_KEYS[Qt.Key(key)] else 1.0)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            bar.setValue(bar.minimum() if key == Qt.Key.Key_Home else bar.maximum())
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks the numbers of the page in view before it leaves."""
        page = self._walked.page if self._walked is not None else self.current_page()
        here = [spot for spot in self._spots if spot.page == page]
        at = here.index(self._walked) + (1 if forward else -1) if self._walked in here else (0 if forward else -1)
        if here and (self._walked is None or 0 <= at < len(here)):
            self._walk_to(here[at])
            return True
        self._walk_to(None)
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Reached by Tab: start with the first number, backwards with the last."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            here = [spot for spot in self._spots if spot.page == self.current_page()]
            if here:
                self._walk_to(here[0 if event.reason() == Qt.FocusReason.TabFocusReason else -1])
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes with the focus."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self._walk_to(None)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tint the number under the mouse."""
        self._heat(self.spot_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click began."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self.spot_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that began and ended on a number opens it."""
        pressed, self._pressed = self._pressed, None
        here = self.spot_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and here is not None and here is pressed:
            self.number_clicked.emit(here.source)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips of numbers; no tint when the mouse has gone."""
        if event.type() == QEvent.Type.Leave:
            self._heat(None)
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            spot = self.spot_at(QPointF(event.pos()))
            rect = self.spot_rect(spot).toAlignedRect() if spot is not None else QRect()
            words = self._describe(spot.source) if spot is not None else ""
            QToolTip.showText(event.globalPos(), words, self.viewport(), rect)
            return True
        return super().viewportEvent(event)

    def _scale(self) -> float:
        """Px per point."""
        return self._zoom * self.logicalDpiX() / POINTS

    def _lay_out(self) -> None:
        """Place the pages under one another, each in the middle of x = 0, and set what the bars can scroll."""
        sizes, scale, top = (self._pdf.sizes if self._pdf is not None else ()), self._scale(), GAP
        self._places = []
        for size in sizes:
            width, height = round(size.width * scale), round(size.height * scale)
            self._places.append(QRect(-(width // 2), top, width, height))
            top += height + GAP
        view = self.viewport().size()
        widest = max((place.width() for place in self._places), default=0) + 2 * GAP
        for bar, whole, part in (
            (self.horizontalScrollBar(), widest, view.width()), (self.verticalScrollBar(), top, view.height()),
        ):  # fmt: skip
            bar.setRange(0, max(0, whole - part))
            bar.setPageStep(part)
            bar.setSingleStep(2 * theme.row())

    def _origin(self) -> QPoint:
        """Where the pages' middle and upper end lie in the viewport; a short pile lies in its middle."""
        across, down, view = self.horizontalScrollBar(), self.verticalScrollBar(), self.viewport().size()
        left = view.width() // 2 + across.maximum() // 2 - across.value()
        pile = self._places[-1].bottom() + GAP if self._places else 0
        return QPoint(left, max(0, view.height() - pile) // 2 - down.value())

    def _fitting(self) -> float:
        """The zoom of the fit that was chosen; 0 when there is none."""
        if not self._fit or self._pdf is None or not self._pdf.sizes:
            return 0.0
        per_point, view = self.logicalDpiX() / POINTS, self.viewport().size()
        wide = (view.width() - 2 * GAP) / (max(size.width for size in self._pdf.sizes) * per_point)
        high = (view.height() - 2 * GAP) / (max(size.height for size in self._pdf.sizes) * per_point)
        return min(wide, _WIDEST) if self._fit == "width" else min(wide, high)

    def _set_zoom(self, zoom: float, anchor: QPointF | None = None) -> None:
        """Zoom, with the point `anchor` of the viewport kept on the same point of the same page."""
        place = anchor or QPointF(self.viewport().rect().center())
        page = self._page_near(place.y())
        before = self.page_rect(page) if self._places else QRect(0, 0, 1, 1)
        across = (place.x() - before.left()) / max(1, before.width())
        down = (place.y() - before.top()) / max(1, before.height())
        self._zoom = min(max(zoom, self.least), MOST)
        self._lay_out()
        if self.page_count():
            across_bar, down_bar, after = self.horizontalScrollBar(), self.verticalScrollBar(), self.page_rect(page)
            across_bar.setValue(round(across_bar.value() + after.left() + across * after.width() - place.x()))
            down_bar.setValue(round(down_bar.value() + after.top() + down * after.height() - place.y()))
        self.viewport().update()
        self._tell_page()

    def _page_near(self, y: float) -> int:
        """The page at height `y` of the viewport, or the one above the gap there."""
        below = bisect_right(self._places, y + GAP - self._origin().y(), key=QRect.top)
        return max(0, below - 1)

    def _visible(self) -> list[int]:
        """The pages in view."""
        first, last = self._page_near(-GAP), self._page_near(self.viewport().height())
        return list(range(first, last + 1)) if self._places else []

    def _pixels(self, page: int) -> QSize:
        """The pixels in which a page is to be drawn for this screen."""
        rect, ratio = self.page_rect(page), self.devicePixelRatioF()
        return drawn_size(rect.width() * ratio, rect.height() * ratio)

    def _paint_spots(self, painter: QPainter) -> None:
        """Tint like a marker, in the light scheme's colours: paper is white on every desk."""
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for spot in {id(spot): spot for spot in (self._hot, self._walked) if spot is not None}.values():
            painter.fillRect(self.spot_rect(spot), QColor(theme.LIGHT["pick"]))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if self._walked is not None:
            painter.setPen(QPen(QColor(theme.LIGHT["accent"]), 2))
            painter.drawRect(self.spot_rect(self._walked).adjusted(-1, -1, 1, 1))

    def _heat(self, spot: Spot | None) -> None:
        if spot is not self._hot:
            self._hot = spot
            shape = Qt.CursorShape.PointingHandCursor if spot is not None else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def _walk_to(self, spot: Spot | None) -> None:
        """Move the keyboard's ring, bring it into view and say it."""
        self._walked = spot
        if spot is not None:
            rect, view = self.spot_rect(spot), self.viewport().rect()
            bar, side = self.verticalScrollBar(), self.horizontalScrollBar()
            if rect.top() < GAP or rect.bottom() > view.height() - GAP:
                bar.setValue(round(bar.value() + rect.center().y() - view.height() / 2))
            if rect.left() < GAP or rect.right() > view.width() - GAP:
                side.setValue(round(side.value() + rect.center().x() - view.width() / 2))
        self.setAccessibleDescription(self._describe(spot.source) if spot is not None else "")
        self.viewport().update()

    def _show_drawn(self, page: int) -> None:
        self.viewport().update(self.page_rect(page))

    def _tell_page(self) -> None:
        page = self.current_page()
        if page != self._told:
            self._told = page
            self.page_changed.emit(page)


_ZOOM_KEYS = {Qt.Key.Key_Plus: STEP, Qt.Key.Key_Equal: STEP, Qt.Key.Key_Minus: 1 / STEP, Qt.Key.Key_0: 0.0}
