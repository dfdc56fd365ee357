"""操作记录 and 核对日志: earlier changes listed, opened, taken back; paper against the file."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.registers.incoming import Incoming
from db.store.store import Store
from desktop.dialogs.paned import PanedDialog
from desktop.dialogs.verifying import VerifyDialog
from desktop.jobs import Jobs
from desktop.window.items import TRAIL
from desktop.window.main import MainWindow
from desktop.window.trail import TrailPage
from tests.db.office import incoming, outgoing, saved
from tests.desktop.conftest import CLERK, rest


@pytest.fixture
def trail(store: Store, window: MainWindow, jobs: Jobs, qtbot: QtBot) -> TrailPage:
    """The page, opened by its key."""
    window.open_page(TRAIL)
    page = window.stack.currentWidget()
    assert isinstance(page, TrailPage)
    rest(jobs, qtbot)
    return page


def listed(page: TrailPage) -> list[tuple[str, str]]:
    """What was done, and its state, of each row."""
    model = page.table.records()
    return [(model.text_at(row, 2), model.text_at(row, 5)) for row in range(model.rowCount())]


def choose(page: TrailPage, kind: str, label: str, jobs: Jobs, qtbot: QtBot) -> None:
    """Choose in one of the boxes over the list as the mouse does."""
    box = getattr(page, kind)
    box.setCurrentIndex(box.findText(label))
    box.activated.emit(box.currentIndex())
    rest(jobs, qtbot)


def test_an_earlier_change_is_taken_back_and_made_again_from_the_list(
    store: Store, window: MainWindow, trail: TrailPage, jobs: Jobs, qtbot: QtBot
) -> None:
    record = saved(store, incoming(title="第一稿"))
    record.title = "第二稿"
    store.save(record)
    saved(store, outgoing())
    trail.refresh()
    rest(jobs, qtbot)
    assert listed(trail)[:3] == [("登记发文", ""), ("修改", ""), ("登记收文", "")]
    trail.table.go(1)
    trail.turn_button.click()
    rest(jobs, qtbot)
    assert store.load(Incoming, record.id).title == "第一稿"  # type: ignore[attr-defined]
    assert listed(trail)[:3] == [("撤销：修改", ""), ("登记发文", ""), ("修改", "已撤销")]
    assert trail.turn_button.text() == "重做这一步"
    trail.turn_button.click()
    rest(jobs, qtbot)
    assert store.load(Incoming, record.id).title == "第二稿"  # type: ignore[attr-defined]
    trail.table.go(0)
    assert not trail.turn_button.isEnabled()


def test_the_records_of_a_change_are_opened_even_from_the_bin(
    store: Store, window: MainWindow, trail: TrailPage, jobs: Jobs, qtbot: QtBot
) -> None:
    record = saved(store, incoming(number="", title="要删的"))
    store.undo()
    trail.refresh()
    rest(jobs, qtbot)
    trail.table.go(1)
    trail.open_button.click()
    page = window.current_register()
    assert page
    assert page.register is Incoming
    assert page.table.current_id() == record.id


def test_the_list_is_narrowed_by_register_and_by_person(
    store: Store, trail: TrailPage, jobs: Jobs, qtbot: QtBot
) -> None:
    store.user = "王堃"
    saved(store, outgoing())
    trail.refresh()
    rest(jobs, qtbot)
    choose(trail, "by", "王堃", jobs, qtbot)
    assert listed(trail) == [("登记发文", "")]
    choose(trail, "register", "收文", jobs, qtbot)
    assert listed(trail) == []


def test_ctrl_z_before_any_change_asks_by_naming_the_last_of_an_earlier_session(
    store: Store, window: MainWindow, jobs: Jobs, qtbot: QtBot
) -> None:
    assert store.undoable() is None
    entries = store.head()[0]
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    (ask,) = window.findChildren(PanedDialog)
    assert CLERK in ask.words.text()
    ask.reject()
    assert store.head()[0] == entries
    window.undo()
    ask = next(one for one in window.findChildren(PanedDialog) if one.isVisible())
    ask.button.click()
    rest(jobs, qtbot)
    assert store.head()[0] == entries + 1


@pytest.fixture
def verify(trail: TrailPage, window: MainWindow) -> VerifyDialog:
    """The dialog, opened by its button."""
    trail.check_asked.emit()
    (dialog,) = window.findChildren(VerifyDialog)
    return dialog


def test_the_code_of_a_page_is_held_against_the_file(
    store: Store, verify: VerifyDialog, jobs: Jobs, qtbot: QtBot
) -> None:
    verify.editors["code"].set_value(store.head()[1])
    verify.editors["on"].set_value(store.rules.today)
    verify.button.click()
    rest(jobs, qtbot)
    assert verify.answer.text().startswith("相符")
    assert verify.isVisible()
    verify.close()


def test_without_a_code_the_chain_alone_is_checked(
    store: Store, verify: VerifyDialog, jobs: Jobs, qtbot: QtBot
) -> None:
    store.connection.execute("UPDATE journal SET by = '王五' WHERE id = 2")
    verify.button.click()
    rest(jobs, qtbot)
    assert "日志从第2条起对不上" in verify.answer.text()
    verify.close()


def test_half_a_code_is_refused_at_its_place(verify: VerifyDialog) -> None:
    verify.editors["code"].set_value("12ab")
    verify.button.click()
    assert verify.editors["code"].hasFocus()
    assert not verify.answer.text()
    verify.close()


def test_the_dialog_may_be_closed_while_it_runs(verify: VerifyDialog, jobs: Jobs, qtbot: QtBot) -> None:
    verify.button.click()
    verify.reject()
    rest(jobs, qtbot)
