"""Backups and the check after an unclean end, as the clerk meets them: in the status bar, at closing, at the start."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from db.errors import StoreTrouble, Trouble
from db.store import backup
from db.store.backup_places import Backups
from db.store.opening import Opening
from db.store.places import BACKUPS, LEDGER, LOCK
from db.store.second_place import SECOND_FOLDER
from db.store.store import Store
from desktop import start
from desktop.app import Program
from desktop.dialogs.office import OfficeDialog
from desktop.dialogs.paned import PanedDialog
from desktop.dialogs.problem import ProblemDialog
from desktop.jobs import Job
from desktop.settings import MachineSettings
from desktop.window.main import MainWindow
from desktop.window.waiting import WaitPage
from tests.db.office import Clock
from tests.desktop.clerk import CTRL, REGISTERS, button, click, press, sample, texts, type_text
from tests.desktop.closing import WAIT_MS, end, no_quitting, wait_closed

pytestmark = pytest.mark.logs("This plugin does not support")  # the offscreen platform, through the crash net

HOUSE = Path(__file__).parents[2]
UNCLEAN = '{"user": "王堃", "host": "台式机", "pid": 4711}'


@pytest.fixture
def program(
    qapp: QApplication, folder: Path, clock: Clock, settings: MachineSettings, qtbot: QtBot
) -> Iterator[Program]:
    """The program on show and at rest, its backups looked at."""
    program = Program(qapp, folder, clock, settings)
    with qtbot.waitSignal(program.backups.changed, timeout=WAIT_MS):
        program.show()
    program.window.open_page(REGISTERS[0].key())
    with no_quitting():
        yield program
    end(program)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Backups take their time: each stops at its first step while the list holds something."""
    holding = [True]
    make = Backups.make

    def slowly(self: Backups, now: object, progress: Callable[[int, int], bool], only_changed: bool = True) -> object:
        while holding and progress(1, 2):
            pass
        return make(self, now, progress, only_changed)  # type: ignore[arg-type]

    monkeypatch.setattr(Backups, "make", slowly)
    return holding


def change(program: Program) -> None:
    """Enter one record more."""
    program.actions.save(sample(REGISTERS[0], program.store.rules, 9))


def cover(window: MainWindow) -> WaitPage | None:
    """What covers the window."""
    return next((page for page in window.findChildren(WaitPage) if page.isVisible()), None)


def test_the_status_bar_tells_the_last_backup_and_a_click_makes_one(
    program: Program, folder: Path, qtbot: QtBot
) -> None:
    shown = program.window.status.backup
    assert shown.text() == "还没有备份"
    assert shown.property("light") == "red"
    with qtbot.waitSignal(program.backups.made, timeout=WAIT_MS) as made:
        qtbot.mouseClick(shown, Qt.MouseButton.LeftButton)
    assert made.args == [f"已备份并检查：{folder / BACKUPS}"]
    page = program.window.current_register()
    assert page is not None
    assert page.toast.sentence() == made.args[0]
    qtbot.waitUntil(lambda: shown.text() == "备份：今天 10:00" and shown.isEnabled(), timeout=WAIT_MS)
    assert shown.property("light") == "ink2"
    assert str(folder / BACKUPS) in shown.toolTip()
    assert len(backup.backups_in(folder / BACKUPS)) == 1


def test_the_board_tells_that_there_is_no_backup_until_its_fix_has_made_one(program: Program, qtbot: QtBot) -> None:
    program.window.open_page("today")
    qtbot.waitUntil(lambda: "还没有备份" in texts(program.window.stack), timeout=WAIT_MS)
    click(button(program.window.stack, "立即备份"))
    qtbot.waitUntil(lambda: "还没有备份" not in texts(program.window.stack), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: program.window.status.backup.text() == "备份：今天 10:00", timeout=WAIT_MS)


def test_an_hour_after_the_last_backup_what_was_changed_is_backed_up_by_itself(
    program: Program, folder: Path, clock: Clock, qtbot: QtBot
) -> None:
    counts: list[int] = []
    for seconds, changes in ((0, True), (1800, True), (1900, False), (3700, False)):
        clock.tick(seconds)
        if changes:
            change(program)
        with qtbot.waitSignal(program.backups.changed, timeout=WAIT_MS):
            program.backups.look()
        qtbot.waitUntil(lambda: program.backups._busy is None, timeout=WAIT_MS)
        counts.append(len(backup.backups_in(folder / BACKUPS)))
    assert counts == [1, 1, 2, 2]


