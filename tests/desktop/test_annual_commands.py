"""The commands of the annual report."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from db.record import Record
from db.store.store import Store
from db.summaries.annual.templates import put_template
from desktop import cli
from tests.db.office import Clock, outgoing
from tests.desktop.conftest import Run

REPORT = Path(__file__).parents[1] / "reference" / "annual" / "report-2022.txt"


def test_the_numbers_of_a_report_are_listed_with_their_place_and_figure(run: Run) -> None:
    status, said, complaint = run("annual", "template", REPORT)
    rows = {row["figure"]: row for row in json.loads(said) if row["figure"]}
    assert (status, complaint) == (cli.DONE, "")
    assert rows["out_total"]["number"] == 283
    assert rows["revoked"]["number"] == 0
    assert rows["dec_step_full"]["claim"] == "dec_step_full=100"
    text = REPORT.read_text(encoding="utf-8")
    assert all(text[row["start"] : row["end"]].startswith(str(row["number"])[:1]) for row in rows.values()
               if row["number"] and row["figure"] != "reply_rate")  # fmt: skip
    assert all({"text", "start", "end", "number", "noun", "confidence", "reason"} <= set(row) for row in rows.values())


def test_a_template_is_written_and_no_ledger_is_needed(run: Run, tmp_path: Path) -> None:
    made = tmp_path / "模板.txt"
    status, _said, _complaint = run("annual", "template", REPORT, "-o", made, data=tmp_path / "空")
    assert status == cli.DONE
    assert "印发文件{{out_total}}件" in made.read_text(encoding="utf-8")
    assert not (tmp_path / "空").exists()


def test_an_old_word_file_is_refused_with_a_way_on(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "去年.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)
    status, said, complaint = run("annual", "template", path)
    assert (status, said) == (cli.REFUSED, "")
    assert "另存为" in complaint


def test_a_report_becomes_the_template_of_the_office_is_checked_filed_and_watched(
    run: Run, folder: Path, clock: Clock, tmp_path: Path
) -> None:
    last_year = tmp_path / "去年.txt"
    last_year.write_text("2021年度报告\n\n全年印发文件260件。第一责任人履职。", encoding="utf-8")
    assert run("annual", "template", last_year, "--save", "去年的")[0] == cli.DONE
    with_records(folder, clock, outgoing())
    clock.go(date(2023, 1, 10))
    assert run("annual", "check", 2022, "--template", "去年的")[0] == cli.DONE
    status, said, _complaint = run("annual", "file", 2022)
    assert (status, "2022年度报告已封存（第1次）" in said) == (cli.DONE, True)
    assert "没有变动" in run("annual", "drift", 2022)[1]
    with_records(folder, clock, outgoing(title="补录的一件"))
    said = run("annual", "drift", 2022)[1]
    filed, now = re.search(r"印发文件\t封存(\d+)\t现在(\d+)", said).groups()  # type: ignore[union-attr]
    assert int(now) == int(filed) + 1
    assert "现在计入" in said
    assert "补录的一件" in said
    (row,) = json.loads(run("annual", "drift", 2022, "--json")[1])
    assert (row["key"], row["moved"][0]["how"]) == ("out_total", "entered")


def test_what_stands_in_the_way_of_filing_is_listed_and_refuses(run: Run, folder: Path, clock: Clock) -> None:
    store = Store.open(folder, "李喆", clock)
    put_template(store, "写错的", "2022年度报告\n\n印发{{没有}}件。")
    store.close()
    clock.go(date(2023, 1, 10))
    status, said, _complaint = run("annual", "check", 2022, "--json")
    assert status == cli.REFUSED
    assert any(row["kind"] == "must" and "第3行第3字" in row["text"] for row in json.loads(said))
    status, said, complaint = run("annual", "file", 2022)
    assert (status, said, "第3行第3字" in complaint) == (cli.REFUSED, "", True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("drift", 2022), "还没有封存"), (("check", 22), "看不懂年度"),
        (("check", 2022, "--template", "无"), "没有叫“无”"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told(run: Run, arguments: tuple[object, ...], told: str) -> None:
    status, _said, complaint = run("annual", *arguments)
    assert (status, told in complaint) == (cli.REFUSED, True)


def with_records(folder: Path, clock: Clock, *records: Record) -> None:
    """Enter records into the ledger of a folder."""
    store = Store.open(folder, "李喆", clock)
    for record in records:
        store.save(record)
    store.close()


@pytest.mark.parametrize("name", ["报告.pdf", "报告.docx"])
def test_a_report_is_printed_as_pdf_or_word(run: Run, tmp_path: Path, name: str) -> None:
    status, said, complaint = run("print", "annual", 2022, "-o", tmp_path / name)
    assert (status, complaint, name in said) == (cli.DONE, "", True)
    assert (tmp_path / name).read_bytes()[:2] in (b"%P", b"PK")


def test_a_working_copy_holds_the_rows_behind_its_numbers(run: Run, folder: Path, clock: Clock, tmp_path: Path) -> None:
    with_records(folder, clock, outgoing(title="关于森林防火的通知"))
    run("print", "annual", 2022, "-o", tmp_path / "清稿.pdf")
    run("print", "annual", 2022, "--working", "-o", tmp_path / "工作稿.pdf")
    assert "关于森林防火的通知" not in words_of(tmp_path / "清稿.pdf")
    working = words_of(tmp_path / "工作稿.pdf")
    assert "数据来源" in working
    assert "关于森林防火的通知" in working


def test_a_filed_report_is_printed_as_it_was_filed(run: Run, folder: Path, clock: Clock, tmp_path: Path) -> None:
    last_year = tmp_path / "去年.txt"
    last_year.write_text("2021年度报告\n\n全年印发文件260件。第一责任人履职。", encoding="utf-8")
    run("annual", "template", last_year, "--save", "去年的")
    clock.go(date(2023, 1, 10))
    run("annual", "file", 2022)
    run("print", "annual", 2022, "-o", tmp_path / "1.pdf")
    with_records(folder, clock, outgoing())
    run("print", "annual", 2022, "-o", tmp_path / "2.pdf")
    run("print", "annual", 2022, "--draft", "-o", tmp_path / "3.pdf")
    first, second, third = (words_of(tmp_path / f"{at}.pdf") for at in (1, 2, 3))
    assert first == second != third


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("-o", "x.txt"), ".pdf或.docx"), (("--working", "-o", "x.docx"), "只能存成.pdf"),
        (("--template", "无", "-o", "x.pdf"), "没有叫“无”"),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_told(run: Run, arguments: tuple[str, ...], told: str) -> None:
    status, _said, complaint = run("print", "annual", 2022, *arguments)
    assert (status, told in complaint) == (cli.REFUSED, True)


def test_a_folder_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    for name in ("报告.pdf", "报告.docx"):
        status, _said, complaint = run("print", "annual", 2022, "-o", tmp_path / "文件" / name)
        assert (status, "写不进去" in complaint) == (cli.TROUBLE, True)


def words_of(path: Path) -> str:
    """The text of a PDF, without blanks."""
    return "".join("".join(leaf.get_textpage().get_text_range() for leaf in pypdfium2.PdfDocument(path)).split())
