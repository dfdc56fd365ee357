"""The preview: the pages of the very PDF, numbers that open their rows, saving and printing it."""

from __future__ import annotations

import pypdfium2
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from db.summaries.document import Printed, Source, Spot
from desktop import theme
from desktop.paper.desk import GAP, MOST
from desktop.paper.pages import Pdf, drawn_size
from desktop.summaries.preview import Preview
from tests.desktop.previewing import (
    A4,
    INKS,
    SOURCES,
    SPOTS,
    block,
    button,
    click,
    new_pdf,
    over,
    printed,
    rest,
    turn_wheel,
    wait_sharp,
    where,
)


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


def test_a_click_on_a_small_page_goes_there_and_frames_it(preview: Preview) -> None:
    strip = preview.thumbnails
    assert strip.isVisible()
    assert strip.page_count() == 3
    place = strip.page_rect(1).center()
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert preview.desk.current_page() == 1
    assert where(preview) == "第 2 页，共 3 页"
    for _turn in range(200):
        if strip.is_sharp(1):
            break
        rest(10)
    image = strip.viewport().grab().toImage()
    framed, plain = (strip.page_rect(page) for page in (1, 0))
    assert image.pixelColor(framed.left() - 2, framed.center().y()) == theme.colour("accent")
    assert image.pixelColor(plain.left() - 2, plain.center().y()) != theme.colour("accent")


def test_one_page_has_no_small_pages_beside_it(preview: Preview) -> None:
    preview.show_printed(printed(1), "一页")
    assert not preview.thumbnails.isVisible()


def test_pages_that_go_on_leave_the_view_where_it_is(preview: Preview) -> None:
    preview.desk.go_to(2)
    place = preview.desk.verticalScrollBar().value()
    preview.show_printed(printed(40), "长了", goes_on=True)
    assert preview.desk.verticalScrollBar().value() == place
    assert where(preview) == "第 3 页，共 40 页"
    preview.show_printed(printed(3), "另一份")
    assert where(preview) == "第 1 页，共 3 页"


def test_the_buttons_zoom_in_and_out(preview: Preview) -> None:
    before = preview.desk.zoom()
    click(preview, "＋")
    assert preview.desk.zoom() > before
    click(preview, "−")
    assert preview.desk.zoom() == pytest.approx(before)
