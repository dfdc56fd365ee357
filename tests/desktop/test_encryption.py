"""Encryption in the window and on the command line: turned on, asked for at the start, turned off."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.errors import Refused
from db.rules.permissions import CLERK
from db.store import accounts, attachment_texts, attachments, backup, keys, leavings, sealing
from db.store.files import copy_in
from db.store.places import BACKUPS, LEDGER
from db.store.sealing import Conversion
from db.store.store import Store
from db.store.tries import TRIES
from desktop import cli, start
from desktop.app import Program
from desktop.dialogs.accounts import CodeDialog
from desktop.dialogs.encryption import EncryptionPage, UnlockDialog
from desktop.dialogs.office import ENCRYPTION, OfficeDialog
from desktop.dialogs.paned import PanedDialog
from desktop.dialogs.passwords import PasswordDialog
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.words import OfficeWords
from desktop.settings import MachineSettings
from desktop.window.attachment_reading import AttachmentReading
from desktop.window.unlocking import Unlock, UnlockPage
from tests.db.office import Clock, cheap_hashes
from tests.desktop.clerk import RECORDS, REGISTERS, button, click
from tests.desktop.closing import WAIT_MS, end
from tests.desktop.conftest import rest
from tests.desktop.test_app import main_window, when
from tests.desktop.test_rescuing import asked, choose

pytestmark = pytest.mark.logs("This plugin does not support")  # the offscreen platform, through the crash net

PASSWORD, CODE = "山高月小水落石出", "ABCD-EFGH"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No key is known, and hashes cost little."""
    cheap_hashes(monkeypatch)
    keys.ring.forget()
    yield
    keys.ring.forget()


def shown(kind: type[Unlock | UnlockPage | PasswordDialog | CodeDialog]) -> Callable[[], object]:
    """Finds a widget of a class, once it is on show."""

    def find() -> object:
        found = (w for w in QApplication.allWidgets() if isinstance(w, kind) and w.isVisible())
        return next(found, None)

    return find


def wait_for(kind: type, do: Callable[..., object], timers: list[QTimer]) -> None:
    """Do something to a widget of a class as soon as it is on show."""
    timers.append(when(shown(kind), do))  # type: ignore[arg-type]


def unlock(password: str, page: UnlockPage) -> None:
    """Type the password of the ledger."""
    page.password.setText(password)
    page.password.returnPressed.emit()


def close_window(dialog: PanedDialog) -> None:
    """Take note of what was done, and close the window."""
    dialog.accept()
    window = main_window()
    assert window is not None
    window.close()


def records(folder: Path) -> int:
    """How many records a ledger holds."""
    store = Store.open(folder, "李喆", Clock())
    try:
        return sum(register.select().count() for register in store.catalogue)
    finally:
        store.close()


def in_settings(dialog: OfficeDialog) -> EncryptionPage:
    """The page of the settings."""
    page = dialog.page(ENCRYPTION)
    assert isinstance(page, EncryptionPage)
    return page


def turn_on(dialog: OfficeDialog, timers: list[QTimer]) -> None:
    """Give a password twice and keep the code."""

    def give(ask: PasswordDialog) -> None:
        ask.password.setText(PASSWORD)
        ask.again.setText(PASSWORD)
        wait_for(CodeDialog, lambda code: click(button(code, "已收好，开始加密")), timers)
        click(ask.button)

    wait_for(PasswordDialog, give, timers)
    click(in_settings(dialog).begin)


def turn_off(dialog: OfficeDialog, timers: list[QTimer]) -> None:
    """Give the password and ask for the ledger as it was."""

    def give(ask: UnlockDialog) -> None:
        ask.password.setText(PASSWORD)
        click(ask.button)

    wait_for(UnlockDialog, give, timers)
    click(in_settings(dialog).stop)


def open_settings(timers: list[QTimer], do: Callable[[OfficeDialog, list[QTimer]], None]) -> None:
    """Open the settings once a page of the ledger is there, and do something in them."""

    def ready() -> object:
        window = main_window()
        return window if window is not None and window.stack.count() else None

    def go(window: object) -> None:
        wait_for(OfficeDialog, lambda dialog: do(dialog, timers), timers)
        QTimer.singleShot(0, window.open_settings)  # type: ignore[attr-defined]

    timers.append(when(ready, go))  # type: ignore[arg-type]


def test_the_clerk_turns_it_on_and_off_and_the_ledger_is_the_same(folder: Path, running: None) -> None:
    timers: list[QTimer] = []
    open_settings(timers, turn_on)
    timers.append(when(asked("已加密"), close_window))
    assert start.run(folder, []) == 0
    assert not any(timer.isActive() for timer in timers)
    assert not keys.is_plain(folder / LEDGER)
    keys.ring.forget()
    timers.clear()
    wait_for(UnlockPage, partial(unlock, PASSWORD), timers)
    open_settings(timers, turn_off)
    timers.append(when(asked("已解除加密"), close_window))
    assert start.run(folder, []) == 0
    assert not any(timer.isActive() for timer in timers)
    assert keys.is_plain(folder / LEDGER)
    assert records(folder) == RECORDS * len(REGISTERS)


