"""A page of the settings that edits one of the office's tables: find, edit in place, add, retire, import, undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from db.errors import Refused
from db.record import Table
from db.store.change import Change
from desktop import theme
from desktop.dialogs.cells import RowsView
from desktop.dialogs.rows import Column, RowsModel, fits
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.marks import NoteLine, ProblemLine, Toast
from desktop.registers.words import OfficeWords

_REMEMBERED = 20_000  # texts whose initials are kept while the page is open


class OfficePage(QWidget):
    """What all pages of the settings share: a title, a sentence, a toast with undo, trouble told to the window."""

    trouble = Signal(object)
    TITLE = ""
    ABOUT = ""
    PERMISSION = ""  # what is asked of whoever changes something here

    def __init__(self, actions: Actions, words: OfficeWords, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions, self._words, self._jobs = actions, words, jobs
        why = actions.why_not(self.PERMISSION)
        self.can_edit = not why
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.set_role(self, "page")
        title, about = QLabel(self.TITLE), QLabel(self.ABOUT)
        theme.set_role(title, "h1")
        theme.set_role(about, "muted")
        about.setWordWrap(True)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(8)
        head = QVBoxLayout()
        head.setContentsMargins(16, 16, 16, 12)
        head.setSpacing(8)
        head.addWidget(title)
        head.addWidget(about)
        if why:
            head.addWidget(NoteLine(why))
        head.addLayout(self.tools)
        self.foot = QFrame()
        theme.set_role(self.foot, "foot")
        self.buttons = QHBoxLayout(self.foot)
        self.buttons.setContentsMargins(16, 8, 16, 8)
        self.buttons.setSpacing(8)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addLayout(head)
        self.column.addStretch(0)  # takes what is left of a page on which nothing stretches
        self.column.addWidget(self.foot)
        self.toast = Toast(self)
        self.toast.undo_asked.connect(self.undo)

    def put_in(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a widget above the foot."""
        self.column.insertWidget(self.column.count() - 2, widget, stretch)

    def add_button(self, words: str, do: Callable[[], None], role: str = "", hint: str = "") -> QPushButton:
        """A button of the foot; it is shut for those who may change nothing here."""
        button = QPushButton(words)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoDefault(False)
        if role:
            theme.set_role(button, role)
        button.setToolTip(hint)
        self._actions.permit(button, self.PERMISSION)
        button.clicked.connect(do)
        self.buttons.addWidget(button)
        return button

    def undo(self) -> None:
        """Take the last change back."""
        try:
            change = self._actions.undo()
        except Refused as refused:
            self.toast.say(str(refused), undo=False)
        except Exception as error:  # noqa: BLE001  shown in words, or reported by the crash net
            self.trouble.emit(error)
        else:
            self.toast.say(f"已撤销：{change.title.partition('：')[2]}", undo=False)

    def has_wrong(self) -> bool:
        """Whether something typed here is not stored."""
        return False

    def focus_first(self) -> None:
        """Put the focus where work begins."""


