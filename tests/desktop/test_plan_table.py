"""The cells of a dry run that tell what was and what will be."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QFontMetrics
from pytestqt.qtbot import QtBot

from desktop.registers.plan_table import change_rooms

OLD, NEW = "蓝财[2022]991号", "蓝财〔2022〕991号"


def test_what_will_be_is_read_whole_where_both_do_not_fit(qtbot: QtBot) -> None:
    metrics = QFontMetrics(QFont())
    needed, before = metrics.horizontalAdvance(NEW), metrics.horizontalAdvance(OLD)
    both = QRect(0, 0, needed + before + 40, 28)
    for room, least in (
        (both, before),
        (QRect(0, 0, needed + before // 2 + 8, 28), 1),
        (QRect(0, 0, needed + 4, 28), 0),
    ):
        was, will = change_rooms(room, metrics, OLD, metrics, NEW)
        assert will.width() > needed
        assert was.width() >= least
        assert not was.intersects(will)


def test_the_whole_cell_is_for_what_will_be_where_nothing_was(qtbot: QtBot) -> None:
    metrics = QFontMetrics(QFont())
    was, will = change_rooms(QRect(0, 0, 100, 28), metrics, "", metrics, NEW)
    assert was.width() == 0
    assert will == QRect(0, 0, 100, 28)
