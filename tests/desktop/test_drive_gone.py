"""The drive goes while a form is half typed: the form stays as typed, and is saved when the drive is back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.registers.incoming import Incoming
from db.registers.outgoing import Outgoing
from db.store.store import Store
from desktop.dialogs.problem import ProblemDialog
from desktop.registers.entry import EntryPage
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.db.unplugging import plugged_anew, unmount
from tests.desktop.clerk import CTRL, fill, press, texts
from tests.desktop.closing import WAIT_MS
from tests.desktop.test_window import only_dialog

OpenPage = Callable[[str], RegisterPage]


def half_typed(page: RegisterPage, store: Store) -> EntryPage:
    """The quick entry of a register, filled in and not saved."""
    press(Qt.Key.Key_N, CTRL)
    entry = page.entry
    assert entry is not None
    fill(entry.form, store.rules)
    return entry


def test_a_form_whose_drive_is_gone_keeps_its_text_and_is_saved_later(
    window: MainWindow, open_page: OpenPage, store: Store
) -> None:
    page = open_page(Outgoing.key())
    before = Outgoing.select().count()
    entry = half_typed(page, store)
    typed = {name: editor.value() for name, editor in entry.form.editors.items()}
    away = store.folder.rename(store.folder.with_name("拔下的U盘"))
    press(Qt.Key.Key_S, CTRL)
    dialog = only_dialog(window)
    assert texts(dialog)[0] == "没能保存：台账文件不见了"
    dialog.close()
    assert {name: editor.value() for name, editor in entry.form.editors.items()} == typed
    away.rename(store.folder)
    entry.form.focus("title")
    press(Qt.Key.Key_S, CTRL)
    assert Outgoing.select().count() == before + 1


def test_a_stick_that_comes_back_as_another_device_takes_the_form_and_the_lists_go_on(
    window: MainWindow, open_page: OpenPage, store: Store, qtbot: QtBot
) -> None:
    page = open_page(Outgoing.key())
    rows = page.table.records().rowCount()
    half_typed(page, store)
    plugged_anew(store.folder)
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: page.table.records().rowCount() == rows + 1, timeout=WAIT_MS)
    other = open_page(Incoming.key())
    assert other.table.records().rowCount() == Incoming.select().count()
    assert window.findChildren(ProblemDialog) == []


def test_a_disk_that_does_not_answer_is_told_as_such_and_is_read_again_once_it_does(
    window: MainWindow, open_page: OpenPage, store: Store, qtbot: QtBot
) -> None:
    page = open_page(Outgoing.key())
    rows = page.table.records().rowCount()
    entry = half_typed(page, store)
    typed = {name: editor.value() for name, editor in entry.form.editors.items()}
    unmount(store.folder)
    press(Qt.Key.Key_S, CTRL)
    dialog = only_dialog(window)
    assert texts(dialog)[0] == "读写磁盘出错"
    assert "您刚输入的内容还在窗口里" in texts(dialog)[1]
    dialog.close()
    assert {name: editor.value() for name, editor in entry.form.editors.items()} == typed
    entry.form.focus("title")
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: page.table.records().rowCount() == rows + 1, timeout=WAIT_MS)
    assert page.table.records().index(0, 0).data() is not None
