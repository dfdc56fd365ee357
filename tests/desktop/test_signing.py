"""Accounts in the window: nothing is seen before somebody has signed in, and each sees what he may do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.registers.outgoing import Outgoing
from db.rules.permissions import CLERK, READER
from db.store import accounts
from db.store.store import Store
from desktop.app import Program
from desktop.dialogs.accounts import CodeDialog
from desktop.dialogs.passwords import AccountDialog, PasswordDialog
from desktop.settings import MachineSettings
from desktop.window.signing import SignInPage
from tests.db.office import Clock, cheap_hashes, outgoing
from tests.desktop.clerk import CTRL, click, press, type_text
from tests.desktop.closing import end
from tests.desktop.conftest import rest
from tests.desktop.test_accounts_page import GOOD, filled


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost little."""
    cheap_hashes(monkeypatch)


@pytest.fixture
def program(qapp: QApplication, folder: Path, clock: Clock, settings: MachineSettings) -> Iterator[Program]:
    """The program over a ledger with three accounts, on show; the office's 李喆 is a clerk."""
    store = Store.open(folder, "李喆", clock)
    accounts.begin(store, "王堃", GOOD)
    accounts.add(store, "李喆", CLERK, GOOD)
    accounts.add(store, "钱看", READER, GOOD)
    store.close()
    program = Program(qapp, folder, clock, settings)
    program.show()
    program.window.begin()
    yield program
    end(program)


def page_of(program: Program) -> SignInPage:
    """The page that covers the window."""
    page = program.signing.page
    assert page is not None
    return page