class TablePage(OfficePage):
    """A page over one table; subclasses give columns, rows, how a row is stored, and what a new one is."""

    RETIRED = ""  # the words beside the box that shows rows out of use; "" when there is no such box

    def __init__(self, actions: Actions, words: OfficeWords, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(actions, words, jobs, parent)
        self._initials = lru_cache(_REMEMBERED)(words.initials)
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找：汉字、拼音首字母  Ctrl+F")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("查找")
        self.search.textChanged.connect(self.reload)
        self.tools.addWidget(self.search, 1)
        self.all_rows = QCheckBox(self.RETIRED)
        self.all_rows.toggled.connect(self.reload)
        self.all_rows.setVisible(bool(self.RETIRED))
        self.tools.addWidget(self.all_rows)
        self.count = QLabel()
        theme.set_role(self.count, "small")
        self.model = RowsModel(self.columns(), self._save if self.can_edit else None, self.blank_or_none(), self)
        self.view = RowsView(self.model)
        self.view.setAccessibleName(self.TITLE)
        self.view.retire_asked.connect(self.retire)
        self.model.refused.connect(self._show_refusal)
        self.model.failed.connect(self.trouble)
        self.problem = ProblemLine("")
        self.problem.hide()
        self.put_in(self.view, 1)
        self.put_in(self.problem)
        self.buttons.addWidget(self.count)
        self.buttons.addStretch(1)
        actions.changed.connect(self._follow)
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.search.setFocus)
        self.view.rested.connect(self._catch_up)
        self._saving = self._is_stale = False
        self.reload()

    def columns(self) -> Sequence[Column]:
        """The columns of the table."""
        raise NotImplementedError

    def rows(self) -> list[Any]:
        """All rows, in their order."""
        raise NotImplementedError

    def blank(self) -> Any:
        """A new row."""
        raise NotImplementedError

    def store_row(self, row: Any) -> Change:
        """Store a new or changed row. Raises Refused."""
        raise NotImplementedError

    def is_retired(self, row: Any) -> bool:
        """Whether a row is out of use today."""
        return False

    def retire(self) -> None:
        """Take the current row out of use."""

    def keys_of(self, row: Any) -> Sequence[str]:
        """The texts that a row is found by."""
        return [column.text(row) for column in self.model.columns]

    def blank_or_none(self) -> Callable[[], Any] | None:
        """How a new row is made; None for those who may change nothing here."""
        return self.blank if self.can_edit else None

    def reload(self, *_signal: object) -> None:
        """Show the rows that fit what is searched for; the cursor stays on its row."""
        index = self.view.currentIndex()
        current = self.view.current()
        staying = current.id if isinstance(current, Table) else None
        self._is_stale = False
        wanted, everything = self.search.text(), self.all_rows.isChecked() or not self.RETIRED
        rows = self.rows()
        shown = [
            row for row in rows
            if (everything or not self.is_retired(row)) and fits(self.keys_of(row), self._initials, wanted)
        ]  # fmt: skip
        self.model.show(shown)
        self.view.cells.retired = {at for at, row in enumerate(shown) if self.is_retired(row)}
        at = self.model.position(staying) if staying is not None else -1
        self.view.go_to(at if at >= 0 else min(index.row(), len(shown)) if index.isValid() else 0, index.column())
        hidden = len(rows) - len(shown)
        self.count.setText(f"{len(shown):,}项" + (f"，另有{hidden:,}项没显示" if hidden else ""))

    def go_to_new(self) -> None:
        """Begin a new row."""
        self.search.clear()
        self.view.setFocus()
        self.view.go_to(self.model.rowCount() - 1)
        self.view.edit(self.view.currentIndex())

    def current_row(self) -> Any:
        """The row under the cursor; None, with a word about it, when it is the empty one."""
        row = self.view.current()
        if row is None:
            self.toast.say("先选一行", undo=False)
        return row

    def perform(self, work: Callable[[], Change], done: str) -> bool:
        """Do something to the table and say so; a refusal stands under the table."""
        try:
            work()
        except Refused as refused:
            self._show_refusal(str(refused))
            return False
        except Exception as error:  # noqa: BLE001  shown in words, or reported by the crash net
            self.trouble.emit(error)
            return False
        self.toast.say(done)
        return True

    def _save(self, row: Any) -> None:
        """Store a row whose cell is just being left; the table is read again when no cell is edited any more."""
        is_new = not row.id
        self._saving = True
        try:
            self.store_row(row)
        finally:
            self._saving = False
        self.toast.say("已增加" if is_new else "已保存")

    def _follow(self, _change: Change) -> None:
        self._is_stale = True
        if not self._saving:
            self._catch_up()

    def _catch_up(self) -> None:
        if self._is_stale and not self.model.has_wrong():
            self.reload()

    def _show_refusal(self, sentence: str) -> None:
        self.problem.set_sentence(sentence)
        self.problem.setVisible(bool(sentence))
        if sentence:
            self.toast.hide()

    def has_wrong(self) -> bool:
        """Whether a cell holds what could not be stored."""
        return self.model.has_wrong()

    def focus_first(self) -> None:
        """The table."""
        self.view.setFocus()
