"""Bars atop the window for what endangers the ledger and cannot wait for somebody to look at the foot of the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.settings import MachineSettings


class AlertBar(QFrame):
    """One warning: what it is, a button for what to do about it, and one that puts it off until tomorrow."""

    def __init__(self, key: str) -> None:
        """Hidden; `key` names the warning."""
        super().__init__()
        self.setObjectName(key)
        theme.set_role(self, "note")
        self.words, self.way, self.later = QLabel(), QPushButton(), QPushButton("今天不再提醒")
        self.words.setWordWrap(True)
        theme.set_role(self.later, "quiet")
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 6, 12, 6)
        line.setSpacing(12)
        line.addWidget(self.words, 1)
        for button in (self.way, self.later):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            line.addWidget(button)


class Alerts(QObject):
    """Shows the bars over the pages of a window, none that was put off today."""

    def __init__(self, pages: QWidget, settings: MachineSettings, today: Callable[[], date]) -> None:
        """`pages`: what the bars are to stand above; it lies in a column."""
        super().__init__(pages)
        self._pages, self._settings, self._today = pages, settings, today
        self._bars: dict[str, AlertBar] = {}
        self._taken: dict[str, Callable[[], object]] = {}

    def show(self, key: str, words: str, way: str = "", taken: Callable[[], object] | None = None) -> None:
        """Show a warning, or what is now to be said of it; `way` is what the button says that calls `taken`."""
        if self._settings.put_off(key) == self._today():
            return
        bar = self._bars.get(key) or self._new_bar(key)
        bar.words.setText(words)
        bar.setAccessibleName(words)
        bar.way.setText(way)
        bar.way.setVisible(bool(way))
        if taken:
            self._taken[key] = taken
        bar.show()

    def hide(self, key: str) -> None:
        """Take a warning away: what it warned of is over."""
        if key in self._bars:
            self._bars[key].hide()

    def bar(self, key: str) -> AlertBar | None:
        """The bar of a warning while it is to be seen."""
        found = self._bars.get(key)
        return found if found is not None and not found.isHidden() else None

    def _new_bar(self, key: str) -> AlertBar:
        bar = self._bars[key] = AlertBar(key)
        bar.way.clicked.connect(self._take)
        bar.later.clicked.connect(self._put_off)
        holder = self._pages.parentWidget()
        column = holder.layout() if holder is not None else None
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(0, bar)
        return bar

    def _key(self) -> str:
        bar = self.sender().parent()
        assert isinstance(bar, AlertBar)
        return bar.objectName()

    def _take(self) -> None:
        self._taken[self._key()]()

    def _put_off(self) -> None:
        key = self._key()
        self._settings.set_put_off(key, self._today())
        self.hide(key)
