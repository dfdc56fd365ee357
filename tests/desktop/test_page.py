"""The page of every register: list, chips, search, sort, selection, emptiness. Nothing here names a register."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from db.record import Record
from db.store.places import LEDGER
from db.store.search import Filter
from db.store.store import Store
from desktop import theme
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.form import RegisterForm
from desktop.registers.page import RegisterPage
from desktop.registers.words import OfficeWords
from desktop.settings import MachineSettings
from desktop.window.main import MainWindow
from tests.db.office import Clock
from tests.desktop.clerk import (
    CTRL,
    ENTER,
    ESC,
    REGISTERS,
    button,
    by_key,
    click,
    compose,
    field_in,
    fill,
    press,
    sample,
    sentences,
    texts,
    type_text,
)  # fmt: skip
from tests.desktop.conftest import rest

Open = Callable[[str], RegisterPage]
every_register = pytest.mark.parametrize("register", REGISTERS, ids=by_key)
one_register = pytest.mark.parametrize("register", REGISTERS[:1], ids=by_key)  # what no declaration has a say in


class Painted(QObject):
    """Notes how many forms there were at the first paint of a list."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self.forms: int | None = None
        viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Looks at the first paint."""
        if event.type() == QEvent.Type.Paint and self.forms is None:
            self.forms = len(watched.window().findChildren(RegisterForm))  # type: ignore[attr-defined]
        return False


@pytest.fixture
def empty_folder(folder: Path) -> Path:
    """A data folder with a ledger of an office that has entered nothing yet; ask for it before the window."""
    (folder / LEDGER).unlink()
    store = Store.open(folder, "李喆", Clock())
    store.set_office({"office": "蓝山县人民政府办公室"}, store.rules.words("organ_code"))
    store.close()
    return folder


def titles(page: RegisterPage) -> list[str]:
    """The titles in the list from the top."""
    model = page.table.records()
    at = [heading.key for heading in model.headings].index(page.register.SUBJECT)
    return [model.text_at(row, at) for row in range(model.rowCount())]


def title(register: type[Record], n: int) -> str:
    """The title of the n-th record of the fixture."""
    return ("县财政局", "县教育局", "塔峰镇人民政府")[n] + f"关于{register.TITLE}工作的第{n}件事"


def seek(page: RegisterPage, words: str) -> None:
    """Type into the search box."""
    press(Qt.Key.Key_F, CTRL)
    assert page.search.hasFocus()
    type_text(words)


def chips(page: RegisterPage) -> list[str]:
    """The conditions over the list."""
    return [chip.text() for chip in page.filters._chips]


def choose(page: RegisterPage, group: str, label: str) -> None:
    """Add a condition from the menu."""
    menu = page.filters._menu
    menu.aboutToShow.emit()
    part = next(part for part in menu.findChildren(QMenu) if part.title() == group)
    next(action for action in part.actions() if action.text() == label).trigger()


@every_register
def test_the_page_of_a_register_lists_its_records_newest_first(open_page: Open, register: type[Record]) -> None:
    page = open_page(register.key())
    model = page.table.records()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    assert titles(page) == [title(register, n) for n in (2, 1, 0)]
    assert chips(page) == ["2022年"]
    assert page.table.hasFocus()
    assert page.detail.record.id == 3
    assert page.new_button.text() == register.VERB
    assert "列出 3 条" in page.status_words() or page.status_words() == "选中 1 条，列出 3 条"


@every_register
def test_search_finds_as_it_is_typed_and_esc_clears_then_leaves(
    open_page: Open, register: type[Record], qtbot: QtBot
) -> None:
    page = open_page(register.key())
    seek(page, "第1件")
    qtbot.waitUntil(lambda: titles(page) == [title(register, 1)])
    assert page.detail.record.id == 2
    assert page.search.hasFocus()
    press(ESC)
    qtbot.waitUntil(lambda: len(titles(page)) == 3)
    press(ESC)
    assert page.table.hasFocus()


@every_register
def test_search_finds_by_pinyin_initials_and_words_are_and(
    open_page: Open, register: type[Record], qtbot: QtBot
) -> None:
    page = open_page(register.key())
    seek(page, "xjyj 件事")
    qtbot.waitUntil(lambda: titles(page) == [title(register, 1)])


def test_an_empty_bin_says_so_instead_of_that_nothing_was_found(open_page: Open, qtbot: QtBot) -> None:
    page = open_page("incoming")
    page.show_deleted()
    qtbot.waitUntil(page.empty.isVisible)
    assert [text for text in texts(page.empty) if text] == ["回收站是空的", "清除条件"]
    page.set_filter(Filter(deleted=True, text="子虚乌有"))
    qtbot.waitUntil(lambda: "没有找到" in texts(page.empty))


@every_register
def test_a_search_without_result_says_so_and_offers_the_way_back(
    open_page: Open, register: type[Record], qtbot: QtBot
) -> None:
    page = open_page(register.key())
    seek(page, "子虚乌有")
    qtbot.waitUntil(page.empty.isVisible)
    assert page.current_filter().year is not None
    assert [text for text in texts(page.empty) if text] == ["没有找到", "去掉条件，只找“子虚乌有”"]
    assert not page.detail.isVisible()
    click(button(page.empty, "去掉条件，只找“子虚乌有”"))
    qtbot.waitUntil(lambda: page.current_filter() == Filter(text="子虚乌有") and not page._reading.is_running)
    assert page.search.text() == "子虚乌有"
    click(button(page.empty, "清除条件"))
    qtbot.waitUntil(lambda: len(titles(page)) == 3)
    assert page.search.text() == ""
    assert page.detail.isVisible()


@one_register
def test_while_an_input_method_composes_in_the_search_box_nothing_is_sought(
    open_page: Open, register: type[Record], qtbot: QtBot
) -> None:
    page = open_page(register.key())
    press(Qt.Key.Key_F, CTRL)
    compose("bu'cun'zai")
    qtbot.wait(150)
    assert len(titles(page)) == 3
    compose("", "第")
    type_text("2")
    compose("", "件")
    qtbot.waitUntil(lambda: titles(page) == [title(register, 2)])


@every_register
def test_conditions_are_added_taken_off_by_a_click_and_the_last_by_backspace(
    open_page: Open, register: type[Record]
) -> None:
    page = open_page(register.key())
    stage = register.stage_of(page.detail.record.stage).label
    other = next(stage for stage in register.STAGES if stage.key != page.detail.record.stage)
    choose(page, "阶段", stage)
    assert chips(page) == ["2022年", stage]
    assert len(titles(page)) == 3
    choose(page, "时限", "作废")
    assert chips(page) == ["2022年", "作废", stage]
    assert titles(page) == []
    chip = next(chip for chip in page.filters._chips if chip.text() == "作废")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 8, chip.height() // 2))
    assert len(titles(page)) == 3
    choose(page, "阶段", other.label)
    assert chips(page) == ["2022年", f"{stage}、{other.label}"]
    press(Qt.Key.Key_F, CTRL)
    press(Qt.Key.Key_Backspace)
    assert chips(page) == ["2022年"]
    press(Qt.Key.Key_Backspace)
    assert chips(page) == []
    assert len(titles(page)) == 3
    press(Qt.Key.Key_Backspace)
    assert page.search.hasFocus()


@one_register
def test_the_menu_of_conditions_is_made_anew_each_time_and_the_old_one_is_freed(
    open_page: Open, register: type[Record]
) -> None:
    menu = open_page(register.key()).filters._menu
    menu.aboutToShow.emit()
    parts = len(menu.findChildren(QMenu))
    menu.aboutToShow.emit()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert len(menu.findChildren(QMenu)) == parts


@every_register
def test_a_click_on_a_heading_sorts_and_again_turns_round(open_page: Open, register: type[Record]) -> None:
    page = open_page(register.key())
    header, model = page.table.horizontalHeader(), page.table.records()
    day = [heading.key for heading in model.headings].index(register.BUSINESS_DATE)

    def click_heading() -> list[str]:
        place = header.viewport().rect().center()
        place.setX(header.sectionViewportPosition(day) + header.sectionSize(day) // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        return titles(page)

    assert not page.table.isColumnHidden(day)
    orders = [click_heading(), click_heading()]
    assert sorted(orders) == sorted([[title(register, n) for n in (0, 1, 2)], [title(register, n) for n in (2, 1, 0)]])
    assert str(model.headerData(day, Qt.Orientation.Horizontal))[-1] in "↑↓"


@one_register
def test_the_selection_survives_what_others_change(
    open_page: Open, store: Store, actions: Actions, register: type[Record]
) -> None:
    page = open_page(register.key())
    page.table.setFocus()
    press(Qt.Key.Key_Down)
    assert page.detail.record.id == 2
    actions.save(sample(register, store.rules, 5))
    assert len(titles(page)) == 4
    assert page.table.current_id() == 2
    assert page.detail.record.id == 2


@one_register
def test_a_record_that_leaves_the_list_by_being_saved_leaves_no_draft_behind(
    open_page: Open, store: Store, register: type[Record], qtbot: QtBot
) -> None:
    page = open_page(register.key())
    seek(page, "件事")
    qtbot.waitUntil(lambda: "条" in page.status_words() and page._filter.text == "件事")
    saved = page.detail.record
    page.detail.form.focus(register.SUBJECT)
    press(Qt.Key.Key_A, CTRL)
    type_text("不再找到")
    press(Qt.Key.Key_S, CTRL)
    assert sentences(page.detail.form) == []
    assert titles(page) == [title(register, 1), title(register, 0)]
    assert page.detail.record.id == page.table.current_id() == 2
    assert store.drafts(register) == []
    assert saved.number in page.toast.sentence()


@one_register
def test_enter_goes_from_the_list_to_the_form_and_esc_back(open_page: Open, register: type[Record]) -> None:
    page = open_page(register.key())
    press(ENTER)
    assert field_in(page.detail.form) == next(iter(page.detail.form.editors))
    press(ESC)
    assert page.table.hasFocus()


@every_register
def test_an_empty_register_says_what_it_is_for_and_how_to_begin(
    empty_folder: Path, open_page: Open, register: type[Record]
) -> None:
    page = open_page(register.key())
    said = texts(page.empty)
    assert f"还没有{register.TITLE}记录" in said
    assert register.ABOUT in said
    click(button(page.empty, f"{register.VERB}  Ctrl+N"))
    assert page.entry is not None


@every_register
def test_the_first_record_of_a_register_appears_in_its_list(
    empty_folder: Path, open_page: Open, store: Store, register: type[Record]
) -> None:
    page = open_page(register.key())
    press(Qt.Key.Key_N, CTRL)
    fill(page.entry.form, store.rules)
    click(next(found for found in page.findChildren(QPushButton) if found.text() == "存后关闭"))
    assert len(titles(page)) == 1
    assert chips(page) == ["2022年"]
    assert page.detail.isVisible()
    assert page.detail.record.id == 1


def test_saving_where_there_is_no_record_does_nothing(empty_folder: Path, open_page: Open, store: Store) -> None:
    page = open_page(REGISTERS[0].key())
    press(Qt.Key.Key_S, CTRL)
    assert page.detail.record is None
    assert store.head()[0] == 0


@every_register
def test_the_form_is_made_behind_the_first_paint_of_the_list(
    register: type[Record], actions: Actions, words: OfficeWords, jobs: Jobs, settings: MachineSettings, qtbot: QtBot
) -> None:
    page = RegisterPage(register, actions, words, jobs, settings)
    qtbot.addWidget(page)
    painted = Painted(page.table.viewport())
    page.resize(1366, 768)
    page.show()
    qtbot.waitUntil(lambda: painted.forms is not None)
    assert painted.forms == 0
    qtbot.waitUntil(lambda: len(page.detail.findChildren(RegisterForm)) == 1)
    assert not page.detail.form.is_dirty
    shown = page.detail.record
    assert shown is not None
    assert page.detail.form.editors[register.SUBJECT].value() == getattr(shown, register.SUBJECT)
    rest(jobs, qtbot)


@every_register
def test_tab_walks_from_the_form_to_the_buttons_under_it(register: type[Record], open_page: Open) -> None:
    detail = open_page(register.key()).detail
    order = [detail.tabs, *(editor.control for editor in detail.form.editors.values())]
    order += [button(detail, words) for words in ("保存",)]
    widget, met = detail.tabs, [detail.tabs]
    while (widget := widget.nextInFocusChain()) is not detail.tabs:
        if widget in order:
            met.append(widget)
    assert met == order


def test_the_record_has_36_to_40_em_beside_a_list_that_keeps_its_titles(window: MainWindow, open_page: Open) -> None:
    page = open_page("incoming")
    window.resize(1366, 700)
    QTest.qWait(0)
    assert 36 * theme.em() <= page.many.beside.width() <= 40 * theme.em() + 4
    assert not any(page.table.isColumnHidden(at) for at in range(len(page.table.records().headings)))
    window.resize(1024, 700)
    QTest.qWait(0)
    assert page.split.widget(0).width() >= 36 * theme.em()
