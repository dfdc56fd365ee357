"""The way from a code to the record that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.errors import Refused
from db.store.codes import by_code

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
