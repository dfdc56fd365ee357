"""Upgrades in the window: a file is shown before anything is done; the program leaves its place to the installer."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from db.store import backup
from db.store.places import BACKUPS, LEDGER
from db.store.store import Store
from desktop import __version__, start
from desktop.dialogs.help import HelpDialog
from desktop.dialogs.paned import PanedDialog
from desktop.dialogs.update import BackDialog, ByHandDialog, UpdateDialog
from desktop.updates import container, installation, preparing
from desktop.updates.installation import Installation
from desktop.window.main import MainWindow
from tests.db.office import Clock
from tests.desktop.clerk import REGISTERS, button, click, press, sample, texts
from tests.desktop.closing import WAIT_MS
from tests.desktop.updating import KEYS, write_update

pytestmark = pytest.mark.logs("This plugin does not support")  # the offscreen platform, through the crash net


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """The program as if it were installed, with a publisher's key in it and somebody who may install."""
    here = Installation("linux", "amd64", "0.1.0", tmp_path)
    monkeypatch.setattr(installation, "here", lambda _folder: here)
    monkeypatch.setattr(container, "publishers", lambda: KEYS)
    monkeypatch.setattr(
        Installation, "command", lambda self, package, back="": ["pkexec", "dpkg", "--install", str(package), back]
    )
    return here


@pytest.fixture
def left(window: MainWindow) -> list[list[str]]:
    """The commands for which the program was to be left."""
    left: list[list[str]] = []
    window.side.installer_asked.connect(left.append)
    return left