def test_closing_shows_what_is_done_and_keeps_the_keyboard_from_the_records(
    program: Program, qtbot: QtBot, held: list[bool]
) -> None:
    change(program)
    program.window.close()
    assert program.window.isVisible()
    qtbot.waitUntil(lambda: "正在备份，随后关闭" in texts(program.window), timeout=WAIT_MS)
    page = cover(program.window)
    assert page is not None
    assert page.size() == program.window.size()
    qtbot.waitUntil(lambda: (page.bar.value(), page.bar.maximum()) == (1, 2), timeout=WAIT_MS)
    qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    register = program.window.current_register()
    assert register is not None
    assert register.entry is None
    program.window.close()
    assert program.window.isVisible()
    held.clear()
    wait_closed(program, qtbot)
    assert not program.window.isVisible()


def test_a_skipped_backup_closes_at_once_and_leaves_no_half_one(
    program: Program, folder: Path, clock: Clock, qtbot: QtBot, held: list[bool]
) -> None:
    change(program)
    head = program.store.head()
    program.window.close()
    qtbot.waitUntil(
        lambda: cover(program.window) is not None and cover(program.window).skip.isVisible(), timeout=WAIT_MS
    )
    click(button(program.window, "跳过，直接关闭"))
    wait_closed(program, qtbot)
    assert not list((folder / BACKUPS).glob("*"))
    assert (folder / LOCK).read_text(encoding="utf-8") == ""
    store = Store.open(folder, "李喆", clock)
    assert store.head() == head
    store.close()


@pytest.mark.logs("the state of the backups could not be written")  # it lies in the folder that is none
def test_a_backup_that_fails_at_the_end_is_told_and_can_be_tried_again(
    program: Program, folder: Path, qtbot: QtBot
) -> None:
    change(program)
    (folder / BACKUPS).write_text("", encoding="utf-8")
    said: list[str] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, ProblemDialog):
            said.append(texts(dialog)[0])
            (folder / BACKUPS).unlink(missing_ok=True)
            click(button(dialog, "再试一次"))

    timer = QTimer(interval=20)
    timer.timeout.connect(answer)
    timer.start()
    program.window.close()
    wait_closed(program, qtbot)
    timer.stop()
    assert said == ["没能写出备份"]
    assert len(backup.backups_in(folder / BACKUPS)) == 1


def test_the_second_place_is_picked_in_the_settings_and_gets_the_next_backup(
    program: Program, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = folder.parent / "U盘"
    stick.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_values: str(stick))

    def fill_in() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, OfficeDialog)
        click(button(dialog.own, "选择..."))
        dialog.own.accept()

    QTimer.singleShot(0, fill_in)
    with qtbot.waitSignal(program.backups.changed, timeout=WAIT_MS):
        program.window.open_settings()
    assert program.store.rules.setting(SECOND_FOLDER) == str(stick)
    with qtbot.waitSignal(program.backups.made, timeout=WAIT_MS) as made:
        program.backups.back_up_now()
    assert str(stick) in made.args[0]
    assert len(backup.backups_in(stick)) == 1
    assert program.window.status.backup.text().endswith("第二份已存")


def run_until(folder: Path, do: Callable[[MainWindow], bool]) -> int:
    """Run the whole program, looking at its window until `do` has done what it wanted."""
    timer = QTimer(interval=10)
    failures: list[AssertionError] = []

    def look() -> None:
        windows = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)]
        shown = next((window for window in windows if window.isVisible()), None)
        try:
            is_done = shown is not None and do(shown)
        except AssertionError as failure:  # Qt would only report it, and the program would run on for ever
            failures.append(failure)
            is_done = True
            QApplication.exit(1)
        if is_done:
            timer.stop()

    timer.timeout.connect(look)
    timer.start()
    status = start.run(folder, [])
    if failures:
        raise failures[0]
    assert not timer.isActive()
    return status


