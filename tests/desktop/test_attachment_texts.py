"""The text of attachments is read in the background, once for each file, and searched like that of the records."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.record import Record
from db.registers.incoming import Incoming
from db.store import attachment_texts, health
from db.store.attachments import attach, detach, of_record
from db.store.everywhere import Everywhere
from db.store.files import copy_in
from db.store.search import Filter, Listing
from db.store.store import Store
from desktop import cli, text_command
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.marking import found_text
from desktop.registers.page import RegisterPage
from desktop.registers.record_pages import ATTACHMENTS
from desktop.window import attachment_reading
from desktop.window.attachment_reading import AttachmentReading
from desktop.window.main import MainWindow
from tests.db.office import Clock
from tests.desktop.clerk import click
from tests.desktop.conftest import rest

DOCX = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    "<w:t>舜水河堤防加固工程概算</w:t></w:r></w:p></w:body></w:document>"
)
PDF_TEXT = "Shunshui River embankment 4711"


def docx(path: Path) -> Path:
    """A Word document of one sentence."""
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", DOCX)
    return path


def pdf(path: Path) -> Path:
    """A PDF of one line."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    canvas.drawString(72, 700, PDF_TEXT)
    canvas.save()
    return path


def sheet(path: Path) -> Path:
    """A workbook of one cell."""
    import openpyxl

    book = openpyxl.Workbook()
    book.worksheets[0]["B2"] = "移民安置补助"
    book.save(path)
    return path


def written(content: bytes, path: Path) -> Path:
    """A file of these bytes."""
    path.write_bytes(content)
    return path


