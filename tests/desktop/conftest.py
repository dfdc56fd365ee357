"""A small office at work: its ledger on a real file, the clock at ten on 30 December 2022, and the window over it."""

from __future__ import annotations

import logging
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.directory.people import Person
from db.directory.units import Unit
from db.store.places import LEDGER
from db.store.store import Store
from desktop import cli, theme
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.page import RegisterPage
from desktop.registers.words import OfficeWords
from desktop.settings import MachineSettings
from desktop.window.main import MainWindow
from tests.db.office import Clock
from tests.desktop.clerk import PEOPLE, RECORDS, UNITS, sample
from tests.desktop.listed import table  # noqa: F401  a fixture
from tests.desktop.previewing import preview  # noqa: F401  a fixture

CLERK = "李喆"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def clock() -> Clock:
    """The clock that everybody reads."""
    return Clock()


@pytest.fixture(scope="session")
def office_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with the office's name, a few units and people, and three records in each register."""
    folder = tmp_path_factory.mktemp("office")
    store = Store.open(folder, CLERK, Clock())
    store.set_office({"office": "蓝山县人民政府办公室"}, store.rules.words("organ_code"))
    Unit.insert_many([{"name": name, "level": "县直部门"} for name in UNITS]).execute()
    Person.insert_many([{"name": name} for name in PEOPLE]).execute()
    for register in store.catalogue:
        for n in range(RECORDS):
            store.save(sample(register, store.rules, n))
    store.close()
    return folder / LEDGER


@pytest.fixture
def folder(tmp_path: Path, office_ledger: Path) -> Path:
    """A data folder with that ledger, not open."""
    folder = tmp_path / "数据"
    folder.mkdir()
    shutil.copy(office_ledger, folder / LEDGER)
    return folder


@pytest.fixture
def store(folder: Path, clock: Clock) -> Iterator[Store]:
    """The open ledger."""
    store = Store.open(folder, CLERK, clock)
    yield store
    store.close()


@pytest.fixture
def actions(store: Store) -> Actions:
    """What the window may do to the ledger."""
    return Actions(store)


@pytest.fixture
def words(actions: Actions) -> OfficeWords:
    """What editors know of the office."""
    return OfficeWords(actions)


@pytest.fixture
def jobs(store: Store) -> Iterator[Jobs]:
    """The worker; it ends before the ledger is closed."""
    jobs = Jobs()
    yield jobs
    jobs.close()
    QCoreApplication.sendPostedEvents(jobs, QEvent.Type.MetaCall.value)


@pytest.fixture(autouse=True)
def machine(tmp_path: Path) -> None:
    """What is remembered of this machine beside a window's settings goes into a folder of the test's own."""
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "machine"))


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application as it is when the first word is shown: some font covers Chinese, on a machine without one too."""
    theme.dress(qapp, "light")
    theme.cover_chinese(qapp)
    return qapp


@pytest.fixture
def settings(tmp_path: Path) -> MachineSettings:
    """Settings of this machine in a file of the test's own."""
    return MachineSettings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def new_window(
    qapp: QApplication, actions: Actions, words: OfficeWords, jobs: Jobs, settings: MachineSettings, clock: Clock,
    request: pytest.FixtureRequest,
) -> Iterator[Callable[[], MainWindow]]:  # fmt: skip
    """Makes a window over the ledger; not yet shown. All are closed and freed at the end.

    It shows the register that the test is about, or the first one.
    """
    theme.dress(qapp, "light")
    about = getattr(request.node, "callspec", None) and request.node.callspec.params.get("register")
    first = about.key() if isinstance(about, type) else actions.store.catalogue.keys()[0]
    made: list[MainWindow] = []

    def make() -> MainWindow:
        made.append(MainWindow(settings))
        made[-1].fill(actions, words, jobs, clock)
        made[-1].open_page(first)
        return made[-1]

    yield make
    for window in made:
        window.close()
        window.deleteLater()


@pytest.fixture
def running(qapp: QApplication) -> Iterator[None]:
    """Lets a test run the whole program in this process: hooks, log handlers and windows are as before afterwards."""
    hooks, root = (sys.excepthook, threading.excepthook), logging.getLogger()
    handlers, level = [*root.handlers], root.level
    yield
    sys.excepthook, threading.excepthook = hooks
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, MainWindow):
            widget.deleteLater()


@pytest.fixture
def window(new_window: Callable[[], MainWindow], jobs: Jobs, qtbot: QtBot) -> MainWindow:
    """The window on show and at rest, 1366 × 768."""
    window = new_window()
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    rest(jobs, qtbot)
    return window


@pytest.fixture
def open_page(window: MainWindow, jobs: Jobs, qtbot: QtBot) -> Callable[[str], RegisterPage]:
    """Opens a register's page in the window and waits until it has counted."""

    def show(key: str) -> RegisterPage:
        window.open_page(key)
        page = window.current_register()
        assert page is not None
        rest(jobs, qtbot)
        return page

    return show


def rest(jobs: Jobs, qtbot: QtBot) -> None:
    """Wait until what was due at once is done and no job is under way."""
    QTest.qWait(0)
    qtbot.waitUntil(lambda: not jobs._jobs)
    QTest.qWait(0)


@pytest.fixture
def run(folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command over the office's ledger: exit status, what was said, what was complained of."""
    monkeypatch.setattr(cli, "now", clock)

    def run(*arguments: object, data: Path = folder) -> tuple[int, str, str]:
        status = cli.run(["--data", str(data), *map(str, arguments)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run
