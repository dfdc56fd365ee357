"""Signing in over the window, before anything of the ledger is seen: at the start, after a while without a key, for a
colleague.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from db.directory.accounts import active
from db.errors import Refused
from db.record import database
from db.rules.permissions import ADMINISTRATOR, permissions
from db.store import accounts
from db.store.accounts import LOCK_MINUTES
from desktop import theme
from desktop.window.waiting import Cover

if TYPE_CHECKING:
    from db.store.store import Store
    from desktop.dialogs.passwords import AccountDialog, PasswordDialog
    from desktop.jobs import Job, Jobs
    from desktop.window.main import MainWindow

_LOST = (
    "台账受损后救了回来，登记的内容在，人员账号没有救回来。请由原来的管理员新设账号；"
    "是谁、什么时候设的记在日志里，别人的账号由新管理员再加。"
)
_LIVING = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.InputMethod)


class _Names(QComboBox):
    """Who signs in; `decided` once one was picked out of the list, or by Enter."""

    decided = Signal()

    def hidePopup(self) -> None:
        """The list is gone, with a name or as it was."""
        super().hidePopup()
        self.decided.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter leads on, as in the forms."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.decided.emit()
        else:
            super().keyPressEvent(event)


class SignInPage(Cover):
    """Name and password; `entered(name, password)` when they are to be tried, `forgot(name)` for the recovery code."""

    entered = Signal(str, str)
    forgot = Signal(str)
    renewed = Signal()  # nobody can sign in: a new administrator is to be made

    def __init__(self, window: MainWindow, office: str, people: list[tuple[str, str]], last: str) -> None:
        """`people` are (name, role) of who may sign in, `last` is offered first."""
        super().__init__(window)
        self._roles = dict(people)
        head, self.words = QLabel(office), QLabel("请登录。没填完的表都还在。" if last else "请登录。")
        theme.set_role(head, "h1")
        theme.set_role(self.words, "muted")
        self.name, self.password, self.said = _Names(), QLineEdit(), QLabel()
        self.name.addItems([name for name, _role in people])
        self.name.setCurrentIndex(max(self.name.findText(last), 0))
        self.name.setAccessibleName("姓名")
        self.name.currentTextChanged.connect(self._follow)
        self.name.decided.connect(self.password.setFocus)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName("口令")
        self.password.setPlaceholderText("口令")
        self.password.returnPressed.connect(self._enter)
        self.said.setWordWrap(True)
        theme.set_role(self.said, "red", "light")
        self.button, self.forgotten = QPushButton("登录"), QPushButton("忘了口令，用恢复码...")
        theme.set_role(self.button, "primary")
        theme.set_role(self.forgotten, "quiet")
        self.button.clicked.connect(self._enter)
        self.forgotten.clicked.connect(self._forgot)
        kept = self.forgotten.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # the fields do not move when another name is chosen
        self.forgotten.setSizePolicy(kept)
        card = QWidget()
        card.setFixedWidth(theme.up4(24 * theme.em()))
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (head, self.words, self.name, self.password, self.said, self.button):
            column.addWidget(widget)
        column.addWidget(self.forgotten, 0, Qt.AlignmentFlag.AlignRight)
        self.centre(card)
        self._follow(self.name.currentText())
        self.show()
        self.hide_window()
        self.password.setFocus()

    def _follow(self, name: str) -> None:
        """Another name: what was said was said of the one before; the recovery code is the administrators'."""
        self.said.clear()
        self.password.clear()
        self.forgotten.setVisible(self._roles.get(name) == ADMINISTRATOR)

    def offer_renewal(self) -> None:
        """No account is left: say so, with the way on in place of name and password."""
        for widget in (self.name, self.password, self.forgotten):
            widget.hide()
        self.words.setText("现在谁也登录不了。")
        self._say(_LOST)
        self.button.setText("新设管理员...")
        self.button.clicked.disconnect(self._enter)
        self.button.clicked.connect(self.renewed)
        self.button.setFocus()

    def _enter(self) -> None:
        if self.button.isEnabled():
            self.entered.emit(self.name.currentText(), self.password.text())

    def _forgot(self) -> None:
        self.forgot.emit(self.name.currentText())

    def _say(self, words: str) -> None:
        """Say what is wrong, in as many lines as it takes: the card in the middle asks for no height for its width."""
        self.said.setText(words)
        self.said.ensurePolished()
        card = self.said.parentWidget()
        assert card is not None
        self.said.setMinimumHeight(self.said.heightForWidth(card.minimumWidth()))

    def wait(self) -> None:
        """The password is being tried, which takes a moment."""
        self.said.clear()
        self.button.setEnabled(False)

    def refuse(self, words: str) -> None:
        """It was not the right one."""
        self.button.setEnabled(True)
        self._say(words)
        self.password.selectAll()
        self.password.setFocus()


