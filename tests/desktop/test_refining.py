"""What a clerk does to a list from chips, cells and header: on the real window, over the real ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.record import UnitField
from db.store import budget
from db.store.conditions import LIGHT, Condition, is_one_of
from db.store.search import Filter
from desktop.registers import reading
from desktop.registers.choosing import ConditionPopup
from desktop.registers.ledger import LedgerDelegate
from desktop.registers.page import RegisterPage
from desktop.registers.rows import LIGHT as LIGHT_COLUMN
from desktop.window.main import MainWindow
from tests.desktop.clerk import ENTER, ESC, press, type_text
from tests.desktop.test_page import chips, titles

Open = Callable[[str], RegisterPage]


@pytest.fixture
def page(new_window: Callable[[], MainWindow], qtbot: QtBot) -> RegisterPage:
    """The first register's page, with the focus in its list."""
    window = new_window()
    window.resize(1366, 768)
    window.show()
    qtbot.waitActive(window)
    found = window.current_register()
    assert found is not None
    found.table.setFocus()
    qtbot.waitUntil(lambda: found._reading.whole is not None)
    return found


def column(page: RegisterPage, key: str) -> int:
    """Where a column stands."""
    return [heading.key for heading in page.table.records().headings].index(key)


def opened(page: RegisterPage, name: str, qtbot: QtBot) -> ConditionPopup:
    """The popup for a field, with its values counted."""
    page.refining.edit(name, QPoint(100, 100))
    popup = page.refining.popup
    assert popup is not None
    qtbot.waitUntil(lambda: not popup.note.isVisible() and popup.list.count() > 0)
    return popup


def values(popup: ConditionPopup) -> list[str]:
    """What is on offer."""
    items = [popup.list.item(at) for at in range(popup.list.count())]
    return [item.text() for item in items if not item.isHidden()]


def stored(page: RegisterPage, name: str) -> list[str]:
    """A field of the listed records, from the top."""
    ids = page._actions.listing(page.register, page.current_filter()).ids()
    return [str(getattr(page._actions.load(page.register, number), name)) for number in ids]


def unit_field(page: RegisterPage) -> str:
    """The first field of the list that names a unit."""
    fields = page.register._meta.fields
    return next(name for name in page.register.COLUMNS if isinstance(fields[name], UnitField))


def test_values_areticked_in_the_popup_by_keyboard_and_found_by_initials(page: RegisterPage, qtbot: QtBot) -> None:
    name = unit_field(page)
    units = stored(page, name)
    popup = opened(page, name, qtbot)
    assert len(values(popup)) == len(set(units))
    type_text(page._words.initials(units[0])[:3])
    assert [text.partition("（")[0] for text in values(popup)] == [
        unit for unit in dict.fromkeys(units) if page._words.initials(units[0])[:3] in page._words.initials(unit)
    ]
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Space)
    press(ENTER)
    picked = [unit for unit in units if unit == values(popup)[0].partition("（")[0]]
    assert stored(page, name) == picked
    assert chips(page)[-1] == f"{page.register.label(name)}：{picked[0]}"


def test_enter_takes_every_value_whose_initials_were_typed(page: RegisterPage, qtbot: QtBot) -> None:
    name = unit_field(page)
    units = stored(page, name)
    popup = opened(page, name, qtbot)
    typed = page._words.initials(units[0])[:3]
    type_text(typed)
    meant = {text.partition("（")[0] for text in values(popup)}
    press(ENTER)
    assert stored(page, name) == [unit for unit in units if unit in meant]
    assert units[0] in meant


def test_a_condition_is_turned_round_and_taken_off_in_its_popup(page: RegisterPage, qtbot: QtBot) -> None:
    name = unit_field(page)
    units = stored(page, name)
    page.set_filter(Filter(conditions=(is_one_of(name, units[0]),)))
    popup = opened(page, name, qtbot)
    popup.negated.setChecked(True)
    popup.decide()
    assert stored(page, name) == [unit for unit in units if unit != units[0]]
    popup = opened(page, name, qtbot)
    assert popup.negated.isChecked()
    popup._clear()
    assert stored(page, name) == units


