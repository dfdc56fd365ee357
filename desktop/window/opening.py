"""The way from a code to the record that it names, and from a change to its records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.errors import Refused
from db.store.codes import by_code
from db.store.operations import MOST_OPENED
from db.store.search import Filter

if TYPE_CHECKING:
    from desktop.registers.actions import Actions
    from desktop.window.main import MainWindow


def open_code(window: MainWindow, actions: Actions, text: str) -> None:
    """Show the record that the QR code of a form names."""
    try:
        found = by_code(actions.store, text)
    except Refused as refused:
        window.show_trouble(refused)
    else:
        if found:
            window.open_record(*found)


def open_records(window: MainWindow, actions: Actions, register: str, records: tuple[int, ...]) -> None:
    """Show one record in its register, or several alone: those in the recycle bin when none is elsewhere."""
    model = actions.store.catalogue[register]
    wanted, more = Filter(ids=records), "前" if len(records) >= MOST_OPENED else ""
    if not actions.listing(model, wanted).count():
        wanted = Filter(ids=records, deleted=True)
    window.open_filter(register, wanted, f"操作记录里这一步的{more}{len(records):,}条")
