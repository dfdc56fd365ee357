"""加密: whether the ledger, its backups and attachments are encrypted, and how that is turned on and off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from db.errors import Refused
from db.store import keys, passwords
from db.store.connecting import key_of
from db.store.keys import KEY_FILE, DataKey
from db.store.places import LEDGER
from db.store.sealing import Conversion
from db.store.tries import Tries, Watches
from desktop import theme
from desktop.dialogs.accounts import CodeDialog, CodeWords
from desktop.dialogs.paned import PanedDialog
from desktop.dialogs.passwords import PasswordDialog
from desktop.dialogs.tables import OfficePage
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.registers.words import OfficeWords

_OFF = (
    "现在没有加密：拿到硬盘、U盘或备份文件的人都能看到内容。\n\n"
    "加密以后，台账、备份和附件都成为密文，每次打开先输一个口令（和人员账号的口令不是一回事，知道的人都能打开台账）。"
    "忘了口令，只有打印的恢复码能打开；两样都没有，谁也打不开，包括本程序的维护人员。"
)
_ON = (
    "已加密：台账、备份和附件都是密文，打开台账先输口令。\n\n"
    "备份旁边的“台账密钥”文件要和备份放在一起：在别的电脑上恢复，靠它和口令打开。"
    "改口令、换恢复码不影响以前的备份，以前抄出去的备份仍用当时的口令打开。"
)
_CODE = CodeWords(
    "恢复码只显示这一次。忘了台账的口令，只有它能打开；请打印或抄下来，封好交办公室保管，不要和电脑放在一起。",
    "忘了台账的口令：打开程序，在要口令的地方照输上面的码，再到“设置、加密”里改口令。换过恢复码以后，这一张作废。",
)
_FIRST_CODE = replace(_CODE, verb="已收好，开始加密", leave="先不加密")


class EncryptionPage(OfficePage):
    """What is so now, and what can be done about it; the ledger is converted once it is closed."""

    restore_asked = Signal(object)  # a Conversion
    TITLE = "加密"
    PERMISSION = "encryption"
    ABOUT = "加密防的是文件落到别人手里；办公室里谁能做什么，由人员账号管。"

    def __init__(self, actions: Actions, words: OfficeWords, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(actions, words, jobs, parent)
        store = self._store = actions.store
        self._office = store.rules.setting("office")
        is_sealed = key_of(store.folder / LEDGER) is not None
        self.state = QLabel(_ON if is_sealed else _OFF)
        self.state.setWordWrap(True)
        self.state.setContentsMargins(16, 0, 16, 8)
        self.state.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.put_in(self.state, 1)
        self.begin = self.add_button("加密...", self._begin, "primary")
        self.change = self.add_button("改口令...", self._change)
        self.renew = self.add_button("换恢复码...", self._renew)
        self.buttons.addStretch(1)
        self.stop = self.add_button("解除加密...", self._stop)
        self.begin.setVisible(not is_sealed)
        for button in (self.change, self.renew, self.stop):
            button.setVisible(is_sealed)

    def focus_first(self) -> None:
        """What can be done here."""
        next(button for button in (self.begin, self.change) if not button.isHidden()).setFocus()

    def _begin(self) -> None:
        dialog = PasswordDialog("给台账加密", self._office, "下一步：恢复码", name_label="台账", parent=self)
        dialog.decided.connect(partial(self._show_first_code, dialog))
        dialog.open()

    def _show_first_code(self, dialog: PasswordDialog, _old: str, password: str) -> None:
        try:
            passwords.checked(password)
        except Refused as refused:
            dialog.refuse(refused)
            return
        dialog.accept()
        code = passwords.new_code()
        shown = self._code_dialog(code, _FIRST_CODE)
        shown.accepted.connect(partial(self.restore_asked.emit, Conversion(password, code)))
        shown.open()

    def _code_dialog(self, code: str, words: CodeWords) -> CodeDialog:
        return CodeDialog(self._office, code, self._store.moment(), self._jobs, self, words)

    def _change(self) -> None:
        dialog = PasswordDialog(
            "改台账的口令", self._office, "改口令", asks_old=True, old_label="现在的口令（或恢复码）",
            name_label="台账", parent=self,
        )  # fmt: skip
        dialog.old.setEchoMode(QLineEdit.EchoMode.Password)
        dialog.decided.connect(partial(self._set, dialog))
        dialog.open()

    def _set(self, dialog: PasswordDialog, old: str, password: str) -> None:
        folder = self._store.folder

        def deed() -> None:
            keys.set_password(folder / KEY_FILE, self._unlock(old), password)

        dialog.carry_out(self._jobs, deed, lambda _nothing: self.toast.say("口令已改，下次打开用新口令", undo=False))

    def _renew(self) -> None:
        folder, code = self._store.folder, passwords.new_code()

        def deed(old: str) -> str:
            keys.set_code(folder / KEY_FILE, self._unlock(old), code)
            return code

        ask = UnlockDialog("换恢复码", "原来的恢复码作废。请先输台账的口令。", "换恢复码", self)
        ask.given.connect(lambda old: ask.carry_out(self._jobs, partial(deed, old), self._show_new_code))
        ask.open()

    def _show_new_code(self, code: object) -> None:
        self._code_dialog(str(code), _CODE).open()

    def _stop(self) -> None:
        words = "台账、本机的备份和附件都还原成明文，打开不再要口令。请先输台账的口令。"
        ask = UnlockDialog("解除加密", words, "解除加密", self)
        ask.given.connect(lambda old: ask.carry_out(self._jobs, partial(self._unlock, old), self._leave))
        ask.open()

    def _unlock(self, password: str) -> DataKey:
        """Try a password; wrong ones count like those at the start."""
        return Tries(self._store.folder, self._store.watches).unlock(password)

    def _leave(self, _key: object) -> None:
        self.restore_asked.emit(Conversion())


class UnlockDialog(PanedDialog):
    """One password; `given(password)` when it is to be tried."""

    given = Signal(str)

    def __init__(self, title: str, words: str, verb: str, parent: QWidget | None = None) -> None:
        super().__init__(title, words, verb, "取消", parent)
        self.password, self.said = QLineEdit(), QLabel()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName("口令")
        self.password.setPlaceholderText("口令，或打印的恢复码")
        self.said.setWordWrap(True)
        theme.set_role(self.said, "red", "light")
        self.body.addWidget(self.password)
        self.body.addWidget(self.said)
        self.setMinimumWidth(theme.up4(36 * theme.em()))
        self.button.clicked.connect(self._give)
        self.password.setFocus()

    def _give(self) -> None:
        self.given.emit(self.password.text())

    def carry_out(self, jobs: Jobs, deed: Callable[[], object], done: Callable[[object], None]) -> None:
        """Do on the worker what takes some tenths of a second; then close, and tell `done` what came of it."""
        self.said.clear()
        self.button.setEnabled(False)

        def end(result: object) -> None:
            self.accept()
            done(result)

        def work(_job: Job) -> object:
            return deed()

        jobs.run("核对口令", work, end, self.refuse)

    def refuse(self, error: BaseException) -> None:
        """It was not the right one; what was typed stays."""
        self.button.setEnabled(True)
        self.said.setText(str(error))
        self.password.selectAll()
        self.password.setFocus()


def ask_for(path: Path, watches: Watches, jobs: Jobs, then: Callable[[], None], parent: QWidget) -> None:
    """Ask for the password of an encrypted backup that was made with another key, and go on. Wrong ones are counted."""
    ask = UnlockDialog("这个备份加了密", f"请输入{path.name}加密时的口令；什么也不会改动。", "打开", parent)
    tries = Tries(path.parent, watches)
    ask.given.connect(lambda password: ask.carry_out(jobs, partial(tries.unlock, password), lambda _: then()))
    ask.open()