def test_typed_text_filters_by_what_a_field_holds(page: RegisterPage, qtbot: QtBot) -> None:
    subject = page.register.SUBJECT
    opened(page, subject, qtbot)
    type_text("1")
    press(ENTER)
    assert page.current_filter().conditions == (Condition(subject, "holds", ("1",)),)
    assert all("1" in text for text in titles(page))
    assert titles(page)


def test_days_are_filtered_by_typed_ends_and_what_is_no_day_is_refused_in_place(
    page: RegisterPage, qtbot: QtBot
) -> None:
    popup = opened(page, page.register.BUSINESS_DATE, qtbot)
    popup.ends[0].setText("某日")
    popup.decide()
    assert popup.isVisible()
    assert "看不懂" in popup.note.text()
    assert popup.ends[0].property("state") == "bad"
    popup.ends[0].setText("2022.1.5")
    popup.ends[1].setText("1230")
    popup.decide()
    assert page.current_filter().conditions == (
        Condition(page.register.BUSINESS_DATE, "span", ("2022-01-05", "2022-12-30")),
    )


def test_the_light_is_chosen_like_any_other_field(page: RegisterPage, qtbot: QtBot) -> None:
    page.set_filter(Filter(light="open"))
    popup = opened(page, LIGHT, qtbot)
    assert popup.ticked == {"open"}
    popup.ticked = {"open", "done"}
    popup.decide()
    assert page.current_filter() == Filter(conditions=(is_one_of(LIGHT, "done", "open"),))
    assert len(titles(page)) == 3


def test_the_cell_under_the_cursor_limits_the_list_to_its_value_or_all_others(page: RegisterPage) -> None:
    name = unit_field(page)
    units = stored(page, name)
    page.table.setCurrentIndex(page.table.records().index(0, column(page, name)))
    page.refining.only()
    assert stored(page, name) == [unit for unit in units if unit == units[0]]
    page.set_filter(Filter())
    page.table.setCurrentIndex(page.table.records().index(0, column(page, name)))
    page.refining.only(negated=True)
    assert stored(page, name) == [unit for unit in units if unit != units[0]]


def test_the_menu_of_a_cell_offers_its_value_and_the_header_marks_the_column(page: RegisterPage) -> None:
    name = unit_field(page)
    value = stored(page, name)[0]
    at = column(page, name)
    page.table.setCurrentIndex(page.table.records().index(0, at))
    page.refining.open_cell_menu(at, QPoint(10, 10))
    assert page.refining.menu is not None
    labels = [action.text() for action in page.refining.menu.actions()]
    assert labels[:2] == [f"只看“{value}”", f"排除“{value}”"]
    page.refining.menu.actions()[0].trigger()
    assert page.table.header.filtered == {at}


def test_alt_down_and_the_mark_in_the_header_open_the_filter_of_a_column(page: RegisterPage, qtbot: QtBot) -> None:
    at = column(page, page.register.SUBJECT)
    page.table.setCurrentIndex(page.table.records().index(0, at))
    press(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert page.refining.popup is not None
    assert page.refining.popup.name == page.register.SUBJECT
    page.refining.popup.close()
    header = page.table.header
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=header.mark_rect(at).center())
    assert page.refining.popup is not None
    assert page.current_filter().order == ""
    page.refining.popup.close()


def test_left_and_right_walk_over_the_cells_of_a_row(page: RegisterPage) -> None:
    page.table.setCurrentIndex(page.table.records().index(0, 0))
    press(Qt.Key.Key_Right)
    assert page.table.currentIndex().column() == 1
    press(Qt.Key.Key_Left)
    press(Qt.Key.Key_Left)
    assert page.table.currentIndex().column() == 0
    assert page.table.picked_count() == 1


