"""A ledger that an older program left, as the clerk and the command line meet it."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.store.opening import Opening, Watch
from db.store.places import LOCK
from desktop import cli
from desktop.window.main import MainWindow
from tests.db.test_bringing_up import make_old, peek
from tests.desktop.clerk import texts
from tests.desktop.test_backing import cover, run_until

pytestmark = pytest.mark.logs("This plugin does not support")  # the offscreen platform, through the crash net

FORMAT = "SELECT value FROM setting WHERE name = 'search_format'"


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Bringing up waits at its begin as long as the list holds something, and stops when it is asked to."""
    holding = [True]
    bring_up = Opening.bring_up

    def slowly(self: Opening, watch: Watch) -> None:
        watch.part("重新编制查找用的目录")
        while holding:
            if not watch.progress(1, 4):
                return
        bring_up(self, watch)

    monkeypatch.setattr(Opening, "bring_up", slowly)
    return holding


def test_an_older_ledger_is_brought_up_behind_a_cover_that_says_what_is_done(
    folder: Path, running: None, slow: list[bool]
) -> None:
    make_old(folder)

    def look(window: MainWindow) -> bool:
        if {"程序更新了，正在整理台账", "重新编制查找用的目录"} <= set(texts(window)):
            slow.clear()
        if not window.stack.count():
            return False
        assert not slow
        assert cover(window) is None
        window.close()
        return True

    assert run_until(folder, look) == 0
    assert peek(folder, FORMAT) != [("old",)]


def test_closing_the_window_meanwhile_ends_the_program_in_order(folder: Path, running: None, slow: list[bool]) -> None:
    make_old(folder)

    def look(window: MainWindow) -> bool:
        return cover(window) is not None and window.close()

    assert run_until(folder, look) == 0
    assert (folder / LOCK).read_text(encoding="utf-8") == ""
    assert peek(folder, FORMAT) == [("old",)]


def test_the_command_line_tells_each_part_on_stderr(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_old(folder)
    assert cli.run(["--data", str(folder), "check"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert told == [f"正在整理台账：{part}……" for part in ("补上新的栏目和目录", "重新编制查找用的目录", "写入磁盘")]
    assert cli.run(["--data", str(folder), "check"]) == 0
    assert capsys.readouterr().err == ""