def test_nothing_is_seen_before_the_right_password_and_wrong_ones_make_one_wait(
    folder: Path, clock: Clock, running: None
) -> None:
    sealing.seal(folder, PASSWORD, CODE, clock())
    keys.ring.forget()
    before = (folder / LEDGER).read_bytes()
    said: list[str] = []
    timers: list[QTimer] = []

    def try_them(page: UnlockPage) -> None:
        window = main_window()
        assert window is not None
        assert window.stack.count() == 0

        def again() -> None:
            if page.button.isEnabled():
                if page.said.text():
                    said.append(page.said.text())
                if len(said) == 6:
                    timer.stop()
                    window.close()
                    return
                unlock("不是这个口令不是", page)

        timer = QTimer(page, interval=20)
        timer.timeout.connect(again)
        timer.start()

    wait_for(UnlockPage, try_them, timers)
    start.run(folder, [])
    assert said[:5] == ["口令不对，请再输一次；什么也没有改动"] * 5
    assert "请过1分钟再试" in said[5]
    assert (folder / LEDGER).read_bytes() == before
    again: list[str] = []

    def look(page: UnlockPage) -> None:
        again.append(page.said.text())
        page.window().close()

    wait_for(UnlockPage, look, timers)
    start.run(folder, [])
    assert "口令错了5次，请过1分钟再试" in again[0], "a new start shortens nothing"


def test_what_a_rescue_left_legible_is_gone_before_the_password_is_asked_for(
    folder: Path, clock: Clock, running: None
) -> None:
    sealing.seal(folder, PASSWORD, CODE, clock())
    keys.ring.forget()
    left = folder / "受损文件-20221230-100000" / leavings.WORK / "明文.db"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"1234")
    found: list[bool] = []
    timers: list[QTimer] = []

    def look(page: UnlockPage) -> None:
        found.append(left.parent.exists())
        page.window().close()

    wait_for(UnlockPage, look, timers)
    start.run(folder, [])
    assert found == [False]


@pytest.mark.parametrize("chosen", ["用最近的备份", "用救回来的"])
def test_a_damaged_encrypted_ledger_is_replaced_by_what_the_clerk_chooses(
    folder: Path, clock: Clock, running: None, chosen: str
) -> None:
    backup.back_up(folder / LEDGER, backup.free_name(folder / BACKUPS, clock()))
    sealing.seal(folder, PASSWORD, CODE, clock())
    keys.ring.forget()
    ledger = folder / LEDGER
    ledger.write_bytes(bytes([7]) * 4096 + ledger.read_bytes()[4096:])
    said: list[str] = []
    timers: list[QTimer] = []
    wait_for(UnlockPage, partial(unlock, PASSWORD), timers)
    choose(timers, "台账文件已损坏", "看能救回多少", said)
    choose(timers, "请选用哪一份", chosen, said)
    timers.append(when(asked("已恢复"), close_window))
    assert start.run(folder, []) == 0
    assert any(f"救回{RECORDS * len(REGISTERS)}条" in text for text in said)
    assert any("没法验" in text for text in said), "without its head no page proves anything"
    assert not keys.is_plain(ledger)
    assert not any(path.name != LEDGER and keys.is_plain(path) for path in folder.glob("受损文件-*/*.db"))
    assert records(folder) == RECORDS * len(REGISTERS)


@pytest.fixture
def sealed(folder: Path, clock: Clock) -> Path:
    """The folder of an encrypted ledger whose password was given."""
    sealing.seal(folder, PASSWORD, CODE, clock())
    return folder


@pytest.fixture
def page(sealed: Path, actions: Actions, jobs: Jobs, qtbot: QtBot) -> EncryptionPage:
    """The page of the settings over an encrypted ledger."""
    page = EncryptionPage(actions, OfficeWords(actions), jobs)
    qtbot.addWidget(page)
    page.show()
    return page


def test_password_and_code_are_changed_by_who_knows_the_old_one(
    page: EncryptionPage, sealed: Path, jobs: Jobs, qtbot: QtBot
) -> None:
    click(page.change)
    ask = page.findChild(PasswordDialog)
    ask.old.setText("不是这个口令")
    ask.password.setText("清风徐来水波不兴")
    ask.again.setText("清风徐来水波不兴")
    click(ask.button)
    rest(jobs, qtbot)
    assert "口令不对" in ask.said.text()
    ask.old.setText(CODE)
    click(ask.button)
    rest(jobs, qtbot)
    click(page.renew)
    renewing = page.findChild(UnlockDialog)
    renewing.password.setText("清风徐来水波不兴")
    click(renewing.button)
    rest(jobs, qtbot)
    code = page.findChild(CodeDialog)
    new = code.code.text()
    code.accept()
    alone = sealed.parent / "只有密钥"
    alone.mkdir()
    shutil.copy(sealed / keys.KEY_FILE, alone)
    for secret in (PASSWORD, CODE):
        with pytest.raises(Refused):
            keys.unlock(alone, secret)
    assert keys.unlock(alone, new) == keys.unlock(alone, "清风徐来水波不兴")


