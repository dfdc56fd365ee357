"""导入 as a page: choose a file, match its columns, try every row, mend, write; one undo takes the batch back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from db.errors import Refused
from db.exchange.applying import Applied, apply
from db.exchange.doubting import Doubted
from db.exchange.pasted import NAME as BLOCK
from db.exchange.planning import Plan
from db.exchange.rejects import write_rejects
from db.exchange.rows import Options
from db.record import Record, database
from db.store.change import Change
from desktop import theme
from desktop.file_asking import ask_open, ask_save
from desktop.jobs import Job, Jobs
from desktop.registers.actions import Actions
from desktop.registers.dropping import FileDrop
from desktop.registers.import_choosing import ChooseView
from desktop.registers.import_columns import ColumnsView, sheets_read
from desktop.registers.import_files import Opened, lay_out_again, open_file
from desktop.registers.import_review import ReviewView
from desktop.registers.import_steps import CHOOSE, MATCH, RESULT, TRY, WRITE, ImportHead, hint
from desktop.registers.jobstrip import JobStrip

KINDS = "表格 (*.xlsx *.xlsm *.xls *.ods *.csv *.txt);;全部文件 (*)"
_SAFE = "试导：尚未写入任何记录"


class ImportPage(QWidget):
    """One import into one register.

    Signals: `left()` back to the list; `finished(sentence, whether it can be undone, ids)` back to it after all was
    written, with the records that came of a pasted block;
    `open_asked(register, id)`; `covered(job, title, words)` while the whole window must wait; `status(words)`.
    """

    left = Signal()
    finished = Signal(str, bool, object)
    open_asked = Signal(str, int)
    covered = Signal(object, str, str)
    template_asked = Signal()
    trouble = Signal(object)
    status = Signal(str)

    def __init__(self, register: type[Record], actions: Actions, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._register, self._actions, self._jobs = register, actions, jobs
        self._opened: Opened | None = None
        self._plan: Plan | None = None
        self._applied: Applied | None = None
        self._step = CHOOSE
        self.strip = JobStrip()
        self.choosing, self.matching, self.review = ChooseView(), ColumnsView(register), ReviewView(register)
        self.choosing.file_asked.connect(self.ask_file)
        self.choosing.template_asked.connect(self.template_asked)
        self.matching.sheets_asked.connect(self._lay_out_again)
        self.review.mend_asked.connect(self._mend)
        self.review.doubted_chosen.connect(self._try)
        self.review.open_asked.connect(self._open_existing)
        actions.changed.connect(self._take_change)
        FileDrop(self).dropped.connect(self.take_file)
        self._stack = QStackedWidget()
        for view in (self.choosing, self.matching, self.review):
            self._stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._head = ImportHead(register.TITLE)
        for part, stretch in ((self._head, 0), (self._stack, 1), (self.strip, 0), (self._new_foot(), 0)):
            column.addWidget(part, stretch)
        self._show_step(CHOOSE)

    def _new_foot(self) -> QWidget:
        foot = QFrame()
        theme.set_role(foot, "foot")
        self._hint = QLabel()
        theme.set_role(self._hint, "muted")
        self._hint.setWordWrap(True)
        self.back, self.rejects = QPushButton("上一步"), QPushButton("另存拒绝的行...")
        self.undo, self.forward = QPushButton("撤销这次导入"), QPushButton()
        theme.set_role(self.forward, "primary")
        line = QHBoxLayout(foot)
        line.setContentsMargins(12, 8, 12, 8)
        line.setSpacing(8)
        line.addWidget(self._hint, 1)
        for button, do in (
            (self.back, self._go_back), (self.rejects, self._ask_rejects), (self.undo, self._undo),
            (self.forward, self._go_on),
        ):  # fmt: skip
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(do)
            line.addWidget(button)
        return foot

    def resume(self) -> None:
        """Go on where the clerk left; from the beginning when nothing is under way."""
        if self._opened is None or self._step == RESULT:
            self.start()
        self.status.emit(self.status_words())

    def start(self, path: Path | None = None, block: Opened | None = None) -> None:
        """Begin anew, with a file that was dropped, a block that was pasted, or none."""
        if self.strip.job is not None:
            return
        self._let_go()
        self._applied = None
        self.choosing.say("")
        self._show_step(CHOOSE)
        self.choosing.focus()
        if path is not None:
            self.take_file(path)
        elif block is not None:
            self._take_opened(block)

    def status_words(self) -> str:
        """What the status bar says of this page."""
        return "导入完成" if self._step == RESULT else _SAFE

    def _let_go(self) -> None:
        """Forget file and plan; a large one is given back on the worker, so that the window does not wait."""
        plan, self._plan, self._opened = self._plan, None, None
        self.review.clear()
        if plan is not None:
            self._jobs.run("收尾", lambda _job: plan.let_go(), _nothing, self.trouble.emit)

    def _show_step(self, step: int) -> None:
        """Show a step with its buttons and what can be done next."""
        self._step = step
        self._head.steps.show_step(step)
        self._stack.setCurrentIndex({CHOOSE: 0, MATCH: 1}.get(step, 2))
        plan = self._plan
        refused = plan.counts.left if plan and step >= TRY else 0
        written = plan.counts.written if plan and step == TRY else 0
        self.back.setText("返回列表" if step == CHOOSE else "上一步")
        self.back.setVisible(step != RESULT)
        self.rejects.setVisible(bool(refused))
        self.undo.setVisible(step == RESULT)
        verb = "写入" if self._is_block else "导入"
        self.forward.setText({MATCH: "试导", TRY: f"{verb} {written:,} 条", RESULT: "回到列表"}.get(step, ""))
        self.forward.setEnabled(step != TRY or bool(written))
        self.forward.setToolTip("" if step != TRY or written else "没有新增，也没有改动")
        self.forward.setVisible(step != CHOOSE)
        lacks_columns = bool(plan and plan.missing_columns)
        self._hint.setText(hint(step, self._applied.counts if self._applied else None, refused, lacks_columns))
        book = self._opened.book if self._opened else None
        sheets = sheets_read(self._opened.layouts) if self._opened else ""
        is_sheet = book and sheets and not self._is_block
        self._head.name.setText(f"{'粘贴到' if self._is_block else '导入'}{self._register.TITLE}")
        self._head.file.setText(f"{book.name}，工作表{sheets}" if book and is_sheet else book.name if book else "")
        self.status.emit(self.status_words())

    @property
    def _is_block(self) -> bool:
        return self._opened is not None and self._opened.book.name == BLOCK

    def _go_back(self) -> None:
        if self._step == CHOOSE or (self._step == MATCH and self._is_block):  # there was no file to choose
            self.left.emit()
        else:
            self._show_step(MATCH if self._step == TRY else CHOOSE)

    def _go_on(self) -> None:
        if self._step == MATCH:
            self._try()
        elif self._step == TRY:
            self._write()
        elif self._step == RESULT:
            self._let_go()
            self.left.emit()

    def _work(
        self, title: str, work: Callable[[Job], Any], done: Callable[[Any], object], unit: str, tip: str,
        failed: Callable[[BaseException], None] | None = None,
    ) -> Job:  # fmt: skip
        """Run a step on the worker, with its progress at the foot."""

        def connected(job: Job) -> Any:
            database.connect(reuse_if_open=True)
            return work(job)

        job = self._jobs.run(title, connected, done, failed or self.trouble.emit, makes_many=True)
        self.strip.follow(job, f"正在{title}", unit, tip)
        self._set_busy(True)
        job.ended.connect(self._rest)
        return job

    def _set_busy(self, is_busy: bool) -> None:
        for widget in (self.back, self.rejects, self.undo, self.forward, self.matching, self.choosing):
            widget.setEnabled(not is_busy)
        self.review.set_busy(is_busy)

    def _rest(self) -> None:
        self._set_busy(False)
        self._head.steps.show_step(self._step)
        if self._step == TRY:
            self.forward.setEnabled(bool(self._plan and self._plan.counts.written))

    def ask_file(self) -> None:
        """Choose a file in the system's dialog."""
        if path := ask_open(self, "import", f"导入{self._register.TITLE}", KINDS):
            self.take_file(path)

    def take_file(self, path: Path) -> None:
        """Read a file and see what its columns are."""
        if self.strip.job is not None or self._step == RESULT:
            return
        register = self._register
        self._plan = None
        self.choosing.say("")
        self._work(
            f"读“{path.name}”", lambda _job: open_file(path, register), self._take_opened, "行", "停止读文件",
            self._say_unread,
        )  # fmt: skip

    def _say_unread(self, error: BaseException) -> None:
        if isinstance(error, Refused):
            self._opened = None
            self._show_step(CHOOSE)
            self.choosing.say(str(error))
        else:
            self.trouble.emit(error)

    def _take_opened(self, opened: object) -> None:
        assert isinstance(opened, Opened)
        self._opened = opened
        self.matching.show_file(opened.book, opened.layouts, opened.problem)
        doubtful = any(column.how == "similar" for layout in opened.layouts for column in layout.columns)
        if opened.problem or doubtful or self.matching.missing():
            self._show_step(MATCH)
            self.matching.focus()
        else:
            self._try()

    def _lay_out_again(self, sheets: Sequence[int], row: int) -> None:
        if self._opened is not None and self.strip.job is None:
            book, register = self._opened.book, self._register
            self._plan = None
            self._work(
                "认表头", lambda _job: lay_out_again(book, register, sheets, row), self._take_layouts, "行", "停止",
                self._say_unread,
            )  # fmt: skip

    def _take_layouts(self, opened: object) -> None:
        assert isinstance(opened, Opened)
        self._opened = opened
        self.matching.show_file(opened.book, opened.layouts, opened.problem)
        self._show_step(MATCH)

    def _try(self, doubted: Doubted | None = None) -> None:
        """The dry run, on the worker; `doubted` is what was chosen for all rows in doubt."""
        opened, layouts = self._opened, self.matching.layouts
        if opened is None or not layouts:
            self.matching.say("还不知道每一列是什么：请选工作表，写明表头在第几行")
            return
        store, register, plan = self._actions.store, self._register, self._plan
        options = self.matching.options(plan.options if plan else Options())
        options = replace(options, doubted=doubted or options.doubted)
        self._opened = Opened(opened.book, layouts)
        self.matching.say("")

        def work(job: Job) -> tuple[Plan, bool]:
            if plan is not None:  # what was edited and skipped stays so
                plan.set_layouts(layouts, options, job.progress)
            made = plan or Plan(store, register, opened.book, layouts, options, job.progress)
            _ = made.counts, made.notes  # counted here, not in the window
            return made, made.needs_year

        self._plan = None
        self._work("试导", work, self._take_plan, "行", "停止试导，什么都没有写入", self._say_untried)

    def _say_untried(self, error: BaseException) -> None:
        self._show_step(MATCH)
        if isinstance(error, Refused):
            self.matching.say(str(error))
        else:
            self.trouble.emit(error)

    def _take_plan(self, tried: tuple[Plan, bool]) -> None:
        self._plan, needs_year = tried
        if needs_year:
            self._show_step(MATCH)
            self.matching.ask_year()
            return
        self.review.show_plan(self._plan)
        self._show_step(TRY)
        self.review.table.setFocus()

    def _mend(self, mend: Callable[[Plan], set[int]]) -> None:
        if (plan := self._plan) is None or self._step != TRY or self.strip.job is not None:
            return

        def work(_job: Job) -> set[int]:
            changed = mend(plan)
            _ = plan.counts, plan.notes  # counted here, not in the window
            return changed

        self._work("检查这一行", work, self._take_changed, "行", "")

    def _take_changed(self, changed: object) -> None:
        self.review.set_busy(False)
        self.review.take_changed(changed)  # pyright: ignore[reportArgumentType]
        self._show_step(self._step)

    def _open_existing(self, record: int) -> None:
        self.open_asked.emit(self._register.key(), record)

    def _ask_rejects(self) -> None:
        plan = self._plan
        if plan is None:
            return
        name = f"{Path(plan.book.name).stem} 拒绝的行.xlsx"
        path, _kind = ask_save(self, "import", "另存没有导入的行", name, "Excel 表格 (*.xlsx)")
        if path:
            target = path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")
            self._work(
                "另存拒绝的行", lambda job: write_rejects(plan, target, job.progress),
                partial(self._tell_rejects, target), "行", "停止，不留下文件",
            )  # fmt: skip

    def _tell_rejects(self, target: Path, count: object) -> None:
        self._hint.setText(f"{count} 行已另存为“{target.name}”，末列写着原因；改好后再导入它，已导入的会认作相同。")

    def _write(self) -> None:
        """Write the batch; the window waits, since nothing else may be written meanwhile."""
        plan, store = self._plan, self._actions.store
        if plan is None or not plan.counts.written or not self._actions.allows("import"):
            return
        self._actions.hold()
        count = plan.counts.written
        job = self._work(
            f"导入 {count:,} 条", lambda job: apply(store, plan, job.progress), self._take_applied, "条",
            "停止导入，台账和原来一样",
        )  # fmt: skip
        self._head.steps.show_step(WRITE)
        self.covered.emit(job, f"正在导入 {count:,} 条", "全部写完才算数；现在停止，台账和原来一样。")

    def _take_applied(self, applied: object) -> None:
        assert isinstance(applied, Applied)
        self._applied = applied
        self._actions.told(applied.change)
        counts = applied.counts
        if self._plan and self._plan.counts.left:
            self._show_step(RESULT)
            self.review.show_refused()
        else:
            is_block = self._is_block
            records = [record for _register, record in applied.change.keys] if is_block and counts.new else []
            self._let_go()
            words = f"已{'粘贴' if is_block else '导入'} {counts.written:,} 条"
            self.finished.emit(f"{words}：新增 {counts.new:,}，改动 {counts.changed:,}", True, records)

    def _undo(self) -> None:
        """Take the whole batch back."""
        if (applied := self._applied) is None:
            return
        store = self._actions.store
        self._actions.hold()
        job = self._work("撤销这次导入", lambda _job: store.undo(applied.change.id), self._actions.told, "条", "")
        self.covered.emit(job, "正在撤销这次导入", "撤完才算数；台账会和导入以前一样。")

    def _take_change(self, change: Change) -> None:
        """The batch was taken back, here or by Ctrl+Z: there is no result to show any more."""
        if self._step == RESULT and self._applied and change.undoes == self._applied.change.id:
            self._let_go()
            self.finished.emit("已撤销这次导入，台账和导入以前一样", False, [])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes one step back; Ctrl+Enter goes on, as Enter in the year; Enter presses the button in focus."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape and self.back.isVisible() and self.back.isEnabled():
            self._go_back()
        elif (
            is_enter
            and self.forward.isEnabled()
            and (event.modifiers() & Qt.KeyboardModifier.ControlModifier or self.matching.year.hasFocus())
        ):
            self._go_on()
        elif is_enter and isinstance(button := self.focusWidget(), QPushButton):
            button.click()
        else:
            super().keyPressEvent(event)


def _nothing(_result: object) -> None:
    """What follows the giving back of a plan."""
