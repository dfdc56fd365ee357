"""Files made to hurt: each ends in a sentence, none ends the program, holds it for minutes or fills its memory."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from db import catalogue as catalogue_module
from db.errors import Refused, StoreTrouble, Trouble
from db.exchange.packages import Package
from db.exchange.pasted import sheet_of_block
from db.exchange.reading import read
from db.store.backup import back_up
from db.store.files import path_of
from db.store.places import LEDGER
from db.store.restore import restore
from db.store.store import Store
from tests.db.office import Clock, outgoing, saved

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
BEGIN, END = f'<worksheet xmlns="{MAIN}"><sheetData>', "</sheetData></worksheet>"
ONE = "<v>1</v></c>"
TEXTS = f'<sst xmlns="{MAIN}"/>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "哈哈哈哈哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
)


def package(path: Path, sheet: str, texts: str = TEXTS) -> Path:
    """An .xlsx of one sheet, written by hand."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, kind, target in (
            ("_rels/.rels", "officeDocument", "xl/workbook.xml"),
            ("xl/_rels/workbook.xml.rels", "worksheet", "worksheets/sheet1.xml"),
        ):
            relation = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"/>'
            parts.writestr(name, f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>')
        sheets = '<sheets><sheet name="台账" sheetId="1" r:id="r1"/></sheets>'
        parts.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheets}</workbook>')
        parts.writestr("xl/sharedStrings.xml", texts)
        parts.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def test_a_sound_package_written_by_hand_is_read(tmp_path: Path) -> None:
    book = read(package(tmp_path / "好.xlsx", f'{BEGIN}<row r="1"><c r="A1">{ONE}</row>{END}'))
    assert [list(row) for row in book.sheets[0].rows] == [[1.0]]


@pytest.mark.parametrize(
    ("sheet", "texts"),
    [
        (f'{BEGIN}<row r="1"><c r="A1">{ONE}<c r="ZZ1048576">{ONE}</row>{END}', TEXTS),
        (f"{BEGIN}<row r='1'><c r='A1'>{ONE}<c r='ZZ1048576'>{ONE}</row>{END}", TEXTS),
        (f'{BEGIN}<row r="1"><c r="A1">{ONE}<c r="A4294967295">{ONE}</row>{END}', TEXTS),
        (f'{BEGIN}<row r="4000000000"><c>{ONE}</row><row r="1"><c>{ONE}</row>{END}', TEXTS),
        (
            f'{BEGIN}<row r="1"><c r="A1" t="s"><v>0</v></c></row>{END}',
            f'<sst xmlns="{MAIN}" count="999999999999" uniqueCount="999999999999"><si><t>甲</t></si></sst>',
        ),
        (f'{LAUGHS}{BEGIN}<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>{END}', TEXTS),
        (f'{LAUGHS}{BEGIN}<row r="1"><c r="A1" t="inlineStr"><is><t>&f;</t></is></c></row>{END}', TEXTS),
    ],
    ids=["corner", "other quotes", "beyond the last row", "rows backwards", "claims", "entities", "external entity"],
)
def test_a_small_workbook_that_asks_for_terabytes_or_entities_is_refused(
    tmp_path: Path, sheet: str, texts: str
) -> None:
    with pytest.raises(Refused, match="没有导入"):
        read(package(tmp_path / "坏.xlsx", sheet, texts))


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_row_as_wide_as_a_million_columns_is_refused(tmp_path: Path, quote: str) -> None:
    cells = f'<c r="A1">{ONE}<c r="BDWGN1">{ONE}'.replace('"', quote)  # the millionth column
    with pytest.raises(Refused, match="用到第1,000,000列，没有导入"):
        read(package(tmp_path / "宽.xlsx", f'{BEGIN}<row r="1">{cells}</row>{END}'))


def test_rows_without_content_to_the_last_are_none(tmp_path: Path) -> None:
    empty = "".join(f'<row r="{at}" s="1" customFormat="1"><c r="A{at}" s="1"/></row>' for at in range(2, 1_048_577))
    book = read(package(tmp_path / "空.xlsx", f'{BEGIN}<row r="1"><c r="A1">{ONE}</row>{empty}{END}'))
    assert [list(row) for row in book.sheets[0].rows] == [[1.0]]


