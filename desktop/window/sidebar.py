"""The side bar: what the window can show, in groups, each with its count; a rail of icons where room is short."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6 import QtCore
from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.window.entry import EDGE, Entry, Item

__all__ = ["RAIL_BELOW", "Entry", "Group", "Item", "SideBar"]

NAME = "法治台账"
WIDTH_EM, RAIL_EM = 13.2, 3.6
RAIL_BELOW = 1100  # px of window width


@dataclass(frozen=True)
class Group:
    """Items under a heading; an empty title is for those that stand above all headings."""

    title: str
    items: tuple[Item, ...]


class SideBar(QFrame):
    """Items in groups; `chosen(key)` when the clerk takes another one.

    One stop for Tab; Up, Down, Home and End walk, Enter or space takes, letters jump to the next item that begins with
    them (`initials`: text -> its pinyin initials, so that "sw" finds 收文). With `foot` a search stands on top,
    a row with 回收站 and settings at the bottom: `search_asked`, `bin_asked`, `settings_asked`.
    """

    chosen = Signal(str)
    search_asked = Signal()
    bin_asked = Signal()
    settings_asked = Signal()
    restore_asked = Signal(object)  # the backup chosen in the settings
    installer_asked = Signal(object)  # the command that installs another version once everything is closed

    def __init__(
        self, foot: bool = False, initials: Callable[[str], str] | None = None, parent: QWidget | None = None
    ) -> None:  # fmt: skip
        """Empty until `set_items`."""
        super().__init__(parent)
        theme.set_role(self, "side", fresh=True)
        self.setAccessibleName("侧栏")
        self._initials = initials
        self._rail = False
        self._entries: dict[str, Entry] = {}
        self._titles: list[tuple[QWidget, QWidget]] = []
        self._typed, self._since = "", QElapsedTimer()
        self._buttons = QButtonGroup(self)
        self._buttons.buttonClicked.connect(self._choose)
        self._name, self._mark = QLabel(NAME), QLabel()
        theme.set_role(self._name, "h2", fresh=True)
        self._list = QVBoxLayout()
        self._column = column = QVBoxLayout(self)
        column.setSpacing(0)
        column.setContentsMargins(EDGE, 12, EDGE - 1, 4)  # one px is the border
        column.addWidget(self._new_head())
        column.addSpacing(4)
        column.addWidget(self._new_scroll(), 1)
        self._has_foot = foot
        self._foot: _Foot | None = None
        self._search: Entry | None = None
        self._measure()

    def set_items(self, groups: Sequence[Group]) -> None:
        """Show these groups; the current item stays current if it is still there."""
        current, focused = self.current(), any(entry.hasFocus() for entry in self._entries.values())
        for entry in self._entries.values():
            self._buttons.removeButton(entry)
        while self._list.count():
            widget: QWidget | None = self._list.takeAt(0).widget()  # None: the stretch at the end
            if widget:
                widget.hide()
                widget.deleteLater()
        self._entries.clear()
        self._titles.clear()
        self._scroll.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for group in groups:
            if group.title:
                self._add_title(group.title)
            for item in group.items:
                self._add_item(item)
        self._list.addStretch(1)
        if self._has_foot and self._foot is None:
            self._foot = _Foot(self)
            self._column.addWidget(self._foot)
            self._foot.show()  # now: Tab may go there in the same breath
            self._search = self._new_search(self._column)
            self._search.show()
        self._name.clear()
        self._name.setText(NAME)  # measured anew: while the frame was built no font may have covered Chinese
        self.set_rail(self._rail)
        self._give_tab(current if current in self._entries else next(iter(self._entries), ""))
        if current in self._entries:
            self.set_current(current)
        if focused:
            self.setFocus()

    def set_inner(self, parent: str, items: Sequence[Item]) -> None:
        """Put these items under the item `parent`, in place of all that stood under any item.

        Raises KeyError if there is no such item.
        """
        place = self._list.indexOf(self._entries[parent]) + 1
        wanted = {item.key for item in items}
        for entry in [entry for entry in self._entries.values() if entry.item.is_inner]:
            if entry.item.key not in wanted:
                self._drop(entry)
        place = self._list.indexOf(self._entries[parent]) + 1
        for at, item in enumerate(items):
            if item.key in self._entries:
                self._entries[item.key].set_item(item)
            else:
                self._add_item(item)
            entry = self._entries[item.key]
            entry.set_rail(self._rail)
            self._list.removeWidget(entry)
            self._list.insertWidget(place + at, entry)
        inner = {item.key: self._entries.pop(item.key) for item in items}
        others = list(self._entries.items())
        after = [key for key, _entry in others].index(parent) + 1
        self._entries = {**dict(others[:after]), **inner, **dict(others[after:])}

    def _drop(self, entry: Entry) -> None:
        if entry.hasFocus():
            self.setFocus()
        self._buttons.removeButton(entry)
        del self._entries[entry.item.key]
        self._list.removeWidget(entry)
        entry.hide()
        entry.deleteLater()

    def set_current(self, key: str) -> None:
        """Mark an item as the one on show, without `chosen`; "" or an unknown key marks none."""
        self._buttons.setExclusive(False)
        for other, entry in self._entries.items():
            entry.setChecked(other == key)
        self._buttons.setExclusive(True)
        if key in self._entries:
            self._give_tab(key)
            self._scroll.ensureWidgetVisible(self._entries[key], 0, 0)

    def set_title(self, title: str, words: str) -> None:
        """Let the heading that begins with `title` say more."""
        for heading, _rule in self._titles:
            if isinstance(heading, QLabel) and heading.text().startswith(title):
                heading.setText(words)

    def current(self) -> str:
        """The key of the item on show; "" if none is."""
        return next((key for key, entry in self._entries.items() if entry.isChecked()), "")

    def set_count(self, key: str, count: int | None, alarm: bool = False) -> None:
        """Change the count of an item. Raises KeyError if there is no such item."""
        entry = self._entries[key]
        entry.set_item(replace(entry.item, count=count, alarm=alarm))

    def keys(self) -> list[str]:
        """The items from the top, for Ctrl+1 … Ctrl+0."""
        return [key for key, entry in self._entries.items() if not entry.item.is_inner]

    def entry(self, key: str) -> Entry:
        """The widget of an item, to hang a menu on. Raises KeyError if there is no such item."""
        return self._entries[key]

    def set_rail(self, rail: bool) -> None:
        """Show icons with tooltips only (windows narrower than `RAIL_BELOW`), or icons with words."""
        self._rail = rail
        self._name.setVisible(not rail)
        self._mark.setVisible(rail)
        if rail:  # an icon is not drawn before it is seen: the frame stands sooner
            theme.set_icon(self._mark, "book", "accent")
        for words, rule in self._titles:
            words.setVisible(not rail)
            rule.setVisible(rail)
        for entry in (*filter(None, (self._search,)), *self._entries.values()):
            entry.set_rail(rail)
        if self._foot is not None:
            self._foot.set_rail(rail)
        self._measure()

    def is_rail(self) -> bool:
        """Whether only icons are shown."""
        return self._rail

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_foot"):
            self._measure()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of an item: walk, or jump by the first letters; they would otherwise scroll the area around it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(watched, Entry):
            return self._take_key(event, watched)
        return False

    def _take_key(self, event: QKeyEvent, entry: Entry) -> bool:
        entries = list(self._entries.values())
        at, key = entries.index(entry), event.key()
        steps = {
            QtCore.Qt.Key.Key_Up: -1,
            QtCore.Qt.Key.Key_Down: 1,
            QtCore.Qt.Key.Key_Home: -len(entries),
            QtCore.Qt.Key.Key_End: len(entries),
        }
        if key in steps:
            self._focus(entries[max(0, min(at + steps[QtCore.Qt.Key(key)], len(entries) - 1))])
        elif event.text().isprintable() and event.text().strip():
            self._jump(event.text(), entries, at)
        else:
            return False
        return True

    def _jump(self, letter: str, entries: list[Entry], at: int) -> None:
        """Go to the next item that begins with what was typed without a pause; one letter again: the next such."""
        pause = QApplication.keyboardInputInterval()
        fresh = not self._since.isValid() or self._since.elapsed() > pause or self._typed == letter
        self._typed = letter if fresh else self._typed + letter
        self._since.start()
        start = at + 1 if fresh else at
        wanted, initials = self._typed.casefold(), self._initials
        for entry in entries[start:] + entries[:start]:
            label = entry.item.label
            if label.casefold().startswith(wanted) or (initials and initials(label).startswith(wanted)):
                self._focus(entry)
                return

    def _focus(self, entry: Entry) -> None:
        self._give_tab(entry.item.key)
        entry.setFocus(QtCore.Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(entry, 0, 0)

    def _give_tab(self, key: str) -> None:
        """Let Tab and `setFocus` on the side bar reach this item and no other."""
        for other, entry in self._entries.items():
            entry.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus if other == key else QtCore.Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self._entries.get(key))  # pyright: ignore[reportArgumentType]  None takes the proxy away

    def _choose(self, entry: QAbstractButton) -> None:
        assert isinstance(entry, Entry)
        self._give_tab(entry.item.key)
        self.chosen.emit(entry.item.key)

    def _add_title(self, title: str) -> None:
        words, line = QLabel(title), QFrame()
        theme.set_role(words, "small")
        words.setContentsMargins(EDGE, 6, 0, 0)
        theme.set_role(line, "rule")
        line.setFixedHeight(1)
        rule = QWidget()
        column = QVBoxLayout(rule)
        column.setContentsMargins(0, 10, 0, 0)
        column.addWidget(line)
        self._list.addWidget(words)
        self._list.addWidget(rule)
        self._titles.append((words, rule))

    def _add_item(self, item: Item) -> None:
        entry = Entry(item)
        self._buttons.addButton(entry)
        self._entries[item.key] = entry
        entry.installEventFilter(self)
        self._list.addWidget(entry)
        entry.show()  # now: a hidden item cannot take the focus

    def _new_head(self) -> QWidget:
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(EDGE, 0, EDGE, 0)
        line.addWidget(self._mark)
        line.addWidget(self._name)
        line.addStretch(1)
        self._head = head
        return head

    def _new_search(self, column: QVBoxLayout) -> Entry:
        """The way to the search over everything, under the name; for Tab it stands behind the foot."""
        entry = Entry(Item("search", "search", "搜索全部"))
        entry.setCheckable(False)
        entry.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        entry.clicked.connect(self.search_asked)
        column.insertWidget(2, entry)
        return entry

    def _new_scroll(self) -> QScrollArea:
        inside = QWidget()
        self._list.setSpacing(0)
        self._list.setContentsMargins(0, 0, 0, 0)
        inside.setLayout(self._list)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(inside)
        return self._scroll

    def _measure(self) -> None:
        self.setFixedWidth(theme.up4((RAIL_EM if self._rail else WIDTH_EM) * theme.em()))
        self._head.setFixedHeight(theme.row())


class _Foot(QWidget):
    """回收站 and the settings, side by side; one above the other in a rail."""

    def __init__(self, bar: SideBar) -> None:
        """Two lines that tell `bar`'s signals."""
        super().__init__()
        self._bin, self._settings = Entry(Item("bin", "bin", "回收站")), Entry(Item("settings", "gear", "设置"))
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setSpacing(0)
        self._box.setContentsMargins(0, 0, 0, 0)
        for entry, stretch in ((self._bin, 1), (self._settings, 0)):
            entry.setCheckable(False)
            entry.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
            self._box.addWidget(entry, stretch)
        self._settings.set_rail(True)
        self._bin.clicked.connect(bar.bin_asked)
        self._settings.clicked.connect(bar.settings_asked)

    def set_rail(self, rail: bool) -> None:
        """Icons alone, one above the other, or with the word."""
        ways = QBoxLayout.Direction
        self._box.setDirection(ways.TopToBottom if rail else ways.LeftToRight)
        self._bin.set_rail(rail)
