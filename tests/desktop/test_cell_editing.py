"""A cell of a list is edited in place: F2, type, Enter saves and goes down, Tab to the right, Esc takes it back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.registers.incoming import Incoming
from db.store.store import Store
from desktop.jobs import Jobs
from desktop.registers.cell_editing import editable
from desktop.registers.page import RegisterPage
from desktop.registers.rows import LIGHT
from desktop.window.main import MainWindow
from tests.desktop.clerk import CTRL, ENTER, ESC, focused, press
from tests.desktop.conftest import rest


@pytest.fixture
def page(open_page: Callable[[str], RegisterPage]) -> RegisterPage:
    """The list of incoming papers with its title as the current cell."""
    page = open_page("incoming")
    page.table.setFocus()
    go(page, "title")
    return page


def go(page: RegisterPage, name: str) -> None:
    """Walk to a column by the arrow keys."""
    keys = [heading.key for heading in page.table.records().headings]
    while page.table.current_key() != name:
        ahead = keys.index(name) > keys.index(page.table.current_key())
        press(Qt.Key.Key_Right if ahead else Qt.Key.Key_Left)


def retype(text: str) -> None:
    """Type over what stands in the cell."""
    press(Qt.Key.Key_A, CTRL)
    QTest.keyClicks(focused(), text)


def shown(page: RegisterPage) -> list[int]:
    """The ids of the list from the top."""
    ids = (page.table.records().id_at(row) for row in range(page.table.records().rowCount()))
    return [one for one in ids if one is not None]


def test_enter_saves_and_goes_on_below(page: RegisterPage, store: Store, jobs: Jobs, qtbot: QtBot) -> None:
    first, second = shown(page)[:2]
    press(Qt.Key.Key_F2)
    assert page.many.cells.editor is not None
    retype("Road report")
    press(ENTER)
    rest(jobs, qtbot)
    assert store.load(Incoming, first).title == "Road report"  # type: ignore[attr-defined]
    assert page.table.current_id() == second
    retype("Second")
    press(ENTER)
    rest(jobs, qtbot)
    assert store.load(Incoming, second).title == "Second"  # type: ignore[attr-defined]


def test_esc_takes_back_and_gives_the_list_the_focus(page: RegisterPage, store: Store) -> None:
    before = store.load(Incoming, shown(page)[0]).title  # type: ignore[attr-defined]
    press(Qt.Key.Key_F2)
    retype("nothing of this")
    press(ESC)
    assert page.many.cells.editor is None
    assert page.table.hasFocus()
    assert store.load(Incoming, shown(page)[0]).title == before  # type: ignore[attr-defined]


def test_what_is_refused_stays_as_typed_with_the_reason(page: RegisterPage, store: Store) -> None:
    before = store.load(Incoming, shown(page)[0]).title  # type: ignore[attr-defined]
    press(Qt.Key.Key_F2)
    press(Qt.Key.Key_A, CTRL)
    press(Qt.Key.Key_Delete)
    press(ENTER)
    cells = page.many.cells
    assert cells.problem is not None
    assert cells.problem.isVisible()
    assert "请填写标题" in cells.problem.sentence()
    assert cells.editor is not None
    QTest.keyClicks(focused(), "mended")
    assert cells.problem is None
    press(ENTER)
    assert store.load(Incoming, shown(page)[0]).title == "mended" != before  # type: ignore[attr-defined]


def test_tab_goes_to_the_next_field_that_can_be_edited(page: RegisterPage) -> None:
    keys = [
        heading.key for at, heading in enumerate(page.table.records().headings) if not page.table.isColumnHidden(at)
    ]
    after = [key for key in keys[keys.index("title") + 1 :] if key in editable(Incoming)]
    before = [key for key in keys[: keys.index("title")] if key in editable(Incoming)]
    press(Qt.Key.Key_F2)
    press(Qt.Key.Key_Backtab)
    assert page.table.current_key() == before[-1]
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Tab)
    assert page.table.current_key() == (after[0] if after else "title")


def test_a_cell_that_only_follows_says_where_it_is_edited(page: RegisterPage) -> None:
    go(page, LIGHT)
    press(Qt.Key.Key_F2)
    assert page.many.cells.editor is None
    assert "不能在列表里改" in page.toast.sentence()


def test_a_voided_record_is_not_edited(page: RegisterPage, store: Store, jobs: Jobs, qtbot: QtBot) -> None:
    store.void(Incoming, shown(page)[0], "错登")
    press(Qt.Key.Key_F2)
    assert page.many.cells.editor is None
    assert "不能改" in page.toast.sentence()
    rest(jobs, qtbot)


def test_one_undo_takes_a_cell_back(
    window: MainWindow, page: RegisterPage, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    first = shown(page)[0]
    before = store.load(Incoming, first).title  # type: ignore[attr-defined]
    press(Qt.Key.Key_F2)
    retype("changed")
    press(Qt.Key.Key_Tab)
    window.undo()
    rest(jobs, qtbot)
    assert store.load(Incoming, first).title == before  # type: ignore[attr-defined]
