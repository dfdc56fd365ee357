"""Wrong passwords of an encrypted ledger make one wait, whatever is started anew and however the clock is turned."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from db.errors import Refused
from db.store import keys
from db.store.keys import KEY_FILE
from db.store.tries import TRIES, Tries
from tests.db.office import Clock, Computer, cheap_hashes

PASSWORD, CODE, WRONG = "清风明月照我还乡", "ABCD-EFGH-JKLM-NPQR", "不是这个口令不是"
HOUR = 3_600.0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the key of an encrypted ledger, cheap to try."""
    cheap_hashes(monkeypatch)
    keys.write(tmp_path / KEY_FILE, keys.new_key(), PASSWORD, CODE)
    return tmp_path


@pytest.fixture(params=[True, False], ids=["the runs are told apart", "they are not"])
def computer(request: pytest.FixtureRequest, clock: Clock) -> Computer:
    """A Linux computer, and one with Windows."""
    return Computer(clock, request.param)


def tries(folder: Path, computer: Computer) -> Tries:
    """A program that was just started."""
    return Tries(folder, computer.watches())


def fail(folder: Path, computer: Computer, times: int) -> None:
    """Give so many wrong passwords, the program started anew for each, after whatever wait there is."""
    for _time in range(times):
        while tries(folder, computer).wait():
            computer.pass_(60)
        with pytest.raises(Refused, match="口令不对"):
            tries(folder, computer).unlock(WRONG)


def minutes(folder: Path, computer: Computer) -> int:
    """How many minutes one still has to wait."""
    words = tries(folder, computer).wait()
    return int(words.split("请过")[1].split("分钟")[0]) if words else 0


def test_the_wait_outlives_the_program_and_refuses_the_right_password_too(folder: Path, computer: Computer) -> None:
    fail(folder, computer, 5)
    assert minutes(folder, computer) == 1
    with pytest.raises(Refused, match="口令错了5次，请过1分钟再试；关了重开也要等，什么也没有改动"):
        tries(folder, computer).unlock(PASSWORD)
    computer.pass_(61)
    fail(folder, computer, 2)
    assert minutes(folder, computer) == 4
    computer.pass_(241)
    tries(folder, computer).unlock(PASSWORD)
    assert not (folder / TRIES).exists()
    fail(folder, computer, 4)
    assert minutes(folder, computer) == 0, "the right one has ended the count"


def test_a_clock_that_is_turned_neither_shortens_nor_prolongs_it(folder: Path, computer: Computer) -> None:
    fail(folder, computer, 7)
    for turned in (HOUR, -24 * HOUR, 365 * 24 * HOUR, -800 * 24 * HOUR):
        computer.clock.tick(turned)
        assert minutes(folder, computer) == 4
    computer.pass_(180)
    assert minutes(folder, computer) == 1
    computer.pass_(61)
    assert minutes(folder, computer) == 0


def test_after_the_computer_was_off_the_clock_tells_and_one_put_back_keeps_nobody_out_for_long(
    folder: Path, computer: Computer
) -> None:
    fail(folder, computer, 7)
    computer.start_anew(off=60)
    assert minutes(folder, computer) == 3
    computer.clock.tick(-365 * 24 * HOUR)
    assert minutes(folder, computer) == 4
    computer.uptime = 239
    assert minutes(folder, computer) == 1
    computer.uptime = 241
    assert minutes(folder, computer) == 0


def test_a_night_is_long_enough_when_the_runs_are_told_apart(folder: Path, clock: Clock) -> None:
    computer = Computer(clock)
    fail(folder, computer, 12)
    assert minutes(folder, computer) == 60
    computer.start_anew(off=12 * HOUR)
    computer.uptime = 20_000  # longer than the run before
    assert minutes(folder, computer) == 0


def test_a_folder_that_cannot_be_written_makes_one_wait_while_the_program_runs(
    folder: Path, computer: Computer
) -> None:
    (folder / f"{TRIES}-part").mkdir()  # also root cannot write there then
    (folder / TRIES).mkdir()
    running = tries(folder, computer)
    for _time in range(5):
        with pytest.raises(Refused, match="口令不对"):
            running.unlock(WRONG)
    assert "请过1分钟" in running.wait()
    computer.pass_(61)
    running.unlock(PASSWORD)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"count": "viele"}', '{"count": 9, "at": "gestern"}', "\0" * 50])
def test_a_spoilt_file_counts_as_none(folder: Path, clock: Clock, text: str) -> None:
    (folder / TRIES).write_text(text, encoding="utf-8")
    computer = Computer(clock)
    assert minutes(folder, computer) == 0
    tries(folder, computer).unlock(PASSWORD)
    assert not (folder / TRIES).exists()


def test_the_file_tells_no_password_and_is_the_clerks_alone(folder: Path, computer: Computer) -> None:
    fail(folder, computer, 1)
    path = folder / TRIES
    assert set(json.loads(path.read_text(encoding="utf-8"))) == {"count", "at", "uptime", "run"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert timedelta(seconds=json.loads(path.read_text(encoding="utf-8"))["uptime"]) == timedelta(hours=2.5)
