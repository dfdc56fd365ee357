"""The drive goes while a form is half typed: the form stays as typed, and is saved when the drive is back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from db.registers.outgoing import Outgoing
from db.store.store import Store
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.desktop.clerk import CTRL, fill, press, texts
from tests.desktop.test_window import only_dialog

OpenPage = Callable[[str], RegisterPage]


def test_a_form_whose_drive_is_gone_keeps_its_text_and_is_saved_later(
    window: MainWindow, open_page: OpenPage, store: Store
) -> None:
    page = open_page(Outgoing.key())
    press(Qt.Key.Key_N, CTRL)
    entry = page.entry
    assert entry is not None
    before = Outgoing.select().count()
    fill(entry.form, store.rules)
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
