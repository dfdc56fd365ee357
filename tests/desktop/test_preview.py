"""The preview: the pages of the very PDF, numbers that open their rows, saving and printing it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QHelpEvent, QImage, QWheelEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolTip, QWidget
from reportlab.pdfgen.canvas import Canvas

from db.summaries.document import Printed, Source, Spot
from desktop import theme
from desktop.summaries.desk import GAP, MOST
from desktop.summaries.pages import Pdf, drawn_size
from desktop.summaries.preview import Preview
from desktop.summaries.printout import printed_leaves

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


def new_printer(path: Path, resolution: int = 72) -> QPrinter:
    """A printer that writes a PDF of A4 pages."""
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setResolution(resolution)
    return printer


def test_a_page_is_blank_paper_first_and_then_what_the_pdf_says(preview: Preview) -> None:
    assert block(preview, 0) == QColor("white")
    wait_sharp(preview, 0)
    assert block(preview, 0) == QColor(INKS[0])


def test_only_pages_in_view_and_their_neighbours_are_drawn(preview: Preview) -> None:
    preview.show_printed(printed(40), "收文登记簿")
    preview.go_to(20)
    wait_sharp(preview, 20)
    rest(100)
    drawn = [page for page in range(40) if preview.desk.is_sharp(page)]
    assert 20 in drawn
    assert len(drawn) <= 5


def test_a_new_pdf_takes_the_place_of_the_old_at_once(preview: Preview) -> None:
    wait_sharp(preview, 0)
    preview.go_to(2)
    preview.show_printed(Printed(new_pdf(1, (A4[1], A4[0])), 1, (), frozenset()), "收文登记簿")
    assert where(preview) == "第 1 页，共 1 页"
    assert preview.desk.page_rect(0).width() > preview.desk.page_rect(0).height()
    assert not preview.desk.is_sharp(0)
    assert preview.desk.spot_at(QPointF(100, 100)) is None
    wait_sharp(preview, 0)


def test_the_tools_turn_the_pages_and_say_where_one_is(preview: Preview) -> None:
    assert where(preview) == "第 1 页，共 3 页"
    assert not button(preview, "上一页").isEnabled()
    click(preview, "下一页")
    click(preview, "下一页")
    assert where(preview) == "第 3 页，共 3 页"
    assert not button(preview, "下一页").isEnabled()
    click(preview, "上一页")
    assert where(preview) == "第 2 页，共 3 页"
    bar = preview.desk.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert where(preview) == "第 3 页，共 3 页"


def test_home_and_end_go_to_the_first_and_the_last_page(preview: Preview) -> None:
    QTest.keyClick(preview.desk, Qt.Key.Key_End)
    assert where(preview) == "第 3 页，共 3 页"
    QTest.keyClick(preview.desk, Qt.Key.Key_Home)
    assert where(preview) == "第 1 页，共 3 页"


def test_the_page_fits_the_width_and_goes_on_fitting_in_another_window(preview: Preview) -> None:
    for width in (800, 600):
        preview.window().resize(width, 700)
        QTest.qWait(0)
        rect, view = preview.desk.page_rect(0), preview.desk.viewport().rect()
        assert abs(view.width() - 2 * GAP - rect.width()) <= 2
        assert abs(rect.center().x() - view.center().x()) <= 1
        assert preview.desk.horizontalScrollBar().maximum() == 0


def test_a_whole_page_fits_and_the_page_in_view_stays(preview: Preview) -> None:
    preview.go_to(1)
    click(preview, "整页")
    rect, view = preview.desk.page_rect(1), preview.desk.viewport().rect()
    assert view.contains(rect)
    assert view.height() - 2 * GAP - rect.height() <= 2
    click(preview, "页宽")
    assert where(preview) == "第 2 页，共 3 页"


def test_ctrl_and_the_wheel_zoom_at_the_mouse(preview: Preview) -> None:
    at = over(preview, SPOTS[0])
    before = preview.desk.zoom()
    turn_wheel(preview, at, 3)
    assert preview.desk.zoom() == pytest.approx(before * 1.1**3)
    assert (over(preview, SPOTS[0]) - at).manhattanLength() <= 4
    assert preview.desk.fit() == ""
    turn_wheel(preview, at, 100)
    assert preview.desk.zoom() == MOST
    turn_wheel(preview, at, -100)
    assert preview.desk.zoom() == 0.25


def test_the_zoom_keys_zoom(preview: Preview) -> None:
    ctrl, before = Qt.KeyboardModifier.ControlModifier, preview.desk.zoom()
    QTest.keyClick(preview.desk, Qt.Key.Key_Plus, ctrl)
    assert preview.desk.zoom() == pytest.approx(before * 1.1)
    QTest.keyClick(preview.desk, Qt.Key.Key_Minus, ctrl)
    assert preview.desk.zoom() == pytest.approx(before)
    QTest.keyClick(preview.desk, Qt.Key.Key_0, ctrl)
    assert preview.desk.zoom() == 1


def test_a_number_under_the_mouse_is_tinted_and_a_click_opens_its_rows(preview: Preview) -> None:
    view, opened = preview.desk.viewport(), []
    preview.number_clicked.connect(opened.append)
    QTest.mouseMove(view, over(preview, SPOTS[0]))
    assert view.cursor().shape() == Qt.CursorShape.PointingHandCursor
    assert view.grab().toImage().pixelColor(over(preview, SPOTS[0])) == QColor(theme.LIGHT["pick"])
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=over(preview, SPOTS[0]))
    QTest.mouseMove(view, QPoint(60, 400))
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(60, 400))
    QTest.mouseClick(view, Qt.MouseButton.RightButton, pos=over(preview, SPOTS[0]))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=over(preview, SPOTS[1]))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=over(preview, SPOTS[0]))
    assert opened == [SOURCES[1]]


def test_the_tooltip_of_a_number_says_what_a_click_opens(qapp: QApplication) -> None:
    preview = Preview(lambda source: f"打开 {source.figure}")
    preview.resize(600, 600)
    preview.show()
    preview.show_printed(printed(), "十二月月度汇总")
    at = over(preview, SPOTS[0])
    view = preview.desk.viewport()
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, at, view.mapToGlobal(at)))
    assert QToolTip.text() == "打开 below"
    QToolTip.hideText()
    preview.close()


def test_tab_walks_the_numbers_of_the_page_in_view_and_enter_opens_one(preview: Preview) -> None:
    opened: list[Source] = []
    preview.number_clicked.connect(opened.append)
    button(preview, "页宽").setFocus()

    def tab() -> Spot | None:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        return preview.desk.walked_spot()

    assert tab() == SPOTS[1]  # left before right
    QTest.keyClick(preview.desk, Qt.Key.Key_Return)
    assert tab() == SPOTS[0]
    QTest.keyClick(preview.desk, Qt.Key.Key_Enter)
    assert opened == [SOURCES[0], SOURCES[1]]
    assert tab() is None
    assert QApplication.focusWidget().objectName() == "after"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert preview.desk.walked_spot() == SPOTS[0]
    QTest.keyClick(preview.desk, Qt.Key.Key_Escape)
    assert preview.desk.walked_spot() is None
    QTest.keyClick(preview.desk, Qt.Key.Key_Return)
    assert len(opened) == 2


def test_a_number_that_tab_reaches_comes_into_view(preview: Preview) -> None:
    preview.go_to(1)
    preview.desk.setFocus(Qt.FocusReason.TabFocusReason)
    assert preview.desk.walked_spot() == SPOTS[2]
    assert preview.desk.viewport().rect().contains(over(preview, SPOTS[2]))
    assert preview.desk.accessibleDescription() == "看这个数字背后的记录"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_white_on_the_desk_of_either_scheme(preview: Preview, qapp: QApplication, scheme: str) -> None:
    theme.dress(qapp, scheme)
    image = preview.desk.viewport().grab().toImage()
    assert image.pixelColor(2, 2) == theme.colour("desk")
    assert image.pixelColor(preview.desk.page_rect(0).topLeft() + QPoint(9, 9)) == QColor("white")


def test_a_strip_of_a_page_is_the_same_as_that_part_of_the_whole() -> None:
    pdf = Pdf(new_pdf(1))
    whole = QSize(595, 842)
    image, strip = pdf.draw(0, whole), pdf.draw(0, whole, top=100, height=60)
    assert strip == image.copy(0, 100, 595, 60)
    with pytest.raises(IndexError):
        pdf.draw(1, whole)


def test_a_page_is_never_drawn_in_more_than_sixteen_million_pixels() -> None:
    size = drawn_size(10_000, 14_000)
    assert size.width() * size.height() == pytest.approx(16_000_000, rel=0.001)
    assert size.width() / size.height() == pytest.approx(10 / 14, rel=0.001)
    assert drawn_size(800, 1100) == QSize(800, 1100)


def test_a_file_that_is_no_pdf_is_refused_and_what_was_shown_stays(preview: Preview) -> None:
    with pytest.raises(pypdfium2.PdfiumError):
        preview.show_printed(Printed(b"no PDF", 1, (), frozenset()), "坏")
    assert where(preview) == "第 1 页，共 3 页"
    wait_sharp(preview, 0)


def test_the_saved_file_is_the_very_pdf(preview: Preview, tmp_path: Path) -> None:
    path = tmp_path / "十二月.pdf"
    path.write_bytes(b"old")
    preview.save_pdf(path)
    assert preview.printed is not None
    assert path.read_bytes() == preview.printed.pdf
    assert stat.S_IMODE(path.stat().st_mode) & 0o400
    assert [file.name for file in tmp_path.iterdir()] == ["十二月.pdf"]


def test_a_file_that_cannot_be_written_is_left_as_it_was(preview: Preview, tmp_path: Path) -> None:
    taken = tmp_path / "十二月.pdf"
    taken.mkdir()
    with pytest.raises(IsADirectoryError):
        preview.save_pdf(taken)
    with pytest.raises(FileNotFoundError):
        preview.save_pdf(tmp_path / "没有" / "十二月.pdf")
    assert [file.name for file in tmp_path.iterdir()] == ["十二月.pdf"]


def inks(path: Path) -> list[str]:
    """The colours of the blocks of a printed PDF of A4 pages, page by page."""
    pdf = Pdf(path.read_bytes())
    return [pdf.draw(page, QSize(595, 842)).pixelColor(108, 108).name().upper() for page in range(len(pdf.sizes))]


@pytest.mark.parametrize("resolution", [144, 1200])
def test_paper_shows_what_the_preview_shows_true_to_size(preview: Preview, tmp_path: Path, resolution: int) -> None:
    preview.print_with(new_printer(tmp_path / "out.pdf", resolution))
    assert inks(tmp_path / "out.pdf") == [*INKS[:3]]
    assert preview.printed is not None
    size = QSize(595, 842)
    shown, paper = Pdf(preview.printed.pdf).draw(1, size), Pdf((tmp_path / "out.pdf").read_bytes()).draw(1, size)
    assert block_edges(shown) == pytest.approx(block_edges(paper), abs=1)


def block_edges(image: QImage) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is not white."""
    inked = [
        (x, y) for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).lightness() < 200
    ]
    across, down = [x for x, _y in inked], [y for _x, y in inked]
    return min(across), min(down), max(across), max(down)


