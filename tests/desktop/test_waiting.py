"""The cover over a window that waits for a job."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from desktop.window import waiting
from desktop.window.main import MainWindow
from desktop.window.waiting import WaitPage


def test_a_job_that_ends_just_as_its_cover_is_to_be_seen_gives_the_window_back(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_SHOWN_AFTER_MS", 0)
    cover = WaitPage(window, "正在导入", "全部写完才算数。")
    cover.uncover()
    QTest.qWait(0)
    assert window.centralWidget().isEnabled()
