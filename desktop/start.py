"""Starts the window: the frame first, then what it is to show.

Order: application, look, single instance, empty frame; once that has been painted: crash net, store with all its gates,
and only then a page, a record or a figure. What the frame does not need is imported behind it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from desktop import paths, theme
from desktop.instance import SingleInstance
from desktop.settings import MachineSettings
from desktop.turns import Turns, imported
from desktop.updates import left_word
from desktop.window.main import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from db.errors import StoreTrouble
    from db.store.opening import Opening
    from db.store.sealing import Conversion
    from desktop.app import Program
    from desktop.errors import CrashNet
    from desktop.jobs import Job, Jobs
    from desktop.termination import Termination
    from desktop.window.replacing import Replacing
    from desktop.window.waiting import WaitPage

CANNOT_OPEN = 3  # exit status
_FILLING = ("peewee", "db.rules.rulebook", "db.checks", "db.record", "db.directory.tables", "db.store.store",
            "desktop.registers.actions", "desktop.window.signing", "desktop.app", "desktop.window.board")  # fmt: skip
_OPENED_NEXT = ("desktop.registers.editors", "desktop.registers.form", "desktop.registers.table",
                "desktop.registers.page", "desktop.registers.field_names", "desktop.window.batches",
                "desktop.registers.entry", "db.rules.templates", "desktop.summaries.choices",
                "pypdfium2_raw", "pypdfium2", "desktop.summaries.preview", "desktop.summaries.print_page",
                "reportlab.lib.utils", "reportlab.pdfbase.pdfdoc", "desktop.printing.faces", "desktop.printing.sheet",
                "desktop.printing.book", "db.summaries.annual.draft", "desktop.window.report",
                "db.store.many", "desktop.dialogs.many", "db.exchange.pasted", "db.exchange.evaluating",
                "db.exchange.planning", "db.exchange.applying", "desktop.registers.importing",
                "desktop.registers.attached", "desktop.window.search_page")  # fmt: skip
_PAUSE_MS = 40  # between the imports of what the clerk may open next: keys come first


def new_application(arguments: list[str], settings: MachineSettings) -> QApplication:
    """The application with its look; `desktop.app` teaches it its language."""
    app = QApplication.instance() or QApplication([*arguments, *theme.STYLE])
    assert isinstance(app, QApplication)
    app.setApplicationName("fazhi-ledger")
    app.setApplicationDisplayName("法治台账")
    app.setDesktopFileName("fazhi-ledger")
    theme.dress(app, settings.scheme, settings.larger)
    return app


class Start(QObject):
    """One start: the frame, and behind its first paint the program that fills it."""

    def __init__(
        self, app: QApplication, folder: Path, settings: MachineSettings, single: SingleInstance,
        restoring: Path | Conversion | None = None, backup: Path | None = None,
    ) -> None:  # fmt: skip
        """`restoring`: what takes the ledger's place before it is opened; `backup`: one to look into."""
        super().__init__()
        self._restoring, self._backup = restoring, backup
        self._replacing: Replacing | None = None
        self._chosen: Path | None = None
        self._app, self._folder, self._settings, self._single = app, folder, settings, single
        self._net: CrashNet | None = None
        self._program: Program | None = None
        self._opening: Opening | None = None
        self._cover: WaitPage | None = None
        self._jobs: Jobs | None = None
        self._then: Callable[[], None] = self._fill
        self._termination: Termination | None = None
        self._turns: Turns | None = None
        self.window = MainWindow(settings)
        self.window.stood.connect(self._open)

    def _open(self) -> None:
        """Spread the crash net, open the ledger and fill the frame; what cannot be opened is told over the frame."""
        self._turns = Turns(self._opened(), self._fail, parent=self)

    def _opened(self) -> Iterator[None]:
        """The steps of opening, none of them long: the frame is painted and can be moved meanwhile."""
        from desktop.errors import CrashNet, start_log
        from desktop.termination import Termination

        theme.cover_chinese(self._app)
        logs = paths.log_folder(self._folder)
        start_log(logs)
        self._net = CrashNet(logs)
        self._net.spread()
        self._termination = Termination(self)
        self._termination.asked.connect(self._leave)
        yield
        yield from imported(_FILLING)
        from db.catalogue import module_names

        yield from imported(module_names())
        from db.store import leavings

        if leavings.are_legible(self._folder):
            self._behind_cover(
                "上次中途断了，正在抹掉留下的明文", "登记的内容不会改动。关闭窗口就停止，下次打开接着做。",
                lambda job: leavings.sweep_first(self._folder, job.progress), self._unlock_ledger,
            )  # fmt: skip
        else:
            self._unlock_ledger()

    def _unlock_ledger(self) -> None:
        from db.store.places import LEDGER

        self._unlock(self._folder / LEDGER, self._replace if self._restoring else self._begin_opening)

    def _unlock(self, path: Path, then: Callable[[], None]) -> None:
        """Ask for the password of an encrypted file unless it was given already, and go on."""
        from db.store.keys import is_plain

        if is_plain(path):
            then()
            return
        from desktop.app import local_now
        from desktop.jobs import Jobs
        from desktop.window.unlocking import Unlock, is_locked

        if not is_locked(path):
            then()
            return
        self._jobs = self._jobs or Jobs(self)
        unlock = Unlock(self.window, path, self._jobs, local_now)
        unlock.opened.connect(then)
        unlock.failed.connect(self._fail)
        self.window.closing.connect(self._jobs.cancel)

    def _replace(self) -> None:
        """Put what the clerk agreed to in the ledger's place: a backup, or its own copy, encrypted or decrypted."""
        from desktop.app import local_now
        from desktop.jobs import Jobs
        from desktop.window.replacing import Replacing

        assert self._restoring is not None
        self._jobs = self._jobs or Jobs(self)
        self.window.closing.connect(self._jobs.cancel)
        self._replacing = Replacing(self.window, self._folder, self._restoring, self._jobs, local_now)
        self._replacing.ended.connect(self._begin_after_replacing)

    def _begin_after_replacing(self) -> None:
        if not self.window.isVisible():  # closed meanwhile
            return
        self._turns = Turns(self._begun(), self._fail, parent=self)

    def _begun(self) -> Iterator[None]:
        yield
        self._begin_opening()

    def _begin_opening(self) -> None:
        from desktop.app import begin_opening, local_now

        self._opening = begin_opening(self._folder, local_now)
        if self._opening.must_check:
            self._check()
        else:
            self._bring_up()

    def _check(self) -> None:
        """After an unclean end the file is checked on a worker, under a cover, before anything of it is shown."""
        assert self._opening is not None
        opening = self._opening
        self._behind_cover(
            "上次没有正常关闭，正在检查台账", "登记的内容不会改动；检查通过后就可以继续登记。",
            lambda job: opening.check(job.progress), self._bring_up,
        )  # fmt: skip

    def _bring_up(self) -> None:
        """What an older program left is brought up on a worker, under the same cover; mostly there is nothing to do."""
        assert self._opening is not None
        opening = self._opening
        try:
            must = opening.must_bring_up()
        except Exception as error:  # noqa: BLE001  told or reported, as what a worker ends with
            self._fail(error)
            return
        if not must:
            self._fill()
            return
        from db.store.opening import Watch

        self._behind_cover(
            "程序更新了，正在整理台账",
            "登记的内容不会改动。关闭窗口就停止，下次打开再做。",
            lambda job: opening.bring_up(Watch(job.show, job.progress)), self._fill,
        )  # fmt: skip

    def _behind_cover(self, title: str, words: str, work: Callable[[Job], None], then: Callable[[], None]) -> None:
        """Do on a worker what has to be done before anything is shown, and go on; closing the window stops it."""
        from desktop.jobs import Jobs
        from desktop.window.waiting import WaitPage

        if self._jobs is None:
            self._jobs = Jobs(self)
            self.window.closing.connect(self._jobs.cancel)
        self._cover, self._then = WaitPage(self.window, title, words), then
        job = self._jobs.run(title, work, self._uncovered, self._fail)
        self._cover.follow(job)

    def _uncovered(self, _nothing: object) -> None:
        assert self._cover is not None
        self._cover.uncover()
        self._cover = None
        self._then()

    def _fill(self) -> None:
        """Open the ledger on this thread and put it into the frame."""
        self._turns = Turns(self._filled(), self._fail, parent=self)

    def _filled(self) -> Iterator[None]:
        assert self._net is not None
        from db.store.initials import bundled
        from desktop.app import Program, local_now

        bundled()  # the letters of all characters are kept; to read them is a step of its own
        yield
        self._program = program = Program(
            self._app, self._folder, local_now, self._settings, self.window, self._opening
        )
        self._app.commitDataRequest.connect(self._keep)
        self._net.caught.connect(program.show_defect)
        program.window.begun.connect(self._listen)
        yield
        program.show(greeting=self._backup is None)

    def _listen(self) -> None:
        """Once the first page is there: be found by a second start, and tell how the last run ended."""
        assert self._program is not None
        assert self._net is not None
        self._single.raised.connect(self._program.to_front)
        self._single.backup_asked.connect(self._program.show_backup)
        self._single.listen()
        theme.cover_rare_characters(self._app)
        words = left_word.settle(self._folder)
        if self._replacing is not None:
            self._replacing.tell(words)
        elif words:
            from desktop.dialogs.paned import say

            say("升级", words, self.window)
        if self._program.store.lost:
            self._tell_lost()
        crash = self._net.last_crash()
        if crash:
            self._tell_crash(crash)
        self._turns = Turns(imported(_OPENED_NEXT), pause_ms=_PAUSE_MS, parent=self)
        if self._backup:
            QtCore.QTimer.singleShot(0, self._look_into)

    def _look_into(self) -> None:
        if self._program is not None and self._backup is not None and not self.window.may_close:
            self._program.show_backup(self._backup)

    def _keep(self, _session: object) -> None:
        """The session ends: what is half-typed is kept; everything else is on the disk already."""
        if self._program is not None and not self.window.may_close:
            self.window.keep_drafts()

    def _leave(self) -> None:
        """The system asks the program to end: drafts and ledger are closed in order, a backup is not waited for."""
        if self._program is not None:
            self._program.leave()
        self._app.exit(0)

    def _fail(self, error: BaseException) -> None:
        from db.errors import StoreTrouble, Trouble
        from desktop.dialogs.problem import dialog_for

        assert self._net is not None
        if self._cover is not None:
            self._cover.uncover()
        if not isinstance(error, StoreTrouble):
            self._net.report(error)
        elif error.trouble is Trouble.IN_USE and self._single.raise_other(self._backup):  # both started at once
            self._app.exit(0)
            return
        elif self._program is None and self._can_be_rescued(error):
            self._rescue(error)
            return
        dialog_for(error, self.window).exec()
        self._app.exit(CANNOT_OPEN)

    def _can_be_rescued(self, error: StoreTrouble) -> bool:
        """Whether the ledger is damaged, or has lost its head, so that not even its kind is known."""
        from db.errors import Trouble
        from db.store.places import LEDGER
        from db.store.recovering import may_be_a_ledger

        path, trouble = self._folder / LEDGER, error.trouble
        return path.is_file() and (
            trouble is Trouble.DAMAGED or (trouble is Trouble.NOT_A_LEDGER and may_be_a_ledger(path))
        )

    def _rescue(self, error: StoreTrouble) -> None:
        """Let the clerk see what can be saved of a damaged ledger, and choose what takes its place."""
        from desktop.app import local_now
        from desktop.jobs import Jobs
        from desktop.window.rescuing import Rescue

        if self._opening is not None:
            self._opening.give_up()
            self._opening = None
        self._jobs = self._jobs or Jobs(self)
        rescue = Rescue(self.window, self._folder, self._jobs, local_now)
        rescue.ended.connect(self._rescued)
        rescue.ask(error)

    def _rescued(self, chosen: Path | None) -> None:
        self._chosen = chosen
        if chosen is not None:
            self._app.setQuitOnLastWindowClosed(False)  # another window follows
        self._app.exit(0 if chosen is not None else CANNOT_OPEN)

    def _tell_lost(self) -> None:
        """The disk has lost the end of the journal: said before anything more is written."""
        from db.store.head_file import loss_in_words
        from desktop.dialogs.problem import ProblemDialog

        assert self._program is not None
        store = self._program.store
        dialog = ProblemDialog(*loss_in_words(store.lost, store.head()[0]), parent=self.window)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _tell_crash(self, trace: str) -> None:
        from desktop.dialogs.problem import ProblemDialog

        kept, advice = "已登记的内容都在，没填完的表已留作草稿。", "可以继续使用；草稿在原来的登记页里。"
        dialog = ProblemDialog("上次程序意外退出", kept, advice, trace, parent=self.window)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @property
    def installing_next(self) -> list[str]:
        """The command of the installer that is to take the program's place; empty when it just ends."""
        return self._program.installing if self._program else []

    @property
    def restoring_next(self) -> Path | Conversion | None:
        """What the clerk wants in the ledger's place: then the program begins anew with it."""
        return self._program.restoring if self._program else self._chosen

    def end(self) -> None:
        """Take everything back that the start spread out."""
        if self._turns is not None:
            self._turns.stop()
        if self._program is not None:
            self._program.leave()
        self.window.hide()
        if self._jobs is not None:
            self._jobs.close()
        if self._opening is not None and self._program is None:
            self._opening.give_up()
        self._single.stop()
        if self._termination is not None:
            self._termination.stop()
        if self._net is not None:
            self._net.fold()


def run(folder: Path, arguments: list[str], backup: Path | None = None) -> int:
    """Open the window over the ledger in `folder`; give back the exit status (3 when the store cannot be opened).

    `backup`: what the clerk double-clicked; it is looked into, and nothing is changed unless the clerk says so.
    """
    settings = MachineSettings()
    app = new_application(arguments, settings)
    restoring: Path | Conversion | None = left_word.coming_back(folder)
    while True:
        single = SingleInstance(folder)
        if single.raise_other(backup):
            return 0
        start = Start(app, folder, settings, single, restoring, backup)
        start.window.show_first(app.primaryScreen().availableSize())
        status = app.exec()
        start.end()
        app.setQuitOnLastWindowClosed(True)
        restoring, backup = start.restoring_next, None
        if start.installing_next:
            from desktop.updates import installation

            installation.hand_over(start.installing_next, installation.starter(folder))
        if restoring is None:
            return status
