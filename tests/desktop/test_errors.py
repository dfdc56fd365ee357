"""The crash net: whatever nobody foresaw is logged and told once; a hard crash is told at the next start."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer, qWarning
from pytestqt.qtbot import QtBot

from desktop.errors import CrashNet, details, start_log

HOUSE = Path(__file__).parents[2]


@pytest.fixture
def net(tmp_path: Path, qtbot: QtBot) -> Iterator[CrashNet]:
    """A net over a folder of its own, spread; folded at the end."""
    hooks = sys.excepthook, threading.excepthook
    net = CrashNet(tmp_path)
    net.spread()
    yield net
    net.fold()
    sys.excepthook, threading.excepthook = hooks


@pytest.mark.logs("defect")
def test_a_defect_in_a_slot_reaches_the_window_and_the_log(
    net: CrashNet, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caught: list[object] = []
    net.caught.connect(caught.append)

    def stumble() -> None:
        raise ZeroDivisionError("planted")

    QTimer.singleShot(0, stumble)
    qtbot.waitUntil(lambda: bool(caught))
    assert [type(error) for error in caught] == [ZeroDivisionError]
    assert "planted" in caplog.text


@pytest.mark.logs("defect")
def test_a_defect_while_a_defect_is_told_does_not_go_round_in_a_circle(net: CrashNet) -> None:
    told: list[object] = []

    def tell(error: object) -> None:
        told.append(error)
        net.report(ValueError("second"))

    net.caught.connect(tell)
    net.report(ZeroDivisionError("first"))
    assert [str(error) for error in told] == ["first"]


@pytest.mark.logs("defect in thread")
def test_a_defect_in_a_thread_is_logged(net: CrashNet, caplog: pytest.LogCaptureFixture) -> None:
    def stumble() -> None:
        raise ZeroDivisionError("planted in a thread")

    thread = threading.Thread(target=stumble)
    thread.start()
    thread.join()
    assert "planted in a thread" in caplog.text


@pytest.mark.logs("qt: .*planted by Qt")
def test_a_message_of_qt_is_logged(net: CrashNet, caplog: pytest.LogCaptureFixture) -> None:
    qWarning("planted by Qt")
    assert "planted by Qt" in caplog.text


def test_details_are_for_developers_and_quote_no_record() -> None:
    try:
        int("蓝政办发")
    except ValueError as error:
        told = details(error)
    assert told.startswith(f"Python {sys.version.split()[0]}，Qt 6")
    assert "Traceback" in told
    assert told.endswith("ValueError")
    assert 'int("蓝政办发")' in told  # a line of the program's own text


def test_a_clean_end_leaves_nothing_behind(tmp_path: Path) -> None:
    hooks = sys.excepthook, threading.excepthook
    net = CrashNet(tmp_path)
    net.spread()
    net.fold()
    sys.excepthook, threading.excepthook = hooks
    assert list(tmp_path.iterdir()) == []
    assert crash_in(tmp_path) == ""


def crash_in(folder: Path) -> str:
    """What a program that starts now is told of the last one; it ends at once, in order."""
    net = CrashNet(folder)
    net.fold()
    return net.last_crash()


def test_a_hard_crash_is_told_at_the_next_start_once(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from desktop.errors import CrashNet\n"
        "net = CrashNet(Path(sys.argv[1])); net.spread()\n"
        "import ctypes; ctypes.string_at(0)\n"
    )
    child = subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=HOUSE, capture_output=True, check=False)
    assert child.returncode != 0
    told = crash_in(tmp_path)
    assert "Segmentation fault" in told or "access violation" in told
    assert crash_in(tmp_path) == ""


def test_the_log_goes_round_in_files_of_one_megabyte(tmp_path: Path) -> None:
    root = logging.getLogger()
    level, handlers = root.level, [*root.handlers]
    start_log(tmp_path)
    try:
        for _line in range(15):
            logging.getLogger("desktop").info("x" * 100_000)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["fazhi-ledger.log", "fazhi-ledger.log.1"]
    finally:
        for handler in [handler for handler in root.handlers if handler not in handlers]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)


def test_a_second_start_in_the_same_process_writes_no_line_twice(tmp_path: Path) -> None:
    root = logging.getLogger()
    level, handlers = root.level, [*root.handlers]
    start_log(tmp_path)
    start_log(tmp_path)
    try:
        logging.getLogger("desktop").info("one line")
        assert (tmp_path / "fazhi-ledger.log").read_text(encoding="utf-8").count("one line") == 1
    finally:
        for handler in [handler for handler in root.handlers if handler not in handlers]:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)
