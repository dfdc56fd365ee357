"""The wizard of an import on a real window with real files: match, try, mend, write, take back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from db.registers.incoming import Incoming
from db.store.store import Store
from desktop.jobs import Jobs
from desktop.registers.import_steps import CHOOSE, MATCH, RESULT, TRY
from desktop.registers.importing import ImportPage
from desktop.registers.page import RegisterPage
from desktop.registers.plan_table import is_told
from desktop.window.main import MainWindow
from desktop.window.waiting import WaitPage
from tests.desktop.clerk import RECORDS
from tests.desktop.conftest import rest
from tests.desktop.wizard import BAD, HEAD, NEW, OTHER, book, chips, import_of, index_of, texts, titles

OpenPage = Callable[[str], RegisterPage]


@pytest.fixture
def opened(open_page: OpenPage, jobs: Jobs, qtbot: QtBot) -> Callable[[Path], ImportPage]:
    """Opens the import of the papers received with a file and waits for what follows."""
    return lambda path: import_of(open_page("incoming"), path, jobs, qtbot)


def test_a_sound_file_is_tried_at_once_and_nothing_is_written(
    opened: Callable[[Path], ImportPage], tmp_path: Path
) -> None:
    page = opened(book(tmp_path / "甲.xlsx", [NEW, OTHER, BAD]))
    assert page._step == TRY
    assert chips(page) == ["全部 3", "＋ 新增 2", "× 拒绝 1"]
    assert texts(page, 2)["结果"] == "× 拒绝"
    assert "30" in texts(page, 2)["说明"]
    assert page.forward.text() == "导入 2 条"
    assert Incoming.select().count() == RECORDS


def test_what_was_tried_is_written_in_one_step_and_taken_back_in_one(
    opened: Callable[[Path], ImportPage], window: MainWindow, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(book(tmp_path / "甲.xlsx", [NEW, OTHER]))
    page.forward.click()
    assert window.findChild(WaitPage) is not None
    rest(jobs, qtbot)
    assert titles(Incoming) >= {NEW[3], OTHER[3]}
    shown = window.current_register()
    assert shown is not None
    assert not shown.imports.is_shown
    assert shown.toast.sentence() == "已导入 2 条：新增 2，改动 0"
    shown.toast.undo_asked.emit()
    rest(jobs, qtbot)
    assert titles(Incoming).isdisjoint({NEW[3], OTHER[3]})


def test_a_cell_is_mended_in_place_and_its_row_checked_again(
    opened: Callable[[Path], ImportPage], jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(book(tmp_path / "甲.xlsx", [NEW, BAD]))
    table = page.review.table
    table.setCurrentIndex(index_of(page, 1, "收文日期"))
    QTest.keyClick(table, Qt.Key.Key_Return)
    editor = table.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "2022-02-30"
    editor.selectAll()
    QTest.keyClicks(editor, "2022.2.28")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.qWait(10)
    rest(jobs, qtbot)
    assert chips(page) == ["全部 2", "＋ 新增 2"]
    assert texts(page, 1)["收文日期"] == "2022-02-28"
    assert page.forward.text() == "导入 2 条"


def test_a_row_is_left_out_and_taken_in_again_by_key(
    opened: Callable[[Path], ImportPage], jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(book(tmp_path / "甲.xlsx", [NEW, OTHER]))
    for label, wanted in (("－ 跳过", "导入 1 条"), ("＋ 新增", "导入 2 条")):
        page.review.table.go_to(1)
        QTest.keyClick(page.review.table, Qt.Key.Key_Delete)
        rest(jobs, qtbot)
        assert texts(page, 1)["结果"] == label
        assert page.forward.text() == wanted


def test_what_is_there_already_is_shown_beside_and_opened_by_a_click(
    opened: Callable[[Path], ImportPage], store: Store, window: MainWindow, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    there = store.load(Incoming, 1)
    row = (
        there.received_on,
        there.from_unit,
        there.from_doc_no,
        f"{there.title}。",
        there.kind,
        there.source_level,
        there.medium,
    )
    page = opened(book(tmp_path / "甲.xlsx", [NEW, [there.number, *row]][1:], ("编号", *HEAD)))
    assert chips(page) == ["全部 1", "≠ 有改动 1"]
    assert there.number in texts(page, 0)["说明"]
    model = page.review.model
    assert model is not None
    place = next(at for at, heading in enumerate(model.headings) if heading.label == "标题")
    cell = model.cell(0, place)
    assert cell is not None
    assert (cell.before, cell.after) == (there.title, f"{there.title}。")
    table = page.review.table
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(model.index(0, 0)).center())
    shown = window.current_register()
    assert shown is not None
    assert shown.detail.record is not None
    assert shown.detail.record.id == there.id
    assert window.status._page.text() == shown.status_words() == "选中 1 条，列出 3 条", "no word of the import is left"
    shown.imports.open()
    assert page._step == TRY


def test_a_click_on_the_register_goes_to_its_list_and_the_import_is_gone_on_with(
    opened: Callable[[Path], ImportPage], window: MainWindow, tmp_path: Path
) -> None:
    page = opened(book(tmp_path / "甲.xlsx", [NEW, OTHER]))
    window.side.chosen.emit("incoming")
    shown = window.current_register()
    assert shown is not None
    assert not shown.imports.is_shown
    shown.imports.open()
    assert shown.imports.is_shown
    assert page._step == TRY


def test_refused_rows_are_saved_with_their_reasons_and_can_be_imported_when_mended(
    opened: Callable[[Path], ImportPage], jobs: Jobs, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(book(tmp_path / "甲.xlsx", [NEW, BAD]))
    page.forward.click()
    rest(jobs, qtbot)
    assert page._step == RESULT
    assert chips(page) == ["× 拒绝 1"]
    target = tmp_path / "拒绝.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(target), ""))
    page.rejects.click()
    rest(jobs, qtbot)
    saved = openpyxl.load_workbook(target)
    sheet = saved.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    assert head == [*HEAD, "不能导入的原因"]
    assert "30" in str(sheet.cell(2, len(head)).value)
    sheet.cell(2, 1).value = "2022-02-28"
    saved.save(target)
    page.forward.click()
    page = opened(target)
    assert chips(page) == ["全部 1", "＋ 新增 1"]


def test_a_column_is_chosen_by_keyboard_and_remembered(
    opened: Callable[[Path], ImportPage], jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    head = ("收文日期", "甲方", *HEAD[2:])
    page = opened(book(tmp_path / "甲.xlsx", [NEW], head))
    assert page._step == MATCH
    table = page.matching.table
    table.setCurrentCell(1, 2)
    QTest.keyClick(table, Qt.Key.Key_Return)
    box = table.findChild(QComboBox)
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData("from_unit"))
    box.activated.emit(box.currentIndex())
    assert page.matching.missing() == []
    page.forward.click()
    rest(jobs, qtbot)
    assert chips(page) == ["全部 1", "＋ 新增 1"]
    page.forward.click()
    rest(jobs, qtbot)
    page = opened(book(tmp_path / "乙.xlsx", [OTHER], head))
    assert page._step == TRY
    assert chips(page) == ["全部 1", "＋ 新增 1"]


def test_what_the_file_does_not_say_is_asked_once_for_all_rows(
    opened: Callable[[Path], ImportPage], jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    rows = [("3月5日", *NEW[1:-1])]
    page = opened(book(tmp_path / "甲.xlsx", rows, HEAD[:-1]))
    assert page._step == MATCH
    page.matching._given["medium"].setText("传真")
    page.forward.click()
    rest(jobs, qtbot)
    assert page._step == MATCH
    assert "年份" in page.matching.problem.sentence()
    page.matching.year.setText("2022")
    page.forward.click()
    rest(jobs, qtbot)
    assert chips(page) == ["全部 1", "＋ 新增 1"]
    assert texts(page, 0)["收文日期"] == "2022-03-05"


def test_a_file_without_a_known_heading_is_matched_by_hand(
    opened: Callable[[Path], ImportPage], jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(book(tmp_path / "甲.xlsx", [NEW], ("A", "B", "C", "D", "E", "F", "G")))
    assert page._step == MATCH
    assert "没有认出表头" in page.matching.problem.sentence()
    page.matching.heading.setValue(3)
    rest(jobs, qtbot)
    assert page.matching.table.item(0, 0).text() == "2022-03-05"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 not a table", b"PK\x03\x04broken"])
def test_a_file_that_cannot_be_read_is_told_where_it_was_chosen(
    opened: Callable[[Path], ImportPage], tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(content)
    page = opened(path)
    assert page._step == CHOOSE
    assert page.choosing.problem.isVisible()
    assert "没有导入" in page.choosing.problem.sentence()


def test_a_stopped_import_leaves_the_ledger_as_it_was(
    opened: Callable[[Path], ImportPage], store: Store, jobs: Jobs, qtbot: QtBot, tmp_path: Path, window: MainWindow
) -> None:
    page = opened(
        book(
            tmp_path / "甲.xlsx",
            [(NEW[0], NEW[1], f"蓝财〔2022〕{n}号", f"第{n}件", *NEW[4:]) for n in range(100, 700)],
        )
    )
    head = store.head()
    page.forward.click()
    cover = window.findChild(WaitPage)
    assert isinstance(cover, WaitPage)
    cover.skipped.emit()
    rest(jobs, qtbot)
    assert page._step == TRY
    assert Incoming.select().count() == RECORDS
    assert store.head() == head
    page.forward.click()
    rest(jobs, qtbot)
    assert Incoming.select().count() == RECORDS + 600


def test_a_file_dropped_on_the_list_begins_an_import(
    open_page: OpenPage, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = open_page("incoming")
    path = book(tmp_path / "甲.xlsx", [NEW])
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(path))])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPointF(5, 5).toPoint(), copy, files, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(page.list_page, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(page.list_page, QDropEvent(QPointF(5, 5), copy, files, Qt.MouseButton.LeftButton, none))
    rest(jobs, qtbot)
    rest(jobs, qtbot)
    assert page.imports.page is not None
    assert chips(page.imports.page) == ["全部 1", "＋ 新增 1"]


def test_esc_goes_back_step_by_step(opened: Callable[[Path], ImportPage], window: MainWindow, tmp_path: Path) -> None:
    page = opened(book(tmp_path / "甲.xlsx", [NEW]))
    for step in (MATCH, CHOOSE):
        QTest.keyClick(page, Qt.Key.Key_Escape)
        assert page._step == step
    QTest.keyClick(page, Qt.Key.Key_Escape)
    shown = window.current_register()
    assert shown is not None
    assert not shown.imports.is_shown


def test_enter_presses_the_button_that_has_the_focus(
    open_page: OpenPage, jobs: Jobs, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page("incoming")
    page.imports.open()
    path = book(tmp_path / "甲.xlsx", [NEW])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_given: (str(path), ""))
    assert page.imports.page is not None
    QTest.keyClick(page.imports.page.choosing.choose, Qt.Key.Key_Return)
    rest(jobs, qtbot)
    rest(jobs, qtbot)
    assert chips(page.imports.page) == ["全部 1", "＋ 新增 1"]


def test_ctrl_enter_goes_on_from_the_rows(
    opened: Callable[[Path], ImportPage], jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(book(tmp_path / "甲.xlsx", [NEW]))
    QTest.keyClick(page.review.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest(jobs, qtbot)
    assert NEW[3] in titles(Incoming)


def test_ctrl_enter_goes_on_from_the_columns(
    opened: Callable[[Path], ImportPage], window: MainWindow, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(book(tmp_path / "甲.xlsx", [NEW[:-1]], HEAD[:-1]))
    page.matching._given["medium"].setText("传真")
    assert window.focusWidget() is page.matching.table
    QTest.keyClick(page.matching.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest(jobs, qtbot)
    assert chips(page) == ["全部 1", "＋ 新增 1"]


def test_the_year_that_is_asked_for_is_what_is_typed_next(
    opened: Callable[[Path], ImportPage], window: MainWindow, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(book(tmp_path / "甲.xlsx", [("3月5日", *NEW[1:])]))
    rest(jobs, qtbot)
    assert page._step == MATCH
    focused = window.focusWidget()
    assert focused is page.matching.year
    QTest.keyClicks(focused, "2022")
    QTest.keyClick(focused, Qt.Key.Key_Return)
    rest(jobs, qtbot)
    assert texts(page, 0)["收文日期"] == "2022-03-05"


def test_a_result_whose_batch_is_undone_by_key_is_shown_no_longer(
    opened: Callable[[Path], ImportPage], window: MainWindow, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(book(tmp_path / "甲.xlsx", [NEW, BAD]))
    page.forward.click()
    rest(jobs, qtbot)
    assert page._step == RESULT
    window.undo()
    rest(jobs, qtbot)
    assert NEW[3] not in titles(Incoming)
    assert not page.isVisible()


def test_what_no_column_gives_is_said_to_be_filled_a_step_before(
    opened: Callable[[Path], ImportPage], jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(book(tmp_path / "甲.xlsx", [NEW, BAD]))
    assert "回上一步统一填" not in page._hint.text()
    page = opened(book(tmp_path / "乙.xlsx", [NEW[:4], BAD[:4]], HEAD[:4]))
    page.forward.click()
    rest(jobs, qtbot)
    assert page._step == TRY
    assert "回上一步统一填" in page._hint.text()


def test_what_was_guessed_stands_in_a_column_of_its_own_and_is_told_once(
    opened: Callable[[Path], ImportPage], jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(book(tmp_path / "甲.xlsx", [NEW[:4], OTHER[:4]], HEAD[:4]))
    page.forward.click()
    rest(jobs, qtbot)
    assert page._step == TRY
    row = texts(page, 1)
    assert (row["来文种类"], row["来文级别"], row["说明"]) == ("报告", "县直部门", "")
    place = index_of(page, 1, "来文种类")
    assert place.data(Qt.ItemDataRole.ToolTipRole) == "报告；表里没有写来文种类，按标题记作“报告”"
    assert not place.flags() & Qt.ItemFlag.ItemIsEditable
    found = page.review.model.row_plan(1) if page.review.model else None
    assert found is not None
    assert is_told(found, found.guessed["kind"])
    assert "来文种类没有写的 2 行，按标题填上（报告 2），请核对" in page.review.notes.text()
    QTest.keyClick(page.review.table, Qt.Key.Key_Delete)
    rest(jobs, qtbot)
    assert "来文种类没有写的 1 行" in page.review.notes.text()
