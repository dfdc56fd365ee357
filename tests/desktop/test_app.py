"""Starting and ending: one window for each ledger, the first start, a start that fails, the crash of the last run."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from db.store import backup
from db.store.head_file import HEAD
from db.store.places import BACKUPS, LEDGER, LOCK
from db.store.store import Store
from desktop import app as app_module
from desktop import paths, start
from desktop.app import Program
from desktop.dialogs.problem import ProblemDialog
from desktop.dialogs.settings import SettingsDialog
from desktop.instance import SingleInstance
from desktop.settings import MachineSettings
from desktop.window.main import MainWindow
from tests.db.office import Clock
from tests.desktop.clerk import RECORDS, REGISTERS, button, click, sample, texts
from tests.desktop.closing import end, shut
from tests.desktop.conftest import rest

pytestmark = pytest.mark.logs("This plugin does not support")  # the offscreen platform, through the crash net

HOUSE = Path(__file__).parents[2]
CLERK = "李喆"


def when(found: Callable[[], QDialog | MainWindow | None], do: Callable[..., object]) -> QTimer:
    """Do something to a window as soon as it is on show; keep the timer until then."""
    timer = QTimer(interval=20)

    def look() -> None:
        widget = found()
        if widget is not None:
            timer.stop()
            do(widget)

    timer.timeout.connect(look)
    timer.start()
    return timer


def main_window() -> MainWindow | None:
    """The window of the program, once it is on show."""
    shown = QApplication.topLevelWidgets()
    return next((widget for widget in shown if isinstance(widget, MainWindow) and widget.isVisible()), None)


def problem() -> ProblemDialog | None:
    """A problem that is told."""
    shown = QApplication.topLevelWidgets()
    return next((widget for widget in shown if isinstance(widget, ProblemDialog) and widget.isVisible()), None)


def settings_dialog() -> SettingsDialog | None:
    """The settings, when they wait for an answer."""
    dialog = QApplication.activeModalWidget()
    return dialog if isinstance(dialog, SettingsDialog) else None


@pytest.fixture
def program(qapp: QApplication, folder: Path, clock: Clock, settings: MachineSettings) -> Iterator[Program]:
    """The program over the office's ledger, on show."""
    program = Program(qapp, folder, clock, settings)
    program.show()
    yield program
    end(program)


def test_closing_the_window_makes_a_backup_that_holds_everything_and_another_only_after_a_change(
    qapp: QApplication, folder: Path, clock: Clock, settings: MachineSettings, qtbot: QtBot
) -> None:
    counts: list[int] = []
    for changes in (True, False, True):
        program = Program(qapp, folder, clock, settings)
        program.show()
        if changes:
            program.actions.save(sample(REGISTERS[0], program.store.rules, 9))
        head = program.store.head()[0]
        shut(program, qtbot)
        found = backup.backups_in(folder / BACKUPS)
        counts.append(len(found))
        assert backup.verify(found[0])[0] == head
        clock.tick(3600)
    assert counts == [1, 1, 2]


