"""The command line: what each command says, writes and ends with."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from db.record import Record
from db.store import backup
from db.store.places import BACKUPS, LEDGER
from db.store.store import Store
from db.summaries.book import book_title
from desktop import cli
from desktop.settings import MachineSettings
from desktop.window.main import MainWindow
from tests.db.office import Clock
from tests.desktop.clerk import RECORDS, REGISTERS, by_key, sample

HOUSE = Path(__file__).parents[2]
PAGE = 4096  # bytes of a page of the database
Run = Callable[..., tuple[int, str, str]]
every_register = pytest.mark.parametrize("register", REGISTERS, ids=by_key)


@pytest.fixture
def run(folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command over the office's ledger: exit status, what was said, what was complained of."""
    monkeypatch.setattr(cli, "now", clock)

    def run(*arguments: object, data: Path = folder) -> tuple[int, str, str]:
        try:
            status = cli.run(["--data", str(data), *map(str, arguments)])
        except SystemExit as end:
            status = int(end.code or 0)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def words_of(path: Path) -> str:
    """The text of a PDF, without blanks."""
    return "".join("".join(leaf.get_textpage().get_text_range() for leaf in pypdfium2.PdfDocument(path)).split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",), ("figures",), ("figures", "--period", "2022-13"), ("figures", "--period", "二〇二二"),
        ("print",), ("print", "month", "2022-12"), ("print", "month", "2022", "-o", "x.pdf"),
        ("print", "month", "2022-00", "-o", "x.pdf"), ("search",), ("demo", "--year", "abc"), ("picture",),
    ],
)  # fmt: skip
def test_a_command_written_wrongly_ends_with_2_and_says_so_in_chinese(run: Run, arguments: tuple[str, ...]) -> None:
    status, said, complaint = run(*arguments)
    assert (status, said) == (cli.USAGE, "")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in complaint)


