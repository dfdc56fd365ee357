"""A classified paper at the keyboard: told at once, no draft, no record; at most its number."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from db.rules import secrecy
from db.store.store import Store
from desktop.registers.page import RegisterPage
from tests.desktop.clerk import CTRL, button, click, press, sentences, type_text

Open = Callable[[str], RegisterPage]


def test_quick_entry_refuses_it_while_it_is_typed_and_keeps_its_number_on_request(
    open_page: Open, store: Store
) -> None:
    page = open_page("incoming")
    page.enter_new()
    entry = page.entry
    assert entry is not None
    for name, typed in (("source_level", "中央"), ("title", "关于某部队换装方案的通知"), ("security", "机密")):
        entry.form.focus(name)
        entry.form.editors[name].control.selectAll()
        type_text(typed)
        entry.form.editors[name].settle()
        entry.keep_draft()
    assert store.drafts() == []
    QTest.qWait(250)
    assert secrecy.SENTENCE in sentences(entry.form)
    press(Qt.Key.Key_S, CTRL)
    assert sentences(entry.form) == [secrecy.SENTENCE]
    click(button(entry.form, "只占号，不留内容"))
    QTest.qWait(250)
    assert sentences(entry.form) == [secrecy.RESERVING]
    press(Qt.Key.Key_S, CTRL)
    assert "已占号" in entry.toast.sentence()
    assert "共占 1 个号" in entry.toast.sentence()
    kept = store.load(page.register, store.connection.execute("SELECT max(id) FROM incoming").fetchone()[0])
    assert kept.title == secrecy.TITLE
    assert store.drafts() == []


def test_the_form_of_a_record_refuses_it_too(open_page: Open, store: Store) -> None:
    page = open_page("outgoing")
    record = page.detail.record
    assert record is not None
    page.detail.form.focus("security")
    page.detail.form.editors["security"].control.selectAll()
    type_text("绝密")
    page.detail.keep_draft()
    press(Qt.Key.Key_S, CTRL)
    assert sentences(page.detail.form) == [secrecy.SENTENCE]
    assert store.drafts() == []
    assert store.load(page.register, record.id).security == "无"
