"""What stands where a list would be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from desktop import theme
from desktop.registers.empty import EmptyState

SENTENCE = "登记县政府重大行政决策，跟踪公众参与、专家论证、风险评估、合法性审查、集体讨论五道程序。"


@pytest.fixture
def empty(qapp: QApplication) -> Iterator[EmptyState]:
    """An empty state, 700 × 500."""
    theme.dress(qapp, "light")
    empty = EmptyState()
    empty.resize(700, 500)
    empty.show()
    yield empty
    empty.close()
    empty.deleteLater()


def words(empty: EmptyState) -> list[str]:
    """The texts on show: labels, then buttons."""
    parts = [*empty.findChildren(QLabel), *empty.findChildren(QPushButton)]
    return [part.text() for part in parts if part.isVisible() and part.text()]


def press(empty: EmptyState, label: str) -> None:
    """Click a button."""
    button = next(button for button in empty.findChildren(QPushButton) if button.text() == label)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_an_empty_register_says_what_it_is_for_and_how_to_begin(empty: EmptyState) -> None:
    empty.show_empty("decision", "还没有重大行政决策", SENTENCE, "登记决策  Ctrl+N")
    assert sorted(words(empty)) == sorted(
        ["还没有重大行政决策", SENTENCE, "登记决策  Ctrl+N", "从表格导入", "这本台账记什么  F1"]
    )
    asked: list[str] = []
    empty.action_asked.connect(lambda: asked.append("new"))
    empty.import_asked.connect(lambda: asked.append("import"))
    empty.help_asked.connect(lambda: asked.append("help"))
    for label in ("登记决策  Ctrl+N", "从表格导入", "这本台账记什么  F1"):
        press(empty, label)
    assert asked == ["new", "import", "help"]


def test_ways_without_words_are_not_shown(empty: EmptyState) -> None:
    empty.show_empty("in", "还没有收文", "", "登记收文", "", "")
    assert words(empty) == ["还没有收文", "登记收文"]


def test_an_empty_search_offers_to_clear_the_filter_and_nothing_else(empty: EmptyState) -> None:
    empty.show_empty("decision", "还没有重大行政决策", SENTENCE, "登记决策  Ctrl+N")
    empty.show_nothing_found()
    assert words(empty) == ["没有找到", "清除条件"]
    asked: list[bool] = []
    empty.clear_asked.connect(lambda: asked.append(True))
    press(empty, "清除条件")
    assert asked == [True]


def test_a_long_sentence_never_widens_the_window_and_stays_whole(empty: EmptyState) -> None:
    empty.show_empty("decision", "还没有重大行政决策", SENTENCE, "登记决策  Ctrl+N")
    for width in (1000, 420, 380):
        empty.resize(width, 500)
        QTest.qWait(20)
        label = next(label for label in empty.findChildren(QLabel) if label.text() == SENTENCE)
        assert empty.width() == width
        assert label.x() >= 0
        assert label.geometry().right() < width
        assert label.height() >= label.heightForWidth(label.width())