def test_a_repeated_row_of_an_ods_does_not_fill_the_memory(tmp_path: Path) -> None:
    names = " ".join(
        f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{key}:1.0"' for key in ("office", "table", "text")
    )
    cell = '<table:table-cell office:value="1" office:value-type="float" table:number-columns-repeated="900"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    body = f'<office:body><office:spreadsheet><table:table table:name="台账">{row}</table:table></office:spreadsheet>'
    with zipfile.ZipFile(tmp_path / "坏.ods", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        content = f"<office:document-content {names}>{body}</office:body></office:document-content>"
        parts.writestr("content.xml", content)
    with pytest.raises(Refused, match="没有导入"):
        read(tmp_path / "坏.ods")


@pytest.mark.parametrize(
    "sheet",
    [
        '<c r="A1"><f>' * 200_000, '<c r="A1" ' * 200_000, "<c " + 't="e" ' * 200_000 + "/>",
        "<c " + 'r="A1" ' * 200_000 + "/>", f'<row {"r=" * 9}{"1" * 200_000}"><v>', '<c t="e"><f>' + "x" * 2_000_000,
        f'<c r="A1">{" " * 2_000_000}', f'<row r="{"9" * 9_000}"><c r="A1">{ONE}',
    ],
)  # fmt: skip
def test_no_pattern_looks_at_a_long_sheet_again_and_again(tmp_path: Path, sheet: str) -> None:
    packed = Package(package(tmp_path / "慢.xlsx", sheet))  # what takes more than linear time ends by the time limit
    try:
        assert packed.holes("台账", "xl/worksheets/sheet1.xml") == []
    finally:
        packed.close()


def test_a_row_of_a_text_with_too_many_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "宽.csv"
    path.write_text("收文日期,标题\n" + ",".join(["x"] * 5_000), encoding="utf-8")
    with pytest.raises(Refused, match="用到第5,000列"):
        read(path)


def test_empty_columns_at_the_end_of_a_text_are_none(tmp_path: Path) -> None:
    path = tmp_path / "空列.csv"
    path.write_text("收文日期,标题" + "," * 16_000 + "\n2022.1.2,函\n", encoding="utf-8")
    assert read(path).sheets[0].rows[1] == ["2022.1.2", "函"]


@pytest.mark.parametrize("span", ["1000", "9" * 5_000, "²", "0", "-1"])
def test_cells_of_a_web_page_that_span_a_million_places_are_refused(span: str) -> None:
    page = f"<table>{f'<tr><td rowspan={span} colspan={span}>甲</td></tr>' * 20}</table>"
    if span == "1000":
        with pytest.raises(Refused, match="合并的单元格大得不正常"):
            sheet_of_block("", page)
    else:
        assert len(sheet_of_block("", page).rows) == 20


TRIGGER = "CREATE TRIGGER steal AFTER INSERT ON outgoing BEGIN UPDATE outgoing SET title = 'x'; END"
VIEW = "CREATE VIEW strange AS SELECT * FROM outgoing"
VIRTUAL = "CREATE VIRTUAL TABLE strange USING fts5(a)"


@pytest.mark.parametrize(
    ("statement", "kind"),
    [(TRIGGER, "触发器"), (VIEW, "视图"), (VIRTUAL, "虚拟表")],
    ids=["trigger", "view", "virtual"],
)
def test_a_ledger_with_statements_of_its_own_is_neither_opened_nor_restored(
    folder: Path, clock: Clock, tmp_path: Path, statement: str, kind: str
) -> None:
    source = back_up(folder / LEDGER, tmp_path / "外来.db")
    with closing(sqlite3.connect(source)) as stranger:
        stranger.execute(statement)
    before = (folder / LEDGER).read_bytes()
    with pytest.raises(StoreTrouble, match=kind) as met:
        restore(folder, source, catalogue_module.load(), clock(), sure=True)
    assert met.value.trouble is Trouble.NOT_A_LEDGER
    assert (folder / LEDGER).read_bytes() == before
    source.replace(folder / LEDGER)
    with pytest.raises(StoreTrouble, match=kind):
        Store.open(folder, "李喆", clock)


def test_the_name_of_an_attachment_in_a_ledger_from_elsewhere_leads_to_no_other_file(store: Store) -> None:
    record = saved(store, outgoing())
    (store.folder / "秘密.txt").write_text("不该读到", encoding="utf-8")
    for strange in ("../../秘密.txt", "/etc/passwd", "..", "", "A" * 64):
        assert not path_of(store.folder, strange).exists()
    assert path_of(store.folder, "a" * 64).name == "a" * 64
    assert record.id
