"""A small office for the tests of the editors: its words, a window, and an input method."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from db.rules.workdays import Day, Workdays
from desktop import theme
from desktop.registers.editors import Completion, Editor, LineEditor

E = TypeVar("E", bound=Editor)

INITIALS = {"请示": "qs", "报告": "bg", "函": "h", "批复": "pf"}
UNITS = (
    Completion("县发改局", "xfgj", 14),
    Completion("县房改办", "xfgb", 3),
    Completion("县发改局价格中心", "xfgjjgzx", 0),
)


class Office:
    """Words of a small office on 23 November 2026; 10 October 2026 is a worked Saturday, 2027 has no calendar."""

    today = date(2026, 11, 23)
    days = Workdays([Day(date(2026, 10, 10), True, "国庆节", "test")])

    def terms(self, vocabulary: str) -> tuple[str, ...]:
        """No vocabulary is needed here."""
        return ()

    def records(self, register: str, typed: str) -> list[Completion]:
        """No records."""
        return []

    def complete(self, kind: str, typed: str) -> list[Completion]:
        """Units by 汉字 or initials."""
        return [unit for unit in UNITS if typed in unit.text or unit.initials.startswith(typed.casefold())]


@pytest.fixture
def window(qapp: QApplication) -> Iterator[QWidget]:
    """A window with room for an editor and its list; `put` shows it."""
    theme.dress(qapp, "light")
    window = QWidget()
    QVBoxLayout(window)
    window.resize(480, 400)
    yield window
    window.close()


def put(window: QWidget, editor: E) -> E:
    """Place an editor into the window, another field after it, and give it the focus."""
    layout = window.layout()
    assert layout is not None
    layout.addWidget(editor)
    layout.addWidget(LineEditor())
    layout.setAlignment(Qt.AlignmentFlag.AlignTop)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    editor.setFocus()
    return editor


def compose(editor: Editor, preedit: str, commit: str = "") -> None:
    """What an input method sends: the text being composed, and what is finished."""
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(editor.control, event)