@pytest.mark.parametrize(
    "arguments",
    [
        ("figures", "--period", "2022"), ("check",), ("backup",), ("search", "工作"),
        ("print", "month", "2022-12", "-o", "x.pdf"), ("print", "register", REGISTERS[0].key(), "-o", "x.pdf"),
    ],
)  # fmt: skip
def test_a_folder_without_a_ledger_ends_with_3_and_none_is_made(
    run: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    status, said, complaint = run(*arguments, data=tmp_path / "空")
    assert (status, said) == (cli.TROUBLE, "")
    assert "里没有台账" in complaint
    assert not (tmp_path / "空").exists()


def test_a_ledger_that_is_open_elsewhere_ends_with_3(run: Run, store: Store) -> None:
    status, _said, complaint = run("check")
    assert status == cli.TROUBLE
    assert "台账已在另一处打开" in complaint


def test_the_demo_year_is_not_built_over_a_ledger(run: Run, folder: Path) -> None:
    before = (folder / LEDGER).read_bytes()
    status, said, complaint = run("demo", "--year", "2022")
    assert (status, said) == (cli.REFUSED, "")
    assert complaint
    assert (folder / LEDGER).read_bytes() == before


def declared_keys() -> list[str]:
    """The keys of all figures in their order; one that adds up over several registers stands once."""
    return list(dict.fromkeys(figure.key for register in REGISTERS for figure in register.FIGURES))


def test_figures_are_listed_as_json_with_every_field(run: Run) -> None:
    status, said, complaint = run("figures", "--period", "2022-12", "--json")
    assert (status, complaint) == (cli.DONE, "")
    figures = {figure["key"]: figure for figure in json.loads(said)}
    declared = declared_keys()
    assert [key for key in figures if key in declared] == declared
    for figure in figures.values():
        assert {"key", "label", "period", "value", "base", "unit"} <= set(figure)
        assert figure["period"] == "2022-12"
    assert 3 in [figure["value"] for figure in figures.values()]
    assert any(figure["base"] == 3 for figure in figures.values())


def test_figures_of_an_empty_period_have_no_rates(run: Run) -> None:
    figures = json.loads(run("figures", "--period", "1999", "--json")[1])
    assert {figure["value"] for figure in figures} == {0, None}
    assert "—" in run("figures", "--period", "1999")[1]


def test_figures_are_listed_for_people(run: Run) -> None:
    status, said, _complaint = run("figures", "--period", "2022")
    assert status == cli.DONE
    lines = [line.split("\t") for line in said.splitlines()]
    declared = declared_keys()
    assert [line[2] for line in lines if line[2] in declared] == declared


def test_the_month_is_printed_to_a_file(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "新文件夹" / "2022-12.pdf"
    status, said, complaint = run("print", "month", "2022-12", "-o", target)
    assert (status, complaint) == (cli.DONE, "")
    pages = len(pypdfium2.PdfDocument(target))
    assert said == f"{target}，{pages}页\n"
    words = words_of(target)
    assert "蓝山县人民政府办公室" in words
    assert "2022年12月" in words


@every_register
def test_the_check_of_a_registers_numbers_is_printed_to_a_file(
    run: Run, tmp_path: Path, register: type[Record]
) -> None:
    target = tmp_path / "核查.pdf"
    status, _said, complaint = run("print", "numbers", register.key(), "--year", "2022", "-o", target)
    assert (status, complaint) == (cli.DONE, "")
    assert target.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("register", REGISTERS)
def test_a_register_book_is_printed_to_a_file(run: Run, tmp_path: Path, register: type[Record]) -> None:
    target = tmp_path / "book.pdf"
    status, _said, complaint = run("print", "register", register.key(), "--year", "2022", "-o", target)
    assert (status, complaint) == (cli.DONE, "")
    words = words_of(target)
    assert book_title(register) in words
    assert all(f"第{n}件事" in words for n in range(3))
    status, _said, _complaint = run("print", "register", register.key(), "--year", "1999", "-o", target)
    assert status == cli.DONE
    assert "件事" not in words_of(target)


def test_an_unknown_register_is_refused_with_those_that_there_are(run: Run, tmp_path: Path) -> None:
    printing, search = (
        ("print", "register", "nonsense", "-o", tmp_path / "x.pdf"),
        ("search", "x", "--register", "nonsense"),
    )
    for arguments in (printing, search):
        status, said, complaint = run(*arguments)
        assert (status, said) == (cli.REFUSED, "")
        for register in REGISTERS:
            assert f"{register.key()}（{register.TITLE}）" in complaint


def test_a_file_that_cannot_be_written_ends_with_3(run: Run, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    status, said, complaint = run("print", "month", "2022-12", "-o", tmp_path / "文件" / "x.pdf")
    assert (status, said) == (cli.TROUBLE, "")
    assert "没能写出文件" in complaint
    status, _said, complaint = run("backup", "-o", tmp_path / "文件" / "x.db")
    assert status == cli.TROUBLE
    assert "没能写出备份" in complaint


@every_register
def test_search_finds_in_one_register_or_in_all(run: Run, register: type[Record]) -> None:
    status, said, _complaint = run("search", "第1件", "--register", register.key(), "--json")
    assert status == cli.DONE
    hits = json.loads(said)
    assert [(hit["register"], hit["id"]) for hit in hits] == [(register.key(), 2)]
    assert hits[0]["title"].endswith("第1件事")
    assert hits[0]["number"]
    everywhere = json.loads(run("search", "第1件", "--json")[1])
    assert [hit["register"] for hit in everywhere] == [register.key() for register in REGISTERS]
    assert len(run("search", "第1件")[1].splitlines()) == len(REGISTERS)
    assert json.loads(run("search", "子虚乌有", "--json")[1]) == []


def test_a_sound_ledger_is_said_to_be_sound(run: Run) -> None:
    status, said, complaint = run("check")
    assert (status, complaint) == (cli.DONE, "")
    assert said.startswith(f"台账完好：日志{RECORDS * len(REGISTERS)}条，校验码")


def test_a_ledger_that_was_changed_behind_the_program_is_found_out(run: Run, folder: Path, clock: Clock) -> None:
    store = Store.open(folder, "李喆", clock)
    store.connection.execute("UPDATE journal SET by = '别人' WHERE id = 5")
    store.close()
    status, said, complaint = run("check")
    assert (status, said) == (cli.TROUBLE, "")
    assert "日志从第5条起对不上" in complaint


def unused_pages(ledger: bytes) -> set[int]:
    """The pages (from 0) of the free list that hold nothing (SQLite file format, 1.5 The Freelist)."""
    unused: set[int] = set()
    trunk = int.from_bytes(ledger[32:36], "big")
    while trunk:
        page = ledger[(trunk - 1) * PAGE : trunk * PAGE]
        numbers = [int.from_bytes(page[at : at + 4], "big") for at in range(0, PAGE, 4)]
        unused |= {number - 1 for number in numbers[2 : 2 + numbers[1]]}
        trunk = numbers[0]
    return unused


def test_a_damaged_ledger_is_found_out(run: Run, folder: Path) -> None:
    path = folder / LEDGER
    whole = path.read_bytes()
    for page in sorted(set(range(1, len(whole) // PAGE, 7)) - unused_pages(whole)):
        start = page * PAGE
        path.write_bytes(whole[:start] + os.urandom(200) + whole[start + 200 :])
        status, said, complaint = run("check")
        assert (status, said) == (cli.TROUBLE, ""), f"page {page}"
        assert "损坏" in complaint
    for arguments in (("figures", "--period", "2022"), ("search", "工作"), ("backup",)):
        path.write_bytes(whole[:PAGE] + os.urandom(len(whole) - PAGE))
        status, said, complaint = run(*arguments)
        assert (status, said) == (cli.TROUBLE, "")
        assert complaint


def test_a_file_that_is_no_ledger_ends_with_3(run: Run, folder: Path) -> None:
    (folder / LEDGER).write_text("不是数据库" * 1000, encoding="utf-8")
    status, _said, complaint = run("figures", "--period", "2022")
    assert status == cli.TROUBLE
    assert "不是法治台账的数据库" in complaint


def test_a_backup_is_written_where_it_is_wanted_and_checked(run: Run, folder: Path, tmp_path: Path) -> None:
    status, said, _complaint = run("backup", "-o", tmp_path / "U盘" / "备份.db")
    assert status == cli.DONE
    assert str(tmp_path / "U盘" / "备份.db") in said
    assert backup.verify(tmp_path / "U盘" / "备份.db")[0] == RECORDS * len(REGISTERS)
    assert run("backup")[0] == cli.DONE
    assert [path.name for path in backup.backups_in(folder / BACKUPS)] == ["台账备份-20221230-100000.db"]


def test_a_backup_does_not_take_the_place_of_the_ledger_itself(run: Run, folder: Path) -> None:
    status, _said, complaint = run("backup", "-o", folder / LEDGER)
    assert (status, "台账自己" in complaint) == (cli.REFUSED, True)


def test_a_backup_is_restored_and_one_with_less_only_when_that_is_meant(run: Run, folder: Path, tmp_path: Path) -> None:
    run("backup", "-o", tmp_path / "旧.db")
    store = Store.open(folder, "李喆", Clock())
    store.save(sample(REGISTERS[0], store.rules, 9))
    store.close()
    status, said, complaint = run("restore", tmp_path / "旧.db")
    assert (status, said) == (cli.REFUSED, "")
    count = RECORDS * len(REGISTERS)
    assert f"备份里共{count}条" in complaint
    assert f"现有共{count + 1}条" in complaint
    assert "--yes" in complaint
    status, said, complaint = run("restore", tmp_path / "旧.db", "--yes")
    assert (status, complaint) == (cli.DONE, "")
    assert f"恢复前共{count + 1}条" in said
    assert f"现在共{count}条" in said
    assert run("check")[0] == cli.DONE
    (kept,) = (folder / BACKUPS).glob("恢复前备份-*.db")
    assert run("restore", kept)[0] == cli.DONE


def test_what_is_no_backup_is_not_restored(run: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "坏.db").write_bytes(b"not a database" * 500)
    for source in (tmp_path / "坏.db", tmp_path / "没有.db"):
        status, said, complaint = run("restore", source)
        assert (status, said) == (cli.TROUBLE, "")
        assert "台账没有动" in complaint
    assert run("check")[0] == cli.DONE


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("was_maximised", [False, True])
def test_a_picture_of_the_window_is_saved(run: Run, tmp_path: Path, qapp: QApplication, was_maximised: bool) -> None:
    settings = MachineSettings()
    if was_maximised:
        window = MainWindow(settings)
        window.showMaximized()
        settings.geometry = window.saveGeometry()
        window.close()
        window.deleteLater()
    status, said, _complaint = run("picture", "-o", tmp_path / "图" / "window.png")
    assert (status, said.strip()) == (cli.DONE, str(tmp_path / "图" / "window.png"))
    picture = QImage(str(tmp_path / "图" / "window.png"))
    assert picture.size().toTuple() == (1366, 768)
    colours = {picture.pixel(x, y) for x in range(0, 1366, 7) for y in range(0, 768, 7)}
    assert len(colours) > 10


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "desktop", *arguments], cwd=HOUSE, capture_output=True, text=True, check=False
    )


def test_the_program_tests_itself(tmp_path: Path) -> None:
    done = python("selftest")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == f"台账{len(REGISTERS)}本，逐页打开：好"
    assert lines[1].startswith("月度汇总")
    assert lines[1].endswith("页：好")


def test_the_exit_status_is_that_of_the_process_and_complaints_go_to_stderr(tmp_path: Path) -> None:
    done = python("--data", str(tmp_path / "空"), "check")
    assert (done.returncode, done.stdout) == (3, "")
    assert "里没有台账" in done.stderr
    assert "Traceback" not in done.stderr
    assert python("nonsense").returncode == 2
    assert python("--help").returncode == 0


def test_a_form_is_printed_by_the_number_of_its_record(run: Run, folder: Path, tmp_path: Path) -> None:
    status, said, _complaint = run("print", "form")
    assert status == cli.DONE
    assert "incoming_slip\t收文处理笺" in said
    connection = sqlite3.connect(folder / LEDGER)
    (number,) = connection.execute("SELECT number FROM outgoing WHERE number <> '' LIMIT 1").fetchone()
    connection.close()
    path, typed = tmp_path / "稿纸.pdf", number.replace("〔", "[").replace("〕", "]")
    status, said, complaint = run("print", "form", "draft_paper", "--number", typed, "-o", path)
    assert (status, complaint) == (cli.DONE, "")
    assert number in words_of(path)


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("nothing", "-o", "x.pdf"), cli.REFUSED, "没有“nothing”这张表单"),
        (("incoming_slip",), cli.USAGE, "请用-o"),
        (("incoming_slip", "--month", "2022-13", "-o", "x.pdf"), cli.USAGE, "13"),
        (("incoming_slip", "--number", "下〔2022〕999号", "-o", "x.pdf"), cli.REFUSED, "没有编号"),
    ],
)
def test_a_form_that_cannot_be_printed_is_told_in_words(
    run: Run,
    arguments: tuple[str, ...],
    status: int,
    words: str,
) -> None:
    found, _said, complaint = run("print", "form", *arguments)
    assert found == status
    assert words in complaint


def test_another_users_folder_is_told_as_such(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so that the folder is made to refuse; packaging/linux/troubles has the real one."""

    def refuse(path: Path, **_options: object) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", refuse)
    status, out, err = run("search", "文")
    assert (status, out) == (3, "")
    assert "权限" in err
    assert str(folder) in err