class SignInDesk(QObject):
    """Keeps the window shut until somebody has signed in; shuts it again when it is left alone, or when asked."""

    def __init__(self, window: MainWindow, store: Store, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window, self._store, self._jobs = window, store, jobs
        self.page: SignInPage | None = None
        self._last = ""
        self._allowed = self._asked()
        self._idle = QTimer(self, singleShot=True)
        self._idle.timeout.connect(self.lock)
        self._shortcut: QShortcut | None = None
        window.status.clerk_asked.connect(self._offer)
        self.follow()

    def follow(self) -> None:
        """The office has begun to use accounts, or does without them again."""
        is_used, clerk = self._store.has_accounts, self._store.clerk
        self._window.status.offer_clerk(is_used)
        if clerk is not None:
            self._last = clerk.name
            self._window.status.show_clerk(f"{clerk.name}（{clerk.role}）", self._store.reason)
        if is_used and self._shortcut is None:
            self._shortcut = QShortcut(QKeySequence("Ctrl+L"), self._window)
            self._shortcut.activated.connect(self.lock)
            QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        elif not is_used and self._shortcut is not None:
            self._shortcut.deleteLater()
            self._shortcut = None
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        self._open_again()
        self._rest()

    def _asked(self) -> tuple[str, ...]:
        """What whoever works here may do."""
        return tuple(name for name in permissions() if accounts.may(self._store, name))

    def _open_again(self) -> None:
        """Make the pages anew when somebody's own role, or what it may do, was changed while he works."""
        allowed, before = self._asked(), self._allowed
        self._allowed = allowed
        if allowed != before and self.page is None and not self._window.is_shut:
            self._window.keep_drafts()
            self._window.begin_anew()

    def ask(self) -> None:
        """Cover the window until somebody has signed in."""
        if self.page is not None:
            return
        theme.cover_rare_characters(QApplication.instance())  # type: ignore[arg-type]  the names come first here
        people = [(one.name, one.role) for one in active()]
        office = self._store.rules.setting("office")
        self.page = page = SignInPage(self._window, office, people, self._last)
        page.entered.connect(self._try)
        page.forgot.connect(self._recover)
        page.renewed.connect(self._renew)
        if not people:
            page.offer_renewal()

    def _renew(self) -> None:
        """Make a new administrator for a ledger whose accounts were not rescued."""
        from desktop.dialogs.passwords import AccountDialog

        dialog = AccountDialog("新设管理员", (ADMINISTRATOR,), "启用", self._window)
        dialog.made.connect(partial(self._begin, dialog))
        dialog.open()

    def _begin(self, dialog: AccountDialog, name: str, _role: str, password: str) -> None:
        dialog.carry_out(self._jobs, lambda: accounts.begin(self._store, name, password), self._begun)

    def _begun(self, code: str) -> None:
        from desktop.dialogs.accounts import CodeDialog

        assert self._store.clerk is not None
        self._let_in(self._store.clerk)
        CodeDialog(self._store.rules.setting("office"), code, self._store.moment(), self._jobs, self._window).open()

    def lock(self) -> None:
        """Keep what is half-typed and shut the window."""
        if not self._store.has_accounts or self._store.clerk is None or self._window.may_close:
            return
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.reject()
                widget.hide()
        self._window.keep_drafts()
        self._last = self._store.clerk.name
        accounts.sign_out(self._store)
        self.ask()

    def close(self) -> None:
        """Listen no more."""
        self._idle.stop()
        if self._shortcut is not None:
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Somebody is there."""
        if event.type() in _LIVING:
            self._rest()
        return False

    def _rest(self) -> None:
        minutes = self._store.rules.settings.get(LOCK_MINUTES, "")
        if self._store.clerk is not None and self.page is None and minutes.isdecimal() and int(minutes):
            self._idle.start(int(minutes) * 60_000)
        else:
            self._idle.stop()

    def _try(self, name: str, password: str) -> None:
        assert self.page is not None
        self.page.wait()

        def work(_job: Job) -> accounts.Clerk:
            database.connect(reuse_if_open=True)
            return accounts.sign_in(self._store, name, password)

        self._jobs.run("登录", work, self._let_in, self._refuse)

    def _refuse(self, error: BaseException) -> None:
        if self.page is not None:
            self.page.refuse(str(error) if isinstance(error, Refused) else "登录没有做成，请再试一次")
        if not isinstance(error, Refused):
            self._window.show_trouble(error)

    def _let_in(self, clerk: accounts.Clerk) -> None:
        assert self.page is not None
        self.page.uncover()
        self.page = None
        self._window.status.show_clerk(f"{clerk.name}（{clerk.role}）", self._store.reason)
        allowed = self._asked()
        if clerk.name != self._last or allowed != self._allowed:
            self._open_for_another()
        self._last, self._allowed = clerk.name, allowed
        self._rest()

    def _open_for_another(self) -> None:
        if self._window.is_shut:
            self._window.is_shut = False
            self._window.begin()
        else:
            self._window.begin_anew()

    def _offer(self) -> None:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("锁定，换人登录\tCtrl+L", self.lock)
        menu.addAction("改我的口令...", self._change_own)
        menu.popup(self._window.status.mapToGlobal(self._window.status.rect().topRight()))

    def _change_own(self) -> None:
        from desktop.dialogs.passwords import PasswordDialog

        clerk = self._store.clerk
        if clerk is None:
            return
        dialog = PasswordDialog("改我的口令", clerk.name, "改口令", asks_old=True, parent=self._window)
        dialog.decided.connect(partial(self._set_own, dialog, clerk.name))
        dialog.open()

    def _set_own(self, dialog: PasswordDialog, name: str, old: str, password: str) -> None:
        self._do(dialog, lambda: accounts.set_password(self._store, name, password, old=old), "口令已改")

    def _recover(self, name: str) -> None:
        from desktop.dialogs.passwords import PasswordDialog

        dialog = PasswordDialog(
            "用恢复码重置口令", name, "重置口令", asks_old=True, old_label="恢复码（打印的那一张）", parent=self._window
        )
        dialog.decided.connect(partial(self._recovered, dialog, name))
        dialog.open()

    def _recovered(self, dialog: PasswordDialog, name: str, code: str, password: str) -> None:
        self._do(dialog, lambda: accounts.recover(self._store, name, code, password), "口令已重置，请用新口令登录")

    def _do(self, dialog: PasswordDialog, deed: Callable[[], None], said: str) -> None:
        dialog.carry_out(
            self._jobs, deed, lambda _nothing: (self.page.refuse if self.page is not None else self._window.tell)(said)
        )
