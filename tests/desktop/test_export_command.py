"""The command `export`: what it writes, what it says, and its exit status."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from db.store.store import Store
from desktop import cli
from tests.db.office import Clock, incoming, outgoing, saved


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A closed ledger with a few papers."""
    store = Store.open(tmp_path / "台账", "李喆", Clock())
    for title, day in (("关于公路的请示", 1), ("关于水库的请示", 2)):
        saved(store, incoming(title=title, from_doc_no=f"蓝财〔2022〕{day}号"))
    saved(store, outgoing())
    store.close()
    return store.folder


def run(ledger: Path, *arguments: str) -> int:
    """The exit status of the command."""
    return cli.run(["--data", str(ledger), "export", *arguments])


def rows(path: Path, sheet: int = 0) -> list[list[object]]:
    """The rows of a sheet."""
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(sheet).to_python()


def test_a_register_a_year_and_a_text(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ledger, "incoming", "-o", str(tmp_path / "收.xlsx")) == cli.DONE
    assert capsys.readouterr().out == f"{tmp_path / '收.xlsx'}：2条\n"
    assert len(rows(tmp_path / "收.xlsx")) == 3
    assert run(ledger, "收文", "-o", str(tmp_path / "收.xlsx"), "--filter", "公路", "--year", "2022") == cli.DONE
    assert len(rows(tmp_path / "收.xlsx")) == 2
    assert run(ledger, "incoming", "-o", str(tmp_path / "收.xlsx"), "--year", "2019") == cli.REFUSED
    assert "没有可导出的记录" in capsys.readouterr().err
    assert len(rows(tmp_path / "收.xlsx")) == 2


def test_some_columns_as_csv_for_old_programs(ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / "收.csv"
    assert run(ledger, "incoming", "-o", str(path), "--columns", "编号，标题", "--encoding", "gb18030") == cli.DONE
    found = list(csv.reader(path.read_text("gb18030").splitlines()))
    assert found[0] == ["编号", "标题"]
    assert {row[1] for row in found[1:]} == {"关于公路的请示", "关于水库的请示"}
    assert run(ledger, "incoming", "-o", str(path), "--columns", "编号,颜色") == cli.REFUSED


def test_all_registers(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ledger, "--all", "-o", str(tmp_path / "全.xlsx"), "--json") == cli.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["records"], told["files"]) == (3, [str(tmp_path / "全.xlsx")])
    assert openpyxl.load_workbook(tmp_path / "全.xlsx").sheetnames[:2] == ["收文", "发文"]
    assert run(ledger, "--all", "-o", str(tmp_path / "夹")) == cli.DONE
    assert sorted(path.name for path in (tmp_path / "夹").iterdir()) == ["发文.xlsx", "收文.xlsx"]


def test_a_template(ledger: Path, tmp_path: Path) -> None:
    assert run(ledger, "--template", "incoming", "-o", str(tmp_path / "模板.xlsx")) == cli.DONE
    assert "来文单位*" in rows(tmp_path / "模板.xlsx")[0]


@pytest.mark.parametrize("arguments", [(), ("incoming", "--all"), ("--all", "--year", "2022"), ("--template",)])
def test_what_does_not_go_together_is_wrong_usage(ledger: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert run(ledger, *arguments, "-o", str(tmp_path / "x.xlsx")) == cli.USAGE
    assert not (tmp_path / "x.xlsx").exists()


def test_an_unknown_register_is_named_with_those_there_are(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(ledger, "没有的", "-o", str(tmp_path / "x.xlsx")) == cli.REFUSED
    assert "incoming（收文）" in capsys.readouterr().err
