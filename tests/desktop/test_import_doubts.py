"""Rows of a file that bear the number of a record with another title: the clerk says what they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from db.registers.incoming import Incoming
from db.store.store import Store
from desktop.jobs import Jobs
from desktop.registers.importing import ImportPage
from desktop.registers.page import RegisterPage
from tests.desktop.conftest import rest
from tests.desktop.wizard import NEW, book, chips, import_of, index_of, texts, titles


@pytest.fixture
def there(store: Store) -> Incoming:
    """The paper whose number the file bears."""
    return store.load(Incoming, 1)


@pytest.fixture
def page(
    open_page: Callable[[str], RegisterPage], there: Incoming, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> ImportPage:
    """The dry run of a file with one row in doubt and one new row."""
    other = (there.received_on, there.from_unit, there.from_doc_no, "别的一件事", there.kind, there.source_level,
             there.medium)  # fmt: skip
    return import_of(open_page("incoming"), book(tmp_path / "甲.xlsx", [other, NEW]), jobs, qtbot)


def test_a_row_in_doubt_is_shown_beside_the_record_and_not_written(page: ImportPage, there: Incoming) -> None:
    assert chips(page) == ["全部 2", "＋ 新增 1", "？ 待定 1"]
    assert texts(page, 0)["标题"] == "别的一件事"
    tip = index_of(page, 0, "标题").data(Qt.ItemDataRole.ToolTipRole)
    assert tip == f"别的一件事；台账里是“{there.title}”"
    assert there.title in texts(page, 0)["说明"]
    assert "待定的 1 行不导入" in page._hint.text()
    assert page.forward.text() == "导入 1 条"


def test_one_click_says_what_all_rows_in_doubt_are(page: ImportPage, jobs: Jobs, qtbot: QtBot) -> None:
    assert not page.review.doubted.isHidden()
    for doubted, kinds in (("update", ["＋ 新增 1", "≠ 有改动 1"]), ("new", ["＋ 新增 2"]),
                           ("skip", ["＋ 新增 1", "？ 待定 1"])):  # fmt: skip
        page.review.doubted.choices[doubted].click()
        rest(jobs, qtbot)
        assert chips(page)[1:] == kinds


def test_what_was_said_of_one_row_outlives_the_choice_for_all(page: ImportPage, jobs: Jobs, qtbot: QtBot) -> None:
    page.review.table.choice_asked.emit(0, "skip")
    rest(jobs, qtbot)
    page.review.doubted.choices["update"].click()
    rest(jobs, qtbot)
    assert chips(page)[1:] == ["＋ 新增 1", "？ 待定 1"]


def test_a_row_in_doubt_becomes_a_record_of_its_own(
    page: ImportPage, there: Incoming, jobs: Jobs, qtbot: QtBot
) -> None:
    page.review.table.choice_asked.emit(0, "new")
    rest(jobs, qtbot)
    assert page.forward.text() == "导入 2 条"
    page._go_on()
    rest(jobs, qtbot)
    assert {there.title, "别的一件事"} <= titles(Incoming)


def test_the_menu_of_a_row_in_doubt_offers_what_it_may_be(page: ImportPage, jobs: Jobs, qtbot: QtBot) -> None:
    page.review.table.go_to(0)
    place = QPoint(10, 10)
    page.review.table.contextMenuEvent(QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, place))
    (menu,) = page.review.table.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == [
        "不导入", "覆盖台账里的", "另立一件", "跳过这一行", "看台账里的",
    ]  # fmt: skip
    menu.actions()[1].trigger()
    menu.close()
    rest(jobs, qtbot)
    assert chips(page)[2:] == ["≠ 有改动 1"]