def test_groups_are_folded_by_keyboard_and_their_counts_are_those_of_the_records(page: RegisterPage) -> None:
    name = unit_field(page)
    units = stored(page, name)
    page.set_filter(Filter(group=name))
    model = page.table.records()
    assert chips(page) == [f"按{page.register.label(name)}分组"]
    assert model.rowCount() == len(units) + len(set(units))
    page.table.go(0)
    assert page.table.current_id() is None
    first = model.text_at(0, 0)
    press(Qt.Key.Key_Left)
    count = units.count(first.partition("　")[0])
    assert first.endswith(f"{count} 条")
    assert model.rowCount() == len(units) + len(set(units)) - count
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Down)
    assert page.table.current_id() is not None
    page._command("fold")
    assert model.rowCount() == len(set(units))
    page._command("unfold")
    assert model.rowCount() == len(units) + len(set(units))


def test_a_filter_that_takes_long_runs_on_the_worker_and_the_list_says_so(
    page: RegisterPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_reading: object) -> None:
        raise budget.TooLong

    before = titles(page)
    monkeypatch.setattr(reading, "within", never)
    page.set_filter(Filter(order=page.register.SUBJECT, descending=False))
    assert page._counts.text() == "正在筛选…"
    assert titles(page) == before
    qtbot.waitUntil(lambda: not page._reading.is_running)
    assert titles(page) == sorted(before, key=lambda text: text.encode("gb18030"))
    assert page._counts.text() == "3"
    page.set_filter(Filter(group=unit_field(page)))
    qtbot.waitUntil(lambda: not page._reading.is_running)
    assert page.table.records().rowCount() > 3
    page.set_filter(Filter(conditions=(Condition(page.register.SUBJECT, "holds", ("没有的字",)),)))
    qtbot.waitUntil(lambda: not page._reading.is_running)
    assert page._stack.currentWidget() is page.empty


