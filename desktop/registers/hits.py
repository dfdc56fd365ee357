"""Hits of a search in the record beside the list: a ground under the fields in which the words stand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from db.store.hits import Hits
from db.store.search import Listing
from desktop import theme
from desktop.registers.actions import Actions
from desktop.registers.marking import found_text

if TYPE_CHECKING:
    from desktop.registers.detail import RecordDetail
    from desktop.registers.editors import Editor
    from desktop.registers.table import RecordTable


def tint(editors: Iterable[Editor], hits: Hits | None) -> None:
    """Put the ground of a hit under the fields in which a word was found; None takes it away."""
    from desktop.registers.editors import Editor, LinesEditor  # come with the form, not with the list

    for editor in editors:
        if isinstance(editor, LinesEditor):
            tint(editor.findChildren(Editor), hits)
            continue
        value = editor.typed() if hits else None
        if isinstance(value, date):
            found = bool(hits and hits.names_day(value.isoformat()))
        else:
            found = bool(hits and isinstance(value, str) and hits.spans(value))
        if bool(editor.control.property("hit")) != found:
            theme.set_role(editor.control, "yes" if found else "", "hit")


def show_hits(listing: Listing, table: RecordTable, detail: RecordDetail, actions: Actions) -> tuple[str, ...]:
    """Mark what was searched for, in the list and in the record beside it; give back what was not understood."""
    found = found_text(listing, actions)
    table.records().found = found
    detail.mark(found.hits if found else None)
    return listing.matching.notes
