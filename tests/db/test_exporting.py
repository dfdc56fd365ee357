"""Ledgers taken out to files: every value is there, in its kind; nothing runs as a formula, nothing half is left."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from db.errors import Cancelled, Refused, StoreTrouble, Trouble
from db.exchange.columns import IDENTITY, SheetColumn, line_columns, number_label, record_columns, sheet_title
from db.exchange.csv_writing import GB18030
from db.exchange.exporting import Exported, Selection, export, export_all
from db.exchange.guarding import guarded, unguarded
from db.record import Line, Record
from db.registers.incoming import Incoming, Instruction
from db.rules import secrecy
from db.store.conditions import is_one_of
from db.store.search import Filter, Listing
from db.store.store import Store
from tests.db.office import incoming, no_room, saved, with_lines
from tests.db.readonly import make_unwritable

RISKY = ('=HYPERLINK("http://x")', "+86 746 2213456", "-5", "@甲", "＝1+1", "'=1", "00123", "430000199001011234",
         "a_x0041_b", "<甲>&乙", "𬀩䶮喆")  # fmt: skip


@pytest.fixture
def unwritable() -> Iterator[Callable[[Path], None]]:
    """Makes a folder unwritable until the test ends."""
    with make_unwritable() as make:
        yield make


def stored(store: Store, register: type[Record]) -> list[list[Any]]:
    """What a whole register holds, in the order of its columns and by number."""
    names = ",".join(f'"{column.field.column_name}"' for column in record_columns(register))
    return [list(row) for row in store.connection.execute(
        f'SELECT {names} FROM "{register.key()}" WHERE deleted_at IS NULL ORDER BY series, year, sequence, id'
    )]  # fmt: skip


def stored_lines(store: Store, register: type[Record], kind: type[Line]) -> list[list[Any]]:
    """What the lines of one kind hold, with number and identity of their records, in the order of these."""
    names = ",".join(
        f'r."{column.name[6:]}"' if column.name.startswith("owner.") else f'l."{column.field.column_name}"'
        for column in line_columns(register, kind)
    )
    return [list(row) for row in store.connection.execute(
        f'SELECT {names} FROM "{kind.key()}" l JOIN "{register.key()}" r ON r.id = l.owner_id '
        "WHERE r.deleted_at IS NULL ORDER BY r.series, r.year, r.sequence, r.id, l.position, l.id"
    )]  # fmt: skip


def as_stored(value: Any, column: SheetColumn) -> Any:
    """A cell as calamine reads it, in the form in which the ledger keeps it."""
    if column.kind == "flag":
        return int({"是": True, "否": False}[value])
    if value == "":
        return None if column.field.null else ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    back = {label: key for key, label in column.words}
    return back.get(value, value)


def sheet_rows(book: CalamineWorkbook, title: str, columns: list[SheetColumn]) -> list[list[Any]]:
    """The rows of a sheet below its headings, which must be those of the columns, as the ledger keeps them."""
    head, *rows = book.get_sheet_by_name(title).to_python()
    assert head == [column.label for column in columns]
    return [[as_stored(value, column) for value, column in zip(row, columns, strict=True)] for row in rows]


def test_every_value_of_every_register_is_in_the_workbook(demo: Store, tmp_path: Path) -> None:
    made = export_all(demo, tmp_path / "全部.xlsx")
    book = CalamineWorkbook.from_path(str(made.files[0]))
    records = lines = 0
    for register in demo.catalogue:
        wanted = stored(demo, register)
        assert sheet_rows(book, sheet_title(register), record_columns(register)) == wanted
        records += len(wanted)
        for kind in register.LINES:
            wanted = stored_lines(demo, register, kind)
            title = sheet_title(register, kind)
            assert (title in book.sheet_names) == bool(wanted)
            if wanted:
                assert sheet_rows(book, title, line_columns(register, kind)) == wanted
            lines += len(wanted)
    assert (made.records, made.lines, made.notes) == (records, lines, ())
    assert [path.name for path in tmp_path.iterdir()] == ["全部.xlsx"]


def csv_rows(text: str) -> list[list[str]]:
    """The rows of a .csv text without their guards."""
    return [[unguarded(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]


def as_csv(value: Any, column: SheetColumn) -> str:
    """A stored value as a .csv file has it."""
    if column.kind == "flag":
        return "是" if value else "否"
    return "" if value is None else dict(column.words).get(value, str(value))


@pytest.mark.parametrize("encoding", ["utf-8-sig", GB18030])
def test_every_value_of_every_register_is_in_packed_csv(demo: Store, tmp_path: Path, encoding: str) -> None:
    export_all(demo, tmp_path / "全部.zip", encoding)
    with zipfile.ZipFile(tmp_path / "全部.zip") as packed:
        for register in demo.catalogue:
            columns = record_columns(register)
            head, *rows = csv_rows(packed.read(f"{register.TITLE}.csv").decode(encoding))
            assert head == [column.label for column in columns]
            assert rows == [[as_csv(value, one) for value, one in zip(row, columns, strict=True)]
                            for row in stored(demo, register)]  # fmt: skip


def test_the_lines_of_a_csv_lie_beside_it(demo: Store, tmp_path: Path) -> None:
    made = export(demo, [Selection(Incoming)], tmp_path / "收.csv")
    assert [path.name for path in made.files] == ["收.csv", "收-领导批示.csv", "收-传阅.csv", "收-催办.csv"]
    rows = csv_rows(made.files[1].read_text("utf-8-sig"))
    assert len(rows) == 1 + len(stored_lines(demo, Incoming, Instruction))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in made.files)


def test_a_folder_gets_a_workbook_for_each_register(demo: Store, tmp_path: Path) -> None:
    made = export_all(demo, tmp_path / "台账")
    assert {path.name for path in made.files} == {f"{register.TITLE}.xlsx" for register in demo.catalogue}
    assert all(path.stat().st_size for path in made.files)


def test_labels_of_a_sheet_are_told_apart(demo: Store) -> None:
    for register in demo.catalogue:
        for columns in (record_columns(register), *(line_columns(register, kind) for kind in register.LINES)):
            labels = [column.label for column in columns]
            assert len(set(labels)) == len(labels), register.key()


def one_paper(store: Store, *texts: str) -> Incoming:
    """A paper with an instruction for each text."""
    lines = [Instruction(leader="李喆", text=text) for text in texts]
    return saved(store, with_lines(incoming(), *lines))


def test_what_begins_like_a_formula_is_a_text(store: Store, tmp_path: Path) -> None:
    record = one_paper(store, *RISKY)
    path = tmp_path / "收文.xlsx"
    export(store, [Selection(Incoming)], path)
    book = openpyxl.load_workbook(path)
    cells = [row[3] for row in book["收文·领导批示"].iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(RISKY)
    assert [cell.quotePrefix for cell in cells] == [text[0] in "=+-@＝" for text in RISKY]
    assert "<f" not in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    found = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("收文·领导批示").to_python()
    assert [row[3] for row in found[1:]] == [line.text for line in record.lines(Instruction)] == list(RISKY)


def test_numbers_that_are_names_stay_text_when_they_are_edited(store: Store, tmp_path: Path) -> None:
    saved(store, incoming(caller_phone="07462213456", archive_no="430000199001011234"))
    export(store, [Selection(Incoming)], tmp_path / "收文.xlsx")
    page = openpyxl.load_workbook(tmp_path / "收文.xlsx")["收文"]
    cells = {page.cell(1, cell.column).value: cell for cell in page[2]}
    for label, text in (("电话", "07462213456"), ("归档号", "430000199001011234")):
        assert (cells[label].value, cells[label].number_format, cells[label].data_type) == (text, "@", "s")
    assert cells["收文日期"].is_date
    assert cells["收文日期"].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("text", [*RISKY, "", "甲", "'甲", "''=1", "'", "12", "\t甲", "123456789012"])
def test_a_guard_is_taken_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(tuple("=+-@\t\r＝＋－＠"))


def test_a_csv_holds_no_formula(store: Store, tmp_path: Path) -> None:
    one_paper(store, *RISKY)
    made = export(store, [Selection(Incoming)], tmp_path / "收文.csv")
    raw = list(csv.reader(io.StringIO(made.files[1].read_text("utf-8-sig"))))
    assert not [cell for row in raw for cell in row if cell.startswith(tuple("=+-@＝"))]
    assert [unguarded(row[3]) for row in raw[1:]] == list(RISKY)


def test_the_head_stays_and_is_printed_on_every_page(demo: Store, tmp_path: Path) -> None:
    december = Filter(conditions=(is_one_of("received_on", "2022-12"),))  # a head is a head over fewer rows, too
    export(demo, [Selection(Incoming, december)], tmp_path / "收文.xlsx")
    page = openpyxl.load_workbook(tmp_path / "收文.xlsx")["收文"]
    rows = len(shown(demo, december, ("title",)))
    assert rows > 500
    assert page.freeze_panes == "B2"
    assert page.print_title_rows == "$1:$1"
    assert page.print_options.gridLines
    days = next(at for at, cell in enumerate(page[1], 1) if cell.value == Incoming.label("received_on"))
    assert page.cell(2, days).alignment.horizontal == "center"
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.auto_filter.ref.startswith("A1:")
    assert page.auto_filter.ref.endswith(str(rows + 1))
    assert page.dimensions == f"A1:{get_column_letter(page.max_column)}{rows + 1}"
    letters = {cell.value: get_column_letter(at) for at, cell in enumerate(page[1], 1)}
    widths = {label: page.column_dimensions[letters[label]].width for label in ("标题", "份数", "来文单位")}
    assert widths["标题"] > widths["来文单位"] > widths["份数"]
    assert page.column_dimensions[letters[IDENTITY]].hidden


def shown(store: Store, wanted: Filter, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """What a list of papers shows under a filter."""
    number, rules = store.register_numbers[Incoming.key()], store.rules
    return Listing(store.connection, Incoming, number, wanted, rules.today, rules.days).rows(names, 0, -1)


def test_what_a_list_shows_is_written_in_its_order_and_columns(demo: Store, tmp_path: Path) -> None:
    wanted = Filter(text="公路", year=2022, order="received_on", descending=False)
    names = ("number", "received_on", "title", "stage")
    made = export(demo, [Selection(Incoming, wanted, names)], tmp_path / "公路.xlsx")
    head, *rows = CalamineWorkbook.from_path(str(made.files[0])).get_sheet_by_index(0).to_python()
    assert head == [number_label(Incoming), "收文日期", "标题", "阶段"]
    assert rows
    assert made.records == len(rows)
    assert [[as_stored(cell, column) for cell, column in zip(row, record_columns(Incoming, names), strict=True)]
            for row in rows] == [list(row[1:]) for row in shown(demo, wanted, names)]  # fmt: skip
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    assert CalamineWorkbook.from_path(str(made.files[0])).sheet_names == ["收文"]


def test_of_a_classified_paper_only_its_number_goes_out(store: Store, tmp_path: Path) -> None:
    record = saved(store, incoming(security=secrecy.RESERVED, title="关于某事的请示", remarks="不可外传"))
    export(store, [Selection(Incoming)], tmp_path / "收文.xlsx")
    columns = record_columns(Incoming)
    rows = sheet_rows(CalamineWorkbook.from_path(str(tmp_path / "收文.xlsx")), "收文", columns)
    shown = {column.name: value for column, value in zip(columns, rows[0], strict=True) if value not in ("", None)}
    assert shown == {
        "number": record.number, "security": secrecy.RESERVED, "title": secrecy.TITLE, "stage": "filed",
        "uuid": record.uuid,
    }  # fmt: skip


def test_a_text_that_no_cell_holds_is_cut_and_told(store: Store, tmp_path: Path) -> None:
    long = "𬀩" * 20_000  # 40,000 units of UTF-16
    one_paper(store, long)
    made = export(store, [Selection(Incoming)], tmp_path / "收文.xlsx")
    assert len(made.notes) == 1
    assert "第2行“批示内容”" in made.notes[0]
    assert "32,767" in made.notes[0]
    assert "CSV" in made.notes[0]
    found = CalamineWorkbook.from_path(str(made.files[0])).get_sheet_by_name("收文·领导批示").to_python()
    assert found[1][3] == "𬀩" * 16_383
    export(store, [Selection(Incoming)], tmp_path / "收文.csv")
    assert long in (tmp_path / "收文-领导批示.csv").read_text("utf-8-sig")


def left(folder: Path) -> list[str]:
    """The names in a folder."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", ["收文.xlsx", "收文.csv", "收文.zip"])
