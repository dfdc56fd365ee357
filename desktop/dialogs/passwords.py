"""Asks for a new password twice, and for what proves that one may set it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QWidget

from db.errors import Refused
from db.record import database
from db.store.passwords import limits
from desktop import theme
from desktop.dialogs.paned import PanedDialog
from desktop.jobs import Job, Jobs


def rule() -> str:
    """What is said of a new password beside its field."""
    return f"口令{limits().shortest}到{limits().longest}个字，可以用汉字。写在纸上收好，不要贴在屏幕边。"


class PasswordDialog(PanedDialog):
    """`decided(old, password)`: the old password or the recovery code, "" when it is not asked for, and the new one."""

    decided = Signal(str, str)

    def __init__(
        self, title: str, name: str, verb: str, *, asks_old: bool = False, old_label: str = "现在的口令",
        name_label: str = "姓名", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(title, rule(), verb, "不改", parent)
        self.fields = QFormLayout()
        self.fields.setSpacing(8)
        self.name, self.old, self.password, self.again = QLineEdit(name), QLineEdit(), QLineEdit(), QLineEdit()
        self.name.setReadOnly(bool(name))
        for edit in (self.password, self.again):
            edit.setEchoMode(QLineEdit.EchoMode.Password)
        if old_label == "现在的口令":
            self.old.setEchoMode(QLineEdit.EchoMode.Password)
        self._asked: list[tuple[str, QWidget]] = [(name_label, self.name)]
        if asks_old:
            self._asked.append((old_label, self.old))
        self._asked += [("新口令", self.password), ("再输一次", self.again)]
        for label, edit in self._asked:
            edit.setAccessibleName(label)
            self.fields.addRow(label, edit)
        self.body.addLayout(self.fields)
        self.said = QLabel()
        self.said.setWordWrap(True)
        theme.set_role(self.said, "red", "light")
        self.body.addWidget(self.said)
        self.setMinimumWidth(theme.up4(36 * theme.em()))
        self.button.clicked.connect(self._decide)
        next(edit for _label, edit in self._asked if not (edit is self.name and name)).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field, as in the forms: else the password would be typed, legibly, into the name."""
        fields = [edit for _label, edit in self._asked]
        at = fields.index(focused) if (focused := self.focusWidget()) in fields else len(fields)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at + 1 < len(fields):
            fields[at + 1].setFocus()
        else:
            super().keyPressEvent(event)

    def _decide(self) -> None:
        if self.password.text() != self.again.text():
            self.refuse(Refused("两次输的新口令不一样，请再输一次"))
            self.again.setFocus()
            self.again.selectAll()
            return
        self.decided.emit(self.old.text(), self.password.text())

    def wait(self) -> None:
        """It is being done."""
        self.said.clear()
        self.button.setEnabled(False)

    def carry_out(self, jobs: Jobs, deed: Callable[[], object], done: Callable[[Any], None]) -> None:
        """Do on the worker what takes some tenths of a second; then close, and tell `done` what came of it."""
        self.wait()

        def work(_job: Job) -> object:
            database.connect(reuse_if_open=True)
            return deed()

        def end(result: object) -> None:
            self.accept()
            done(result)

        jobs.run("记下账号", work, end, self.refuse)

    def refuse(self, error: BaseException) -> None:
        """It could not be done; what was typed stays."""
        self.button.setEnabled(True)
        self.said.setText(str(error) if isinstance(error, Refused) else "没有改成，口令和原来一样；请再试一次")


class AccountDialog(PasswordDialog):
    """A new account: name, role and first password; `made(name, role, password)`."""

    made = Signal(str, str, str)

    def __init__(self, title: str, roles: tuple[str, ...], verb: str, parent: QWidget | None = None) -> None:
        super().__init__(title, "", verb, parent=parent)
        self.role = QComboBox()
        self.role.addItems(roles)
        self.role.setAccessibleName("角色")
        self.fields.insertRow(1, "角色", self.role)
        self._asked.insert(1, ("角色", self.role))
        self.setTabOrder(self.name, self.role)
        self.setTabOrder(self.role, self.password)
        self.decided.connect(self._make)

    def _make(self, _old: str, password: str) -> None:
        self.made.emit(self.name.text(), self.role.currentText(), password)
