"""Ways from a code or a figure to the records that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.errors import Refused
from db.figures import Period
from db.store.codes import by_code
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


def open_figure(window: MainWindow, actions: Actions, key: str, start: object, end: object) -> None:
    """Show the rows behind a figure in the list of their register.

    Of a figure over several registers the first with rows is shown; the note says what stands in the others, whose
    lists show their rows as well.
    """
    figures = actions.figures()
    period = Period(start, end)  # type: ignore[arg-type]
    found = {one: figures.rows(key, period, one) for one in figures.registers_of(key)}
    behind = [one for one in found if found[one]] or list(found)[:1]
    for register in reversed(behind):
        others = "".join(f"，另见{one.TITLE}{len(found[one])}条" for one in behind if one is not register)
        note = f"{figures[key].label} {period}：{len(found[register])}条{others}"
        window.open_filter(register.key(), Filter(ids=tuple(found[register])), note)
