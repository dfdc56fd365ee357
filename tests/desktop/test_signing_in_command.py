"""Accounts on the command line: who is not signed in reads nothing, and each role does only what it may."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from db.rules.permissions import CLERK, READER
from db.store import accounts
from db.store.places import LEDGER
from db.store.store import Store
from desktop import cli
from tests.db.office import Clock, cheap_hashes

GOOD = "蓝山办公室2026"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Run:
    """Run a command over a ledger with three accounts, the password in a file: exit status, what was complained of."""
    monkeypatch.setattr(cli, "now", clock)
    cheap_hashes(monkeypatch)
    store = Store.open(folder, "李喆", clock)
    accounts.begin(store, "王堃", GOOD)
    accounts.add(store, "李喆", CLERK, GOOD)
    accounts.add(store, "钱看", READER, GOOD)
    store.close()
    (tmp_path / "口令.txt").write_text(f"{GOOD}\n", encoding="utf-8")
    monkeypatch.setenv("FAZHI_PASSWORD_FILE", str(tmp_path / "口令.txt"))

    def run(*arguments: object) -> tuple[int, str]:
        status = cli.run(["--data", str(folder), *map(str, arguments)])
        return status, capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    "command",
    [
        ("figures", "--period", "2022"),
        ("search", "请示"),
        ("print", "month", "2022-12", "-o", "x.pdf"),
        ("export", "incoming", "-o", "x.xlsx"),
    ],
    ids=lambda command: command[0],
)
def test_nothing_is_told_of_a_ledger_with_accounts_to_whoever_has_not_signed_in(
    run: Run, command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, complaint = run(*command)
    assert status == cli.REFUSED
    assert "--as" in complaint
    assert run("--as", "没有这个人", *command)[0] == cli.REFUSED
    assert not list(tmp_path.glob("x.*"))
    assert run("--as", "钱看", *command)[0] == cli.DONE


def test_checks_and_backups_need_nobody(run: Run, tmp_path: Path) -> None:
    assert run("check") == (cli.DONE, "")
    assert run("backup", "-o", tmp_path / "备份.db") == (cli.DONE, "")


@pytest.mark.parametrize(("name", "status"), [("钱看", cli.REFUSED), ("李喆", cli.REFUSED), ("王堃", cli.DONE)])
def test_months_are_locked_by_those_who_may(run: Run, name: str, status: int) -> None:
    assert run("--as", name, "lock", "month", "2021-12", "--reason", "月报已签发")[0] == status
    assert (run("--as", "王堃", "unlock", "month", "2021-12", "--reason", "补录")[0] == cli.DONE) is (
        status == cli.DONE
    )


@pytest.mark.parametrize(("name", "status"), [("", cli.REFUSED), ("李喆", cli.REFUSED), ("王堃", cli.DONE)])
def test_a_ledger_is_replaced_by_those_who_may(run: Run, name: str, status: int, tmp_path: Path) -> None:
    run("backup", "-o", tmp_path / "备份.db")
    who = ("--as", name) if name else ()
    assert run(*who, "restore", tmp_path / "备份.db")[0] == status


def test_a_wrong_password_is_told_and_nothing_is_done(run: Run, tmp_path: Path) -> None:
    (tmp_path / "口令.txt").write_text("错的口令错的", encoding="utf-8")
    status, complaint = run("--as", "王堃", "figures", "--period", "2022")
    assert (status, complaint) == (cli.REFUSED, "口令不对，请再输一次\n")


def test_without_a_file_and_a_terminal_it_is_said_where_the_password_goes(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FAZHI_PASSWORD_FILE")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    status, complaint = run("--as", "王堃", "figures", "--period", "2022")
    assert status == cli.REFUSED
    assert "FAZHI_PASSWORD_FILE" in complaint


@pytest.mark.parametrize("command", [("figures", "--period", "2022"), ("restore", "备份.db"), ("decrypt",)])
def test_a_ledger_that_lost_its_accounts_is_shut_here_as_well(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    run("backup", "-o", tmp_path / "备份.db")
    with closing(sqlite3.connect(folder / LEDGER)) as ledger:
        for table in ("account", "account_deed", "sign_in"):
            ledger.execute(f"DELETE FROM {table}")
        ledger.commit()
    for who in ((), ("--as", "王堃")):
        status, complaint = run(*who, *command)
        assert status == cli.REFUSED
        assert ("账号没有救回来" if who else "--as") in complaint


def test_a_damaged_ledger_has_nobody_to_ask_and_gives_way_to_its_backup(run: Run, folder: Path, tmp_path: Path) -> None:
    run("backup", "-o", tmp_path / "备份.db")
    with closing(sqlite3.connect(folder / LEDGER)) as ledger:
        ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = ledger.execute("SELECT rootpage FROM sqlite_master WHERE name = 'journal'").fetchone()
    content = bytearray((folder / LEDGER).read_bytes())
    content[(root - 1) * 4096 : root * 4096] = bytes(4096)
    (folder / LEDGER).write_bytes(content)
    assert run("check")[0] == cli.TROUBLE
    assert run("restore", tmp_path / "备份.db") == (cli.DONE, "")
    assert run("--as", "王堃", "figures", "--period", "2022")[0] == cli.DONE
