"""The office's tables as a clerk edits them: in place, by keyboard; what is refused stays where it was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from db.directory.calendar import DeadlineRule, WorkdayOverride
from db.directory.people import Person
from db.directory.units import Unit
from db.directory.vocabulary import TermRow
from db.registers.incoming import Incoming
from db.store.store import Store
from desktop import theme
from desktop.dialogs import office
from desktop.dialogs.amending import MovesDialog
from desktop.dialogs.asking import AskDialog
from desktop.dialogs.list_import import ListDialog
from desktop.dialogs.notice import NoticeDialog
from desktop.dialogs.settings import OfficeChoices, SettingsDialog
from desktop.dialogs.tables import TablePage
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.editors import ChoiceEditor
from desktop.registers.form import RegisterForm
from desktop.registers.marks import ProblemLine
from desktop.registers.words import OfficeWords
from desktop.settings import MachineSettings
from desktop.window.main import MainWindow
from tests.db.notices import NOTICE_2027
from tests.db.office import Clock, again, incoming, saved
from tests.desktop.clerk import ENTER, ESC, press, texts, type_text

D = TypeVar("D", bound=QDialog)


@pytest.fixture
def dialog(
    qapp: QApplication, actions: Actions, words: OfficeWords, jobs: Jobs, settings: MachineSettings
) -> Iterator[office.OfficeDialog]:
    """The settings on show."""
    theme.dress(qapp, "light")
    own = SettingsDialog(OfficeChoices({}, ()), settings, first=False)
    dialog = office.OfficeDialog(actions, words, jobs, own)
    dialog.show()
    dialog.activateWindow()
    assert QTest.qWaitForWindowActive(dialog)
    yield dialog
    dialog.deleteLater()


@pytest.mark.parametrize("larger", [0, 2])
def test_the_settings_fit_on_a_small_screen(
    qapp: QApplication, actions: Actions, words: OfficeWords, jobs: Jobs, settings: MachineSettings, larger: int
) -> None:
    theme.dress(qapp, "light", larger)
    dialog = office.OfficeDialog(actions, words, jobs, SettingsDialog(OfficeChoices({}, ()), settings, first=False))
    dialog.show()
    room = dialog.screen().availableSize()  # 800 × 800: narrower than what is asked for
    assert dialog.width() < room.width()
    assert dialog.height() < room.height()
    dialog.deleteLater()
    theme.dress(qapp, "light")


@pytest.fixture
def table(dialog: office.OfficeDialog) -> Callable[[int], Any]:
    """Opens a section with the focus in its table."""

    def open_section(at: int) -> Any:
        page = dialog.page(at)
        page.focus_first()
        return page

    return open_section


def only(kind: type[D]) -> D:
    """The one dialog of a kind that is on show."""
    (found,) = (widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind) and widget.isVisible())
    return found


def said(page: TablePage) -> str:
    """The problem under the table; empty when none is on show."""
    return page.problem.sentence() if page.problem.isVisible() else ""


def go(page: TablePage, name: str, field: str) -> None:
    """Put the cursor into the cell of a row by what its first column says."""
    names = [page.model.index(at, 0).data() for at in range(page.model.rowCount())]
    column = next(at for at, column in enumerate(page.model.columns) if column.name == field)
    page.view.setFocus()
    page.view.go_to(names.index(name), column)


def test_enter_on_a_section_goes_into_its_page_and_presses_no_button(
    dialog: office.OfficeDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: asked.append(1) or "")
    dialog.sections.setFocus()
    QTest.keyClick(dialog.sections, Qt.Key.Key_Return)
    assert dialog.focusWidget() is dialog.own.editors["office"]
    for _time in range(12):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert not asked
    assert dialog.isVisible()


def test_a_cell_is_edited_in_place_and_enter_goes_on(table: Callable[[int], TablePage]) -> None:
    page = table(office.UNITS)
    go(page, "县财政局", "short_name")
    press(ENTER)
    type_text("财政局")
    press(ENTER)
    assert Unit.get(Unit.name == "县财政局").short_name == "财政局"
    type_text("财局")
    press(Qt.Key.Key_Tab)
    press(ESC)
    assert Unit.get(Unit.name == "县财政局").aliases == "财局"
    page.undo()
    assert Unit.get(Unit.name == "县财政局").aliases == ""


def test_what_is_refused_stays_in_its_cell_with_the_reason_and_esc_takes_it_back(
    table: Callable[[int], TablePage], dialog: office.OfficeDialog
) -> None:
    page = table(office.UNITS)
    go(page, "县财政局", "name")
    press(ENTER)
    type_text("县教育局")
    press(ENTER)
    press(ESC)
    assert said(page) == "“县教育局”已是县教育局的名称，两个单位不能同名"
    assert page.model.index(page.view.currentIndex().row(), 0).data() == "县教育局"
    assert Unit.select().where(Unit.name == "县财政局").exists()
    dialog.reject()
    assert dialog.isVisible()
    page.view.go_to(page.view.currentIndex().row(), 0)
    press(ESC)
    assert said(page) == ""
    assert page.model.index(page.view.currentIndex().row(), 0).data() == "县财政局"
    dialog.reject()
    assert not dialog.isVisible()


def test_a_new_unit_is_found_by_pinyin_at_once(table: Callable[[int], TablePage], words: OfficeWords) -> None:
    page = table(office.UNITS)
    page.go_to_new()
    type_text("县乡村振兴局")
    press(ENTER)
    press(ESC)
    assert [one.text for one in words.complete("unit", "xxczxj")] == ["县乡村振兴局"]
    page.search.setText("xczx")
    assert [row.name for row in page.model._rows if row.name] == ["县乡村振兴局"]


def test_a_reform_closes_the_unit_and_one_in_a_circle_is_refused_at_its_field(
    table: Callable[[int], TablePage],
) -> None:
    page = table(office.UNITS)
    go(page, "县财政局", "name")
    press(Qt.Key.Key_Delete)
    asked = only(AskDialog)
    asked.editors["last_day"].set_value(date(2022, 12, 1))
    asked.editors["successor"].set_value("县财政局")
    asked.take()
    QTest.qWait(0)
    assert "县财政局的并入或改为不能是它自己" in texts(asked)
    asked.editors["successor"].set_value("县财政金融局")
    asked.take()
    assert Unit.get(Unit.name == "县财政局").successor == "县财政金融局"
    assert Unit.get(Unit.name == "县财政金融局").active_from == date(2022, 12, 2)
    names = [row.name for row in page.model._rows]
    assert "县财政局" not in names
    page.all_rows.setChecked(True)
    assert "县财政局" in [row.name for row in page.model._rows]


def test_a_list_of_people_is_pasted_and_those_known_are_left_out(table: Callable[[int], TablePage]) -> None:
    table(office.PEOPLE)._import()
    found = only(ListDialog)
    found.text.setPlainText("姓名\t职务\n李喆\t主任\n陈𫖯\t科员")
    assert found.button.text() == "导入 1 项"
    assert "1项已在表里，不再导入" in texts(found)
    found.button.click()
    assert Person.get(Person.name == "陈𫖯").post == "科员"


def test_a_word_is_taken_out_of_use_and_moved(table: Callable[[int], Any], store: Store) -> None:
    page = table(office.WORDS)
    page.choice.setCurrentIndex(page.choice.findData("urgency"))
    go(page, "特急", "word")
    press(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert store.rules.words("urgency")[:3] == ("平件", "特急", "加急")
    press(Qt.Key.Key_Delete)
    assert "特急" not in store.rules.words("urgency")
    assert TermRow.get(TermRow.vocabulary == "urgency", TermRow.word == "特急").is_active is False


def test_a_new_word_is_offered_in_a_form_that_is_open(
    table: Callable[[int], Any], actions: Actions, words: OfficeWords
) -> None:
    form = RegisterForm(Incoming, actions, words)
    page = table(office.WORDS)
    page.choice.setCurrentIndex(page.choice.findData("urgency"))
    page.go_to_new()
    type_text("限时")
    press(ENTER)
    editor = form.editors["urgency"]
    assert isinstance(editor, ChoiceEditor)
    assert "限时" in [row.text for row in editor.all_offers()]
    form.deleteLater()


def settled(page: Any, jobs: Jobs, qtbot: QtBot) -> None:
    """Wait until what was asked for is looked at or written."""
    qtbot.waitUntil(lambda: not jobs._jobs and page.isEnabled())


def test_a_limit_is_changed_after_the_moves_were_shown(
    table: Callable[[int], Any], store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    record = saved(store, incoming(from_doc_no="塔政〔2022〕99号"))
    page = table(office.TIME_LIMITS)
    page.search.setText("请示答复")
    page.view.setFocus()
    page.view.go_to(0)
    press(ENTER)
    asked = only(AskDialog)
    asked.editors["valid_from"].set_value(date(2022, 12, 28))
    quantity = asked.editors["quantity"].control
    for typed in ("-3", "99999"):
        quantity.type_text(typed)
        asked.take()
        QTest.qWait(0)
        assert asked.isVisible()
        assert any(line.isVisible() for line in asked.findChildren(ProblemLine))
    quantity.type_text("5")
    assert asked.editors["label"].value() == "请示答复：5个工作日"
    asked.take()
    settled(page, jobs, qtbot)
    moves = only(MovesDialog)
    model = moves.view.rows
    shown = [[model.index(row, column).data() for column in range(5)] for row in range(model.rowCount())]
    assert ["收文", record.number, record.title, "2023-01-12", "2023-01-05"] in shown
    moves.button.click()
    settled(page, jobs, qtbot)
    assert again(store, record).due_on == date(2023, 1, 5)
    page.undo()
    assert again(store, record).due_on == date(2023, 1, 12)
    assert DeadlineRule.select().where(DeadlineRule.name == "incoming.request").count() == 1


def test_a_day_is_made_a_rest_day_by_the_space_bar(
    table: Callable[[int], Any], store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    saved(store, incoming(from_doc_no="塔政〔2022〕99号"))
    page = table(office.CALENDAR)
    page.year.go_to(date(2022, 12, 29))
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Space)
    settled(page, jobs, qtbot)
    only(MovesDialog).reject()
    page.window().activateWindow()  # no window manager gives the focus back here
    assert QTest.qWaitForWindowActive(page.window())
    assert store.rules.days.is_workday(date(2022, 12, 30))
    press(Qt.Key.Key_Space)
    settled(page, jobs, qtbot)
    only(MovesDialog).button.click()
    settled(page, jobs, qtbot)
    assert not store.rules.days.is_workday(date(2022, 12, 30))
    assert Incoming.get(Incoming.from_doc_no == "塔政〔2022〕99号").due_on == date(2023, 1, 13)


def test_the_board_leads_to_the_calendar(window: MainWindow) -> None:
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, office.OfficeDialog)
        seen.extend(texts(dialog))
        dialog.reject()

    QTimer.singleShot(0, look)
    window.open_settings(section=office.CALENDAR)
    assert "工作日历" in seen


def test_a_notice_that_contradicts_itself_waits_until_each_line_is_mended_or_confirmed(
    table: Callable[[int], Any], store: Store, jobs: Jobs, qtbot: QtBot, clock: Clock
) -> None:
    clock.go(date(2026, 11, 25))
    page = table(office.CALENDAR)
    page.paste_notice()
    notice = only(NoticeDialog)
    assert not notice.button.isEnabled()
    notice.text.setPlainText(NOTICE_2027.replace("1月1日（周五）", "1月1日（周四）").replace("5月8日", "2月30日"))
    QTest.qWait(0)
    words = "\n".join(texts(notice))
    assert "第3行 元旦：1月1日写的是周四，2027年这一天是周五" in words
    assert "第6行 劳动节：没有2月30日这一天" in words
    assert not notice.button.isEnabled()
    notice.text.setPlainText(NOTICE_2027.replace("1月1日（周五）", "1月1日（周四）"))
    assert not notice.button.isEnabled()
    QTest.qWait(0)
    (box,) = (box for box in notice.findChildren(QCheckBox) if not box.isHidden())
    box.click()
    assert notice.button.text() == "录入 33 天"
    notice.button.click()
    settled(page, jobs, qtbot)
    assert WorkdayOverride.select().count() == 33
    assert store.rules.days.missing_year(date(2026, 12, 1)) is None
    assert "放假安排已有" in texts(page)
