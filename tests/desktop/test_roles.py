"""Each role sees what it may not do: what is shut is shut with the reason, by every command of the window."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.rules.permissions import ADMINISTRATOR, CLERK, READER, REVIEWER, permissions
from db.store import accounts, links, locks
from db.store.store import Store
from desktop.app import Program
from desktop.dialogs.office import SECTIONS
from desktop.dialogs.settings import OfficeChoices, SettingsDialog
from desktop.registers.form import RegisterForm
from desktop.registers.marks import NoteLine
from desktop.registers.page import RegisterPage
from desktop.registers.record_pages import ATTACHMENTS, HISTORY, LINKS
from desktop.settings import MachineSettings
from desktop.window.editing_settings import SettingsDesk
from desktop.window.items import BOARD, PRINT, REPORT, SEARCH, TRAIL
from desktop.window.main import MainWindow
from tests.db.office import Clock, cheap_hashes
from tests.desktop.clerk import CTRL, NONE, SHIFT, press, texts, type_text
from tests.desktop.closing import end
from tests.desktop.conftest import rest

GOOD = "蓝山办公室2026"
# What each command asks for, by its words, or its own name where it has one.
ASKED = {
    name: permission
    for permission, names in {
        "save": "登记收文 登记发文 补录 保存 归档 就地改这一格 统一填写一项... 添加或清空明细... 推进阶段... "
        "添加附件... 移除 取消与上〔2022〕1号的关联 存为视图...",
        "void": "作废... 恢复（取消作废） 作废或移入回收站... 移入回收站... 恢复...",
        "empty_bin": "清空回收站...",
        "import": "从表格导入...",
        "lock_month": "锁定本月...",
        "unlock_month": "解锁...",
        "edit_rules": "改表单文字... 改模板... 用去年的报告... 改期限... 粘贴放假通知... 改为休息 恢复原样 上移 下移 "
        "停用或启用 增加词",
        "file_report": "定稿并封存",
        "undo_others": "撤销这一步",
        "settings": "选择...",
        "directory": "导入清单... 机构改革... 增加单位 今天离任 增加人员",
        "restore_backup": "恢复选中的这一条 整个恢复...",
        "accounts": "增加... 改角色... 重置口令... 停用 各角色能做什么... 登录记录... 换恢复码... 不再用账号",
        "encryption": "加密...",
    }.items()
    for name in names.split()
}
# What changes nothing of the ledger: looking, choosing, printing, exporting, backing up, the look of the window.
FREE = (
    "^按|^全部|^(收文|发文|学习|督查事项|督办通知|建议提案|重大决策|规范性文件|整改|复议应诉|普法)([ 　]|$)|^核对日志$",
    "^核查|^查看|^立即备份|^打开|^复制|^上一|^下一",
    r"^\d{4}年|导出|打印|另存|存为PDF|模板|稿纸|单$|函$|笺$|表$",
    "条件|列表|更多操作|整页|页宽|^[−＋‹›]$|^不改$|^选择列|选中", "^回收站$|^保存颜色",
)  # fmt: skip
PEOPLE = {"登记的": CLERK, "审核的": REVIEWER, "王堃": ADMINISTRATOR, "看看的": READER}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost little."""
    cheap_hashes(monkeypatch)


@pytest.fixture(params=PEOPLE, ids=PEOPLE.values())
def program(
    qapp: QApplication, folder: Path, clock: Clock, settings: MachineSettings, request: pytest.FixtureRequest
) -> Iterator[Program]:
    """The program, in which somebody of one role has signed in."""
    store = Store.open(folder, "李喆", clock)
    links.link(store, store.load(Outgoing, 3), store.load(Incoming, 1), "相关")
    store.void(Outgoing, 2, "重复登记")
    locks.set_lock(store, date(2022, 10, 1), True, "已签发")
    accounts.begin(store, "王堃", GOOD)
    for name, role in PEOPLE.items():
        if name != "王堃":
            accounts.add(store, name, role, GOOD)
    store.close()
    program = Program(qapp, folder, clock, settings)
    program.show()
    program.signing._let_in(accounts.sign_in(program.store, request.param, GOOD))
    yield program
    end(program)


def commands(place: QWidget) -> Iterator[tuple[str, QPushButton | QAction]]:
    """The commands on show in a place by their names, those in the menus of its buttons with them."""
    for button in place.findChildren(QPushButton):
        if button.isVisible() and not is_field(button):
            yield (button.text() or button.accessibleName()).removeprefix("＋ "), button
            if button.menu() is not None and button.text() != "添加条件":
                yield from listed(button.menu())


def is_field(button: QPushButton) -> bool:
    """Whether it is a choice in a field of a form, where nothing is done."""
    above = button.parentWidget()
    while above is not None and not isinstance(above, RegisterForm):
        above = above.parentWidget()
    return above is not None


def listed(menu: QMenu) -> Iterator[tuple[str, QPushButton | QAction]]:
    """The commands of a menu and of those within it, as they are when it opens."""
    menu.aboutToShow.emit()
    for action in menu.actions():
        if action.menu() is not None:
            yield from () if action.text() == "分组" else listed(action.menu())
        elif action.text():
            yield action.text().partition("\t")[0], action