def test_a_cancelled_export_leaves_nothing(demo: Store, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("以前的")
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        told.append((done, total))
        return done < 3_000

    with pytest.raises(Cancelled):
        export(demo, [Selection(Incoming)], tmp_path / name, progress=progress)
    assert left(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "以前的"
    assert told[-1][0] >= 3_000
    assert told[0][1] > len(stored(demo, Incoming))
    with demo.change("之后还能登记"):
        pass


@pytest.mark.parametrize("name", ["收文.xlsx", "收文.csv", "收文.zip"])
def test_a_no_room_leaves_nothing(demo: Store, tmp_path: Path, name: str) -> None:
    with no_room(20_000), pytest.raises(StoreTrouble) as caught:
        export(demo, [Selection(Incoming)], tmp_path / name)
    assert caught.value.trouble is Trouble.FULL
    assert left(tmp_path) == []


def test_a_folder_that_cannot_be_written_to_is_named(
    demo: Store, tmp_path: Path, unwritable: Callable[[Path], None]
) -> None:
    folder = tmp_path / "只读"
    folder.mkdir()
    unwritable(folder)
    with pytest.raises(StoreTrouble, match="只读") as caught:
        export(demo, [Selection(Incoming)], folder / "收文.xlsx")
    assert caught.value.trouble is Trouble.READ_ONLY


@pytest.mark.parametrize("lock", [".~lock.收文.xlsx#", "~$收文.xlsx", ".~收文.xlsx"])
def test_a_file_that_is_open_in_an_office_program_is_not_overwritten(store: Store, tmp_path: Path, lock: str) -> None:
    one_paper(store, "甲")
    target = tmp_path / "收文.xlsx"
    target.write_text("打开着")
    (tmp_path / lock).write_text("")
    with pytest.raises(Refused, match="正在表格软件里打开着"):
        export(store, [Selection(Incoming)], target)
    assert target.read_text() == "打开着"


def test_nothing_to_write_and_unknown_suffixes_are_refused(store: Store, tmp_path: Path) -> None:
    for act in (
        lambda: export(store, [Selection(Incoming)], tmp_path / "空.xlsx"),
        lambda: export_all(store, tmp_path / "空.xlsx"),
        lambda: export(store, [Selection(Incoming)], tmp_path / "空.doc"),
        lambda: export_all(store, tmp_path / "空.csv"),
    ):
        with pytest.raises(Refused):
            act()
    assert left(tmp_path) == ["数据"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_workbook(demo: Store, tmp_path: Path) -> None:
    made: Exported = export(demo, [Selection(demo.catalogue["proposal"])], tmp_path / "建议.xlsx")
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
               "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", str(tmp_path), str(made.files[0])]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    rows = list(csv.reader(io.StringIO((tmp_path / "建议.csv").read_text("utf-8-sig"), newline="")))
    assert len(rows) == 1 + made.records
    assert [row[0] for row in rows[1:]] == [row[0] for row in stored(demo, demo.catalogue["proposal"])]
