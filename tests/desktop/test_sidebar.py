"""The side bar: groups, counts, keys, the rail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QWidget

from desktop import theme
from desktop.window.sidebar import Entry, Group, Item, SideBar

INITIALS = {"收文": "sw", "发文": "fw", "学习": "xx", "我的逾期": "wdyq"}
GROUPS = (
    Group("", (Item("today", "today", "今日", 7, True),)),
    Group(
        "台账",
        (Item("incoming", "in", "收文", 3104), Item("outgoing", "out", "发文", 268), Item("study", "study", "学习")),
    ),
    Group("视图", (Item("mine", "view", "我的逾期", 3, True),)),
)


@pytest.fixture
def bar(qapp: QApplication) -> Iterator[SideBar]:
    """A side bar in a window beside a field; 收文 is on show."""
    qapp.setFont(QFont(qapp.font().family(), 10))
    theme.dress(qapp, "light")
    window = QWidget()
    bar = SideBar(foot=True, initials=lambda text: INITIALS.get(text, ""))
    line = QHBoxLayout(window)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(bar)
    line.addWidget(QLineEdit())
    bar.set_items(GROUPS)
    bar.set_current("incoming")
    window.resize(500, 600)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    yield bar
    window.close()
    window.deleteLater()


def press(key: Qt.Key) -> None:
    """Press a key where the focus is."""
    QTest.keyClick(QApplication.focusWidget(), key)


def focused() -> str:
    """The item that has the focus."""
    widget = QApplication.focusWidget()
    return widget.item.key if isinstance(widget, Entry) else ""


def titles(bar: SideBar) -> list[str]:
    """The headings on show."""
    words = ("台账", "视图", "法治台账")
    return [label.text() for label in bar.findChildren(QLabel) if label.text() in words and label.isVisible()]


def test_items_stand_in_their_order_under_their_headings(bar: SideBar) -> None:
    assert bar.keys() == ["today", "incoming", "outgoing", "study", "mine"]
    assert titles(bar) == ["法治台账", "台账", "视图"]
    keys = bar.keys()
    tops = [bar.entry(key).y() for key in keys]
    assert tops == sorted(tops)
    assert all(bar.entry(key).height() == theme.row() for key in keys)


def test_a_click_chooses_an_item_and_leaves_the_focus_where_it_was(bar: SideBar) -> None:
    chosen: list[str] = []
    bar.chosen.connect(chosen.append)
    field = bar.window().findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    QTest.mouseClick(bar.entry("outgoing"), Qt.MouseButton.LeftButton)
    assert chosen == ["outgoing"]
    assert bar.current() == "outgoing"
    assert field.hasFocus()


def test_showing_an_item_from_the_program_tells_nobody(bar: SideBar) -> None:
    chosen: list[str] = []
    bar.chosen.connect(chosen.append)
    bar.set_current("study")
    assert bar.current() == "study"
    bar.set_current("nowhere")
    assert bar.current() == ""
    assert chosen == []


def test_arrows_only_walk_and_enter_chooses(bar: SideBar) -> None:
    chosen: list[str] = []
    bar.chosen.connect(chosen.append)
    bar.setFocus()
    assert focused() == "incoming"
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    assert focused() == "study"
    assert chosen == []
    assert bar.current() == "incoming"
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_End)
    assert focused() == "mine"
    assert chosen == ["study", "today"]


def test_the_items_are_one_stop_for_tab(bar: SideBar) -> None:
    bar.setFocus()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Tab)
    assert focused() == "bin"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert focused() == "outgoing"


@pytest.mark.parametrize(("typed", "found"), [("fw", "outgoing"), ("x", "study"), ("wd", "mine"), ("zz", "incoming")])
def test_typed_initials_jump_to_an_item(bar: SideBar, typed: str, found: str) -> None:
    bar.setFocus()
    for letter in typed:
        QTest.keyClicks(QApplication.focusWidget(), letter)
    assert focused() == found


def test_a_count_can_change_and_an_alarm_is_red(bar: SideBar) -> None:
    bar.set_count("outgoing", 1234567)
    entry = bar.entry("outgoing")
    assert entry.accessibleName() == "发文"
    assert entry.accessibleDescription() == "1,234,567 条"

    def reds() -> int:
        image = entry.grab().toImage()
        pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        return sum(pixel.red() > pixel.green() + 60 for pixel in pixels)

    assert reds() == 0
    bar.set_count("outgoing", 4, alarm=True)
    assert reds() > 0
    with pytest.raises(KeyError):
        bar.set_count("nowhere", 1)


def test_new_items_keep_the_one_on_show(bar: SideBar) -> None:
    bar.set_items((*GROUPS, Group("输出", (Item("print", "print", "打印"),))))
    assert bar.current() == "incoming"
    assert bar.keys()[-1] == "print"
    bar.setFocus()
    assert focused() == "incoming"
    bar.set_items(GROUPS)
    assert focused() == "incoming"
    bar.set_items(GROUPS[:1])
    assert bar.current() == ""
    assert bar.keys() == ["today"]


def test_the_rail_shows_icons_with_tooltips_and_no_words(bar: SideBar) -> None:
    wide = bar.width()
    bar.set_rail(True)
    QTest.qWait(0)
    assert bar.is_rail()
    assert bar.width() == theme.up4(3.6 * theme.em()) < wide
    assert titles(bar) == []
    assert bar.entry("incoming").toolTip() == "收文  3,104"
    assert bar.entry("study").toolTip() == "学习"
    bar.set_rail(False)
    QTest.qWait(0)
    assert bar.width() == wide
    assert titles(bar) == ["法治台账", "台账", "视图"]
    assert bar.entry("incoming").toolTip() == ""


def test_a_short_window_scrolls_to_the_item_that_is_walked_to(bar: SideBar) -> None:
    bar.window().resize(500, 200)
    QTest.qWait(0)
    bar.setFocus()
    press(Qt.Key.Key_End)
    entry = bar.entry("mine")
    area = entry.parentWidget().parentWidget()
    assert area.rect().contains(entry.mapTo(area, entry.rect().center()))


def test_the_foot_asks_for_the_bin_and_the_settings(bar: SideBar) -> None:
    asked: list[str] = []
    bar.bin_asked.connect(lambda: asked.append("bin"))
    bar.settings_asked.connect(lambda: asked.append("settings"))
    entries = {entry.item.key: entry for entry in bar.findChildren(Entry)}
    for rail in (False, True):
        bar.set_rail(rail)
        QTest.mouseClick(entries["bin"], Qt.MouseButton.LeftButton)
        QTest.mouseClick(entries["settings"], Qt.MouseButton.LeftButton)
    assert asked == ["bin", "settings"] * 2
    assert bar.current() == "incoming"


def test_there_is_no_foot_unless_it_is_asked_for(qapp: QApplication) -> None:
    assert SideBar().findChildren(Entry) == []


def test_the_ring_is_drawn_for_the_keyboard_and_not_for_a_window_that_just_opened(bar: SideBar) -> None:
    def ring() -> bool:
        entry = bar.entry("today")
        return entry.grab().toImage().pixelColor(entry.width() // 2, 1) == theme.colour("accent")

    bar.set_current("today")
    bar.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
    assert focused() == "today"
    assert not ring()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Up)
    assert ring()
