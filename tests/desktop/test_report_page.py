"""年度报告 in the window: numbers that open their rows, claims, filing, drift, export, and last year's report."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from db.errors import Refused, StoreTrouble
from db.store.store import Store
from db.summaries.annual.appendix import working_copy
from db.summaries.annual.reading import report_text
from db.summaries.annual.templates import put_template, template
from desktop import theme
from desktop.dialogs.form_text import FormTextDialog
from desktop.dialogs.report_reading import ReportReadingDialog
from desktop.jobs import Jobs
from desktop.printing.annual import laid
from desktop.registers.actions import Actions
from desktop.registers.marks import ProblemLine
from desktop.summaries.report_page import ReportPage
from desktop.window.main import MainWindow
from tests.db.office import Clock, decided, outgoing
from tests.desktop.conftest import rest

REPORT = Path(__file__).parents[1] / "reference" / "annual" / "report-2022.txt"
TEXT = "2022年度报告\n\n第一责任人履职，印发文件{{out_total}}件，{{dec_step_full=100：均严格履行法定程序}}。"
Open = Callable[[], ReportPage]


@pytest.fixture
def opened(window: MainWindow, store: Store, clock: Clock, jobs: Jobs, qtbot: QtBot) -> Open:
    """Opens the page of 2022 in January, by a template of two sentences."""

    def opened() -> ReportPage:
        put_template(store, "试", TEXT)
        clock.go(date(2023, 1, 10))
        window.open_page("report")
        page = window.stack.currentWidget()
        assert isinstance(page, ReportPage)
        rest(jobs, qtbot)
        return page

    return opened


def ask(page: ReportPage, target: str) -> None:
    """Click a link of the text."""
    page.text.anchorClicked.emit(QUrl(target))


def test_the_year_that_ended_is_on_show_with_its_numbers(opened: Open, actions: Actions) -> None:
    page = opened()
    count = actions.figures().rows("out_total", _year())
    assert page.year.currentText() == "2022年"
    assert f"印发文件{len(count)}件" in page.text.toPlainText()
    assert page.state.text() == "草稿"
    assert "都能追到台账" in page.traced.text()


def _year() -> object:
    from db.figures import Period

    return Period.year(2022)


def test_a_click_on_a_number_tints_it_and_shows_its_rows_beside(opened: Open, actions: Actions) -> None:
    page = opened()
    rows = actions.figures().rows("out_total", _year())  # type: ignore[arg-type]
    ask(page, "fact:out_total")
    assert page.pane.title.text() == "印发文件"
    assert page.pane.number.text() == f"{len(rows)}件"
    assert "不含作废" in page.pane.words.text()
    assert "上年同期 0" in page.pane.words.text()
    assert page.pane.table.model().rowCount() == len(rows)
    assert "font-weight:600" in page.text.toHtml().replace(" ", "")


def test_the_list_behind_a_number_opens_and_so_does_one_record(opened: Open, window: MainWindow) -> None:
    page = opened()
    ask(page, "fact:out_total")
    count = page.pane.table.model().rowCount()
    page.pane.open_button.click()
    register = window.current_register()
    assert register is not None
    assert register.table.model().rowCount() == count
    window.open_page("report")
    page.pane.table.activated.emit(page.pane.table.model().index(0, 0))
    assert window.current_register() is register


def test_a_claim_that_fails_stands_on_top_names_its_rows_and_is_rewritten(
    opened: Open, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    store.save(decided())
    broken = store.save(decided(title="缺了一步的决策", risk_on=None, risk_unit="", risk_level="", risk_result=""))
    page = opened()
    text = page.text.toPlainText()
    assert "“均严格履行法定程序”不成立" in text
    assert text.index("不成立") < text.index("第一责任人")
    ask(page, "rows:0")
    titles = [page.pane.table.model().index(row, 2).data() for row in range(page.pane.table.model().rowCount())]
    assert "缺了一步的决策" in titles
    assert len(titles) == len(page._standing.report.claims[0].rows)  # type: ignore[union-attr]
    assert broken.keys[0] in page._standing.report.claims[0].rows  # type: ignore[union-attr]
    ask(page, "rewrite:0")
    rest(jobs, qtbot)
    assert "其中{{dec_full}}件严格履行法定程序" in template("试").text
    assert "不成立" not in page.text.toPlainText()


def test_a_claim_in_a_template_of_the_program_is_rewritten_in_a_copy(
    opened: Open, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    store.save(decided(title="缺了一步的决策", risk_on=None, risk_unit="", risk_level="", risk_result=""))
    page = opened()
    page.template.setCurrentText("本办结构（三部分）")
    page.template.activated.emit(page.template.currentIndex())
    rest(jobs, qtbot)
    at = next(at for at, one in enumerate(page._standing.report.claims) if one.state == "broken")  # type: ignore[union-attr]
    ask(page, f"rewrite:{at}")
    rest(jobs, qtbot)
    assert template("本办结构（三部分）（本办修改）").is_own


def test_filing_freezes_and_a_late_entry_is_told_as_drift(
    opened: Open, store: Store, actions: Actions, jobs: Jobs, qtbot: QtBot
) -> None:
    page = opened()
    if any(one.kind == "must" for one in page._standing.report.findings):  # type: ignore[union-attr]
        ask(page, "rewrite:0")
        rest(jobs, qtbot)
    page.file_button.click()
    rest(jobs, qtbot)
    assert page.state.text() == "已封存"
    assert "封存" in page.words.text()
    before = page.text.toPlainText()
    actions.save(outgoing(title="补录的一件"))
    rest(jobs, qtbot)
    assert page.state.text() == "已封存，1 个数字有变动"
    text = page.text.toPlainText()
    assert "补录的一件" in text
    assert text.endswith(before[-60:])
    ask(page, "drift:0")
    assert page.pane.table.model().rowCount() == 1
    assert page.file_button.text() == "重新起草"
    page.file_button.click()
    rest(jobs, qtbot)
    assert page.state.text() == "草稿"


def test_filing_while_something_must_be_settled_says_what(
    opened: Open, store: Store, window: MainWindow, jobs: Jobs, qtbot: QtBot
) -> None:
    page = opened()
    put_template(store, "试", "2022年度报告\n\n印发{{没有}}件。")
    page.refresh()
    rest(jobs, qtbot)
    assert "第3行第3字" in page.text.toPlainText()
    assert "1 处须处理" in page.status_words()
    with qtbot.waitSignal(page.trouble) as told:
        page.file_button.click()
    assert isinstance(told.args[0], Refused)
    assert page.state.text() == "草稿"


@pytest.mark.parametrize("kind", ["Word 文档 (*.docx)", "PDF (*.pdf)", "PDF 工作稿，附数据来源 (*.pdf)"])
def test_the_report_is_exported(
    opened: Open, jobs: Jobs, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    page = opened()
    path = tmp_path / ("报告.docx" if "docx" in kind else "报告.pdf")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: (str(path), kind))
    page.save_button.click()
    rest(jobs, qtbot)
    if path.suffix == ".docx":
        assert "第一责任人履职" in report_text(path)
    else:
        document = pypdfium2.PdfDocument(path)
        text = "".join("".join(leaf.get_textpage().get_text_range() for leaf in document).split())
        assert ("数据来源" in text) == ("数据来源" in kind)


def test_a_place_that_cannot_be_written_is_told(opened: Open, jobs: Jobs, qtbot: QtBot, tmp_path: Path) -> None:
    page = opened()
    page.trouble.disconnect()
    with qtbot.waitSignal(page.trouble) as told:
        page.export(tmp_path / "没有的文件夹" / "报告.docx")
    rest(jobs, qtbot)
    assert isinstance(told.args[0], StoreTrouble)


def test_last_years_report_is_read_confirmed_and_becomes_the_template(
    opened: Open, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_asked: (str(REPORT), ""))
    page.read_button.click()
    dialog = page.findChild(ReportReadingDialog)
    dialog.pick.click()
    numbers = dialog.numbers
    told = {one.figure: at for at, one in enumerate(numbers.bindings)}
    study = numbers.bindings[told["study_law"]]
    assert study.start not in numbers.taken  # “每月”: for the clerk to decide
    numbers.setData(numbers.index(told["study_law"], 0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    dialog.table.selectRow(told["sup_notice"])
    dialog.figure.setCurrentIndex(0)
    dialog.figure.activated.emit(0)
    dialog.name.setText("去年的")
    dialog.button.click()
    rest(jobs, qtbot)
    text = template("去年的").text
    assert "集体学法{{study_law}}次" in text
    assert "督办通知58件" in text
    assert page.template.currentText() == "去年的"


def test_a_file_that_cannot_be_read_is_told_in_the_dialog(opened: Open, tmp_path: Path) -> None:
    page = opened()
    page.read_report()
    dialog = page.findChild(ReportReadingDialog)
    dialog.text.setPlainText("全年印发文件283件")
    (tmp_path / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)
    dialog.open_report(tmp_path / "旧.doc")
    assert dialog.problem.isVisibleTo(dialog)
    assert "另存为" in dialog.problem.sentence()
    assert dialog.text.toPlainText() == "全年印发文件283件"
    dialog.button.click()  # without a name
    assert "名字" in dialog.problem.sentence()
    dialog.reject()


def test_the_office_edits_the_template_and_a_fault_is_told_at_its_line(opened: Open, jobs: Jobs, qtbot: QtBot) -> None:
    page = opened()
    page.edit_button.click()
    dialog = page.findChild(FormTextDialog)
    assert "印发文件【印发文件】件，【决策程序完备率=100：" in dialog.text.toPlainText()
    assert "印发文件" in [dialog.names.itemText(at) for at in range(dialog.names.count())]
    rest(jobs, qtbot)
    assert dialog.desk.page_count() == 1
    dialog.text.setPlainText("2022年度报告\n\n共【印发文件件。")
    dialog.button.click()
    assert "第3行第2字" in dialog.findChild(ProblemLine).sentence()
    assert dialog.text.toPlainText().endswith("【印发文件件。")
    dialog.text.setPlainText("2022年度报告\n\n共")
    dialog.text.moveCursor(QTextCursor.MoveOperation.End)
    at = dialog.names.findText("印发文件")
    dialog.names.setCurrentIndex(at)
    dialog.names.activated.emit(at)
    dialog.text.insertPlainText("件。")
    dialog.button.click()
    rest(jobs, qtbot)
    assert template("试").text.endswith("共{{印发文件}}件。")
    assert re.search("共\\d+件。", page.text.toPlainText())


def test_the_text_follows_another_colour_scheme(opened: Open, qapp: QApplication) -> None:
    page = opened()
    ask(page, "fact:out_total")
    theme.dress(qapp, "dark")
    qapp.sendPostedEvents()
    assert theme.DARK["accent"].lower() in page.text.toHtml()
    assert theme.LIGHT["accent"].lower() not in page.text.toHtml()
    theme.dress(qapp, "light")


def test_every_number_of_the_report_opens_its_rows_and_leads_to_the_appendix(
    opened: Open, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    page = opened()
    office = page.template.findText("本办结构（三部分）")
    page.template.setCurrentIndex(office)
    page.template.activated.emit(office)
    rest(jobs, qtbot)
    report = page._standing.report
    html = "".join(page.text._text(report))
    loose = re.sub("<a .*?</a>|<[^>]*>", "", html, flags=re.DOTALL)
    assert re.findall(r"[0-9]+(?:件|次|项|份|场|个|%)", loose) == []
    linked = re.findall("href='fact:([^']*)'", html)
    assert len(linked) >= 11
    appendix = {part.anchor for part in working_copy(store, report).appendix}
    for key in linked:
        fact = report.fact(key)
        ask(page, f"fact:{key}")
        assert page.pane.table.model().rowCount() == min(len(fact.rows), 200)
        assert key in appendix
    printed = [link.fact for paragraph in report.paragraphs for link in laid(paragraph, report)[2]]
    assert printed == linked