def test_wrong_passwords_in_the_settings_make_one_wait_as_well(
    page: EncryptionPage, sealed: Path, jobs: Jobs, qtbot: QtBot
) -> None:
    click(page.stop)
    ask = page.findChild(UnlockDialog)
    said = []
    for password in ("不是这个口令",) * 5 + (PASSWORD,):
        ask.password.setText(password)
        click(ask.button)
        rest(jobs, qtbot)
        said.append(ask.said.text())
    assert said[:5] == ["口令不对，请再输一次；什么也没有改动"] * 5
    assert "口令错了5次，请过1分钟再试" in said[5]
    assert (sealed / TRIES).exists()
    assert not keys.is_plain(sealed / LEDGER)


def test_only_administrators_may_begin(
    qapp: QApplication, folder: Path, clock: Clock, settings: MachineSettings, qtbot: QtBot
) -> None:
    store = Store.open(folder, "王堃", clock)
    accounts.begin(store, "王堃", PASSWORD)
    accounts.add(store, "李喆", CLERK, PASSWORD)
    store.close()
    program = Program(qapp, folder, clock, settings)
    program.show()
    assert program.signing.page is not None
    program.signing.page.name.setCurrentText("李喆")
    program.signing.page.password.setText(PASSWORD)
    program.signing.page.password.returnPressed.emit()
    rest(program.jobs, qtbot)
    page = EncryptionPage(program.actions, OfficeWords(program.actions), program.jobs)
    qtbot.addWidget(page)
    assert not page.begin.isEnabled()
    said: list[object] = []
    program.window.show_trouble = said.append  # type: ignore[method-assign]
    program.window.side.restore_asked.emit(Conversion(PASSWORD, CODE))
    assert program.restoring is None
    assert "请由管理员来做" in str(said[0])
    end(program)


def test_the_text_of_an_encrypted_attachment_is_found(
    sealed: Path, store: Store, actions: Actions, jobs: Jobs, tmp_path: Path, qtbot: QtBot
) -> None:
    source = tmp_path / "说明.txt"
    source.write_text("关于扶持油茶产业的说明", encoding="utf-8")
    copied = copy_in(store.folder, source, 1 << 20)
    assert "油茶".encode() not in (store.folder / "attachments" / copied.sha256[:2] / copied.sha256).read_bytes()
    record = store.load(REGISTERS[0], 1)
    attachments.attach(store, record, [copied])
    reading = AttachmentReading(actions, jobs)
    reading.start()
    qtbot.waitUntil(lambda: bool(attachment_texts.of_record(store.connection, record)[0][1]), timeout=3 * WAIT_MS)
    rest(jobs, qtbot)
    reading.close()
    assert "油茶" in attachment_texts.of_record(store.connection, record)[0][1]


def test_the_command_line_turns_it_on_works_with_its_password_and_turns_it_off(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: object) -> tuple[int, str, str]:
        status = cli.run(["--data", str(folder), *map(str, arguments)])
        keys.ring.forget()  # each command is a process of its own
        said, complaint = capsys.readouterr()
        return status, said, complaint

    secret = tmp_path / "口令.txt"
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    monkeypatch.setenv("FAZHI_LEDGER_PASSWORD_FILE", str(secret))
    status, said, _complaint = run("encrypt")
    assert status == cli.DONE
    assert "恢复码：" in said
    assert run("check")[0] == cli.DONE
    assert run("backup")[0] == cli.DONE
    secret.write_text("不是这个口令不是\n", encoding="utf-8")
    for _time in range(5):
        status, _said, complaint = run("check")
        assert (status, complaint) == (cli.REFUSED, "口令不对，请再输一次；什么也没有改动\n")
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    status, _said, complaint = run("check")
    assert (status, "口令错了5次，请过1分钟再试" in complaint) == (cli.REFUSED, True)
    (folder / TRIES).unlink()
    monkeypatch.delenv("FAZHI_LEDGER_PASSWORD_FILE")
    status, _said, complaint = run("check")
    assert status == cli.REFUSED
    assert "FAZHI_LEDGER_PASSWORD_FILE" in complaint
    monkeypatch.setenv("FAZHI_LEDGER_PASSWORD_FILE", str(secret))
    secret.write_text(said.split("恢复码：")[1].split()[0], encoding="utf-8")
    newest = backup.backups_in(folder / BACKUPS)[0]
    assert run("restore", newest, "--yes")[0] == cli.DONE
    assert run("decrypt")[0] == cli.DONE
    assert keys.is_plain(folder / LEDGER)
    assert records(folder) == RECORDS * len(REGISTERS)
