"""Emptying the recycle bin from the list and from the command line: asked with number and titles, and a reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from db.registers.outgoing import Outgoing
from db.store.emptying import binned, empty_bin
from db.store.store import Store
from desktop.dialogs.reason import ReasonDialog
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.page import RegisterPage
from desktop.window.main import MainWindow
from tests.db.office import Clock, draft
from tests.desktop.clerk import click
from tests.desktop.conftest import CLERK, Run, rest

OpenPage = Callable[[str], RegisterPage]


@pytest.fixture
def page(store: Store, actions: Actions, open_page: OpenPage) -> RegisterPage:
    """The list of outgoing documents, with two drafts in the bin."""
    for title in ("未编号的甲稿", "未编号的乙稿"):
        actions.delete(Outgoing, store.save(draft(title=title)).keys[0][1])
    return open_page(Outgoing.key())


def test_the_button_stands_only_over_the_bin(page: RegisterPage) -> None:
    assert page.filters.empty_bin.isHidden()
    page.show_deleted()
    assert not page.filters.empty_bin.isHidden()
    page._clear()
    assert page.filters.empty_bin.isHidden()


def test_it_is_asked_with_the_titles_and_done_for_a_reason(
    window: MainWindow, page: RegisterPage, store: Store, jobs: Jobs, qtbot: QtBot
) -> None:
    page.show_deleted()
    click(page.filters.empty_bin)
    (dialog,) = window.findChildren(ReasonDialog)
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "清空发文回收站里的 2 条" in words
    assert "《未编号的甲稿》《未编号的乙稿》" in words
    assert not dialog.verb_button.isEnabled()
    dialog.reason.setText("重复录入")
    click(dialog.verb_button)
    rest(jobs, qtbot)
    assert binned(store, Outgoing) == ()
    assert page.table.records().rowCount() == 0
    assert page.toast.sentence().startswith("已清空回收站 2 条")
    click(page.filters.empty_bin)
    assert page.toast.sentence() == "发文的回收站是空的"


def test_what_was_cleared_is_named_as_such_and_offered_no_way_back(page: RegisterPage, store: Store) -> None:
    (one, _other) = binned(store, Outgoing)
    way = "恢复（移出回收站）"
    for words, ways in (("（在回收站：", [way]), ("（已从回收站清除：", [])):
        page.detail.show_record(store.load(Outgoing, one.id))
        assert words in page.detail._title.text()
        assert [action.text() for action in page.detail._menu.actions() if action.text() == way] == ways
        if ways:
            empty_bin(store, Outgoing, "重复录入")


def test_every_title_is_to_be_read_however_many_lines_they_take(
    window: MainWindow, page: RegisterPage, store: Store, actions: Actions
) -> None:
    for at in range(12):
        actions.delete(Outgoing, store.save(draft(title=f"关于做好第{at}次防汛抗旱工作有关事项的补充通知")).keys[0][1])
    page.show_deleted()
    click(page.filters.empty_bin)
    (dialog,) = window.findChildren(ReasonDialog)
    QCoreApplication.processEvents()
    labels = [label for label in dialog.findChildren(QLabel) if label.wordWrap()]
    assert any("等14条" in label.text() for label in labels)
    assert all(label.height() >= label.heightForWidth(label.width()) for label in labels)


def test_who_does_not_want_it_keeps_the_bin(window: MainWindow, page: RegisterPage, store: Store) -> None:
    page.show_deleted()
    click(page.filters.empty_bin)
    (dialog,) = window.findChildren(ReasonDialog)
    dialog.reject()
    assert len(binned(store, Outgoing)) == 2


def test_the_command_lists_first_and_empties_when_told(run: Run, folder: Path, clock: Clock) -> None:
    store = Store.open(folder, CLERK, clock)
    number = store.save(draft(title="未编号的稿子")).keys[0][1]
    store.delete(Outgoing, number)
    store.close()
    status, said, _ = run("empty-bin", "outgoing")
    assert status == 0
    assert f"{number}\t《未编号的稿子》" in said
    assert "回收站里有1条" in said
    assert run("empty-bin", "outgoing", "--yes")[0] == 1
    assert run("empty-bin", "outgoing", "--yes", "--reason", "清理")[0] == 0
    assert "回收站里有0条" in run("empty-bin", "outgoing")[1]
    assert run("check")[0] == 0