def test_after_an_unclean_end_nothing_is_shown_before_the_check_has_passed(
    folder: Path, running: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / LOCK).write_text(UNCLEAN, encoding="utf-8")
    passing, seen = [False], [""]
    check = Opening.check

    def slowly(self: Opening, progress: Callable[[int, int], bool]) -> None:
        while not passing[0]:
            assert progress(0, 0)
        check(self, progress)

    monkeypatch.setattr(Opening, "check", slowly)

    def look(window: MainWindow) -> bool:
        if "上次没有正常关闭，正在检查台账" in texts(window):
            seen[0] = window.windowTitle()
            passing[0] = True
        if window.stack.currentWidget() is None:
            return False
        assert cover(window) is None
        assert window.centralWidget().isEnabled()
        window.close()
        return True

    assert run_until(folder, look) == 0
    assert "蓝山县" not in seen[0]
    assert (folder / LOCK).read_text(encoding="utf-8") == ""


def test_closing_during_the_check_ends_the_program_and_the_next_start_checks_again(
    folder: Path, running: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / LOCK).write_text(UNCLEAN, encoding="utf-8")

    def endlessly(self: Opening, progress: Callable[[int, int], bool]) -> None:
        while progress(0, 0):
            pass

    monkeypatch.setattr(Opening, "check", endlessly)

    def look(window: MainWindow) -> bool:
        return cover(window) is not None and window.close()

    assert run_until(folder, look) == 0
    assert (folder / LOCK).read_text(encoding="utf-8") != ""


def test_a_ledger_that_does_not_pass_is_told_and_left_alone(
    folder: Path, running: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / LOCK).write_text(UNCLEAN, encoding="utf-8")
    before = (folder / LEDGER).read_bytes()

    def damaged(self: Opening, progress: object) -> None:
        raise StoreTrouble(Trouble.DAMAGED, "台账文件已损坏", "程序没有改动它。", "请用备份恢复。")

    monkeypatch.setattr(Opening, "check", damaged)
    said: list[str] = []

    def look(window: MainWindow) -> bool:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, PanedDialog):
            said.extend(texts(dialog))
            assert window.stack.currentWidget() is None
            click(button(dialog, "退出"))
            return True
        return False

    assert run_until(folder, look) == 3
    assert said[0] == "台账文件已损坏"
    assert said[1].startswith("程序没有改动它。请用备份恢复。")
    assert (folder / LEDGER).read_bytes() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_when_the_system_ends_the_program_drafts_are_kept_and_the_ledger_is_closed_in_order(
    folder: Path, clock: Clock, number: signal.Signals
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.desktop.ended_child", str(folder)], cwd=HOUSE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "typing\n"
    child.send_signal(number)
    child.communicate(timeout=60)
    assert child.returncode == 0
    assert (folder / LOCK).read_text(encoding="utf-8") == ""
    assert not list(folder.rglob("*.part"))
    store = Store.open(folder, "李喆", clock)
    assert len(store.drafts()) == 1
    store.close()


def test_a_job_that_is_cancelled_by_the_end_of_the_work_says_nothing(program: Program, qtbot: QtBot) -> None:
    failed: list[BaseException] = []

    def endless(job: Job) -> None:
        while job.progress(0, 0):
            pass

    program.jobs.run("数", endless, lambda _done: None, failed.append)
    program.window.close()
    wait_closed(program, qtbot)
    assert failed == []


def test_a_half_typed_form_is_in_the_last_backup_and_asks_for_no_other(
    program: Program, folder: Path, clock: Clock, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = program.window.current_register()
    assert page is not None
    page.enter_new()
    assert page.entry is not None
    page.entry.form.focus(REGISTERS[0].SUBJECT)
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT_MS)
    type_text("半")
    press(Qt.Key.Key_End, CTRL)
    make = Backups.make

    def take_a_minute(self: Backups, *values: object) -> object:
        made = make(self, *values)  # type: ignore[arg-type]
        clock.tick(60)
        return made

    monkeypatch.setattr(Backups, "make", take_a_minute)
    program.window.close()
    wait_closed(program, qtbot)
    (kept,) = backup.backups_in(folder / BACKUPS)
    with backup.reading(kept) as connection:
        assert "半" in connection.execute("SELECT typed FROM draft").fetchone()[0]
    store = Store.open(folder, "李喆", clock)
    assert Backups(folder, store.catalogue, store.rules.settings).state(clock()).is_complete
    store.close()
