"""The tab 附件: files dropped on the record, listed, previewed, opened as copies, removed, brought back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from db.rules import secrecy
from db.store import attachments
from db.store.files import path_of
from db.store.store import Store
from desktop.jobs import Jobs
from desktop.registers.attached import AttachmentsView
from desktop.registers.importing import ImportPage
from desktop.registers.page import RegisterPage
from tests.db.office import incoming, saved
from tests.desktop.clerk import CTRL, ENTER, button, click, press
from tests.desktop.conftest import rest

Open = Callable[[str], RegisterPage]
ALT = Qt.KeyboardModifier.AltModifier
COPY = Qt.DropAction.CopyAction
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def page(open_page: Open) -> RegisterPage:
    """The list of papers received."""
    return open_page("incoming")


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A scanned paper of two pages on the clerk's desk."""
    path = tmp_path / "来文扫描件.pdf"
    canvas = Canvas(str(path))
    for _page in range(2):
        canvas.rect(80, 80, 430, 640)
        canvas.showPage()
    canvas.save()
    return path


def mime_of(*paths: Path) -> QMimeData:
    """What a file manager hands over."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def offered(target: QWidget, mime: QMimeData) -> bool:
    """Whether a widget takes what is dragged over it."""
    event = QDragEnterEvent(QPoint(5, 5), COPY, mime, LEFT, NONE)
    event.ignore()
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def drop(page: RegisterPage, *paths: Path, on: QWidget | None = None) -> None:
    """Drop files on the record, or on a part of it."""
    mime, target = mime_of(*paths), on or page.detail.pages
    assert offered(target, mime)
    QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), COPY, mime, LEFT, NONE))


def view_of(page: RegisterPage) -> AttachmentsView:
    """The attachments beside the list."""
    return page.detail.pages.attachments


def names(page: RegisterPage) -> list[str]:
    """The names in the list."""
    records = view_of(page).table.records()
    return [records.text_at(row, 0) for row in range(records.rowCount())]


def test_files_dropped_on_the_record_are_attached_and_shown(
    page: RegisterPage, scan: Path, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    plan = tmp_path / "方案.docx"
    plan.write_bytes(b"PK")
    drop(page, scan, plan)
    rest(jobs, qtbot)
    assert names(page) == ["来文扫描件.pdf", "方案.docx"]
    assert page.detail.tabs.tabText(1) == "附件 2"
    assert page.detail.tabs.currentIndex() == 1
    assert "不预览" in view_of(page).viewer._words.text()
    view_of(page).table.step(-1)
    qtbot.waitUntil(lambda: view_of(page).viewer.desk.page_count() == 2)
    press(Qt.Key.Key_2, ALT)
    press(Qt.Key.Key_Delete)
    assert names(page) == ["方案.docx"]
    press(Qt.Key.Key_Z, CTRL)
    assert names(page) == ["来文扫描件.pdf", "方案.docx"]
    rest(jobs, qtbot)


@pytest.mark.parametrize("name", ["title", "proposed_opinion"])
def test_a_file_dropped_on_a_field_goes_to_the_record_not_into_the_text(
    page: RegisterPage, scan: Path, jobs: Jobs, qtbot: QtBot, name: str
) -> None:
    editor = page.detail.form.editors[name]
    before = editor.value()
    drop(page, scan, on=getattr(editor.control, "viewport", lambda: editor.control)())
    rest(jobs, qtbot)
    assert editor.value() == before
    assert names(page) == ["来文扫描件.pdf"]


def copied(*paths: Path) -> None:
    """Copy files in the file manager."""
    QApplication.clipboard().setMimeData(mime_of(*paths))


def test_a_file_copied_in_the_file_manager_is_pasted_on_the_record_from_its_list(
    page: RegisterPage, scan: Path, jobs: Jobs, qtbot: QtBot
) -> None:
    copied(scan)
    page.table.setFocus()
    press(Qt.Key.Key_V, CTRL)
    rest(jobs, qtbot)
    assert names(page) == ["来文扫描件.pdf"]
    assert page.detail.tabs.currentIndex() == 1
    press(Qt.Key.Key_A, CTRL)
    page.table.setFocus()
    press(Qt.Key.Key_A, CTRL)
    press(Qt.Key.Key_V, CTRL)
    rest(jobs, qtbot)
    assert page.toast.sentence() == "剪贴板里是文件：要作附件，先选中一条再粘贴。"
    assert page.currentWidget() is page.list_page


def test_a_copied_file_of_any_kind_is_pasted_among_the_attachments(
    page: RegisterPage, scan: Path, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    table = tmp_path / "附表.xlsx"
    table.write_bytes(b"PK")
    copied(scan, table)
    press(Qt.Key.Key_2, ALT)
    press(Qt.Key.Key_V, CTRL)
    rest(jobs, qtbot)
    assert names(page) == ["来文扫描件.pdf", "附表.xlsx"]
    QApplication.clipboard().setText("几个字")
    press(Qt.Key.Key_V, CTRL)
    assert view_of(page)._progress.text() == "剪贴板里没有文件"


def test_a_copied_table_is_imported_where_it_is_pasted_on_the_list(
    page: RegisterPage, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    table = tmp_path / "收文.csv"
    table.write_text("收文日期,来文单位,标题\n2022-12-07,县财政局,关于第一件事的请示\n", encoding="utf-8")
    copied(table)
    page.table.setFocus()
    press(Qt.Key.Key_V, CTRL)
    rest(jobs, qtbot)
    assert isinstance(page.currentWidget(), ImportPage)


def test_a_file_dropped_on_a_new_entry_is_answered_with_the_way_to_attach_it(page: RegisterPage, scan: Path) -> None:
    press(Qt.Key.Key_N, CTRL)
    entry = page.entry
    assert entry is not None
    drop(page, scan, on=entry.form.editors["title"])
    said = entry.toast.sentence()
    assert said.startswith("“来文扫描件.pdf”没有加上：这一条还没有登记")
    assert "再把文件拖上去" in said
    assert entry.form.typed() == {}


def test_the_good_ones_of_several_files_are_kept_and_the_others_named(
    page: RegisterPage, scan: Path, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    empty = tmp_path / "空.txt"
    empty.touch()
    drop(page, empty, scan, tmp_path)
    rest(jobs, qtbot)
    assert names(page) == ["来文扫描件.pdf"]
    for words in ("已添加附件 1 个", "“空.txt”是空文件", "是文件夹，没有添加"):
        assert words in page.toast.sentence()
    drop(page, scan)
    rest(jobs, qtbot)
    assert "“来文扫描件.pdf”已在附件里" in page.toast.sentence()


def test_the_same_file_of_another_record_is_noticed(page: RegisterPage, scan: Path, jobs: Jobs, qtbot: QtBot) -> None:
    drop(page, scan)
    rest(jobs, qtbot)
    first = page.detail.record
    page.step(1)
    drop(page, scan)
    rest(jobs, qtbot)
    assert first is not None
    assert f"同一文件也附在收文{first.number}" in page.toast.sentence()


class Desktop(QObject):
    """Stands for the programs of the system."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    """Takes what would be opened."""
    desktop = Desktop()
    QDesktopServices.setUrlHandler("file", desktop, "take")
    yield desktop
    QDesktopServices.unsetUrlHandler("file")


def test_a_read_only_copy_is_opened_never_the_file_itself(
    page: RegisterPage, jobs: Jobs, qtbot: QtBot, tmp_path: Path, desktop: Desktop, store: Store
) -> None:
    plan = tmp_path / "方案.docx"
    plan.write_bytes(b"PK plan")
    drop(page, plan)
    rest(jobs, qtbot)
    press(Qt.Key.Key_2, ALT)
    press(ENTER)
    rest(jobs, qtbot)
    (copy,) = desktop.opened
    assert copy.name == "方案.docx"
    assert copy.read_bytes() == b"PK plan"
    assert not copy.stat().st_mode & 0o222
    assert store.folder not in copy.parents


def test_a_program_is_stored_but_never_opened(
    page: RegisterPage, jobs: Jobs, qtbot: QtBot, tmp_path: Path, desktop: Desktop
) -> None:
    script = tmp_path / "方案.pdf.sh"
    script.write_text("#!/bin/sh\n")
    drop(page, script)
    rest(jobs, qtbot)
    click(view_of(page).open_button)
    rest(jobs, qtbot)
    assert desktop.opened == []
    assert "程序不打开它" in page.toast.sentence()
    assert names(page) == ["方案.pdf.sh"]


def test_an_attachment_is_saved_elsewhere(
    page: RegisterPage, scan: Path, jobs: Jobs, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(page, scan)
    rest(jobs, qtbot)
    target = tmp_path / "U盘" / "副本.pdf"
    target.parent.mkdir()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(target), ""))
    click(button(view_of(page), "另存为..."))
    rest(jobs, qtbot)
    assert target.read_bytes() == scan.read_bytes()


def test_files_are_picked_as_well(
    page: RegisterPage, scan: Path, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(Qt.Key.Key_2, ALT)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_given: ([str(scan)], ""))
    click(view_of(page).add_button)
    rest(jobs, qtbot)
    assert names(page) == ["来文扫描件.pdf"]


@pytest.mark.parametrize("name", ["照片.png", "照片.jpg"])
def test_pictures_are_shown_and_what_only_claims_to_be_one_is_said(
    page: RegisterPage, jobs: Jobs, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    image = QImage(120, 80, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    assert image.save(str(tmp_path / name))
    drop(page, tmp_path / name)
    rest(jobs, qtbot)
    qtbot.waitUntil(lambda: view_of(page).viewer.desk.page_count() == 1)
    for wrong in ("假的.png", "假的.pdf"):
        (tmp_path / wrong).write_bytes(f"no {wrong}".encode())
        drop(page, tmp_path / wrong)
        rest(jobs, qtbot)
        rest(jobs, qtbot)
        assert f"“{wrong}”不能预览" in view_of(page).viewer._words.text()


def test_a_file_altered_behind_the_programs_back_is_not_shown(
    page: RegisterPage, scan: Path, jobs: Jobs, qtbot: QtBot, store: Store
) -> None:
    paper = page.detail.record
    assert paper is not None
    drop(page, scan)
    rest(jobs, qtbot)
    rest(jobs, qtbot)
    (one,) = attachments.of_record(store, paper)
    path_of(store.folder, one.sha256).write_bytes(b"%PDF other")
    view_of(page)._shown = ""
    page.detail.show_record(paper)
    rest(jobs, qtbot)
    assert "被改动过" in view_of(page).viewer._words.text()


def test_a_placeholder_takes_no_files(page: RegisterPage, store: Store, scan: Path, jobs: Jobs, qtbot: QtBot) -> None:
    kept = saved(store, incoming(security=secrecy.RESERVED))
    page.show_record(kept.id)
    rest(jobs, qtbot)
    press(Qt.Key.Key_2, ALT)
    assert not view_of(page).add_button.isEnabled()
    drop(page, scan)
    rest(jobs, qtbot)
    assert attachments.of_record(store, kept) == []
