"""The buttons under the help: for the diagnostic package, and for updates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from desktop.diagnosis import write_package
from desktop.dialogs.help import HelpDialog
from desktop.file_asking import ask_save

if TYPE_CHECKING:
    from desktop.jobs import Jobs
    from desktop.registers.actions import Actions
    from desktop.window.main import MainWindow


class Diagnosing:
    """Asks where the package is to lie and has the worker write it; the window tells what became of it."""

    def __init__(self, window: MainWindow, actions: Actions, jobs: Jobs, now: Callable[[], datetime]) -> None:
        self._window, self._actions, self._jobs, self._now = window, actions, jobs, now
        self._folder = actions.store.folder

    def show_help(self, *pages: str) -> None:
        """The help, with the buttons for the package and for updates."""
        dialog = HelpDialog(*pages, ask=self.ask, update=self.update, parent=self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def update(self) -> None:
        """Show what runs here, and ask for an update file."""
        from desktop.window.updating import UpdateDesk

        UpdateDesk(self._window, self._actions, self._jobs, self._now).show()

    def ask(self) -> None:
        """Ask for the file, then write."""
        at = self._now()
        path, _kind = ask_save(
            self._window, "diagnosis", "存诊断包", f"法治台账诊断包-{at:%Y%m%d-%H%M}.zip", "压缩包 (*.zip)"
        )
        if path:
            target = path if path.suffix.lower() == ".zip" else path.with_name(f"{path.name}.zip")
            self._jobs.run(
                "写诊断包", lambda _job: write_package(self._folder, target, at), partial(self._tell, target),
                self._window.show_trouble,
            )  # fmt: skip

    def _tell(self, target: Path, _made: object) -> None:
        self._window.tell(f"诊断包已存到“{target.name}”，里面没有登记的内容；发给维护人员前可以打开看")
