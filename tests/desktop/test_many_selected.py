"""Several selected records in the window: their pane, what is done to all of them at once, undone in one step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from db.record import Record
from db.registers.incoming import Incoming, Instruction
from db.registers.outgoing import Outgoing
from db.store.many_values import takes_several
from db.store.search import Filter
from db.store.store import Store
from desktop.dialogs.deed_words import fillable
from desktop.dialogs.many import ManyDialog
from desktop.jobs import Jobs
from desktop.registers import table
from desktop.registers.editors import LinesEditor
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.db.office import draft
from tests.desktop.clerk import CTRL, REGISTERS, SHIFT, button, by_key, click, press, sample
from tests.desktop.conftest import rest

OpenPage = Callable[[str], RegisterPage]


@pytest.fixture
def page(store: Store, open_page: OpenPage, jobs: Jobs, qtbot: QtBot) -> RegisterPage:
    """The list of incoming papers, longer by twenty-five, all selected."""
    for n in range(25):
        paper = sample(Incoming, store.rules, n % 20)
        paper.title, paper.from_doc_no = f"关于第{n + 100}件事的请示", f"塔政〔2022〕{n + 100}号"  # type: ignore[attr-defined]
        store.save(paper)
    page = open_page("incoming")
    page.refresh()
    rest(jobs, qtbot)
    page.table.setFocus()
    press(Qt.Key.Key_A, CTRL)
    return page


def ask(window: MainWindow, page: RegisterPage, command: str, jobs: Jobs, qtbot: QtBot) -> ManyDialog:
    """Press a button of the pane and give back the dialog once it has looked at every record."""
    click(page.many.pane.buttons[command])
    return opened(window, jobs, qtbot)


def opened(window: MainWindow, jobs: Jobs, qtbot: QtBot) -> ManyDialog:
    """The dialog on show, at rest."""
    dialog = window._batches().dialog
    assert dialog is not None
    dialog._look()
    rest(jobs, qtbot)
    return dialog


def test_several_selected_get_a_pane_of_their_own_and_one_its_form(page: RegisterPage) -> None:
    assert page.many.pane.isVisible()
    assert not page.detail.isVisible()
    assert page.many.pane._title.text() == "选中 28 条"
    press(Qt.Key.Key_Down)
    assert page.detail.isVisible()
    press(Qt.Key.Key_Down, SHIFT)
    assert page.many.pane._title.text() == "选中 2 条"
    click(page.many.pane.every)
    assert page.table.picked_count() == 28


def test_one_field_of_all_is_filled_with_the_preview_first(
    window: MainWindow, page: RegisterPage, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    changed = store.load(Incoming, page.table.picked_ids(1)[0])
    changed.remarks = "原有"
    store.save(changed)
    dialog = ask(window, page, "fill", jobs, qtbot)
    assert not dialog.button.isEnabled()
    dialog.set_fill("remarks", "已核")
    rest(jobs, qtbot)
    assert dialog.button.text() == "填写 27 条"
    assert [dialog.chips[kind].text() for kind in ("filled", "replaced")] == ["将改 27", "已有内容 1"]
    row = next(row for row in range(28) if dialog.model.index(row, 2).data() == "原有")
    assert dialog.model.index(row, 3).data() == "原有"
    assert dialog.model.index(row, 4).data() == "已有内容，保留"
    dialog.replacing.click()
    assert dialog.button.text() == "填写 28 条"
    assert dialog.model.index(row, 3).data() == "已核"
    dialog.replacing.click()
    click(dialog.button)
    rest(jobs, qtbot)
    values = [row.remarks for row in Incoming.select()]
    assert (values.count("已核"), values.count("原有")) == (27, 1)
    assert "27 条" in page.toast.sentence()
    window.undo()
    rest(jobs, qtbot)
    assert [row.remarks for row in Incoming.select()].count("已核") == 0
    assert page.toast.sentence() == "已撤销：统一填写备注 27 条"


def test_values_are_cleared_only_by_that_choice_with_their_number_said(
    window: MainWindow, page: RegisterPage, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    changed = store.load(Incoming, page.table.picked_ids(1)[0])
    changed.remarks = "原有"
    store.save(changed)
    dialog = ask(window, page, "fill", jobs, qtbot)
    assert not dialog.ways["clear"].isVisible()
    dialog.set_fill("remarks", None)
    rest(jobs, qtbot)
    assert not dialog.button.isEnabled(), "an empty value clears nothing"
    assert not dialog.ways["add"].isVisible()
    click(dialog.ways["clear"])
    rest(jobs, qtbot)
    assert dialog.button.text() == "清空 1 条"
    assert "1 条失去这一项的内容" in dialog._told.text()
    click(dialog.button)
    rest(jobs, qtbot)
    assert {row.remarks for row in Incoming.select()} == {""}
    window.undo()
    rest(jobs, qtbot)
    assert [row.remarks for row in Incoming.select()].count("原有") == 1


def test_a_unit_is_added_to_those_of_each_record(
    window: MainWindow, page: RegisterPage, jobs: Jobs, qtbot: QtBot
) -> None:
    name = next(name for name in fillable(Incoming) if takes_several(Incoming, name))
    before = {row.id: getattr(row, name) for row in Incoming.select()}
    dialog = ask(window, page, "fill", jobs, qtbot)
    dialog.set_fill(name, "县档案馆")
    click(dialog.ways["add"])
    rest(jobs, qtbot)
    assert dialog.button.text() == "添上 28 条"
    click(dialog.button)
    rest(jobs, qtbot)
    after = {row.id: getattr(row, name) for row in Incoming.select()}
    assert after == {one: "、".join(filter(None, (held, "县档案馆"))) for one, held in before.items()}


def test_all_stay_selected_after_a_deed_however_many_they_are(
    window: MainWindow, page: RegisterPage, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "FOLLOWED", 10)
    dialog = ask(window, page, "fill", jobs, qtbot)
    dialog.set_fill("remarks", "已核")
    rest(jobs, qtbot)
    click(dialog.button)
    rest(jobs, qtbot)
    assert page.table.picked_count() == 28
    assert page.many.pane.isVisible()


def test_undo_of_many_leaves_the_window_alive(window: MainWindow, page: RegisterPage, jobs: Jobs, qtbot: QtBot) -> None:
    dialog = ask(window, page, "fill", jobs, qtbot)
    dialog.set_fill("remarks", "已核")
    rest(jobs, qtbot)
    click(dialog.button)
    rest(jobs, qtbot)
    window.undo()
    assert jobs._jobs, "it runs on the worker"
    rest(jobs, qtbot)
    window.redo()
    rest(jobs, qtbot)
    assert {row.remarks for row in Incoming.select()} == {"已核"}


def test_fill_down_takes_the_value_of_the_first(
    window: MainWindow, page: RegisterPage, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    first = store.load(Incoming, page.table.picked_ids(1)[0])
    key = next(name for name in Incoming.COLUMNS if name in fillable(Incoming))
    for _column in page.table.records().headings:
        if page.table.current_key() != key:
            press(Qt.Key.Key_Right)
    assert page.table.picked_count() == 28
    press(Qt.Key.Key_D, CTRL)
    dialog = opened(window, jobs, qtbot)
    assert dialog.field is not None
    assert dialog.field.value() == key
    assert dialog.editor is not None
    assert dialog.editor.value() == getattr(first, key)
    assert dialog.editor.isAncestorOf(dialog.focusWidget())
    dialog.reject()


def test_the_field_to_fill_is_what_is_typed_first(
    window: MainWindow, page: RegisterPage, jobs: Jobs, qtbot: QtBot
) -> None:
    dialog = ask(window, page, "fill", jobs, qtbot)
    assert dialog.field is not None
    assert dialog.field.isAncestorOf(dialog.focusWidget())
    dialog.reject()


def test_those_that_may_not_move_are_listed_with_the_reason(
    window: MainWindow, page: RegisterPage, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    dialog = ask(window, page, "advance", jobs, qtbot)
    stage = store.load(Incoming, page.table.picked_ids(1)[0]).stage
    move = next(move for move in Incoming.MOVES if move.needs and move.source == stage)
    assert dialog.editor is not None
    dialog.editor.set_value(move.target)
    dialog._look()
    rest(jobs, qtbot)
    click(dialog.chips["refused"])
    assert dialog.model.rowCount() == len(dialog._foreseen.reasons if dialog._foreseen else ())
    assert "请填写" in str(dialog.model.index(0, 4).data())
    assert not dialog.button.isEnabled()
    dialog.reject()


def test_delete_voids_what_has_numbers_for_one_reason(
    window: MainWindow, page: RegisterPage, jobs: Jobs, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_Delete)
    dialog = opened(window, jobs, qtbot)
    assert dialog.kind == "void"
    assert dialog.editor is not None
    dialog.editor.setFocus()
    QTest.keyClicks(dialog.editor.control, "cuole")
    dialog._look()
    rest(jobs, qtbot)
    click(dialog.button)
    rest(jobs, qtbot)
    assert {row.void_reason for row in Incoming.select()} == {"cuole"}


def test_delete_sends_what_has_no_number_to_the_bin_for_one_reason(
    window: MainWindow, store: Store, open_page: OpenPage, jobs: Jobs, qtbot: QtBot
) -> None:
    for n in range(2):
        store.save(draft(title=f"关于第{n}件事的通知（稿）"))
    page = open_page("outgoing")
    page.refresh()
    rest(jobs, qtbot)
    drafts = [row.id for row in Outgoing.select() if not row.number]
    page.set_filter(Filter(ids=tuple(drafts)))
    rest(jobs, qtbot)
    page.table.setFocus()
    press(Qt.Key.Key_A, CTRL)
    press(Qt.Key.Key_Delete)
    dialog = opened(window, jobs, qtbot)
    assert dialog.kind == "delete"
    assert not dialog.button.isEnabled(), "no reason yet"
    assert dialog.editor is not None
    dialog.editor.set_value("长" * 101)
    dialog._look()
    assert (dialog.button.isEnabled(), dialog._problem.isVisible()) == (False, True)
    dialog.editor.set_value("录了两遍")
    dialog._look()
    rest(jobs, qtbot)
    assert dialog.button.text() == f"删除 {len(drafts)} 条"
    click(dialog.button)
    rest(jobs, qtbot)
    assert {store.history(Outgoing, one)[-1].title for one in drafts} == {"统一删除：录了两遍"}


def test_after_a_dialog_of_the_pane_the_list_has_the_keys(
    window: MainWindow, page: RegisterPage, jobs: Jobs, qtbot: QtBot
) -> None:
    ask(window, page, "advance", jobs, qtbot).reject()
    assert window.focusWidget() is page.table


def test_one_line_is_added_to_all_and_all_lines_of_a_kind_are_cleared(
    window: MainWindow, page: RegisterPage, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    def held() -> list[int]:
        ids = [row.id for row in Incoming.select(Incoming.id)]
        return [len(store.load(Incoming, one).lines(Instruction)) for one in ids]

    first = store.load(Incoming, page.table.picked_ids(1)[0])
    first.rows[Instruction.key()] = [Instruction(leader="李敏", text="请阅处"), *first.lines(Instruction)]
    store.save(first)
    before = sum(held())
    dialog = ask(window, page, "lines", jobs, qtbot)
    dialog.set_fill("instruction", [{"leader": "王建国"}])
    rest(jobs, qtbot)
    assert dialog._told.text() == "还要填批示内容"
    assert not dialog.button.isEnabled()
    dialog.set_fill("instruction", [{"leader": "王建国", "text": "请抓紧办理"}])
    rest(jobs, qtbot)
    assert dialog.button.text() == "添加 28 条"
    assert dialog._told.text() == f"领导批示现在共 {before} 行，添加后 {before + 28} 行"
    counts = {(dialog.model.index(row, 2).data(), dialog.model.index(row, 3).data()) for row in range(28)}
    assert {("—", "1 行"), ("1 行", "2 行")} <= counts
    click(dialog.button)
    rest(jobs, qtbot)
    assert sum(held()) == before + 28
    dialog = ask(window, page, "lines", jobs, qtbot)
    dialog.set_fill("instruction", None)
    click(dialog.ways["clear"])
    rest(jobs, qtbot)
    assert dialog.button.text() == "清空 28 条"
    assert dialog._told.text() == f"领导批示现在共 {before + 28} 行，清空后 0 行"
    click(dialog.button)
    rest(jobs, qtbot)
    assert sum(held()) == 0
    window.undo()
    rest(jobs, qtbot)
    assert sum(held()) == before + 28


def test_what_a_line_usually_says_stands_there_to_be_seen(
    window: MainWindow, store: Store, open_page: OpenPage, jobs: Jobs, qtbot: QtBot
) -> None:
    page = open_page("study_session")
    page.table.setFocus()
    press(Qt.Key.Key_A, CTRL)
    dialog = ask(window, page, "lines", jobs, qtbot)
    assert dialog.field is not None
    dialog.field.set_value("attendance")
    dialog._change_field()
    rest(jobs, qtbot)
    lines = dialog.editor
    assert isinstance(lines, LinesEditor)
    assert (lines.cell(0, "status").value(), dialog._told.text()) == ("出席", "还要填姓名")
    lines.cell(0, "person").set_value("李敏")
    lines.cell(0, "status").set_value(None)
    dialog._look()
    assert dialog._told.text() == "还要填状态", "what is not seen is not added"
    dialog.reject()


def test_the_clipboard_holds_a_block_for_spreadsheets(page: RegisterPage, store: Store) -> None:
    record = store.load(Incoming, page.table.picked_ids(1)[0])
    record.title = '=1+1说"是"\t的请示'
    store.save(record)
    page.table.setFocus()
    press(Qt.Key.Key_A, CTRL)
    press(Qt.Key.Key_C, CTRL)
    mime = QGuiApplication.clipboard().mimeData()
    lines = mime.text().rstrip("\n").split("\n")
    assert len(lines) == 28
    assert any("'=1+1说" in line for line in lines), "a text is no formula"
    assert "2022-12-05" in mime.text(), "days are written in full"
    assert "mso-number-format" in mime.html()
    assert record.number in mime.html()
    press(Qt.Key.Key_C, CTRL | SHIFT)
    headings = [heading.label for heading in page.table.records().headings]
    assert QGuiApplication.clipboard().text().split("\n")[0].split("\t") == headings


def test_the_selection_is_printed_and_exported(
    window: MainWindow, page: RegisterPage, jobs: Jobs, qtbot: QtBot
) -> None:
    picked = set(page.many.picked().read())
    assert len(picked) == 28
    asked(window, page, "收文登记簿（只印选中的）")
    rest(jobs, qtbot)
    assert window.side.current() == "print"


def asked(window: MainWindow, page: RegisterPage, words: str) -> None:
    """Press the pane's button 打印... and choose in its menu."""
    click(page.many.pane.buttons["print"])
    (menu,) = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    action = next(action for action in menu.actions() if action.text() == words)
    menu.close()
    action.trigger()


