"""The installed program tests itself: a store, every register's page, one printed page with rare characters."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from db.store.places import LEDGER
from desktop import paths


def run(say: Callable[[str], None], folder: Path) -> bool:
    """Run every step, saying each; True when all went well. `folder`: that of the ledger, which is not opened."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QSettings

    from desktop import input_methods, theme
    from desktop.app import Program, local_now
    from desktop.settings import MachineSettings
    from desktop.start import new_application

    with tempfile.TemporaryDirectory() as scratch:
        settings = MachineSettings(QSettings(str(Path(scratch) / "settings.ini"), QSettings.Format.IniFormat))
        app = new_application(["fazhi-ledger"], settings)
        theme.cover_chinese(app)
        program = Program(app, Path(scratch) / "data", local_now, settings)
        program.window.show()
        registers = list(program.store.catalogue)
        for register in registers:
            program.window.open_page(register.key())
        say(f"台账{len(registers)}本，逐页打开：好")
        pages = _printed(program.store, local_now())
        say(f"月度汇总{pages}页：好")
        program.leave()
        say(f"加密的台账，写和读：{'好' if _sealed(Path(scratch) / 'data') else '不行'}")
    say("输入法插件：" + ("、".join(input_methods.plugins()) or "没有"))
    say(f"输入法：{input_methods.words()}")
    say(f"日志文件夹：{paths.log_folder(folder)}")
    return True


def _sealed(folder: Path) -> bool:
    """Encrypt the ledger and open it again: both libraries are there and fit this machine."""
    from db.store import keys, sealing
    from db.store.store import Store
    from desktop.app import local_now

    password, code = "selftest-password", "SELFTEST"
    sealing.seal(folder, password, code, local_now())
    keys.ring.forget()
    keys.unlock(folder, password)
    store = Store.open(folder, "selftest", local_now)
    is_whole = store.connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    store.close()
    keys.ring.forget()
    return is_whole and not keys.is_plain(folder / LEDGER)


def _printed(store: object, at: datetime) -> int:
    from db.summaries.month import Month
    from desktop.printing.faces import Faces
    from desktop.printing.pdf import render

    return render(Month(store, at.year, at.month, at).summary(), Faces(), printed_at=at).pages  # type: ignore[arg-type]