def choose(window: MainWindow, path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> UpdateDialog:
    """Choose an update file by way of the help, and wait until it was looked at."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_values: (str(path), ""))
    window.help()
    shown = next(one for one in window.findChildren(HelpDialog) if one.isVisible())
    click(button(shown, "升级..."))
    dialog = next(one for one in window.findChildren(UpdateDialog) if one.isVisible())
    click(button(dialog, "选升级文件..."))
    qtbot.waitUntil(dialog.choose.isEnabled, timeout=WAIT_MS)
    return dialog


def test_a_file_is_shown_and_only_then_prepared_and_handed_to_the_installer(
    window: MainWindow, here: Installation, left: list[list[str]], folder: Path, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    dialog = choose(window, write_update(tmp_path), monkeypatch, qtbot)
    assert "签名有效：0.2.0（2026-11-26），现在是0.1.0" in dialog.words.text()
    assert "从U盘升级" in dialog.changes.toPlainText()
    assert not (folder / preparing.UPDATES).exists()
    assert button(dialog, "备份并升级到0.2.0").hasFocus()
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(left), timeout=WAIT_MS)
    package = folder / preparing.UPDATES / "fazhi-ledger_0.2.0_amd64.deb"
    assert left == [["pkexec", "dpkg", "--install", str(package), ""]]
    assert len(backup.backups_in(folder / BACKUPS, backup.UPGRADE)) == 1


def test_a_changed_file_is_refused_in_the_dialog_and_another_can_be_chosen(
    window: MainWindow, here: Installation, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_update(tmp_path)
    whole = bytearray(path.read_bytes())
    whole[100] ^= 1
    (tmp_path / "坏.fzup").write_bytes(whole)
    dialog = choose(window, tmp_path / "坏.fzup", monkeypatch, qtbot)
    assert "签名不对" in dialog.problem.accessibleName()
    assert not dialog.button.isVisible()
    assert dialog.choose.hasFocus()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_values: (str(path), ""))
    click(button(dialog, "选升级文件..."))
    qtbot.waitUntil(dialog.button.isVisible, timeout=WAIT_MS)
    assert not dialog.problem.isVisible()


def test_a_package_that_was_changed_leaves_the_program_where_it_is(
    window: MainWindow, here: Installation, left: list[list[str]], tmp_path: Path, qtbot: QtBot, folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = write_update(tmp_path)
    whole = bytearray(path.read_bytes())
    whole[-1] ^= 1
    path.write_bytes(whole)
    told: list[BaseException] = []
    monkeypatch.setattr(window, "show_trouble", told.append)
    dialog = choose(window, path, monkeypatch, qtbot)
    click(dialog.button)
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    assert "被改动过" in str(told[0])
    assert left == []
    assert list((folder / preparing.UPDATES).iterdir()) == []


def test_where_nobody_may_install_the_command_is_shown(
    window: MainWindow, here: Installation, left: list[list[str]], tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(Installation, "command", lambda self, package, back="": None)
    dialog = choose(window, write_update(tmp_path), monkeypatch, qtbot)
    click(dialog.button)
    qtbot.waitUntil(lambda: bool(window.findChildren(ByHandDialog)), timeout=WAIT_MS)
    (shown,) = window.findChildren(ByHandDialog)
    click(button(shown, "复制命令"))
    assert QApplication.clipboard().text().startswith("sudo dpkg --install '")
    assert left == []


def test_the_way_back_is_asked_with_what_it_would_lose(
    window: MainWindow, here: Installation, left: list[list[str]], folder: Path, tmp_path: Path, qtbot: QtBot,
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    old = folder / preparing.UPDATES / "fazhi-ledger_0.1.0_amd64.deb"
    old.parent.mkdir()
    old.write_bytes(b"the package of 0.1.0")
    preparing.prepare(container.read(write_update(tmp_path), KEYS), folder, here, clock())
    store.save(sample(REGISTERS[0], store.rules, 9))
    monkeypatch.setattr(installation, "here", lambda _folder: replace(here, version="0.2.0"))
    window.help()
    click(button(next(one for one in window.findChildren(HelpDialog) if one.isVisible()), "升级..."))
    dialog = next(one for one in window.findChildren(UpdateDialog) if one.isVisible())
    click(button(dialog, "退回上一版（0.1.0）..."))
    qtbot.waitUntil(lambda: bool(window.findChildren(BackDialog)), timeout=WAIT_MS)
    (ask,) = window.findChildren(BackDialog)
    assert any("升级以后台账又有1项改动" in text for text in texts(ask))
    click(button(ask, "不退回"))
    assert left == []
    assert preparing.coming_back(folder, "0.1.0") is None
    window.help()
    click(button(next(one for one in window.findChildren(HelpDialog) if one.isVisible()), "升级..."))
    click(button(next(one for one in window.findChildren(UpdateDialog) if one.isVisible()), "退回上一版（0.1.0）..."))
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(BackDialog)), timeout=WAIT_MS)
    click(button(next(one for one in window.findChildren(BackDialog) if one.isVisible()), "退回0.1.0"))
    assert left == [["pkexec", "dpkg", "--install", str(old), "0.1.0"]]
    assert preparing.coming_back(folder, "0.1.0") is not None


def test_the_version_to_which_the_office_went_back_starts_with_its_own_ledger(
    folder: Path, clock: Clock, running: None, tmp_path: Path
) -> None:
    kept = backup.back_up(folder / LEDGER, backup.free_name(folder / BACKUPS, clock(), backup.UPGRADE))
    store = Store.open(folder, "李喆", clock)
    store.save(sample(REGISTERS[0], store.rules, 9))
    present = store.head()
    store.close()
    (folder / preparing.UPDATES).mkdir()
    word = {"start": "9.0.0", "goal": __version__, "backup": str(kept), "is_back": True}
    (folder / preparing.UPDATES / preparing.PENDING).write_text(json.dumps(word), encoding="utf-8")
    assert run_and_close(folder, "知道了") == 0
    store = Store.open(folder, "李喆", clock)
    assert store.head()[0] == present[0] - 1
    store.close()
    assert not (folder / preparing.UPDATES / preparing.PENDING).exists()


def test_the_installer_is_called_once_everything_is_closed(
    folder: Path, clock: Clock, running: None, here: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[tuple[list[str], list[str]]] = []

    def hand_over(command: list[str], then: list[str]) -> None:
        Store.open(folder, "李喆", clock).close()  # nobody holds the ledger any more
        called.append((command, then))

    monkeypatch.setattr(installation, "hand_over", hand_over)
    update = write_update(tmp_path)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, UpdateDialog) and dialog.update_found is not None:
            timer.stop()
            dialog.button.click()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    assert start.run(folder, [], update) == 0
    package = str(folder / preparing.UPDATES / "fazhi-ledger_0.2.0_amd64.deb")
    assert called == [
        (["pkexec", "dpkg", "--install", package, ""], ["/usr/bin/fazhi-ledger", "--data", str(folder.resolve())])
    ]


def run_and_close(folder: Path, label: str) -> int:
    """Start the whole program, answer the first dialog that it shows, and close it."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow) and one.isVisible()]
        if isinstance(dialog, PanedDialog) and windows:
            timer.stop()
            assert any("已退回" in text and "已恢复" in text for text in texts(dialog))
            click(button(dialog, label))
            windows[0].close()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    return start.run(folder, [])
