"""What is chosen of a book on the print page: volume, numbers, columns, binding, and going on where it ended."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QFileDialog
from pytestqt.qtbot import QtBot

from db.store.search import Filter
from db.summaries.document import Printed
from desktop.jobs import Jobs
from desktop.settings import MachineSettings
from desktop.summaries import making
from desktop.summaries.print_page import PrintPage
from desktop.window.main import MainWindow
from tests.desktop.conftest import rest
from tests.desktop.test_print_page import print_to, words_of


@pytest.fixture
def page(window: MainWindow, jobs: Jobs, qtbot: QtBot) -> PrintPage:
    """The print page with the book of outgoing documents."""
    window.open_page("print")
    page = window.stack.currentWidget()
    assert isinstance(page, PrintPage)
    page.show_book("outgoing", Filter(year=2022))
    rest(jobs, qtbot)
    return page


def test_numbers_and_first_page_continue_a_bound_book(page: PrintPage, jobs: Jobs, qtbot: QtBot) -> None:
    book = page.choices.book
    book.first.setValue(2)
    book.page.setValue(13)
    book.page.editingFinished.emit()
    rest(jobs, qtbot)
    words = words_of(page)
    assert "第13页共13页" in words
    assert "编号第2号起" in words
    assert "共2条" in words


def test_a_volume_is_printed_alone(page: PrintPage, jobs: Jobs, qtbot: QtBot) -> None:
    book = page.choices.book
    assert book.volume.count() > 1
    book.volume.setCurrentIndex(1)
    book.volume.activated.emit(1)
    rest(jobs, qtbot)
    assert f"分册＝{book.volume.itemText(1)}" in words_of(page)


def test_columns_are_remembered_by_register(page: PrintPage, jobs: Jobs, qtbot: QtBot, window: MainWindow) -> None:
    book = page.choices.book
    names = book.names()
    next(box for box in book.columns if box.objectName() == "copies").setChecked(False)
    next(box for box in book.columns if box.objectName() == "drafter").setChecked(True)
    rest(jobs, qtbot)
    assert "拟稿人" in words_of(page)
    page.show_book("incoming", Filter(year=2022))
    page.show_book("outgoing", Filter(year=2022))
    rest(jobs, qtbot)
    assert set(book.names()) == {*names, "drafter"} - {"copies"}


def test_too_many_columns_are_warned_of(page: PrintPage, jobs: Jobs, qtbot: QtBot) -> None:
    book = page.choices.book
    assert book.words.text() == ""
    for box in book.columns[:24]:
        box.setChecked(True)
    rest(jobs, qtbot)
    assert "列太多" in book.words.text()


def test_the_next_printing_offers_to_go_on_where_this_one_ended(
    page: PrintPage, jobs: Jobs, qtbot: QtBot, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = page.choices.book
    assert not book.goes_on.isVisible()
    book.volume.setCurrentIndex(1)
    book.volume.activated.emit(1)
    rest(jobs, qtbot)
    print_to(monkeypatch, tmp_path / "printed.pdf")  # type: ignore[operator]
    page.print_now()
    rest(jobs, qtbot)
    assert book.goes_on.text() == "接上次第1页、第3号"
    book.goes_on.click()
    assert (book.page.value(), book.first.value()) == (2, 4)
    rest(jobs, qtbot)
    assert "无记录" in words_of(page)
    book.goes_on.click()
    assert (book.page.value(), book.first.value()) == (1, 0)


def test_a_book_that_was_saved_or_printed_elsewhere_goes_on_as_well(
    page: PrintPage, jobs: Jobs, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = page.choices.book
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "书.pdf"), ""))
    page.save_pdf()
    assert (tmp_path / "书.pdf").exists()
    assert book.goes_on.text().startswith("接上次第1页")
    book.page.setValue(7)
    book.page.editingFinished.emit()
    rest(jobs, qtbot)
    book.is_bound.click()
    assert book.goes_on.text().startswith("接上次第7页")


def test_a_book_that_could_not_be_saved_is_not_remembered(
    page: PrintPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    page.trouble.connect(told.append)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "没有" / "书.pdf"), ""))
    page.save_pdf()
    assert len(told) == 1
    assert page.choices.book.goes_on.isHidden()


def test_the_gutter_is_remembered_on_this_machine(page: PrintPage, jobs: Jobs, qtbot: QtBot) -> None:
    book = page.choices.book
    book.gutter.setCurrentIndex(book.gutter.findData("left"))
    book.gutter.activated.emit(1)
    rest(jobs, qtbot)
    settings = book._settings
    assert isinstance(settings, MachineSettings)
    assert settings.gutter == "left"
    assert page.preview.printed is not None


def test_the_first_pages_are_on_show_before_the_last_are_made(
    page: PrintPage, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "FIRST_ROWS", 2)
    shown: list[tuple[str, bool, bool]] = []
    show = page.preview.show_printed

    def look(printed: Printed, title: str, goes_on: bool = False) -> None:
        show(printed, title, goes_on)
        shown.append((words_of(page), goes_on, page.print_button.isEnabled()))

    monkeypatch.setattr(page.preview, "show_printed", look)
    page.make_again()
    rest(jobs, qtbot)
    (part, part_goes_on, may_print), (whole, whole_goes_on, _enabled) = shown
    assert "第1件事" in part
    assert "第2件事" not in part
    assert "共1页" not in part
    assert (part_goes_on, whole_goes_on, may_print) == (False, True, False)
    assert "第2件事" in whole
    assert "第1页共1页" in whole
    assert page.print_button.isEnabled()


def choose(combo: QComboBox, at: int) -> None:
    """Choose with the mouse."""
    combo.setCurrentIndex(at)
    combo.activated.emit(at)


def test_a_book_of_all_years_says_so_and_is_of_one_when_that_is_chosen(
    page: PrintPage, jobs: Jobs, qtbot: QtBot
) -> None:
    choices = page.choices
    page.show_book("outgoing", Filter())
    rest(jobs, qtbot)
    assert choices.year.currentText() == "全部年度"
    assert not choices.month.isVisible()
    assert "共3条" in words_of(page)
    choose(choices.year, choices.year.findText("2022年"))
    rest(jobs, qtbot)
    assert choices.month.isVisible()
    assert "2022年" in words_of(page)
    choose(choices.year, choices.year.findText("全部年度"))
    rest(jobs, qtbot)
    assert "全部年度" in words_of(page)
    choose(choices.report, 0)
    rest(jobs, qtbot)
    assert "月度汇总" in words_of(page)
    assert choices.year.currentText() == "2022年", "no month has all years"
    assert choices.year.findText("全部年度") < 0


def test_a_book_of_selected_records_says_how_many(page: PrintPage, jobs: Jobs, qtbot: QtBot) -> None:
    page.show_book("outgoing", Filter(ids=(1, 2)))
    rest(jobs, qtbot)
    assert page.choices.words.text() == "只印这 2 条，编号顺序不变。"
    assert page.choices.year.currentText() == "全部年度"
    assert "共2条" in words_of(page)
    page.show_book("outgoing", Filter(year=2022))
    rest(jobs, qtbot)
    assert page.choices.year.currentText() == "2022年"
    assert page.choices.words.text() == "按台账列表上的条件印，编号顺序不变。"