@pytest.fixture
def reading(actions: Actions, jobs: Jobs, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[AttachmentReading]:
    """The background reading without its pauses."""
    monkeypatch.setattr(attachment_reading, "FIRST_MS", 0)
    monkeypatch.setattr(attachment_reading, "NEXT_MS", 0)
    reading = AttachmentReading(actions, jobs)
    yield reading
    reading.close()


def hung_on(store: Store, record: Record, file: Path, clock: Clock) -> None:
    """Attach a file to a record."""
    clock.tick()
    attach(store, record, [copy_in(store.folder, file, 1 << 30)])


def listing(store: Store, text: str) -> Listing:
    """Papers received under a search."""
    number = store.register_numbers["incoming"]
    return Listing(store.connection, Incoming, number, Filter(text=text), store.rules.today, store.rules.days)


def found(store: Store, text: str) -> list[int]:
    """The ids that a search finds; count and the search over all registers agree."""
    wanted = listing(store, text)
    assert wanted.count() == len(wanted.ids())
    assert dict(Everywhere(store, text).counts())[Incoming] == len(wanted.ids())
    return wanted.ids()


def all_read(store: Store, reading: AttachmentReading, jobs: Jobs, qtbot: QtBot) -> None:
    """Wait until every file was tried."""
    reading.start()
    qtbot.waitUntil(lambda: attachment_texts.unread(store.connection) is None and not jobs._jobs, timeout=60_000)


def test_texts_of_files_are_found_and_told(
    store: Store, actions: Actions, reading: AttachmentReading, jobs: Jobs, qtbot: QtBot, tmp_path: Path, clock: Clock
) -> None:
    first, second = store.load(Incoming, 1), store.load(Incoming, 2)
    hung_on(store, first, docx(tmp_path / "概算.docx"), clock)
    hung_on(store, second, pdf(tmp_path / "plan.pdf"), clock)
    hung_on(store, second, sheet(tmp_path / "名单.xlsx"), clock)
    assert found(store, "概算.docx") == [1]
    assert found(store, "堤防加固") == []
    all_read(store, reading, jobs, qtbot)
    assert found(store, "堤") == found(store, "堤防加固") == found(store, "工程概算 舜水河") == [1]
    assert found(store, "EMBANKMENT 4711") == found(store, "移民安置补助") == [2]
    subject = str(first.title)[:4]  # type: ignore[attr-defined]
    assert 1 in found(store, subject)
    told = found_text(listing(store, "堤防加固"), actions)
    assert told is not None
    assert told.told((1, None, "", "", "")) == "附件《概算.docx》：舜水河堤防加固工程概算"
    assert list(health.findings(store)) == []


def test_a_removed_attachment_takes_its_text_along_and_undo_brings_it_back(
    store: Store, reading: AttachmentReading, jobs: Jobs, qtbot: QtBot, tmp_path: Path, clock: Clock
) -> None:
    record = store.load(Incoming, 1)
    hung_on(store, record, docx(tmp_path / "概算.docx"), clock)
    all_read(store, reading, jobs, qtbot)
    clock.tick()
    detach(store, of_record(store, record)[0].id)
    assert found(store, "堤防加固") == found(store, "概算.docx") == []
    reading.start()
    count = "SELECT count(*) FROM search_attachment_text"
    qtbot.waitUntil(lambda: store.connection.execute(count).fetchone()[0] == 0 and not jobs._jobs)
    clock.tick()
    store.undo()
    assert found(store, "概算.docx") == [1]
    all_read(store, reading, jobs, qtbot)
    assert found(store, "堤防加固") == [1]


HOSTILE: list[tuple[str, Callable[[Path], Path]]] = [
    ("坏.pdf", lambda path: written(b"%PDF-1.7\n" + bytes(range(256)) * 40, path)),
    ("坏.docx", lambda path: written(b"PK\x03\x04" + b"\0" * 400, path)),
    ("坏.xlsx", lambda path: written(b"PK\x03\x04nothing", path)),
    ("空白.pdf", lambda path: written(b" ", path)),
    ("照片.jpg", lambda path: written(b"\xff\xd8\xff", path)),
]


@pytest.mark.parametrize(("name", "make"), HOSTILE, ids=[name for name, _make in HOSTILE])
def test_what_cannot_be_read_is_noted_and_not_tried_again(
    store: Store, reading: AttachmentReading, jobs: Jobs, qtbot: QtBot, tmp_path: Path, clock: Clock, name: str,
    make: Callable[[Path], Path],
) -> None:  # fmt: skip
    hung_on(store, store.load(Incoming, 1), make(tmp_path / name), clock)
    all_read(store, reading, jobs, qtbot)
    states = [row[0] for row in store.connection.execute("SELECT state FROM search_attachment_text")]
    assert states in (["failed"], ["nothing"])
    assert found(store, name) == [1]


def test_a_file_that_hangs_is_given_up(
    store: Store, actions: Actions, reading: AttachmentReading, jobs: Jobs, qtbot: QtBot, tmp_path: Path, clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    sleeper = tmp_path / "sleeper"
    sleeper.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(600)\n", encoding="utf-8")
    sleeper.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(sleeper))
    reading._watch.setInterval(200)
    hung_on(store, store.load(Incoming, 1), written("很长的文字".encode(), tmp_path / "长.txt"), clock)
    all_read(store, reading, jobs, qtbot)
    assert store.connection.execute("SELECT state FROM search_attachment_text").fetchall() == [("failed",)]


def test_the_end_of_the_program_leaves_the_rest_for_another_day(
    store: Store, reading: AttachmentReading, jobs: Jobs, qtbot: QtBot, tmp_path: Path, clock: Clock
) -> None:
    hung_on(store, store.load(Incoming, 1), docx(tmp_path / "概算.docx"), clock)
    reading.start()
    qtbot.waitUntil(lambda: reading._process is not None)
    reading.close()
    assert attachment_texts.unread(store.connection) is not None


def test_the_file_in_which_the_words_stand_is_chosen_and_tells_the_piece(
    store: Store, open_page: Callable[[str], RegisterPage], jobs: Jobs, qtbot: QtBot, tmp_path: Path, clock: Clock
) -> None:
    record = store.load(Incoming, 1)
    texts = {"甲.txt": "移民安置补助", "乙.txt": f"{'水' * 60}舜水河堤防加固{'土' * 60}"}
    for name, text in texts.items():
        hung_on(store, record, written(text.encode(), tmp_path / name), clock)
    for one in of_record(store, record):
        attachment_texts.keep(store.connection, one.sha256, texts[one.name])
    page = open_page("incoming")
    page.set_filter(Filter(text="堤防加固"))
    rest(jobs, qtbot)
    assert page.detail.tabs.tabText(ATTACHMENTS) == "附件 2（搜到 1）"
    page.detail.tabs.setCurrentIndex(ATTACHMENTS)
    files = page.detail.pages.attachments
    current = files.current()
    assert current is not None
    assert current.name == "乙.txt"
    table = files.table.records()
    assert table.found is not None
    assert table.found.told(table.row_at(1)).startswith("…水水舜水河堤防加固土")
    page.set_filter(Filter(text="移民安置"))
    rest(jobs, qtbot)
    assert (current := files.current()) is not None
    assert current.name == "甲.txt"
    page.set_filter(Filter(year=2022))
    rest(jobs, qtbot)
    page.show_record(record.id)
    assert page.detail.tabs.tabText(ATTACHMENTS) == "附件 2"
    rest(jobs, qtbot)


def test_the_reading_is_seen_stopped_by_a_click_and_goes_on_by_another(
    store: Store, window: MainWindow, reading: AttachmentReading, jobs: Jobs, qtbot: QtBot, tmp_path: Path, clock: Clock
) -> None:
    reading.told.connect(window.status.show_reading)
    window.status.reading_asked.connect(reading.turn)
    record = store.load(Incoming, 1)
    for n in range(3):
        hung_on(store, record, written(f"第{n}个文件".encode(), tmp_path / f"{n}.txt"), clock)
    reading.start()
    qtbot.waitUntil(lambda: reading._process is not None)
    button = window.status.reading
    assert button is not None
    assert button.text() == "正在读附件文字，还有 3 个"
    click(button)
    assert (button.text(), reading._process) == ("附件文字还有 3 个没读（已停）", None)
    rest(jobs, qtbot)
    reading.start()  # a change of the ledger does not begin it again
    assert not reading._timer.isActive()
    assert attachment_texts.unread_count(store.connection) == 3
    click(button)
    qtbot.waitUntil(lambda: attachment_texts.unread(store.connection) is None and not jobs._jobs, timeout=60_000)
    assert found(store, "第2个文件") == [1]
    qtbot.waitUntil(button.isHidden)


def test_a_file_too_large_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str],
                                     monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(text_command, "_limit_process", lambda: None)
    monkeypatch.setattr(text_command, "MOST_BYTES", 3)
    assert cli.run(["text", str(written(b"abcdef", tmp_path / "a.txt"))]) == cli.REFUSED
    assert "不取文字" in capfd.readouterr().err
