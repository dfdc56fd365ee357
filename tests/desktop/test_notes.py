"""Problems and notes with a way out: the same paper twice, a number twice, days out of order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from db.directory.units import Unit
from db.registers.incoming import Incoming
from db.registers.legal_case import Agent, LegalCase
from db.registers.outgoing import Outgoing
from db.store.office import put_unit
from db.store.store import Store
from desktop.registers.entry import EntryPage
from desktop.registers.form import RegisterForm
from desktop.registers.marks import NoteLine, ProblemLine
from desktop.registers.page import RegisterPage
from desktop.registers.words import OfficeWords
from desktop.window.main import MainWindow
from tests.desktop.clerk import CTRL, ENTER, button, click, field_in, fill, press, sentences, texts, type_text

Open = Callable[[str], RegisterPage]
FORESEE_MS = 250  # longer than a form waits after the last key
SAME = "与上〔2022〕1号（2022-12-05，纸质公文）的来文字号相同"


def retype(form: RegisterForm, name: str, words: str) -> None:
    """Type something else into a field."""
    form.focus(name)
    press(Qt.Key.Key_A, CTRL)
    type_text(words)


def problems(form: RegisterForm) -> list[str]:
    """What keeps the record from being saved."""
    shown = form.findChildren(ProblemLine)
    return [line.sentence() for line in shown if line.isVisible() and not isinstance(line, NoteLine)]


def same_paper_again(open_page: Open, store: Store, qtbot: QtBot) -> EntryPage:
    """Quick entry with a paper that is in the ledger already, up to the note that says so."""
    open_page(Incoming.key()).enter_new()
    entry = open_page(Incoming.key()).entry
    assert entry is not None
    fill(entry.form, store.rules)
    qtbot.waitUntil(lambda: sentences(entry.form) == [SAME])
    return entry


def test_the_same_paper_twice_is_noted_while_typing_and_marked_as_a_copy_by_one_click(
    open_page: Open, store: Store, qtbot: QtBot
) -> None:
    entry = same_paper_again(open_page, store, qtbot)
    assert [type(line) for line in entry.form.findChildren(NoteLine)] == [NoteLine]
    assert entry.form.editors["from_doc_no"].control.property("state") == "noted"
    click(button(entry, "标为同文"))
    qtbot.wait(250)
    assert sentences(entry.form) == []
    press(Qt.Key.Key_S, CTRL)
    record = store.load(Incoming, 4)
    assert record.copy_of == "上〔2022〕1号"


def test_the_mark_as_a_copy_is_part_of_the_draft(open_page: Open, store: Store, qtbot: QtBot) -> None:
    entry = same_paper_again(open_page, store, qtbot)
    click(button(entry, "标为同文"))
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_N, CTRL)
    qtbot.wait(250)
    assert sentences(entry.form) == []
    press(Qt.Key.Key_S, CTRL)
    assert store.load(Incoming, 4).copy_of == "上〔2022〕1号"


def test_the_same_paper_twice_can_be_saved_all_the_same(open_page: Open, store: Store, qtbot: QtBot) -> None:
    same_paper_again(open_page, store, qtbot)
    press(Qt.Key.Key_S, CTRL)
    assert store.load(Incoming, 4).from_doc_no == "蓝财〔2022〕7号"


def test_the_same_paper_twice_stays_noted_when_something_else_is_refused(
    open_page: Open, store: Store, qtbot: QtBot
) -> None:
    entry = same_paper_again(open_page, store, qtbot)
    retype(entry.form, "copies", "两份")
    press(Qt.Key.Key_S, CTRL)
    assert len(problems(entry.form)) == 1
    qtbot.waitUntil(lambda: SAME in sentences(entry.form))
    assert len(problems(entry.form)) == 1


def test_what_a_new_record_still_lacks_is_said_when_it_is_saved(open_page: Open, store: Store, qtbot: QtBot) -> None:
    entry = same_paper_again(open_page, store, qtbot)
    retype(entry.form, "kind", "请示")
    retype(entry.form, "lead_unit", "")
    press(Qt.Key.Key_Backspace)
    press(Qt.Key.Key_S, CTRL)
    assert entry.toast.sentence().endswith("，待补全：请示要有主办单位")


def test_a_paper_without_a_number_says_first_which_field_gives_it(open_page: Open, store: Store, qtbot: QtBot) -> None:
    open_page(Outgoing.key()).enter_new()
    entry = open_page(Outgoing.key()).entry
    assert entry is not None
    fill(entry.form, store.rules)
    retype(entry.form, "title", "蓝山县人民政府办公室关于做好今冬明春森林防灭火工作的通知")
    for name in ("signed_on", "printed_on", "main_to"):
        retype(entry.form, name, "")
        press(Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: "填上签发日期后编号" in texts(entry))
    press(Qt.Key.Key_S, CTRL)
    record = store.load(Outgoing, 4)
    assert record.number == ""
    said = entry.toast.sentence()
    assert said.startswith(
        "已登记 《…关于做好今冬明春森林防灭火工作的通知》，还没有编号，填上签发日期后编号，待补全：主送"
    )


def test_what_was_not_saved_is_not_covered_by_the_toast_of_the_one_before_nor_by_the_draft(
    open_page: Open, store: Store
) -> None:
    open_page(Outgoing.key()).enter_new()
    entry = open_page(Outgoing.key()).entry
    assert entry is not None
    fill(entry.form, store.rules)
    press(Qt.Key.Key_S, CTRL)
    assert entry.toast.isVisible()
    retype(entry.form, "copies", "12")
    press(Qt.Key.Key_S, CTRL)
    QTest.qWait(1_100)  # longer than the draft waits to be kept, and the toast to fade
    assert not entry.toast.isVisible()
    assert [words for words in texts(entry) if words.endswith("处待改，没有保存")]
    assert len(store.drafts(Outgoing)) == 1


def test_what_was_refused_in_the_last_field_is_typed_over(open_page: Open, store: Store) -> None:
    open_page(Outgoing.key()).enter_new()
    entry = open_page(Outgoing.key()).entry
    assert entry is not None
    fill(entry.form, store.rules)
    last = Outgoing.ENTRY[-1]
    before = entry.form.editors[last].value()
    retype(entry.form, last, "xzzf")
    press(ENTER)
    assert field_in(entry.form) == last
    type_text(str(before))
    press(Qt.Key.Key_S, CTRL)
    assert getattr(store.load(Outgoing, 4), last) == before


def test_a_number_that_follows_from_no_field_on_show_is_not_asked_for(open_page: Open) -> None:
    open_page(Incoming.key()).enter_new()
    entry = open_page(Incoming.key()).entry
    assert entry is not None
    assert entry.form.editors
    assert not [words for words in texts(entry) if words.endswith("后编号")]


def test_the_other_paper_is_opened_from_the_note_and_what_was_typed_is_kept(
    open_page: Open, window: MainWindow, store: Store, qtbot: QtBot
) -> None:
    entry = same_paper_again(open_page, store, qtbot)
    click(button(entry, "打开那一条"))
    page = window.current_register()
    assert page.entry is None
    assert page.detail.record.id == 1
    assert page.table.current_id() == 1
    assert len(store.drafts(Incoming)) == 1


def test_a_number_that_is_taken_is_refused_and_the_record_that_has_it_can_be_opened(
    open_page: Open, window: MainWindow, store: Store
) -> None:
    page = open_page(Outgoing.key())
    assert page.detail.record.id == 3
    retype(page.detail.form, "number", "蓝政发[2022]1号")
    press(Qt.Key.Key_S, CTRL)
    QTest.qWait(0)
    title = store.load(Outgoing, 1).title
    assert problems(page.detail.form) == [f"蓝政发〔2022〕1号已被《{title}》使用，请改用别的号"]
    assert field_in(page.detail.form) == "number"
    assert page.detail.form.editors["number"].value() == "蓝政发[2022]1号"
    click(next(b for b in page.detail.findChildren(QPushButton) if b.text() == "打开那一条"))
    assert page.detail.record.id == 1
    assert store.load(Outgoing, 3).number == "蓝政发〔2022〕3号"


def test_a_typed_number_is_mended(open_page: Open, store: Store) -> None:
    page = open_page(Outgoing.key())
    retype(page.detail.form, "number", "蓝政发[2022]9号")
    press(Qt.Key.Key_S, CTRL)
    assert store.load(Outgoing, 3).number == "蓝政发〔2022〕9号"
    assert page.detail.form.editors["number"].value() == "蓝政发〔2022〕9号"


def test_that_nothing_was_saved_stays_told_when_the_draft_is_kept(open_page: Open, store: Store, qtbot: QtBot) -> None:
    page = open_page(Outgoing.key())
    retype(page.detail.form, "doc_on", "1220")
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: len(store.drafts(Outgoing)) == 1)
    assert "1处待改，没有保存" in texts(page.detail)


def test_days_out_of_order_are_refused_at_the_later_field(open_page: Open, store: Store) -> None:
    page = open_page(Outgoing.key())
    retype(page.detail.form, "doc_on", "1220")
    press(Qt.Key.Key_S, CTRL)
    QTest.qWait(0)
    assert problems(page.detail.form) == ["印发日期2022-12-07早于成文日期2022-12-20"]
    assert field_in(page.detail.form) == "printed_on"
    assert "1处待改，没有保存" in texts(page.detail)
    retype(page.detail.form, "printed_on", "1221")
    assert problems(page.detail.form) == []
    press(Qt.Key.Key_S, CTRL)
    assert store.load(Outgoing, 3).printed_on == date(2022, 12, 21)


def test_a_deadline_in_a_year_without_a_calendar_is_marked_provisional(open_page: Open) -> None:
    page = open_page(Incoming.key())
    retype(page.detail.form, "due_on", "2031.3.5")
    assert page.detail.form.editors["due_on"].mark.text() == "暂按"


def test_a_deadline_follows_from_what_is_typed_before_it_is_saved(open_page: Open, qtbot: QtBot) -> None:
    page = open_page(Incoming.key())
    page.enter_new()
    form = page.entry.form
    for name, words in (("received_on", "1230"), ("kind", "请示")):
        retype(form, name, words)
    qtbot.waitUntil(lambda: form.editors["due_on"].value() == date(2023, 1, 16))
    assert form.editors["due_basis"].value() == "请示答复：10个工作日"


def test_what_follows_is_shown_in_the_field_that_was_come_to_sooner_and_is_typed_over(
    open_page: Open, qtbot: QtBot
) -> None:
    page = open_page(Incoming.key())
    page.enter_new()
    form = page.entry.form
    retype(form, "from_unit", "县财政局")
    form.focus("source_level")
    qtbot.waitUntil(lambda: form.editors["source_level"].value() == "县直部门")
    assert field_in(form) == "source_level"
    type_text("省")
    press(ENTER)
    assert form.editors["source_level"].value() == "省"


def test_a_deadline_typed_by_hand_no_longer_names_the_rule_although_the_cursor_stands_there(
    open_page: Open, qtbot: QtBot
) -> None:
    page = open_page(Incoming.key())
    page.enter_new()
    form = page.entry.form
    retype(form, "kind", "请示")
    press(ENTER)
    qtbot.waitUntil(lambda: form.editors["due_basis"].value() == "请示答复：10个工作日")
    retype(form, "due_on", "20230120")
    press(ENTER)
    assert field_in(form) == "due_basis"
    qtbot.waitUntil(lambda: form.editors["due_basis"].value() is None)


def test_what_follows_anew_leaves_the_cursor_alone_where_nothing_changes(open_page: Open, qtbot: QtBot) -> None:
    page = open_page(Incoming.key())
    page.enter_new()
    form = page.entry.form
    retype(form, "kind", "请示")
    form.focus("due_basis")
    qtbot.waitUntil(lambda: form.editors["due_basis"].value() == "请示答复：10个工作日")
    control = form.editors["due_basis"].control
    control.setCursorPosition(2)
    form.look_again()
    qtbot.wait(FORESEE_MS)
    assert (control.cursorPosition(), control.hasSelectedText()) == (2, False)


def test_ctrl_d_leaves_a_computed_deadline_to_the_rule_of_the_new_paper(
    open_page: Open, store: Store, qtbot: QtBot
) -> None:
    taken = {"from_unit": "县财政局", "source_level": "县直部门", "title": "经费", "lead_unit": "县财政局"}
    store.save(Incoming(**taken, kind="请示", medium="纸质公文", received_on=date(2022, 12, 1)))
    page = open_page(Incoming.key())
    page.enter_new()
    form = page.entry.form
    retype(form, "kind", "报告")
    press(ENTER)
    press(Qt.Key.Key_D, CTRL)
    qtbot.waitUntil(lambda: form.editors["handling"].value() == "阅件")
    assert (form.editors["title"].value(), form.editors["due_on"].value()) == ("经费", None)
    assert form.editors["due_basis"].value() is None
    retype(form, "kind", "请示")
    press(ENTER)
    qtbot.waitUntil(lambda: form.editors["due_on"].value() == date(2023, 1, 16))


def test_ctrl_d_takes_over_a_deadline_that_was_set_by_hand(open_page: Open, store: Store, qtbot: QtBot) -> None:
    store.save(Incoming(from_unit="县财政局", source_level="县直部门", kind="请示", medium="纸质公文", title="经费",
                        received_on=date(2022, 12, 1), due_on=date(2022, 12, 31), due_basis="按批示"))  # fmt: skip
    page = open_page(Incoming.key())
    page.enter_new()
    page.entry.form.focus("title")
    press(Qt.Key.Key_D, CTRL)
    qtbot.wait(FORESEE_MS)
    assert (page.entry.form.editors["due_on"].value(), page.entry.form.editors["due_basis"].value()) == (
        date(2022, 12, 31),
        "按批示",
    )


def test_ctrl_d_tells_at_once_which_number_the_paper_will_get(open_page: Open, store: Store, qtbot: QtBot) -> None:
    store.save(Incoming(from_unit="县财政局", source_level="县直部门", kind="请示", medium="纸质公文", title="经费",
                        received_on=date(2022, 12, 1)))  # fmt: skip
    page = open_page(Incoming.key())
    page.enter_new()
    press(Qt.Key.Key_D, CTRL)
    qtbot.waitUntil(lambda: any(word.startswith("将编为 下〔2022〕") for word in texts(page.entry)))


def stranger(word: str) -> str:
    """The note on letters that no unit is called."""
    return f"没有叫“{word}”的单位，能存，算一个新单位；本想选单位的，请删去重打首字母，从候选里选"


def test_letters_that_are_no_units_name_are_noted_at_the_field_and_saved_all_the_same(
    open_page: Open, store: Store, qtbot: QtBot
) -> None:
    page = open_page(Incoming.key())
    page.enter_new()
    assert page.entry is not None
    form = page.entry.form
    fill(form, store.rules)
    retype(form, "from_unit", "xyzq")
    qtbot.waitUntil(lambda: sentences(form) == [stranger("xyzq")])
    assert form.editors["from_unit"].control.property("state") == "noted"
    press(Qt.Key.Key_S, CTRL)
    assert store.load(Incoming, 4).from_unit == "xyzq"
    assert page.entry.toast.sentence().endswith("；没有叫“xyzq”的单位，已算一个新单位")


def test_letters_are_noted_only_when_nothing_was_chosen_by_them(open_page: Open, store: Store, qtbot: QtBot) -> None:
    page = open_page(Incoming.key())
    page.enter_new()
    assert page.entry is not None
    form = page.entry.form
    retype(form, "from_unit", "xczj")
    assert form.editors["from_unit"].is_choosing()
    qtbot.wait(300)
    assert sentences(form) == []
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sentences(form) == [stranger("xczj")])
    retype(form, "from_unit", "xczj")
    press(Qt.Key.Key_Return)
    assert form.editors["from_unit"].value() == "县财政局"
    qtbot.wait(300)
    assert sentences(form) == []
    retype(form, "from_unit", "县瞻仰馆")
    qtbot.wait(300)
    assert sentences(form) == [], "a name in characters is a new unit as always"


def test_other_names_of_the_directory_in_letters_are_known(open_page: Open, store: Store, qtbot: QtBot) -> None:
    page = open_page(Incoming.key())
    page._actions.edit(lambda store: put_unit(store, Unit(name="县疾控中心", short_name="CDC")))
    page.enter_new()
    assert page.entry is not None
    form = page.entry.form
    retype(form, "from_unit", "CDC")
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Return)
    qtbot.wait(300)
    assert sentences(form) == []


def test_letters_in_a_small_table_are_noted_at_it(open_page: Open, words: OfficeWords) -> None:
    case = LegalCase(kind="行政诉讼一审", title="张某某诉县政府")
    case.rows[Agent.key()] = [Agent(kind="公职律师", person="zgl", unit="xyzq")]
    told = words.strangers(case, {Agent.key()})
    assert [(one.field, one.kind) for one in told] == [(Agent.key(), "note")] * 2
    assert words.strangers(case, {"title"}) == []
