"""Forms in the window and on the command line: from the record's menu to the sheet, and from its code back."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.store.codes import code_of
from db.summaries.office_forms import Templates
from desktop.dialogs.form_text import FormTextDialog
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.marks import ProblemLine
from desktop.registers.page import RegisterPage
from desktop.summaries.print_page import PrintPage
from desktop.window.main import MainWindow
from tests.desktop.clerk import CTRL, click, press, texts
from tests.desktop.conftest import rest
from tests.desktop.test_print_page import words_of

Open = Callable[[str], RegisterPage]


def form_on_show(window: MainWindow, jobs: Jobs, qtbot: QtBot) -> PrintPage:
    """The print page once its pages are made."""
    page = window.stack.currentWidget()
    assert isinstance(page, PrintPage)
    rest(jobs, qtbot)
    return page


def test_the_menu_of_a_record_offers_its_forms_and_prints_one(
    open_page: Open, window: MainWindow, actions: Actions, jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("incoming")
    record = page.detail.record
    assert record is not None
    papers = page.detail._papers
    papers.aboutToShow.emit()
    offered = {action.data(): action for action in papers.actions()}
    assert list(offered) == [one.key for one in Templates(actions.store).of_record(record)]
    offered["circulation_sheet"].trigger()
    printing = form_on_show(window, jobs, qtbot)
    assert printing.choices.report.currentText() == "表单"
    assert printing.choices.form.currentText() == "传阅单"
    words = words_of(printing)
    assert "传阅单" in words
    assert record.number in words
    assert "".join(record.title.split()) in words  # type: ignore[attr-defined]


def test_a_form_asks_for_a_number_and_finds_the_record(
    window: MainWindow, actions: Actions, jobs: Jobs, qtbot: QtBot
) -> None:
    window.open_page("print")
    page = form_on_show(window, jobs, qtbot)
    page.show_form("incoming_slip")
    rest(jobs, qtbot)
    assert page.preview.desk.page_count() == 0
    assert not page.print_button.isEnabled()
    assert "请写编号" in page.choices.words.text()
    register = actions.store.catalogue["incoming"]
    record = next(row for row in register.select() if row.medium != "电话")  # type: ignore[attr-defined]
    page.choices.number.setText(record.number)
    page.choices.number.returnPressed.emit()
    rest(jobs, qtbot)
    assert record.number in words_of(page)
    assert page.print_button.isEnabled()
    page.choices.number.setText("下〔2022〕999号")
    page.choices.number.returnPressed.emit()
    assert "没有编号" in page.choices.words.text()
    assert page.print_button.isEnabled()


def test_the_code_of_a_sheet_opens_its_record(
    open_page: Open, window: MainWindow, actions: Actions, jobs: Jobs, qtbot: QtBot
) -> None:
    record = actions.latest(actions.store.catalogue["outgoing"])
    assert record is not None
    page = open_page("incoming")
    press(Qt.Key.Key_F, CTRL)
    QApplication.clipboard().setText(code_of(record))
    page.search.paste()
    opened = window.current_register()
    assert opened is not None
    assert opened.register.key() == "outgoing"
    assert opened.detail.record is not None
    assert opened.detail.record.id == record.id
    assert page.search.text() == ""


def test_the_code_of_another_office_is_told_in_words(open_page: Open, window: MainWindow) -> None:
    page = open_page("incoming")
    page.search.setText(f"fazhi:incoming:{uuid.uuid4().hex}")
    assert page.search.text() == ""
    assert any("不是本台账里的记录" in words for words in texts(page.toast))
    assert window.current_register() is page


def test_the_office_edits_the_words_of_a_form_and_sees_them_at_once(
    window: MainWindow, actions: Actions, jobs: Jobs, qtbot: QtBot
) -> None:
    window.open_page("print")
    page = form_on_show(window, jobs, qtbot)
    record = actions.latest(actions.store.catalogue["outgoing"])
    assert record is not None
    page.show_form("draft_paper", ("outgoing", record.id))
    rest(jobs, qtbot)
    click(page.choices.wording)
    dialog = page.findChild(FormTextDialog)
    typed = dialog.text.toPlainText()
    dialog.text.setPlainText(typed.replace("【拟稿人】", "【拟稿员】"))
    click(dialog.button)
    assert dialog.isVisible()
    (told,) = (line.sentence() for line in dialog.findChildren(ProblemLine))
    assert told == "“【拟稿员】”不是这本台账的项目；是不是“拟稿人”"
    dialog.text.setPlainText(typed.replace("发文稿纸", "公文拟稿纸"))
    click(dialog.button)
    rest(jobs, qtbot)
    assert "公文拟稿纸" in words_of(page)
    assert page.choices.form.currentText() == "公文拟稿纸"
    window.undo()
    page.choices.refresh_forms()
    rest(jobs, qtbot)
    assert "发文稿纸" in words_of(page)


def test_the_bundled_words_come_back_and_a_name_is_put_where_the_cursor_stands(
    window: MainWindow, actions: Actions, jobs: Jobs, qtbot: QtBot
) -> None:
    window.open_page("print")
    page = form_on_show(window, jobs, qtbot)
    page.show_form("draft_paper")
    page.edit_wording("draft_paper")
    dialog = page.findChild(FormTextDialog)
    whole = dialog.text.toPlainText()
    dialog.text.setPlainText("名称：别的")
    dialog.text.moveCursor(QTextCursor.MoveOperation.End)
    dialog.names.setCurrentIndex(dialog.names.findText("拟稿人"))
    dialog.names.activated.emit(dialog.names.currentIndex())
    assert dialog.text.toPlainText() == "名称：别的【拟稿人】"
    click(dialog.back)
    assert dialog.text.toPlainText() == whole
    dialog.reject()
    assert not Templates(actions.store).is_own("draft_paper")


def test_the_page_follows_the_text_and_faults_stand_at_their_lines(
    window: MainWindow, actions: Actions, jobs: Jobs, qtbot: QtBot
) -> None:
    window.open_page("print")
    page = form_on_show(window, jobs, qtbot)
    page.edit_wording("draft_paper")  # no record is chosen: the newest is shown
    dialog = page.findChild(FormTextDialog)
    rest(jobs, qtbot)
    assert dialog.desk.page_count() == 1
    lines = dialog.text.toPlainText().splitlines()
    assert "台账：发文" in lines
    place = next(at for at, line in enumerate(lines, 1) if "【标题】" in line)
    dialog.text.setPlainText("\n".join(lines).replace("【标题】", "【标题", 1))
    dialog.draw()
    rest(jobs, qtbot)
    (told,) = dialog.findChildren(ProblemLine)
    assert told.sentence().startswith(f"第{place}行：“【标题”没有写完")
    (marked,) = dialog.text.extraSelections()
    assert marked.cursor.blockNumber() + 1 == place
    assert dialog.desk.page_count() == 1
    assert "改之前" in dialog.said.text()
    told.fix_asked.emit(str(place))
    assert dialog.text.textCursor().blockNumber() + 1 == place
    dialog.text.setPlainText("\n".join(lines).replace("【标题】", "【标提】", 1))
    dialog.draw()
    rest(jobs, qtbot)
    assert [one.cursor.blockNumber() + 1 for one in dialog.text.extraSelections()] == [place]
    dialog.text.undo()
    dialog.text.setPlainText("\n".join(lines))
    dialog.draw()
    rest(jobs, qtbot)
    assert dialog.text.extraSelections() == []
    assert dialog.said.text() == ""
    dialog.reject()


def test_brackets_of_the_office_itself_are_left_as_they_are(qtbot: QtBot) -> None:
    kept: list[str] = []
    dialog = FormTextDialog("试", "标题：【急】{编号}", ["编号"], kept.append, lambda: "")
    qtbot.addWidget(dialog)
    assert dialog.text.toPlainText() == "标题：【急】{编号}"
    dialog.take()
    assert kept == ["标题：【急】{编号}"]
