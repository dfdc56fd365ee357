"""Which columns a list shows, in which order and how wide: the register's own, or what the clerk has made of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from db.record import Record
from desktop.registers.listing import column_names, headings
from desktop.registers.rows import LIGHT, Heading
from desktop.settings import MachineSettings

_NARROWEST, _WIDEST = 2.0, 60.0  # em


@dataclass(frozen=True)
class Layout:
    """Columns by their names, `LIGHT` among them; empty: the register's own. Widths (em) of those that were dragged."""

    names: tuple[str, ...] = ()
    widths: dict[str, float] = field(default_factory=dict[str, float])


class Columns:
    """The columns of one register's list, remembered on this machine, for each view of the list by itself."""

    def __init__(self, register: type[Record], settings: MachineSettings) -> None:
        self.register, self._settings = register, settings
        self.view = ""
        self._default = Layout()

    def start_view(self, view: str, names: Sequence[str] = ()) -> None:
        """From now on the columns are those of a view ("": of the register); `names` as the view was saved."""
        self.view = view
        self._default = Layout(self._known(names))

    @property
    def layout(self) -> Layout:
        """The layout in force."""
        text = self._settings.layout(self._key())
        try:
            kept: Any = json.loads(text) if text else None
            widths = {str(name): float(width) for name, width in kept["widths"].items()} if kept else {}
            names = self._known(kept["names"]) if kept else ()
        except (ValueError, TypeError, KeyError, AttributeError):  # another program's, or edited by hand
            return self._default
        return Layout(names, widths) if kept else self._default

    def headings(self, one_year: bool) -> list[Heading]:
        """The columns as the list shows them."""
        layout = self.layout
        return headings(self.register, one_year, layout.names, layout.widths)

    def names(self) -> tuple[str, ...]:
        """The columns in their order, `LIGHT` among them."""
        return self.layout.names or (LIGHT, *self.register.COLUMNS)

    def set_names(self, names: Sequence[str]) -> None:
        """Show these columns in this order."""
        self._keep(Layout(self._known(names), self.layout.widths))

    def set_width(self, name: str, em: float) -> None:
        """Make a column so wide; the columns are then the clerk's own, which do not give way."""
        layout = self.layout
        width = round(min(max(em, _NARROWEST), _WIDEST), 1)
        self._keep(Layout(layout.names or self.names(), {**layout.widths, name: width}))

    def move(self, before: int, after: int) -> None:
        """Put the column at one place into another."""
        names = list(self.names())
        names.insert(after, names.pop(before))
        self.set_names(names)

    def hide(self, name: str) -> None:
        """Take a column away, unless it is the last."""
        names = [other for other in self.names() if other != name]
        if names:
            self.set_names(names)

    def restore(self) -> None:
        """Back to the register's own columns, or those that the view was saved with."""
        self._settings.set_layout(self._key(), "")

    def offered(self) -> list[str]:
        """Every field that may be a column: those on show first, in their order."""
        return list(dict.fromkeys((*self.names(), LIGHT, *column_names(self.register))))

    def _key(self) -> str:
        return f"{self.register.key()}-{self.view}" if self.view else self.register.key()

    def _keep(self, layout: Layout) -> None:
        self._settings.set_layout(self._key(), json.dumps({"names": layout.names, "widths": layout.widths}))

    def _known(self, names: Sequence[str]) -> tuple[str, ...]:
        known = {LIGHT, *column_names(self.register)}
        return tuple(dict.fromkeys(name for name in names if name in known))