def test_columns_are_chosen_moved_and_widened_and_come_back_with_the_next_window(
    page: RegisterPage, new_window: Callable[[], MainWindow]
) -> None:
    names = page.columns.names()
    dialog = page.refining.choose_columns()
    QTest.keyClick(dialog.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(dialog.list, Qt.Key.Key_End)
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    QTest.keyClick(dialog.list, ENTER)
    chosen = (names[1], names[0], *names[2:], page.columns.offered()[-1])
    assert page.columns.names()[:2] == chosen[:2]
    assert len(page.columns.names()) == len(names) + 1
    page.table.header.widened.emit(0, 200)
    assert page.table.columnWidth(0) == pytest.approx(200, abs=2)
    page.table.header.moved.emit(0, 1)
    assert page.columns.names()[0] == names[0]
    other = new_window().current_register()
    assert other is not None
    assert other.columns.names() == page.columns.names()
    page.refining._restore()
    assert page.columns.names() == names


def test_a_relative_stretch_of_the_lists_own_days_takes_the_place_of_its_year(page: RegisterPage, qtbot: QtBot) -> None:
    page.set_filter(Filter(year=2022))
    popup = opened(page, page.register.BUSINESS_DATE, qtbot)
    assert popup.stretch is not None
    popup.stretch.setCurrentText("上年同期")
    popup.decide()
    wanted = page.current_filter()
    assert (wanted.year, wanted.conditions[0].values) == (None, ("上年同期",))
    page.set_filter(replace(wanted, year=2022))
    popup = opened(page, page.register.BUSINESS_DATE, qtbot)
    popup.negated.setChecked(True)
    popup.decide()
    assert page.current_filter().year == 2022, "all other days of the year"
    page.show_all()


@pytest.mark.parametrize("at", ["stretch", "negated"])
def test_enter_decides_wherever_the_cursor_stands(page: RegisterPage, qtbot: QtBot, at: str) -> None:
    popup = opened(page, page.register.BUSINESS_DATE, qtbot)
    assert popup.stretch is not None
    popup.stretch.setCurrentText("本年")
    control = getattr(popup, at)
    control.setFocus()
    QTest.keyClick(control, ENTER)
    assert page.current_filter().conditions[0].values == ("本年",)
    page.show_all()


def test_the_days_of_a_relative_stretch_are_told_where_they_could_be_typed(page: RegisterPage, qtbot: QtBot) -> None:
    popup = opened(page, page.register.BUSINESS_DATE, qtbot)
    assert popup.stretch is not None
    hints = [edit.placeholderText() for edit in popup.ends]
    for name, days in (("上年同期", ["2021-01-01", "2021-12-30"]), ("今天以前", ["不限", "2022-12-29"])):
        popup.stretch.setCurrentText(name)
        assert [edit.placeholderText() for edit in popup.ends] == days
    popup.stretch.setCurrentIndex(0)
    assert [edit.placeholderText() for edit in popup.ends] == hints
    popup.stretch.setCurrentText("上年同期")
    popup.decide()
    popup = opened(page, page.register.BUSINESS_DATE, qtbot)
    assert [edit.placeholderText() for edit in popup.ends] == ["2021-01-01", "2021-12-30"]


def test_a_field_is_found_among_many_by_its_initials_and_ticked_by_keyboard(page: RegisterPage) -> None:
    dialog = page.refining.choose_columns()
    dialog.search.setFocus()
    QTest.keyClicks(dialog.search, "djr")
    found = [item.text() for at in range(dialog.list.count()) if not (item := dialog.list.item(at)).isHidden()]
    assert found == ["登记人"]
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    QTest.keyClick(dialog.list, ENTER)
    assert page.columns.names()[-1] == "created_by"
    page.refining._restore()


def test_columns_wider_than_the_list_scroll_behind_light_and_number(page: RegisterPage) -> None:
    page.columns.set_names(
        (LIGHT_COLUMN, "number", *[name for name in page.columns.offered() if name != "number"][:14])
    )
    page.refresh()
    bar, table = page.table.sideways, page.table
    assert bar.isVisible()
    assert bar.maximum() > 0
    bar.setValue(bar.maximum())
    shown = [at for at in range(len(table.records().headings)) if not table.isColumnHidden(at)]
    assert shown[:2] == [0, 1]
    assert shown[-1] == len(table.records().headings) - 1
    assert shown[2] > 2
    last = shown[-1]
    assert table.columnViewportPosition(last) + table.columnWidth(last) <= table.viewport().width()
    table.setCurrentIndex(table.records().index(0, 1))
    press(Qt.Key.Key_Right)
    assert bar.value() == 0
    assert table.currentIndex().column() == 2


def test_esc_closes_a_popup_and_changes_nothing(page: RegisterPage, qtbot: QtBot) -> None:
    wanted = page.current_filter()
    opened(page, page.register.SUBJECT, qtbot)
    press(ESC)
    assert page.refining.popup is None
    assert page.current_filter() == wanted


def test_a_title_that_is_too_long_keeps_what_tells_it_from_others(page: RegisterPage) -> None:
    picture = QPixmap(200, 30)
    painter = QPainter(picture)
    title = "蓝山县人民政府办公室关于印发《蓝山县文物保护单位安全管理规定》的通知"
    delegate = page.table.itemDelegate()
    assert isinstance(delegate, LedgerDelegate)
    room = painter.fontMetrics().horizontalAdvance(title)
    assert delegate._fitting(title, room, painter) == title
    assert delegate._fitting(title, room - 20, painter).startswith("…关于印发《")
    assert delegate._fitting(title, room // 2, painter).startswith("…《蓝山县文物")
    assert delegate._fitting("县财政局", 2_000, painter) == "县财政局"
    painter.end()
