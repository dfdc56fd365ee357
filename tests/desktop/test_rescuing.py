"""A ledger that is damaged at the start: told, saved, and put in its place as the clerk chooses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from db.store import backup
from db.store.head_file import HEAD
from db.store.places import BACKUPS, LEDGER, LOCK
from db.store.store import Store
from desktop import cli, start
from desktop.dialogs.paned import PanedDialog
from desktop.dialogs.problem import ProblemDialog
from tests.db.office import NOON, Clock
from tests.desktop.clerk import RECORDS, REGISTERS, button, click, texts
from tests.desktop.test_app import main_window, when

pytestmark = pytest.mark.logs("This plugin does not support")
PAGE = 4096


def asked(title: str) -> Callable[[], PanedDialog | None]:
    """Finds the dialog with a title, once it is on show."""

    def find() -> PanedDialog | None:
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, PanedDialog) and widget.isVisible() and title in widget.title.text():
                return widget
        return None

    return find


@pytest.fixture
def damaged(folder: Path) -> bytes:
    """The ledger without its first pages, as a power cut may leave it, and the mark of an unclean end."""
    path = folder / LEDGER
    content = path.read_bytes()
    path.write_bytes(bytes(PAGE) + content[PAGE:])
    (folder / LOCK).write_text('{"user": "李喆", "host": "x", "pid": 1}', encoding="utf-8")
    return path.read_bytes()


def choose(timers: list[QTimer], title: str, label: str, said: list[str]) -> None:
    """Press a button of a dialog as soon as it is on show."""

    def press(dialog: PanedDialog) -> None:
        said.extend(texts(dialog))
        click(button(dialog, label))

    timers.append(when(asked(title), press))


def close(said: list[str], dialog: PanedDialog) -> None:
    """Read what was restored, and close the window."""
    said.extend(texts(dialog))
    dialog.accept()
    window = main_window()
    assert window is not None
    window.close()


def test_what_was_saved_takes_the_ledgers_place_when_the_clerk_chooses_it(
    folder: Path,
    damaged: bytes,
    running: None,
) -> None:
    said: list[str] = []
    timers: list[QTimer] = []
    choose(timers, "不是法治台账", "看能救回多少", said)
    choose(timers, "请选用哪一份", "用救回来的", said)

    timers.append(when(asked("已恢复"), partial(close, said)))
    assert start.run(folder, []) == 0
    assert not any(timer.isActive() for timer in timers)
    assert any(f"救回{RECORDS * len(REGISTERS)}条" in text for text in said)
    (aside,) = folder.glob("受损文件-*")
    assert (aside / LEDGER).read_bytes() == damaged
    store = Store.open(folder, "李喆", Clock())
    assert all(register.select().count() == RECORDS for register in store.catalogue)
    store.close()


def test_nothing_is_touched_when_the_clerk_leaves_it(folder: Path, damaged: bytes, running: None) -> None:
    said: list[str] = []
    timers: list[QTimer] = []
    choose(timers, "不是法治台账", "看能救回多少", said)
    choose(timers, "请选用哪一份", "先都不动", said)
    assert start.run(folder, []) == start.CANNOT_OPEN
    assert (folder / LEDGER).read_bytes() == damaged


def test_the_newest_backup_can_be_chosen_instead(folder: Path, running: None) -> None:
    path = folder / LEDGER
    backup.back_up(path, backup.free_name(folder / BACKUPS, NOON))
    path.write_bytes(path.read_bytes()[: 200 * PAGE])
    (folder / LOCK).write_text('{"user": "李喆", "host": "x", "pid": 1}', encoding="utf-8")
    said: list[str] = []
    timers: list[QTimer] = []
    choose(timers, "台账文件已损坏", "看能救回多少", said)
    choose(timers, "请选用哪一份", "用最近的备份", said)

    timers.append(when(asked("已恢复"), partial(close, said)))
    assert start.run(folder, []) == 0
    assert not any(timer.isActive() for timer in timers)
    store = Store.open(folder, "李喆", Clock())
    assert all(register.select().count() == RECORDS for register in store.catalogue)
    store.close()


def test_a_file_that_was_never_a_ledger_is_only_told(folder: Path, running: None) -> None:
    (folder / LEDGER).write_bytes(b"PK\x03\x04" + bytes(1000))
    timer = when(
        lambda: next(
            (w for w in QApplication.topLevelWidgets() if isinstance(w, ProblemDialog) and w.isVisible()), None
        ),
        lambda dialog: dialog.close(),
    )
    assert start.run(folder, []) == start.CANNOT_OPEN
    assert not timer.isActive()


def test_the_command_saves_beside_the_ledger_and_a_restore_takes_it(
    folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "now", clock)
    path = folder / LEDGER
    path.write_bytes(bytes(PAGE) + path.read_bytes()[PAGE:])
    content, data = path.read_bytes(), ["--data", str(folder)]
    assert cli.run([*data, "check"]) == cli.TROUBLE
    assert cli.run([*data, "recover"]) == cli.DONE
    assert f"救回{RECORDS * len(REGISTERS)}条" in capsys.readouterr().out
    assert path.read_bytes() == content
    (rescued,) = folder.glob("受损文件-*/救回的台账.db")
    assert cli.run([*data, "restore", str(rescued)]) == cli.DONE
    assert cli.run([*data, "check"]) == cli.DONE


def test_a_command_tells_of_changes_that_the_disk_has_lost(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / HEAD).write_bytes(b"%012d %s\n" % (1_000_000, b"0" * 64))
    assert cli.run(["--data", str(folder), "figures", "--period", "2022-12"]) == 0
    assert "条改动不见了" in capsys.readouterr().err
