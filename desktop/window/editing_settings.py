"""The settings of the office and of this machine: shown, saved, put on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from db.errors import Refused
from desktop import theme
from desktop.dialogs.office import BACKUPS, OfficeDialog
from desktop.dialogs.settings import OfficeChoices, SettingsDialog
from desktop.jobs import Jobs
from desktop.registers.actions import Actions
from desktop.registers.words import OfficeWords
from desktop.settings import MachineSettings

if TYPE_CHECKING:
    from desktop.window.main import MainWindow

ORGAN_CODES = "organ_code"


class SettingsDesk:
    """Edits the office's settings, its tables and the look of this machine over a window."""

    def __init__(
        self, window: MainWindow, actions: Actions, words: OfficeWords, jobs: Jobs, machine: MachineSettings
    ) -> None:
        self._window, self._actions, self._words, self._jobs, self._machine = window, actions, words, jobs, machine

    def edit(self, first: bool, section: int) -> None:
        """Show the settings, `section` first (`first`: only what the very first start asks)."""
        dialog = self._own(first)
        self._show(dialog, dialog if first else self._with_tables(dialog, section))

    def look_into(self, backup: Path) -> None:
        """Show what is in a backup that was double-clicked; an open dialog is finished first."""
        if QApplication.activeModalWidget():
            self._window.tell(f"先关闭开着的对话框，再双击{backup.name}")
            return
        dialog = self._own(first=False)
        shown = self._with_tables(dialog, BACKUPS)
        shown.backups_page().open_backup(backup)
        self._show(dialog, shown)

    def _show(self, dialog: SettingsDialog, shown: SettingsDialog | OfficeDialog) -> None:
        if shown.exec():
            if dialog.may_set:
                self._set(dialog.office())
            self._machine.scheme, self._machine.larger = dialog.look()
            theme.dress(QApplication.instance(), *dialog.look())  # type: ignore[arg-type]
            self._window.setWindowTitle(self._actions.store.rules.setting("office"))
            self._window.settled.emit()
        shown.deleteLater()
        if isinstance(shown, OfficeDialog) and shown.restoring:
            self._window.side.restore_asked.emit(shown.restoring)
        elif dialog.wants_backup:
            self.edit(first=False, section=BACKUPS)

    def _set(self, office: OfficeChoices) -> None:
        try:
            self._actions.set_office(office.values, office.organ_codes)
        except Refused as refused:
            self._window.show_trouble(refused)

    def _with_tables(self, own: SettingsDialog, section: int) -> OfficeDialog:
        """The settings with the office's tables beside them."""
        dialog = OfficeDialog(self._actions, self._words, self._jobs, own, self._window)
        dialog.trouble.connect(self._window.show_trouble)
        dialog.sections.setCurrentRow(section)
        return dialog

    def _own(self, first: bool) -> SettingsDialog:
        rules = self._actions.store.rules
        examples = tuple(
            (register.NUMBERING.setting, f"{register.TITLE}编号")
            for register in self._actions.store.catalogue
            if register.NUMBERING and register.NUMBERING.setting
        )
        choices = OfficeChoices(dict(rules.settings), rules.words(ORGAN_CODES), examples)
        why = self._actions.why_not("settings")
        return SettingsDialog(choices, self._machine, first, self._window, self._words.initials, why)
