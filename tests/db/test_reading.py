"""Files of sheets as offices have them: every format, every encoding, and those that must be refused in plain words."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from db.errors import Refused
from db.exchange.book import Unreadable
from db.exchange.pasted import sheet_of_block
from db.exchange.planning import Plan
from db.exchange.reading import read
from db.registers.incoming import Incoming
from db.store.store import Store

FIXTURES = Path(__file__).parents[1] / "fixtures"
LINES = "收文日期,来文单位,标题\n2022.1.2,县财政局,关于䶮𬀩的函\n"
ROWS = [["收文日期", "来文单位", "标题"], ["2022.1.2", "县财政局", "关于䶮𬀩的函"]]


def workbook(path: Path) -> Path:
    """A small sound workbook."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in ROWS:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("name", ["ledger.xls", "ledger.ods"])
def test_one_messy_ledger_reads_alike_in_old_formats(store: Store, name: str) -> None:
    plan = Plan(store, Incoming, read(FIXTURES / name))
    assert [plan.kind(at) for at in range(len(plan))] == ["new", "new", "refused", "new", "refused"]
    assert plan.row(3).cells[2].after == "县水利局"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_in_any_encoding_and_with_any_mark(tmp_path: Path, encoding: str, mark: str) -> None:
    path = tmp_path / "收文.csv"
    path.write_bytes(LINES.replace(",", mark).encode(encoding))
    assert [list(row) for row in read(path).sheets[0].rows] == ROWS


def test_a_pasted_block_is_a_sheet() -> None:
    assert [list(row) for row in sheet_of_block(LINES.replace(",", "\t"), "").rows] == ROWS


def test_a_web_page_under_the_name_of_xls_is_read_as_one(tmp_path: Path) -> None:
    path = tmp_path / "导出.xls"
    cells = "<tr><td>收文日期</td><td>来文单位</td></tr><tr><td rowspan=2>2022.1.2</td><td>县财政局</td></tr>"
    page = f'<html><meta charset="gb2312"><table>{cells}<tr><td>县水利局</td></tr></table></html>'
    path.write_bytes(page.encode("gb18030"))
    book = read(path)
    assert [list(row) for row in book.sheets[0].rows][1:] == [["2022.1.2", "县财政局"], [None, "县水利局"]]
    assert book.sheets[0].merges == ((1, 0, 2, 0),)
    assert "网页表格" in book.notes[0]


def test_a_formula_without_its_value_and_an_error_are_known_as_such(tmp_path: Path) -> None:
    path = tmp_path / "公式.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_formula("A1", "=TODAY()", None, "")
        sheet.write_formula("B1", "=1+1", None, "县财政局")
        sheet.write_formula("C1", "=NA()", None, "#N/A")
    first, second, third = read(path).sheets[0].rows[0]
    assert isinstance(first, Unreadable)
    assert second == "县财政局"
    assert isinstance(third, Unreadable)


def test_a_million_empty_formatted_rows_are_none(tmp_path: Path) -> None:
    path = tmp_path / "空行.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        tinted = book.add_format({"bg_color": "yellow"})
        sheet.write(0, 0, "标题")
        for row in range(1, 20_000):
            sheet.write_blank(row, 0, None, tinted)
        sheet.write_blank(1_048_575, 16_383, None, tinted)
    assert len(read(path).sheets[0].rows) == 1


def test_a_file_that_an_office_program_holds_is_read_with_a_note(tmp_path: Path) -> None:
    path = workbook(tmp_path / "收文.xlsx")
    (tmp_path / "~$收文.xlsx").write_bytes(b"x")
    assert "正在表格软件里打开" in read(path).notes[0]


def truncated(path: Path) -> None:
    workbook(path)
    path.write_bytes(path.read_bytes()[:2_000])


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(160):
                part.write(b" " * (1 << 20))


def far_corner(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(1_048_575, 16_383, "远")


def wide(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, [f"列{at}" for at in range(10_000)])


def locked(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"))


def mixed(path: Path) -> None:
    path.write_bytes("收文日期,来文单位\n2022.1.2,县财政局\n".encode() + "2022.1.3,县水利局\n".encode("gbk"))


def unclosed(path: Path) -> None:
    path.write_bytes('收文日期,来文单位\n2022.1.2,"县财政局\n2022.1.3,县水利局\n'.encode())


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (truncated, "已损坏或没有下载完"),
        (bomb, "解开有160MB"),
        (far_corner, "用到第16,384列"),
        (wide, "用到第10,000列"),
        (locked, "设了打开密码"),
        (mixed, "第3行与前面的不同"),
        (unclosed, "第2行的引号没有成对"),
        (lambda path: path.write_bytes(b""), "是空文件"),
        (lambda path: path.write_bytes(b"%PDF-1.4"), "是PDF，不是表格"),
        (lambda path: path.mkdir(), "是文件夹"),
        (lambda _path: None, "找不到文件"),
    ],
)
def test_what_cannot_be_read_is_refused_in_plain_words(
    tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    path = tmp_path / "台账.xlsx"
    make(path)
    with pytest.raises(Refused, match=said):
        read(path)


def test_a_table_that_does_not_begin_in_the_corner_keeps_its_places(tmp_path: Path) -> None:
    path = tmp_path / "偏.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write("C4", "标题")
        sheet.merge_range("C5:C6", "同一件")
    read_sheet = read(path).sheets[0]
    assert read_sheet.rows[3][2] == "标题"
    assert read_sheet.rows[4][2] == "同一件"
    assert read_sheet.merges == ((4, 2, 5, 2),)