def test_a_page_range_is_honoured(preview: Preview, tmp_path: Path) -> None:
    printer = new_printer(tmp_path / "out.pdf")
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 3)
    preview.print_with(printer)
    assert inks(tmp_path / "out.pdf") == [INKS[1], INKS[2]]


def test_the_current_page_is_the_one_in_view(preview: Preview, tmp_path: Path) -> None:
    preview.go_to(1)
    printer = new_printer(tmp_path / "out.pdf")
    printer.setPrintRange(QPrinter.PrintRange.CurrentPage)
    preview.print_with(printer)
    assert inks(tmp_path / "out.pdf") == [INKS[1]]


@pytest.mark.parametrize(
    ("collate", "backwards", "leaves"),
    [(True, False, [0, 1, 0, 1]), (False, False, [0, 0, 1, 1]), (True, True, [1, 0, 1, 0])],
)
def test_copies_come_collated_or_not_and_in_either_order(
    qapp: QApplication, tmp_path: Path, collate: bool, backwards: bool, leaves: list[int]
) -> None:
    printer = new_printer(tmp_path / "out.pdf")
    printer.setCopyCount(2)
    printer.setCollateCopies(collate)
    if backwards:
        printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    assert list(printed_leaves(printer, 2)) == leaves


def test_a_wide_page_turns_the_paper(preview: Preview, tmp_path: Path) -> None:
    preview.show_printed(printed(2, (A4[1], A4[0])), "收文登记簿")
    preview.print_with(new_printer(tmp_path / "out.pdf"))
    sizes = Pdf((tmp_path / "out.pdf").read_bytes()).sizes
    assert [size.width > size.height for size in sizes] == [True, True]
    assert inks_wide(tmp_path / "out.pdf") == [INKS[0], INKS[1]]


