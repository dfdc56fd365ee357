"""What the side bar offers, and the counts beside the registers: all of one and the same year, which stands above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.window.sidebar import Group, Item, SideBar

if TYPE_CHECKING:
    from db.catalogue import Catalogue
    from desktop.registers.actions import Actions

BOARD, PRINT, REPORT, SEARCH, TRAIL = "today", "print", "report", "search", "trail"
TITLE = "台账"


def groups(catalogue: Catalogue) -> list[Group]:
    """The pages of the window in their groups."""
    return [
        Group("", (Item(BOARD, "today", "今日"),)),
        Group(TITLE, tuple(Item(register.key(), register.ICON, register.TITLE) for register in catalogue)),
        Group("输出", (Item(PRINT, "print", "打印"), Item(REPORT, "report", "年度报告"))),
        Group("核对", (Item(TRAIL, "history", "操作记录"),)),
    ]


def show_counts(side: SideBar, actions: Actions) -> None:
    """Count each register's records of this year or, where no register has any yet, of the last year that has."""
    held = {register: actions.years(register) for register in actions.store.catalogue}
    past = [year for years in held.values() for year in years if year <= actions.today.year]
    year = max(past, default=None)
    for register, years in held.items():
        side.set_count(register.key(), actions.count(register, year) if year in years else 0)
    side.set_title(TITLE, f"{TITLE}　{year}年" if year else TITLE)
