"""The command `import`: counts, the dry run, what is refused and comes back mended, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from db.store.store import Store
from desktop import cli
from tests.db.office import Clock

HEADS = ["收文日期", "来文单位", "文号", "文件标题", "文种"]
SOUND = ["2022.1.4", "县财政局", "蓝财[2022]1号", "关于下达预算指标的报告", "报告"]
BAD = ["2022.2.30", "县水利局", "蓝水〔2022〕4号", "关于水库调度方案的请示", "请示"]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A closed ledger without records."""
    store = Store.open(tmp_path / "台账", "李喆", Clock())
    store.close()
    return store.folder


def written(path: Path, *rows: list[str]) -> Path:
    """A workbook with these rows."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def run(ledger: Path, *arguments: str) -> int:
    """The exit status of the command."""
    return cli.run(["--data", str(ledger), "import", *arguments])


def test_a_dry_run_counts_and_writes_nothing(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "收.xlsx", HEADS, SOUND, BAD)
    assert run(ledger, "收文", str(path), "--dry-run", "--json") == cli.REFUSED
    told = json.loads(capsys.readouterr().out)
    assert (told["new"], told["changed"], told["same"], told["refused"]) == (1, 0, 0, 1)
    assert told["problems"] == [{"sheet": "Sheet", "row": 3, "reason": "2022 年没有 2 月 30 日"}]
    assert run(ledger, "incoming", str(path), "--dry-run", "--json") == cli.REFUSED
    assert json.loads(capsys.readouterr().out)["new"] == 1


def test_refused_rows_come_out_are_mended_and_come_in_again(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, rejects = written(tmp_path / "收.xlsx", HEADS, SOUND, BAD), tmp_path / "拒绝.xlsx"
    assert run(ledger, "incoming", str(path), "--rejects", str(rejects)) == cli.REFUSED
    assert "新增1，改动0，相同0，拒绝1" in capsys.readouterr().out
    book = openpyxl.load_workbook(rejects)
    sheet = book.active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == [*HEADS, "不能导入的原因"]
    sheet["A2"] = "2022.2.28"
    book.save(rejects)
    assert run(ledger, "incoming", str(rejects)) == cli.DONE
    assert "新增1，改动0，相同0，拒绝0" in capsys.readouterr().out


def test_rows_with_a_known_number_and_another_title_wait_for_a_word(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(ledger, "收文", str(written(tmp_path / "收.xlsx", HEADS, SOUND))) == cli.DONE
    path = written(tmp_path / "又.xlsx", HEADS, ["2022.1.4", "县财政局", "蓝财[2022]1号", "关于另一件事的请示", "请示"])
    assert run(ledger, "收文", str(path)) == cli.REFUSED
    said = capsys.readouterr()
    assert "待定1" in said.out
    assert "关于下达预算指标的报告" in said.err
    assert run(ledger, "收文", str(path), "--doubted", "new") == cli.DONE
    assert "新增1，改动0" in capsys.readouterr().out


def test_of_two_rows_with_one_number_both_titles_are_told(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = [*SOUND[:3], "关于另一件事的请示", "请示"]
    assert run(ledger, "收文", str(written(tmp_path / "收.xlsx", HEADS, SOUND, other))) == cli.REFUSED
    assert "第2行是《关于下达预算指标的报告》，这一行是《关于另一件事的请示》" in capsys.readouterr().err


def test_a_column_that_is_missing_is_told_once_and_not_at_each_row(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["2022.1.4", "老干部", f"老干部座谈的第{at}张名单"] for at in range(1, 61)]
    path = written(tmp_path / "收.xlsx", ["收文日期", "来文单位", "文件标题"], *rows, ["2022.2.30", *rows[0][1:]])
    assert run(ledger, "收文", str(path), "--dry-run") == cli.REFUSED
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "表里没有“来文级别”这一列，61 行从别处也看不出来，没有导入",
        "表里没有“来文种类”这一列，61 行从别处也看不出来，没有导入",
        "全部一样的，用--set 来文级别=内容写明",
        "全部一样的，用--set 来文种类=内容写明",
        "Sheet\t第62行\t2022 年没有 2 月 30 日；请填写来文级别；请填写来文种类",
    ]
    assert "拒绝61" in said.out
    assert run(ledger, "收文", str(path), "--set", "文种=其他", "--set", "来文级别=其他") == cli.REFUSED
    assert "新增60，改动0，相同0，拒绝1" in capsys.readouterr().out


def test_columns_and_what_all_rows_hold_can_be_said(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "收.xlsx", ["收文日期", "谁发来", "文件标题"], ["3.5", "老干部", "关于慰问的函"])
    options = ("--map", "谁发来=来文单位", "--set", "来文级别=其他", "--year", "2021")
    assert run(ledger, "incoming", str(path), *options) == cli.DONE
    assert "谁发来\t→\t来文单位" in capsys.readouterr().out
    store = Store.open(ledger, "李喆", Clock())
    row = store.connection.execute("SELECT received_on, from_unit, kind, source_level FROM incoming").fetchone()
    store.close()
    assert row == ("2021-03-05", "老干部", "函", "其他")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--map", "没有=标题"), "表里没有“没有”这一列"),
        (("--map", "文号=没有"), "看不懂“文号=没有”"),
        (("--sheet", "9"), "没有工作表“9”；有：Sheet"),
        (("--set", "来文级别=天上"), "来文级别没有“天上”这一项"),
        (("--done-before", "哪天"), "看不懂“哪天”"),
    ],
)
def test_what_cannot_be_done_is_refused_in_chinese(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    path = written(tmp_path / "收.xlsx", HEADS, SOUND)
    assert run(ledger, "incoming", str(path), *arguments) == cli.REFUSED
    assert said in capsys.readouterr().err
