"""The page of the settings with the accounts, and the windows that ask for names and passwords."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from db.errors import Refused
from db.rules.permissions import CLERK, roles_with
from db.store import accounts
from db.store.store import Store
from desktop.dialogs.accounts import AccountsPage, CodeDialog, DeedsDialog, SignInsDialog
from desktop.dialogs.passwords import AccountDialog
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.words import OfficeWords
from tests.db.office import cheap_hashes
from tests.desktop.clerk import click, press, type_text
from tests.desktop.conftest import rest

GOOD = "蓝山办公室2026"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost little."""
    cheap_hashes(monkeypatch)


@pytest.fixture
def page(actions: Actions, words: OfficeWords, jobs: Jobs, qtbot: QtBot) -> AccountsPage:
    """The page of the settings over a ledger without accounts."""
    page = AccountsPage(actions, words, jobs)
    qtbot.addWidget(page)
    page.show()
    return page


def test_without_accounts_the_words_stand_under_the_title_and_the_button_at_the_foot(page: AccountsPage) -> None:
    page.resize(1000, 600)
    assert page.layout().activate()
    assert page.about.geometry().bottom() < 200
    assert page.foot.height() == page.foot.sizeHint().height()
    assert page.foot.geometry().bottom() == page.rect().bottom()


def filled(dialog: AccountDialog, name: str, password: str = GOOD) -> None:
    """Fill in a new account and decide."""
    dialog.name.setText(name)
    dialog.password.setText(password)
    dialog.again.setText(password)
    click(dialog.button)


def test_an_office_begins_with_an_administrator_and_gets_its_recovery_code_on_paper(
    page: AccountsPage, store: Store, jobs: Jobs, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    click(page.begin)
    dialog = page.findChild(AccountDialog)
    assert dialog is not None
    dialog.again.setText("不一样")
    filled(dialog, "王堃", "短")
    rest(jobs, qtbot)
    assert "口令要8到128个字" in dialog.said.text()
    filled(dialog, "王堃")
    rest(jobs, qtbot)
    assert store.clerk == accounts.Clerk("王堃", "管理员")
    shown = page.findChild(CodeDialog)
    assert shown is not None
    target = tmp_path / "恢复码.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: (str(target), ""))
    click(shown.save)
    rest(jobs, qtbot)
    assert target.read_bytes().startswith(b"%PDF")
    assert "恢复码.pdf" in shown.said.text()
    accounts.recover(store, "王堃", shown.code.text(), "另一个口令2026")


def test_enter_leads_from_the_name_to_the_role_to_the_passwords_and_only_the_last_one_decides(
    page: AccountsPage, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    click(page.begin)
    dialog = page.findChild(AccountDialog)
    assert dialog is not None
    with qtbot.waitExposed(dialog):
        dialog.activateWindow()
    for typed in ("wangkun", "", "lanshan2026", "lanshan2027"):
        type_text(typed)
        press(Qt.Key.Key_Return)
    assert dialog.name.text() == "wangkun"
    assert (dialog.password.text(), dialog.again.text()) == ("lanshan2026", "lanshan2027")
    assert "不一样" in dialog.said.text()
    assert dialog.focusWidget() is dialog.again
    assert dialog.again.selectedText()
    type_text("lanshan2026")
    press(Qt.Key.Key_Return)
    rest(jobs, qtbot)
    assert store.clerk == accounts.Clerk("wangkun", "管理员")


def test_tab_leads_through_a_new_account_from_top_to_bottom(page: AccountsPage, qtbot: QtBot) -> None:
    click(page.begin)
    dialog = page.findChild(AccountDialog)
    assert dialog is not None
    with qtbot.waitExposed(dialog):
        dialog.activateWindow()
    passed = []
    for _field in range(4):
        passed.append(dialog.focusWidget())
        press(Qt.Key.Key_Tab)
    assert passed == [dialog.name, dialog.role, dialog.password, dialog.again]


def test_accounts_are_added_changed_and_closed_on_the_page(
    page: AccountsPage, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    accounts.begin(store, "王堃", GOOD)
    page.reload()
    click(page.add)
    dialog = page.findChild(AccountDialog)
    assert dialog is not None
    dialog.role.setCurrentText("审核")
    filled(dialog, "赵婷")
    rest(jobs, qtbot)
    rows = [[page.table.item(row, column).text() for column in range(2)] for row in range(page.table.rowCount())]
    assert rows == [["王堃", "管理员"], ["赵婷", "审核"]]
    page.table.selectRow(0)
    click(page.close_one)
    assert store.has_accounts
    assert page.table.rowCount() == 2
    page.table.selectRow(1)
    click(page.close_one)
    assert page.table.rowCount() == 1


def test_the_office_gives_a_deed_to_another_role_by_a_tick(page: AccountsPage, store: Store) -> None:
    accounts.begin(store, "王堃", GOOD)
    page.reload()
    click(page.deeds)
    dialog = page.findChild(DeedsDialog)
    assert dialog is not None
    assert ("accounts", CLERK) not in dialog.boxes
    dialog.boxes["void", CLERK].setChecked(True)
    click(dialog.button)
    assert roles_with("void", store.rules.settings) == ("登记员", "审核", "管理员")
    assert roles_with("lock_month", store.rules.settings) == ("审核", "管理员")
    assert "may_lock_month" not in store.rules.settings
    assert "登记员：登记、修改、从表格导入、修改单位和人员、作废、删除、恢复" in page.roles.text()


def test_what_only_administrators_may_is_shut_for_others_with_the_reason(page: AccountsPage, store: Store) -> None:
    accounts.begin(store, "王堃", GOOD)
    accounts.add(store, "李喆", CLERK, GOOD)
    accounts.sign_in(store, "李喆", GOOD)
    page.reload()
    assert not page.add.isEnabled()
    assert page.add.toolTip() == "管理账号：请由管理员来做"


def test_an_administrator_sees_who_signed_in_and_who_failed_to(page: AccountsPage, store: Store) -> None:
    accounts.begin(store, "王堃", GOOD)
    accounts.add(store, "李喆", CLERK, GOOD)
    with pytest.raises(Refused):
        accounts.sign_in(store, "李喆", "不是这个口令")
    accounts.sign_in(store, "王堃", GOOD)
    page.reload()
    click(page.log)
    (dialog,) = page.findChildren(SignInsDialog)
    shown = [[dialog.table.item(row, column).text() for column in range(3)] for row in range(2)]
    assert shown == [["2022-12-30 10:00", "王堃", "登录"], ["2022-12-30 10:00", "李喆", "口令不对"]]
    dialog.accept()
    accounts.sign_in(store, "李喆", GOOD)
    page.reload()
    assert not page.log.isEnabled()
