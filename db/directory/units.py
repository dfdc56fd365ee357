"""The directory of units: what they are called, their level, since when, and what became of them."""

from __future__ import annotations

import peewee as pw

from db.record import Table


class Unit(Table):
    """One unit; a renamed unit is a new row and the old one names its `successor`."""

    name = pw.TextField(unique=True)
    short_name = pw.TextField(default="")
    aliases = pw.TextField(default="")
    level = pw.TextField(default="")
    active_from = pw.DateField(null=True)
    active_to = pw.DateField(null=True)
    successor = pw.TextField(default="")

    def names(self) -> tuple[str, ...]:
        """Every name that it answers to, the full name first; aliases are joined by 、."""
        return tuple(filter(None, (self.name, self.short_name, *self.aliases.split("、"))))


def unit_levels() -> dict[str, str]:
    """The level of each unit by each of its names."""
    return {name: unit.level for unit in Unit.select() for name in unit.names()}
