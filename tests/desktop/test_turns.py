"""Work in turns: the event loop lives between two steps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from desktop.turns import Turns, imported


def test_between_two_steps_the_event_loop_does_other_things(qtbot: QtBot) -> None:
    seen: list[str] = []

    def steps() -> Iterator[None]:
        for name in "ab":
            QTimer.singleShot(0, lambda: seen.append("other"))
            seen.append(name)
            yield
        seen.append("end")

    turns = Turns(steps())
    assert seen == []
    qtbot.waitUntil(lambda: "end" in seen)
    assert seen.index("a") < seen.index("other") < seen.index("end")
    turns.stop()


def test_what_a_step_raises_is_told_once_and_ends_the_work(qtbot: QtBot) -> None:
    told: list[BaseException] = []
    turns = Turns(_failing(), told.append)
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(20)
    assert [str(error) for error in told] == ["坏了"]
    turns.stop()


def _failing() -> Iterator[None]:
    yield
    raise ValueError("坏了")


def test_work_that_is_stopped_takes_no_further_step(qtbot: QtBot) -> None:
    seen: list[int] = []
    turns = Turns(seen.append(n) for n in count())
    qtbot.waitUntil(lambda: bool(seen))
    turns.stop()
    taken = len(seen)
    qtbot.wait(20)
    assert len(seen) == taken


def test_modules_are_imported_one_in_each_step() -> None:
    steps = imported(["json", "no.such.module"])
    next(steps)
    with pytest.raises(ModuleNotFoundError):
        next(steps)
