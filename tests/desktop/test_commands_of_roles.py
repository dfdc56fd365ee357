"""Every command of the command line asks for what it does: who may not reads why, and nothing is changed."""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.errors import StoreTrouble, Trouble
from db.rules.permissions import ADMINISTRATOR, CLERK, READER, REVIEWER, permissions
from db.store import accounts, keys
from db.store.places import LEDGER
from db.store.sealing import Conversion
from db.store.store import Store
from desktop import cli
from tests.db.office import Clock, cheap_hashes

GOOD = "蓝山办公室2026"
PEOPLE = {"李喆": CLERK, "赵婷": REVIEWER, "王堃": ADMINISTRATOR, "钱看": READER}
LOOKS = "look"  # whoever has signed in
NOBODY = ""  # the contents are not told, or the file itself is what is asked for
# What each command is tried with, and what it asks for.
COMMANDS = {
    "figures --period 2022": LOOKS,
    "search 请示": LOOKS,
    "text 报告.txt": NOBODY,
    "empty-bin incoming": "empty_bin",
    "empty-bin incoming --yes --reason 清理": "empty_bin",
    "diagnose -o 诊断包.zip": NOBODY,
    "print annual 2022 -o x.docx": LOOKS,
    "print month 2022-12 -o x.pdf": LOOKS,
    "print register incoming --year 2022 -o x.pdf": LOOKS,
    "print numbers outgoing --year 2022 -o x.pdf": LOOKS,
    "print life incoming --number 1 --year 2022 -o x.pdf": LOOKS,
    "print form": LOOKS,
    "lock month 2021-11 --reason 月报已签发": "lock_month",
    "unlock month 2021-12 --reason 补录": "unlock_month",
    "locks 2021-12": LOOKS,
    "annual template 报告.txt --year 2021 --save 去年的": "edit_rules",
    "annual check 2022": LOOKS,
    "annual file 2022": "file_report",
    "annual drift 2022": LOOKS,
    "export incoming -o x.xlsx": LOOKS,
    "import incoming 来文.csv --year 2022": "import",
    "check": NOBODY,
    "update 没有.fzup": NOBODY,
    "back": "restore_backup",
    "backup": NOBODY,
    "backup --second U盘": "settings",
    "restore 备份.db": "restore_backup",
    "recover": NOBODY,
    "encrypt": "encryption",
    "decrypt": "encryption",
    "demo": NOBODY,
    "picture -o x.png": NOBODY,  # of the page where one signs in
    "selftest": NOBODY,
}
# Each has its own test, and none reads a ledger with accounts; `text` limits the process that it runs in.
SLOW = ("text 报告.txt", "picture -o x.png", "selftest", "demo")


@pytest.fixture
def office(folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The folder of a ledger with an account for each role and a locked month; what commands need lies beside it."""
    monkeypatch.setattr(cli, "now", clock)
    cheap_hashes(monkeypatch)
    monkeypatch.chdir(tmp_path)
    cli.run(["--data", str(folder), "backup", "-o", "备份.db"])
    store = Store.open(folder, "李喆", clock)
    accounts.begin(store, "王堃", GOOD)
    for name, role in PEOPLE.items():
        if name != "王堃":
            accounts.add(store, name, role, GOOD)
    store.close()
    Path("口令.txt").write_text(GOOD, encoding="utf-8")
    Path("报告.txt").write_text("2021年，全年共印发文件3件。", encoding="utf-8")
    Path("来文.csv").write_text("标题,来文单位,收文日期\n关于新事的请示,县财政局,2022-12-01\n", encoding="utf-8")
    Path("U盘").mkdir()
    monkeypatch.setenv("FAZHI_PASSWORD_FILE", "口令.txt")
    monkeypatch.setenv("FAZHI_LEDGER_PASSWORD_FILE", "口令.txt")
    assert (
        cli.run(["--data", str(folder), "--as", "王堃", "lock", "month", "2021-12", "--reason", "已签发"]) == cli.DONE
    )
    keys.ring.forget()
    yield folder
    keys.ring.forget()


def kept(folder: Path) -> tuple[dict[str, list[tuple[object, ...]]], set[str]]:
    """Every row but the search index, the log of sign-ins and SQLite's own; the files in the folder."""
    with closing(sqlite3.connect(folder / LEDGER)) as ledger:
        names = (name for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))
        tables = [name for name in names if not name.startswith(("search", "sqlite_", "sign_in"))]
        rows = {name: ledger.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}
    places = {str(path) for path in folder.parent.rglob("*") if "logs" not in path.parts}
    return rows, {name for name in places if not name.endswith(("-wal", "-shm"))}


def declared(parser: argparse.ArgumentParser, above: str = "") -> Iterator[str]:
    """Every command with its words."""
    below = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if not below:
        yield above.strip()
    for one in below:
        for name, inner in one.choices.items():
            yield from declared(inner, f"{above} {name}")


def test_every_command_is_tried() -> None:
    for command in declared(cli._parser(lambda _folder, _work: 0)):
        assert any(f"{tried} ".startswith(f"{command} ") for tried in COMMANDS), f"{command}: what does it ask for?"


@pytest.mark.parametrize("command", [one for one, asked in COMMANDS.items() if asked])
def test_who_may_not_is_refused_with_the_reason_and_changes_nothing(
    command: str, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = COMMANDS[command]
    able = PEOPLE.values() if asked == LOOKS else permissions()[asked].roles
    before = kept(office)
    capsys.readouterr()
    for name in ("", *PEOPLE):
        if PEOPLE.get(name) not in able:
            who = ["--as", name] if name else []
            assert cli.run(["--data", str(office), *who, *command.split()]) == cli.REFUSED
            said = capsys.readouterr()
            assert not said.out
            assert (f"您是{PEOPLE[name]}，不能" if name else "--as写明姓名") in said.err
            rows, files = kept(office)
            assert files == before[1]
            assert {name: row for name, row in rows.items() if row != before[0][name]} == {}
    for name in (name for name, role in PEOPLE.items() if role in able):
        cli.run(["--data", str(office), "--as", name, *command.split()])
        assert "您是" not in capsys.readouterr().err


@pytest.mark.parametrize("command", [one for one, asked in COMMANDS.items() if not asked and one not in SLOW])
def test_what_needs_nobody_tells_and_changes_no_record(
    command: str, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = kept(office)[0]
    capsys.readouterr()
    cli.run(["--data", str(office), *command.split()])
    said = capsys.readouterr()
    assert "关于" not in said.out + said.err
    assert kept(office)[0] == before


@pytest.mark.parametrize("written", [LEDGER, f"{LEDGER}-wal", "ledger.key", "backups/台账备份-20221230-100000.db"])
def test_nothing_is_written_over_the_ledgers_own_files(
    written: str, office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = office / written
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_bytes(b"1234")
    before = path.read_bytes()
    for command in (
        "backup", "diagnose", "picture", "--as 钱看 print month 2022-12", "--as 钱看 export incoming",
    ):  # fmt: skip
        assert cli.run(["--data", str(office), *command.split(), "-o", str(path)]) == cli.REFUSED
        assert "台账自己的文件" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_recovery_code_that_was_told_in_vain_is_said_to_be_void(
    office: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_arguments: object) -> str:
        raise StoreTrouble(Trouble.FULL, "磁盘已满", "台账没有动。", "请腾出空间。")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Conversion, "carry_out", stop)
        assert cli.run(["--data", str(office), "--as", "王堃", "encrypt"]) == cli.TROUBLE
    said = capsys.readouterr().out
    assert "恢复码：" in said
    assert said.endswith("没有加密，上面的恢复码作废。\n")