def test_a_name_picked_from_the_list_leads_to_the_password_and_nothing_moves(program: Program, qtbot: QtBot) -> None:
    page = page_of(program)
    place = page.password.mapTo(program.window, page.password.rect().topLeft())
    page.name.setFocus()
    page.name.showPopup()
    view = page.name.view()
    with qtbot.waitExposed(view.window()):
        view.setCurrentIndex(page.name.model().index(page.name.findText("李喆"), 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert page.name.currentText() == "李喆"
    assert page.focusWidget() is page.password
    assert page.forgotten.isHidden()
    QTest.qWait(0)
    assert page.password.mapTo(program.window, page.password.rect().topLeft()) == place
    page.name.setFocus()
    QTest.keyClick(page.name, Qt.Key.Key_Return)
    assert page.focusWidget() is page.password


def sign_in(program: Program, qtbot: QtBot, name: str, password: str = GOOD) -> None:
    """Choose the name, type the password, press Enter, and wait until it has been tried."""
    page = page_of(program)
    page.name.setCurrentText(name)
    page.password.setText(password)
    page.password.returnPressed.emit()
    rest(program.jobs, qtbot)


def test_what_was_said_of_one_is_not_left_standing_for_another(program: Program, qtbot: QtBot) -> None:
    sign_in(program, qtbot, "王堃", "错的口令错的")
    page = page_of(program)
    assert "口令不对" in page.said.text()
    page.name.setCurrentText("李喆")
    assert (page.said.text(), page.password.text()) == ("", "")


def test_nothing_is_seen_before_somebody_has_signed_in(program: Program, qtbot: QtBot) -> None:
    page = page_of(program)
    assert page.isVisible()
    assert [page.name.itemText(at) for at in range(page.name.count())] == ["王堃", "李喆", "钱看"]
    assert program.window.stack.count() == 0
    press(Qt.Key.Key_2, CTRL)
    assert program.window.stack.count() == 0
    sign_in(program, qtbot, "李喆", "错的口令错的")
    assert page.said.text() == "口令不对，请再输一次"
    assert page.isVisible()
    sign_in(program, qtbot, "李喆")
    assert program.signing.page is None
    assert program.window.current_board() is not None
    assert program.window.status.clerk.text() == "李喆（登记员）"
    record = outgoing()
    program.actions.save(record)
    assert record.created_by == "李喆"


def test_the_recovery_code_is_offered_to_administrators_alone(program: Program) -> None:
    page = page_of(program)
    page.name.setCurrentText("李喆")
    assert not page.forgotten.isVisible()
    page.name.setCurrentText("王堃")
    assert page.forgotten.isVisible()


def test_a_locked_window_keeps_the_half_typed_form_and_gives_it_back(program: Program, qtbot: QtBot) -> None:
    sign_in(program, qtbot, "李喆")
    window = program.window
    window.enter_new("outgoing")
    page = window.current_register()
    assert page is not None
    assert page.entry is not None
    page.entry.form.editors["title"].setFocus()
    type_text("关于半截的通知")
    press(Qt.Key.Key_L, CTRL)
    assert page_of(program).isVisible()
    assert not window.centralWidget().isEnabled()
    assert program.store.drafts(Outgoing)
    with pytest.raises(Exception, match="请先登录"):
        program.actions.save(outgoing())
    sign_in(program, qtbot, "李喆")
    assert window.current_register() is page
    assert "半截" in str(page.entry.form.editors["title"].value())


def test_a_colleague_begins_with_pages_of_his_own(program: Program, qtbot: QtBot) -> None:
    sign_in(program, qtbot, "李喆")
    program.window.open_page("outgoing")
    before = program.window.current_register()
    assert before is not None
    assert not program.store.read_only
    program.signing.lock()
    sign_in(program, qtbot, "钱看")
    assert program.window.current_board() is not None
    program.window.open_page("outgoing")
    assert program.window.current_register() is not before
    assert program.store.read_only
    assert program.window.status._only.isVisible()
    program.signing.lock()
    sign_in(program, qtbot, "王堃")
    assert not program.store.read_only
    assert not program.window.status._only.isVisible()


def test_a_dialog_is_closed_when_the_window_is_locked(program: Program, qtbot: QtBot) -> None:
    sign_in(program, qtbot, "李喆")
    program.signing._change_own()
    dialog = program.window.findChild(PasswordDialog)
    assert dialog is not None
    program.signing.lock()
    assert program.window.findChild(PasswordDialog) is None or not dialog.isVisible()
    assert page_of(program).isVisible()


def test_a_clerk_cannot_put_a_backup_in_the_ledgers_place(program: Program, qtbot: QtBot, tmp_path: Path) -> None:
    sign_in(program, qtbot, "李喆")
    program.window.side.restore_asked.emit(tmp_path / "备份.db")
    assert program.restoring is None
    assert program.window.isVisible()


def test_a_window_that_is_left_alone_is_locked(program: Program, qtbot: QtBot) -> None:
    assert not program.signing._idle.isActive(), "it is shut already"
    sign_in(program, qtbot, "王堃")
    assert program.signing._idle.interval() == 10 * 60_000
    assert program.signing._idle.isActive()
    accounts.set_lock_minutes(program.store, "0")
    QApplication.sendEvent(program.window, QEvent(QEvent.Type.Wheel))
    assert not program.signing._idle.isActive()
    accounts.set_lock_minutes(program.store, "5")
    press(Qt.Key.Key_Shift)
    assert program.signing._idle.interval() == 5 * 60_000
    program.signing._idle.timeout.emit()
    assert page_of(program).isVisible()


def test_an_administrator_who_forgot_his_password_sets_a_new_one_with_the_code(program: Program, qtbot: QtBot) -> None:
    accounts.sign_in(program.store, "王堃", GOOD)
    code = accounts.renew_code(program.store)
    accounts.sign_out(program.store)
    page = page_of(program)
    page.name.setCurrentText("王堃")
    click(page.forgotten)
    dialog = program.window.findChild(PasswordDialog)
    assert dialog is not None
    for text, words in (("ABCD", "恢复码不对"), (code, "")):
        dialog.old.setText(text)
        dialog.password.setText("全新的口令2026")
        dialog.again.setText("全新的口令2026")
        click(dialog.button)
        rest(program.jobs, qtbot)
        if words:
            assert words in dialog.said.text()
    assert "请用新口令登录" in page.said.text()
    sign_in(program, qtbot, "王堃", "全新的口令2026")
    assert program.signing.page is None


def test_a_ledger_that_lost_its_accounts_stays_shut_until_it_has_an_administrator_again(
    qapp: QApplication, folder: Path, clock: Clock, settings: MachineSettings, qtbot: QtBot
) -> None:
    store = Store.open(folder, "李喆", clock)
    accounts.begin(store, "王堃", GOOD)
    store.connection.execute("DELETE FROM account")
    store.close()
    program = Program(qapp, folder, clock, settings)
    program.show()
    program.window.begin()
    page = page_of(program)
    assert program.window.stack.count() == 0
    assert "人员账号没有救回来" in page.said.text()
    assert not page.password.isVisible()
    QApplication.processEvents()
    assert page.said.height() >= page.said.heightForWidth(page.said.width())
    assert page.button.height() >= page.button.sizeHint().height()
    click(page.button)
    dialog = program.window.findChild(AccountDialog)
    assert dialog is not None
    filled(dialog, "赵婷")
    rest(program.jobs, qtbot)
    assert program.signing.page is None
    assert program.store.clerk == accounts.Clerk("赵婷", "管理员")
    assert program.window.stack.count() == 1
    assert program.window.findChild(CodeDialog) is not None
    end(program)


def test_what_another_role_does_is_shut_on_the_lists_and_says_whose_it_is(program: Program, qtbot: QtBot) -> None:
    for name, void, emptying in (("李喆", False, False), ("王堃", True, True)):
        sign_in(program, qtbot, name)
        program.window.open_page("outgoing")
        page = program.window.current_register()
        assert page is not None
        buttons = page.many.pane.buttons
        assert [buttons[one].isEnabled() for one in ("fill", "void", "restore", "copy")] == [True, void, void, True]
        assert page.filters.empty_bin.isEnabled() == emptying
        if not void:
            assert buttons["void"].toolTip() == "作废、删除、恢复：请由审核、管理员来做"
            assert page.filters.empty_bin.toolTip() == "清空回收站：请由管理员来做"
        program.signing.lock()


def test_names_with_rare_characters_are_legible_where_one_signs_in(program: Program, qapp: QApplication) -> None:
    wardrobe = qapp.property("wardrobe")
    wardrobe._covers_rare = False  # as at the start: what is drawn before the face is there stays a box
    program.signing.page = None
    program.signing.ask()
    assert wardrobe._covers_rare
