"""The print page: the month and the books as they will be printed, clicks on numbers, saving, printing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from db.figures import Period
from db.record import Count, Record
from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.rules.numbering import MissingNumbers
from db.store.search import Filter
from db.store.store import Store
from db.summaries.behind import behind
from db.summaries.book import book_title
from db.summaries.document import Source
from desktop.dialogs.reason import ReasonDialog
from desktop.jobs import Job, Jobs
from desktop.paper import pages
from desktop.registers.actions import Actions
from desktop.registers.page import RegisterPage
from desktop.summaries.print_page import PrintPage
from desktop.window.main import MainWindow
from tests.desktop.clerk import CTRL, REGISTERS, button, by_key, click, press, texts, type_text
from tests.desktop.conftest import rest

Open = Callable[[str], RegisterPage]
NUMBER = re.compile(r"[+−]?[0-9]+(\.[0-9]+)?[%点天]?|[0-9]+／[0-9]+")
AXIS = 87  # points from the left edge up to which stand the numbers of a chart's scale
DECEMBER = Period.month(2022, 12)
every_register = pytest.mark.parametrize("register", REGISTERS, ids=by_key)


@pytest.fixture
def page(window: MainWindow, jobs: Jobs, qtbot: QtBot) -> PrintPage:
    """The print page with the month's summary ready."""
    window.open_page("print")
    page = window.stack.currentWidget()
    assert isinstance(page, PrintPage)
    rest(jobs, qtbot)
    return page


def words_of(page: PrintPage) -> str:
    """The text of the PDF on show, without blanks."""
    assert page.preview.printed is not None
    with pages._ONE_AT_A_TIME:  # the preview may be drawing
        document = pypdfium2.PdfDocument(page.preview.printed.pdf)
        text = "".join(leaf.get_textpage().get_text_range() for leaf in document)
        document.close()
    return "".join(text.split())


def test_the_month_on_show_is_that_of_the_clock(page: PrintPage) -> None:
    assert (page.choices.report.currentText(), page.choices.year.currentData(), page.choices.month.currentData()) == (
        "月度汇总",
        2022,
        12,
    )
    words = words_of(page)
    assert "蓝山县人民政府办公室" in words
    assert "2022年12月" in words
    assert page.print_button.isEnabled()
    assert page.preview.desk.page_count() == page.preview.printed.pages


def test_a_page_that_is_opened_for_a_book_does_not_make_its_month_first(
    window: MainWindow, jobs: Jobs, qtbot: QtBot
) -> None:
    begun: list[Job] = []
    jobs.running.connect(begun.append)
    window.open_page("print")
    page = window.stack.currentWidget()
    assert isinstance(page, PrintPage)
    page.show_book("outgoing", Filter(year=2022))
    rest(jobs, qtbot)
    assert [job.title for job in begun].count("生成打印页") == 1
    assert "发文登记簿" in words_of(page)


def test_another_month_is_made_when_it_is_chosen(page: PrintPage, jobs: Jobs, qtbot: QtBot) -> None:
    page.choices.month.setCurrentIndex(10)
    page.choices.month.activated.emit(10)
    rest(jobs, qtbot)
    assert "2022年11月" in words_of(page)


def test_a_click_on_a_number_opens_the_records_that_it_counts(
    page: PrintPage, window: MainWindow, actions: Actions, jobs: Jobs, qtbot: QtBot
) -> None:
    figures = actions.figures()
    spot = next(
        spot
        for spot in page.preview.printed.spots
        if isinstance(spot.source, Source)
        and Period(spot.source.start, spot.source.end) == DECEMBER
        and figures.value(spot.source.figure, DECEMBER).value == 3
    )
    desk = page.preview.desk
    desk.go_to(spot.page)
    QTest.mouseClick(desk.viewport(), Qt.MouseButton.LeftButton, pos=desk.spot_rect(spot).center().toPoint())
    opened = window.current_register()
    assert opened is not None
    assert opened.register is figures.register_of(spot.source.figure)
    rest(jobs, qtbot)
    assert opened.table.records().rowCount() == 3
    assert [chip.text() for chip in opened.filters._chips] == [f"{figures[spot.source.figure].label} 2022-12：3条"]
    press(Qt.Key.Key_F, CTRL)
    press(Qt.Key.Key_Backspace)
    assert [chip.objectName() for chip in opened.filters._chips] == ["year"]  # the list as it was


def test_every_number_on_the_page_opens_as_many_records_as_it_says(
    page: PrintPage, window: MainWindow, actions: Actions
) -> None:
    figures = actions.figures()
    counted = 0
    for source in {spot.source for spot in page.preview.printed.spots}:
        found = behind(figures, source)
        page.open_origin(source)
        registers = {register for register, _record in found.rows}
        assert page.pane.isHidden() is (len(registers) == 1)
        if len(registers) == 1 and len(found.rows) > 1:
            assert window.current_register().table.records().rowCount() == len(found.rows)
        if isinstance(source, Source) and type(figure := figures[source.figure]) is Count and figure.of is None:
            period = Period(source.start, source.end)
            assert len(found.rows) == figures.value(source.figure, period).value
            counted += 1
    assert counted > 20


