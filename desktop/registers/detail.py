"""The record beside the list: light, number, title, stages; its form and history; what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QTabBar, QVBoxLayout, QWidget

from db.errors import Problem, Refused
from db.record import Move, Record, Stage
from db.store.change import Change
from db.store.deeds import next_move
from desktop import theme
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.ledger import LIGHTS
from desktop.registers.listing import light_of
from desktop.registers.marking import files_holding
from desktop.registers.record_foot import RecordFoot
from desktop.registers.record_pages import ATTACHMENTS, FORM, LINKS, TABS, RecordPages
from desktop.registers.stageline import StageLine
from desktop.registers.words import OfficeWords

if TYPE_CHECKING:
    from db.store.hits import Hits
    from desktop.registers.form import RegisterForm

_FORM_MS = 15  # after the first paint: what waits to be painted or typed comes first
_KEEP_MS = 900  # after the last key the half-typed form is written down


class RecordDetail(QFrame):
    """Shows and changes one record; its form is made behind the first paint, or when it is first asked for."""

    saved = Signal(str)
    step_asked = Signal(int)
    open_asked = Signal(str, int)
    void_asked = Signal(int)
    form_asked = Signal(str, str, int)
    trouble = Signal(object)
    closed = Signal()

    def __init__(
        self, register: type[Record], actions: Actions, words: OfficeWords, jobs: Jobs, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme.set_role(self, "split")
        self.register, self._actions, self._words = register, actions, words
        self.record: Record | None = None
        self._form: RegisterForm | None = None
        self._hits: Hits | None = None
        self._painted = QTimer(self, singleShot=True, interval=0)
        self._awaited = QTimer(self, singleShot=True, interval=_FORM_MS)
        self._awaited.timeout.connect(self._make_form)
        self._painted.timeout.connect(self._awaited.start)
        self.pages = RecordPages(actions, words, jobs)
        self.pages.said.connect(self.saved)
        self.pages.trouble.connect(self.trouble)
        self.pages.open_asked.connect(self.open_asked)
        self.pages.form_asked.connect(self.form_asked)
        self.pages.dropped.connect(self._show_attachments)
        self._keep = QTimer(self, singleShot=True, interval=_KEEP_MS)
        self._keep.timeout.connect(self.keep_draft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._new_top())
        column.addWidget(self._new_tabs())
        column.addWidget(_rule())
        column.addWidget(self.pages, 1)
        column.addWidget(self._new_foot())

    @property
    def form(self) -> RegisterForm:
        """The form of the record, made at the latest now."""
        return self._form or self._make_form()

    def _make_form(self) -> RegisterForm:
        if self._form is not None:
            return self._form
        from desktop.registers.form import RegisterForm  # with all its editors

        self._awaited.stop()
        self._form = form = RegisterForm(self.register, self._actions, self._words)
        form.edited.connect(self._take_edit)
        self._foot.discard.serve(form)
        form.finished.connect(self.save)
        form.open_asked.connect(self.open_asked)
        self.pages.put(FORM, form)
        form.lead_to(self.void_button, self._foot.discard, self.save_button, self.next_button)
        self.pages.setCurrentIndex(self.tabs.currentIndex())
        if self.record is not None:
            self._fill(self.record)
        return form

    def paintEvent(self, event: QPaintEvent) -> None:
        """The form waits until list and head of the record have been painted."""
        super().paintEvent(event)
        if self._form is None and self.record is not None:
            self._painted.start()  # the form's time is counted from the end of the whole window's paint

    def _new_top(self) -> QWidget:
        top = QWidget()
        self._light_icon, self._light, self._number = QLabel(), QLabel(), QLabel()
        theme.set_role(self._number, "muted")
        line = QHBoxLayout()
        line.setSpacing(4)
        for widget in (self._light_icon, self._light):
            line.addWidget(widget)
        line.addSpacing(6)
        line.addWidget(self._number)
        line.addStretch(1)
        for icon, words, by in (("left", "上一条  Ctrl+PgUp", -1), ("right", "下一条  Ctrl+PgDn", 1)):
            button = QPushButton()
            theme.set_role(button, "icon")
            theme.set_icon(button, icon)
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.setProperty("by", by)
            button.clicked.connect(self._ask_step)
            line.addWidget(button)
        self._more = QPushButton()
        theme.set_role(self._more, "icon")
        theme.set_icon(self._more, "more")
        self._more.setAccessibleName("更多操作")
        self._menu = QMenu(self._more)
        self._menu.setToolTipsVisible(True)
        self._menu.triggered.connect(self._take_menu)
        self._papers = QMenu("打印表单", self._menu)
        self._papers.aboutToShow.connect(self._fill_papers)
        self._papers.triggered.connect(self._ask_form)
        self._more.setMenu(self._menu)
        line.addWidget(self._more)
        self._title = QLabel()
        self._title.setWordWrap(True)
        theme.set_role(self._title, "h2")
        self._stages = StageLine()
        self._stages.next_asked.connect(self._ask_stage)
        column = QVBoxLayout(top)
        column.setContentsMargins(16, 8, 12, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self._title)
        column.addWidget(self._stages)
        return top

    def _new_tabs(self) -> QWidget:
        strip = QWidget()
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        for at, word in enumerate(TABS, 1):
            self.tabs.addTab(word)
            self.tabs.setTabToolTip(at - 1, f"Alt+{at}")
        self.tabs.currentChanged.connect(self._show_tab)
        line = QHBoxLayout(strip)
        line.setContentsMargins(16, 0, 16, 0)
        line.addWidget(self.tabs, 1)
        return strip

    def _show_attachments(self) -> None:
        self.tabs.setCurrentIndex(ATTACHMENTS)

    def open_tab(self, at: int) -> None:
        """Go to a tab by its key, and into it."""
        self.tabs.setCurrentIndex(at)
        if self.record is not None:
            self.pages.focus_page(at)

    def _new_foot(self) -> QWidget:
        self._foot = foot = RecordFoot(self._actions)
        self.void_button, self.save_button, self.next_button = foot.side, foot.save, foot.next
        self.void_button.clicked.connect(self._ask_void)
        self.save_button.clicked.connect(self.save)
        self.next_button.clicked.connect(self.advance)
        return foot

    def show_record(self, record: Record | None) -> None:
        """Show a record, with the draft that was kept for it; None empties the pane."""
        self.keep_draft()
        self.record = record
        self.setEnabled(record is not None)
        if record is None:
            return
        self._dress(record)
        if self._form is not None:
            self._fill(record)
        self._show_tab(self.tabs.currentIndex())

    def _fill(self, record: Record) -> None:
        draft = self._actions.draft(self.register, record.id)
        self.form.set_record(record, draft)
        self.mark(self._hits)
        self._say("未保存，草稿已留" if draft else "")
        self._foot.discard.offer(bool(draft))

    def mark(self, hits: Hits | None) -> None:
        """Show in which fields and files searched words stand."""
        is_new = hits != self._hits
        self._hits = self.pages.hits = hits
        if is_new and self.record is not None:
            self._tell_beside(self.record)
        if is_new and self.tabs.currentIndex() == ATTACHMENTS:
            self._show_tab(ATTACHMENTS)
        if self._form is not None and self.record is not None:
            self._form.mark(hits)

    def _dress(self, record: Record) -> None:
        store = self._actions.store
        shown = light_of(record, store.rules)
        colour = LIGHTS[shown.kind]
        theme.set_icon(self._light_icon, shown.kind, colour, 12)
        words = shown.words.replace(" 日", " 个工作日")
        self._light.setText(words + ("（暂按）" if record.is_provisional and record.is_open else ""))
        theme.set_role(self._light, colour, "light")
        self._number.setText(record.number or "未编号")
        title = getattr(record, record.SUBJECT)
        self._title.setText(f"{title}{self._actions.standing(record)}")
        stages = self._main_line(record)
        keys = [stage.key for stage in stages]
        side = "作废" if record.voided_on else "" if record.stage in keys else record.stage_of(record.stage).label
        self._stages.set_stages(
            [stage.label for stage in stages], keys.index(record.stage) if record.stage in keys else 0, side,
            self._actions.why_not("save"),
        )  # fmt: skip
        move = next_move(self.register, record.stage)
        self._foot.show_record(record, self._verb(move) if move else "")
        self._fill_menu(record)
        self._tell_beside(record)

    def _tell_beside(self, record: Record) -> None:
        """How many attachments and links there are, and in how many files searched words stand."""
        files, links = self._actions.beside(record)
        held = files_holding(self._actions, record, self._hits) if files and self._hits else 0
        for at, count, more in ((ATTACHMENTS, files, f"（搜到 {held}）" if held else ""), (LINKS, links, "")):
            self.tabs.setTabText(at, f"{TABS[at]} {count}{more}" if count else TABS[at])

    def _main_line(self, record: Record) -> list[Stage]:
        """The stages of the main line."""
        return [stage for stage in record.STAGES if not stage.side]

    def _verb(self, move: Move) -> str:
        return move.verb or self.register.stage_of(move.target).label

    def _fill_menu(self, record: Record) -> None:
        self._menu.clear()
        for move in record.moves_from(record.stage):
            if move != next_move(self.register, record.stage) and not record.voided_on:
                action = QAction(self._verb(move), self._menu)
                action.setData(move.target)
                self._actions.permit(action, "save")
                self._menu.addAction(action)
        if (record.voided_on or record.deleted_at) and not record.emptied_at:
            action = QAction("恢复（移出回收站）" if record.deleted_at else "恢复（取消作废）", self._menu)
            action.setData("")
            self._actions.permit(action, "void")
            self._menu.addAction(action)
        if not self._menu.isEmpty():
            self._menu.addSeparator()
        self._menu.addMenu(self._papers)

    def _fill_papers(self) -> None:
        """The forms that can be printed of the record."""
        from db.summaries.office_forms import Templates  # read when they are asked for

        self._papers.clear()
        found = Templates(self._actions.store).of_record(self.record) if self.record is not None else []
        for template in found:
            self._papers.addAction(template.name).setData(template.key)
        if not found:
            self._papers.addAction("这本台账没有表单").setEnabled(False)

    def _ask_form(self, action: QAction) -> None:
        if self.record is not None:
            self.form_asked.emit(action.data(), self.register.key(), self.record.id)

    def _take_menu(self, action: QAction) -> None:
        if self.record is None or action.parent() is self._papers:
            return
        if action.data() == "":
            self._do(self._actions.restore, self.register, self.record.id)
        else:
            self._move(action.data())

    def _take_edit(self) -> None:
        self._say("未保存")
        self._keep.start()

    def _say(self, words: str) -> None:
        self._foot.state.setText(words)

    def keep_draft(self) -> None:
        """Write down what is half-typed, so that nothing costs it."""
        self._keep.stop()
        if self.record is not None and self._form is not None and self._form.is_dirty:
            kept = self._actions.keep_draft(self.register, self.record.id, self._form.typed())
            self._say("未保存，草稿已留" if kept else "未保存，草稿没能留下")

    def save(self) -> bool:
        """Save what was typed; on refusal the form stays as typed. Tells whether it was saved."""
        record = self._read() if self.record is not None and self._actions.allows("save") else None
        return record is not None and self._do(self._actions.save, record)

    def _read(self) -> Record | None:
        self.form.settle()
        record, unreadable = self.form.build()
        if unreadable:
            self._show_refused(unreadable)
            return None
        return record

    def advance(self) -> None:
        """Save and make the next move of the main line; what it needs and lacks is shown at its field."""
        move = next_move(self.register, self.record.stage) if self.record else None
        if move and self._actions.allows("save"):
            self._move(move.target)

    def _move(self, target: str) -> None:
        record = self._read()
        if record is None:
            return
        move = next(step for step in record.moves_from(record.stage) if step.target == target)
        for name in move.needs:
            field = self.register._meta.fields.get(name)
            if name.endswith("_on") and field is not None and not record.filled(name):
                setattr(record, name, self._actions.today)
                self.form.editors[name].set_value(self._actions.today)
                self.form.take_over(name)
        self._do(self._actions.move, record, target)

    def _do(self, action: Callable[..., Change], *values: object) -> bool:
        """Run an action; problems go to their fields, trouble to the window."""
        shown = self.record
        assert shown is not None
        self.record = None  # the list may go on to another record meanwhile: what is saved now is no draft any more
        try:
            change = action(*values)
        except Refused as refused:
            self.record = shown
            self._show_refused(refused.problems)
            return False
        except Exception as error:  # noqa: BLE001  named trouble is shown, anything else goes to the crash net
            self.record = shown
            self.keep_draft()
            self.trouble.emit(error)
            return False
        self._keep.stop()
        self._actions.keep_draft(self.register, shown.id, None)
        done = self._actions.load(self.register, shown.id)
        if self.record is None:
            self.show_record(done)
            self._say("已保存")
        if change.keys:
            self.saved.emit(f"{change.title}：{done.number or getattr(done, done.SUBJECT)[:16]}")
        return True

    def _show_refused(self, found: Sequence[Problem]) -> None:
        self.keep_draft()  # now, so that 草稿已留 does not come later in place of what is told here
        self.tabs.setCurrentIndex(0)
        self.form.show_problems(found)
        count = self.form.problems.blocking()
        self._say(f"{count}处待改，没有保存" if count else "没有保存")

    def _ask_step(self) -> None:
        self.step_asked.emit(self.sender().property("by"))

    def _ask_void(self) -> None:
        if self.record is not None:
            self.void_asked.emit(self.record.id)

    def _ask_stage(self, at: int) -> None:
        if self.record is not None:
            target = self._main_line(self.record)[at].key
            if any(move.target == target for move in self.record.moves_from(self.record.stage)):
                self._move(target)

    def _show_tab(self, at: int) -> None:
        self.pages.show_page(at, self.record)


def _rule() -> QFrame:
    rule = QFrame()
    rule.setFixedHeight(1)
    theme.set_role(rule, "rule")
    return rule
