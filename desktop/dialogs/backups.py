"""备份与恢复: every backup of both places, what is in one, and how it comes back: whole, or one record of it."""

from __future__ import annotations

import html
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from db.directory.attachments import size_words
from db.errors import Refused, StoreTrouble, Trouble
from db.store.looking import Listed, Look, Named, listed, look_into
from db.store.places import BACKUPS, LEDGER
from db.store.second_place import SecondPlace
from desktop import theme
from desktop.dialogs.encryption import ask_for
from desktop.dialogs.paned import PanedDialog
from desktop.dialogs.tables import OfficePage
from desktop.file_asking import ask_open
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.registers.words import OfficeWords
from desktop.volumes import mounted

_LISTS = (
    ("only_there", "现在没有的"),
    ("differing", "和现在不同的"),
    ("only_today", "备份里没有的"),
    ("newest", "最新的"),
)
_BACK = ("only_there", "differing")  # the lists whose records can be brought back one by one


class BackupsPage(OfficePage):
    """The list at the left; what was found in the chosen backup at the right. Nothing is changed by looking."""

    restore_asked = Signal(object)
    TITLE = "备份与恢复"
    PERMISSION = "restore_backup"
    ABOUT = "选一个备份，先看里面有什么、和现在差在哪里，再决定。恢复前，现在的台账会先备份好。"

    def __init__(self, actions: Actions, words: OfficeWords, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(actions, words, jobs, parent)
        self.look: Look | None = None
        self._job: Job | None = None
        self._other: Path | None = None  # a backup from elsewhere, listed below those of both places
        self.backups = QListWidget()
        self.backups.setAccessibleName("备份")
        self.backups.currentItemChanged.connect(self._look_at)
        self.found = QLabel("在左边选一个备份。")
        self.found.setWordWrap(True)
        self.found.setTextFormat(Qt.TextFormat.RichText)
        self.tabs = QTabWidget()
        self.lists = {key: self._new_list(key, label) for key, label in _LISTS}
        self.tabs.hide()
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(12, 0, 16, 8)
        column.addWidget(self.found)
        column.addWidget(self.tabs, 1)
        column.addStretch()
        both = QSplitter()
        both.addWidget(self.backups)
        both.addWidget(right)
        both.setStretchFactor(1, 1)
        both.setSizes([theme.up4(24 * theme.em()), theme.up4(58 * theme.em())])
        self.put_in(both, 1)
        other = QPushButton("打开别的备份文件...")
        other.setAutoDefault(False)
        other.clicked.connect(self.open_other)
        self.buttons.addWidget(other)
        self.buttons.addStretch(1)
        self.one = self.add_button("恢复选中的这一条", self.bring_one)
        self.whole = self.add_button("整个恢复...", self.ask_whole, "primary")
        self._show_buttons()
        self.refresh()

    def _new_list(self, key: str, label: str) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(label)
        made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        made.currentItemChanged.connect(self._show_buttons)
        self.tabs.addTab(made, label)
        if key == _LISTS[-1][0]:
            self.tabs.currentChanged.connect(self._show_buttons)
        return made

    def refresh(self) -> None:
        """List the backups of both places anew; the places are read on the worker: a stick may be slow."""
        store = self._actions.store
        place = SecondPlace(store.rules.settings, mounted)
        self._jobs.run(
            "查看备份", lambda _job: _of_both(store.folder / BACKUPS, place), self._show_backups, self.trouble.emit
        )

    def _show_backups(self, found: list[Listed]) -> None:
        self.backups.clear()
        own = self._actions.store.folder / BACKUPS
        for one in found:
            before = f"　{one.before}" if one.before else ""
            where = "数据文件夹" if one.path.parent == own else "第二备份位置"
            self._add(one.path, f"{one.at:%Y-%m-%d %H:%M}　{where}　{size_words(one.size)}{before}")
        if self._other is not None:
            at = next((at for at, one in enumerate(found) if one.path == self._other), -1)
            self.backups.setCurrentItem(self.backups.item(at) if at >= 0 else self._add(self._other, self._other.name))
        elif not found:
            self.found.setText("两个备份位置里都还没有备份。可以打开别的备份文件，例如U盘上的。")

    def _add(self, path: Path, words: str) -> QListWidgetItem:
        item = QListWidgetItem(words, self.backups)
        item.setData(Qt.ItemDataRole.UserRole, path)
        item.setToolTip(str(path))
        return item

    def open_other(self) -> None:
        """Look into a backup that lies somewhere else."""
        if path := ask_open(self, "backup", "打开备份", "台账备份 (*.db)"):
            self.open_backup(path)

    def open_backup(self, path: Path) -> None:
        """Look into a backup, wherever it lies."""
        self._other = path
        self.refresh()

    def _look_at(self, item: QListWidgetItem | None) -> None:
        if self._job is not None:
            self._job.cancel()
        self._forget()
        if item is None:
            return
        path: Path = item.data(Qt.ItemDataRole.UserRole)
        self.found.setText(f"正在检查{html.escape(path.name)}...")
        store = self._actions.store
        work = partial(_look, path, store.folder / LEDGER, store.catalogue)
        self._job = job = self._jobs.run("检查备份", work, self._show, self._tell)
        job.ended.connect(partial(self._end, job))

    def _end(self, job: Job) -> None:
        if self._job is job:
            self._job = None

    def _forget(self) -> None:
        self.look = None
        self.tabs.hide()
        for made in self.lists.values():
            made.clear()
        self._show_buttons()

    def _tell(self, error: BaseException) -> None:
        item, watches = self.backups.currentItem(), self._actions.store.watches
        is_sealed = isinstance(error, StoreTrouble) and error.trouble is Trouble.SEALED
        if is_sealed and self.backups.currentRow() >= 0:
            path: Path = item.data(Qt.ItemDataRole.UserRole)
            ask_for(path, watches, self._jobs, partial(self._look_at, item), self)
        self.found.setText("这个备份不能用：" + html.escape(str(error)).replace("\n", "<br>"))

    def _show(self, look: Look) -> None:
        self.look = look
        self.found.setText(numbers(look))
        for at, (key, label) in enumerate(_LISTS):
            named: tuple[Named, ...] = getattr(look, key)
            for one in named:
                item = QListWidgetItem(f"{one.title}　{one.words}　{one.updated_at[:16].replace('T', ' ')}")
                item.setData(Qt.ItemDataRole.UserRole, one)
                self.lists[key].addItem(item)
            self.tabs.setTabText(at, f"{label} {_total(look, key):,}")
        self.tabs.show()
        self._show_buttons()

    def _chosen(self) -> Named | None:
        """The record chosen in a list whose records can be brought back."""
        key = _LISTS[self.tabs.currentIndex()][0]
        item = self.lists[key].currentItem() if key in _BACK else None
        return item.data(Qt.ItemDataRole.UserRole) if item else None

    def _show_buttons(self) -> None:
        if not hasattr(self, "whole"):
            return
        self.whole.setEnabled(self.can_edit and self.look is not None)
        self.one.setEnabled(self.can_edit and self.look is not None and self._chosen() is not None)

    def bring_one(self) -> None:
        """Bring the chosen record back as it was; undone by Ctrl+Z."""
        one, look = self._chosen(), self.look
        if one is None or look is None:
            return
        try:
            self._actions.bring(look.path, one.register, one.id)
        except Refused as refused:
            self.toast.say(str(refused), undo=False)
        except Exception as error:  # noqa: BLE001  shown in words, or reported by the crash net
            self.trouble.emit(error)
        else:
            self.toast.say(f"已从备份恢复：{one.words}")
            self._look_at(self.backups.currentItem())

    def ask_whole(self) -> None:
        """Say in numbers what a whole restore would do, and ask."""
        if self.look is None:
            return
        dialog = WholeDialog(self.look, self)
        dialog.accepted.connect(partial(self.restore_asked.emit, self.look.path))
        dialog.open()

    def hideEvent(self, event: object) -> None:
        """What is still being looked at is no longer wanted."""
        if self._job is not None:
            self._job.cancel()
        super().hideEvent(event)  # type: ignore[arg-type]


class WholeDialog(PanedDialog):
    """The last question before a whole restore: the numbers on both sides, in words; staying is the default."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        less = "这个备份比现在的台账少。" if look.is_less else ""
        words = f"{less}现在的台账先备份好，放在数据文件夹的backups里；随时可以再恢复回来。"
        super().__init__("整个恢复成这个备份？", words, "恢复成这个备份", "不恢复", parent)
        if look.is_less:
            theme.set_role(self.words, "ochre", "light")
        table = QLabel(numbers(look))
        table.setTextFormat(Qt.TextFormat.RichText)
        self.body.addWidget(table)
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.accept)
        self.setMinimumWidth(theme.up4(40 * theme.em()))
        QTimer.singleShot(0, self.foot.itemAt(1).widget().setFocus)


def _of_both(own: Path, place: SecondPlace) -> list[Listed]:
    found = place.find()
    return listed([own, *([found.folder] if found else [])])


def _look(path: Path, ledger: Path, catalogue: object, job: Job) -> Look:
    return look_into(path, ledger, catalogue, job.progress)  # type: ignore[arg-type]


def _total(look: Look, key: str) -> int:
    if key == "newest":
        return len(look.newest)
    return sum(getattr(one, key) for one in look.registers)


def numbers(look: Look) -> str:
    """What a backup holds against today, as a small table in rich text."""
    heads = ("", "备份里", "现在", "只在备份里", "只在现在", "内容不同")
    rows: list[tuple[str, *tuple[int, ...]]] = [
        (one.title, one.there, one.today, one.only_there, one.only_today, one.differing)
        for one in look.registers
        if one.there or one.today
    ]
    today = look.today
    lacks = (_total(look, key) for key in ("only_there", "only_today", "differing"))
    rows.append(("共", look.there.total, today.total if today else 0, *lacks))
    lines = ["<tr>" + "".join(f"<th align='right'>{head}&nbsp;&nbsp;</th>" for head in heads) + "</tr>"]
    for title, *counts in rows:
        cells = "".join(f"<td align='right'>{count:,}&nbsp;&nbsp;</td>" for count in counts)
        lines.append(f"<tr><td>{html.escape(title)}&nbsp;&nbsp;</td>{cells}</tr>")
    entries = f"日志：备份里{look.there.entries:,}条，现在{today.entries if today else 0:,}条。"
    return f"<p>已检查完好：{html.escape(look.path.name)}</p><table>{''.join(lines)}</table><p>{entries}</p>"