class Walk:
    """Looks at every command of a place: it is open or shut as the role of whoever signed in has it."""

    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self._store, self._rest = program.store, lambda: rest(program.jobs, qtbot)
        self.seen: set[str] = set()
        self.opened: set[str] = set()
        self.wrong: set[str] = set()

    def walk(self, place: QWidget | QMenu) -> None:
        """Every command has its permission in ASKED, or is named as FREE."""
        self._rest()
        role = self._store.clerk.role if self._store.clerk else ""
        for name, command in listed(place) if isinstance(place, QMenu) else commands(place):
            permission = ASKED.get(name, "")
            if not permission and not any(re.search(free, name) for free in FREE):
                self.wrong.add(f"{name}: what does it ask for?")
            elif permission:
                self.seen.add(name)
                may = role in permissions()[permission].roles
                why = self._store.reason or accounts.why_not(self._store, permission)
                if (command.isEnabled() and not may) or bool(why) == may or (why and command.toolTip() != why):
                    self.wrong.add(f"{name}: {'open' if command.isEnabled() else 'shut'}, {command.toolTip()}")
                if command.isEnabled():
                    self.opened.add(name)

    def lists(self, window: MainWindow) -> None:
        """The board, the list of a register, a record on its pages, its menus, several selected, the bin."""
        window.open_page(BOARD)
        self.walk(window.stack.currentWidget())
        page = register_page(window)
        self.walk(page)
        for at in (ATTACHMENTS, LINKS, HISTORY):
            page.detail.open_tab(at)
            self.walk(page.detail)
        page.step(1)  # to the record that is void
        self.walk(page.detail)
        self.walk(menu_of(page))
        page.table.selectAll()
        self.walk(page.many.beside)
        self.walk(menu_of(page))
        page.show_deleted()
        self.walk(page)

    def papers(self, window: MainWindow) -> None:
        """What is printed: a month, locked and not, a form; the report of the year; the journal."""
        window.open_page(PRINT)
        printing = window._printing
        assert printing is not None
        for month in (10, 11):
            printing.show_month(2022, month)
            self.walk(printing)
        window.print_form("circulation_sheet", "incoming", 1)
        self.walk(printing)
        for key in (REPORT, SEARCH, TRAIL):
            window.open_page(key)
            self.walk(window.stack.currentWidget())

    def settings(self, desk: SettingsDesk) -> None:
        """Every section of the settings."""
        dialog = desk._with_tables(desk._own(first=False), 0)
        dialog.show()
        for at in range(len(SECTIONS)):
            dialog.sections.setCurrentRow(at)
            self.walk(dialog.stack.currentWidget())
        dialog.close()
        dialog.deleteLater()


def register_page(window: MainWindow) -> RegisterPage:
    """The list of one register, on show."""
    window.open_page("outgoing")
    page = window.current_register()
    assert page is not None
    return page


def menu_of(page: RegisterPage) -> QMenu:
    """What the menu of the list offers for the selected records."""
    menu = QMenu(page)
    page.table.menu_made.emit(menu)
    return menu


def test_every_command_on_show_is_open_to_the_roles_that_have_it_and_shut_to_others_with_the_reason(
    program: Program, settings: MachineSettings, qtbot: QtBot
) -> None:
    walk = Walk(program, qtbot)
    walk.lists(program.window)
    walk.papers(program.window)
    walk.settings(SettingsDesk(program.window, program.actions, program.words, program.jobs, settings))
    assert not walk.wrong
    assert walk.seen == set(ASKED)
    if program.store.clerk == accounts.Clerk("王堃", ADMINISTRATOR):
        nothing_to_do_it_to = {"移除", "恢复原样", "恢复选中的这一条", "整个恢复...", "撤销这一步"}
        assert walk.seen - walk.opened == nothing_to_do_it_to


@pytest.mark.parametrize("program", ["看看的"], indirect=True)
def test_a_key_for_what_another_role_does_says_whose_it_is_and_does_nothing(program: Program) -> None:
    page, entries = register_page(program.window), program.store.head()[0]
    page.table.setFocus()
    for key, held in (
        (Qt.Key.Key_N, CTRL), (Qt.Key.Key_S, CTRL), (Qt.Key.Key_Delete, NONE), (Qt.Key.Key_F2, NONE),
        (Qt.Key.Key_V, CTRL), (Qt.Key.Key_Return, CTRL | SHIFT),
    ):  # fmt: skip
        page.toast.hide()
        press(key, held)
        assert program.store.reason in texts(page.toast), key
        assert program.window.current_register() is page
        assert page.entry is None
    page.detail.form.focus(Outgoing.SUBJECT)
    type_text("改")
    assert page.detail.form.typed() == {}
    assert program.store.head()[0] == entries


@pytest.mark.parametrize("program", ["王堃"], indirect=True)
def test_pages_follow_at_once_when_somebodys_own_deeds_are_given_to_others(program: Program, qtbot: QtBot) -> None:
    page = register_page(program.window)
    assert page.detail.void_button.isEnabled()
    accounts.give(program.store, "void", (REVIEWER,))
    program.actions.accounts_changed.emit()
    rest(program.jobs, qtbot)
    page = register_page(program.window)
    assert not page.detail.void_button.isEnabled()
    assert page.detail.void_button.toolTip() == "作废、删除、恢复：请由审核来做"
    accounts.set_role(program.store, "审核的", ADMINISTRATOR)
    accounts.set_role(program.store, "王堃", READER)
    program.actions.accounts_changed.emit()
    rest(program.jobs, qtbot)
    assert not register_page(program.window).detail.save_button.isEnabled()


def test_who_may_not_set_what_is_the_offices_reads_why_over_its_fields(qtbot: QtBot, settings: MachineSettings) -> None:
    dialog = SettingsDialog(OfficeChoices({"office": "甲县"}, ()), settings, first=False, why="请由管理员来做")
    qtbot.addWidget(dialog)
    dialog.show()
    (line,) = (one for one in dialog.findChildren(NoteLine) if one.sentence() == "请由管理员来做")
    office = dialog.editors["office"]
    assert not office.isEnabled()
    assert line.mapTo(dialog, line.rect().bottomLeft()).y() < office.mapTo(dialog, office.rect().topLeft()).y()
    assert dialog.larger.isEnabled()
    assert dialog._save.text() == "保存颜色和字号"
