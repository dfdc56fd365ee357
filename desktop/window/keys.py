"""The keys that work everywhere in the window (look.md §3); what they do depends on the page on show."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from desktop.registers.page import RegisterPage
    from desktop.window.main import MainWindow


class Keys(QObject):
    """Binds the keys of a window that is filled."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        keys: dict[str, Callable[[], None]] = {
            "Ctrl+N": self._new, "Ctrl+S": self._save, "Ctrl+F": self._find, "Ctrl+D": self._take_over,
            "Ctrl+Z": window.undo, "Ctrl+Shift+Z": window.redo, "Ctrl+Y": window.redo, "Ctrl+P": window.print_page,
            "F6": partial(self._next_pane, 1), "Shift+F6": partial(self._next_pane, -1),
            "Ctrl+PgUp": partial(self._step, -1), "Ctrl+PgDown": partial(self._step, 1),
            "Ctrl+Shift+F": partial(window.open_page, "search"),
            "Ctrl+Shift+Return": self._advance, **{f"Alt+{at + 1}": partial(self._tab, at) for at in range(4)},
            "F1": window.help, "Ctrl+/": window.help,
        }  # fmt: skip
        pages = {
            f"Ctrl+{at % 10}": partial(window.open_page, name) for at, name in enumerate(window.side.keys()[:10], 1)
        }
        for key, do in (keys | pages).items():
            shortcut = QShortcut(QKeySequence(key), window)
            shortcut.setContext(QtCore.Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(do)

    def _list(self) -> RegisterPage | None:
        """The register's page on show, unless quick entry or an import covers its list."""
        page = self._window.current_register()
        return page if page and page.currentWidget() is page.list_page else None

    def _new(self) -> None:
        page = self._window.current_register()
        self._window.enter_new(page.register.key() if page else "")

    def _save(self) -> None:
        page = self._window.current_register()
        if page:
            page.save()

    def _find(self) -> None:
        page = self._window.current_register()
        if page is None:  # a page without a list has nothing of its own to search
            self._window.open_page("search")
            return
        self._window.views.uncover(page)
        page.search.setFocus(QtCore.Qt.FocusReason.ShortcutFocusReason)
        page.search.selectAll()

    def _take_over(self) -> None:
        page = self._window.current_register()
        if page and page.entry:
            page.entry.take_over_last()
        elif page := self._list():
            page.table.fill_asked.emit()

    def _step(self, by: int) -> None:
        page = self._list()
        if page:
            page.step(by)

    def _advance(self) -> None:
        page = self._list()
        if page:
            page.many.advance()

    def _tab(self, at: int) -> None:
        page = self._list()
        if page:
            page.detail.open_tab(at)

    def _next_pane(self, by: int) -> None:
        """Go from side bar to list to form and round again, or the other way; on 今日 from side bar to matters."""
        window, page, focus = self._window, self._window.current_register(), QApplication.focusWidget()
        is_side = focus is not None and window.side.isAncestorOf(focus)
        if page is None and (board := window.current_board()):
            (board.matters if is_side else window.side).setFocus()
        if page is None or page is not self._list():
            return
        at = 0 if is_side else 1 if focus is page.table else 2
        (window.side.setFocus, page.table.setFocus, page.detail.form.focus_first)[(at + by) % 3]()
