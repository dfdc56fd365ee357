"""Quick entry: the fields that a new record needs over the full width, and beside them what was entered today."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from db.errors import Problem, Refused
from db.record import Line, Record
from db.rules.lights import Light
from db.store.search import Filter
from desktop import theme
from desktop.registers.actions import Actions
from desktop.registers.discarding import DiscardButton
from desktop.registers.dropping import FileDrop
from desktop.registers.marks import Toast
from desktop.registers.rows import LIGHT, Heading, ListedRows, Row
from desktop.registers.table import RecordTable
from desktop.registers.words import OfficeWords
from desktop.settings import MachineSettings

_KEEP_MS = 900  # after the last key the half-typed form is written down
_TODAY_EM, _LEAST_EM, _FORM_EM = 33, 28, 46  # what was entered today, the least of it, the form that it leaves
_KEYS = ("Enter 下一项", "Shift+Enter 上一项", "Ctrl+D 沿用上一条", "Esc 留作草稿")
_KEYS_IN_TEXT = ("Enter 换行", "Ctrl+Enter 下一项", *_KEYS[1:])  # in a field of several lines


class EntryPage(QWidget):
    """Enters one record after another by keyboard alone; pinned fields stay for the next."""

    left = Signal(int)  # the record that was just saved; 0: none
    saved = Signal(str)
    open_asked = Signal(str, int)
    undo_asked = Signal()
    trouble = Signal(object)
    status = Signal(str)

    def __init__(
        self, register: type[Record], actions: Actions, words: OfficeWords, settings: MachineSettings,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.register, self._actions, self._settings = register, actions, settings
        from desktop.registers.form import RegisterForm  # with all its editors: the list stands before

        self.form = RegisterForm(register, actions, words, only=register.ENTRY)
        self.form.set_pins(settings.pinned(register.key(), register.PINNED))
        self.form.pinned_changed.connect(self._keep_pins)
        self.form.finished.connect(self.save_and_next)
        self.form.foreseen.connect(self._show_number)
        self.form.edited.connect(self._take_edit)
        self.form.open_asked.connect(self.open_asked)
        self._carried: dict[str, Any] = {}  # the pinned values of the record that was saved before, kept for its day
        self._carried_on = actions.today
        self._saved = 0
        self._keep = QTimer(self, singleShot=True, interval=_KEEP_MS)
        self._keep.timeout.connect(self.keep_draft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._new_head())
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._new_left(), 1)
        body.addWidget(self._new_today())
        column.addLayout(body, 1)
        self.toast = Toast(self._left)
        self.toast.undo_asked.connect(self.undo_asked)
        FileDrop(self).dropped.connect(self._refuse_file)

    def _new_head(self) -> QWidget:
        head = QFrame()
        theme.set_role(head, "head")
        title, self._number = QLabel(self.register.VERB), QLabel()
        theme.set_role(title, "h1")
        theme.set_role(self._number, "muted")
        line = QHBoxLayout(head)
        line.setContentsMargins(12, 8, 12, 8)
        line.addWidget(title)
        line.addWidget(self._number)
        line.addStretch(1)
        head.setFixedHeight(theme.row() + 16)
        return head

    def _new_left(self) -> QWidget:
        self._left = QFrame()
        theme.set_role(self._left, "pane")
        foot = QFrame()
        theme.set_role(foot, "foot")
        self._state, self._discard = QLabel(), DiscardButton("清空", self._actions)
        theme.set_role(self._state, "small")
        self._discard.serve(self.form)
        self._discard.thrown_away.connect(self._state.clear)
        self.close_button, self.next_button = QPushButton("存后关闭"), QPushButton("登记并继续  Ctrl+S")
        theme.set_role(self.next_button, "primary")
        self.close_button.clicked.connect(self.save_and_close)
        self.next_button.clicked.connect(self.save_and_next)
        line = QHBoxLayout(foot)
        line.setContentsMargins(16, 8, 16, 8)
        line.addWidget(_Keys(), 1)
        for widget in (self._state, self._discard, self.close_button, self.next_button):
            line.addWidget(widget)
        for button in (self.close_button, self.next_button):
            button.setFocusPolicy(button.focusPolicy().TabFocus)
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.form, 1)
        column.addWidget(foot)
        return self._left

    def _new_today(self) -> QWidget:
        self._beside = pane = QFrame()
        theme.set_role(pane, "split")
        self._today_title = QLabel()
        theme.set_role(self._today_title, "h2")
        self._today_title.setContentsMargins(12, 8, 12, 8)
        names = [Heading(LIGHT, "时间", 7.0), Heading("number", "编号", 12.0), Heading("title", "标题", 8.0)]
        self.today = RecordTable(names)
        self.today.activated.connect(self._open_today)
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._today_title)
        column.addWidget(self.today, 1)
        return pane

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was entered today gives way to the form, and the keys under it to the buttons."""
        super().resizeEvent(event)
        room = int(min(_TODAY_EM * theme.em(), self.width() - _FORM_EM * theme.em()))
        self._beside.setVisible(room >= _LEAST_EM * theme.em())
        self._beside.setFixedWidth(max(room, 0))

    def start(self, takes_draft: bool = True) -> None:
        """Begin a new record: with the draft that was kept, else with the pinned values of the record before."""
        is_today = self._carried_on == self._actions.today  # yesterday's day is no day for today's papers
        carried = {name: value for name, value in self._carried.items() if is_today and self.form.is_pinned(name)}
        self._carried = carried
        draft = self._actions.draft(self.register, None) if takes_draft else None
        self.form.set_record(self._actions.blank(self.register), draft or carried)
        self._state.setText("接着上次没存的内容" if draft else "")
        self._discard.offer(bool(draft))
        self._discard.carry(carried)
        self.show_today()
        self.form.focus_first()

    def show_today(self) -> None:
        """List what was entered today."""
        listing = self._actions.listing(self.register, Filter(created_on=self._actions.today, order="created_at"))
        entered = listing.rows(("created_at", "number", self.register.SUBJECT, "voided_on", "missing"), 0, 500)
        rows = ListedRows(entered, self._today_row)
        self.today.set_rows(rows)
        if entered:
            self.today.select_id(entered[0][0])
        self._today_title.setText(f"今天已登记 {rows.count()}")
        self.status.emit(self.status_words())

    def status_words(self) -> str:
        """What the status bar says of this page."""
        return f"{self._today_title.text()} 条"

    def _today_row(self, _place: int, row: tuple[Any, ...]) -> Row:
        """What was entered today as a row: (id, time with its light, number, title)."""
        record, at, number, title, voided, missing = row
        waits = self.register.NUMBERING is not None and not number
        kind = "void" if voided else "todo" if missing else "ok" if waits else "done"
        return (record, Light(kind, at[11:16]), number or ("未编号" if waits else "—"), title or "—")

    def _show_number(self, words: str) -> None:
        self._number.setText(words)

    def _take_edit(self) -> None:
        self._state.setText("")
        self._keep.start()

    def keep_draft(self) -> None:
        """Write down what is half-typed beyond the pinned values of the record before."""
        self._keep.stop()
        if self.form.is_dirty:
            typed = self.form.typed()
            if typed != self._carried:
                kept = self._actions.keep_draft(self.register, None, typed)
                self._state.setText("草稿已留" if kept else "草稿没能留下")

    def save_and_next(self) -> None:
        """Save, and open the next with the pinned fields kept."""
        said = self._save()
        if said:
            self.saved.emit(said)
            self.start(takes_draft=False)

    def save_and_close(self) -> None:
        """Save, and go back to the list."""
        said = self._save()
        if said:
            self.form.set_record(self._actions.blank(self.register))  # else it would be kept as a draft once more
            self.left.emit(self._saved)
            self.saved.emit(said)

    def _save(self) -> str:
        """Save what was typed; give back what to say of it, "" when it was not saved."""
        self.form.settle()
        record, unreadable = self.form.build()
        if unreadable:
            self._show_refused(unreadable)
            return ""
        strangers = self.form.strangers(record)  # once it is saved, they are names like any other
        try:
            self._actions.save(record)
        except Refused as refused:
            self._show_refused(refused.problems)
            return ""
        except Exception as error:  # noqa: BLE001  named trouble is shown, anything else goes to the crash net
            self.keep_draft()
            self.trouble.emit(error)
            return ""
        self._saved = record.id
        self._carried, self._carried_on = self.form.pinned_values(), self._actions.today
        self._keep.stop()
        self._actions.keep_draft(self.register, None, None)
        return "；".join(
            (
                self._actions.said_of(record),
                *(one.text.partition("；")[0].replace("能存，", "已") for one in strangers[:1]),
            )
        )

    def _show_refused(self, problems: Sequence[Problem]) -> None:
        self.keep_draft()
        self.toast.dismiss()  # 已登记: the record before
        self.form.show_problems(problems)
        self._state.setText(f"{self.form.problems.blocking()}处待改，没有保存")

    def take_over_last(self) -> None:
        """Fill the empty fields that are shown from the record entered last (沿用上一条).

        Its number is its own, and so is a deadline that a rule has computed from its dates.
        """
        last = self._actions.latest(self.register)
        if last is None:
            return
        editors = self.form.editors
        shown = {name: editors[name] for name in self.form.walked()}
        own = {"number", *(("due_on", "due_basis") if last.due_rule else ())}
        for name, editor in shown.items():
            if name in last._meta.fields and name not in own and editor.is_empty() and last.filled(name):
                editor.set_value(getattr(last, name))
                self.form.take_over(name)
        for kind in self.register.LINES:
            editor = shown.get(kind.key())
            if editor is not None and kind.TAKEN_OVER and editor.is_empty():
                editor.set_value([_taken_over(line) for line in last.lines(kind)])
                self.form.take_over(kind.key())
        self.form.look_again()
        self.form.edited.emit()

    def leave(self) -> None:
        """Keep what is typed as a draft and go back to the list."""
        self.keep_draft()
        self.left.emit(0)

    def _refuse_file(self, path: object) -> None:
        assert isinstance(path, Path)
        self.toast.say(f"“{path.name}”没有加上：这一条还没有登记。先登记，打开这一条，再把文件拖上去", undo=False)

    def _keep_pins(self, pinned: object) -> None:
        assert isinstance(pinned, set)
        self._settings.set_pinned(self.register.key(), pinned)

    def _open_today(self, record: object) -> None:
        assert isinstance(record, int)
        self.open_asked.emit(self.register.key(), record)


class _Keys(QLabel):
    """The keys of the field that is being filled, as many as have room; none is cut in two."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = _KEYS
        theme.set_role(self, "small")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._take_focus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say what there is room for."""
        super().resizeEvent(event)
        self._tell()

    def _take_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        keys = _KEYS if getattr(now, "enter_leaves", True) else _KEYS_IN_TEXT
        if keys != self._keys:
            self._keys = keys
            self._tell()

    def _tell(self) -> None:
        lines = ["   ".join(self._keys[:count]) for count in range(len(self._keys) + 1)]
        width = self.fontMetrics().horizontalAdvance
        self.setText(next(line for line in reversed(lines) if width(line) <= self.contentsRect().width() or not line))


def _taken_over(line: Line) -> dict[str, Any]:
    """A row of a small table as the next record begins with it."""
    fresh = type(line)()
    return {name: getattr(line if name in line.TAKEN_OVER else fresh, name) for name in line.COLUMNS}
