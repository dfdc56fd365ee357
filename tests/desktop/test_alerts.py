"""Bars atop the window: a second backup that grew old, a stick that comes back, a clock that stands wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.directory.settings import Setting
from db.rules.permissions import CLERK as ROLE
from db.store import accounts, backup
from db.store.clock import TURNS
from db.store.operations import Wanted, newest
from db.store.store import Store
from desktop.app import Program
from desktop.settings import MachineSettings
from desktop.window.alerts import AlertBar
from desktop.window.clock_watch import ClockWatch
from tests.db.office import Clock
from tests.db.sticks import known
from tests.desktop.clerk import REGISTERS, click, sample
from tests.desktop.closing import WAIT_MS, end, no_quitting
from tests.desktop.conftest import CLERK

PASSWORD = "Lanshan-2022-tafeng"


@pytest.fixture
def stick(folder: Path, tmp_path: Path, clock: Clock) -> Path:
    """A stick that is plugged in and was chosen as the second place."""
    place = tmp_path / "U盘"
    place.mkdir()
    store = Store.open(folder, CLERK, clock)
    store.set_office(known(place), store.rules.words("organ_code"))
    store.close()
    return place


@pytest.fixture
def program(
    qapp: QApplication, folder: Path, stick: Path, clock: Clock, settings: MachineSettings, qtbot: QtBot
) -> Iterator[Program]:
    """The program on show and at rest, its backups looked at."""
    program = Program(qapp, folder, clock, settings)
    with qtbot.waitSignal(program.backups.changed, timeout=WAIT_MS):
        program.show()
    with no_quitting():
        yield program
    end(program)


def looked(program: Program, qtbot: QtBot) -> AlertBar | None:
    """The bar about the second place, after the backups were looked at."""
    with qtbot.waitSignal(program.backups.changed, timeout=WAIT_MS):
        program.backups.refresh()
    return program.alerts.bar("second_backup")


def backed_up(program: Program, qtbot: QtBot) -> None:
    """Wait for the backup that is being made."""
    qtbot.waitUntil(lambda: program.backups._busy is None, timeout=WAIT_MS)


def change(program: Program) -> None:
    """Enter one record more."""
    program.actions.save(sample(REGISTERS[0], program.store.rules, 9))


def test_a_second_place_without_any_backup_is_told_and_its_button_makes_one(program: Program, qtbot: QtBot) -> None:
    bar = looked(program, qtbot)
    assert bar is not None
    assert bar.isVisible()
    assert bar.words.text().startswith("还没有存过第二份备份")
    assert bar.way.text() == "现在备份"
    click(bar.way)
    backed_up(program, qtbot)
    assert looked(program, qtbot) is None


def test_a_stick_left_in_the_drawer_too_long_is_asked_for_by_days(
    program: Program, stick: Path, clock: Clock, qtbot: QtBot
) -> None:
    program.backups.back_up_now()
    backed_up(program, qtbot)
    away = stick.rename(stick.with_name("口袋"))
    clock.tick(timedelta(days=30).total_seconds())
    assert looked(program, qtbot) is None, "nothing was changed since"
    change(program)
    bar = looked(program, qtbot)
    assert bar is not None
    assert "已经30天没有更新：上一份是2022-12-30 10:00" in bar.words.text()
    assert bar.words.text().endswith("请插上U盘，插上后会自动备份。")
    assert not bar.way.isVisible()
    program.backups.watch_stick()
    qtbot.waitUntil(lambda: program.backups._watch is None, timeout=WAIT_MS)
    away.rename(stick)
    program.backups.watch_stick()
    qtbot.waitUntil(lambda: len(backup.backups_in(stick)) == 2, timeout=WAIT_MS)
    backed_up(program, qtbot)
    assert looked(program, qtbot) is None


def watched(program: Program, qtbot: QtBot) -> AlertBar | None:
    """The bar about a stick that is not known, after it was looked what is plugged in, and what follows."""
    program.backups.watch_stick()
    qtbot.waitUntil(lambda: program.backups._watch is None, timeout=WAIT_MS)
    backed_up(program, qtbot)
    looked(program, qtbot)
    return program.alerts.bar("second_place")


def test_a_strangers_stick_is_told_of_and_gets_a_backup_only_when_the_clerk_takes_it_into_use(
    program: Program, stick: Path, qtbot: QtBot
) -> None:
    assert watched(program, qtbot) is None
    stick.rename(stick.with_name("口袋"))
    assert watched(program, qtbot) is None
    stick.mkdir()
    bar = watched(program, qtbot)
    assert bar is not None
    assert f"{stick}不是原来的第二备份位置" in bar.words.text()
    assert program.alerts.bar("second_backup") is None
    program.backups.back_up_now()
    backed_up(program, qtbot)
    assert list(stick.iterdir()) == []
    with qtbot.waitSignal(program.backups.made, timeout=WAIT_MS) as made:
        click(bar.way)
    assert str(stick) in made.args[0]
    backed_up(program, qtbot)
    assert watched(program, qtbot) is None
    assert len(backup.backups_in(stick)) == 1


def test_who_may_not_set_the_office_takes_no_stick_into_use(program: Program) -> None:
    accounts.begin(program.store, "王堃", PASSWORD)
    accounts.add(program.store, CLERK, ROLE, PASSWORD)
    accounts.sign_in(program.store, CLERK, PASSWORD)
    told: list[object] = []
    program.backups.trouble.disconnect(program.window.show_trouble)
    program.backups.trouble.connect(told.append)
    program.backups.take_into_use()
    assert "请由管理员来做" in str(told[0])
    assert program.backups._busy is None


def test_a_warning_put_off_comes_again_on_the_next_day(program: Program, clock: Clock, qtbot: QtBot) -> None:
    bar = looked(program, qtbot)
    assert bar is not None
    click(bar.later)
    assert looked(program, qtbot) is None
    clock.tick(timedelta(days=1).total_seconds())
    assert looked(program, qtbot) is bar


def test_a_clock_before_the_last_entry_is_told_with_both_days_and_entries_are_saved(
    program: Program, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    change(program)
    program.clock_watch.look()
    assert program.alerts.bar("clock") is None
    with caplog.at_level("CRITICAL", logger="desktop.window.clock_watch"):
        clock.tick(-timedelta(days=400).total_seconds())
        program.clock_watch.look()
    bar = program.alerts.bar("clock")
    assert bar is not None
    entries = program.store.head()[0]
    told = f"现在显示2021-11-25 10:00，台账里却有{entries}条操作记录比这更晚，最晚的是2022-12-30 10:00"
    assert told in bar.words.text()
    for _save in range(2):
        change(program)
        program.clock_watch.look()
        assert bar.isVisible()
        assert told in bar.words.text(), "what is saved under the slow clock takes nothing of the warning away"
    assert program.store.head()[0] > entries
    clock.tick(timedelta(days=401).total_seconds())
    program.clock_watch.look()
    assert program.alerts.bar("clock") is None


def test_a_clerk_who_says_that_the_day_is_right_is_not_asked_again(
    program: Program, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    change(program)
    with caplog.at_level("CRITICAL", logger="desktop.window.clock_watch"):
        clock.tick(-timedelta(days=30).total_seconds())
        program.clock_watch.look()
    bar = program.alerts.bar("clock")
    assert bar is not None
    assert bar.way.text() == "日期没错"
    click(bar.way)
    assert program.alerts.bar("clock") is None
    (last,) = newest(program.store, Wanted(), 1)
    assert last.title.startswith("日期没错：")
    assert not last.may_turn
    ClockWatch(program.actions, program.alerts, program.jobs, clock, lambda: 0.0, program).look()
    assert program.alerts.bar("clock") is None


def test_a_clock_that_jumps_back_while_the_window_is_open_is_told(
    program: Program, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    seconds = [0.0]
    clock.tick(timedelta(days=2).total_seconds())
    watch = ClockWatch(program.actions, program.alerts, program.jobs, clock, lambda: seconds[0], program)
    seconds[0] = 3_600
    with caplog.at_level("CRITICAL", logger="desktop.window.clock_watch"):
        watch.look()
    bar = program.alerts.bar("clock")
    assert bar is not None
    assert "应当是2023-01-01 11:00左右，现在显示2023-01-01 10:00" in bar.words.text()
    click(bar.way)
    assert program.alerts.bar("clock") is None, "he says that it was set right: nothing to keep"
    seconds[0] += 3_600
    with caplog.at_level("CRITICAL", logger="desktop.window.clock_watch"):
        watch.look()
    assert program.alerts.bar("clock") is bar
    clock.tick(3_600)
    watch.look()
    assert program.alerts.bar("clock") is None


def test_a_journal_of_an_older_program_is_looked_through_at_the_start(
    program: Program, clock: Clock, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    change(program)
    with caplog.at_level("CRITICAL", logger="desktop.window.clock_watch"):
        clock.tick(-timedelta(days=30).total_seconds())
        change(program)
        Setting.delete().where(Setting.name == TURNS).execute()
        watch = ClockWatch(program.actions, program.alerts, program.jobs, clock, lambda: 0.0, program)
        watch.start()
        assert program.alerts.bar("clock") is None
        qtbot.waitUntil(lambda: program.alerts.bar("clock") is not None, timeout=WAIT_MS)
