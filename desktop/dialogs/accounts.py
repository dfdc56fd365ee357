"""人员账号: whether the office uses accounts, who has one in which role, and the printed recovery code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QGridLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from db.directory.accounts import active, sign_ins
from db.errors import Refused
from db.rules.permissions import ADMINISTRATOR, KEPT, READER, ROLES, permissions, roles_with
from db.store import accounts
from db.store.accounts import LOCK_MINUTES
from desktop import theme
from desktop.dialogs.paned import PanedDialog
from desktop.dialogs.passwords import AccountDialog, PasswordDialog
from desktop.dialogs.tables import OfficePage
from desktop.file_asking import ask_save
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.registers.words import OfficeWords


@dataclass(frozen=True)
class CodeWords:
    """What is said of a recovery code: why it is kept, how it is used, the button, and the way out if there is one."""

    why: str
    use: str
    verb: str = "已经收好"
    leave: str = ""


_OF_ACCOUNTS = CodeWords(
    "恢复码只显示这一次。管理员忘了口令，只有它能重置；请打印或抄下来，封好交办公室保管。",
    "忘了管理员口令：登录页选自己的名字，点“忘了口令，用恢复码”，照输上面的码，设新口令。换过恢复码以后，这一张作废。",
)
_LOGGED = 200
_OFF = "现在没有用账号：谁打开都能登记、修改，记的是电脑的用户名。启用后，每人用自己的口令登录，改动记在本人名下。"


class AccountsPage(OfficePage):
    """The accounts in a table with what can be done to the chosen one; without any the button that begins."""

    TITLE = "人员账号"
    PERMISSION = "accounts"
    ABOUT = "账号管的是办公室里谁能做什么；能拿到台账文件的人不靠它挡住，要挡住请在“加密”里给台账加密。"

    def __init__(self, actions: Actions, words: OfficeWords, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(actions, words, jobs, parent)
        self._store = actions.store
        self.about = QLabel(_OFF)
        self.about.setWordWrap(True)
        self.about.setContentsMargins(16, 0, 16, 8)
        self.table = QTableWidget(0, 2)
        self.table.setHorizontalHeaderLabels(["姓名", "角色"])
        self.table.setAccessibleName(self.TITLE)
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.roles = QLabel()
        self.roles.setWordWrap(True)
        self.roles.setContentsMargins(16, 8, 16, 8)
        theme.set_role(self.roles, "small")
        self.minutes = QSpinBox()
        self.minutes.setRange(0, 240)
        self.minutes.setMinimumHeight(theme.row())
        self.minutes.setSpecialValueText("不自动锁定")
        self.minutes.setSuffix(" 分钟没有操作就锁定")
        self.minutes.setAccessibleName("自动锁定")
        self.minutes.editingFinished.connect(self._keep_minutes)
        self.tools.addWidget(self.minutes)
        self.tools.addStretch(1)
        for widget, stretch in ((self.about, 0), (self.table, 1), (self.roles, 0)):
            self.put_in(widget, stretch)
        self.begin = self.add_button("启用账号...", self._begin, "primary")
        self.add = self.add_button("增加...", self._add)
        self.change = self.add_button("改角色...", self._change_role)
        self.reset = self.add_button("重置口令...", self._reset)
        self.close_one = self.add_button("停用", self._close)
        self.buttons.addStretch(1)
        self.deeds = self.add_button("各角色能做什么...", self._give)
        self.log = self.add_button("登录记录...", self._show_log)
        self.renew = self.add_button("换恢复码...", self._renew)
        self.stop = self.add_button("不再用账号", self._stop)
        self.reload()

    def reload(self) -> None:
        """Show the accounts as they are now."""
        is_used = self._store.has_accounts
        people = active() if is_used else []
        self.table.setRowCount(len(people))
        for row, person in enumerate(people):
            for column, text in enumerate((person.name, person.role)):
                self.table.setItem(row, column, QTableWidgetItem(text))
        if people:
            self.table.selectRow(min(max(self.table.currentRow(), 0), len(people) - 1))
        self.about.setVisible(not is_used)
        self.begin.setVisible(not is_used)
        managing = (
            self.minutes,
            self.add,
            self.change,
            self.reset,
            self.close_one,
            self.deeds,
            self.log,
            self.renew,
            self.stop,
        )
        for widget in (self.table, self.roles, *managing):
            widget.setVisible(is_used)
        for widget in managing:
            self._actions.permit(widget, self.PERMISSION)
        settings = self._store.rules.settings
        kept = settings.get(LOCK_MINUTES, "")
        self.minutes.setValue(int(kept) if kept.isdecimal() else 0)
        able = {one.label: roles_with(one.name, settings) for one in permissions().values()}
        self.roles.setText("\n".join(
            f"{role}：{'、'.join(label for label, roles in able.items() if role in roles) or '只能查看、打印、导出'}"
            for role in ROLES
        ))  # fmt: skip

    def focus_first(self) -> None:
        """The table, or the button that begins."""
        (self.table if self._store.has_accounts else self.begin).setFocus()

    def _show_log(self) -> None:
        SignInsDialog(self).open()

    def _chosen(self) -> str:
        item = self.table.item(self.table.currentRow(), 0)
        return item.text() if item else ""

    def _begin(self) -> None:
        dialog = AccountDialog("启用账号：第一个是管理员", (ADMINISTRATOR,), "启用", self)
        dialog.made.connect(lambda name, _role, password: self._do(
            dialog, lambda: accounts.begin(self._store, name, password), self._begun))  # fmt: skip
        dialog.open()

    def _begun(self, code: object) -> None:
        self._actions.accounts_changed.emit()
        self._show_code(str(code))

    def _add(self) -> None:
        dialog = AccountDialog("增加账号", ROLES, "增加", self)
        dialog.made.connect(lambda name, role, password: self._do(
            dialog, lambda: accounts.add(self._store, name, role, password), self._told(f"已增加{name}"))
        )  # fmt: skip
        dialog.open()

    def _change_role(self) -> None:
        name = self._chosen()
        role, is_given = QInputDialog.getItem(self, "改角色", f"{name}的角色", list(ROLES), editable=False)
        if is_given:
            self._at_once(lambda: accounts.set_role(self._store, name, role), f"{name}已改为{role}")

    def _reset(self) -> None:
        name = self._chosen()
        dialog = PasswordDialog("重置口令", name, "重置", parent=self)
        dialog.decided.connect(lambda _old, password: self._do(
            dialog, lambda: accounts.set_password(self._store, name, password), self._told(f"{name}的口令已重置"))
        )  # fmt: skip
        dialog.open()

    def _close(self) -> None:
        name = self._chosen()
        self._at_once(lambda: accounts.close(self._store, name), f"{name}的账号已停用；记录上的名字还在")

    def _renew(self) -> None:
        self._at_once(lambda: self._show_code(accounts.renew_code(self._store)), "原来的恢复码已作废")

    def _give(self) -> None:
        dialog = DeedsDialog(self._store.rules.settings, self)
        dialog.button.clicked.connect(dialog.accept)
        dialog.accepted.connect(partial(self._at_once, partial(self._take, dialog), "各角色能做的已改"))
        dialog.open()

    def _take(self, dialog: DeedsDialog) -> None:
        for permission, roles in dialog.given().items():
            accounts.give(self._store, permission, roles)

    def _stop(self) -> None:
        dialog = PanedDialog(
            "不再用账号？", "所有账号都停用，谁打开都能登记、修改。以前的改动还记在各人名下。", "不再用", "还用", self
        )
        dialog.button.clicked.connect(dialog.accept)
        dialog.accepted.connect(partial(self._at_once, lambda: accounts.stop(self._store), "账号已全部停用"))
        dialog.open()

    def _keep_minutes(self) -> None:
        wanted = str(self.minutes.value())
        if wanted != self._store.rules.settings.get(LOCK_MINUTES):
            self._at_once(lambda: accounts.set_lock_minutes(self._store, wanted), "")

    def _at_once(self, deed: Callable[[], object], said: str) -> None:
        try:
            deed()
        except Refused as refused:
            said = str(refused)
        except Exception as error:  # noqa: BLE001  shown in words, or reported by the crash net
            self.trouble.emit(error)
            return
        self._actions.accounts_changed.emit()
        self.reload()
        if said:
            self.toast.say(said, undo=False)

    def _do(self, dialog: PasswordDialog, deed: Callable[[], object], done: Callable[[object], None]) -> None:
        def end(result: object) -> None:
            self.reload()
            done(result)

        dialog.carry_out(self._jobs, deed, end)

    def _told(self, words: str) -> Callable[[object], None]:
        return lambda _nothing: self.toast.say(words, undo=False)

    def _show_code(self, code: str) -> None:
        dialog = CodeDialog(self._store.rules.setting("office"), code, self._store.moment(), self._jobs, self)
        dialog.open()


class SignInsDialog(PanedDialog):
    """Who signed in when, and who tried in vain; the newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        words = f"最近的{_LOGGED}次：谁、什么时候登录，口令不对，连续错了要等。不记口令，也不记没有的名字。"
        super().__init__("登录记录", words, "知道了", "关闭", parent)
        rows = sign_ins(_LOGGED)
        self.table = QTableWidget(len(rows), 3)
        self.table.setHorizontalHeaderLabels(["时间", "姓名", "怎么样"])
        self.table.setAccessibleName("登录记录")
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for at, one in enumerate(rows):
            for column, text in enumerate((one.at[:16].replace("T", " "), one.name, one.what)):
                self.table.setItem(at, column, QTableWidgetItem(text))
        self.table.setMinimumSize(theme.up4(44 * theme.em()), theme.up4(24 * theme.em()))
        self.body.addWidget(self.table)
        self.button.clicked.connect(self.accept)