def test_a_second_start_raises_the_first_window_and_ends(program: Program, folder: Path, qtbot: QtBot) -> None:
    single = SingleInstance(folder)
    single.listen()
    single.raised.connect(program.to_front)
    program.window.showMinimized()
    with qtbot.waitSignal(single.raised):
        second = subprocess.run(
            [sys.executable, "-m", "desktop", "--data", str(folder)], cwd=HOUSE, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
    assert (second.returncode, second.stderr) == (0, "")
    assert program.window.isVisible()
    assert not program.window.isMinimized()


def test_a_backup_that_is_double_clicked_goes_to_the_window_that_is_open(
    folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    single = SingleInstance(folder)
    single.listen()
    with qtbot.waitSignal(single.backup_asked) as asked:
        second = subprocess.run(
            [sys.executable, "-m", "desktop", "--data", str(folder), str(tmp_path / "台账 备份.db")], cwd=HOUSE,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert (second.returncode, second.stderr) == (0, "")
    assert asked.args == [tmp_path / "台账 备份.db"]


def test_the_window_of_another_ledger_is_not_raised(tmp_path: Path, qtbot: QtBot) -> None:
    one, other = SingleInstance(tmp_path / "甲"), SingleInstance(tmp_path / "乙")
    assert not other.raise_other()
    one.listen()
    assert not other.raise_other()
    with qtbot.waitSignal(one.raised):
        assert SingleInstance(tmp_path / "甲").raise_other()


def test_a_program_that_was_killed_holds_nobody_out(tmp_path: Path, qtbot: QtBot) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication\n"
        "from desktop.instance import SingleInstance\n"
        "app = QCoreApplication([]); single = SingleInstance(Path(sys.argv[1])); single.listen()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    child = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=HOUSE, check=False)
    assert child.returncode == -signal.SIGKILL
    single = SingleInstance(tmp_path)
    assert not single.raise_other()
    single.listen()
    with qtbot.waitSignal(single.raised):
        assert SingleInstance(tmp_path).raise_other()


def test_of_two_that_start_at_the_same_moment_the_second_raises_the_first(
    program: Program, qapp: QApplication, folder: Path, settings: MachineSettings, running: None, qtbot: QtBot
) -> None:
    second = start.Start(qapp, folder, settings, SingleInstance(folder))
    first = SingleInstance(folder)
    first.listen()
    raised: list[bool] = []
    first.raised.connect(partial(raised.append, True))
    second.window.show()
    assert qapp.exec() == 0
    qtbot.waitUntil(lambda: raised == [True])
    assert problem() is None
    second.end()
    first.stop()


def test_the_frame_needs_nothing_of_the_store() -> None:
    script = (
        "import sys, desktop.start; print([name for name in sys.modules if name.split('.')[0] in ('db', 'peewee')])"
    )
    child = subprocess.run([sys.executable, "-c", script], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert child.stdout.strip() == "[]"


def test_the_frame_is_made_without_the_enumerations_of_qt_that_take_a_sixth_of_a_bare_start() -> None:
    script = (
        "from PySide6 import QtCore; from desktop.start import *; settings = MachineSettings(QtCore.QSettings('x.ini', "
        "QtCore.QSettings.Format.IniFormat)); app = new_application(['x'], settings); frame = MainWindow(settings); "
        "frame.show_first(QtCore.QSize(1024, 768)); "
        "print('Qt' in vars(QtCore), frame.isMaximized()); app.setStyleSheet(''); print(app.style().name())"
    )
    child = subprocess.run([sys.executable, "-c", script], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert child.stdout.split() == ["False", "True", "fusion"]


def test_the_frame_stands_empty_before_the_ledger_is_opened_and_is_then_filled(
    qapp: QApplication, folder: Path, settings: MachineSettings, running: None, qtbot: QtBot
) -> None:
    started = start.Start(qapp, folder, settings, SingleInstance(folder))
    window = started.window
    found: list[tuple[list[str], int, str]] = []

    def look() -> None:
        lock = folder / LOCK
        found.append((window.side.keys(), window.stack.count(), lock.read_text() if lock.exists() else ""))

    window.stood.disconnect()
    window.stood.connect(look)
    window.stood.connect(started._open)
    with qtbot.waitSignal(window.begun):
        window.show()
        frame = window.geometry()
    assert found == [([], 0, "")]
    assert window.side.keys() != []
    assert window.current_board() is not None
    assert window.geometry() == frame
    assert main_window() is window
    assert started._program is not None
    rest(started._program.jobs, qtbot)
    assert window.current_board()._scroll.width() > window.width() // 5
    window.close()
    started.end()


def test_the_first_start_asks_for_the_office_and_the_next_one_does_not(
    qapp: QApplication, tmp_path: Path, clock: Clock, settings: MachineSettings, qtbot: QtBot
) -> None:
    def fill_in(dialog: SettingsDialog) -> None:
        dialog.editors["office"].setText("青禾县人民政府办公室")
        click(button(dialog, "开始使用"))

    program = Program(qapp, tmp_path / "新的", clock, settings)
    timer = when(settings_dialog, fill_in)
    program.show()
    qtbot.waitUntil(program.actions.office_is_set)
    assert not timer.isActive()
    assert program.window.windowTitle().startswith("青禾县人民政府办公室")
    shut(program, qtbot)
    again = Program(qapp, tmp_path / "新的", clock, settings)
    again.show()
    qtbot.wait(100)
    assert QApplication.activeModalWidget() is None
    assert again.window.windowTitle().startswith("青禾县人民政府办公室")
    shut(again, qtbot)


def test_a_file_that_is_no_ledger_is_told_at_the_start_and_left_alone(folder: Path, running: None) -> None:
    (folder / LEDGER).write_bytes(b"not a database" * 1000)
    said: list[str] = []

    def read(dialog: ProblemDialog) -> None:
        said.extend(texts(dialog))
        frame = main_window()
        assert dialog.parent() is frame
        assert frame is not None
        assert frame.side.keys() == []
        dialog.close()

    timer = when(problem, read)
    assert start.run(folder, []) == 3
    assert not timer.isActive()
    assert main_window() is None
    assert said[0] == "这个文件不是法治台账的数据库"
    assert "程序没有改动它" in said[1]
    assert "复制详情" not in said
    assert (folder / LEDGER).read_bytes() == b"not a database" * 1000


@pytest.mark.logs("defect")
def test_a_defect_at_the_start_is_told_in_plain_words(
    folder: Path, running: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def read(dialog: ProblemDialog) -> None:
        said.extend(texts(dialog))
        dialog.close()

    def stumble(*_values: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(app_module, "Program", stumble)
    timer = when(problem, read)
    assert start.run(folder, []) == 3
    assert not timer.isActive()
    assert said[0] == "程序遇到没有料到的问题"
    assert "复制详情" in said


def close_with(dialog: ProblemDialog) -> None:
    """Close a dialog, and the window that it stands over."""
    dialog.close()
    window = main_window()
    assert window is not None
    window.close()


def test_the_crash_of_the_last_run_is_told_and_its_details_can_be_copied(folder: Path, running: None) -> None:
    (paths.log_folder() / "crash.txt").write_text("Fatal Python error: Segmentation fault", encoding="utf-8")
    said: list[str] = []

    def read(dialog: ProblemDialog) -> None:
        said.extend(texts(dialog))
        click(button(dialog, "复制详情"))
        said.append(QApplication.clipboard().text())
        close_with(dialog)

    timer = when(problem, read)
    assert start.run(folder, []) == 0
    assert not timer.isActive()
    assert said[0] == "上次程序意外退出"
    assert said[-1] == "Fatal Python error: Segmentation fault"
    assert not (paths.log_folder() / "crash.txt").exists()


def test_changes_that_the_disk_has_lost_are_told_in_numbers(folder: Path, running: None) -> None:
    (folder / HEAD).write_bytes(b"%012d %s\n" % (1_000_000, b"0" * 64))
    said: list[str] = []

    def read(dialog: ProblemDialog) -> None:
        said.extend(texts(dialog))
        close_with(dialog)

    timer = when(problem, read)
    assert start.run(folder, []) == 0
    assert not timer.isActive()
    assert said[0].startswith("最后9")
    assert said[0].endswith("条改动不见了")
    assert "日志有1,000,000条" in said[1]


def test_after_a_clean_end_nothing_is_told(folder: Path, running: None) -> None:
    told: list[object] = []

    def close(window: MainWindow) -> None:
        told.append(problem())
        window.close()

    timer = when(main_window, close)
    assert start.run(folder, []) == 0
    assert not timer.isActive()
    assert told == [None]


def test_a_second_start_leaves_the_crash_file_of_the_first_alone(program: Program, folder: Path, running: None) -> None:
    single = SingleInstance(folder)
    single.listen()
    crash = paths.log_folder() / "crash.txt"
    crash.write_text("belongs to the first", encoding="utf-8")
    assert start.run(folder, []) == 0
    assert crash.read_text(encoding="utf-8") == "belongs to the first"
    crash.unlink()


def test_qt_speaks_chinese(program: Program, qapp: QApplication) -> None:
    assert program.window.locale().language() == QLocale.Language.Chinese
    assert qapp.translate("QPlatformTheme", "Cancel") == "取消"


def test_the_ledger_can_be_opened_again_after_the_window_was_closed(
    qapp: QApplication, folder: Path, clock: Clock, settings: MachineSettings, qtbot: QtBot
) -> None:
    program = Program(qapp, folder, clock, settings)
    program.show()
    shut(program, qtbot)
    store = Store.open(folder, CLERK, clock)
    assert store.head()[0] == RECORDS * len(REGISTERS)
    store.close()
    assert len(backup.backups_in(folder / BACKUPS)) == 1