def test_every_number_of_the_pages_can_be_clicked(page: PrintPage) -> None:
    with pages._ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(page.preview.printed.pdf)
        heights = [leaf.get_height() for leaf in document]
        texts = [leaf.get_textpage() for leaf in document]
        boxes = ((at, text.get_rect(number)) for at, text in enumerate(texts) for number in range(text.count_rects()))
        loose = [
            (at, found, left, heights[at] - top)
            for at, (left, bottom, right, top) in boxes
            if right > AXIS and NUMBER.fullmatch(found := texts[at].get_text_bounded(left, bottom, right, top).strip())
            and not any(
                spot.page == at and spot.left - 1 <= left and right <= spot.left + spot.width + 1
                and spot.top - 1 <= heights[at] - top and heights[at] - bottom <= spot.top + spot.height + 1
                for spot in page.preview.printed.spots
            )
        ]  # fmt: skip
        document.close()
    assert loose == []


def test_a_figure_over_several_registers_opens_beside_the_pages_and_then_in_each(
    page: PrintPage, window: MainWindow, actions: Actions, monkeypatch: pytest.MonkeyPatch, jobs: Jobs, qtbot: QtBot
) -> None:
    for register in (Outgoing, Incoming):
        both = Count("in_and_out", "收发文", "收文和发文。", adds=True)
        monkeypatch.setattr(register, "FIGURES", (*register.FIGURES, both))
    found = {
        register: len(actions.figures().rows("in_and_out", DECEMBER, register)) for register in (Incoming, Outgoing)
    }
    assert all(found.values())
    page.open_origin(Source("in_and_out", DECEMBER.start, DECEMBER.end))
    assert page.isVisible()
    assert page.pane.isVisible()
    assert page.pane.table.rows.rowCount() == sum(found.values())
    page.pane.close_button.click()
    assert page.pane.isHidden()
    page.open_origin(Source("in_and_out", DECEMBER.start, DECEMBER.end))
    page.pane.open_button.click()
    rest(jobs, qtbot)
    incoming, outgoing = (window._registers[key] for key in ("incoming", "outgoing"))
    assert window.current_register() in (incoming, outgoing)
    for opened, other in ((incoming, outgoing), (outgoing, incoming)):
        assert opened.table.records().rowCount() == found[opened.register]
        words = f"收发文 2022-12：{found[opened.register]}条，另见{other.register.TITLE}{found[other.register]}条"
        assert [chip.text() for chip in opened.filters._chips] == [words]


@every_register
def test_the_book_of_the_list_on_show_is_printed_under_its_conditions(
    open_page: Open, window: MainWindow, jobs: Jobs, qtbot: QtBot, register: type[Record]
) -> None:
    page = open_page(register.key())
    press(Qt.Key.Key_F, CTRL)
    type_text("第1件")
    qtbot.waitUntil(lambda: page.table.records().rowCount() == 1)
    click(page.print_button)
    printing = window.stack.currentWidget()
    assert isinstance(printing, PrintPage)
    rest(jobs, qtbot)
    assert printing.choices.report.currentText() == book_title(register)
    words = words_of(printing)
    assert book_title(register) in words
    assert "含“第1件”" in words
    assert "第1件事" in words
    assert "第2件事" not in words
    assert printing.choices.book.names() == register.BOOK


@every_register
def test_a_column_that_is_taken_off_is_not_printed(
    open_page: Open, window: MainWindow, jobs: Jobs, qtbot: QtBot, register: type[Record]
) -> None:
    open_page(register.key())
    press(Qt.Key.Key_P, CTRL)
    printing = window.stack.currentWidget()
    assert isinstance(printing, PrintPage)
    rest(jobs, qtbot)
    assert "第2件事" in words_of(printing)
    next(box for box in printing.choices.book.columns if box.objectName() == register.SUBJECT).setFocus()
    press(Qt.Key.Key_Space)
    rest(jobs, qtbot)
    assert "第2件事" not in words_of(printing)


def test_the_whole_year_is_printed_when_a_book_is_chosen(page: PrintPage, jobs: Jobs, qtbot: QtBot) -> None:
    page.choices.report.setCurrentIndex(1)
    page.choices.report.activated.emit(1)
    rest(jobs, qtbot)
    assert book_title(REGISTERS[0]) in words_of(page)
    assert page.choices.month.currentText() == "全年"
    page.choices.report.setCurrentIndex(0)
    page.choices.report.activated.emit(0)
    rest(jobs, qtbot)
    assert "月度汇总" in words_of(page)
    assert page.choices.month.currentText() == "12月"


