"""Asks for the password of an encrypted ledger over the window, before anything of it is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from db.errors import Refused, Sealed
from db.store.connecting import key_of
from db.store.tries import Tries
from desktop import theme
from desktop.uptime import watches
from desktop.window.waiting import Cover

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from desktop.jobs import Jobs


def is_locked(path: Path) -> bool:
    """Whether a ledger or backup is encrypted and its password has not been given yet."""
    try:
        key_of(path)
    except Sealed:
        return True
    return False


class UnlockPage(Cover):
    """One field for the password or the recovery code; `entered(text)` when it is to be tried."""

    entered = Signal(str)

    def __init__(self, window: QMainWindow, words: str) -> None:
        super().__init__(window)
        head, said = QLabel("这份台账加了密"), QLabel(words)
        theme.set_role(head, "h1")
        theme.set_role(said, "muted")
        said.setWordWrap(True)
        self.password, self.said, self.button = QLineEdit(), QLabel(), QPushButton("打开")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName("口令")
        self.password.setPlaceholderText("口令，或打印的恢复码")
        self.password.returnPressed.connect(self._enter)
        self.said.setWordWrap(True)
        theme.set_role(self.said, "red", "light")
        theme.set_role(self.button, "primary")
        self.button.clicked.connect(self._enter)
        card = QWidget()
        card.setFixedWidth(theme.up4(24 * theme.em()))
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (head, said, self.password, self.said, self.button):
            column.addWidget(widget)
        self.centre(card)
        self.show()
        self.hide_window()
        self.password.setFocus()

    def _enter(self) -> None:
        if self.button.isEnabled():
            self.entered.emit(self.password.text())

    def wait(self) -> None:
        """The password is being tried, which takes a moment."""
        self.said.clear()
        self.button.setEnabled(False)

    def refuse(self, words: str) -> None:
        """It was not the right one."""
        self.button.setEnabled(True)
        self.said.setText(words)
        self.password.selectAll()
        self.password.setFocus()


class Unlock(QObject):
    """Keeps the window shut until a file's password was given; `opened()` then. After five wrong ones one has to wait,
    also after a new start; see `tries`.

    `failed(error)`: the key cannot be read at all.
    """

    opened = Signal()
    failed = Signal(object)

    def __init__(self, window: QMainWindow, path: Path, jobs: Jobs, now: Callable[[], datetime]) -> None:
        super().__init__(window)
        self._jobs, self._tries = jobs, Tries(path.parent, watches(now))
        self.page = UnlockPage(window, "请输入它的口令。口令不对，什么也不会改动。")
        self.page.entered.connect(self._try)
        if words := self._tries.wait():
            self.page.refuse(words)

    def _try(self, password: str) -> None:
        self.page.wait()
        self._jobs.run("核对口令", lambda _job: self._tries.unlock(password), self._let_in, self._refuse)

    def _let_in(self, _key: object) -> None:
        self.page.uncover()
        self.opened.emit()

    def _refuse(self, error: BaseException) -> None:
        if not isinstance(error, Refused):
            self.page.uncover()
            self.failed.emit(error)
            return
        self.page.refuse(str(error))
