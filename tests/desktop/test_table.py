"""The list: pages of rows, selection by record, keys, columns that give way, copying."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.registers.table import LIGHT, PAGE, RecordModel, RecordTable, Row
from tests.desktop.listed import HEADINGS, LONG, Register, middle, select, shown

HOUSE = Path(__file__).parents[2]


def test_the_model_keeps_qts_rules_through_every_change(qapp: QApplication) -> None:
    model = RecordModel(HEADINGS)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    rows = Register(range(300))
    model.set_rows(rows)
    rows.ids = list(range(10))
    model.reload()
    model.set_count(400)
    model.set_count(0)
    model.set_rows(Register([]))
    assert model.rowCount() == 0
    tester.deleteLater()


def test_only_the_pages_that_are_looked_at_are_read(qapp: QApplication) -> None:
    model, rows = RecordModel(HEADINGS), Register(range(1_000_000))
    model.set_rows(rows)
    assert rows.asked == []
    assert model.id_at(700_000) == 700_000
    assert model.text_at(700_001, 1) == "收700001"
    assert rows.asked == [700_000 // PAGE * PAGE]


def test_the_page_unused_for_longest_is_forgotten_first(qapp: QApplication) -> None:
    model, rows = RecordModel(HEADINGS), Register(range(100 * PAGE))
    model.set_rows(rows)
    for page in range(64):
        model.row_at(page * PAGE)
    model.row_at(0)
    model.row_at(64 * PAGE)  # page 1 goes, page 0 was used since
    rows.asked.clear()
    model.row_at(0)
    model.row_at(PAGE)
    assert rows.asked == [PAGE]


def test_a_cell_shows_its_text_and_the_light_its_words(qapp: QApplication) -> None:
    model = RecordModel(HEADINGS)
    model.set_rows(Register(range(9)))
    assert [model.index(1, c).data() for c in range(6)] == ["剩 1 日", "收1", "11-06", "县财政局", LONG, "1"]
    assert model.index(4, 0).data() == ""  # a record without a light
    alignment = Qt.AlignmentFlag(model.index(0, 5).data(Qt.ItemDataRole.TextAlignmentRole))
    assert alignment & Qt.AlignmentFlag.AlignRight


def test_rows_beyond_an_estimate_that_was_too_high_are_blank(qapp: QApplication) -> None:
    model = RecordModel(HEADINGS)
    model.set_rows(Register(range(3)), 10)
    assert model.rowCount() == 10
    assert model.id_at(5) is None
    assert model.index(5, 4).data() == ""
    model.set_count(3)
    assert model.rowCount() == 3


def test_a_page_that_cannot_be_read_is_told_once_and_read_again_on_reload(qapp: QApplication) -> None:
    class Broken(Register):
        broken = True

        def page(self, start: int, size: int) -> list[Row]:
            if self.broken:
                raise OSError("磁盘")
            return super().page(start, size)

    model, rows, told = RecordModel(HEADINGS), Broken(range(5)), []
    model.failed.connect(told.append)
    model.set_rows(rows)
    assert [model.text_at(row, 1) for row in range(5)] == [""] * 5
    assert told == []  # not from within a paint
    QTest.qWait(0)
    assert [str(error) for error in told] == ["磁盘"]
    rows.broken = False
    model.reload()
    assert model.text_at(2, 1) == "收2"


def test_the_first_row_is_current_at_the_start(table: RecordTable) -> None:
    assert table.current_id() == 1
    assert table.picked_ids() == (1,)


def test_the_current_record_is_told_once_for_each_change(table: RecordTable) -> None:
    told: list[object] = []
    table.current_changed.connect(told.append)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Right)
    table.reload()
    table.step(1)
    table.set_rows(Register([]))
    assert told == [2, 3, None]


def test_home_end_and_the_page_keys_walk_the_whole_list(table: RecordTable) -> None:
    QTest.keyClick(table, Qt.Key.Key_End)
    assert table.current_id() == 1000
    QTest.keyClick(table, Qt.Key.Key_PageUp)
    page = 1000 - (table.current_id() or 0)
    assert 5 < page < 20
    QTest.keyClick(table, Qt.Key.Key_Home)
    assert table.current_id() == 1
    QTest.keyClick(table, Qt.Key.Key_PageDown)
    assert table.current_id() == 1 + page


def test_the_keys_of_the_list_ask_for_what_they_mean(table: RecordTable) -> None:
    asked: list[object] = []
    table.activated.connect(lambda record: asked.append(("open", record)))
    table.edit_asked.connect(lambda record, key: asked.append(("edit", record, key)))
    table.delete_asked.connect(lambda records: asked.append(("delete", records)))
    table.new_asked.connect(lambda: asked.append("new"))
    QTest.keyClick(table, Qt.Key.Key_Down)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Insert):
        QTest.keyClick(table, key)
    QTest.keyClick(table, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert asked == [("open", 2), ("open", 2), ("edit", 2, LIGHT), ("delete", (2,)), "new", "new"]


def test_a_double_click_opens_its_record(table: RecordTable) -> None:
    asked: list[object] = []
    table.activated.connect(asked.append)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle(table, 3))
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle(table, 3))
    assert asked == [4]


def test_typing_letters_reads_no_rows(table: RecordTable) -> None:
    rows = Register(range(1, 1001))
    table.set_rows(rows)
    QApplication.processEvents()
    rows.asked.clear()
    QTest.keyClicks(table, "zs")
    assert rows.asked == []
    assert table.current_id() == 1


def test_selection_and_current_record_survive_rows_that_move(table: RecordTable) -> None:
    rows = Register(range(1, 1001))
    table.set_rows(rows)
    select(table, 3, 5)
    told: list[object] = []
    table.current_changed.connect(told.append)
    rows.ids = [5000, 5001, *range(1, 1001)]
    table.reload()
    assert table.current_id() == 6
    assert table.picked_ids() == (4, 5, 6)
    assert told == []
    assert table.records().rowCount() == 1002


def test_fresh_rows_of_the_same_filter_keep_place_and_current_record(table: RecordTable) -> None:
    table.select_id(800, near=799)
    table.verticalScrollBar().setValue(795)  # in the middle: nothing but the table itself scrolls
    top = table.verticalScrollBar().value()
    table.reload(rows=Register([7000, *range(1, 1001)]))
    assert table.current_id() == 800
    assert table.verticalScrollBar().value() == top + 1
    assert table.currentIndex().row() == 800


def test_the_record_after_a_deleted_one_becomes_current(table: RecordTable) -> None:
    rows = Register(range(1, 6))
    table.set_rows(rows)
    table.step(2)
    rows.ids.remove(3)
    table.reload()
    assert table.current_id() == 4
    rows.ids.remove(5)
    rows.ids.remove(4)
    table.reload()
    assert table.current_id() == 2
    rows.ids.clear()
    table.reload()
    assert table.current_id() is None


def test_another_filter_keeps_the_current_record_if_it_is_there(table: RecordTable) -> None:
    table.step(6)
    table.set_rows(Register([2, 4, 7, 9]))
    assert table.current_id() == 7
    assert table.picked_ids() == (7,)
    table.set_rows(Register([100, 101]))
    assert table.current_id() == 100


def test_a_record_far_down_is_found_by_its_neighbourhood(table: RecordTable) -> None:
    assert not table.select_id(900)
    assert table.select_id(900, near=880)
    assert table.current_id() == 900
    assert table.viewport().rect().contains(middle(table, 899))


def test_copying_is_asked_for_with_or_without_headings(table: RecordTable) -> None:
    asked: list[bool] = []
    table.copy_asked.connect(asked.append)
    select(table, 0, 1)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert asked == [False, True]


def test_a_copy_of_too_many_rows_is_refused_with_a_sentence(table: RecordTable) -> None:
    QGuiApplication.clipboard().setText("before")
    told: list[str] = []
    table.refused.connect(told.append)
    table.set_rows(Register(range(30_000)))
    table.selectAll()
    assert table.picked_count() == 30_000
    table.copy()
    assert told == ["一次最多复制 20,000 条，更多的请用导出。"]
    assert QGuiApplication.clipboard().text() == "before"


def test_selecting_everything_asks_the_model_for_no_row(table: RecordTable) -> None:
    rows = Register(range(200_000))
    table.set_rows(rows)
    calls = 0
    count = table.records().rowCount

    def counted(*parent: object) -> int:
        nonlocal calls
        calls += 1
        return count()

    table.records().rowCount = counted  # type: ignore[method-assign]
    table.selectAll()
    table.grab()
    assert calls < 10_000
    assert len(rows.asked) == 1


def test_columns_give_way_in_their_order_until_the_title_has_room(table: RecordTable) -> None:
    keys = [heading.key for heading in HEADINGS]
    assert shown(table) == keys
    seen = []
    for width in range(900, 250, -10):
        table.resize(width, 400)
        if not seen or seen[-1] != shown(table):
            seen.append(shown(table))
        if shown(table) != [LIGHT, "unit", "title"]:
            assert table.columnWidth(4) >= 16 * theme.em()
        assert sum(table.columnWidth(c) for c in range(6) if not table.isColumnHidden(c)) == table.viewport().width()
    assert seen == [keys, keys[:-1], [LIGHT, "unit", "title"]]
    table.resize(900, 400)
    assert shown(table) == keys


def test_other_columns_can_be_taken_and_the_current_record_stays(table: RecordTable) -> None:
    told: list[object] = []
    table.current_changed.connect(told.append)
    table.step(4)
    table.set_headings(HEADINGS[1:3])
    table.set_rows(Register(range(1, 1001)))
    assert table.records().columnCount() == 2
    assert table.current_id() == 5
    assert told == [5]
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert told == [5, 6]


def test_columns_do_not_move_when_the_list_grows(table: RecordTable) -> None:
    table.set_rows(Register([1]))
    short = [table.columnWidth(c) for c in range(6)]
    table.set_rows(Register(range(1000)))
    assert [table.columnWidth(c) for c in range(6)] == short


def test_rows_are_as_high_as_the_font_asks(table: RecordTable, qapp: QApplication) -> None:
    assert table.rowHeight(0) == theme.row() == table.horizontalHeader().height()
    theme.dress(qapp, "light", larger=4)
    assert table.rowHeight(0) == theme.row() == table.horizontalHeader().height()


def test_a_click_on_a_heading_asks_to_sort_and_again_the_other_way(table: RecordTable) -> None:
    asked: list[tuple[str, bool]] = []
    table.sort_asked.connect(lambda key, descending: asked.append((key, descending)))
    header = table.horizontalHeader()

    def click(column: int) -> None:
        x = header.sectionViewportPosition(column) + 10
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 10))

    click(3)
    table.set_order("unit", False)
    click(3)
    click(5)  # not sortable
    assert asked == [("unit", False), ("unit", True)]
    assert table.records().headerData(3, Qt.Orientation.Horizontal) == "来文单位 ↑"
    table.set_order("unit", True)
    assert table.records().headerData(3, Qt.Orientation.Horizontal) == "来文单位 ↓"
    assert table.picked_ids() == (1,)


def test_an_elided_text_is_told_whole_by_the_tooltip_and_a_short_one_is_not(table: RecordTable) -> None:
    delegate = table.itemDelegate()
    table.resize(900, 400)
    assert delegate.hidden_text(table, table.model().index(0, 3)) == ""  # type: ignore[attr-defined]
    table.resize(round(33 * theme.em()), 400)  # 20 characters of the title in some 17 em
    assert delegate.hidden_text(table, table.model().index(0, 4)) == LONG  # type: ignore[attr-defined]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_selected_row_has_its_fill_its_bar_and_keeps_the_colour_of_its_light(
    table: RecordTable, qapp: QApplication, scheme: str
) -> None:
    theme.dress(qapp, scheme)
    table.step(2)  # id 3: late
    image = table.viewport().grab().toImage()
    rect = table.visualRect(table.model().index(2, 0))
    colours = {image.pixelColor(x, y).name() for x in range(rect.width()) for y in range(rect.top(), rect.bottom())}
    assert image.pixelColor(1, rect.center().y()) == theme.colour("accent")
    assert image.pixelColor(5, rect.top() + 2) == theme.colour("pick")
    assert theme.colour("red").name() in colours
    other = table.visualRect(table.model().index(1, 0))
    assert image.pixelColor(1, other.center().y()) == theme.colour("alt")


def test_the_number_of_selected_rows_is_told(table: RecordTable) -> None:
    told: list[int] = []
    table.picked_changed.connect(told.append)
    select(table, 0, 4)
    assert told[-1] == 5
    table.selectionModel().clearSelection()
    assert told[-1] == 0


def test_a_row_outside_the_selection_can_be_added_to_it(table: RecordTable) -> None:
    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().select(table.model().index(7, 0), flags.Select | flags.Rows)
    assert table.picked_ids() == (1, 8)


def test_a_list_does_not_make_pyside_prepare_every_kind_of_widget() -> None:
    script = """
import enum
prepared = []
create = enum.EnumType._create_
def created(cls, name, *rest, **options):
    prepared.append(name)
    return create(cls, name, *rest, **options)
enum.EnumType._create_ = created
from PySide6.QtWidgets import QApplication
from desktop import theme
from desktop.registers.table import Heading, RecordTable
app = QApplication([])
theme.dress(app, "light")
table = RecordTable([Heading("title", "标题")])
table.viewport().update()
print(*[name for name in prepared if name.startswith("Wizard")], "end")
"""
    child = subprocess.run([sys.executable, "-c", script], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert child.stdout.split() == ["end"]
