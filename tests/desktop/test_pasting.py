"""A block copied in WPS or Excel is pasted on a list: into new records or over the selected ones, previewed first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from db.errors import Refused
from db.exchange.pasted import lay_block, sheet_of_block
from db.registers.incoming import Incoming
from db.store.store import Store
from desktop.jobs import Jobs
from desktop.registers.importing import ImportPage
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.desktop.clerk import CTRL, click, press
from tests.desktop.conftest import rest

HEADED = '收文日期\t来文单位\t标题\n2022-12-07\t县财政局\t关于第一件事的请示\n2022.12.8\t县教育局\t"两行的\n请示"\n'


def pasted(page: RegisterPage, text: str, jobs: Jobs, qtbot: QtBot) -> ImportPage:
    """Paste a text on the list and give back the preview at rest."""
    QGuiApplication.clipboard().setText(text)
    page.table.setFocus()
    press(Qt.Key.Key_V, CTRL)
    rest(jobs, qtbot)
    found = page.currentWidget()
    assert isinstance(found, ImportPage)
    return found


def test_a_block_with_a_heading_becomes_new_records(
    window: MainWindow, open_page: Callable[[str], RegisterPage], jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("incoming")
    before = Incoming.select().count()
    preview = pasted(page, HEADED, jobs, qtbot)
    if preview.matching.isVisible():
        click(preview.forward)
        rest(jobs, qtbot)
    assert preview._plan is not None
    assert (preview._plan.counts.new, preview._plan.counts.refused) == (2, 0)
    assert Incoming.select().count() == before
    click(preview.forward)
    rest(jobs, qtbot)
    assert {row.title for row in Incoming.select().order_by(Incoming.id.desc()).limit(2)} == {
        "关于第一件事的请示", "两行的请示",
    }  # fmt: skip
    assert page.table.hasFocus(), "the next block can be pasted at once"
    assert (page.table.records().rowCount(), page.filters._chips[0].text()) == (2, "刚粘贴的 2 条")
    page.filters._drop("ids")
    rest(jobs, qtbot)
    assert page.listed_records() == before + 2
    window.undo()
    rest(jobs, qtbot)
    assert Incoming.select().where(Incoming.deleted_at.is_null()).count() == before


def test_undoing_a_paste_leads_back_to_the_list_as_it_was(
    window: MainWindow, open_page: Callable[[str], RegisterPage], jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("incoming")
    before, shown = page.listed_records(), page.current_filter()
    preview = pasted(page, HEADED, jobs, qtbot)
    if preview.matching.isVisible():
        click(preview.forward)
        rest(jobs, qtbot)
    click(preview.forward)
    rest(jobs, qtbot)
    assert page.listed_records() == 2
    window.undo()
    rest(jobs, qtbot)
    assert (page.listed_records(), page.current_filter()) == (before, shown)
    assert "刚粘贴的 2 条" not in [chip.text() for chip in page.filters._chips]


def all_picked_at_title(page: RegisterPage) -> tuple[int, ...]:
    """Select every record, the first one's title being the current cell; their ids."""
    press(Qt.Key.Key_A, CTRL)
    column = [heading.key for heading in page.table.records().headings].index("title")
    none = page.table.selectionModel().SelectionFlag.NoUpdate
    page.table.selectionModel().setCurrentIndex(page.table.records().index(0, column), none)
    return page.table.picked_ids()


def test_a_block_without_a_heading_over_selected_records_changes_them(
    window: MainWindow, open_page: Callable[[str], RegisterPage], store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("incoming")
    page.table.setFocus()
    while page.table.current_key() != "title":
        press(Qt.Key.Key_Right)
    ids = all_picked_at_title(page)
    preview = pasted(page, "第一条新题\n\n第三条新题\n", jobs, qtbot)
    assert not preview.matching.isVisible(), "what the records have is not asked for"
    assert preview.review.model is not None
    assert [one.label for one in preview.review.model.headings] == ["结果", "行", "标题", "说明"]
    assert preview._plan is not None
    assert preview._plan.counts.changed == 2, "a blank does not erase"
    click(preview.forward)
    rest(jobs, qtbot)
    titles = [store.load(Incoming, record).title for record in ids]  # type: ignore[attr-defined]
    assert (titles[0], titles[2]) == ("第一条新题", "第三条新题")
    window.undo()
    rest(jobs, qtbot)


def test_a_single_cell_is_pasted_into_every_selected_record(
    open_page: Callable[[str], RegisterPage], store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("incoming")
    page.table.setFocus()
    ids = all_picked_at_title(page)
    preview = pasted(page, "同一个题\n", jobs, qtbot)
    assert preview._plan is not None
    assert preview._plan.counts.changed == len(ids) > 1
    click(preview.forward)
    rest(jobs, qtbot)
    assert {store.load(Incoming, record).title for record in ids} == {"同一个题"}  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="对不上"):
        lay_block(sheet_of_block("标题\n甲\n乙\n", ""), Incoming, [], ["a", "b", "c"])


def test_a_block_that_does_not_fit_the_selection_is_refused(store: Store) -> None:
    sheet = sheet_of_block("甲\n乙\n", "")
    with pytest.raises(Refused, match="对不上"):
        lay_block(sheet, Incoming, ["title"], ["a", "b", "c"])
    with pytest.raises(Refused, match="没有表格内容"):
        sheet_of_block(" \n", "")
    assert store is not None


def test_merged_cells_come_from_the_table_in_html() -> None:
    html = "<table><tr><td rowspan=2>县财政局</td><td>甲</td></tr><tr><td>乙</td></tr></table>"
    sheet = sheet_of_block("县财政局\t甲\n\t乙\n", html)
    assert sheet.merges == ((0, 0, 1, 0),)
    _book, layout = lay_block(sheet, Incoming, ["from_unit", "title"])
    assert [column.key for column in layout.columns] == ["from_unit", "title"]


def test_a_quotation_mark_that_is_never_closed_is_refused_and_swallows_no_rows() -> None:
    with pytest.raises(Refused, match="引号没有成对，没有粘贴"):
        sheet_of_block('甲\t1\n"乙\t2\n丙\t3', "")
    assert sheet_of_block('12"管\t3\n"丁\n戊"\t4', "").rows == [['12"管', "3"], ["丁\n戊", "4"]]


def test_what_was_is_told_in_words_for_cells_too_narrow_to_show_it(
    open_page: Callable[[str], RegisterPage], store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("incoming")
    page.table.setFocus()
    all_picked_at_title(page)
    place = page.table.currentIndex()
    column = [heading.key for heading in page.table.records().headings].index("from_unit")
    none = page.table.selectionModel().SelectionFlag.NoUpdate
    page.table.selectionModel().setCurrentIndex(place.siblingAtColumn(column), none)
    before = store.load(Incoming, page.table.picked_ids()[0]).from_unit  # type: ignore[attr-defined]
    preview = pasted(page, "县审计局\n", jobs, qtbot)
    model = preview.review.model
    assert model is not None
    assert model.text(0, len(model.headings) - 1).startswith(f"来文单位原为“{before}”；台账已有")
