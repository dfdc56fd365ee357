"""A backup that was encrypted with another key is looked into once its password was given."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.store import backup, keys, sealing
from db.store.places import BACKUPS
from desktop.dialogs.backups import BackupsPage
from desktop.dialogs.encryption import UnlockDialog
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.words import OfficeWords
from tests.db.office import Clock, cheap_hashes
from tests.desktop.clerk import click
from tests.desktop.closing import WAIT_MS
from tests.desktop.conftest import rest

PASSWORD, CODE = "山高月小水落石出", "ABCD-EFGH"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No key is known, and hashes cost little."""
    cheap_hashes(monkeypatch)
    keys.ring.forget()
    yield
    keys.ring.forget()


@pytest.fixture
def foreign(folder: Path, clock: Clock, tmp_path: Path) -> Path:
    """An encrypted backup of another ledger, whose password nobody has given."""
    other = Path(shutil.copytree(folder, tmp_path / "别的台账"))
    sealing.seal(other, PASSWORD, CODE, clock())
    keys.ring.forget()
    return backup.backups_in(other / BACKUPS)[0]


@pytest.fixture
def page(actions: Actions, jobs: Jobs, qtbot: QtBot) -> BackupsPage:
    """The page of backups, on show."""
    page = BackupsPage(actions, OfficeWords(actions), jobs)
    qtbot.addWidget(page)
    page.show()
    return page


def test_a_backup_of_another_key_is_looked_into_once_its_password_is_given(
    foreign: Path, page: BackupsPage, qtbot: QtBot
) -> None:
    page.open_backup(foreign)
    qtbot.waitUntil(lambda: page.findChild(UnlockDialog) is not None, timeout=WAIT_MS)
    ask = page.findChild(UnlockDialog)
    ask.password.setText(PASSWORD)
    click(ask.button)
    qtbot.waitUntil(lambda: page.look is not None, timeout=WAIT_MS)


def test_wrong_passwords_of_a_backup_make_one_wait_however_often_it_is_opened(
    foreign: Path, page: BackupsPage, jobs: Jobs, qtbot: QtBot
) -> None:
    said = []
    for password in ("不是这个口令",) * 5 + (PASSWORD,):
        page.open_backup(foreign)
        qtbot.waitUntil(lambda: any(one.isVisible() for one in page.findChildren(UnlockDialog)), timeout=WAIT_MS)
        ask = next(one for one in page.findChildren(UnlockDialog) if one.isVisible())
        ask.password.setText(password)
        click(ask.button)
        rest(jobs, qtbot)
        said.append(ask.said.text())
        ask.reject()
    assert "口令错了5次，请过1分钟再试" in said[5]
    assert page.look is None
