"""What the window does to many records at once, and undoing it: previewed, carried out on the worker under a cover."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMenu

from db.record import database
from db.store.change import Change
from db.store.search import Filter
from desktop import theme
from desktop.jobs import Job, Jobs
from desktop.window.waiting import cover_during

if TYPE_CHECKING:
    from db.store.emptying import Emptied
    from db.store.many import Deed, Done
    from db.store.operations import Operation
    from desktop.dialogs.many import ManyDialog
    from desktop.dialogs.reason import ReasonDialog
    from desktop.registers.actions import Actions
    from desktop.registers.page import RegisterPage
    from desktop.registers.words import OfficeWords
    from desktop.window.main import MainWindow

_PRINTED = 20_000  # selected records that are printed by their ids; more are printed by the filter of the list
_SHEETS = 500  # selected records that get a sheet each in one go
_LOOKED_AT = 200  # selected records whose next stage is worked out before it is asked for
_STOPPED = "已停止，什么都没有改"


class Batches(QObject):
    """Takes what the pane of several selected records asks for, and long undoing and redoing."""

    def __init__(self, window: MainWindow, actions: Actions, words: OfficeWords, jobs: Jobs) -> None:
        super().__init__(window)
        self._window, self._actions, self._words, self._jobs = window, actions, words, jobs
        self._job: Job | None = None
        self.dialog: ManyDialog | None = None
        self.asking: ReasonDialog

    def cover(self, job: Job, title: str, words: str) -> None:
        """Keep everything else from the window until a job that writes has ended."""
        cover_during(self._window, job, title, words)

    def take(self, command: str) -> None:
        """Do what was asked for in the register on show."""
        page = self._window.current_register()
        if page is None or self._job is not None:
            return
        if command == "print":
            self._print(page)
        elif command == "empty_bin":
            self._ask_to_empty(page)
        elif command == "export":
            page.files.offer_picked(page.many.pane.buttons["export"])
        else:
            self._ask(page, command)

    def _print(self, page: RegisterPage) -> None:
        """Ask whether they are printed as a book, or a sheet for each; without forms it is the book."""
        from db.summaries.book import book_title  # what is printed is seldom asked for
        from db.summaries.office_forms import Templates

        forms = Templates(self._actions.store).of_register(page.register.key())
        if not forms:
            self._print_book(page)
            return
        menu, button = QMenu(self._window), page.many.pane.buttons["print"]
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(f"{book_title(page.register)}（只印选中的）", partial(self._print_book, page))
        menu.addSeparator()
        for form in forms:
            menu.addAction(f"{form.name}（每件一张）", partial(self._print_forms, page, form.key))
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _print_forms(self, page: RegisterPage, form: str) -> None:
        picked = page.many.picked()
        if picked.count > _SHEETS:
            self._window.tell(f"一次最多印 {_SHEETS} 件的表单；请少选一些，分几次印")
            return
        self._window.print_form(form, page.register.key(), *picked.read())

    def _print_book(self, page: RegisterPage) -> None:
        picked, wanted = page.many.picked(), page.current_filter()
        if picked.count > _PRINTED:
            self._window.tell(f"一次最多打印选中的 {_PRINTED:,} 条；更多的请按条件筛出来，再打印列出的")
            return
        chosen = Filter(ids=tuple(picked.read()), order=wanted.order, descending=wanted.descending)
        self._window.print_listed(page.register.key(), chosen)

    def _ask(self, page: RegisterPage, command: str) -> None:
        from desktop.dialogs.deed_words import fillable
        from desktop.dialogs.many import ManyDialog  # editors and preview wait until they are asked for

        kind = "fill" if command == "fill_down" else command
        name = page.table.current_key()
        if command == "fill_down" and name not in fillable(page.register):
            self._window.tell("这一栏不能统一填写；先用 ← → 走到要填的栏")
            return
        self.dialog = dialog = ManyDialog(
            kind, page.register, page.many.picked(), self._actions, self._words, self._jobs, self._window
        )
        dialog.decided.connect(partial(self._carry_out, page))
        dialog.failed.connect(self._window.show_trouble)
        dialog.finished.connect(self._forget)
        if command == "fill_down":
            first = self._actions.load(page.register, page.table.picked_ids(1)[0])
            dialog.set_fill(name, getattr(first, name) or None)
        elif command == "advance" and page.many.picked().count <= _LOOKED_AT:
            from db.store.many import next_stage

            stage = next_stage(page.register, page.table.picked_ids(_LOOKED_AT))
            if stage:
                dialog.set_stage(stage)
        dialog.open()

    def _forget(self, _result: int) -> None:
        self.dialog = None

    def _carry_out(self, page: RegisterPage, deed: Deed, ids: Sequence[int]) -> None:
        from db.store.many import carry_out

        page.keep_drafts()
        store, register = self._actions.store, page.register
        self._run(
            f"正在改 {len(ids):,} 条", lambda job: carry_out(store, register, ids, deed, job.progress), self._tell_done
        )

    def _tell_done(self, done: Done) -> None:
        self._actions.told(done.change)
        left = f"；另有 {len(done.left):,} 条没有改：{done.left[0].called}{done.left[0].reason}" if done.left else ""
        self._window.tell(f"已{done.change.title} {done.altered:,} 条{left}", undo=True)

    def _ask_to_empty(self, page: RegisterPage) -> None:
        """Ask whether what lies in the bin goes for good: how many, which, and why."""
        from db.store.emptying import binned
        from desktop.dialogs.reason import emptying

        try:
            self._actions.store.require("empty_bin")
            found = binned(self._actions.store, page.register)
        except Exception as error:  # noqa: BLE001  shown in words, or reported by the crash net
            self._window.show_trouble(error)
            return
        if not found:
            self._window.tell(f"{page.register.TITLE}的回收站是空的")
            return
        self.asking = dialog = emptying(page.register.TITLE, [one.called for one in found], self._window)
        dialog.accepted.connect(partial(self._empty, page))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _empty(self, page: RegisterPage) -> None:
        from db.store.emptying import empty_bin

        page.keep_drafts()
        store, register, reason = self._actions.store, page.register, self.asking.reason.text()
        self._run("正在清空回收站", lambda job: empty_bin(store, register, reason, job.progress), self._tell_emptied)

    def _tell_emptied(self, done: Emptied) -> None:
        self._actions.told(done.change)
        files = f"，并删去 {done.files:,} 个附件文件" if done.files else ""
        self._window.tell(f"已清空回收站 {len(done.records):,} 条{files}；操作记录里有是谁、为什么清空的")

    def undo(self) -> None:
        """Take back the last change of this session and say what; before it, one of an earlier one once it is asked.

        A long one is taken back on the worker, with progress.
        """
        store = self._actions.store
        if store.undoable() is None and not store.read_only and self._ask_earlier():
            return
        self._turn(self._actions.undo, store.undo, "已撤销", store.is_long())

    def redo(self) -> None:
        """Make the undone change again and say what."""
        store = self._actions.store
        self._turn(self._actions.redo, store.redo, "已重做", store.is_long(redoing=True))

    def turn(self, operation: Operation, redoing: bool) -> None:
        """Take an earlier change back, or make it again, and say what."""
        from db.store import operations

        slowly = partial(operations.turn, self._actions.store, operation.change, redoing)
        words = "已重做" if redoing else "已撤销"
        self._turn(lambda: self._actions.told(slowly()), slowly, words, operation.is_long)

    def _ask_earlier(self) -> bool:
        """Ask whether a change from before this session is to be taken back; False when there is none."""
        from db.store import operations
        from desktop.dialogs.paned import PanedDialog

        store = self._actions.store
        found = operations.last_in_force(store)
        if found is None:
            return False
        step = (found.at[:16].replace("T", " "), found.by, found.title, operations.called(store, found))
        ask = PanedDialog(
            "撤销上次打开时的操作？",
            f"这次打开后还没有改过。上次最后一步是：{'，'.join(filter(None, step))}。"
            "只改回这一步改过的内容；更早的请在操作记录里选。",
            "撤销这一步", "不撤销", self._window,
        )  # fmt: skip
        ask.setMinimumWidth(theme.up4(36 * theme.em()))
        ask.button.clicked.connect(ask.accept)
        ask.accepted.connect(partial(self.turn, found, False))
        ask.open()
        return True

    def _turn(self, at_once: Callable[[], Change], slowly: Callable[..., Change], words: str, is_long: bool) -> None:
        if is_long:
            title = "正在重做" if words == "已重做" else "正在撤销"
            self._run(title, lambda job: slowly(progress=job.progress), partial(self._tell_turned, words))
            return
        try:
            change = at_once()
        except Exception as error:  # noqa: BLE001  shown in words, or reported by the crash net
            self._window.show_trouble(error)
        else:
            self._say_turned(words, change)

    def _tell_turned(self, words: str, change: Change) -> None:
        self._actions.told(change)
        self._say_turned(words, change)

    def _say_turned(self, words: str, change: Change) -> None:
        from db.store import operations

        what = (change.title.partition("：")[2], operations.touched(self._actions.store, change))
        self._window.tell(f"{words}：{' '.join(filter(None, what))}")

    def _run(self, title: str, work: Callable[[Job], Any], done: Callable[[Any], None]) -> None:
        """Do it on the worker under a cover. What was written counts even if the clerk asked too late to stop it."""
        if self._job is not None:
            return
        outcome: list[Any] = []

        def working(job: Job) -> None:
            database.connect(reuse_if_open=True)
            outcome.append(work(job))

        self._actions.hold()
        self._job = job = self._jobs.run(title, working, _ignore, self._fail)
        cover_during(self._window, job, title, "全部写完才算数；现在停止，台账和原来一样。")
        job.ended.connect(partial(self._end, outcome, done))

    def _end(self, outcome: list[Any], done: Callable[[Any], None]) -> None:
        is_stopped = self._job is not None and self._job.is_cancelled
        self._job = None
        if outcome:
            done(outcome[0])
        elif is_stopped:
            self._window.tell(_STOPPED)

    def _fail(self, error: BaseException) -> None:
        self._window.show_trouble(error)


def _ignore(_result: object) -> None:
    """The end of the job tells the result."""