def choose_file(monkeypatch: pytest.MonkeyPatch, path: Path | None) -> list[str]:
    """The system's file dialog gives this path; the names that it proposed are noted."""
    proposed: list[str] = []

    def answer(_parent: object, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        proposed.append(name)
        return (str(path) if path else "", "")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    return proposed


def test_the_pdf_on_show_is_the_pdf_that_is_saved(
    page: PrintPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed = choose_file(monkeypatch, tmp_path / "十二月.pdf")
    click(page.save_button)
    assert [Path(name).name for name in proposed] == ["2022年12月月度汇总.pdf"]
    assert (tmp_path / "十二月.pdf").read_bytes() == page.preview.printed.pdf


def test_no_file_is_written_when_none_is_chosen(page: PrintPage, monkeypatch: pytest.MonkeyPatch) -> None:
    choose_file(monkeypatch, None)
    click(page.save_button)
    assert page.preview.printed is not None


def test_a_folder_that_cannot_be_written_is_told_in_words(
    page: PrintPage, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    choose_file(monkeypatch, tmp_path / "文件" / "十二月.pdf")
    click(page.save_button)
    dialog = next(dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())
    words = texts(dialog)
    assert words[0] == "没能存成PDF"
    assert "台账没有动" in words[1]
    assert "请换一个能写入的文件夹" in words[2]
    click(button(dialog, "知道了"))
    assert not dialog.isVisible()


def print_to(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """The system's print dialog is answered by printing to a file."""

    def answer(dialog: QPrintDialog) -> int:
        printer = dialog.printer()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setResolution(100)  # as many pages, drawn in less time
        printer.setOutputFileName(str(path))
        return 1

    monkeypatch.setattr(QPrintDialog, "exec", answer)


def test_as_many_pages_are_printed_as_are_on_show(
    page: PrintPage, jobs: Jobs, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    print_to(monkeypatch, tmp_path / "printed.pdf")
    click(page.print_button)
    rest(jobs, qtbot)
    with pages._ONE_AT_A_TIME:
        assert len(pypdfium2.PdfDocument(tmp_path / "printed.pdf")) == page.preview.printed.pages
    assert page.print_button.isEnabled()


def test_ctrl_p_on_the_print_page_prints(
    page: PrintPage, jobs: Jobs, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    print_to(monkeypatch, tmp_path / "printed.pdf")
    page.setFocus()
    QTest.keyClick(page.window(), Qt.Key.Key_P, CTRL)
    rest(jobs, qtbot)
    assert (tmp_path / "printed.pdf").exists()


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_does_not_answer_is_told_in_words(
    page: PrintPage, window: MainWindow, jobs: Jobs, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    print_to(monkeypatch, tmp_path / "文件" / "printed.pdf")
    click(page.print_button)
    rest(jobs, qtbot)
    dialog = next(dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())
    assert texts(dialog)[0] == "没能打印"


def test_the_source_of_a_number_names_its_figure_and_period(page: PrintPage) -> None:
    sources = {spot.source for spot in page.preview.printed.spots if isinstance(spot.source, Source)}
    assert Source(next(iter(sources)).figure, date(2022, 12, 1), date(2023, 1, 1)) in sources


def test_a_click_on_a_missing_number_asks_for_the_reason_and_prints_it(
    page: PrintPage, store: Store, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = Outgoing.select().order_by(Outgoing.sequence.desc()).get()
    last = store.load(Outgoing, last.id)
    last.number = last.NUMBERING.render(last.series, last.year, last.sequence + 2)
    store.save(last)
    page.show_numbers(Outgoing.key(), last.year)
    rest(jobs, qtbot)
    assert page.choices.numbered.isVisibleTo(page)
    (gap,) = {spot.source for spot in page.preview.printed.spots if spot.source.series == last.series}
    assert isinstance(gap, MissingNumbers)

    def type_reason(dialog: ReasonDialog) -> bool:
        dialog.reason.setText("停发")
        return True

    monkeypatch.setattr(ReasonDialog, "exec", type_reason)
    spot = next(spot for spot in page.preview.printed.spots if spot.source == gap)
    desk = page.preview.desk
    desk.go_to(spot.page)
    QTest.mouseClick(desk.viewport(), Qt.MouseButton.LeftButton, pos=desk.spot_rect(spot).center().toPoint())
    rest(jobs, qtbot)
    assert {spot.source.reason for spot in page.preview.printed.spots if spot.source.series == last.series} == {"停发"}
    page.show_month(2022, 12)
    rest(jobs, qtbot)
    assert not page.choices.numbered.isVisibleTo(page)


def test_a_typeface_that_is_not_installed_is_named_with_what_stands_in_for_it(page: PrintPage) -> None:
    assert page.preview.printed is not None
    assert page.preview.printed.replaced
    assert page.choices.faces.text().startswith("本机没装：")
    assert all(told in page.choices.faces.text() for told in page.preview.printed.replaced)
    page.choices.show_replaced(())
    assert page.choices.faces.text() == ""
