"""What the tests of preview and printout share: a PDF with blocks of colour, a preview of it, the mouse over it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget
from reportlab.pdfgen.canvas import Canvas

from db.summaries.document import Printed, Source, Spot
from desktop import theme
from desktop.summaries.preview import Preview

A4 = (595.28, 841.89)
SOURCES = tuple(Source(name, date(2022, 12, 1), date(2023, 1, 1)) for name in ("sent", "below", "above"))
SPOTS = (
    Spot(0, 300, 100, 60, 20, SOURCES[1]),
    Spot(0, 100, 100, 60, 20, SOURCES[0]),
    Spot(1, 100, 700, 60, 20, SOURCES[2]),
)
INKS = ("#FF0000", "#00AA00", "#0000FF", "#AA00AA", "#00AAAA", "#AAAA00")


def new_pdf(pages: int = 3, size: tuple[float, float] = A4) -> bytes:
    """Pages with a block of a colour of their own at the top left (72 points from both edges, 72 wide and high)."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=size)
    for page in range(pages):
        canvas.setFillColor(INKS[page % len(INKS)])
        canvas.rect(72, size[1] - 144, 72, 72, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def printed(pages: int = 3, size: tuple[float, float] = A4) -> Printed:
    """A finished PDF with three numbers, two on the first page and one on the second."""
    return Printed(new_pdf(pages, size), pages, SPOTS, frozenset())


@pytest.fixture
def preview(qapp: QApplication) -> Iterator[Preview]:
    """A preview of three pages between two fields, in a window of 800 × 700."""
    qapp.setFont(QFont(qapp.font().family(), 10))
    theme.dress(qapp, "light")
    window = QWidget()
    preview = Preview()
    line = QHBoxLayout(window)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(QLineEdit(objectName="before"))
    line.addWidget(preview, 1)
    line.addWidget(QLineEdit(objectName="after"))
    for field in window.findChildren(QLineEdit):
        field.setMaximumWidth(40)
    window.resize(800, 700)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    preview.show_printed(printed(), "十二月月度汇总")
    yield preview
    window.close()
    window.deleteLater()


def wait_sharp(preview: Preview, page: int) -> None:
    """Wait until a page is drawn."""
    for _turn in range(500):
        if preview.desk.is_sharp(page):
            return
        rest(10)
    raise AssertionError(f"page {page} was never drawn")


def rest(milliseconds: int) -> None:
    """Let events and the worker run; QTest.qWait would keep Python's lock and starve the worker."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def block(preview: Preview, page: int) -> QColor:
    """The colour on screen in the middle of a page's block."""
    image = preview.desk.viewport().grab().toImage()
    scale = preview.desk.page_rect(page).width() / A4[0]
    return image.pixelColor(preview.desk.page_rect(page).topLeft() + QPoint(round(108 * scale), round(108 * scale)))


def where(preview: Preview) -> str:
    """What the tools say of the page in view."""
    return next(label.text() for label in preview.findChildren(QLabel) if label.text().startswith("第 "))


def button(preview: Preview, name: str) -> QPushButton:
    """A button of the tools by its words."""
    return next(one for one in preview.findChildren(QPushButton) if one.accessibleName() == name)


def click(preview: Preview, name: str) -> None:
    """Click a button of the tools."""
    QTest.mouseClick(button(preview, name), Qt.MouseButton.LeftButton)


def over(preview: Preview, spot: Spot) -> QPoint:
    """The middle of a number on screen."""
    return preview.desk.spot_rect(spot).center().toPoint()


def turn_wheel(preview: Preview, at: QPoint, notches: int) -> None:
    """Ctrl and the wheel."""
    view = preview.desk.viewport()
    event = QWheelEvent(
        QPointF(at), QPointF(view.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)
