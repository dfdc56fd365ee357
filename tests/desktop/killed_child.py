"""A program that is killed while forms are half-typed: run by a test with the data folder as its argument.

It types into quick entry of every register, waits until the program has kept the drafts by itself, prints what stood in
the forms as JSON and kills itself.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest

from desktop.app import Program
from desktop.settings import MachineSettings
from desktop.start import new_application
from tests.db.office import Clock
from tests.desktop.clerk import fill

KEPT_WITHIN_MS = 5_000


def main(folder: Path) -> None:
    """Type, wait, print, die."""
    settings = MachineSettings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    program = Program(new_application(["fazhi-ledger"], settings), folder, Clock(), settings)
    program.show()
    program.window.activateWindow()
    QTest.qWaitForWindowActive(program.window)
    typed: dict[str, dict[str, object]] = {}
    for register in program.store.catalogue:
        program.window.open_page(register.key())  # what stands in the page before is kept at once
        page = program.window.current_register()
        assert page is not None
        page.enter_new()
        assert page.entry is not None
        fill(page.entry.form, program.store.rules)
        typed[register.key()] = {name: editor.value() for name, editor in page.entry.form.editors.items()}
    for _turn in range(KEPT_WITHIN_MS // 50):
        if program.actions.draft_count() == len(typed):  # the last one is kept while the clerk pauses
            break
        QTest.qWait(50)
    assert program.actions.draft_count() == len(typed)
    sys.stdout.write(json.dumps(typed, default=str))
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