def test_each_of_the_selected_gets_a_sheet_of_a_form(
    window: MainWindow, page: RegisterPage, jobs: Jobs, qtbot: QtBot
) -> None:
    actions = window._actions
    actions.void(page.register, page.table.picked_ids(1)[0], "重复登记")
    asked(window, page, "收文处理笺（每件一张）")
    rest(jobs, qtbot)
    printing = window._printing
    assert printing is not None
    assert printing._made is not None
    assert printing._made.printed.pages == 27
    assert printing.choices.number.text() == "选中的28件"
    assert "1 件作废了" in printing.choices.words.text()


@pytest.mark.parametrize("register", REGISTERS, ids=by_key)
def test_every_register_has_fields_to_fill(register: type[Record]) -> None:
    assert fillable(register)
    assert not set(fillable(register)) & {"number", register.SUBJECT, register.security_field(), *register.DERIVED}


def test_a_group_is_no_record(page: RegisterPage, jobs: Jobs, qtbot: QtBot) -> None:
    from dataclasses import replace

    page.set_filter(replace(page.current_filter(), group="kind"))
    rest(jobs, qtbot)
    page.table.setFocus()
    press(Qt.Key.Key_A, CTRL)
    picked = page.many.picked()
    assert picked.count == len(set(picked.read())) == 28
    assert button(page.many.pane, "复制").isEnabled()
