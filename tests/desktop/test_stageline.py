"""The stage line: what is done, where a record stands, the one step that a click takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.registers.stageline import StageLine

SEVEN = ["签收", "登记", "拟办", "批办", "承办中", "办结", "归档"]
NINE = ["立项", "公众参与", "专家论证", "风险评估", "合法性审查", "集体讨论", "公布", "执行", "评估"]


@pytest.fixture
def line(qapp: QApplication) -> Iterator[StageLine]:
    """An empty line, 480 px wide."""
    qapp.setFont(QFont(qapp.font().family(), 10))
    theme.dress(qapp, "light")
    line = StageLine()
    line.resize(480, 40)
    line.show()
    line.activateWindow()
    assert QTest.qWaitForWindowActive(line)
    yield line
    line.close()
    line.deleteLater()


def clicks(line: StageLine, stage: int) -> list[int]:
    """What is asked for by a click on a stage."""
    asked: list[int] = []
    line.next_asked.connect(asked.append)
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=line.stop_rect(stage).center())
    line.next_asked.disconnect(asked.append)
    return asked


def dot(image: QImage, line: StageLine, stage: int) -> QColor:
    """The colour in the middle of a stage's dot."""
    return image.pixelColor(line.stop_rect(stage).center().x(), 8)


def test_done_stages_are_full_and_the_present_one_and_those_to_come_are_rings(line: StageLine) -> None:
    line.set_stages(SEVEN, 4)
    line.resize(476, 40)  # 68 px a stage: the middle of a dot is a whole pixel
    image = line.grab().toImage()
    full = [dot(image, line, stage) == theme.colour("accent") for stage in range(7)]
    assert full == [True] * 4 + [False] * 3


def test_a_click_on_the_next_stage_asks_for_it_and_on_any_other_for_nothing(line: StageLine) -> None:
    line.set_stages(SEVEN, 4)
    assert [clicks(line, stage) for stage in range(7)] == [[], [], [], [], [], [5], []]


def test_enter_and_space_ask_for_the_next_stage(line: StageLine) -> None:
    asked: list[int] = []
    line.next_asked.connect(asked.append)
    line.set_stages(SEVEN, 0)
    line.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_A):
        QTest.keyClick(line, key)
    assert asked == [1, 1, 1]


def test_nothing_comes_after_the_last_stage_or_beside_the_line(line: StageLine) -> None:
    line.set_stages(SEVEN, 6)
    assert line.next_stage() is None
    assert [clicks(line, stage) for stage in range(7)] == [[]] * 7
    line.set_stages(SEVEN, 2, "退文")
    assert line.next_stage() is None
    assert clicks(line, 3) == []


def test_of_more_than_seven_stages_three_are_shown(line: StageLine) -> None:
    line.set_stages(NINE, 3)
    assert [stage for stage in range(9) if not line.stop_rect(stage).isEmpty()] == [2, 3, 4]
    assert clicks(line, 4) == [4]
    line.set_stages(NINE, 0)
    assert [stage for stage in range(9) if not line.stop_rect(stage).isEmpty()] == [0, 1]
    line.set_stages(NINE, 8)
    assert [stage for stage in range(9) if not line.stop_rect(stage).isEmpty()] == [7, 8]


def test_the_line_can_be_heard(line: StageLine) -> None:
    line.set_stages(SEVEN, 4)
    assert line.accessibleDescription() == "第 5 步，共 7 步：承办中，下一步办结"
    line.set_stages(SEVEN, 6)
    assert line.accessibleDescription() == "第 7 步，共 7 步：归档，已到最后一步"
    line.set_stages(SEVEN, 1, "退文")
    assert line.accessibleDescription() == "第 2 步，共 7 步：登记，退文"


def test_a_hand_shows_over_the_next_stage_only(line: StageLine) -> None:
    line.set_stages(SEVEN, 4)
    QTest.mouseMove(line, line.stop_rect(5).center())
    assert line.cursor().shape() == Qt.CursorShape.PointingHandCursor
    QTest.mouseMove(line, line.stop_rect(6).center())
    assert line.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_a_stage_that_does_not_exist_is_refused(line: StageLine) -> None:
    with pytest.raises(IndexError):
        line.set_stages(SEVEN, 7)


def test_a_register_without_stages_has_no_line(line: StageLine) -> None:
    line.set_stages((), 0)
    assert line.isHidden()
    line.set_stages(SEVEN, 0)
    assert not line.isHidden()
