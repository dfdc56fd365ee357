"""The lock of a month on the print page, and the note at the date of what comes in late."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from db.directory.locks import log_of
from db.errors import Refused
from db.registers.incoming import Incoming
from db.store.store import Store
from desktop.dialogs.reason import ReasonDialog
from desktop.jobs import Jobs
from desktop.registers.marks import NoteLine
from desktop.registers.page import RegisterPage
from desktop.summaries.print_page import PrintPage
from desktop.window.main import MainWindow
from tests.desktop.clerk import click, type_text
from tests.desktop.conftest import rest
from tests.desktop.test_print_page import words_of

Open = Callable[[str], RegisterPage]


@pytest.fixture
def page(window: MainWindow, jobs: Jobs, qtbot: QtBot) -> PrintPage:
    """The print page with November 2022, which is over."""
    window.open_page("print")
    page = window.stack.currentWidget()
    assert isinstance(page, PrintPage)
    page.show_month(2022, 11)
    rest(jobs, qtbot)
    return page


def answer(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    """Let the clerk write a reason into the dialog and accept it."""

    def write(dialog: ReasonDialog) -> int:
        dialog.reason.setText(reason)
        return int(dialog.verb_button.isEnabled())

    monkeypatch.setattr(ReasonDialog, "exec", write)


def test_a_month_is_locked_and_unlocked_with_a_reason_and_the_page_says_so(
    page: PrintPage, store: Store, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (page.lock.button.text(), page.lock.isVisible()) == ("锁定本月...", True)
    answer(monkeypatch, "已签发报送")
    click(page.lock.button)
    rest(jobs, qtbot)
    assert page.lock.button.text() == "解锁..."
    assert "已签发报送" in page.lock.words.text()
    assert "锁定（已签发报送" in words_of(page)
    answer(monkeypatch, "数字有误")
    click(page.lock.button)
    rest(jobs, qtbot)
    assert "解锁（数字有误）" in words_of(page)
    assert [line.is_locked for line in log_of("2022-11")] == [True, False]
    assert page.lock.button.text() == "锁定本月..."
    assert store.rules.locked_months == frozenset()


def test_a_month_that_still_runs_and_other_papers_have_no_lock(page: PrintPage, jobs: Jobs, qtbot: QtBot) -> None:
    page.show_month(2022, 12)
    rest(jobs, qtbot)
    assert not page.lock.button.isEnabled()
    page.choices.report.setCurrentIndex(1)
    page.choices.report.activated.emit(1)
    rest(jobs, qtbot)
    assert not page.lock.isVisible()


def test_a_lock_that_is_refused_is_told(page: PrintPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.trouble) as told:
        page.lock.set_lock("长" * 101)
    assert told.args is not None
    assert isinstance(told.args[0], Refused)
    assert log_of("2022-11") == []


def test_the_form_notes_at_the_date_that_its_month_is_locked(page: PrintPage, open_page: Open, qtbot: QtBot) -> None:
    page.lock.set_lock("已签发报送")
    open_page(Incoming.key()).enter_new()
    entry = open_page(Incoming.key()).entry
    assert entry is not None
    entry.form.focus("received_on")
    type_text("1130")

    def noted() -> None:
        said = [line.sentence() for line in entry.form.findChildren(NoteLine) if line.isVisible()]
        assert "2022年11月已锁定，本条将列入补录" in said

    qtbot.waitUntil(noted)
