"""The problem line, the note line and the toast."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QAbstractAnimation, QEvent, QPointF, QPropertyAnimation, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from desktop import theme
from desktop.registers.marks import Fix, NoteLine, ProblemLine, Toast


@pytest.fixture
def pane(qapp: QApplication) -> Iterator[QWidget]:
    """A pane on show."""
    theme.dress(qapp, "light")
    pane = QWidget()
    pane.resize(600, 400)
    pane.show()
    yield pane
    pane.close()


def test_a_problem_line_says_its_sentence_and_offers_its_fixes(qapp: QApplication) -> None:
    theme.dress(qapp, "light")
    line = ProblemLine("与 下〔2026〕3051 文号相同", [Fix("same", "标为同文"), Fix("open", "打开那一条")])
    asked = QSignalSpy(line.fix_asked)
    assert line.accessibleName() == line.sentence() == "与 下〔2026〕3051 文号相同"
    for button in line.findChildren(QPushButton):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [asked.at(n)[0] for n in range(asked.count())] == ["same", "open"]


def test_a_note_is_ochre_and_a_problem_is_red(qapp: QApplication) -> None:
    theme.dress(qapp, "light")
    for line, bar, ground in ((ProblemLine("甲"), "red", "redbg"), (NoteLine("乙"), "ochre", "ochrebg")):
        line.resize(300, 28)
        image = line.grab().toImage()
        assert image.pixelColor(1, 14) == theme.colour(bar)
        assert image.pixelColor(290, 14) == theme.colour(ground)


def test_a_newer_toast_takes_the_place_of_the_older(pane: QWidget) -> None:
    toast = Toast(pane)
    toast.say("已登记 下〔2026〕3101")
    toast.say("已作废 下〔2026〕3100", undo=False)
    assert toast.isVisible()
    assert toast.sentence() == "已作废 下〔2026〕3100"
    assert toast.findChild(QPushButton).isHidden()


def test_the_toast_stands_in_the_bottom_middle_and_follows_the_pane(pane: QWidget) -> None:
    toast = Toast(pane)
    toast.say("已登记")
    pane.resize(900, 500)
    assert abs(toast.geometry().center().x() - 450) <= 1
    assert 400 < toast.geometry().bottom() < 500


def test_a_sentence_longer_than_the_pane_is_wide_is_wrapped_and_the_next_short_one_is_not(pane: QWidget) -> None:
    toast = Toast(pane)
    toast.say("已登记")
    short = toast.size()
    toast.say("已登记 《…关于做好今冬明春森林防灭火工作的通知》，还没有编号，填上签发日期后编号，待补全：主送等2处" * 2)
    label = toast.findChild(QLabel)
    assert pane.rect().contains(toast.geometry())
    metrics = label.fontMetrics()
    assert label.width() * (label.height() // metrics.lineSpacing()) >= metrics.horizontalAdvance(label.text())
    assert toast.findChild(QPushButton).geometry().right() < toast.width()
    toast.say("已登记")
    assert toast.size() == short


def test_undo_is_asked_once_and_the_toast_goes(pane: QWidget) -> None:
    toast = Toast(pane)
    asked = QSignalSpy(toast.undo_asked)
    toast.say("已登记")
    QTest.mouseClick(toast.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert asked.count() == 1
    assert toast.isHidden() or toast.findChild(QPropertyAnimation).state() == QAbstractAnimation.State.Running


def test_the_toast_waits_while_it_is_pointed_at(pane: QWidget) -> None:
    toast = Toast(pane)
    toast.say("已登记")
    timer = toast.findChild(QTimer)
    assert timer.isActive()
    assert timer.interval() == 12_000
    point = QPointF(5, 5)
    QApplication.sendEvent(toast, QEnterEvent(point, point, point))
    assert not timer.isActive()
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert timer.isActive()


def test_a_toast_in_a_closed_fade_comes_back_whole(pane: QWidget) -> None:
    toast = Toast(pane)
    toast.say("已登记")
    toast.dismiss()
    toast.say("已保存")
    fade = toast.findChild(QPropertyAnimation)
    if fade.state() == QAbstractAnimation.State.Running:
        fade.setCurrentTime(fade.duration())
    assert toast.isVisible()
    assert not toast.graphicsEffect().isEnabled()
