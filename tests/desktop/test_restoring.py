"""备份与恢复 in the settings: what is in a backup, one record of it, the whole of it, the very first start."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from db.store import backup
from db.store.places import BACKUPS, LEDGER
from db.store.store import Store
from desktop import start
from desktop.dialogs.backups import BackupsPage, WholeDialog
from desktop.dialogs.office import BACKUPS as SECTION
from desktop.dialogs.office import OfficeDialog
from desktop.dialogs.paned import PanedDialog
from desktop.dialogs.settings import SettingsDialog
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.words import OfficeWords
from desktop.window.main import MainWindow
from tests.db.office import Clock
from tests.desktop.clerk import REGISTERS, button, click, sample, texts
from tests.desktop.closing import WAIT_MS

pytestmark = pytest.mark.logs("This plugin does not support")  # the offscreen platform, through the crash net

FIRST = REGISTERS[0]


@pytest.fixture
def old(store: Store, clock: Clock) -> Path:
    """A backup from before the last record."""
    path = backup.back_up(store.folder / LEDGER, backup.free_name(store.folder / BACKUPS, clock()))
    clock.tick(60)
    store.save(sample(FIRST, store.rules, 9))
    return path


@pytest.fixture
def page(actions: Actions, jobs: Jobs, old: Path, qtbot: QtBot) -> BackupsPage:
    """The page on show, with the backup looked into."""
    page = BackupsPage(actions, OfficeWords(actions), jobs)
    qtbot.addWidget(page)
    page.resize(1000, 640)
    page.show()
    qtbot.waitUntil(lambda: page.backups.count() == 1, timeout=WAIT_MS)
    page.backups.setCurrentRow(0)
    qtbot.waitUntil(lambda: page.look is not None, timeout=WAIT_MS)
    return page


def test_a_chosen_backup_tells_in_numbers_what_it_lacks(page: BackupsPage) -> None:
    assert page.look is not None
    assert page.look.is_less
    assert page.tabs.tabText(2) == "备份里没有的 1"
    assert page.lists["only_today"].count() == 1
    assert not page.one.isEnabled()
    assert page.whole.isEnabled()


def test_one_record_is_brought_back_and_undone(page: BackupsPage, store: Store, qtbot: QtBot) -> None:
    record = store.load(FIRST, 1)
    before = getattr(record, FIRST.SUBJECT)
    setattr(record, FIRST.SUBJECT, "改坏了")
    store.save(record)
    page.backups.setCurrentRow(-1)
    page.backups.setCurrentRow(0)
    qtbot.waitUntil(lambda: page.look is not None, timeout=WAIT_MS)
    page.tabs.setCurrentIndex(1)
    page.lists["differing"].setCurrentRow(0)
    click(page.one)
    assert getattr(store.load(FIRST, 1), FIRST.SUBJECT) == before
    page.undo()
    assert getattr(store.load(FIRST, 1), FIRST.SUBJECT) == "改坏了"


def test_a_damaged_backup_is_told_and_cannot_be_taken(
    page: BackupsPage, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = folder / "坏.db"
    bad.write_bytes(b"no database " * 1000)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_values: (str(bad), ""))
    page.open_other()
    qtbot.waitUntil(lambda: "这个备份不能用" in page.found.text(), timeout=WAIT_MS)
    assert not page.whole.isEnabled()


def test_a_whole_restore_is_asked_in_numbers_and_only_then_wanted(page: BackupsPage, old: Path, qtbot: QtBot) -> None:
    wanted: list[object] = []
    page.restore_asked.connect(wanted.append)
    page.ask_whole()
    (dialog,) = page.findChildren(WholeDialog)
    assert "这个备份比现在的台账少" in "".join(texts(dialog))
    click(button(dialog, "不恢复"))
    assert wanted == []
    page.ask_whole()
    dialog = next(one for one in page.findChildren(WholeDialog) if one.isVisible())
    click(button(dialog, "恢复成这个备份"))
    assert wanted == [old]


def test_the_whole_program_begins_anew_with_the_backup(folder: Path, clock: Clock, running: None) -> None:
    backup.back_up(folder / LEDGER, backup.free_name(folder / BACKUPS, clock()))
    store = Store.open(folder, "李喆", clock)
    store.save(sample(FIRST, store.rules, 9))
    present = store.head()
    store.close()
    seen: list[MainWindow] = []
    said: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow) and one.isVisible()]
        if isinstance(dialog, OfficeDialog):
            page = dialog.page(SECTION)
            if isinstance(page, BackupsPage) and page.backups.count() and page.backups.currentRow() < 0:
                page.backups.setCurrentRow(page.backups.count() - 1)
            elif isinstance(page, BackupsPage) and page.look is not None:
                page.ask_whole()
        elif isinstance(dialog, WholeDialog):
            dialog.accept()
        elif windows and not seen and windows[0].stack.count():
            seen.append(windows[0])
            QTimer.singleShot(0, lambda: windows[0].open_settings(section=SECTION))
        elif isinstance(dialog, PanedDialog):
            said.extend(texts(dialog))
            timer.stop()
            dialog.accept()
            windows[0].close()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    assert start.run(folder, []) == 0
    assert any("已恢复：恢复前共" in text and "恢复前备份-" in text for text in said)
    store = Store.open(folder, "李喆", clock)
    assert store.head()[0] == present[0] - 1
    store.close()
    (kept,) = backup.backups_in(folder / BACKUPS, backup.BEFORE)
    assert backup.verify(kept)[0] == present[0]


def test_a_backup_that_is_double_clicked_is_looked_into_and_nothing_is_changed(
    folder: Path, clock: Clock, running: None, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "U盘 里的" / "台账备份-20260101-080000.db"
    elsewhere.parent.mkdir()
    backup.back_up(folder / LEDGER, elsewhere)
    store = Store.open(folder, "李喆", clock)
    store.save(sample(FIRST, store.rules, 9))
    present = store.head()
    store.close()
    looked: list[tuple[object, str]] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow) and one.isVisible()]
        if isinstance(dialog, OfficeDialog):
            page = dialog.backups_page()
            if page.look is not None:
                looked.append((page.backups.currentItem().data(Qt.ItemDataRole.UserRole), page.tabs.tabText(2)))
                dialog.reject()
        elif looked and windows:
            timer.stop()
            windows[0].close()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    assert start.run(folder, [], elsewhere) == 0
    assert looked == [(elsewhere, "备份里没有的 1")]
    store = Store.open(folder, "李喆", clock)
    assert store.head() == present
    store.close()


def test_the_first_start_offers_a_backup(window: MainWindow) -> None:
    shown: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, SettingsDialog):
            click(button(dialog, "从备份恢复..."))
        elif isinstance(dialog, OfficeDialog):
            shown.append(dialog.sections.currentItem().text())
            dialog.reject()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    window.open_settings(first=True)
    timer.stop()
    assert shown == ["备份与恢复"]