def inks_wide(path: Path) -> list[str]:
    """The colours of the blocks of a printed PDF of A4 pages on their side."""
    pdf = Pdf(path.read_bytes())
    return [pdf.draw(page, QSize(842, 595)).pixelColor(108, 108).name().upper() for page in range(len(pdf.sizes))]


def test_a_page_is_fitted_to_paper_of_another_size(preview: Preview, tmp_path: Path) -> None:
    preview.show_printed(printed(1, (A4[0] * 2, A4[1] * 2)), "大图")
    preview.print_with(new_printer(tmp_path / "out.pdf", 144))
    image = Pdf((tmp_path / "out.pdf").read_bytes()).draw(0, QSize(595, 842))
    assert block_edges(image) == pytest.approx((36, 36, 71, 71), abs=2)


def test_printing_can_be_followed_and_stopped(preview: Preview, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    def progress(done: int, pages: int) -> bool:
        told.append((done, pages))
        return done < 2

    preview.print_with(new_printer(tmp_path / "out.pdf"), progress)
    assert told == [(1, 3), (2, 3)]


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_cannot_be_reached_is_an_error(preview: Preview, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="打印机没有响应"):
        preview.print_with(new_printer(tmp_path / "没有" / "out.pdf"))


def test_a_preview_that_is_closed_while_a_page_is_drawn_goes_quietly(qapp: QApplication) -> None:
    preview = Preview()
    preview.resize(600, 600)
    preview.show()
    preview.show_printed(printed(), "十二月月度汇总")
    preview.grab()
    preview.close()
    preview.deleteLater()
    del preview
    rest(200)