class DeedsDialog(PanedDialog):
    """Which role may do what, a tick for each; accounts stay the administrators'."""

    def __init__(self, settings: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__("各角色能做什么", "打上勾就能做。账号总由管理员管；只读的总不能改。", "就这样", "不改", parent)
        self.boxes: dict[tuple[str, str], QCheckBox] = {}
        grid = QGridLayout()
        roles = [role for role in ROLES if role != READER]
        for column, role in enumerate(roles, 1):
            grid.addWidget(QLabel(role), 0, column)
        self._before = {name: roles_with(name, settings) for name in permissions() if name not in KEPT}
        for row, (name, able) in enumerate(self._before.items(), 1):
            grid.addWidget(QLabel(permissions()[name].label), row, 0)
            for column, role in enumerate(roles, 1):
                box = self.boxes[name, role] = QCheckBox()
                box.setAccessibleName(f"{role}：{permissions()[name].label}")
                box.setChecked(role in able)
                grid.addWidget(box, row, column)
        self.body.addLayout(grid)

    def given(self) -> dict[str, tuple[str, ...]]:
        """The deeds whose roles were changed, with those that have a tick."""
        now = {
            name: tuple(role for role in ROLES if (name, role) in self.boxes and self.boxes[name, role].isChecked())
            for name in self._before
        }
        return {name: roles for name, roles in now.items() if roles != self._before[name]}


class CodeDialog(PanedDialog):
    """The recovery code, shown once, and a page of it."""

    def __init__(
        self, office: str, code: str, moment: str, jobs: Jobs, parent: QWidget | None = None,
        words: CodeWords = _OF_ACCOUNTS,
    ) -> None:  # fmt: skip
        super().__init__("恢复码", words.why, words.verb, words.leave, parent)
        self._words = words
        self._office, self._code, self._moment, self._jobs = office, code, datetime.fromisoformat(moment), jobs
        self.foot.itemAt(1).widget().setVisible(bool(words.leave))
        self.code = QLabel(code)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_role(self.code, "h1")
        self.body.addWidget(self.code)
        self.said = QLabel()
        self.body.addWidget(self.said)
        self.save = QPushButton("存成PDF打印...")
        self.save.setAutoDefault(False)
        self.save.clicked.connect(self.save_page)
        self.foot.insertWidget(0, self.save)
        self.button.clicked.connect(self.accept)

    def save_page(self) -> None:
        """Ask for a file and write the page that is put into an envelope."""
        path, _kind = ask_save(self, "recovery", "存恢复码", "恢复码.pdf", "PDF (*.pdf)")
        if path:
            self._jobs.run("存恢复码", partial(self._write, path), self._written, self._not_written)

    def _write(self, path: Path, _job: Job) -> str:
        from db.summaries.document import Note, Part, Summary
        from desktop.printing.faces import Faces
        from desktop.printing.pdf import render

        part = Part("用法", (Note(self._words.why), Note(self._words.use)))
        page = Summary(self._office, "法治台账恢复码", self._code, "", (part,), ("保管",), "")
        path.write_bytes(render(page, Faces(), printed_at=self._moment).pdf)
        return path.name

    def _written(self, name: str) -> None:
        self.said.setText(f"已存成“{name}”；印好以后请把文件删掉")

    def _not_written(self, _error: BaseException) -> None:
        self.said.setText("没有存成；请换一个文件夹再试，恢复码还在上面")
