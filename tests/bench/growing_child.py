"""Started as a process, offscreen: what one does with the list of a ledger; prints milliseconds and MB as JSON.

`growing_child.py FOLDER TIMES`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from in_window import SIZE, Painted, Running, program
from PySide6.QtSql import QSqlDatabase, QSqlTableModel
from PySide6.QtWidgets import QMainWindow, QTableView

WORDS = ("通", "通知", "塔峰镇", "乡村振兴", "关于印发")


def _memory() -> float:
    """Resident memory of this process, in MB."""
    with open("/proc/self/status", encoding="ascii") as file:  # noqa: PTH123  a line of the kernel's
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))


def _take(painted: Painted, action: Callable[[], Any]) -> float:
    start = time.perf_counter()
    return (painted.after(action) - start) * 1e3


def _bare_repaint(path: Path, table: str, times: int) -> list[float]:
    """Repaints of the same rows by Qt's own model of a table."""
    database = QSqlDatabase.addDatabase("QSQLITE")
    database.setDatabaseName(str(path))
    database.setConnectOptions("QSQLITE_OPEN_READONLY")
    database.open()
    model = QSqlTableModel(db=database)
    model.setTable(table)
    model.select()
    window, view = QMainWindow(), QTableView()
    view.setModel(model)
    window.setCentralWidget(view)
    window.resize(*SIZE)
    window.show()
    painted = Painted(view.viewport())
    return [_take(painted, view.viewport().update) for _turn in range(times)]


def main(folder: Path, times: int) -> None:
    """Open, scroll, jump, sort, filter, search, and wait for what counts behind."""
    from db.store.conditions import is_one_of
    from db.store.places import LEDGER
    from db.store.search import Filter
    from desktop.registers.page import RegisterPage

    actions, words, jobs, settings = program(folder)
    register = actions.store.catalogue["incoming"]
    window = QMainWindow()
    window.resize(*SIZE)
    window.show()
    running = Running(jobs)
    page = RegisterPage(register, actions, words, jobs, settings)
    painted = Painted(page.table.viewport())
    found: dict[str, list[float]] = {"open": [_take(painted, partial(window.setCentralWidget, page))]}
    running.rest()
    bar = page.table.verticalScrollBar()
    for turn in range(times):
        moves: dict[str, Callable[[], Any]] = {
            "all": partial(page.set_filter, Filter()),
            "jump": lambda turn=turn: bar.setValue(bar.maximum() * (turn + 1) // (times + 1)),
            "scroll": lambda: bar.setValue(bar.value() - bar.pageStep()),
            "repaint": page.table.viewport().update,
            "sort": partial(page.set_filter, Filter(order="title", descending=False)),
            "filter": partial(page.set_filter, Filter(conditions=(is_one_of("kind", "函"),))),
            "search": partial(page.set_filter, Filter(text=WORDS[turn % len(WORDS)])),
        }
        for name, move in moves.items():
            found.setdefault(name, []).append(_take(painted, move))
            start = time.perf_counter()
            running.rest()
            if name in ("sort", "search"):
                found.setdefault(f"{name}, all known", []).append((time.perf_counter() - start) * 1e3)
    found["memory"] = [_memory()]
    jobs.close()
    actions.store.close()
    found["bare"] = _bare_repaint(folder / LEDGER, register.key(), times + 2)[2:]
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.flush()
    os._exit(0)
