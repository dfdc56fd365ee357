"""The commands of paper: locking a month and its log, and the year of a number that several years have."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.db.office import Clock, study
from tests.desktop.conftest import Run
from tests.desktop.test_annual_commands import with_records


@pytest.fixture(autouse=True)
def in_january(clock: Clock) -> None:
    """The clerk works on 10 January 2023."""
    clock.at = datetime(2023, 1, 10, 9, 5)


def test_a_month_is_locked_and_unlocked_with_its_reason_and_the_log_keeps_both(
    run: Run, folder: Path, clock: Clock
) -> None:
    with_records(folder, clock)
    assert run("lock", "month", "2022-12", "--reason", "已签发") == (0, "2022年12月已锁定\n", "")
    assert run("unlock", "month", "2022-12", "--reason", "补录一件")[:2] == (0, "2022年12月已解锁\n")
    _status, log, _told = run("locks", "2022-12")
    first, second = (line.split("\t") for line in log.splitlines())
    assert (first[:2], first[-1]) == (["2022-12", "锁定"], "已签发")
    assert (second[:2], second[-1]) == (["2022-12", "解锁"], "补录一件")
    assert run("locks", "2022-11") == (0, "", "")
    assert run("locks")[1] == log


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("lock", "month", "2023-01", "--reason", "早了"), 1, "还没有结束"),
        (("unlock", "month", "2022-12", "--reason", "没锁"), 1, "没有锁定"),
        (("lock", "month", "2022-12", "--reason", " "), 1, "请写明锁定原因"),
        (("lock", "month", "12月", "--reason", "写错"), 2, "写法如2022-12"),
        (("locks", "2022"), 2, "写法如2022-12"),
    ],
)
def test_a_lock_that_cannot_be_is_told(
    run: Run, folder: Path, clock: Clock, arguments: tuple[str, ...], status: int, told: str
) -> None:
    with_records(folder, clock)
    found, _said, words = run(*arguments)
    assert found == status
    assert told in words


def test_the_year_of_a_number_that_several_years_have_is_said(
    run: Run, folder: Path, clock: Clock, tmp_path: Path
) -> None:
    with_records(folder, clock, *(study(held_on=date(year, 3, 1), number="第93次") for year in (2021, 2022)))
    form = ("print", "form", "study_record", "--number", "第93次", "-o", tmp_path / "记录.pdf")
    status, said, _told = run(*form)
    assert status == 0
    assert "2022、2021年都有，印的是2022年的" in said
    assert "都有" not in run(*form, "--year", "2021")[1]
    assert run(*form, "--year", "2020")[0] == 1
