"""设置: the office itself, its time limits, calendar, units, people and words; each page is made when first opened."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QListWidget, QStackedWidget, QVBoxLayout, QWidget

from desktop import theme
from desktop.dialogs.settings import SettingsDialog
from desktop.dialogs.tables import OfficePage
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.words import OfficeWords

if TYPE_CHECKING:
    from db.store.sealing import Conversion
    from desktop.dialogs.backups import BackupsPage

OFFICE, TIME_LIMITS, CALENDAR, UNITS, PEOPLE, WORDS, BACKUPS, ACCOUNTS, ENCRYPTION = range(9)
_PAGES = {
    TIME_LIMITS: ("time_limits", "TimeLimitsPage"), CALENDAR: ("calendar", "CalendarPage"),
    UNITS: ("units", "UnitsPage"), PEOPLE: ("units", "PeoplePage"), WORDS: ("vocabularies", "WordsPage"),
    BACKUPS: ("backups", "BackupsPage"), ACCOUNTS: ("accounts", "AccountsPage"),
    ENCRYPTION: ("encryption", "EncryptionPage"),
}  # fmt: skip
SECTIONS = ("本单位", "办理期限", "工作日历", "单位", "人员", "词汇表", "备份与恢复", "人员账号", "加密")


class OfficeDialog(QDialog):
    """The sections at the left, one page at the right. `accepted` means that the page 本单位 is to be saved."""

    trouble = Signal(object)

    def __init__(
        self, actions: Actions, words: OfficeWords, jobs: Jobs, own: SettingsDialog, parent: QWidget | None = None
    ) -> None:
        """`own` is the page 本单位, with its own buttons."""
        super().__init__(parent)
        self.setWindowTitle("设置")
        self._actions, self._words, self._jobs = actions, words, jobs
        own.setParent(self)
        own.setWindowFlags(Qt.WindowType.Widget)
        own.accepted.connect(self.accept)
        own.rejected.connect(self.reject)
        self.own = own
        self.sections = QListWidget()
        self.sections.setAccessibleName("设置的各部分")
        self.sections.addItems(SECTIONS)
        self.sections.setFrameShape(QFrame.Shape.NoFrame)
        self.sections.setFixedWidth(theme.up4(9 * theme.em()))
        ground = self.sections.palette()
        ground.setColor(ground.ColorRole.Base, theme.colour("side"))
        self.sections.setPalette(ground)
        for at in range(len(SECTIONS)):
            self.sections.item(at).setSizeHint(QSize(0, theme.row()))
        side = QFrame()
        theme.set_role(side, "side")
        column = QVBoxLayout(side)
        column.setContentsMargins(4, 12, 4, 12)
        column.addWidget(self.sections)
        self.stack = QStackedWidget()
        self.stack.addWidget(own)
        self._pages: dict[int, OfficePage] = {}
        self._warned = False
        self.restoring: Path | Conversion | None = None  # what is to take the ledger's place, once this is closed
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(side)
        line.addWidget(self.stack, 1)
        self.sections.currentRowChanged.connect(self.open_section)
        for key, do in (("Ctrl+Z", self._undo), ("Ctrl+PgDown", self._next), ("Ctrl+PgUp", self._previous)):
            QShortcut(QKeySequence(key), self).activated.connect(do)
        theme.give_size(self, 94, 49)
        self.sections.setCurrentRow(OFFICE)

    def open_section(self, at: int) -> None:
        """Show a section's page, made when it is first asked for."""
        if at == OFFICE:
            self.stack.setCurrentWidget(self.own)
            return
        if at not in self._pages:
            page = _maker(at)(self._actions, self._words, self._jobs, self)
            page.trouble.connect(self.trouble)
            if at in (BACKUPS, ENCRYPTION):
                page.restore_asked.connect(self._leave_for)  # type: ignore[attr-defined]
            self._pages[at] = page
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(self._pages[at])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a section goes into its page: the dialog has no button that it could mean."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.sections.hasFocus():
            self._go_in()
        else:
            super().keyPressEvent(event)

    def _leave_for(self, wanted: Path | Conversion) -> None:
        self.restoring = wanted
        super().reject()

    def page(self, at: int) -> OfficePage:
        """The page of a section, opened."""
        self.sections.setCurrentRow(at)
        return self._pages[at]

    def backups_page(self) -> BackupsPage:
        """The page of the backups, opened."""
        return cast("BackupsPage", self.page(BACKUPS))

    def reject(self) -> None:
        """Close; once it is said before that a red cell is not stored."""
        wrong = next((at for at, page in self._pages.items() if page.has_wrong()), None)
        if wrong is None or self._warned:
            super().reject()
            return
        self._warned = True
        self.page(wrong).toast.say("红格里的还没保存；再关一次就不要了", undo=False)

    def _undo(self) -> None:
        page = self.stack.currentWidget()
        if isinstance(page, OfficePage):
            page.undo()

    def _next(self) -> None:
        self._step(1)

    def _previous(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        self.sections.setCurrentRow((self.sections.currentRow() + by) % len(SECTIONS))
        self._go_in()

    def _go_in(self) -> None:
        page = self.stack.currentWidget()
        if isinstance(page, OfficePage):
            page.focus_first()
        else:
            self.own.editors["office"].setFocus()


def _maker(at: int) -> Callable[..., OfficePage]:
    """The class of a section's page; its module is imported only when it is asked for."""
    module, name = _PAGES[at]
    return getattr(import_module(f"desktop.dialogs.{module}"), name)
